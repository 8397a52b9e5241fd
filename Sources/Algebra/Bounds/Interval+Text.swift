import Typography

extension Interval {
  /// `(0, 1)`, `[0, ∞)`, `{2}`: five significant digits, rounded outwards.
  public var text: String {
    if isPoint { return "{\(Self.number(low, up: true))}" }
    return (isLowOpen ? "(" : "[") + Self.number(low, up: false) + ", " + Self.number(high, up: true)
      + (isHighOpen ? ")" : "]")
  }

  /// A number that is not on the wrong side of the value; a difference that only rounding made is not shown.
  static func number(_ value: Double, up: Bool) -> String {
    if value.magnitude == .pi / 2 { return value < 0 ? "-π/2" : "π/2" }
    let nearest = NumberText.significant(value)
    guard value.isFinite, let shown = Double(nearest) else { return nearest }
    let isSafe = up ? shown >= value : shown <= value
    if isSafe || (shown - value).magnitude <= 1e-7 * value.magnitude { return nearest }
    let unit = Power.of(10, Power.log10(value.magnitude).rounded(.down) - 4)
    return NumberText.significant(shown + (up ? unit : -unit))
  }
}
