/// Why there is no derivative to show.
public enum DerivativeFailure: Error, Sendable {
  /// The derivative of a matrix by a vector has three indices.
  case threeIndices(NodeID)
  case noDerivative(String)
  case tooManySteps(bound: Int)
  case tooLarge(Int)
  /// The derivative of a derivative, in a cell of other widths than 1; the names of its widths.
  case wide(widths: [String], cell: String)
  /// A derivative that goes back to the start has no end, so it is not derived again.
  case endless(String)
  case noProduct(NoProduct)

  /// Why a derivative is no product of state Jacobians.
  public enum NoProduct: Sendable {
    case byParameter, singleTimesHeld, readsLater, noSteps
  }
}

/// The tangent of a node from the tangents of its operands: one rule for each operation (algebra: one row, two maps;
/// this is the map applied).
struct TangentRules {
  let store: Store
  let ranks: NodeRanks
  /// Columns for each entry of what the derivative is by; else a differential, of the same shape as what it is of.
  let isJacobian: Bool

  /// The rule of one node alone: the tangents of its operands stand as `Core.operand`, but for those that are known to
  /// be zero. Steps are the trace of these, an adjoint is their transpose.
  func local(_ id: NodeID, isZero: (NodeID) -> Bool = { _ in false }) throws(DerivativeFailure) -> Linear {
    try tangent(id) { isZero($0) ? .zero : Linear(.operand($0)) }
  }

  func tangent(_ id: NodeID, of d: (NodeID) -> Linear) throws(DerivativeFailure) -> Linear {
    switch store[id] {
    case .number, .constant, .time, .identity, .read, .seed, .atom, .zeros, .derivative: return .zero
    case .sum(let terms): return sum(terms, of: id, d)
    case .product(let factors): return try product(factors, of: id, d)
    case .quotient(let a, let b): return try quotient(a, b, of: id, d)
    case .power(let a, let b): return try power(a, b, of: id, d)
    case .matrixProduct(let a, let b): return try matrixProduct(a, b, of: id, d)
    case .transpose(let a):
      if d(a).isZero { return .zero }
      if isJacobian { throw DerivativeFailure.threeIndices(id) }
      return Linear(.transposed(d(a)))
    case .concatenate(let parts):
      if parts.allSatisfy({ d($0).isZero }) { return .zero }
      return Linear(
        .stacked(parts.map { StackedPart(node: $0, tangent: d($0).isZero ? nil : d($0)) }))
    case .apply(let operation, let arguments): return try apply(operation, arguments, of: id, d)
    case .total(let a):
      if d(a).isZero { return .zero }
      throw DerivativeFailure.noDerivative("a sum over all times")
    case .reduced(_, let a):
      if d(a).isZero { return .zero }
      throw DerivativeFailure.threeIndices(id)
    case .block(let matrix, _, _): return d(matrix)
    case .named(let a, _, _): return d(a)
    case .rows(let a, let target, let targets):
      return d(a).isZero ? .zero : Linear(.rows(d(a), target: target, targets: targets))
    }
  }

  // MARK: Sums

  /// Terms of their own signs. If only numbers vary in a sum of vectors, their one row is spread over the height.
  private func sum(_ terms: [Term], of id: NodeID, _ d: (NodeID) -> Linear) -> Linear {
    let whole = terms.reduce(Linear.zero) { $0 + ($1.isNegative ? d($1.node).negated : d($1.node)) }
    guard isJacobian, !whole.isZero, ranks[id] == 1,
      let tall = terms.first(where: { ranks[$0.node] == 1 })?.node,
      terms.allSatisfy({ ranks[$0.node] == 0 || d($0.node).isZero })
    else { return whole }
    let nothing = store.insert(.product([store.insert(.number(Decimal(0))), tall]))
    return whole.scaled(before: [store.insert(.sum([Term(store.insert(.number(Decimal(1)))), Term(nothing)]))])
  }

  // MARK: Products

