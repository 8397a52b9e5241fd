/// Where values lie: between two numbers, each of which belongs to it or not.
///
/// Every operation rounds outwards, so that its result holds what it would hold in real arithmetic. An infinite end is
/// always open.
public struct Interval: Hashable, Sendable {
  public private(set) var low: Double
  public private(set) var high: Double
  public private(set) var isLowOpen: Bool
  public private(set) var isHighOpen: Bool

  /// Both ends included, unless it is said otherwise.
  public init(_ low: Double, _ high: Double, isLowOpen: Bool = false, isHighOpen: Bool = false) {
    self.low = low
    self.high = high
    self.isLowOpen = isLowOpen || low.isInfinite
    self.isHighOpen = isHighOpen || high.isInfinite
  }

  /// One number.
  public init(_ number: Double) { self.init(number, number) }

  static func open(_ low: Double, _ high: Double) -> Interval {
    Interval(low, high, isLowOpen: true, isHighOpen: true)
  }

  public static let everything = Interval(-.infinity, .infinity)

  public var isBounded: Bool { low.isFinite && high.isFinite }
  public var isEverything: Bool { low == -.infinity && high == .infinity }
  public var isPoint: Bool { low == high }
  /// The largest absolute value, infinite if there is none.
  public var magnitude: Double { max(low.magnitude, high.magnitude) }

  public func isWithin(_ low: Double, _ high: Double) -> Bool { self.low >= low && self.high <= high }

  func isWithin(_ other: Interval) -> Bool {
    (low > other.low || low == other.low && (isLowOpen || !other.isLowOpen))
      && (high < other.high || high == other.high && (isHighOpen || !other.isHighOpen))
  }

  public func contains(_ number: Double) -> Bool {
    (number > low || number == low && !isLowOpen) && (number < high || number == high && !isHighOpen)
  }

  /// What lies in either.
  func hull(_ other: Interval) -> Interval {
    var result = self
    if other.low < low || other.low == low && !other.isLowOpen { (result.low, result.isLowOpen) = other.lowEnd }
    if other.high > high || other.high == high && !other.isHighOpen {
      (result.high, result.isHighOpen) = other.highEnd
    }
    return result
  }

  /// What lies in both; nil if nothing does.
  func intersection(_ other: Interval) -> Interval? {
    var result = self
    if other.low > low || other.low == low && other.isLowOpen { (result.low, result.isLowOpen) = other.lowEnd }
    if other.high < high || other.high == high && other.isHighOpen {
      (result.high, result.isHighOpen) = other.highEnd
    }
    if result.low > result.high || result.low == result.high && (result.isLowOpen || result.isHighOpen) { return nil }
    return result
  }

  private var lowEnd: (Double, Bool) { (low, isLowOpen) }
  private var highEnd: (Double, Bool) { (high, isHighOpen) }

  /// The ends that still move are given up.
  func widened(from earlier: Interval) -> Interval {
    Interval(
      low < earlier.low ? -.infinity : low, high > earlier.high ? .infinity : high, isLowOpen: isLowOpen,
      isHighOpen: isHighOpen)
  }
}

// MARK: Arithmetic

extension Interval {
  static prefix func - (a: Interval) -> Interval {
    Interval(-a.high, -a.low, isLowOpen: a.isHighOpen, isHighOpen: a.isLowOpen)
  }

  static func + (a: Interval, b: Interval) -> Interval {
    let low = DirectedRounding.sum(a.low, b.low, up: false)
    let high = DirectedRounding.sum(a.high, b.high, up: true)
    return Interval(
      low.isNaN ? -.infinity : low, high.isNaN ? .infinity : high, isLowOpen: a.isLowOpen || b.isLowOpen,
      isHighOpen: a.isHighOpen || b.isHighOpen)
  }

  static func - (a: Interval, b: Interval) -> Interval { a + -b }

  static func * (a: Interval, b: Interval) -> Interval {
    combined(a, b) {
      DirectedRounding.product($0, $1, up: $2)
    } isReached: { first, second in
      !first.isOpen && (!second.isOpen || first.value == 0) || !second.isOpen && second.value == 0
    }
  }

  /// Everything, if the divisor may be 0 inside; towards an end that is 0 the quotient has no bound.
  static func / (a: Interval, b: Interval) -> Interval {
    if b.low < 0 { return b.high > 0 ? .everything : -(a / -b) }
    if b.low > 0 {
      return combined(a, b) {
        DirectedRounding.quotient($0, $1, up: $2)
      } isReached: { first, second in
        !first.isOpen && (!second.isOpen || first.value == 0)
      }
    }
    guard b.high > 0 else { return .everything }
    return a * Interval(DirectedRounding.quotient(1, b.high, up: false), .infinity, isLowOpen: b.isHighOpen)
  }

  private static func combined(
    _ a: Interval, _ b: Interval, _ value: (Double, Double, _ up: Bool) -> Double,
    isReached: ((value: Double, isOpen: Bool), (value: Double, isOpen: Bool)) -> Bool
  ) -> Interval {
    var result: Interval?
    for first in [(a.low, a.isLowOpen), (a.high, a.isHighOpen)] {
      for second in [(b.low, b.isLowOpen), (b.high, b.isHighOpen)] {
        let down = value(first.0, second.0, false)
        let up = value(first.0, second.0, true)
        if down.isNaN || up.isNaN { return .everything }
        let isOpen = !isReached((first.0, first.1), (second.0, second.1))
        let corner = Interval(down, up, isLowOpen: isOpen, isHighOpen: isOpen)
        result = result?.hull(corner) ?? corner
      }
    }
    return result ?? .everything
  }

  /// To a whole power from 0 to 64.
  func raised(to exponent: Int) -> Interval {
    guard exponent >= 0, exponent <= 64 else { return .everything }
    guard exponent > 0 else { return Interval(1) }
    if exponent % 2 == 0 { return size.power(exponent) }
    if low >= 0 { return power(exponent) }
    if high <= 0 { return -((-self).power(exponent)) }
    let negative = -Interval(0, -low, isHighOpen: isLowOpen).power(exponent)
    return negative.hull(Interval(0, high, isHighOpen: isHighOpen).power(exponent))
  }

  /// Of absolute values.
  var size: Interval {
    if low >= 0 { return self }
    if high <= 0 { return -self }
    let positive = Interval(0, high, isHighOpen: isHighOpen)
    return positive.hull(Interval(0, -low, isHighOpen: isLowOpen))
  }

  private func power(_ exponent: Int) -> Interval {
    var result = self
    for _ in 1..<max(exponent, 1) { result = result * self }
    return result
  }
}
