import Foundation
import Syntax
import XCTest

@testable import Session

/// A session as text: lines after `> ` (and `. ` for those that continue them), each block followed by what it prints.
/// Replaying it must print the same again.
struct Transcript {
  struct Entry {
    var input: [String]
    var output: [String]
    /// The line of the input in the text it was read from.
    var line: Int
  }

  var entries: [Entry] = []

  init(_ text: String, firstLine: Int = 1) {
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.hasPrefix("> ") || line == ">" {
        entries.append(Entry(input: [String(line.dropFirst(2))], output: [], line: firstLine + number))
      } else if line.hasPrefix(". ") || line == ".", !entries.isEmpty, entries[entries.count - 1].output.isEmpty {
        entries[entries.count - 1].input.append(String(line.dropFirst(2)))
      } else if !entries.isEmpty {
        entries[entries.count - 1].output.append(String(line))
      }
    }
    // Blank lines at the end of a block are the text's, not the session's.
    for position in entries.indices {
      while entries[position].output.last?.isEmpty == true { entries[position].output.removeLast() }
    }
  }

  /// What the inputs print now, errors rendered as the prompt renders them.
  func replayed(in session: Session) -> [Entry] {
    entries.map { entry in
      var entry = entry
      entry.output = session.printed(entry.input.joined(separator: "\n"))
      return entry
    }
  }
}

extension Session {
  /// The lines that a text prints, its error included.
  func printed(_ text: String, name: String = "prompt") -> [String] {
    var lines: [String] = []
    let before = output
    output = { lines.append($0) }
    defer { output = before }
    let response = evaluate(text, name: name)
    switch response.status {
    case .done, .quit: break
    case .incomplete(let expecting): lines.append("incomplete: expecting \(expecting)")
    case .failed(let diagnostic): lines += DiagnosticRenderer(width: options.width).lines(diagnostic)
    case .interrupted: lines.append("interrupted")
    }
    return lines
  }
}

/// Replays the fenced blocks of a Markdown text, or a whole text if it has no fences, and fails where a line differs.
/// With `CAROUSEL_REWRITE=1` in the environment the file is rewritten with what is printed now.
enum TranscriptFile {
  static func check(
    _ path: String, make: () -> Session = { Session() }, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    var result: [String] = []
    var block: [String]?
    var blockStart = 0
    let isMarkdown = text.contains("```")
    let lines = text.components(separatedBy: "\n")
    if !isMarkdown { return try finish(lines, 1, path, make(), &result, file, line, whole: true) }
    // A document is one session, from its first block to its last.
    let session = make()
    for (number, current) in lines.enumerated() {
      if current.hasPrefix("```") {
        if let open = block {
          try finish(open, blockStart, path, session, &result, file, line, whole: false)
          block = nil
        } else {
          block = []
          blockStart = number + 2
        }
        result.append(current)
      } else if block != nil {
        block?.append(current)
      } else {
        result.append(current)
      }
    }
    if ProcessInfo.processInfo.environment["CAROUSEL_REWRITE"] == "1" {
      try result.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }
  }

  private static func finish(
    _ lines: [String], _ start: Int, _ path: String, _ session: Session, _ result: inout [String],
    _ file: StaticString, _ line: UInt, whole: Bool
  ) throws {
    let transcript = Transcript(lines.joined(separator: "\n"), firstLine: start)
    guard !transcript.entries.isEmpty else {
      result += lines
      return
    }
    let head = lines.prefix { !$0.hasPrefix("> ") && $0 != ">" }
    result += head
    for (old, new) in zip(transcript.entries, transcript.replayed(in: session)) {
      for (number, input) in new.input.enumerated() { result.append((number == 0 ? "> " : ". ") + input) }
      result += new.output
      guard ProcessInfo.processInfo.environment["CAROUSEL_REWRITE"] != "1" else { continue }
      XCTAssertEqual(
        new.output.joined(separator: "\n"), old.output.joined(separator: "\n"), "\(path):\(old.line)", file: file,
        line: line)
    }
    if whole, ProcessInfo.processInfo.environment["CAROUSEL_REWRITE"] == "1" {
      try (result.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }
  }
}

/// Checks a transcript that stands in a test.
func replay(_ text: String, in session: Session = Session(), file: StaticString = #filePath, line: UInt = #line) {
  let transcript = Transcript(text)
  for (old, new) in zip(transcript.entries, transcript.replayed(in: session)) {
    XCTAssertEqual(
      new.output.joined(separator: "\n"), old.output.joined(separator: "\n"),
      "> \(old.input.joined(separator: "\n. "))",
      file: file, line: line + UInt(old.line))
  }
}