  /// a * b: da * b + a * db. A factor that is a number beside vectors has one row, so it stands right of `·`.
  private func product(_ factors: [NodeID], of id: NodeID, _ d: (NodeID) -> Linear) throws(DerivativeFailure) -> Linear
  {
    var result = Linear.zero
    for (position, factor) in factors.enumerated() where !d(factor).isZero {
      if isJacobian, ranks[id] == 2 { throw DerivativeFailure.threeIndices(id) }
      let before = Array(factors[..<position])
      let after = Array(factors[(position + 1)...])
      if isJacobian, ranks[factor] == 0, ranks[id] == 1 {
        result = result + Linear(.left(productNode(before + after), d(factor)))
      } else {
        result = result + d(factor).scaled(before: before, after: after)
      }
    }
    return result
  }

  private func productNode(_ factors: [NodeID]) -> NodeID {
    factors.count == 1 ? factors[0] : store.insert(.product(factors))
  }

  /// A · b: dA · b + A · db; of two vectors their inner product.
  private func matrixProduct(_ a: NodeID, _ b: NodeID, of id: NodeID, _ d: (NodeID) -> Linear) throws(DerivativeFailure)
    -> Linear
  {
    if d(a).isZero, d(b).isZero { return .zero }
    var left = a
    if case .transpose(let inner) = store[a], ranks[inner] == 1, ranks[b] == 1 { left = inner }
    switch (ranks[left], ranks[b]) {
    case (0, _), (_, 0): return try product([left, b], of: id, d)
    case (1, 1):
      let first = d(left).isZero ? .zero : Linear(.left(store.insert(.transpose(b)), d(left)))
      let second = d(b).isZero ? .zero : Linear(.left(store.insert(.transpose(left)), d(b)))
      return first + second
    default: break
    }
    if let result = outerProduct(a, b, d) { return result }
    var result = Linear.zero
    if !d(a).isZero {
      if isJacobian { throw DerivativeFailure.threeIndices(id) }
      result = Linear(.right(d(a), b))
    }
    if isJacobian, ranks[b] == 2, !d(b).isZero { throw DerivativeFailure.threeIndices(id) }
    return result + leftProduct(a, b, d)
  }

  /// (u · vᵀ) · w = u * (vᵀ · w): the matrix between has no Jacobian, and needs none.
  private func outerProduct(_ a: NodeID, _ b: NodeID, _ d: (NodeID) -> Linear) -> Linear? {
    guard isJacobian, !d(a).isZero, ranks[b] == 1, case .matrixProduct(let u, let row) = store[a],
      case .transpose(let v) = store[row], ranks[u] == 1, ranks[v] == 1
    else { return nil }
    let inner = store.insert(.matrixProduct(row, b))
    let varying =
      (d(v).isZero ? .zero : Linear(.left(store.insert(.transpose(b)), d(v))))
      + (d(b).isZero ? .zero : Linear(.left(row, d(b))))
    return d(u).scaled(after: [inner]) + (varying.isZero ? .zero : Linear(.left(u, varying)))
  }

  /// A · db; of a concatenation part by part, each with its block of columns.
  private func leftProduct(_ a: NodeID, _ b: NodeID, _ d: (NodeID) -> Linear) -> Linear {
    guard case .concatenate(let parts) = store[b], !isRepeated(parts.filter { !d($0).isZero }, in: parts) else {
      return d(b).isZero ? .zero : Linear(.left(a, d(b)))
    }
    return parts.reduce(.zero) { result, part in
      let tangent = d(part)
      guard !tangent.isZero else { return result }
      return result + Linear(.left(store.insert(.block(matrix: a, part: part, whole: b)), tangent))
    }
  }

  /// A part that stands twice, `[c, c]`, has no block that its name would tell.
  private func isRepeated(_ varying: [NodeID], in parts: [NodeID]) -> Bool {
    varying.contains { part in parts.filter { $0 == part }.count > 1 }
  }

  // MARK: Quotients and powers

