import Glibc
import Typography

/// A value that is written beside an axis.
struct Tick: Equatable {
  let value: Double
  let label: String
  /// Of a power of ten: its exponent, which a drawing raises.
  var power: Int?
}

/// Round values between two ends.
///
/// Steps are 1, 2 or 5 times a power of ten: the part of Wilkinson's "nice numbers" (The Grammar of Graphics, 2005) that
/// people read without thinking; the finest of them with no more ticks than there is room for.
enum Ticks {
  /// A round step: `mantissa · 10^exponent`.
  struct Step: Equatable {
    let mantissa: Int
    let exponent: Int

    /// Correctly rounded, so that its shortest text is that of the decimal number: 3 · 0.1 is 0.3.
    func value(_ multiple: Int) -> Double {
      let whole = Double(multiple) * Double(mantissa)
      return exponent >= 0 ? whole * pow(10, Double(exponent)) : whole / pow(10, Double(-exponent))
    }

    /// The multiples of the step within two ends, which a rounding error does not shut out.
    func multiples(_ low: Double, _ high: Double) -> ClosedRange<Int>? {
      let size = value(1)
      let (first, last) = ((low / size - 1e-9).rounded(.up), (high / size + 1e-9).rounded(.down))
      guard first.magnitude < 1e15, last.magnitude < 1e15, first <= last else { return nil }
      return Int(first)...Int(last)
    }
  }

  /// The finest step with at most so many multiples between two ends.
  static func step(_ low: Double, _ high: Double, atMost most: Int) -> Step {
    let span = high - low
    guard span > 0, span.isFinite else { return Step(mantissa: 1, exponent: 0) }
    let first = Int(log10(span / Double(max(most, 1))).rounded(.down)) - 1
    for exponent in max(first, -300)...max(first, -300) + 4 {
      for mantissa in [1, 2, 5] {
        let step = Step(mantissa: mantissa, exponent: exponent)
        if let multiples = step.multiples(low, high), multiples.count <= max(most, 1) { return step }
      }
    }
    return Step(mantissa: 1, exponent: max(first, -300) + 5)
  }

  static func linear(_ low: Double, _ high: Double, atMost most: Int) -> [Tick] {
    let step = step(low, high, atMost: most)
    guard let multiples = step.multiples(low, high), multiples.count <= 1000 else { return [] }
    return multiples.map { Tick(value: step.value($0), label: NumberLabel.text(step.value($0))) }
  }

  /// Powers of ten between two ends above 0; within few decades also 2 and 5 times those, and within less linear ones.
  static func logarithmic(_ low: Double, _ high: Double, atMost most: Int) -> [Tick] {
    let (first, last) = (Int((log10(low) - 1e-9).rounded(.up)), Int((log10(high) + 1e-9).rounded(.down)))
    let decades = last - first + 1
    func power(_ exponent: Int) -> Tick {
      let value = pow(10, Double(exponent))
      return Tick(value: value, label: NumberLabel.text(value), power: exponent)
    }
    if decades > most {
      let stride = strides.first { decades / $0 + 1 <= max(most, 2) } ?? decades
      return (first...last).filter { $0 % stride == 0 }.map(power)
    }
    if decades >= 1, 3 * decades <= most {
      var fine: [Tick] = []
      for exponent in first - 1...last {
        for digit in [1, 2, 5] {
          let value = Step(mantissa: digit, exponent: exponent).value(1)
          guard value >= low * (1 - 1e-9), value <= high * (1 + 1e-9) else { continue }
          fine.append(Tick(value: value, label: NumberLabel.text(value)))
        }
      }
      return fine
    }
    if decades >= 2 || decades == 1 && most < 3 { return (first...last).map(power) }
    return linear(low, high, atMost: most)
  }

  private static let strides = [1, 2, 3, 5, 10, 20, 50, 100, 200, 500]
}

/// Numbers on axes and legends.
enum NumberLabel {
  /// Few digits: a value, an end of a scale.
  static func text(_ value: Double) -> String {
    guard value.magnitude >= 1e6, value.isFinite else { return NumberText.significant(value, digits: 6) }
    let exponent = Int(log10(value.magnitude).rounded(.down))
    let digits = NumberText.significant(value / pow(10, Double(exponent)), digits: 4)
    return "\(digits)e\(exponent)"
  }

  /// In a sentence.
  static func short(_ value: Double) -> String { NumberText.significant(value, digits: 3) }
}
