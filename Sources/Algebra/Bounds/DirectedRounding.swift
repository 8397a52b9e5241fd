/// Sums, products and quotients rounded to one side, so that what is proved of intervals holds of real numbers.
///
/// The error of a sum and of a product is itself a floating-point number (Knuth's TwoSum, a fused product), whose sign
/// says on which side of the rounded result the true one lies: what is exact stays as it is.
enum DirectedRounding {
  /// a + b, upwards or downwards; NaN for ∞ − ∞.
  static func sum(_ a: Double, _ b: Double, up: Bool) -> Double {
    let rounded = a + b
    guard rounded.isFinite else { return overflow(rounded, a, b, up: up) }
    let part = rounded - a
    let error = (a - (rounded - part)) + (b - part)
    return nudged(rounded, error: error, up: up)
  }

  /// a · b; 0 · ∞ is 0, as it is for the ends of intervals.
  static func product(_ a: Double, _ b: Double, up: Bool) -> Double {
    if a == 0 || b == 0 { return 0 }
    let rounded = a * b
    guard rounded.isFinite else { return overflow(rounded, a, b, up: up) }
    if rounded.magnitude < smallest { return up ? rounded.nextUp : rounded.nextDown }
    return nudged(rounded, error: (-rounded).addingProduct(a, b), up: up)
  }

  /// a / b for b ≠ 0; 0 where b is infinite.
  static func quotient(_ a: Double, _ b: Double, up: Bool) -> Double {
    if a == 0 || b.isInfinite { return 0 }
    let rounded = a / b
    guard rounded.isFinite else { return overflow(rounded, a, b, up: up) }
    if rounded.magnitude < smallest || a.magnitude < smallest { return up ? rounded.nextUp : rounded.nextDown }
    let rest = a.addingProduct(-rounded, b)
    return nudged(rounded, error: b > 0 ? rest : -rest, up: up)
  }

  /// Below this the error of a product is no floating-point number any more.
  private static let smallest = 1e-290

  private static func nudged(_ rounded: Double, error: Double, up: Bool) -> Double {
    if error > 0, up { return rounded.nextUp }
    if error < 0, !up { return rounded.nextDown }
    return rounded
  }

  private static func overflow(_ rounded: Double, _ a: Double, _ b: Double, up: Bool) -> Double {
    guard a.isFinite, b.isFinite, rounded.isInfinite else { return rounded }
    if rounded > 0 { return up ? rounded : .greatestFiniteMagnitude }
    return up ? -.greatestFiniteMagnitude : rounded
  }
}
