/// The equations of a cell as polynomials: each state and output in what was before and what is fed, with everything
/// between seen through. Activations, products with matrices and vectors of parameters are the atoms.
final class CellPolynomials {
  enum Atom: Hashable {
    /// A state at an earlier time: its number among the states.
    case state(Int, shift: Int)
    case input(Int, shift: Int)
    case time
    case constant(NamedNumber)
    /// A vector or number made of parameters alone.
    case parameter(NodeID)
    /// `M · u`, M made of parameters alone.
    case linear(NodeID, AtomPolynomial)
    /// An activation, a reciprocal (`1/`), a part that keeps to itself (`=`).
    case function(String, [AtomPolynomial])
  }

  /// A cell that this way of comparing does not reach.
  struct Unsupported: Error {
    var reason: String
  }

  static let mostTerms = 3000

  let recurrence: Recurrence
  let states: [SymbolID]
  private(set) var atoms: [Atom] = []
  /// Variables whose whole equation is an atom, for the report.
  private(set) var names: [Int: SymbolID] = [:]
  private var index: [Atom: Int] = [:]
  private var known: [NodeID: AtomPolynomial] = [:]
  private let ranks: NodeRanks

  init(_ recurrence: Recurrence) throws {
    self.recurrence = recurrence
    states = recurrence.states
    ranks = NodeRanks(store: recurrence.store, shapes: recurrence.shapes)
    let schedule = try Schedule(recurrence)
    guard schedule.isCausal else { throw Unsupported(reason: "\(recurrence.name) runs from the end") }
    // Each equation after those that it reads at the same time: no deep recursion.
    for index in schedule.derivedParameters + schedule.phases.flatMap(\.equations) {
      let equation = recurrence.equations[index]
      for target in equation.targets { _ = try body(of: target) }
    }
  }

  private var store: Store { recurrence.store }

  func atom(_ atom: Atom) -> Int {
    if let found = index[atom] { return found }
    atoms.append(atom)
    index[atom] = atoms.count - 1
    return atoms.count - 1
  }

  private var bodies: [SymbolID: AtomPolynomial] = [:]

  /// A variable at time t.
  func body(of symbol: SymbolID) throws -> AtomPolynomial {
    if let body = bodies[symbol] { return body }
    guard let equation = recurrence.equation(of: symbol) else {
      throw Unsupported(reason: "\(store[symbol].name) has no equation")
    }
    let body: AtomPolynomial
    if equation.targets.count == 1 {
      if ranks[equation.body] == 2 {
        guard store[symbol].kind == .derivedParameter else {
          throw Unsupported(reason: "\(store[symbol].name) is a matrix")
        }
        body = AtomPolynomial()
      } else {
        body = try polynomial(equation.body)
      }
    } else {
      body = try rows(equation.body, symbol, equation.targets)
    }
    bodies[symbol] = body
    if let only = body.sorted.first, body.terms.count == 1, only.coefficient == 1, only.monomial.count == 1,
      case .function = atoms[only.monomial[0]], names[only.monomial[0]] == nil
    {
      names[only.monomial[0]] = symbol
    }
    return body
  }

  // MARK: Nodes

  private func polynomial(_ root: NodeID) throws -> AtomPolynomial {
    for id in store.closure(of: [root]) where known[id] == nil && ranks[id] < 2 {
      let value = try make(id)
      guard value.terms.count <= CellPolynomials.mostTerms else {
        throw Unsupported(reason: "\(recurrence.name) has equations of too many terms")
      }
      known[id] = value
    }
    return known[root] ?? AtomPolynomial()
  }

  private func make(_ id: NodeID) throws -> AtomPolynomial {
    func of(_ id: NodeID) -> AtomPolynomial { known[id] ?? AtomPolynomial() }
    // What is made of parameters alone is one coefficient, unless it is a number.
    if store.variation(id) == .perUpdate {
      if case .read(let symbol, _) = store[id], store[symbol].kind == .derivedParameter { return try body(of: symbol) }
      if case .read = store[id] { return AtomPolynomial(atom: atom(.parameter(id))) }
    }
    switch store[id] {
    case .number(let number): return AtomPolynomial(number: number.value)
    case .constant(let constant): return AtomPolynomial(atom: atom(.constant(constant)))
    case .time: return AtomPolynomial(atom: atom(.time))
    case .read(let symbol, let shift): return try read(symbol, shift)
    case .sum(let terms):
      return terms.reduce(into: AtomPolynomial()) { $0.add(of($1.node), times: $1.isNegative ? -1 : 1) }
    case .product(let factors):
      return factors.dropFirst().reduce(factors.first.map(of) ?? AtomPolynomial()) { times($0, of($1)) }
    case .quotient(let a, let b):
      if let number = of(b).number, number != 0 { return of(a).scaled(1 / number) }
      return times(of(a), function("1/", [of(b)]))
    case .power(let a, let b):
      if case .number(let exponent) = store[b], let whole = exponent.whole, (1...4).contains(whole) {
        return (1..<whole).reduce(of(a)) { product, _ in times(product, of(a)) }
      }
      return function("^", [of(a), of(b)])
    case .matrixProduct(let a, let b): return try matrixProduct(a, b)
    case .apply(let operation, let arguments): return function(OperatorTable[operation].name, arguments.map(of))
    case .concatenate(let parts): return function("[]", parts.map(of))
    case .transpose(let a): return of(a)
    default: throw Unsupported(reason: "\(recurrence.name) has sums over time or derivatives")
    }
  }

