import Session
import XCTest

@testable import Prompt

final class PromptTextTests: XCTestCase {
  func testEntriesOfATranscript() {
    let rows: [(text: String, entries: [String], lastIsClosed: Bool)] = [
      ("> a\n1\n> b", ["a", "b"], false),
      ("> a\n1\n> b\n2\n", ["a", "b"], true),
      ("> f {\n.   b\n.\n. }\n= 3\n", ["f {\n  b\n\n}"], true),
      ("$ carousel\nCarousel 0.1\n> a\n", ["a"], true),
      ("a = 1\n> b\n", ["a = 1", "b"], true),
      ("f {\n.   b }\n> c\n", ["f {\n  b }", "c"], true),
      ("hint: no\n> a\n", ["a"], true),
      ("  1 | a\n> a\n", ["a"], true),
      ("[0.5]\n. x\n>\n> y", ["[0.5]\nx", "", "y"], false),
    ]
    for row in rows {
      let text = PromptText(row.text)
      XCTAssertTrue(text.isTranscript, row.text)
      XCTAssertEqual(text.entries.texts, row.entries, row.text)
      XCTAssertEqual(text.entries.lastIsClosed, row.lastIsClosed, row.text)
    }
  }

  func testOtherTextsAreNoTranscripts() {
    for text in ["a = 1\nb", "x = a\n  > 3", ">a", ".5", "", ". a\n. b"] {
      XCTAssertFalse(PromptText(text).isTranscript, text)
    }
  }

  func testATranscriptAsAScriptKeepsItsPlaces() {
    XCTAssertEqual(PromptText("> a\n1\n> f {\n.   b\n. }\n").script, "  a\n\n  f {\n    b\n  }\n")
  }

  func testOutputIsMovedFromThePrompts() {
    let rows = [("> a", " > a"), (". a", " . a"), (">", " >"), (".", " ."), (">a", ">a"), ("...", "..."), ("", "")]
    for (line, shown) in rows { XCTAssertEqual(PromptText.output(Substring(line)), shown) }
  }

  func testATranscriptThatIsSavedPastesBack() {
    var transcript = Transcript()
    transcript.begin("f {\n\n  b }")
    transcript.record("\u{1B}[31mred\u{1B}[0m")
    transcript.begin("bad (\nworse")
    transcript.record("error: no")
    transcript.fail()
    transcript.begin("c")
    for index in 0..<(Transcript.mostLines + 5) { transcript.record("\(index)") }
    let text = PromptText(transcript.text)
    XCTAssertTrue(text.startsWithPrompt)
    XCTAssertEqual(text.entries.texts, ["f {\n\n  b }", "# bad (", "# worse", "c"])
    XCTAssertTrue(transcript.text.hasPrefix("> f {\n. \n.   b }\nred\n> # bad (\n> # worse\nerror: no\n> c\n0\n1\n"))
    XCTAssertTrue(transcript.text.hasSuffix("\n1999\n(5 more lines)\n"))
  }

  func testCommands() {
    let rows: [(text: String, name: String?, argument: String)] = [
      (":save a b.cell", ":save", "a b.cell"), ("  :quit  ", ":quit", ""), ("?σ", "?", "σ"), ("? LSTM ", "?", "LSTM"),
      ("?\"text\"", "?", "\"text\""), (":time f(1)\n", ":time", "f(1)"), ("a : b", nil, ""), ("", nil, ""),
    ]
    for row in rows {
      XCTAssertEqual(PromptCommand(row.text)?.name, row.name, row.text)
      XCTAssertEqual(PromptCommand(row.text)?.argument ?? "", row.argument, row.text)
    }
  }

  func testIndentation() {
    let rows: [(text: String, indentation: Int)] = [
      ("cell X {", 2), ("cell X { ", 2), ("f(", 2), ("  a = [", 4), ("  a = 1", 2), ("a", 0), ("f {\n  g {", 4),
      ("f {\n    h", 4), ("f {\n", 0),
    ]
    for row in rows {
      XCTAssertEqual(indentation(row.text, point: row.text.utf8.count).utf8.count, row.indentation, row.text)
    }
    XCTAssertEqual(indentation("f {\n    h", point: 3), "  ")
  }
}
