import Algebra
import Foundation
import XCTest

@testable import Elaboration
@testable import Figures

/// Cells as graphs, and how they are laid out.
final class WiringTests: XCTestCase {
  /// The whole wiring in words: nodes by their labels, each with what it reads.
  private func table(_ name: String) throws -> [String] {
    let wiring = try LibraryRunner.recurrence(of: LibraryFolder.cell(name)).wiring()
    return wiring.nodes.enumerated().map { index, node in
      let reads = wiring.edges.filter { $0.to == index }.map { "\($0.from)" }.joined(separator: " ")
      let name = node.name.map { "\($0) " } ?? ""
      return "\(index) \(name)\(node.label)\(node.isGate ? " gate" : "")\(reads.isEmpty ? "" : " of \(reads)")"
    }
  }

  func testWiringOfTheUsualCells() throws {
    XCTAssertEqual(try table("RNN"), ["0 x[t]", "1 h[t-1]", "2 h tanh of 0 1", "3 h[t] of 2"])
    XCTAssertEqual(
      try table("LSTM"),
      [
        "0 h[t-1]", "1 x[t]", "2 f σ gate of 0 1", "3 i σ gate of 0 1", "4 g tanh of 0 1", "5 o σ gate of 0 1",
        "6 c[t-1]", "7 × of 2 6", "8 × of 3 4", "9 c + of 7 8", "10 tanh of 9", "11 h × of 5 10", "12 c[t] of 9",
        "13 h[t] of 11",
      ])
    XCTAssertEqual(
      try table("GRU"),
      [
        "0 h[t-1]", "1 x[t]", "2 z σ gate of 0 1", "3 r σ gate of 0 1", "4 × of 3 0", "5 h̃ tanh of 4 1", "6 1− of 2",
        "7 × of 6 0", "8 × of 2 5", "9 h + of 7 8", "10 h[t] of 9",
      ])
  }

  // MARK: Layouts

  /// In a file: boxes apart, wires whole and beside foreign boxes, no two on one line, tracks straight; and, as an eye
  /// sees it, no text across lines, boxes or another.
  private func checkFile(_ recurrence: Recurrence, _ name: String) throws {
    let diagram = Diagram(try recurrence.wiring(), of: recurrence)
    let file = DiagramDrawing(diagram)
    let layout = try XCTUnwrap(file.layout, name)
    XCTAssertEqual(LayoutCheck(diagram, layout).faults, [], name)
    XCTAssertEqual(DrawingFaults(file.drawing).list, [], name)
  }

  func testLibraryIsLaidOut() throws {
    for entry in try LibraryFolder.index() {
      let recurrence = try LibraryRunner.recurrence(of: LibraryFolder.cell(entry.name))
      try checkFile(recurrence, entry.name)
      let diagram = Diagram(try recurrence.wiring(), of: recurrence)
      for isNarrow in [false, true] {
        let layout = try XCTUnwrap(DiagramLayout(diagram, TerminalDiagram.metrics(isNarrow: isNarrow)), entry.name)
        XCTAssertEqual(LayoutCheck(diagram, layout).faults, [], "\(entry.name), narrow: \(isNarrow)")
        // The usual terminal.
        if isNarrow { XCTAssertLessThanOrEqual(layout.width, 80, entry.name) }
      }
    }
  }

  func testRandomCellsAreLaidOut() throws {
    for seed in 0..<RandomCellCount.of(debug: 40, release: 200) {
      try checkFile(RandomCellCheck(RandomCellMaker.make(seed: seed)).recurrence(), "seed \(seed)")
    }
  }

  /// A check that finds nothing wrong with anything would pass as well.
  func testTheCheckFindsFaults() throws {
    let recurrence = try LibraryRunner.recurrence(of: LibraryFolder.cell("LSTM"))
    let diagram = Diagram(try recurrence.wiring(), of: recurrence)
    let layout = try XCTUnwrap(DiagramLayout(diagram, DiagramDrawing.metrics))
    var moved = layout
    moved.boxes[0].center = moved.boxes[1].center
    XCTAssertFalse(LayoutCheck(diagram, moved).faults.isEmpty)
    var cut = layout
    cut.wires.removeLast()
    XCTAssertEqual(LayoutCheck(diagram, cut).faults, ["an edge has no wire"])
  }
}
