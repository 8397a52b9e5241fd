import Foundation
import XCTest

@testable import Syntax

/// Every construct, from `Scripts/corpus.cell`.
final class CorpusTests: XCTestCase {
  static let top = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func corpus() throws -> Source {
    let file = top.appendingPathComponent("Scripts/corpus.cell")
    return Source(name: "corpus.cell", text: try String(contentsOf: file, encoding: .utf8))
  }

  /// Whatever the program brings along can be read, and prints as it reads.
  func testTheLibraryParses() throws {
    let library = Self.top.appendingPathComponent("Stdlib")
    let files = FileManager.default.enumerator(at: library, includingPropertiesForKeys: nil)?.allObjects ?? []
    for case let file as URL in files where file.pathExtension == "cell" {
      let source = Source(name: file.path, text: try String(contentsOf: file, encoding: .utf8))
      let outcome = Parser.parse(source, mode: .file)
      if case .failed(let diagnostic) = outcome.problem { XCTFail(DiagnosticRenderer().text(diagnostic)) }
      let printed = Source(name: "printed", text: TreePrinter().text(outcome.statements))
      XCTAssertEqual(Parser.parse(printed, mode: .file).statements, outcome.statements, file.path)
    }
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
