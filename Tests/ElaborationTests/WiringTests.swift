import Algebra
import Foundation
import XCTest

@testable import Elaboration
@testable import Figures

/// Cells as graphs, and how they are laid out.
final class WiringTests: XCTestCase {
  /// The whole wiring in words: nodes by their labels, each with what it reads.
  private func table(_ name: String) throws -> [String] {
    let wiring = try LibraryRunner.recurrence(name).wiring()
    return wiring.nodes.enumerated().map { index, node in
      let reads = wiring.edges.filter { $0.to == index }.map { "\($0.from)" }.joined(separator: " ")
      let name = node.name.map { "\($0) " } ?? ""
      return "\(index) \(name)\(node.label)\(node.isGate ? " gate" : "")\(reads.isEmpty ? "" : " of \(reads)")"
    }
  }

  func testWiringOfTheUsualCells() throws {
    XCTAssertEqual(try table("RNN"), ["?"])
    XCTAssertEqual(try table("LSTM"), ["?"])
    XCTAssertEqual(try table("GRU"), ["?"])
  }
}
