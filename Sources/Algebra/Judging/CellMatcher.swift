/// Looks for a way to read the second cell as the first: which activation is which (or its complement, or its negative),
/// and what then has to hold between the parameters.
///
/// Activations are tried from the innermost on, each with those of the same function; their arguments must agree term by
/// term, a term being a coefficient of parameters times what is known already. So the search ends soon: a wrong guess
/// is seen at once.
final class CellMatcher {
  enum Sense: Hashable {
    case same
    /// σ(−a) = 1 − σ(a).
    case complement
    /// tanh(−a) = −tanh(a).
    case negative
  }

  /// Sums of coefficients, each with a number, that must be equal: nodes of the first cell's store and of the second's.
  struct Relation: Hashable {
    struct Item: Hashable {
      var factor: Double
      var node: NodeID
    }
    var first: [Item]
    var second: [Item]

    /// The first factor is 1, so that -W = -V is no second relation beside W = V.
    var normalised: Relation {
      guard let lead = (first.first ?? second.first)?.factor, lead != 0 else { return self }
      func scaled(_ items: [Item]) -> [Item] { items.map { Item(factor: $0.factor / lead, node: $0.node) } }
      return Relation(first: scaled(first), second: scaled(second))
    }
  }

  struct Solution {
    /// For activations of the second cell.
    var activations: [Int: (atom: Int, sense: Sense)]
    var relations: [Relation]
  }

  private enum Key: Hashable {
    case vector(AtomPolynomial.Monomial)
    case matrix(AtomPolynomial.Monomial, AtomPolynomial)
  }

  let first: CellPolynomials
  let second: CellPolynomials
  /// The number of the first cell's state for each of the second's.
  private let states: [Int]
  /// Activations that what is compared speaks of, the inner ones first.
  private var functions: [Int] = []
  /// Activations that could be matched at best, and the one that could not.
  private(set) var progress = -1
  private(set) var obstacle: Int?
  private(set) var obstacleUsed: Set<Int> = []
  private(set) var failingState: Int?
  private var tries = 0
  /// Coefficients of one cell that the other has not may be 0: then it is a special case.
  private let allowsVanishing: Bool
  private let isInterrupted: () -> Bool
  static let mostTries = 20_000

  private static let complemented: Set<String> = ["σ"]
  private static let odd: Set<String> = ["tanh", "sin", "atan", "erf", "softsign"]

  init(
    _ first: CellPolynomials, _ second: CellPolynomials, states: [Int], allowsVanishing: Bool,
    isInterrupted: @escaping () -> Bool
  ) {
    self.isInterrupted = isInterrupted
    self.allowsVanishing = allowsVanishing
    self.first = first
    self.second = second
    self.states = states
  }

  /// - Parameter pairs: what must be equal in the end, of the first and the second cell.
  func solve(_ pairs: [(first: AtomPolynomial, second: AtomPolynomial)]) throws -> Solution? {
    functions = functions(in: pairs.map(\.second))
    return try search(0, Solution(activations: [:], relations: []), used: [], pairs)
  }

  private func functions(in polynomials: [AtomPolynomial]) -> [Int] {
    var seen: Set<Int> = []
    var rest = polynomials
    while let next = rest.popLast() {
      for atom in next.terms.keys.joined() where seen.insert(atom).inserted {
        switch second.atoms[atom] {
        case .linear(_, let operand): rest.append(operand)
        case .function(_, let arguments): rest += arguments
        default: break
        }
      }
    }
    return seen.filter { if case .function = second.atoms[$0] { true } else { false } }.sorted()
  }