  private func read(_ symbol: SymbolID, _ shift: Int) throws -> AtomPolynomial {
    switch store[symbol].kind {
    case .input:
      return AtomPolynomial(atom: atom(.input(recurrence.inputs.firstIndex(of: symbol) ?? 0, shift: shift)))
    case .variable:
      if shift == 0 { return try body(of: symbol) }
      return AtomPolynomial(atom: atom(.state(states.firstIndex(of: symbol) ?? 0, shift: shift)))
    case .constant: return AtomPolynomial(number: recurrence.constants[symbol]?.value ?? 0)
    case .derivedParameter: return try body(of: symbol)
    case .parameter: return AtomPolynomial(atom: atom(.parameter(store.insert(.read(symbol, shift: 0)))))
    }
  }

  private func function(_ name: String, _ arguments: [AtomPolynomial]) -> AtomPolynomial {
    AtomPolynomial(atom: atom(.function(name, arguments)))
  }

  private func holdsParameters(_ polynomial: AtomPolynomial) -> Bool {
    polynomial.terms.keys.contains { $0.contains(where: isCoefficient) }
  }

  func isCoefficient(_ atom: Int) -> Bool {
    switch atoms[atom] {
    case .parameter, .linear: true
    default: false
    }
  }

  /// Of two factors that both hold parameters, the second keeps to itself, so that a term has one coefficient.
  private func times(_ a: AtomPolynomial, _ b: AtomPolynomial) -> AtomPolynomial {
    if a.terms.count * b.terms.count > CellPolynomials.mostTerms { return function("=", [a]).times(function("=", [b])) }
    return holdsParameters(a) && holdsParameters(b) ? a.times(function("=", [b])) : a.times(b)
  }

  private func matrixProduct(_ a: NodeID, _ b: NodeID) throws -> AtomPolynomial {
    if case .transpose(let inner) = store[a], ranks[inner] == 1, ranks[b] == 1 { return try innerProduct(inner, b) }
    switch (ranks[a], ranks[b]) {
    case (0, 0...1), (1, 0): return times(try polynomial(a), try polynomial(b))
    case (1, 1): return try innerProduct(a, b)
    case (2, 1): break
    default: throw Unsupported(reason: "\(recurrence.name) makes matrices over time")
    }
    guard store.variation(a) <= .perUpdate else {
      throw Unsupported(reason: "\(recurrence.name) makes matrices over time")
    }
    guard case .concatenate(let parts) = store[b] else { return linear(a, try polynomial(b)) }
    var result = AtomPolynomial()
    for part in parts {
      result.add(linear(store.insert(.block(matrix: a, part: part, whole: b)), try polynomial(part)))
    }
    return result
  }

  private func innerProduct(_ a: NodeID, _ b: NodeID) throws -> AtomPolynomial {
    function("sum", [times(try polynomial(a), try polynomial(b))])
  }

  /// M · u; what speaks of parameters within u keeps to itself.
  private func linear(_ matrix: NodeID, _ operand: AtomPolynomial) -> AtomPolynomial {
    if operand.isZero { return operand }
    let whole = holdsParameters(operand) ? function("=", [operand]) : operand
    let (polynomial, factor) = whole.normalised
    return AtomPolynomial([atom(.linear(matrix, polynomial))], times: factor)
  }

  /// The rows of a split: of products the rows of their matrices.
  private func rows(_ id: NodeID, _ target: SymbolID, _ targets: [SymbolID]) throws -> AtomPolynomial {
    func part(_ id: NodeID) -> NodeID { store.insert(.rows(id, target: target, targets: targets)) }
    if ranks[id] == 0 { return try polynomial(id) }
    switch store[id] {
    case .sum(let terms):
      var result = AtomPolynomial()
      for term in terms { result.add(try rows(term.node, target, targets), times: term.isNegative ? -1 : 1) }
      return result
    case .product(let factors):
      return try factors.reduce(AtomPolynomial(number: 1)) { times($0, try rows($1, target, targets)) }
    case .apply(let operation, let arguments):
      guard case .elementwise = OperatorTable[operation].shape else { break }
      return function(OperatorTable[operation].name, try arguments.map { try rows($0, target, targets) })
    case .read(let symbol, _):
      if store[symbol].kind == .parameter { return AtomPolynomial(atom: atom(.parameter(part(id)))) }
    case .matrixProduct(let a, let b):
      guard ranks[a] == 2, ranks[b] == 1, store.variation(a) <= .perUpdate else { break }
      guard case .concatenate(let parts) = store[b] else { return linear(part(a), try polynomial(b)) }
      var result = AtomPolynomial()
      for inner in parts {
        result.add(
          linear(part(store.insert(.block(matrix: a, part: inner, whole: b))), try polynomial(inner)))
      }
      return result
    default: break
    }
    // Of anything else the part is a function of the whole.
    let position = targets.firstIndex(of: target) ?? 0
    return function("part \(position + 1) of \(targets.count)", [try polynomial(id)])
  }
}
