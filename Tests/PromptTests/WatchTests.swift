import XCTest

/// `watch` on a terminal, by its keys, and without one.
final class WatchTests: XCTestCase {
  private let net = "net = LSTM(x: 1, h: 1, seed: 4); y = feed(net, [1; -2; 3])\r"
  private let keys = "space: step  ←: back  p: play  c: clamp a gate  q: leave"

  private func start(rows: Int = 30, _ arguments: [String] = ["--quiet", "--no-color"]) throws -> TerminalProgram {
    let program = try TerminalProgram("carousel", arguments, rows: rows, columns: 80)
    program.wait(for: ">")
    program.send(net)
    program.wait("the net") { $0.lines.last == ">" && $0.lines.count > 1 }
    return program
  }

  /// The row of cells under the title of a band.
  private func band(_ name: String, _ screen: Screen) -> String {
    let lines = screen.lines
    guard let title = lines.lastIndex(where: { $0 == name || $0.hasPrefix(name + "  ") }), title + 1 < lines.count
    else {
      return ""
    }
    return lines[title + 1].filter { $0 != " " }
  }

  func testStepsBackAndLeave() throws {
    let program = try start()
    program.send("watch(net)\r")
    program.wait("the first step") { $0.lines.contains("t = 1 of 3") && $0.lines.last == keys }
    XCTAssertEqual(band("x", program.screen).count, 3)
    program.send(" ")
    program.wait("the second") { $0.lines.contains("t = 2 of 3") && band("x", $0).count == 6 }
    program.send("\u{1B}[C")
    program.wait("the third") { $0.lines.contains("t = 3 of 3") && band("x", $0).count == 9 }
    // It is the last.
    program.send(" \u{1B}[D")
    program.wait("back") { $0.lines.contains("t = 2 of 3") && band("x", $0).count == 6 }
    // In place of what was there before, not below it.
    XCTAssertEqual(program.screen.lines.filter { $0.hasPrefix("t = ") }.count, 1)
    program.send("q")
    program.wait("the prompt") { $0.lines.last == ">" && !$0.lines.contains(keys) }
    program.send("net.t\r")
    program.wait(for: "> net.t", "3", ">")
    program.send(":quit\r")
    XCTAssertEqual(program.exitStatus(), 0)
    XCTAssertTrue(program.isCooked)
  }

  func testPlays() throws {
    let program = try start()
    program.send("watch(net)\r")
    program.wait("the first step") { $0.lines.contains("t = 1 of 3") && $0.lines.last == keys }
    program.send("p")
    program.wait("the end") { $0.lines.contains("t = 3 of 3") }
    program.send("\u{3}")
    program.wait("the prompt") { $0.lines.last == ">" && !$0.lines.contains(keys) }
    program.send("1 + 1\r")
    program.wait(for: "> 1 + 1", "2", ">")
  }

  func testHoldsAGate() throws {
    let program = try start()
    program.send("watch(net)\r")
    program.wait("the first step") { $0.lines.contains("t = 1 of 3") && $0.lines.last == keys }
    program.send(" c")
    program.wait("which") { $0.lines.last == "clamp which gate?  1: f  2: i  3: o  0: none any more" }
    program.send("1")
    let levels = "f at what?  0: 0  1: 1  5: 0.5  =: type a number"
    program.wait("at what") { $0.lines.last == levels }
    program.send("0")
    program.wait("held") { $0.lines.contains("t = 2 of 3, f held at 0 from t = 2") && $0.lines.last == keys }
    XCTAssertTrue(band("f", program.screen).hasSuffix("···"), band("f", program.screen))
    program.send("c0")
    program.wait("no more") { $0.lines.contains("t = 2 of 3") && !band("f", $0).hasSuffix("···") }
    // A number, with a slip taken back; then one that is left, and one that is none.
    program.send("c1=")
    program.wait("a number") { $0.lines.last == "f = _  return: hold it there" }
    program.send("-0.7\u{7F}25")
    program.wait("what is typed") { $0.lines.last == "f = -0.25_  return: hold it there" }
    program.send("\r")
    program.wait("held") { $0.lines.contains("t = 2 of 3, f held at -0.25 from t = 2") && $0.lines.last == keys }
    program.send("c1=3q")
    program.wait("left") { $0.lines.contains("t = 2 of 3, f held at -0.25 from t = 2") && $0.lines.last == keys }
    program.send("c1=1e-\r")
    program.wait("no number") { $0.lines.contains("t = 2 of 3, f held at -0.25 from t = 2") && $0.lines.last == keys }
    program.send("c0q")
    program.wait("the prompt") { $0.lines.last == ">" && !$0.lines.contains(keys) }
    // The net itself was left alone.
    program.send("net.f[2, 1] > 0\r")
    program.wait(for: "true", ">")
  }

  func testALowTerminalIsNotOverrun() throws {
    let program = try start(rows: 8)
    program.send("watch(net)\r")
    program.wait("the first step") { $0.lines.last == keys }
    XCTAssert(program.screen.lines.contains("t = 1 of 3"), "\(program.screen.lines)")
    XCTAssert(program.screen.lines.contains("… the terminal is too low for the rest"), "\(program.screen.lines)")
    program.send("q")
    program.wait("the prompt") { $0.lines.last == ">" && !$0.lines.contains(keys) }
  }

  func testWithoutATerminalAllIsShownOnce() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: TerminalProgram.folder + "/carousel")
    process.arguments = ["-e", net.dropLast() + "; watch(net)"]
    let output = Pipe()
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    XCTAssertEqual(process.terminationStatus, 0)
    XCTAssert(text.hasPrefix("note: without a terminal watch shows all steps at once\n"), text)
    XCTAssert(text.contains("\nx  input\n"), text)
    XCTAssertFalse(text.contains("\u{1B}"))
  }
}
