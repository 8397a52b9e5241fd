import Foundation
import XCTest

/// The prompt on a pseudo-terminal, over a stand-in for the language.
final class TerminalTests: XCTestCase {
  private func start(
    _ arguments: [String] = [], environment: [String: String] = [:], rows: Int = 24, columns: Int = 80,
    file: StaticString = #filePath, line: UInt = #line
  ) throws -> TerminalProgram {
    let program = try TerminalProgram(
      "PromptStandIn", arguments, environment: environment, rows: rows, columns: columns)
    program.wait(for: ">", file: file, line: line)
    return program
  }

  func testGreekLettersAreOneCharacterEach() throws {
    for language in ["C.UTF-8", "C", "POSIX", ""] {
      let program = try start(environment: ["LANG": language])
      program.type("aσh̃ñ")
      program.wait(for: "> aσh̃ñ")
      program.type("\u{7F}\u{7F}")
      program.type("b")
      program.wait(language + ": two characters less") {
        [["> aσhb"], ["> aσb"]].contains([$0.lines.last ?? ""])
      }
      program.type("\u{7F}\u{7F}\u{7F}\u{7F}\u{7F}\u{7F}cσ\u{7F}d\r")
      program.wait(for: "> cd", "= cd", ">")
    }
  }

  func testTabGivesAGlyphAndListsNames() throws {
    let program = try start()
    program.type("a = \\sig\t + 1")
    program.wait(for: "> a = σ + 1")
    program.type("\r")
    program.wait(for: "= a = σ + 1", ">")
    program.type("ne\t")
    program.wait(for: "> net.")
    program.type("\t")
    program.wait(for: "> net.", "net.f  3 × 5   net.ff  3 × 5  net.h̃  3 × 5", "> net.")
    program.type("h̃\r")
    program.wait(for: "= net.h̃", ">")
  }

  func testALineWiderThanTheTerminal() throws {
    let program = try start(["--color"], columns: 40)
    let text = (0..<30).map { "σ\($0)bcdefgh" }.joined(separator: "·")
    XCTAssertGreaterThan(text.count, 300)
    program.type(text)
    let wrapped = rows(of: "> " + text, columns: 40)
    program.wait("the line in rows of 40") { $0.lines.suffix(wrapped.count) == wrapped[...] }
    program.type("\u{1}X\u{5}Y")  // to the start, to the end
    let changed = rows(of: "> X" + text + "Y", columns: 40)
    program.wait("both ends changed") { $0.lines.suffix(changed.count) == changed[...] }
    program.type("\r")
    program.wait("the value") { $0.lines.joined().contains("= X" + text + "Y") && $0.lines.last == ">" }
  }

  func testThreeHundredColumns() throws {
    let program = try start(["--color"], columns: 300)
    let text = String(repeating: "σ = 1; ", count: 60)
    program.send(text)
    let wrapped = rows(of: "> " + text, columns: 300)
    program.wait("the line in rows of 300") { $0.lines.suffix(wrapped.count) == wrapped[...] }
    program.send(String(repeating: "\u{7F}", count: 400) + "\r")
    program.wait(for: "> σ = 1; σ = 1; σ = 1;", "= σ = 1; σ = 1; σ = 1;", ">")
  }

  private func rows(of text: String, columns: Int) -> [String] {
    let letters = Array(text)
    return stride(from: 0, to: letters.count, by: columns).map { start in
      var row = String(letters[start..<min(start + columns, letters.count)])
      while row.last == " " { row.removeLast() }
      return row
    }
  }

  func testABlockIsEditedAsAWhole() throws {
    let program = try start()
    program.type("f {\ra\rb}\r")
    program.wait(for: "> f {", ".   a", ".   b}", "= f { |   a |   b}", ">")
    // It comes back whole; Up and Down move within it, Enter inserts while something is missing.
    program.type("\u{1B}[A")
    program.wait(for: "> f {", ".   a", ".   b}")
    program.type("\u{1B}[BX\r")
    program.wait(for: "> f {", ".   aX", ".   b}", "= f { |   aX |   b}", ">")
    program.type("\u{1B}[A\u{1B}[B\u{1B}[B\u{5}\u{7F}\rc\r}\r")
    program.wait(for: ".   b", ".   c", ". }", "= f { |   aX |   b |   c | }", ">")
    // The line's ends, and killing, mean the line of the block.
    program.type("\u{1B}[A\u{1B}[B\u{1}!\u{5}?\u{1B}[B\u{15}z\u{B}\r")
    program.wait(for: ". !  aX?", ". z  c", ". }", "= f { | !  aX? | z  c | }", ">")
  }

