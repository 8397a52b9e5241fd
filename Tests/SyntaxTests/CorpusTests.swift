import Foundation
import XCTest

@testable import Syntax

/// Every construct, from `Scripts/corpus.cell`.
final class CorpusTests: XCTestCase {
  static func corpus() throws -> Source {
    let file = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Scripts/corpus.cell")
    return Source(name: "corpus.cell", text: try String(contentsOf: file, encoding: .utf8))
  }

  func testParses() throws {
    let outcome = Parser.parse(try Self.corpus(), mode: .file)
    if case .failed(let diagnostic) = outcome.problem { XCTFail(DiagnosticRenderer().text(diagnostic)) }
    XCTAssertNil(outcome.problem)
    XCTAssertGreaterThanOrEqual(outcome.statements.count, 150)
  }

  func testEveryStatementPrintsAndParsesTheSame() throws {
    for statement in Parser.parse(try Self.corpus(), mode: .file).statements {
      for printer in [TreePrinter(), TreePrinter(isASCII: true)] {
        let text = printer.text(statement)
        if printer.isASCII { XCTAssertTrue(text.utf8.allSatisfy { $0 < 0x80 }, text) }
        let again = Parser.parse(Source(name: "printed", text: text), mode: .file)
        XCTAssertEqual(again.statements, [statement], "\(statement.place.text)\n  printed as\n\(text)")
      }
    }
  }
}
