/// A vector register of numbers: what the kernels are written in, once for Float and for Double.
///
/// Everything is inlined: a kernel over `FloatLanes` compiles to the machine's instructions, one for each operation.
protocol Lanes {
  associatedtype Scalar: KernelScalar & ElementaryConstants
  static var count: Int { get }

  init(_ scalar: Scalar)
  init(at source: UnsafePointer<Scalar>)
  /// The first `count` numbers, the others zero; count < Self.count.
  init(at source: UnsafePointer<Scalar>, count: Int)
  func store(to target: UnsafeMutablePointer<Scalar>)
  /// The first `count` numbers only.
  func store(to target: UnsafeMutablePointer<Scalar>, count: Int)

  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static func / (a: Self, b: Self) -> Self
  /// a / b where b and the quotient are far from the ends of the range, or NaN; within two roundings.
  static func ratio(_ a: Self, _ b: Self) -> Self
  /// self * b + c, rounded once.
  func multiplied(by b: Self, plus c: Self) -> Self
  /// c - self * b, rounded once.
  func multiplied(by b: Self, from c: Self) -> Self
  static prefix func - (a: Self) -> Self
  func squareRoot() -> Self
  func absolute() -> Self
  /// The size of self with the sign of another.
  func withSign(of other: Self) -> Self
  /// self < b ? self : b (b where either is NaN).
  func smaller(_ b: Self) -> Self
  /// self > b ? self : b (b where either is NaN).
  func larger(_ b: Self) -> Self
  static func whereGreaterOrEqual(_ a: Self, _ b: Self, then c: Self, else d: Self) -> Self
  static func whereGreater(_ a: Self, _ b: Self, then c: Self, else d: Self) -> Self
  /// By the sign bit of a.
  static func whereNegative(_ a: Self, then c: Self, else d: Self) -> Self
  static func whereNaN(_ a: Self, then c: Self, else d: Self) -> Self

  // Whole numbers in the lowest bits of a number, as they stand after adding 1.5 * 2^(bits of the significand).

  /// self * 2^n, without a check of the exponent's range.
  func raised(_ n: Self) -> Self
  /// The biased exponent added to the lowest bits of another.
  func exponent(addedTo other: Self) -> Self
  /// Between 1 and 2, of a positive normal number.
  func significand() -> Self
  /// Half of the whole number, rounded down.
  func halfExponent() -> Self
  /// Difference of whole numbers.
  func subtractingBits(_ other: Self) -> Self

  /// The side of the squares that are turned in registers; 0 if none are.
  static var squareSide: Int { get }
  /// to[column][row] = from[row][column] of one square, rows so far apart.
  static func turn(
    _ source: UnsafePointer<Scalar>, stride: Int, to target: UnsafeMutablePointer<Scalar>, stride targetStride: Int)
}

extension Lanes {
  @inline(__always) static var zero: Self { Self(0) }
  static var squareSide: Int { @inline(__always) get { 0 } }
  @inline(__always)
  static func turn(
    _ source: UnsafePointer<Scalar>, stride: Int, to target: UnsafeMutablePointer<Scalar>, stride targetStride: Int
  ) {}
}

/// Whether there are thirty-two vector registers instead of sixteen.
@inline(__always) var hasManyRegisters: Bool {
  #if LEVEL4
    true
  #else
    false
  #endif
}
