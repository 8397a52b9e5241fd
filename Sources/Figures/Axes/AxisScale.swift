import Glibc

/// Where values lie along an axis.
struct AxisScale {
  let low: Double
  let high: Double
  let isLogarithmic: Bool
  /// Only whole numbers lie on it: steps, epochs, years.
  let isWhole: Bool

  /// The largest value that has a place: beyond it differences overflow.
  static let largest = 1e300

  init(low: Double, high: Double, isLogarithmic: Bool) {
    self.low = low
    self.high = high
    self.isLogarithmic = isLogarithmic
    isWhole = false
  }

  /// As far as some values reach, which need not be sorted; nil if none of them has a place.
  ///
  /// - Parameter isRounded: it ends at round values.
  init?(_ values: some Sequence<Double>, _ axis: Chart.Axis, isRounded: Bool, atMost most: Int) {
    isLogarithmic = axis.isLogarithmic
    var (least, greatest) = (Double.infinity, -Double.infinity)
    var isWhole = !isRounded && !axis.isLogarithmic
    for value in values where AxisScale.hasPlace(value, isLogarithmic: axis.isLogarithmic) {
      if isWhole, value.rounded() != value { isWhole = false }
      least = min(least, value)
      greatest = max(greatest, value)
    }
    self.isWhole = isWhole
    if let range = axis.range, AxisScale.hasPlace(range.lowerBound, isLogarithmic: isLogarithmic),
      AxisScale.hasPlace(range.upperBound, isLogarithmic: isLogarithmic), range.lowerBound < range.upperBound
    {
      (low, high) = (range.lowerBound, range.upperBound)
      return
    }
    guard least <= greatest else { return nil }
    if isLogarithmic {
      let (from, to) = (log10(least), log10(greatest))
      if isRounded || from == to {
        // 1, 2 or 5 times a power of ten: a whole decade more may leave most of the plot empty.
        let (below, above) = (AxisScale.round(least, up: false), AxisScale.round(greatest, up: true))
        (low, high) = below < above ? (below, above) : (least / 10, greatest * 10)
      } else {
        (low, high) = (least, greatest)
      }
      return
    }
    // What differs by rounding alone is one value.
    if greatest - least <= max(least.magnitude, greatest.magnitude) * 1e-12 {
      let margin = least == 0 ? 1 : least.magnitude / 2
      (least, greatest) = (least - margin, greatest + margin)
    }
    guard isRounded else {
      (low, high) = (least, greatest)
      return
    }
    let step = Ticks.step(least, greatest, atMost: most)
    // To half a step: a whole one may leave much of the plot empty.
    let size = step.value(1) / 2
    let (first, last) = ((least / size + 1e-9).rounded(.down), (greatest / size - 1e-9).rounded(.up))
    guard first.magnitude < 1e15, last.magnitude < 1e15 else {
      (low, high) = (least, greatest)
      return
    }
    (low, high) = (step.value(Int(first)) / 2, step.value(Int(last)) / 2)
  }

  /// The next of 1, 2 or 5 times a power of ten below or above.
  private static func round(_ value: Double, up: Bool) -> Double {
    let exponent = Int(log10(value).rounded(.down))
    let candidates = (exponent - 1...exponent + 1).flatMap { exponent in
      [1, 2, 5].map { Ticks.Step(mantissa: $0, exponent: exponent).value(1) }
    }
    return up
      ? candidates.first { $0 >= value * (1 - 1e-9) } ?? value : candidates.last { $0 <= value * (1 + 1e-9) } ?? value
  }

  static func hasPlace(_ value: Double, isLogarithmic: Bool) -> Bool {
    value.magnitude <= largest && (!isLogarithmic || value >= 1e-300)
  }

  /// 0 at the low end, 1 at the high one, beyond for what lies outside; nil for what has no place.
  func part(_ value: Double) -> Double? {
    guard AxisScale.hasPlace(value, isLogarithmic: isLogarithmic) else { return nil }
    if isLogarithmic { return (log10(value) - log10(low)) / (log10(high) - log10(low)) }
    return (value - low) / (high - low)
  }

  func ticks(atMost most: Int) -> [Tick] {
    if isLogarithmic { return Ticks.logarithmic(low, high, atMost: most) }
    return Ticks.linear(low, high, atMost: isWhole ? max(min(most, wholeNumbers), 1) : most)
  }

  /// How many whole numbers lie on it: with so many ticks none stands between two of them.
  private var wholeNumbers: Int {
    let (first, last) = (low.rounded(.up), high.rounded(.down))
    return last - first < 1000 ? max(Int(last - first) + 1, 1) : 1000
  }
}
