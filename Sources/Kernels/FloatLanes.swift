internal import CVector

struct FloatLanes: Lanes {
  var vector: float_vector

  @inline(__always) init(_ vector: float_vector) { self.vector = vector }

  static var count: Int { @inline(__always) get { MemoryLayout<float_vector>.size / MemoryLayout<Float>.size } }

  @inline(__always) init(_ scalar: Float) { vector = float_splat(scalar) }
  @inline(__always) init(at source: UnsafePointer<Float>) { vector = float_load(source) }
  @inline(__always) init(at source: UnsafePointer<Float>, count: Int) { vector = float_load_part(source, count) }
  @inline(__always) func store(to target: UnsafeMutablePointer<Float>) { float_store(vector, target) }
  @inline(__always) func store(to target: UnsafeMutablePointer<Float>, count: Int) {
    float_store_part(vector, target, count)
  }

  @inline(__always) static func + (a: Self, b: Self) -> Self { Self(float_add(a.vector, b.vector)) }
  @inline(__always) static func - (a: Self, b: Self) -> Self { Self(float_subtract(a.vector, b.vector)) }
  @inline(__always) static func * (a: Self, b: Self) -> Self { Self(float_multiply(a.vector, b.vector)) }
  @inline(__always) static func / (a: Self, b: Self) -> Self { Self(float_divide(a.vector, b.vector)) }
  @inline(__always) func multiplied(by b: Self, plus c: Self) -> Self {
    Self(float_multiply_add(vector, b.vector, c.vector))
  }
  @inline(__always) func multiplied(by b: Self, from c: Self) -> Self {
    Self(float_negative_multiply_add(vector, b.vector, c.vector))
  }
  @inline(__always) static prefix func - (a: Self) -> Self { Self(float_negate(a.vector)) }
  @inline(__always) static func ratio(_ a: Self, _ b: Self) -> Self { Self(float_ratio(a.vector, b.vector)) }
  @inline(__always) func squareRoot() -> Self { Self(float_square_root(vector)) }
  @inline(__always) func absolute() -> Self { Self(float_absolute(vector)) }
  @inline(__always) func withSign(of other: Self) -> Self { Self(float_with_sign(vector, other.vector)) }
  @inline(__always) func smaller(_ b: Self) -> Self { Self(float_smaller(vector, b.vector)) }
  @inline(__always) func larger(_ b: Self) -> Self { Self(float_larger(vector, b.vector)) }
  @inline(__always) static func whereGreaterOrEqual(_ a: Self, _ b: Self, then c: Self, else d: Self) -> Self {
    Self(float_where_greater_or_equal(a.vector, b.vector, c.vector, d.vector))
  }
  @inline(__always) static func whereGreater(_ a: Self, _ b: Self, then c: Self, else d: Self) -> Self {
    Self(float_where_greater(a.vector, b.vector, c.vector, d.vector))
  }
  @inline(__always) static func whereNegative(_ a: Self, then c: Self, else d: Self) -> Self {
    Self(float_where_negative(a.vector, c.vector, d.vector))
  }
  @inline(__always) static func whereNaN(_ a: Self, then c: Self, else d: Self) -> Self {
    Self(float_where_nan(a.vector, c.vector, d.vector))
  }

  static var squareSide: Int { @inline(__always) get { count } }
  @inline(__always)
  static func turn(
    _ source: UnsafePointer<Float>, stride: Int, to target: UnsafeMutablePointer<Float>, stride targetStride: Int
  ) {
    cvector_turn(source, stride, target, targetStride)
  }

  @inline(__always) func raised(_ n: Self) -> Self { Self(float_raise(vector, n.vector)) }
  @inline(__always) func exponent(addedTo other: Self) -> Self { Self(float_exponent(vector, other.vector)) }
  @inline(__always) func significand() -> Self { Self(float_significand(vector)) }
  @inline(__always) func halfExponent() -> Self { Self(float_half_exponent(vector)) }
  @inline(__always) func subtractingBits(_ other: Self) -> Self { Self(float_subtract_bits(vector, other.vector)) }
}
