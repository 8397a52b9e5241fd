import XCTest

@testable import Figures

final class TicksTests: XCTestCase {
  func testLinearTicks() {
    let cases: [(Double, Double, Int, String)] = [
      (0, 1, 5, "0 0.5 1"), (0, 1, 6, "0 0.2 0.4 0.6 0.8 1"), (-6, 6, 8, "-6 -4 -2 0 2 4 6"),
      (0.13, 0.87, 4, "0.2 0.4 0.6 0.8"),
      (1957, 2019, 7, "1960 1970 1980 1990 2000 2010"), (0, 3e-7, 4, "0 1e-7 2e-7 3e-7"),
      (-2.5e9, 2.5e9, 5, "-2e9 -1e9 0 1e9 2e9"), (3, 3, 5, "3"), (0.1, 0.3, 3, "0.1 0.2 0.3"),
      (-1e300, 1e300, 3, "-1e300 0 1e300"),
    ]
    for (low, high, most, expected) in cases {
      XCTAssertEqual(
        Ticks.linear(low, high, atMost: most).map(\.label).joined(separator: " "), expected, "\(low) \(high) \(most)")
    }
  }

  func testLogarithmicTicks() {
    let cases: [(Double, Double, Int, String)] = [
      (1, 1e4, 5, "1 10 100 1000 10000"), (1e-12, 1, 5, "1e-12 1e-9 1e-6 0.001 1"),
      (0.2, 50, 12, "0.2 0.5 1 2 5 10 20 50"),
      (1, 100, 4, "1 10 100"), (2, 8, 4, "2 4 6 8"), (1e-300, 1e300, 5, "1e-200 1 1e200"),
    ]
    for (low, high, most, expected) in cases {
      XCTAssertEqual(
        Ticks.logarithmic(low, high, atMost: most).map(\.label).joined(separator: " "), expected,
        "\(low) \(high) \(most)")
    }
  }

  /// However they are chosen: in order, within the ends, no more than there is room for, equal steps.
  func testRandomEnds() {
    var generator = Generator(state: 7)
    for _ in 0..<20_000 {
      let size = pow(10, Double.random(in: -12...12, using: &generator))
      let low = Double.random(in: -1...1, using: &generator) * size
      let high = low + Double.random(in: 0.001...1, using: &generator) * size
      let most = Int.random(in: 2...12, using: &generator)
      let ticks = Ticks.linear(low, high, atMost: most).map(\.value)
      let slack = (high - low) * 1e-6
      XCTAssertLessThanOrEqual(ticks.count, most)
      // The finest step with so few: a coarser one would be half as many or less.
      XCTAssertGreaterThanOrEqual(ticks.count, most >= 5 ? 2 : 0, "\(low) \(high) \(most)")
      for value in ticks { XCTAssert(value >= low - slack && value <= high + slack) }
      let steps = zip(ticks, ticks.dropFirst()).map { $1 - $0 }
      for step in steps { XCTAssertEqual(step, steps[0], accuracy: (high - low) * 1e-6 + abs(low) * 1e-12) }
    }
  }

  func testScalesHoldWhatTheyShow() {
    var generator = Generator(state: 8)
    for isLogarithmic in [false, true] {
      for _ in 0..<5000 {
        let size = pow(10, Double.random(in: -9...9, using: &generator))
        let values = (0..<5).map { _ in
          isLogarithmic
            ? pow(10, Double.random(in: -9...9, using: &generator))
            : Double.random(in: -1...1, using: &generator) * size
        }
        guard
          let scale = AxisScale(
            values, Chart.Axis(isLogarithmic: isLogarithmic), isRounded: true, atMost: 7)
        else { return XCTFail("no scale") }
        let parts = values.compactMap(scale.part)
        XCTAssertEqual(parts.count, 5)
        for part in parts { XCTAssert(part >= -1e-6 && part <= 1 + 1e-6, "\(values)") }
        // And are not much larger than it.
        XCTAssertGreaterThan((parts.max() ?? 0) - (parts.min() ?? 0), isLogarithmic ? 0.2 : 0.5, "\(values)")
      }
    }
  }

  func testWhatHasNoPlace() {
    let axis = Chart.Axis()
    XCTAssertNil(AxisScale([.nan, .infinity], axis, isRounded: true, atMost: 5))
    XCTAssertNil(AxisScale([-1, 0], Chart.Axis(isLogarithmic: true), isRounded: true, atMost: 5))
    XCTAssertNil(AxisScale([1, 2], axis, isRounded: false, atMost: 5)?.part(.nan))
    let constant = AxisScale([4, 4], axis, isRounded: false, atMost: 5)
    XCTAssertEqual(constant?.part(4), 0.5)
    let huge = AxisScale([-1e300, 1e300, 1.7e308], axis, isRounded: true, atMost: 5)
    XCTAssertEqual(huge?.part(0), 0.5)
  }
}

/// Random numbers that repeat (Steele, Lea and Flood 2014, SplitMix64).
struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
