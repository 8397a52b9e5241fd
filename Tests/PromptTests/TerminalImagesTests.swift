import Foundation
import XCTest

@testable import Prompt

/// Images are sent to terminals that say they show them, and to no others.
final class TerminalImagesTests: XCTestCase {
  func testWhoShowsImages() {
    let table: [([String: String], Bool)] = [
      (["TERM": "xterm-kitty"], true), (["TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"], true),
      (["TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"], true), (["TERM": "xterm-ghostty"], true),
      (["TERM": "xterm-256color"], false), (["TERM": "tmux-256color", "KITTY_WINDOW_ID": "1"], false),
      (["TERM": "xterm-kitty", "TMUX": "/tmp/tmux"], false), (["TERM": "screen", "KITTY_WINDOW_ID": "1"], false),
      (["TERM": "dumb", "KITTY_WINDOW_ID": "1"], false), ([:], false), (["KITTY_WINDOW_ID": ""], false),
    ]
    for (environment, expected) in table {
      XCTAssertEqual(TerminalImages.areShown { environment[$0] }, expected, "\(environment)")
    }
  }

  func testBase64() {
    for count in [0, 1, 2, 3, 4, 100, 255] {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + 5) }
      XCTAssertEqual(TerminalImages.base64(bytes), Data(bytes).base64EncodedString())
    }
  }

  /// What the program sent as images, decoded.
  private func images(_ bytes: [UInt8]) -> [Data] {
    let text = String(decoding: bytes, as: UTF8.self)
    var images: [Data] = []
    var letters = ""
    for match in text.matches(of: /\x1B_G(?:a=T,f=100,q=2,c=(\d+),)?m=([01]);([A-Za-z0-9+\/=]*)\x1B\\/) {
      letters += match.output.3
      guard match.output.2 == "0" else { continue }
      images.append(Data(base64Encoded: letters) ?? Data())
      letters = ""
    }
    return images
  }

  func testAFigureIsSentAsOneImage() throws {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/rsvg-convert") else {
      throw XCTSkip("no rsvg-convert")
    }
    let program = try TerminalProgram("carousel", ["--quiet"], environment: ["KITTY_WINDOW_ID": "1"])
    program.wait(for: ">")
    program.send("plot(tanh, over: -2..2)\r")
    let end = Date().addingTimeInterval(10)
    while images(program.bytes).isEmpty, Date() < end { program.take(for: 0.05) }
    let sent = images(program.bytes)
    XCTAssertEqual(sent.count, 1)
    XCTAssertEqual(sent.first?.prefix(8), Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    XCTAssertFalse(String(decoding: program.bytes, as: UTF8.self).contains("⣀"))
    program.send("set images off\r")
    program.send("plot(tanh, over: -2..2)\r")
    while !String(decoding: program.bytes, as: UTF8.self).contains("⣀"), Date() < end { program.take(for: 0.05) }
    XCTAssertTrue(String(decoding: program.bytes, as: UTF8.self).contains("⣀"))
    XCTAssertEqual(images(program.bytes).count, 1)
  }

  func testOtherTerminalsGetLines() throws {
    for (arguments, environment) in [
      ([], ["TMUX": "/tmp/x", "KITTY_WINDOW_ID": "1"]), ([], [:]),
      (["--no-color"], ["KITTY_WINDOW_ID": "1"]),
    ] as [([String], [String: String])] {
      let program = try TerminalProgram("carousel", ["--quiet"] + arguments, environment: environment)
      program.wait(for: ">")
      program.type("plot(tanh, over: -2..2)\r")
      program.wait("the plot") { $0.text.contains("tanh") && $0.lines.last == ">" }
      XCTAssertFalse(String(decoding: program.bytes, as: UTF8.self).contains("\u{1B}_G"))
    }
  }
}
