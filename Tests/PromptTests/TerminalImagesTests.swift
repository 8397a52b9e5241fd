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
      let way = TerminalImages.way(variable: { environment[$0] }, ask: { _ in nil })
      XCTAssertEqual(way, expected ? .kitty : nil, "\(environment)")
    }
  }

  func testWhoShowsSixels() {
    let table: [(first: [String]?, second: [String]?, TerminalImages?)] = [
      (["62;4;22c"], ["62;4;22c"], .sixels(colors: 256, width: 1000, height: 1000)),
      (["63;1;2;4c"], nil, .sixels(colors: 256, width: 1000, height: 1000)),
      (["63;4c"], ["1;0;16S", "2;0;640;480S", "63;4c"], .sixels(colors: 16, width: 640, height: 480)),
      (["63;4c"], ["1;3;0S", "2;1S", "63;4c"], .sixels(colors: 256, width: 1000, height: 1000)),
      // What stands first is the kind of terminal, 14 and 44 are no 4.
      (["4;6c"], nil, nil), (["62;22c"], nil, nil), (["62;14;44c"], nil, nil), (["1;2c"], nil, nil), (["c"], nil, nil),
      (nil, nil, nil),
    ]
    for (first, second, expected) in table {
      var asked = 0
      let way = TerminalImages.way(variable: { ["TERM": "xterm", "TMUX": "/tmp/x"][$0] }) { _ in
        asked += 1
        return asked == 1 ? first : second
      }
      XCTAssertEqual(way, expected, "\(first ?? []) \(second ?? [])")
      XCTAssertEqual(asked, expected == nil ? 1 : 2)
    }
    for terminal in ["dumb", "linux", ""] {
      XCTAssertNil(TerminalImages.way(variable: { $0 == "TERM" ? terminal : nil }, ask: { _ in ["62;4c"] }))
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

  /// Types what shows a figure, answers the questions that come, and waits for the next prompt.
  private func plot(on program: TerminalProgram, attributes: String, while typing: String = "") -> String {
    let before = program.bytes.count
    program.send("plot(tanh, over: -2..2)\r")
    var answered = 0
    let end = Date().addingTimeInterval(10)
    while Date() < end {
      program.take(for: 0.002)
      let text = String(decoding: program.bytes.dropFirst(before), as: UTF8.self)
      let asked = text.ranges(of: "\u{1B}[c").count
      while answered < asked {
        answered += 1
        if answered == 1 { program.send(typing) }
        if answered == 2 { program.send("\u{1B}[?1;0;64S") }
        program.send("\u{1B}[?\(attributes)c")
      }
      let typed = typing.filter { $0 != "\u{1B}" }
      if let last = text.split(whereSeparator: \.isNewline).last, text.contains("⣀") || text.contains("\u{1B}P"),
        withoutEscapes(String(last)).hasSuffix("> " + typed)
      {
        break
      }
    }
    return String(decoding: program.bytes.dropFirst(before), as: UTF8.self)
  }

  func testSixelsAreSentToWhoSaysSo() throws {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/rsvg-convert") else {
      throw XCTSkip("no rsvg-convert")
    }
    let program = try TerminalProgram("carousel", ["--quiet"])
    program.wait(for: ">")
    let text = plot(on: program, attributes: "62;4;22", while: "1 + 41")
    let image = try XCTUnwrap(text.firstMatch(of: /\x1BP0;1;0q"1;1;(\d+);(\d+)((?:#\d+;2;\d+;\d+;\d+)+)[^\x1B]*\x1B\\/))
    XCTAssertLessThan(try XCTUnwrap(Int(image.output.1)), 80 * 8)
    XCTAssertGreaterThan(try XCTUnwrap(Int(image.output.1)), 300)
    XCTAssertGreaterThan(try XCTUnwrap(Int(image.output.2)), 100)
    XCTAssertEqual(image.output.3.split(separator: "#").count, 64)
    XCTAssertFalse(text.contains("⣀"))
    // What was typed while the terminal was asked is there; it is asked once.
    program.send("\r")
    program.take(for: 0.3)
    XCTAssert(String(decoding: program.bytes, as: UTF8.self).contains("42"))
    let again = plot(on: program, attributes: "62;22")
    XCTAssert(again.contains("\u{1B}P0;1;0q"))
    XCTAssertFalse(again.contains("\u{1B}[c"))
  }

  func testWhoAnswersLateOrOtherwiseGetsLines() throws {
    let other = try TerminalProgram("carousel", ["--quiet"])
    other.wait(for: ">")
    let text = plot(on: other, attributes: "62;22")
    XCTAssert(text.contains("⣀"))
    XCTAssertFalse(text.contains("\u{1B}P"))
    let late = try TerminalProgram("carousel", ["--quiet"])
    late.wait(for: ">")
    late.type("plot(tanh, over: -2..2)\r")
    late.send("\u{1B}[?62;4;22c")
    late.type("40 + 2\r")
    late.wait("the sum") { $0.lines.suffix(3) == ["> 40 + 2", "42", ">"] }
    XCTAssertFalse(String(decoding: late.bytes, as: UTF8.self).contains("\u{1B}P"))
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
