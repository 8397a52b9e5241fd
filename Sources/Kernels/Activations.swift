// σ, tanh, exp and log over vectors, from products, sums and one quotient.
//
// Goals in order: right everywhere (limits, NaN, the far tails, numbers below the smallest normal one), within 5 units
// in the last place (Float64: 4), fast.
//
// exp: x = n * ln 2 + r with n whole and |r| ≤ ln 2 / 2, so e^x = 2^n * e^r. The nearest n comes from adding
//   1.5 * 2^23 (2^52): what is cut off the sum is the rest, and n stands in the lowest bits, ready to be an exponent.
//   n * ln 2 is taken off in two parts, the first with zeros at the end, so that nothing is lost.
//   e^r = 1 + r + r² * P(r), P by Chebyshev's points.
// σ:   with e = e^-|x| ≤ 1: σ(x) = 1 / (1 + e) for x ≥ 0 and e / (1 + e) below. No difference of near numbers, no
//   overflow; in the far tail σ(x) is e itself.
// tanh in Float64: with m = e^(-2|x|) - 1, which is found without a difference of near numbers as
//   2^n * (e^r - 1) + (2^n - 1): tanh |x| = -m / (2 + m).
// tanh in Float32: tanh(x / 2) = N / D, a quotient of polynomials (odd and even), and
//   tanh x = 2 t / (1 + t²) = 2 * N * D / (D² + N²): one quotient in all. Where tanh is near ±1 the doubling shrinks the
//   errors of N and D, which a quotient of polynomials for tanh itself would carry into the result.
// log: x = 2^k * m with m from √½ to √2, f = m - 1, s = f / (2 + f): log m = f - f²/2 + s * (f²/2 + s² * R(s²)).
//   (W. Cody and W. Waite, Software Manual for the Elementary Functions, 1980; the last form is from FDLIBM.)

/// What differs between Float and Double in the elementary functions.
protocol ElementaryConstants {
  /// 1.5 * 2^(bits of the significand): adding it leaves a whole number in the lowest bits.
  static var wholeNumbers: Self { get }
  /// ln 2 in two parts.
  static var ln2High: Self { get }
  static var ln2Low: Self { get }
  /// Below it e^x rounds to 0, above the other to infinity.
  static var exponentialFrom: Self { get }
  static var exponentialTo: Self { get }
  /// A whole number that moves every exponent of e^-|x| to those of normal numbers, and 2 to minus that number.
  static var lift: Self { get }
  static var drop: Self { get }
  /// P, of e^r = 1 + r + r² * P(r) for |r| ≤ ln 2 / 2; times a power of two.
  static func exponentialRest<V: Lanes>(_ r: V, scale: Self) -> V where V.Scalar == Self
  /// R, of log((1 + s) / (1 - s)) = 2 s + s³ * R(s²) for |s| ≤ 0.1717.
  static func logarithmRest<V: Lanes>(_ z: V) -> V where V.Scalar == Self
  /// A number that multiplies those below the smallest normal one, and the power of two that it is.
  static var subnormalScale: Self { get }
  static var subnormalShift: Self { get }
  /// What an exponent field holds for 1.
  static var exponentBias: Self { get }

  static func tanh<V: Lanes>(_ x: V) -> V where V.Scalar == Self
}

extension Lanes {
  /// One step of Horner's rule: self * x + c.
  @inline(__always) func times(_ x: Self, plus c: Scalar) -> Self { multiplied(by: x, plus: Self(c)) }
}

extension Lanes {
  /// x = n * ln 2 + r. The whole number n stands in the lowest bits of `whole`.
  @inline(__always)
  static func reduced(_ x: Self) -> (whole: Self, r: Self) {
    let base = Self(Scalar.wholeNumbers)
    let whole = x.multiplied(by: Self(1.4426950408889634), plus: base)
    let n = whole - base
    return (whole, n.multiplied(by: Self(Scalar.ln2Low), from: n.multiplied(by: Self(Scalar.ln2High), from: x)))
  }