  private func search(
    _ position: Int, _ partial: Solution, used: Set<Int>, _ pairs: [(first: AtomPolynomial, second: AtomPolynomial)]
  ) throws -> Solution? {
    if isInterrupted() { throw Interruption() }
    tries += 1
    guard tries < CellMatcher.mostTries else { return nil }
    guard position < functions.count else {
      var result = partial
      for (index, pair) in pairs.enumerated() {
        guard let relations = match(pair.first, pair.second, sign: 1, partial) else {
          if functions.count > progress {
            progress = functions.count
            obstacle = nil
            failingState = index
          }
          return nil
        }
        result.relations += relations
      }
      return result
    }
    let atom = functions[position]
    guard case .function(let name, let arguments) = second.atoms[atom] else { return nil }
    var isMatched = false
    for candidate in first.atoms.indices where !used.contains(candidate) {
      guard case .function(name, let others) = first.atoms[candidate], others.count == arguments.count else { continue }
      var senses: [Sense] = [.same]
      if CellMatcher.complemented.contains(name) { senses.append(.complement) }
      if CellMatcher.odd.contains(name) { senses.append(.negative) }
      for sense in senses {
        var next = partial
        var fits = true
        for (own, other) in zip(others, arguments) where fits {
          if let relations = match(own, other, sign: sense == .same ? 1 : -1, partial) {
            next.relations += relations
          } else {
            fits = false
          }
        }
        guard fits else { continue }
        isMatched = true
        next.activations[atom] = (candidate, sense)
        if let solution = try search(position + 1, next, used: used.union([candidate]), pairs) { return solution }
      }
    }
    if !isMatched, position > progress {
      progress = position
      obstacle = atom
      obstacleUsed = used
    }
    return nil
  }

  // MARK: Polynomials

  /// What must hold for `first = sign * second`; nil if it cannot.
  private func match(
    _ first: AtomPolynomial, _ second: AtomPolynomial, sign: Double, _ partial: Solution
  ) -> [Relation]? {
    guard let (plain, keyed) = groups(second, of: self.second, partial),
      let (ownPlain, ownKeyed) = groups(first, of: self.first, nil)
    else { return nil }
    var gap = ownPlain
    gap.add(plain, times: -sign)
    guard gap.isZero else { return nil }
    var relations: [Relation] = []
    for key in Set(keyed.keys).union(ownKeyed.keys) {
      guard allowsVanishing || (ownKeyed[key] != nil && keyed[key] != nil) else { return nil }
      relations.append(
        Relation(
          first: ownKeyed[key] ?? [],
          second: (keyed[key] ?? []).map { Relation.Item(factor: sign * $0.factor, node: $0.node) }
        ).normalised)
    }
    return relations
  }

  /// Terms without parameters, and the coefficients of the others by what they multiply, in the first cell's atoms.
  private func groups(
    _ polynomial: AtomPolynomial, of cell: CellPolynomials, _ partial: Solution?
  ) -> (plain: AtomPolynomial, keyed: [Key: [Relation.Item]])? {
    var plain = AtomPolynomial()
    var keyed: [Key: [Relation.Item]] = [:]
    for (monomial, coefficient) in polynomial.sorted {
      let coefficients = monomial.filter(cell.isCoefficient)
      guard coefficients.count <= 1 else { return nil }
      let rest = AtomPolynomial(monomial.filter { !cell.isCoefficient($0) }, times: coefficient)
      guard let mapped = partial.map({ map(rest, $0) }) ?? rest else { return nil }
      guard let atom = coefficients.first else {
        plain.add(mapped)
        continue
      }
      for (factorMonomial, factor) in mapped.sorted {
        switch cell.atoms[atom] {
        case .parameter(let node):
          keyed[.vector(factorMonomial), default: []].append(Relation.Item(factor: factor, node: node))
        case .linear(let node, let operand):
          guard let inner = partial.map({ map(operand, $0) }) ?? operand else { return nil }
          let (normal, scale) = inner.normalised
          keyed[.matrix(factorMonomial, normal), default: []].append(Relation.Item(factor: factor * scale, node: node))
        default: return nil
        }
      }
    }
    return (plain, keyed)
  }

  /// A polynomial of the second cell in the first cell's atoms.
  private func map(_ polynomial: AtomPolynomial, _ partial: Solution) -> AtomPolynomial? {
    var result = AtomPolynomial()
    for (monomial, coefficient) in polynomial.terms {
      var product = AtomPolynomial(number: coefficient)
      for atom in monomial {
        guard let image = image(atom, partial) else { return nil }
        product = product.times(image)
      }
      result.add(product)
    }
    return result
  }

  private func image(_ atom: Int, _ partial: Solution) -> AtomPolynomial? {
    switch second.atoms[atom] {
    case .state(let number, let shift): return AtomPolynomial(atom: first.atom(.state(states[number], shift: shift)))
    case .input, .time, .constant: return AtomPolynomial(atom: first.atom(second.atoms[atom]))
    case .parameter, .linear: return nil
    case .function:
      guard let (own, sense) = partial.activations[atom] else { return nil }
      var result = AtomPolynomial(number: sense == .complement ? 1 : 0)
      result.add(AtomPolynomial(atom: own), times: sense == .same ? 1 : -1)
      return result
    }
  }
}
