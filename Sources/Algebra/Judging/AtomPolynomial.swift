/// A sum of products of atoms with number coefficients: what elementwise arithmetic is, whatever the order it is
/// written in.
struct AtomPolynomial: Hashable {
  /// Atoms in ascending order, each as often as it stands.
  typealias Monomial = [Int]

  private(set) var terms: [Monomial: Double] = [:]

  init(number: Double = 0) { if number != 0 { terms[[]] = number } }
  init(atom: Int) { terms[[atom]] = 1 }
  init(_ monomial: Monomial, times coefficient: Double) { if coefficient != 0 { terms[monomial] = coefficient } }

  var isZero: Bool { terms.isEmpty }
  /// The number, if no atom stands in it.
  var number: Double? { terms.isEmpty ? 0 : terms.count == 1 ? terms[[]] : nil }
  /// In an order that does not depend on how it was made.
  var sorted: [(monomial: Monomial, coefficient: Double)] {
    terms.map { ($0.key, $0.value) }.sorted { $0.0.lexicographicallyPrecedes($1.0) }
  }

  mutating func add(_ other: AtomPolynomial, times factor: Double = 1) {
    for (monomial, coefficient) in other.terms {
      let total = (terms[monomial] ?? 0) + factor * coefficient
      terms[monomial] = abs(total) < 1e-12 ? nil : total
    }
  }

  func times(_ other: AtomPolynomial) -> AtomPolynomial {
    var result = AtomPolynomial()
    for (left, a) in terms {
      for (right, b) in other.terms { result.add(AtomPolynomial((left + right).sorted(), times: a * b)) }
    }
    return result
  }

  func scaled(_ factor: Double) -> AtomPolynomial {
    var result = AtomPolynomial()
    result.add(self, times: factor)
    return result
  }

  /// With a first coefficient of 1, and what it was.
  var normalised: (polynomial: AtomPolynomial, factor: Double) {
    guard let lead = sorted.first?.coefficient else { return (self, 1) }
    return (scaled(1 / lead), lead)
  }
}