  func testUpFindsWhatBeginsAlike() throws {
    let program = try start()
    for text in ["net = 1", "x = 2", "net = 3", "y = 4"] { program.type(text + "\r") }
    program.wait(for: "= y = 4", ">")
    program.type("ne\u{1B}[A")
    program.wait(for: "> net = 3")
    program.type("\u{1B}[A")
    program.wait(for: "> net = 1")
    program.type("\u{1B}[B\r")
    program.wait(for: "= net = 3", ">")
    program.type("\u{1B}[A\u{1B}[A\u{1B}[A")
    program.wait(for: "> net = 3")
  }

  func testABlockTallerThanTheTerminal() throws {
    let program = try start(rows: 8)
    program.type("f {\r")
    for index in 0..<20 {
      program.send("a\(index)\r")
      program.wait(for: ".   a\(index)", ".")
    }
    program.type("}")
    program.wait(for: ".   a18", ".   a19", ". }")
    for _ in 0..<19 { program.type("\u{1B}[A") }
    program.wait("the lines around the cursor") { $0.text.contains(".   a3\n") }
    program.type("\u{5}X\r")
    let all = (0..<20).map { "  a\($0)" + ($0 == 1 ? "X" : "") }.joined(separator: " | ")
    let value = ("= f { | " + all + " | }").filter { $0 != " " }
    program.wait("the value") { $0.lines.joined().filter { $0 != " " }.contains(value) }
  }

  func testControlCAtThePromptInABlockAndInALoop() throws {
    let program = try start()
    program.type("abc\u{3}")
    program.wait(for: "> abc^C", ">")
    program.type("\u{3}")
    program.wait(for: "> ^C", ">")
    program.type("\u{3}")
    program.wait(for: "> ^C", "Ctrl-D leaves, :quit too", ">")
    program.type("f {\rg {\r\u{3}")
    program.wait(for: "> f {", ".   g {", ".     ^C", ">")
    program.send("loop\r")
    program.wait(for: "looping")
    let start = Date()
    program.send("\u{3}")
    program.wait(for: "interrupted", ">")
    print("Ctrl-C to prompt: \(Int(Date().timeIntervalSince(start) * 1000)) ms")
    XCTAssertLessThan(Date().timeIntervalSince(start), 0.5)
    program.type("x\r")
    program.wait(for: "= x", ">")
    program.send("abc\u{3}def\r")
    program.wait(for: "= def", ">")
    // Hammering it leaves the session as it is.
    program.send("loop\r")
    program.wait(for: "looping")
    program.send("\u{3}\u{3}\u{3}\u{3}")
    program.type("y\r")
    program.wait(for: "= y", ">")
  }

  func testASearchThatIsInterrupted() throws {
    let program = try start()
    program.type("alpha\rbeta\r\u{12}alp")
    program.wait("the search") { $0.lines.last?.contains("alpha") ?? false }
    program.type("\u{3}")
    program.wait("a prompt") { $0.lines.last == ">" }
    program.type("gamma\r")
    program.wait(for: "= gamma", ">")
  }

  func testControlDLeavesAndGivesTheTerminalBack() throws {
    let program = try start()
    XCTAssertFalse(program.isCooked)
    program.type("x\r\u{4}")
    XCTAssertEqual(program.exitStatus(), 0)
    XCTAssertTrue(program.isCooked)
  }

  func testTheTerminalIsGivenBackHoweverItEnds() throws {
    for (signal, status) in [(SIGTERM, 143), (SIGHUP, 129), (SIGSEGV, 139), (SIGQUIT, 131), (SIGABRT, 134)] {
      let program = try start()
      program.type("half a line")
      program.wait(for: "> half a line")
      kill(program.process, signal)
      XCTAssertEqual(program.exitStatus(), Int32(status))
      XCTAssertTrue(program.isCooked, "signal \(signal)")
      XCTAssertTrue(String(decoding: program.bytes, as: UTF8.self).hasSuffix("\u{1B}[?2004l\r\r\n"), "signal \(signal)")
    }
    let program = try start()
    program.send("crash\r")
    XCTAssertEqual(program.exitStatus(), 139)
    XCTAssertTrue(program.isCooked)
  }

  func testControlZStopsAndGoesOn() throws {
    let program = try start()
    program.type("abc")
    program.send("\u{1A}")
    var status: Int32 = 0
    let end = Date().addingTimeInterval(0.5)
    while waitpid(program.process, &status, WUNTRACED | WNOHANG) == 0, Date() < end { program.take(for: 0.01) }
    // An orphaned group is not stopped by the terminal: then there is nothing to see.
    if status & 0xFF == 0x7F {
      XCTAssertTrue(program.isCooked)
      kill(program.process, SIGCONT)
    }
    program.type("d\r")
    program.wait(for: "= abcd", ">")
  }

