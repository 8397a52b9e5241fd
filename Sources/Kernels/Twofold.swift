/// Two vectors as one of twice the width: every operation is done to both.
///
/// A long function of one vector is a chain in which each operation waits four cycles for the one before, and the
/// processor does not look far enough ahead to fill the gaps with the vectors that come later. Written over two (or
/// twice two) vectors, its operations lie side by side in the order of the program.
struct Twofold<Half: Lanes>: Lanes {
  typealias Scalar = Half.Scalar
  var first: Half
  var second: Half

  @inline(__always)
  init(_ first: Half, _ second: Half) {
    self.first = first
    self.second = second
  }

  static var count: Int { @inline(__always) get { 2 * Half.count } }

  @inline(__always) init(_ scalar: Scalar) { self.init(Half(scalar), Half(scalar)) }
  @inline(__always) init(at source: UnsafePointer<Scalar>) {
    self.init(Half(at: source), Half(at: source + Half.count))
  }
  @inline(__always) init(at source: UnsafePointer<Scalar>, count: Int) {
    if count >= Half.count {
      self.init(
        Half(at: source), count > Half.count ? Half(at: source + Half.count, count: count &- Half.count) : .zero)
    } else {
      self.init(Half(at: source, count: count), .zero)
    }
  }
  @inline(__always) func store(to target: UnsafeMutablePointer<Scalar>) {
    first.store(to: target)
    second.store(to: target + Half.count)
  }
  @inline(__always) func store(to target: UnsafeMutablePointer<Scalar>, count: Int) {
    if count >= Half.count {
      first.store(to: target)
      if count > Half.count { second.store(to: target + Half.count, count: count &- Half.count) }
    } else {
      first.store(to: target, count: count)
    }
  }

  @inline(__always) static func + (a: Self, b: Self) -> Self { Self(a.first + b.first, a.second + b.second) }
  @inline(__always) static func - (a: Self, b: Self) -> Self { Self(a.first - b.first, a.second - b.second) }
  @inline(__always) static func * (a: Self, b: Self) -> Self { Self(a.first * b.first, a.second * b.second) }
  @inline(__always) static func / (a: Self, b: Self) -> Self { Self(a.first / b.first, a.second / b.second) }
  @inline(__always) static func ratio(_ a: Self, _ b: Self) -> Self {
    Self(Half.ratio(a.first, b.first), Half.ratio(a.second, b.second))
  }
  @inline(__always) func multiplied(by b: Self, plus c: Self) -> Self {
    Self(first.multiplied(by: b.first, plus: c.first), second.multiplied(by: b.second, plus: c.second))
  }
  @inline(__always) func multiplied(by b: Self, from c: Self) -> Self {
    Self(first.multiplied(by: b.first, from: c.first), second.multiplied(by: b.second, from: c.second))
  }
  @inline(__always) static prefix func - (a: Self) -> Self { Self(-a.first, -a.second) }
  @inline(__always) func squareRoot() -> Self { Self(first.squareRoot(), second.squareRoot()) }
  @inline(__always) func absolute() -> Self { Self(first.absolute(), second.absolute()) }
  @inline(__always) func withSign(of other: Self) -> Self {
    Self(first.withSign(of: other.first), second.withSign(of: other.second))
  }
  @inline(__always) func smaller(_ b: Self) -> Self { Self(first.smaller(b.first), second.smaller(b.second)) }
  @inline(__always) func larger(_ b: Self) -> Self { Self(first.larger(b.first), second.larger(b.second)) }
  @inline(__always) static func whereGreaterOrEqual(_ a: Self, _ b: Self, then c: Self, else d: Self) -> Self {
    Self(
      Half.whereGreaterOrEqual(a.first, b.first, then: c.first, else: d.first),
      Half.whereGreaterOrEqual(a.second, b.second, then: c.second, else: d.second))
  }
  @inline(__always) static func whereGreater(_ a: Self, _ b: Self, then c: Self, else d: Self) -> Self {
    Self(
      Half.whereGreater(a.first, b.first, then: c.first, else: d.first),
      Half.whereGreater(a.second, b.second, then: c.second, else: d.second))
  }
  @inline(__always) static func whereNegative(_ a: Self, then c: Self, else d: Self) -> Self {
    Self(
      Half.whereNegative(a.first, then: c.first, else: d.first),
      Half.whereNegative(a.second, then: c.second, else: d.second))
  }
  @inline(__always) static func whereNaN(_ a: Self, then c: Self, else d: Self) -> Self {
    Self(
      Half.whereNaN(a.first, then: c.first, else: d.first), Half.whereNaN(a.second, then: c.second, else: d.second))
  }

  @inline(__always) func raised(_ n: Self) -> Self { Self(first.raised(n.first), second.raised(n.second)) }
  @inline(__always) func exponent(addedTo other: Self) -> Self {
    Self(first.exponent(addedTo: other.first), second.exponent(addedTo: other.second))
  }
  @inline(__always) func significand() -> Self { Self(first.significand(), second.significand()) }
  @inline(__always) func halfExponent() -> Self { Self(first.halfExponent(), second.halfExponent()) }
  @inline(__always) func subtractingBits(_ other: Self) -> Self {
    Self(first.subtractingBits(other.first), second.subtractingBits(other.second))
  }
}
