import Algebra
import XCTest

@testable import Runtime

/// Feeding, going back, copies and interrupts, each compared with a net that took the straight way.
final class FeedingTests: XCTestCase {
  private func nets(_ type: NumberType = .float64, seed: UInt64 = 3) throws -> [Net] {
    try SampleCells.all.map { text in
      let cell = try readCell(text)
      let widths = cell.shapes.openWidths.map { (name: $0, value: $0 == "x" ? 2 : 3) }
      return try Net(cell, widths: widths, seed: seed, type: type)
    }
  }

  func testTheSameSeedGivesTheSameBitsAndAnotherDoesNot() throws {
    for type in NumberType.allCases {
      for (one, (same, other)) in zip(try nets(type), zip(try nets(type), try nets(type, seed: 4))) {
        let input = sequence(40)
        XCTAssertEqual(try one.feed(input), try same.feed(input))
        try assertSame(one, same)
        if !one.recurrence.parameters.isEmpty { XCTAssertNotEqual(try one.feed(input), try other.feed(input)) }
      }
    }
  }

  func testPiecesAreTheWhole() throws {
    // 256 steps are computed at a time, 1024 make a segment of the track.
    let pieces = [1, 255, 256, 2, 600, 300]
    for type in NumberType.allCases {
      for batch in [1, 3] {
        for net in try nets(type) {
          let total = pieces.reduce(0, +)
          let input = sequence(total * batch * 2)
          let whole = net.copy()
          let answer = try whole.feed(input, batch: batch)
          var parts: [Double] = []
          var start = 0
          for piece in pieces {
            parts += try net.feed(Array(input[start..<start + piece * batch * 2]), batch: batch)
            start += piece * batch * 2
          }
          XCTAssertEqual(parts, answer, net.recurrence.name)
          try assertSame(net, whole, net.recurrence.name)
        }
      }
    }
  }

  func testASequenceOfABatchIsTheSequenceAlone() throws {
    for net in try nets() {
      let (first, second) = (sequence(60), sequence(60, phase: 1))
      var both: [Double] = []
      for step in 0..<30 {
        both += first[step * 2..<step * 2 + 2]
        both += second[step * 2..<step * 2 + 2]
      }
      let alone = net.copy()
      let answer = try net.feed(both, batch: 2)
      let single = try alone.feed(second)
      let width = net.count(net.recurrence.outputs[0])
      for step in 0..<30 {
        let (from, to) = ((step * 2 + 1) * width, (step * 2 + 2) * width)
        XCTAssertEqual(Array(answer[from..<to]), Array(single[step * width..<(step + 1) * width]))
      }
    }
  }

  func testRewoundIsAsIfNeverGoneFurther() throws {
    for net in try nets() {
      for target in [0, 1, 3, 255, 256, 257, 1023, 1024, 1025, 1400] {
        let net = net.copy()
        let straight = net.copy()
        let (before, other) = (sequence(1400 * 2), sequence(40, phase: 0.3))
        try net.feed(before)
        try net.rewind(to: target)
        XCTAssertEqual(net.time, target)
        XCTAssertThrowsError(try net.track(net.recurrence.name == "Leaky" ? "h" : "h", 1...target + 1))
        let again = try net.feed(other)
        if target > 0 { try straight.feed(Array(before[..<(target * 2)])) }
        XCTAssertEqual(again, try straight.feed(other), "\(net.recurrence.name) to \(target)")
        try assertSame(net, straight, "\(net.recurrence.name) to \(target)")
      }
    }
  }

  func testRewindRefusesTimesThatAreNotThere() throws {
    let net = try nets()[0]
    try net.feed(sequence(6))
    XCTAssertThrowsError(try net.rewind(to: 4))
    XCTAssertThrowsError(try net.rewind(to: -1))
    XCTAssertEqual(net.time, 3)
  }

  func testACopyGoesItsOwnWay() throws {
    for net in try nets() {
      try net.feed(sequence(20))
      let kept = try net.everything()
      let copy = net.copy()
      let here = try copy.feed(sequence(10, phase: 1))
      for parameter in copy.recurrence.parameters {
        copy.setParameter(parameter, [Double](repeating: 0.125, count: copy.count(parameter)))
      }
      try copy.setState(
        copy.symbol("h"), time: copy.time, [0.5, 0.25, 0.125].prefix(copy.count(copy.symbol("h"))).map { $0 })
      try copy.feed(sequence(4))
      XCTAssertEqual(try net.everything(), kept)
      XCTAssertEqual(try net.feed(sequence(10, phase: 1)), here)
    }
  }

