import Foundation
import Session
import XCTest

@testable import Prompt

/// Lessons and records by the program itself: on a terminal, and without one.
final class LessonProgramTests: XCTestCase {
  private let lesson = """
    "# Two and two\\nAdd."
    a = 2
    a + 2
    ask("2 + 3?", 5)
    "The end."
    """

  private func file(_ folder: TemporaryFolder, _ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path + "/" + name))
    return folder.path + "/" + name
  }

  func testKeys() {
    let rows: [(bytes: String, key: DialogueKey)] = [
      ("\r", .next), ("\n", .next), (" ", .next), ("\u{1B}[C", .next), ("b", .back), ("B", .back), ("\u{1B}[D", .back),
      ("q", .leave), ("\u{4}", .leave), ("\u{1B}", .leave), ("e", .other("e")), ("E", .other("e")), ("σ", .other("σ")),
      ("\u{1B}[Z", .other("\u{1B}")),
    ]
    for (bytes, key) in rows { XCTAssertEqual(TerminalDialogue.key(bytes), key, bytes.debugDescription) }
  }

  func testOnATerminal() throws {
    let folder = try TemporaryFolder()
    let path = try file(folder, "small.cell", lesson)
    let environment = ["XDG_STATE_HOME": folder.path]
    let program = try TerminalProgram("carousel", ["--quiet"], environment: environment, columns: 100)
    program.wait(for: ">")
    program.send("lesson(\"\(path)\")\r")
    let hint = "return: on  b: back  e: try something  q: leave"
    program.wait("the first page") { $0.lines.last == "[1/5]  " + hint }
    program.send("z\u{1B}[C")
    program.wait("the sum") { $0.lines.suffix(4) == ["> a = 2", "> a + 2", "4", "[3/5]  " + hint] }
    program.send("b")
    program.wait("back") { $0.lines.contains("─── 1 of 2 ───") && $0.lines.last == "[3/5]  " + hint }
    program.send("e")
    program.wait("a line of one's own") { $0.lines.last == ">" }
    program.send("a * 50\r")
    program.wait("no value then") { $0.lines.contains("error: a is not known here") && $0.lines.last == ">" }
    program.send("a = 7\r\r")
    program.wait("the key again") { $0.lines.last == "[3/5]  " + hint }
    program.send(" e")
    program.wait("on again") { $0.lines.contains("─── 2 of 2 ───") && $0.lines.last == ">" }
    program.send("a * 50\r")
    program.wait("its value") { $0.lines.suffix(2) == ["100", ">"] }
    program.send("\r")
    program.wait("the key again") { $0.lines.last == "[3/5]  " + hint }
    program.send(" ")
    program.wait(for: "2 + 3?", "?")
    program.send("6\r")
    program.wait(for: "? 6", "✗ off by one", "?")
    program.send("\u{3}")
    program.wait("left") { $0.lines.last == ">" && $0.lines.contains { $0.hasPrefix("Left at step 3 of 5") } }
    program.send("1 + 1\r")
    program.wait(for: "> 1 + 1", "2", ">")
    let progress = try String(contentsOfFile: folder.path + "/carousel/lessons", encoding: .utf8)
    XCTAssertTrue(progress.hasSuffix("small.cell\t3\t5\t0\t0\n"), progress)
    program.send(":quit\r")
    XCTAssertEqual(program.exitStatus(), 0)
  }

  func testAKeyGivesTheTerminalBack() throws {
    let folder = try TemporaryFolder()
    let path = try file(folder, "small.cell", lesson)
    let program = try TerminalProgram(
      "carousel", ["--lesson", path], environment: ["XDG_STATE_HOME": folder.path], columns: 100)
    program.wait("the first page") { $0.lines.last?.hasPrefix("[1/5]") ?? false }
    XCTAssertFalse(program.isCooked)
    kill(program.process, SIGTERM)
    XCTAssertEqual(program.exitStatus(), 128 + SIGTERM)
    XCTAssertTrue(program.isCooked)
  }

  private func run(_ arguments: [String], input: String, _ folder: TemporaryFolder) throws -> (Int32, String, String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: TerminalProgram.folder + "/carousel")
    process.arguments = arguments
    process.environment = ["LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "XDG_STATE_HOME": folder.path]
    let (outputs, errors, inputs) = (Pipe(), Pipe(), Pipe())
    (process.standardOutput, process.standardError, process.standardInput) = (outputs, errors, inputs)
    try process.run()
    inputs.fileHandleForWriting.write(Data(input.utf8))
    try inputs.fileHandleForWriting.close()
    let output = outputs.fileHandleForReading.readDataToEndOfFile()
    let complaints = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (
      process.terminationStatus, String(decoding: output, as: UTF8.self), String(decoding: complaints, as: UTF8.self)
    )
  }

  /// Without a terminal no key is waited for, and answers are lines of standard input.
  func testWithoutATerminal() throws {
    let folder = try TemporaryFolder()
    let path = try file(folder, "small.cell", lesson)
    let expected = """
      Two and two
      ===========

      Add.

      > a = 2
      > a + 2
      4

      2 + 3?
      ? 6
      ✗ off by one
      ? 5
      ✓ right

      The end.

      The end of “Two and two”: 1 of 1 answers right

      """
    let (status, output, errors) = try run(["--lesson", path], input: "6\n5\n", folder)
    XCTAssertEqual(output, expected)
    XCTAssertEqual(errors, "")
    XCTAssertEqual(status, 0)
    let script = try file(folder, "script.cell", "ok = ask(\"2 + 3?\", 5)\nprint(ok)\n")
    XCTAssertEqual(try run([script], input: "5", folder).1, "2 + 3?\n? 5\n✓ right\ntrue\n")
    XCTAssertEqual(try run([script], input: "", folder).1, "2 + 3?\n  no answer; right is: 5\nfalse\n")
  }

  func testHandouts() throws {
    let folder = try TemporaryFolder()
    let path = try file(folder, "small.cell", lesson)
    let wrong = try file(folder, "wrong.cell", "a = 1\nnosuch\nprint(2)\n")
    let page = folder.path + "/page.html"
    let rows: [(arguments: [String], status: Int32, errors: String)] = [
      (["--html", path, page], 0, ""),
      (["--html", wrong, folder.path + "/w.tex"], 1, "error: nosuch is not known here"),
      (["--html", path], 2, "carousel: --html needs where to"), (["--html"], 2, "carousel: --html needs a file"),
      (["--html", path, folder.path + "/page.pdf"], 1, "error: a record is kept as .html, .md or .tex"),
      (["--html", folder.path + "/none.cell", page], 1, "error:"),
      (["--lesson", "quizz"], 1, "error: there is no lesson quizz"),
      (["--lesson"], 2, "carousel: --lesson needs a name: --lesson quiz"),
    ]
    for (arguments, status, said) in rows {
      let result = try run(arguments, input: "", folder)
      XCTAssertEqual(result.0, status, "\(arguments): \(result)")
      XCTAssertEqual(result.1, "", "\(arguments)")
      XCTAssertTrue(result.2.hasPrefix(said), "\(arguments): \(result.2)")
      XCTAssertEqual(result.2.isEmpty, said.isEmpty, "\(arguments): \(result.2)")
    }
    let text = try String(contentsOfFile: page, encoding: .utf8)
    XCTAssertTrue(text.contains("<h1>Two and two</h1>"))
    XCTAssertTrue(text.contains("<summary>Answer</summary>"))
    XCTAssertTrue(try String(contentsOfFile: folder.path + "/w.tex", encoding: .utf8).contains("print(2)"))
  }

  /// A record at the prompt is whole when the program is killed, and outlives `:reset`.
  func testARecordAtThePrompt() throws {
    let folder = try TemporaryFolder()
    let program = try TerminalProgram("carousel", ["--quiet"], columns: 100)
    program.wait(for: ">")
    let path = folder.path + "/r.html"
    program.send(":record \(path)\r")
    program.wait("recording") { $0.lines.contains { $0.hasPrefix("recording to") } && $0.lines.last == ">" }
    program.send("6 * 7\r")
    program.wait(for: "> 6 * 7", "42", ">")
    program.send(":reset\r")
    program.wait(for: "> :reset", ">")
    program.send("6 * 8\r")
    program.wait(for: "> 6 * 8", "48", ">")
    kill(program.process, SIGKILL)
    _ = program.exitStatus()
    let text = try String(contentsOfFile: path, encoding: .utf8)
    for part in ["6 * 7", ">42<", "6 * 8", ">48<", "</html>"] { XCTAssertTrue(text.contains(part), part) }
  }
}
