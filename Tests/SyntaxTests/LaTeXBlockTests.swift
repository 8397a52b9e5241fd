import XCTest

@testable import Syntax

/// Papers' blocks, each as a cell in our notation.
final class LaTeXBlockTests: XCTestCase {
  func testBlocks() throws {
    let blocks = try LaTeXBlock.all()
    XCTAssertGreaterThan(blocks.count, 40)
    for block in blocks {
      switch block.read() {
      case .success(let outcome):
        XCTAssertNil(block.parts["error"], "\(block.name): should be an error")
        XCTAssertEqual(outcome.items.map(\.written), block.lines("cell"), block.name)
        XCTAssertEqual(outcome.decisions.map(\.text), block.lines("decided"), block.name)
        XCTAssertEqual(outcome.skipped.map(Self.written), block.lines("skipped"), block.name)
        XCTAssertEqual(Self.parsed(block.lines("cell"), block), outcome.items, "\(block.name): not as if typed")
      case .failure(let diagnostic):
        XCTAssertEqual(Self.written(diagnostic), block.lines("error"), block.name)
      }
    }
  }

  /// The lines as typed in a cell's braces.
  private static func parsed(_ lines: [String], _ block: LaTeXBlock) -> [CellItem] {
    let head = "cell A(\(block.inputs.joined(separator: ", "))) -> \(block.outputs.joined(separator: ", ")) {\n"
    let outcome = Parser.parse(
      Source(name: block.name, text: head + lines.joined(separator: "\n") + "\n}"), mode: .file)
    XCTAssertNil(outcome.problem, block.name)
    guard case .cell(let cell)? = outcome.statements.first?.form, case .items(let items) = cell.body else { return [] }
    return items
  }

  private static func written(_ skipped: Skipped) -> String {
    guard let claim = skipped.claim else { return "\(skipped.name): \(skipped.obstacle?.message ?? "?")" }
    return ([claim] + skipped.answers).map(LaTeXPhrase.cell).joined(separator: " = ")
  }

  private static func written(_ diagnostic: Diagnostic) -> [String] {
    ["\(diagnostic.message)", "at: \(diagnostic.place?.text ?? "?")"] + (diagnostic.hint.map { ["hint: \($0)"] } ?? [])
  }
}
