/// The bodies of a recurrence as polynomials (fractions of them), with variables of the same time seen through: none,
/// those that are bounded, or all.
///
/// All are of use: seen through, `c = f * c⁻ + i * g` with `i = 1 - f` is a mix; but what is seen through may lose its
/// degree of 1, or the assumption that was made of it.
struct Forms {
  private enum Level: CaseIterable { case none, bounded, all }

  private let recurrence: Recurrence
  private var known: [Level: [NodeID: Fraction]] = [:]

  /// - Parameters:
  ///   - order: indices of equations, each after those it reads at the same time.
  ///   - closed: variables that are never seen through, since more is assumed of them than their bodies say.
  ///   - bounded: variables that have bounds.
  init(_ recurrence: Recurrence, order: [Int], closed: Set<SymbolID>, bounded: Set<SymbolID> = []) {
    self.recurrence = recurrence
    for level in Level.allCases {
      var forms: [NodeID: Fraction] = [:]
      var bodies: [SymbolID: NodeID] = [:]
      for index in order {
        let equation = recurrence.equations[index]
        read(equation.body, into: &forms, bodies)
        guard equation.targets.count == 1, let target = equation.targets.first, !closed.contains(target) else {
          continue
        }
        if level == .all || level == .bounded && bounded.contains(target) { bodies[target] = equation.body }
      }
      known[level] = forms
    }
  }

  /// Of expressions, no variable seen through.
  init(_ recurrence: Recurrence, reading roots: [NodeID]) {
    self.recurrence = recurrence
    for root in roots { learn(root) }
  }

  /// Takes up an expression that was not there at first.
  mutating func learn(_ root: NodeID) {
    var forms = known[.none] ?? [:]
    read(root, into: &forms, [:])
    known[.none] = forms
  }

  /// The different forms of a node; the last sees through everything.
  func forms(of id: NodeID) -> [Fraction] {
    var result: [Fraction] = []
    for level in Level.allCases {
      if let form = known[level]?[id], !result.contains(form) { result.append(form) }
    }
    return result
  }

  private func read(_ root: NodeID, into forms: inout [NodeID: Fraction], _ bodies: [SymbolID: NodeID]) {
    for id in recurrence.store.closure(of: [root]) where forms[id] == nil {
      forms[id] = fraction(id, forms, bodies) ?? Fraction(Polynomial(variable: id))
    }
  }

  /// Nil for what is a variable of its own.
  private func fraction(
    _ id: NodeID, _ forms: [NodeID: Fraction], _ bodies: [SymbolID: NodeID]
  ) -> Fraction? {
    func of(_ id: NodeID) -> Fraction { forms[id] ?? Fraction(Polynomial(variable: id)) }
    switch recurrence.store[id] {
    case .number(let number): return Fraction(Polynomial(Interval(number.value)))
    case .read(let symbol, 0):
      if let value = recurrence.constants[symbol] { return Fraction(Polynomial(Interval(value.value))) }
      guard let body = bodies[symbol], let form = forms[body], isPolynomial(body) else { return nil }
      return form
    case .sum(let terms):
      return terms.reduce(Fraction(.zero)) { sum, term in
        sum.flatMap { Fraction.sum($0, term.isNegative ? -of(term.node) : of(term.node)) }
      }
    case .product(let factors):
      return factors.reduce(Fraction(Polynomial(Interval(1)))) { product, factor in
        product.flatMap { Fraction.product($0, of(factor)) }
      }
    case .power(let base, let exponent):
      guard case .number(let number) = recurrence.store[exponent], let whole = number.whole, (1...4).contains(whole)
      else { return nil }
      return (1..<whole).reduce(of(base)) { power, _ in power.flatMap { Fraction.product($0, of(base)) } }
    case .quotient(let above, let below):
      let (a, b) = (of(above), of(below))
      guard a.below == nil, b.below == nil else { return nil }
      if let number = b.above.number, !number.contains(0) {
        return Polynomial.product(a.above, Polynomial(Interval(1) / number)).map { Fraction($0) }
      }
      return Fraction(a.above, below: b.above)
    default: return nil
    }
  }

  private func isPolynomial(_ body: NodeID) -> Bool {
    switch recurrence.store[body] {
    case .sum, .product, .power, .quotient, .number, .read: true
    default: false
    }
  }
}
