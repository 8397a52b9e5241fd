import Foundation
import XCTest

@testable import Session

/// The guide's lesson plays as the guide shows: answers are the lines behind `? `.
final class LessonGuideTests: XCTestCase {
  private static let guide = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Documentation/lessons.md")

  private func block(_ language: String, of text: String) throws -> [String] {
    let lines = text.components(separatedBy: "\n")
    let start = try XCTUnwrap(lines.firstIndex(of: "```" + language))
    return Array(lines[(start + 1)...].prefix { $0 != "```" })
  }

  func testTheGuidesLesson() throws {
    let text = try String(contentsOf: Self.guide, encoding: .utf8)
    let shown = try block("text", of: text)
    let folder = try ScratchFolder()
    let path = try folder.write("halving.cell", try block("carousel", of: text).joined(separator: "\n"))
    let answers = shown.filter { $0.hasPrefix("? ") }.map { String($0.dropFirst(2)) }
    XCTAssertEqual(answers.count, 5)
    let dialogue = ScriptedDialogue(answers: answers)
    _ = dialogue.session().evaluate("lesson(\"\(path)\")")
    XCTAssertEqual(dialogue.text, shown.joined(separator: "\n"))
  }

  /// The table of the guide and what a signature takes are the same.
  func testTheGuideNamesEveryLabel() throws {
    let text = try String(contentsOf: Self.guide, encoding: .utf8)
    let row = try XCTUnwrap(BuiltinTable.byName["ask"])
    for label in row.parameters.labels { XCTAssertTrue(text.contains("\(label):"), label) }
  }
}
