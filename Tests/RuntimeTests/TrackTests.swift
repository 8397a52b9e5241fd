import Algebra
import XCTest

@testable import Runtime

/// The track: states and parameters that are written, values held, and values dropped and computed again.
final class TrackTests: XCTestCase {
  /// h[t] = h[t-1] / 2 + x[t] of width 1.
  private func leaky(_ width: Int = 1) throws -> Net {
    try Net(try readCell(SampleCells.leaky), widths: [("x", width)], type: .float64)
  }

  // MARK: States

  func testAWrittenStateIsWhatTheNextStepReads() throws {
    let net = try leaky()
    let h = try net.symbol("h")
    try net.setState(h, time: 0, [8])
    XCTAssertEqual(try net.feed([1, 1]), [5, 3.5])
    try net.setState(h, time: 2, [-4])
    XCTAssertEqual(try net.feed([1, 0]), [-1, -0.5])
    XCTAssertEqual(try net.track("h", 0...4), [8, 5, -4, -1, -0.5])
    XCTAssertThrowsError(try net.setState(h, time: 2, [1]), "the past is written by rewinding")
    XCTAssertThrowsError(try net.setState(h, time: 5, [1]))
    XCTAssertEqual(try net.track("h", 0...4), [8, 5, -4, -1, -0.5])
  }

  func testRewindingBeforeAWriteForgetsIt() throws {
    let net = try leaky()
    try net.feed([4, 4, 4])
    try net.setState(net.symbol("h"), time: 3, [100])
    try net.rewind(to: 3)
    XCTAssertEqual(try net.track("h", 3...3), [100])
    try net.rewind(to: 2)
    XCTAssertEqual(try net.track("h", 1...2), [4, 6])
    XCTAssertEqual(try net.feed([0]), [3])
  }

  func testAWrittenStateFillsOrFitsABatch() throws {
    let net = try leaky(2)
    let h = try net.symbol("h")
    try net.setState(h, time: 0, [2, 4])
    XCTAssertEqual(try net.feed([0, 0, 1, 1], batch: 2), [1, 2, 2, 3])
    try net.setState(h, time: 1, [2, 4, 8, 16])
    XCTAssertEqual(try net.feed([0, 0, 0, 0], batch: 2), [1, 2, 4, 8])
    try net.setState(h, time: 2, [6, 8])
    XCTAssertEqual(try net.feed([0, 0, 0, 0], batch: 2), [3, 4, 3, 4])
  }

  func testOlderStatesReachThroughAWrite() throws {
    // h[t] = h[t-1] + 10 * h[t-2] + x[t]
    let net = try Net(
      try readCell("cell Two(x) -> h { h[t] = h[t-1] + 10 * h[t-2] + x[t]; init h[0] = 3; init h[-1] = 1 }"),
      widths: [("x", 1)], type: .float64)
    XCTAssertEqual(try net.track("h", -1...0), [1, 3])
    XCTAssertEqual(try net.feed([0, 1]), [13, 13 + 30 + 1])
    try net.setState(net.symbol("h"), time: 2, [2])
    XCTAssertEqual(try net.feed([0, 0]), [2 + 130, 132 + 20])
  }

  // MARK: Parameters

  func testAParameterWrittenMidwayKeepsTheEarlierTrack() throws {
    let net = try Net(
      try readCell("cell G(x) -> h { h[t] = a * h[t-1] + x[t]; param a: 1 }"), widths: [("x", 1)], type: .float64)
    let a = try net.symbol("a")
    net.setParameter(a, [2])
    XCTAssertEqual(try net.feed([1, 1, 1]), [1, 3, 7])
    net.setParameter(a, [10])
    XCTAssertEqual(try net.track("h", 1...3), [1, 3, 7])
    XCTAssertEqual(try net.feed([1, 1]), [71, 711])
    XCTAssertEqual(try net.track("h", 1...5), [1, 3, 7, 71, 711])
    // Going back to a time that ran with the old value goes on with the new one.
    try net.rewind(to: 2)
    XCTAssertEqual(try net.feed([1]), [31])
    XCTAssertEqual(try net.track("h", 1...3), [1, 3, 31])
  }

  // MARK: Values that are dropped

