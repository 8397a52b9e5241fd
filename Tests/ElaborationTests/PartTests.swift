import Algebra
import XCTest

@testable import Elaboration
@testable import Figures

/// Cells built of cells: their parts as cells, and as blocks.
final class PartTests: XCTestCase {
  private func cell(_ name: String) throws -> Recurrence {
    try LibraryRunner.recurrence(of: try LibraryFolder.cell(name))
  }

  private func stack() throws -> Recurrence {
    try Composition.stack([("layer1", try cell("LSTM")), ("layer2", try Composition.residual(try cell("GRU")))])
  }

  func testAPartIsACellByItself() throws {
    let stack = try stack()
    XCTAssertEqual(stack.partNames, ["layer1", "layer2.inner", "layer2"])
    let inner = try XCTUnwrap(stack.part("layer2.inner"))
    func names(_ symbols: [SymbolID]) -> [String] { symbols.map { inner.store[$0].name } }
    XCTAssertEqual(names(inner.variables), ["z", "r", "h̃", "h"])
    XCTAssertEqual(names(inner.inputs), ["layer1.h"])
    XCTAssertEqual(names(inner.outputs), ["h"])
    XCTAssertEqual(names(inner.states), ["h"])
    XCTAssertEqual(inner.gates.compactMap { $0.symbol.map { inner.store[$0].name } }, ["z", "r"])
    XCTAssertNil(stack.part("layer3"))
    XCTAssertNil(try cell("LSTM").part("f"))
  }

  func testBlocksReadWhatTheirCellsRead() throws {
    let blocks = try XCTUnwrap(WiringBlocks(try stack())?.blocks)
    XCTAssertEqual(blocks.map(\.name), ["layer1", "layer2"])
    XCTAssertEqual(blocks.map(\.blocks), [[], [0]])
    XCTAssertEqual(blocks.map(\.states.count), [2, 1])
    let ways = try XCTUnwrap(WiringBlocks(try Composition.bidirectional(try cell("GRU")))?.blocks)
    XCTAssertEqual(ways.map(\.name), ["ahead", "back", "y"])
    XCTAssertEqual(ways.map { Set($0.shifts.values) }, [[-1], [1], []])
    XCTAssertEqual(ways.map(\.cell), ["GRU", "GRU", nil])
    XCTAssertNil(WiringBlocks(try cell("LSTM")))
  }

  func testBlocksAreLaidOut() throws {
    let layers = (1...12).map { ("layer\($0)", $0 % 2 == 0 ? "GRU" : "LSTM") }
    let deep = try Composition.stack(try layers.map { ($0.0, try cell($0.1)) })
    for recurrence in [try stack(), try Composition.bidirectional(try cell("LSTM")), deep] {
      let diagram = try XCTUnwrap(Diagram(blocksOf: recurrence))
      for metrics in [DiagramDrawing.metrics, TerminalDiagram.metrics(isNarrow: true)] {
        let layout = try XCTUnwrap(DiagramLayout(diagram, metrics), recurrence.name)
        XCTAssertEqual(LayoutCheck(diagram, layout).faults, [], recurrence.name)
      }
      XCTAssertEqual(DrawingFaults(diagram.drawing()).list, [], recurrence.name)
    }
  }

  /// Layers that run both ways: the names of their states say which way each comes from.
  func testStatesOfLayersThatRunBothWays() throws {
    let both = try Composition.bidirectional(try cell("LSTM"))
    let recurrence = try Composition.stack([("layer1", both), ("layer2", try cell("GRU"))])
    let diagram = try XCTUnwrap(Diagram(blocksOf: recurrence))
    XCTAssertEqual(
      diagram.nodes.filter { $0.role == .earlier }.map(\.label),
      ["ahead.(c, h)[t-1], back.(c, h)[t+1]", "h[t-1]"])
    XCTAssertEqual(DrawingFaults(diagram.drawing()).list, [])
  }
}