  func testResizingWhileComputing() throws {
    let program = try start()
    program.send("wait\r")
    program.wait(for: "waiting")
    program.resize(columns: 33)
    program.wait(for: ">")
    program.type("width\r")
    program.wait(for: "33 columns", ">")
    let text = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
    program.type(text)
    program.wait(for: "> abcdefghijklmnopqrstuvwxyzabcde", "fghijklmnopqrstuvwxyz")
    program.type("\u{3}")
    program.resize(columns: 60)
    program.take(for: 0.1)
    program.type("width\r")
    program.wait(for: "60 columns", ">")
  }

  func testResizingWhileTyping() throws {
    let program = try start()
    program.type("before\r")
    let line = (0..<30).map { "\($0) + " }.joined() + "end"
    program.type("f {\r" + line + "\r  last\u{1B}[A\u{1}")
    for columns in [50, 33, 100, 61] {
      program.resize(columns: columns)
      let shown = ["> before", "= before", "> f {"] + rows(of: ".   " + line, columns: columns) + [".     last"]
      program.wait("\(columns) columns") { $0.lines.suffix(shown.count) == shown[...] }
    }
    program.type("X\u{5}Y }\r")
    program.wait("the value") {
      $0.lines.joined().filter { $0 != " " }.contains("=f{|X" + line.filter { $0 != " " } + "Y}")
    }
  }

  func testAnInputrcIsHonoured() throws {
    let folder = try TemporaryFolder()
    let rules = "set editing-mode vi\n$if carousel\n\"\\C-t\": \"typed\"\n$endif\n"
    try rules.write(toFile: folder.path + "/inputrc", atomically: true, encoding: .utf8)
    let program = try start(environment: ["INPUTRC": folder.path + "/inputrc"])
    program.type("f {\r\u{14}\r}\r")
    program.wait(for: "> f {", ".   typed", ". }", "= f { |   typed | }", ">")
    program.type("\u{1B}[A")
    program.wait(for: "> f {", ".   typed", ". }")
  }

  // MARK: paste

  func testAPastedTranscript() throws {
    let program = try start()
    program.paste("> a = 1\n= a = 1\n> f {\n.   b\n. }\n= f { |   b | }\n> fail\nerror: it failed\n> c\n= c\n")
    program.wait(
      for: "> a = 1", "= a = 1", "> f {", ".   b", ". }", "= f { |   b | }", "> fail", "error: it failed",
      "  1 | fail", "    | ^^^^", "hint: do not", "> c", "= c", ">")
  }

  func testAPastedScript() throws {
    let program = try start()
    program.paste("a = 1\nf {\n\tb\n\n  c }\nd")
    program.wait(for: "> a = 1", "= a = 1", "> f {", ".       b", ".   c }", "= f { | \tb |   c }".expandingTab, "> d")
    program.type("e\r")
    program.wait(for: "> de", "= de", ">")
    program.paste("x\nfail\ny\n")
    program.wait(for: "hint: do not", "note: what follows in the pasted text was not run", ">")
    program.type("a ")
    program.paste("line")
    program.wait(for: "> a line")
    program.type("\r")
    program.wait(for: "= a line", ">")
    program.paste("g {\n  h\n")
    program.wait(for: "> g {", ".   h", ".")
    program.type("}\r")
    program.wait(for: ". }", "= g { |   h | }", ">")
  }

  func testTypedPromptsAreIgnored() throws {
    let program = try start(environment: ["TERM": "dumb"])
    program.type("> a\r")
    program.wait(for: "= a", ">")
  }

  func testALongPaste() throws {
    let program = try start()
    let count = 300
    program.paste((0..<count).map { "value\($0)\n" }.joined())
    program.wait("the last value", seconds: 30) { $0.lines.suffix(2) == ["= value\(count - 1)", ">"] }
    XCTAssertEqual(program.screen.lines.filter { $0.hasPrefix("= value") }.count, count)
  }

  // MARK: colours and poor terminals

  func testOutputNeverReadsAsAPrompt() throws {
    let program = try start()
    program.type("say > x\r")
    program.wait(for: " > x", ">")
    program.type("say . x\r")
    program.wait(for: " . x", ">")
    program.type("say ...\r")
    program.wait(for: "...", ">")
  }

  func testColours() throws {
    let rows: [(arguments: [String], environment: [String: String], colored: Bool)] = [
      ([], [:], true),
      ([], ["NO_COLOR": "1"], false),
      ([], ["TERM": "dumb"], false),
      ([], ["TERM": ""], false),
      (["--color"], ["NO_COLOR": "1"], true),
    ]
    for row in rows {
      let program = try start(row.arguments, environment: row.environment)
      program.type("fail\r")
      program.wait(for: "error: it failed", "  1 | fail", "    | ^^^^", "hint: do not", ">")
      let text = String(decoding: program.bytes, as: UTF8.self)
      XCTAssertEqual(text.contains("\u{1B}[1;31merror:"), row.colored, "\(row)")
      if (row.environment["TERM"] ?? "dumb") == "dumb", row.environment["TERM"] != nil {
        XCTAssertFalse(text.contains("\u{1B}"), "an escape on a dumb terminal")
      }
    }
  }

