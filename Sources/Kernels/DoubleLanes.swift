internal import CVector

struct DoubleLanes: Lanes {
  var vector: double_vector

  @inline(__always) init(_ vector: double_vector) { self.vector = vector }

  static var count: Int { @inline(__always) get { MemoryLayout<double_vector>.size / MemoryLayout<Double>.size } }

  @inline(__always) init(_ scalar: Double) { vector = double_splat(scalar) }
  @inline(__always) init(at source: UnsafePointer<Double>) { vector = double_load(source) }
  @inline(__always) init(at source: UnsafePointer<Double>, count: Int) { vector = double_load_part(source, count) }
  @inline(__always) func store(to target: UnsafeMutablePointer<Double>) { double_store(vector, target) }
  @inline(__always) func store(to target: UnsafeMutablePointer<Double>, count: Int) {
    double_store_part(vector, target, count)
  }

  @inline(__always) static func + (a: Self, b: Self) -> Self { Self(double_add(a.vector, b.vector)) }
  @inline(__always) static func - (a: Self, b: Self) -> Self { Self(double_subtract(a.vector, b.vector)) }
  @inline(__always) static func * (a: Self, b: Self) -> Self { Self(double_multiply(a.vector, b.vector)) }
  @inline(__always) static func / (a: Self, b: Self) -> Self { Self(double_divide(a.vector, b.vector)) }
  @inline(__always) func multiplied(by b: Self, plus c: Self) -> Self {
    Self(double_multiply_add(vector, b.vector, c.vector))
  }
  @inline(__always) func multiplied(by b: Self, from c: Self) -> Self {
    Self(double_negative_multiply_add(vector, b.vector, c.vector))
  }
  @inline(__always) static prefix func - (a: Self) -> Self { Self(double_negate(a.vector)) }
  @inline(__always) static func ratio(_ a: Self, _ b: Self) -> Self { Self(double_ratio(a.vector, b.vector)) }
  @inline(__always) func squareRoot() -> Self { Self(double_square_root(vector)) }
  @inline(__always) func absolute() -> Self { Self(double_absolute(vector)) }
  @inline(__always) func withSign(of other: Self) -> Self { Self(double_with_sign(vector, other.vector)) }
  @inline(__always) func smaller(_ b: Self) -> Self { Self(double_smaller(vector, b.vector)) }
  @inline(__always) func larger(_ b: Self) -> Self { Self(double_larger(vector, b.vector)) }
  @inline(__always) static func whereGreaterOrEqual(_ a: Self, _ b: Self, then c: Self, else d: Self) -> Self {
    Self(double_where_greater_or_equal(a.vector, b.vector, c.vector, d.vector))
  }
  @inline(__always) static func whereGreater(_ a: Self, _ b: Self, then c: Self, else d: Self) -> Self {
    Self(double_where_greater(a.vector, b.vector, c.vector, d.vector))
  }
  @inline(__always) static func whereNegative(_ a: Self, then c: Self, else d: Self) -> Self {
    Self(double_where_negative(a.vector, c.vector, d.vector))
  }
  @inline(__always) static func whereNaN(_ a: Self, then c: Self, else d: Self) -> Self {
    Self(double_where_nan(a.vector, c.vector, d.vector))
  }

  @inline(__always) func raised(_ n: Self) -> Self { Self(double_raise(vector, n.vector)) }
  @inline(__always) func exponent(addedTo other: Self) -> Self { Self(double_exponent(vector, other.vector)) }
  @inline(__always) func significand() -> Self { Self(double_significand(vector)) }
  @inline(__always) func halfExponent() -> Self { Self(double_half_exponent(vector)) }
  @inline(__always) func subtractingBits(_ other: Self) -> Self { Self(double_subtract_bits(vector, other.vector)) }
}
