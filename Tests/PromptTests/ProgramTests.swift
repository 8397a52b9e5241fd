import Foundation
import XCTest

/// The program itself: arguments, streams, exit statuses.
final class ProgramTests: XCTestCase {
  private struct Result {
    var status: Int32
    var output: String
    var errors: String
  }

  private func run(
    _ arguments: [String], input: String? = nil, environment: [String: String] = [:], output: FileHandle? = nil
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: TerminalProgram.folder + "/carousel")
    process.arguments = arguments
    process.environment = ["LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "TERM": "xterm-256color"]
      .merging(environment) { $1 }
    let (outputs, errors, inputs) = (Pipe(), Pipe(), Pipe())
    process.standardOutput = output ?? outputs
    process.standardError = errors
    process.standardInput = inputs
    try process.run()
    if let input { inputs.fileHandleForWriting.write(Data(input.utf8)) }
    try inputs.fileHandleForWriting.close()
    let text = output == nil ? outputs.fileHandleForReading.readDataToEndOfFile() : Data()
    let complaints = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Result(
      status: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
      output: String(decoding: text, as: UTF8.self), errors: String(decoding: complaints, as: UTF8.self))
  }

  private func file(_ folder: TemporaryFolder, _ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path + "/" + name))
    return folder.path + "/" + name
  }

  func testStatusesAndStreams() throws {
    let folder = try TemporaryFolder()
    let good = try file(folder, "good.cell", "\u{FEFF}#!/usr/bin/env carousel\n1 + 1\nprint(args)\nprint(\"σ\")\n")
    let windows = try file(folder, "windows.cell", "a = 1\r\nprint(a + 1)\r\n")
    let saved = try file(
      folder, "saved.cell", "> a = [1, 2]\n> b = f(\n.   a)\nerror: f\n> fn g(x) {\n.   return x\n. }\n")
    let transcript = try file(folder, "transcript.cell", "> a = 3\n> a\n3\n> print(a +\n.   1)\n4\n")
    let bad = try file(folder, "bad.cell", "a = 1\nb = [1, 2\nc = 3\n")
    let wrong = try file(folder, "wrong.cell", "a = 1\n  print(σσ + b)\n")
    let binary = folder.path + "/binary.cell"
    try Data([0x61, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: binary))

    let rows: [(arguments: [String], input: String?, status: Int32, output: String, errors: String)] = [
      (["-e", "1 + 1"], nil, 0, "2\n", ""),
      (["-e", "a = 2", "-e", "a * 3", "-e", "a = 1;"], nil, 0, "6\n", ""),
      ([good, "x", "-e", "--help"], nil, 0, "(\"x\", \"-e\", \"--help\")\nσ\n", ""),
      ([windows], nil, 0, "2\n", ""),
      ([transcript], nil, 0, "4\n", ""),
      (["-"], "print(2)\n3\n", 0, "2\n", ""),
      ([], "print(2)\n3\n", 0, "2\n", ""),
      (["-i"], "print(2)\n", 0, "2\n", ""),
      (["-", "a"], "print(args)", 0, "(\"a\",)\n", ""),
      (["--version"], nil, 0, "carousel 0.1.0\n", ""),
      ([bad], nil, 1, "", "\(bad):2:5: error:"),
      ([wrong], nil, 1, "", "\(wrong):2:9: error:"),
      (["-e", "(1"], nil, 1, "", "error:"),
      (["-"], "print((1", 1, "", "standard input:1:7: error:"),
      (["--colour"], nil, 2, "", "carousel: there is no option --colour; perhaps --color?\n"),
      (["--frobnicate"], nil, 2, "", "carousel: there is no option --frobnicate; carousel --help lists them\n"),
      (["-e"], nil, 2, "", "carousel: -e needs code: -e '1 + 1'\n"),
      (["/nonexistent.cell"], nil, 2, "", "carousel: cannot read /nonexistent.cell: No such file or directory\n"),
      ([folder.path], nil, 2, "", "carousel: cannot read \(folder.path): Is a directory\n"),
      ([binary], nil, 2, "", "carousel: \(binary) is not text in UTF-8\n"),
    ]
    for row in rows {
      let result = try run(row.arguments, input: row.input)
      XCTAssertEqual(result.status, row.status, "\(row.arguments)")
      XCTAssertEqual(result.output, row.output, "\(row.arguments)")
      XCTAssertTrue(result.errors.hasPrefix(row.errors), "\(row.arguments): \(result.errors)")
      XCTAssertEqual(result.errors.isEmpty, row.errors.isEmpty, "\(row.arguments): \(result.errors)")
      XCTAssertFalse((result.output + result.errors).contains("\u{1B}"), "\(row.arguments)")
    }
    XCTAssertEqual(try run([saved]).status, 1, "an entry whose error was not marked")
    let help = try run(["--help"])
    XCTAssertEqual(help.status, 0)
    for option in ["-e", "-i", "--color", "--no-color", "--ascii", "--quiet", "--version"] {
      XCTAssertTrue(help.output.contains("  \(option)"), option)
    }
    XCTAssertLessThanOrEqual(help.output.split(separator: "\n").map(\.count).max() ?? 0, 100)
  }

  func testColoursOfErrors() throws {
    XCTAssertTrue(try run(["--color", "-e", "(1"]).errors.contains("\u{1B}["))
    XCTAssertFalse(try run(["--no-color", "-e", "(1"], environment: ["FORCE_COLOR": "1"]).errors.contains("\u{1B}["))
    XCTAssertTrue(try run(["-e", "(1"], environment: ["FORCE_COLOR": "1"]).errors.contains("\u{1B}["))
    XCTAssertFalse(
      try run(["-e", "(1"], environment: ["FORCE_COLOR": "1", "NO_COLOR": "1"]).errors.contains("\u{1B}["))
  }

  func testAReaderThatLeavesAndADiskThatIsFull() throws {
    let script = "for i in 1..1000000 { print(i) }"
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", "\"$0\" -e \"$1\" | head -n 2; echo done", TerminalProgram.folder + "/carousel", script]
    let (output, errors) = (Pipe(), Pipe())
    shell.standardOutput = output
    shell.standardError = errors
    try shell.run()
    shell.waitUntilExit()
    XCTAssertEqual(String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self), "1\n2\ndone\n")
    XCTAssertEqual(String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self), "")

    let full = try run(["-e", "1"], output: FileHandle(forWritingAtPath: "/dev/full"))
    XCTAssertEqual(full.status, 1)
    XCTAssertEqual(full.errors, "error: cannot write to standard output: No space left on device\n")
  }

  func testAnInterruptedScript() throws {
    let program = try TerminalProgram("carousel", ["-e", "print(\"looping\"); while true { }"])
    program.wait(for: "looping")
    program.send("\u{3}")
    XCTAssertEqual(program.exitStatus(), 130)
  }

  func testThePromptAfterAScript() throws {
    let folder = try TemporaryFolder()
    let script = try file(folder, "a.cell", "a = 40\nprint(\"ready\")\n")
    let program = try TerminalProgram("carousel", ["-i", script])
    program.wait(for: "ready", ">")
    program.type("a + 2\r")
    program.wait(for: "> a + 2", "42", ">")
    program.type("b = 2; b\r:reset\rb\r")
    program.wait("an error") { $0.text.contains("2\n> :reset\n> b\nerror:") }
    program.type("\u{4}")
    XCTAssertEqual(program.exitStatus(), 0)
  }

  func testInterruptsLeaveEarlierBindings() throws {
    let program = try TerminalProgram("carousel", ["--quiet"])
    program.wait(for: ">")
    program.type("a = 1; b = 2\r")
    program.send("a = 5; print(\"looping\"); while true { b = b }\r")
    program.wait(for: "looping")
    let start = Date()
    program.send("\u{3}")
    program.wait(for: "interrupted", ">")
    print("Ctrl-C to prompt: \(Int(Date().timeIntervalSince(start) * 1000)) ms")
    program.type("(a, b)\r")
    program.wait(for: "(5, 2)", ">")
  }

  func testAPastedTranscriptOfTheLanguage() throws {
    let program = try TerminalProgram("carousel", ["--quiet"])
    program.wait(for: ">")
    program.paste("> a = 3\n> fn f(x) {\n.   return x + a\n. }\n> f(1)\n4\n> nonsense(\n. )\nerror: no\n> f(2)\n5\n")
    program.wait("the last value") { $0.lines.suffix(3) == ["> f(2)", "5", ">"] }
    program.paste("b = 1\n  + 2\nif b == 3 {\n  b = 4\n}\nelse {\n  b = 5\n}\nb\n")
    program.wait("the value") { $0.lines.suffix(3) == ["> b", "4", ">"] }
  }
}
