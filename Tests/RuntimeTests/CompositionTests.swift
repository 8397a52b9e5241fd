import Algebra
import XCTest

@testable import Runtime

/// Cells built of cells, against their parts run by hand.
final class CompositionTests: XCTestCase {
  private let gated = SampleCells.gated

  /// A net with the parameters of a part of another: `prefix.W` for `W`.
  private func part(_ text: String, of net: Net, _ prefix: String, _ widths: [(name: String, value: Int)]) throws -> Net
  {
    let part = try Net(try readCell(text), widths: widths, type: .float64)
    for symbol in part.recurrence.parameters {
      let name = prefix + part.recurrence.store[symbol].name
      part.setParameter(symbol, net.parameter(try net.symbol(name)))
    }
    return part
  }

  func testAStackFeedsEachPartWithTheOneBefore() throws {
    let delayed = "cell D(x) -> h { h[t] = tanh(U · h[t-2] + W · [x[t-1], x[t]]); init h[-1] = 0.5 }"
    let cell = try Composition.stack([("layer1", try readCell(gated)), ("out", try readCell(delayed))])
    let net = try Net(cell, widths: [("x", 2), ("layer1.h", 3), ("out.h", 4)], seed: 5, type: .float64)
    let first = try part(gated, of: net, "layer1.", [("x", 2), ("h", 3)])
    let second = try part(delayed, of: net, "out.", [("x", 3), ("h", 4)])
    for piece in [sequence(20), sequence(2, phase: 1), sequence(30, phase: 2)] {
      let answer = try net.feed(piece)
      let middle = try first.feed(piece)
      XCTAssertEqual(answer, try second.feed(middle))
    }
    XCTAssertEqual(try net.track("layer1.z", 1...26), try first.track("z", 1...26))
    XCTAssertEqual(try net.track("out.h", -1...26), try second.track("h", -1...26))
  }

  func testAResidualAddsItsInput() throws {
    let cell = try Composition.residual(try readCell(gated))
    let net = try Net(cell, widths: [("x", 3)], seed: 6, type: .float64)
    let inner = try part(gated, of: net, "inner.", [("x", 3), ("h", 3)])
    let input = sequence(30)
    let answer = try net.feed(input)
    XCTAssertEqual(answer, zip(try inner.feed(input), input).map { $0 + $1 })
  }

  func testBothDirectionsAreTwoNets() throws {
    let cell = try Composition.bidirectional(try readCell(gated))
    for batch in [1, 2] {
      let net = try Net(cell, widths: [("x", 2), ("ahead.h", 3), ("back.h", 3)], seed: 7, type: .float64)
      let ahead = try part(gated, of: net, "ahead.", [("x", 2), ("h", 3)])
      for (steps, phase) in [(7, 0.0), (1, 1.0), (300, 2.0)] {
        let back = try part(gated, of: net, "back.", [("x", 2), ("h", 3)])
        let input = sequence(steps * batch * 2, phase: phase)
        let answer = try net.feed(input, batch: batch)
        // The part ahead goes on; the part back begins anew at the end of each feed.
        let one = try ahead.feed(input, batch: batch)
        let other = reversed(try back.feed(reversed(input, steps), batch: batch), steps)
        let width = steps * batch
        for row in 0..<width {
          XCTAssertEqual(Array(answer[row * 6..<row * 6 + 3]), Array(one[row * 3..<row * 3 + 3]), "ahead, row \(row)")
          XCTAssertEqual(
            Array(answer[row * 6 + 3..<row * 6 + 6]), Array(other[row * 3..<row * 3 + 3]), "back, row \(row)")
        }
      }
      XCTAssertEqual(try net.track("ahead.h", 1...308), try ahead.track("h", 1...308))
    }
  }

  private func reversed(_ values: [Double], _ steps: Int) -> [Double] {
    let width = values.count / steps
    return (0..<steps).reversed().flatMap { values[$0 * width..<($0 + 1) * width] }
  }

  func testNestedCompositions() throws {
    let inner = try Composition.residual(try readCell(gated), name: "inner")
    let both = try Composition.bidirectional(inner, name: "both")
    let cell = try Composition.stack([("a", both), ("b", try readCell(gated))])
    let net = try Net(cell, widths: [("x", 3), ("b.h", 2)], seed: 1, type: .float64)
    let input = sequence(12)
    let answer = try net.feed(input)
    XCTAssertEqual(answer.count, 8)
    let top = try part(gated, of: net, "b.", [("x", 6), ("h", 2)])
    XCTAssertEqual(answer, try top.feed(try net.track("a.y", 1...4)))
  }

  func testALearnedStartBeginsAsItsInitLineSays() throws {
    let net = try Net(
      try readCell("cell L(x) -> h { h[t] = h[t-1] + x[t]; init h[0] = 0.5; learn h[0] }"), widths: [("x", 2)],
      type: .float64)
    XCTAssertEqual(try net.feed([1, 2]), [1.5, 2.5])
    net.reset()
    net.setParameter(try net.symbol("h"), [10, 20])
    XCTAssertEqual(try net.feed([1, 2]), [11, 22])
  }
}
