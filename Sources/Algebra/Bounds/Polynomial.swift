/// A polynomial in values that are taken for independent of each other: reads, activations, products with parameters.
///
/// `(1 - z) * h⁻ + z * h̃` is h⁻ − z·h⁻ + z·h̃. A polynomial of degree 1 in each variable takes its extremes at the
/// corners of a box, which is how a convex mix is seen to be one.
struct Polynomial: Hashable, Sendable {
  /// Variables with their exponents, in the order of the variables.
  struct Monomial: Hashable, Sendable {
    var factors: [Factor] = []
    static let one = Monomial()
  }

  struct Factor: Hashable, Sendable {
    var variable: NodeID
    var exponent: Int
  }

  /// The most monomials and variables of one polynomial.
  static let mostTerms = 64
  static let mostVariables = 12

  /// Coefficients as intervals, since sums and products of them may be rounded.
  private(set) var terms: [Monomial: Interval] = [:]

  static let zero = Polynomial()

  init() {}
  init(_ number: Interval) { if number != Interval(0) { terms[.one] = number } }
  init(variable: NodeID) { terms[Monomial(factors: [Factor(variable: variable, exponent: 1)])] = Interval(1) }

  var isZero: Bool { terms.isEmpty }

  /// In a fixed order.
  var variables: [NodeID] { Set(terms.keys.flatMap { $0.factors.map(\.variable) }).sorted() }

  /// The number, if there is no variable in it.
  var number: Interval? {
    if isZero { return Interval(0) }
    return terms.count == 1 ? terms[.one] : nil
  }

  func degree(in variable: NodeID) -> Int { terms.keys.map { $0.exponent(of: variable) }.max() ?? 0 }

  private mutating func add(_ monomial: Monomial, _ coefficient: Interval) {
    let sum = (terms[monomial] ?? Interval(0)) + coefficient
    terms[monomial] = sum == Interval(0) ? nil : sum
  }

  static func + (a: Polynomial, b: Polynomial) -> Polynomial {
    var result = a
    for (monomial, coefficient) in b.terms { result.add(monomial, coefficient) }
    return result
  }

  static prefix func - (a: Polynomial) -> Polynomial {
    var result = Polynomial()
    result.terms = a.terms.mapValues { -$0 }
    return result
  }

  static func - (a: Polynomial, b: Polynomial) -> Polynomial { a + -b }

  /// Nil if it is too large.
  static func product(_ a: Polynomial, _ b: Polynomial) -> Polynomial? {
    guard a.terms.count * b.terms.count <= 4 * mostTerms else { return nil }
    var result = Polynomial()
    for (first, x) in a.terms { for (second, y) in b.terms { result.add(first.times(second), x * y) } }
    return result.isSmall ? result : nil
  }

  var isSmall: Bool { terms.count <= Polynomial.mostTerms && variables.count <= Polynomial.mostVariables }

  /// With numbers for some variables.
  func substituting(_ value: (NodeID) -> Interval?) -> Polynomial {
    var result = Polynomial()
    for (monomial, coefficient) in terms {
      var rest = Monomial()
      var number = coefficient
      for factor in monomial.factors {
        if let known = value(factor.variable) {
          number = number * known.raised(to: factor.exponent)
        } else {
          rest.factors.append(factor)
        }
      }
      result.add(rest, number)
    }
    return result
  }

  /// The coefficients of the powers of a variable.
  func coefficients(of variable: NodeID) -> [Polynomial] {
    var result = [Polynomial](repeating: .zero, count: degree(in: variable) + 1)
    for (monomial, coefficient) in terms {
      let exponent = monomial.exponent(of: variable)
      result[exponent].add(
        Monomial(factors: monomial.factors.filter { $0.variable != variable }), coefficient)
    }
    return result
  }
}

extension Polynomial.Monomial {
  func exponent(of variable: NodeID) -> Int { factors.first { $0.variable == variable }?.exponent ?? 0 }

  func times(_ other: Polynomial.Monomial) -> Polynomial.Monomial {
    var exponents: [NodeID: Int] = [:]
    for factor in factors + other.factors { exponents[factor.variable, default: 0] += factor.exponent }
    return Polynomial.Monomial(
      factors: exponents.map { Polynomial.Factor(variable: $0.key, exponent: $0.value) }
        .sorted { $0.variable < $1.variable })
  }
}

/// A quotient of polynomials whose divisor is 1 almost always: `f / (f + i)`.
struct Fraction: Hashable, Sendable {
  var above: Polynomial
  var below: Polynomial?

  init(_ above: Polynomial, below: Polynomial? = nil) {
    self.above = above
    self.below = below
  }

  /// Nil if the divisors differ or it grows too large.
  static func sum(_ a: Fraction, _ b: Fraction) -> Fraction? {
    if a.below == b.below { return Fraction(a.above + b.above, below: a.below).ifSmall }
    guard let below = a.below ?? b.below, a.below == nil || b.below == nil else { return nil }
    let (whole, part) = a.below == nil ? (a.above, b.above) : (b.above, a.above)
    guard let raised = Polynomial.product(whole, below) else { return nil }
    return Fraction(raised + part, below: below).ifSmall
  }

  static func product(_ a: Fraction, _ b: Fraction) -> Fraction? {
    guard a.below == nil || b.below == nil, let above = Polynomial.product(a.above, b.above) else { return nil }
    return Fraction(above, below: a.below ?? b.below)
  }

  static prefix func - (a: Fraction) -> Fraction { Fraction(-a.above, below: a.below) }

  private var ifSmall: Fraction? { above.isSmall ? self : nil }
}