  /// -y = n * ln 2 + r. The whole number n + lift stands in the lowest bits of `whole`.
  @inline(__always)
  static func reducedOpposite(_ y: Self, lift: Scalar) -> (whole: Self, r: Self) {
    let base = Self(Scalar.wholeNumbers + lift)
    let whole = y.multiplied(by: Self(1.4426950408889634), from: base)
    let opposite = base - whole
    return (
      whole, opposite.multiplied(by: Self(Scalar.ln2Low), plus: opposite.multiplied(by: Self(Scalar.ln2High), plus: -y))
    )
  }

  /// e^r - 1 for |r| ≤ ln 2 / 2.
  @inline(__always)
  static func smallExponentialMinusOne(_ r: Self) -> Self {
    (r * r).multiplied(by: Scalar.exponentialRest(r, scale: 1), plus: r)
  }

  /// e^r times a power of two, for |r| ≤ ln 2 / 2.
  @inline(__always)
  static func smallExponential(_ r: Self, scale: Scalar = 1) -> Self {
    // s + s r waits for nothing: the chain ends in one product.
    Scalar.exponentialRest(r, scale: scale).multiplied(
      by: r * r, plus: Self(scale).multiplied(by: r, plus: Self(scale)))
  }

  @inline(__always)
  static func exp(_ x: Self) -> Self {
    // The limit comes first: NaN as the second operand goes through.
    let clamped = Self(Scalar.exponentialTo).smaller(Self(Scalar.exponentialFrom).larger(x))
    let (whole, r) = reduced(clamped)
    // 2^n can be out of range where e^r * 2^n is not, so half of it at a time.
    let half = whole.halfExponent()
    let one = Self(1)
    return smallExponential(r) * one.raised(half) * one.raised(whole.subtractingBits(half))
  }

  @inline(__always)
  static func sigmoid(_ x: Self) -> Self {
    let (whole, r) = reducedOpposite(Self(-Scalar.exponentialFrom).smaller(x.absolute()), lift: Scalar.lift)
    let one = Self(1)
    // The product alone leaves the normal numbers, so it is rounded once; and NaN stays NaN whatever its power is.
    let e = smallExponential(r, scale: Scalar.drop) * one.raised(whole)
    // In the far tail e is below the normal numbers, and so is the quotient; their distance from e itself is one rounding.
    return ratio(whereNegative(x, then: e, else: one), one + e)
  }

  @inline(__always)
  static func exponentialTanh(_ x: Self) -> Self {
    let (whole, r) = reducedOpposite(Self(40).smaller(x.absolute() * Self(2)), lift: 0)
    let one = Self(1)
    let power = one.raised(whole)
    let m = power.multiplied(by: smallExponentialMinusOne(r), plus: power - one)
    return (m / (Self(2) + m)).withSign(of: x)
  }

  @inline(__always)
  static func log(_ x: Self) -> Self {
    let one = Self(1)
    let small = Self(Scalar.leastNormalMagnitude)
    // Numbers below the smallest normal one are scaled up; the others pass.
    let scaled = whereGreater(small, x, then: x * Self(Scalar.subnormalScale), else: x)
    let shift = whereGreater(small, x, then: Self(Scalar.subnormalShift), else: .zero)
    let base = Self(Scalar.wholeNumbers)
    var k = scaled.exponent(addedTo: base) - Self(Scalar.wholeNumbers + Scalar.exponentBias) - shift
    var m = scaled.significand()
    let root = Self(1.4142135623730951)
    k = whereGreater(m, root, then: k + one, else: k)
    m = whereGreater(m, root, then: m * Self(0.5), else: m)

    let f = m - one
    let s = f / (Self(2) + f)
    let z = s * s
    let half = Self(0.5) * f * f
    let rest = s.multiplied(by: z.multiplied(by: Scalar.logarithmRest(z), plus: half), plus: k * Self(Scalar.ln2Low))
    let value = k.multiplied(by: Self(Scalar.ln2High), plus: f - (half - rest))

    let infinity = Self(.infinity)
    let ends = whereGreaterOrEqual(x, infinity, then: infinity, else: value)
    let zero = whereGreater(x, .zero, then: ends, else: -infinity)
    return whereGreaterOrEqual(x, .zero, then: zero, else: Self(.nan))
  }
}