  func testDroppedValuesAreComputedAgainAsTheyWere() throws {
    for text in SampleCells.all {
      for batch in [1, 2] {
        let cell = try readCell(text)
        let widths = cell.shapes.openWidths.map { (name: $0, value: $0 == "x" ? 2 : 3) }
        let kept = try Net(cell, widths: widths, seed: 8, type: .float64)
        let dropping = kept.copy()
        dropping.keptNumbers = 2000
        for net in [kept, dropping] {
          try net.feed(sequence(1500 * 2 * batch), batch: batch)
          for parameter in cell.parameters {
            net.setParameter(parameter, net.parameter(parameter).map { $0 * 0.75 + 0.01 })
          }
          try net.feed(sequence(700 * 2 * batch, phase: 1), batch: batch)
          let h = try net.symbol("h")
          try net.setState(h, time: net.time, sequence(net.count(h) * batch, phase: 0.5))
          _ = try? net.feed(sequence(900 * 2 * batch, phase: 2), batch: batch) { true }
          try net.feed(sequence(1300 * 2 * batch, phase: 3), batch: batch)
          try net.rewind(to: net.time - 11)
          for step in 0..<30 { try net.feed(sequence(2 * batch, phase: Double(step)), batch: batch) }
          try net.feed(sequence(2000 * 2 * batch, phase: 4), batch: batch)
        }
        try assertSame(dropping, kept, cell.name)
        // Looked at piece by piece, and from the end.
        for name in cell.variables.map({ cell.store[$0].name }) {
          for time in stride(from: kept.time, through: 1, by: -397) {
            XCTAssertEqual(try dropping.track(name, time...time), try kept.track(name, time...time), "\(name)[\(time)]")
          }
        }
        // Going back into what was dropped, and on from there.
        for net in [kept, dropping] {
          try net.rewind(to: 1601)
          try net.feed(sequence(40 * batch, phase: 5), batch: batch)
        }
        try assertSame(dropping, kept, cell.name)
        let held = try [kept, dropping].map { net in
          try net.clamped([Clamp(symbol: net.symbol("h"), times: 100...1550, values: [0.25])])
        }
        try assertSame(held[0], held[1], cell.name)
      }
    }
  }

  // MARK: Clamps

  func testAClampHoldsAVariableAtItsTimes() throws {
    let net = try leaky()
    try net.feed([4, 4, 4, 4, 4])
    let h = try net.symbol("h")
    let held = try net.clamped([Clamp(symbol: h, times: 2...3, values: [1])])
    XCTAssertEqual(try held.track("h", 1...5), [4, 1, 1, 4.5, 6.25])
    XCTAssertEqual(try net.track("h", 1...5), [4, 6, 7, 7.5, 7.75], "the net itself stays")
    XCTAssertEqual(try held.feed([0]), [3.125])
    let twice = try held.clamped([Clamp(symbol: h, times: 3...4, values: [2])])
    XCTAssertEqual(try twice.track("h", 1...6), [4, 1, 2, 2, 5, 2.5])
    // A clamp of times to come holds when they come.
    let ahead = try net.clamped([Clamp(symbol: h, times: 7...7, values: [100])])
    XCTAssertEqual(try ahead.feed([0, 0, 0]), [3.875, 100, 50])
  }

  func testAClampKeepsWhatWasWritten() throws {
    let net = try Net(
      try readCell("cell G(x) -> h { h[t] = a * h[t-1] + x[t]; param a: 1 }"), widths: [("x", 1)], type: .float64)
    let (a, h) = (try net.symbol("a"), try net.symbol("h"))
    try net.setState(h, time: 0, [1])
    net.setParameter(a, [2])
    try net.feed([0, 0])  // 2, 4
    try net.setState(h, time: 2, [5])
    net.setParameter(a, [3])
    try net.feed([0, 0])  // 15, 45
    let held = try net.clamped([Clamp(symbol: h, times: 1...1, values: [7])])
    XCTAssertEqual(try held.track("h", 0...4), [1, 7, 5, 15, 45])
    XCTAssertEqual(try net.clamped([Clamp(symbol: h, times: 3...3, values: [7])]).track("h", 0...4), [1, 2, 5, 7, 21])
    XCTAssertEqual(held.parameter(a), [3])
  }

  func testAClampOfAVectorInABatch() throws {
    let net = try leaky(2)
    try net.feed([1, 2, 3, 4, 5, 6, 7, 8], batch: 2)
    let held = try net.clamped([Clamp(symbol: net.symbol("h"), times: 1...1, values: [10, 20])])
    XCTAssertEqual(try held.track("h", 1...2), [10, 20, 10, 20, 10, 16, 12, 18])
  }

  func testAClampOfAGateLeavesTheOthers() throws {
    let net = try Net(try readCell(SampleCells.gated), widths: [("x", 2), ("h", 3)], seed: 2, type: .float64)
    try net.feed(sequence(40))
    let held = try net.clamped([Clamp(symbol: net.symbol("z"), times: 6...9, values: [0])])
    let (before, after) = (try net.track("h", 1...5), try held.track("h", 1...5))
    XCTAssertEqual(before, after)
    for time in 6...9 { XCTAssertEqual(try held.track("h", time...time), try net.track("h", 5...5)) }
    XCTAssertEqual(try held.track("z", 6...9), [Double](repeating: 0, count: 12))
    XCTAssertEqual(try held.track("r", 6...6), try net.track("r", 6...6), "r[6] read h[5], which is the same")
    XCTAssertNotEqual(try held.track("r", 8...8), try net.track("r", 8...8))
  }

  func testAnInterruptedClampLeavesTheNet() throws {
    let net = try leaky()
    try net.feed(sequence(40_000))
    let before = try net.everything()
    XCTAssertThrowsError(try net.clamped([Clamp(symbol: net.symbol("h"), times: 2...3, values: [1])]) { true })
    XCTAssertTrue(try net.everything() == before)
  }
}