  func testABlockOnADumbTerminal() throws {
    let program = try start(environment: ["TERM": "dumb"])
    program.type("f {\ra\r}\r")
    program.wait(for: "> f {", ". a", ". }", "= f { | a | }", ">")
    program.type("f {\r\u{3}")
    program.wait(for: "> f {", ". ^C", ">")
    program.type("b\r")
    program.wait(for: "= b", ">")
  }

  // MARK: history

  func testTwoSessionsShareAFile() throws {
    let folder = try TemporaryFolder()
    let environment = ["CAROUSEL_HISTORY": folder.path + "/state/history"]
    let first = try start(environment: environment)
    let second = try start(environment: environment)
    first.type("from the first\r")
    first.wait(for: "= from the first", ">")
    second.type("f {\rfrom the second }\r")
    second.wait("the value") { $0.lines.last == ">" && $0.text.contains("= f {") }
    first.type("again\r")
    first.wait(for: "= again", ">")
    kill(second.process, SIGKILL)  // a crash loses nothing
    let third = try start(environment: environment)
    third.type("\u{1B}[A")
    third.wait(for: "> again")
    third.type("\u{1B}[A")
    third.wait(for: "> f {", ".   from the second }")
    third.type("\u{1B}[A")
    third.wait(for: "> from the first")
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/state/history")
    XCTAssertEqual(attributes[.posixPermissions] as? Int, 0o600)
  }

  // MARK: commands

  func testSaveEditAndHistory() throws {
    let folder = try TemporaryFolder()
    try "#!/bin/sh\nsed -i s/a/bb/ \"$1\"\n".write(toFile: folder.path + "/editor", atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path + "/editor")
    let program = try start(environment: ["EDITOR": folder.path + "/editor", "TMPDIR": folder.path])
    program.type("a {\rb }\r:edit\r")
    program.wait(for: "> :edit", "> bb {", ".   b }", "= bb { |   b }", ">")
    program.type("c {\ra\u{18}\u{5}")
    program.wait(for: "> c {", ".   bb")
    program.type(" }\r")
    program.wait(for: "> c {", ".   bb }", "= c { |   bb }", ">")
    program.type("fail\r:save \(folder.path)/saved.cell\r")
    program.wait("the prompt") { $0.lines.last == ">" && $0.text.contains(":save") }
    let saved = try String(contentsOfFile: folder.path + "/saved.cell", encoding: .utf8)
    XCTAssertEqual(
      saved,
      """
      > a {
      .   b }
      = a { |   b }
      > bb {
      .   b }
      = bb { |   b }
      > c {
      .   bb }
      = c { |   bb }
      > # fail
      error: it failed
        1 | fail
          | ^^^^
      hint: do not

      """)
    program.type(":history\r")
    program.wait("the list") {
      $0.text.contains("  a {\n    b }\n  :edit\n  bb {\n    b }\n  c {\n    bb }\n  fail\n  :save")
    }
    program.type(":sav x\r")
    program.wait(for: "error: there is no command :sav", "hint: perhaps :save?", ">")
    program.type(":save \(folder.path)/editor\r")
    program.wait(for: "hint: save under another name", ">")
    program.type("?x\r")
    program.wait(for: "command ?x", ">")
    program.send(":quit\r")
    XCTAssertEqual(program.exitStatus(), 0)
  }

  func testStandardOutputElsewhere() throws {
    let pipe = Pipe()
    let program = try TerminalProgram("PromptStandIn", output: pipe.fileHandleForWriting.fileDescriptor)
    try pipe.fileHandleForWriting.close()
    program.wait(for: ">")
    program.type("abc\r")
    program.wait(for: "> abc", ">")
    program.type("\u{4}")
    XCTAssertEqual(program.exitStatus(), 0)
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    XCTAssertEqual(output, "= abc\n")
  }

  func testAllOutputElsewhere() throws {
    let pipe = Pipe()
    let end = pipe.fileHandleForWriting.fileDescriptor
    let program = try TerminalProgram("PromptStandIn", output: end, error: end)
    try pipe.fileHandleForWriting.close()
    program.send("abc\nf {\n}\n\u{4}")
    XCTAssertEqual(program.exitStatus(), 0)
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    XCTAssertEqual(output, "= abc\n= f { | }\n")
  }
}

extension String {
  /// As a terminal shows a tab behind this text's start.
  var expandingTab: String {
    var shown = ""
    for character in self {
      if character == "\t" {
        repeat { shown.append(" ") } while shown.count % 8 != 0
      } else {
        shown.append(character)
      }
    }
    return shown
  }
}

/// A folder that goes with its test.
final class TemporaryFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("carousel-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