extension Float: ElementaryConstants {
  @inline(__always) static var wholeNumbers: Float { 0x1.8p23 }
  @inline(__always) static var ln2High: Float { 0.693115234375 }
  @inline(__always) static var ln2Low: Float { 3.19461849453e-5 }
  @inline(__always) static var exponentialFrom: Float { -104 }
  @inline(__always) static var exponentialTo: Float { 89 }
  @inline(__always) static var lift: Float { 64 }
  @inline(__always) static var drop: Float { 0x1p-64 }
  @inline(__always) static var subnormalScale: Float { 0x1p25 }
  @inline(__always) static var subnormalShift: Float { 25 }
  @inline(__always) static var exponentBias: Float { 127 }

  @inline(__always)
  static func exponentialRest<V: Lanes>(_ r: V, scale: Self) -> V where V.Scalar == Self {
    // In pairs, so that less waits for what comes before.
    let square = r * r
    let low = V(scale * 0.1666657666611992).times(r, plus: scale * 0.5)
    let middle = V(scale * 0.008363232883682618).times(r, plus: scale * 0.04166655421298415)
    return V(scale * 0.001392625083149761).multiplied(by: square, plus: middle).multiplied(by: square, plus: low)
  }

  @inline(__always)
  static func logarithmRest<V: Lanes>(_ z: V) -> V where V.Scalar == Self {
    V(0.2333276295511752).times(z, plus: 0.2855073636310781).times(z, plus: 0.4000012258495725)
      .times(z, plus: 0.6666666655358509)
  }

  /// Beyond 9.14 the result is 1 in Float32; N and D by least squares with weights raised where the error is largest.
  @inline(__always)
  static func tanh<V: Lanes>(_ x: V) -> V where V.Scalar == Self {
    let y = V(9.14).smaller(V(-9.14).larger(x))
    let u = y * y
    let numerator =
      y * V(8.550542e-08).times(u, plus: 0.00015963904).times(u, plus: 0.031482548).times(u, plus: 1)
    let denominator =
      V(5.4572124e-06).times(u, plus: 0.0027886354).times(u, plus: 0.22963166).times(u, plus: 2)
    let product = numerator * denominator
    return V.ratio(product + product, denominator.multiplied(by: denominator, plus: numerator * numerator))
  }
}

extension Double: ElementaryConstants {
  @inline(__always) static var wholeNumbers: Double { 0x1.8p52 }
  @inline(__always) static var ln2High: Double { 0x1.62e42fef8p-1 }
  @inline(__always) static var ln2Low: Double { 1.6198510186656559935e-11 }
  @inline(__always) static var exponentialFrom: Double { -746 }
  @inline(__always) static var exponentialTo: Double { 710 }
  @inline(__always) static var lift: Double { 512 }
  @inline(__always) static var drop: Double { 0x1p-512 }
  @inline(__always) static var subnormalScale: Double { 0x1p54 }
  @inline(__always) static var subnormalShift: Double { 54 }
  @inline(__always) static var exponentBias: Double { 1023 }

  @inline(__always)
  static func exponentialRest<V: Lanes>(_ r: V, scale: Self) -> V where V.Scalar == Self {
    V(scale * 2.5100472505694996e-8).times(r, plus: scale * 2.762020159103154879e-7)
      .times(r, plus: scale * 2.755726827690569619e-6).times(r, plus: scale * 0.0000248015210578682052)
      .times(r, plus: scale * 0.0001984126986317155603).times(r, plus: scale * 0.001388888891736708056)
      .times(r, plus: scale * 0.008333333333330038197).times(r, plus: scale * 0.04166666666662382053)
      .times(r, plus: scale * 0.1666666666666666746).times(r, plus: scale * 0.5)
  }

  @inline(__always)
  static func logarithmRest<V: Lanes>(_ z: V) -> V where V.Scalar == Self {
    V(0.1461916613488797137).times(z, plus: 0.1533150161114532771).times(z, plus: 0.1818289575011919404)
      .times(z, plus: 0.2222221104377685824).times(z, plus: 0.2857142862653361593)
      .times(z, plus: 0.3999999999989827278).times(z, plus: 0.6666666666666669729)
  }

  @inline(__always) static func tanh<V: Lanes>(_ x: V) -> V where V.Scalar == Self { V.exponentialTanh(x) }
}