  func testResetBeginsAnew() throws {
    for net in try nets() {
      let first = try net.feed(sequence(20))
      try net.setState(net.symbol("h"), time: net.time, [Double](repeating: 9, count: net.count(net.symbol("h"))))
      net.reset()
      XCTAssertEqual(net.time, 0)
      XCTAssertNil(net.batch)
      XCTAssertEqual(try net.feed(sequence(20)), first)
    }
  }

  // MARK: Interrupts

  func testAnInterruptedFeedLeavesTheNetAsItWas() throws {
    for net in try nets() {
      for asked in [0, 1, 2] {
        let net = net.copy()
        let straight = net.copy()
        let start = sequence(10)
        try net.feed(start)
        try straight.feed(start)
        var questions = 0
        XCTAssertThrowsError(
          try net.feed(sequence(80_000, phase: 2)) {
            questions += 1
            return questions > asked
          })
        XCTAssertEqual(net.time, 5)
        try assertSame(net, straight)
        let more = sequence(600, phase: 0.9)
        XCTAssertEqual(try net.feed(more), try straight.feed(more))
        try assertSame(net, straight, "\(net.recurrence.name), asked \(asked) times")
      }
    }
  }

  func testAnInterruptedFirstFeedLeavesNoBatch() throws {
    let net = try nets()[0]
    XCTAssertThrowsError(try net.feed(sequence(20_000), batch: 2) { true })
    XCTAssertNil(net.batch)
    XCTAssertEqual(net.time, 0)
    XCTAssertNoThrow(try net.feed(sequence(6), batch: 3))
  }

  // MARK: Batches and sizes

  func testABatchStaysUntilReset() throws {
    let net = try nets()[0]
    try net.feed(sequence(12), batch: 2)
    XCTAssertThrowsError(try net.feed(sequence(12), batch: 3)) { error in
      guard case NetError.batch(had: 2, got: 3) = error else { return XCTFail("\(error)") }
    }
    XCTAssertEqual(net.time, 3)
    net.reset()
    XCTAssertNoThrow(try net.feed(sequence(12), batch: 3))
  }

  func testInputsThatAreNotWholeAreRefused() throws {
    let net = try nets()[0]
    let x = net.recurrence.inputs[0]
    for (values, steps, batch) in [
      ([1.0], 1, 1), ([1, 2, 3], 1, 1), ([], 1, 1), ([1, 2], 1, 0), ([1, 2], -1, -1), ([1, 2], Int.max, Int.max),
      ([1, 2], 1, 1_000_000_000), ([], 1_000_000_000, 1_000_000_000),
    ] {
      XCTAssertThrowsError(try net.feed([x: values], steps: steps, batch: batch), "\(steps) × \(batch)")
    }
    XCTAssertThrowsError(try net.feed([:], steps: 1, batch: 1))
    XCTAssertEqual(net.time, 0)
    XCTAssertNil(net.batch)
  }

  func testSizesBeyondBoundsAreErrors() throws {
    let huge = [1_000_000, 1_000_000_000, 1_000_000_000_000_000_000, Int.max]
    for text in SampleCells.all + [
      "cell B(x) -> h { h[t] = [x[t], x[t-1], x[t]] }", "cell D(x) -> h { h[t] = h[t-10000] + x[t] }",
    ] {
      let cell = try readCell(text)
      for value in huge {
        let widths = cell.shapes.openWidths.map { (name: $0, value: value) }
        guard let net = try? Net(cell, widths: widths) else { continue }
        XCTAssertLessThanOrEqual(value, Net.largest, "a net \(value) wide")
        let x = net.recurrence.inputs[0]
        _ = try? net.feed([x: [Double](repeating: 1, count: net.count(x))], steps: 1, batch: 1)
      }
      for value in [0, -1, Int.min] {
        XCTAssertThrowsError(try Net(cell, widths: cell.shapes.openWidths.map { (name: $0, value: value) }))
      }
    }
    let multiplied = try readCell("cell E(x) -> h { h[t] = W · [x[t], x[t]]; param W: 1000000·x × 2·x }")
    for value in huge { XCTAssertThrowsError(try Net(multiplied, widths: [("x", value)])) }
  }
}