  /// y = a / b: da / b − y * db / b.
  private func quotient(_ a: NodeID, _ b: NodeID, of y: NodeID, _ d: (NodeID) -> Linear) throws(DerivativeFailure)
    -> Linear
  {
    let first = d(a).isZero ? Linear.zero : d(a).divided(by: b)
    guard !d(b).isZero else { return first }
    if isJacobian, ranks[y] == 2 { throw DerivativeFailure.threeIndices(y) }
    let second =
      isJacobian && ranks[b] == 0 && ranks[y] == 1
      ? Linear(.left(y, d(b))) : d(b).scaled(before: [y])
    return first + second.divided(by: b).negated
  }

  /// a^n: n * a^(n−1) * da; if the exponent varies, y * (db * log(a) + b * da / a).
  private func power(_ a: NodeID, _ b: NodeID, of y: NodeID, _ d: (NodeID) -> Linear) throws(DerivativeFailure)
    -> Linear
  {
    if d(a).isZero, d(b).isZero { return .zero }
    if !d(b).isZero {
      // e^b is exp(b).
      if case .constant(.euler) = store[a] { return d(b).scaled(before: [y]) }
      guard let log = OperatorTable.find("log", arity: 1) else { return .zero }
      let logarithm = store.insert(.apply(log, [a]))
      var inner = try product([b, logarithm], of: y) { $0 == b ? d(b) : .zero }
      if !d(a).isZero { inner = inner + d(a).scaled(before: [b]).divided(by: a) }
      return inner.scaled(before: [y])
    }
    guard case .number(let exponent) = store[b] else {
      let less = store.insert(.sum([Term(b), Term(store.insert(.number(Decimal(1))), isNegative: true)]))
      return d(a).scaled(before: [b, store.insert(.power(a, less))])
    }
    if exponent.isOne { return d(a) }
    if exponent.whole == 2 { return d(a).scaled(before: [b, a]) }
    guard let less = Decimal(exponent.value - 1) else { return .zero }
    return d(a).scaled(before: [b, store.insert(.power(a, store.insert(.number(less))))])
  }

  // MARK: Functions

  private func apply(
    _ operation: Operator.ID, _ arguments: [NodeID], of y: NodeID, _ d: (NodeID) -> Linear
  ) throws(DerivativeFailure) -> Linear {
    guard arguments.contains(where: { !d($0).isZero }) else { return .zero }
    if isJacobian, ranks[y] == 2 { throw DerivativeFailure.threeIndices(y) }
    let build = SlopeBuilder(store: store)
    return try OperatorSlopes.tangent(
      OperatorTable[operation], y: y, arguments: arguments, tangents: arguments.map(d),
      isOfMatrix: arguments.contains { ranks[$0] == 2 }, build)
  }
}

/// Ranks of nodes, also of those that only derivations make, from the ranks of symbols.
final class NodeRanks {
  private let store: Store
  /// Symbols may be added as they are made.
  var shapes: ShapeSolution
  private var known = NodeMap<Int>()

  init(store: Store, shapes: ShapeSolution) {
    self.store = store
    self.shapes = shapes
  }

  subscript(_ root: NodeID) -> Int {
    if let rank = known[root] { return rank }
    for id in store.closure(of: [root]) where known[id] == nil { known[id] = rank(store[id]) }
    return known[root] ?? 0
  }

  private func rank(_ node: Node) -> Int {
    func of(_ id: NodeID) -> Int { known[id] ?? 0 }
    switch node {
    case .number, .constant, .time: return 0
    case .identity, .seed, .atom, .block, .zeros, .derivative, .reduced: return 2
    case .read(let symbol, _): return shapes.symbols[symbol]?.rank ?? 0
    case .concatenate: return 1
    case .transpose(let a): return of(a) == 0 ? 0 : 2
    case .total(let a), .rows(let a, _, _), .named(let a, _, _): return of(a)
    case .sum, .product, .quotient, .power: return node.operands.map(of).max() ?? 0
    case .matrixProduct(let a, let b):
      switch (of(a), of(b)) {
      case (0, let other), (let other, 0): return other
      case (2, 1):
        if case .transpose(let inner) = store[a], of(inner) == 1 { return 0 }
        return 1
      case (1, 1): return 0
      default: return 2
      }
    case .apply(let operation, let arguments):
      return OperatorTable[operation].shape.rank ?? arguments.map(of).max() ?? 0
    }
  }
}
