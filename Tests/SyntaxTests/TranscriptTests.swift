import Foundation
import XCTest

@testable import Syntax

/// Errors as they are read: each transcript has what was typed, line by line after `> ` and `. `, and then the lines
/// that it must answer. With REWRITE_TRANSCRIPTS set they are written anew, after a change that is meant.
final class TranscriptTests: XCTestCase {
  func testErrorsAtThePrompt() throws { try check("prompt-errors.txt", name: "prompt", mode: .prompt) }

  func testErrorsInFiles() throws { try check("file-errors.txt", name: "file.cell", mode: .file) }

  func testForeignHabits() throws { try check("foreign-habits.txt", name: "prompt", mode: .prompt) }

  private func check(_ file: String, name: String, mode: Parser.Mode) throws {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Transcripts/" + file)
    let text = try String(contentsOf: url, encoding: .utf8)
    let answered =
      Transcript(text).entries.map { entry -> String in
        if entry.isComment { return entry.lines.joined(separator: "\n") }
        return (entry.lines + Self.answer(entry.source, name: name, mode: mode)).joined(separator: "\n")
      }.joined(separator: "\n") + "\n"
    if ProcessInfo.processInfo.environment["REWRITE_TRANSCRIPTS"] != nil {
      return try answered.write(to: url, atomically: true, encoding: .utf8)
    }
    let pairs = zip(text.split(separator: "\n"), answered.split(separator: "\n"))
    if let (expected, found) = pairs.first(where: { $0 != $1 }) {
      XCTFail("\(file)\n  expected: \(expected)\n  found:    \(found)")
    }
    XCTAssertEqual(text.split(separator: "\n").count, answered.split(separator: "\n").count)
  }

  static func answer(_ source: String, name: String, mode: Parser.Mode) -> [String] {
    switch Parser.parse(Source(name: name, text: source), mode: mode).problem {
    case nil: ["right"]
    case .incomplete(let expecting, let opened):
      ["incomplete, expecting \(expecting)" + (opened.map { ", opened at \($0.line):\($0.column)" } ?? "")]
    case .failed(let diagnostic): DiagnosticRenderer().lines(diagnostic)
    }
  }
}

/// What was typed and what was answered, entry by entry; lines that begin with `#` are comments.
struct Transcript {
  struct Entry {
    var lines: [String]
    var isComment: Bool { lines.first?.hasPrefix("> ") != true }
    var source: String { lines.map { String($0.dropFirst(2)) }.joined(separator: "\n") }
  }

  var entries: [Entry] = []

  init(_ text: String) {
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("> ") || line.hasPrefix("#") || (line.isEmpty && !isEmptyBefore) {
        entries.append(Entry(lines: [line]))
      } else if line.hasPrefix(". "), let last = entries.indices.last, !entries[last].isComment {
        entries[last].lines.append(line)
      }
    }
    while entries.last?.lines == [""] { entries.removeLast() }
  }

  private var isEmptyBefore: Bool { entries.last?.lines == [""] }
}
