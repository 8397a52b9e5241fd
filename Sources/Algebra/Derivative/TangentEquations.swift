/// The tangent equation of every variable at every time, for one cut: the rules over its body, down to reads. Each is
/// found once, for all who ask.
final class TangentEquations {
  let recurrence: Recurrence
  let cut: Cut
  private var reach: Reach
  let rules: TangentRules
  private var known: [Atom: Linear] = [:]
  let tidying: Tidying
  /// How expressions are spoken of in slopes: the whole body of a variable by the variable; an activation of a product,
  /// and what it is of, by names of their own.
  private let names: [NodeID: NodeID]
  /// Asked at every equation, and by whoever evaluates them.
  let isInterrupted: () -> Bool

  init(_ recurrence: Recurrence, cut: Cut, isInterrupted: @escaping () -> Bool) throws {
    self.recurrence = recurrence
    self.isInterrupted = isInterrupted
    self.cut = cut
    let kind = recurrence.store[cut.symbol].kind
    reach = Reach(recurrence, cut: cut)
    rules = TangentRules(
      store: recurrence.store, ranks: NodeRanks(store: recurrence.store, shapes: recurrence.shapes),
      isJacobian: kind == .variable || kind == .input)
    tidying = Tidying(store: recurrence.store, ranks: rules.isJacobian ? nil : rules.ranks)
    names = Naming(recurrence).names
  }

  /// The tangent of `symbol` at `shift`; the identity for what is cut.
  func equation(of symbol: SymbolID, shift: Int) throws -> Linear {
    let atom = Atom(symbol: symbol, shift: shift, cut: cut)
    if let equation = known[atom] { return equation }
    try poll()
    let result = try derive(symbol, shift: shift)
    known[atom] = result
    return result
  }

  func poll() throws { if isInterrupted() { throw Interruption() } }

  private func derive(_ symbol: SymbolID, shift: Int) throws -> Linear {
    if isCut(symbol, shift: shift) { return try seed(shift: shift) }
    guard reach.reaches(symbol, shift: shift), let equation = recurrence.equation(of: symbol) else { return .zero }
    var whole = try tangentsOfNodes(equation.body, shift: shift)[equation.body] ?? .zero
    if equation.targets.count > 1, !whole.isZero {
      whole = Linear(.rows(whole, target: symbol, targets: equation.targets))
    }
    return shifted(named(whole), by: shift)
  }

  /// The tangents of an expression and all its parts: rules are applied at time t, and reads are `shift` steps from it.
  ///
  /// A part that has none of its own, such as the transpose of a vector, matters only if the whole needs it: `uᵀ · v`
  /// does not.
  func tangentsOfNodes(_ root: NodeID, shift: Int) throws -> [NodeID: Linear] {
    let store = recurrence.store
    var tangents: [NodeID: Linear] = [:]
    var failures: [NodeID: DerivativeFailure] = [:]
    for id in store.closure(of: [root]) {
      do throws(DerivativeFailure) {
        if case .read(let read, let delay) = store[id] {
          let isTimed = store.variation(id) == .withTime
          tangents[id] = try tangentOfRead(read, shift: shift + delay, isTimed: isTimed)
          continue
        }
        let tangent = try rules.tangent(id) { tangents[$0] ?? .zero }
        tangents[id] = tangent
        if let part = tangent.firstOperand { failures[id] = failures[part] }
      } catch {
        failures[id] = error
      }
      if failures[id] != nil { tangents[id] = Linear(.operand(id)) }
    }
    if let failure = failures[root] { throw failure }
    return tangents
  }

  private func isCut(_ symbol: SymbolID, shift: Int) -> Bool { symbol == cut.symbol && shift == cut.shift }

  /// What is cut, by itself: I, or its differential.
  private func seed(shift: Int) throws(DerivativeFailure) -> Linear {
    try refuseMatrix(shift: shift)
    return Linear(.seed(cut.symbol))
  }

  /// By a matrix a Jacobian has three indices.
  private func refuseMatrix(shift: Int) throws(DerivativeFailure) {
    if rules.isJacobian, recurrence.shapes.symbols[cut.symbol]?.rank == 2 {
      throw DerivativeFailure.threeIndices(recurrence.store.insert(.read(cut.symbol, shift: shift)))
    }
  }

  private func tangentOfRead(
    _ symbol: SymbolID, shift: Int, isTimed: Bool
  ) throws(DerivativeFailure) -> Linear {
    let at = isTimed ? shift : 0
    if isCut(symbol, shift: at) { return try seed(shift: at) }
    guard reach.reaches(symbol, shift: at) else { return .zero }
    try refuseMatrix(shift: cut.shift)
    return Linear(.atom(Atom(symbol: symbol, shift: at, cut: cut)))
  }

  /// Factors that have a name are spoken of by it: `f * (1 - f)`.
  func named(_ linear: Linear) -> Linear {
    linear.mappingNodes(
      { node in recurrence.store.rewriteTree(node, keepsBlocks: true) { names[$0] } }, operand: { $0 })
  }

  func shifted(_ linear: Linear, by steps: Int) -> Linear {
    let shift = { self.recurrence.store.shifted($0, by: steps) }
    return steps == 0 ? linear : linear.mappingNodes(shift, operand: shift)
  }
}

extension Linear {
  /// With every factor and matrix replaced, and what no rule has been applied to; atoms and seeds stay.
  func mappingNodes(_ transform: (NodeID) -> NodeID, operand: (NodeID) -> NodeID) -> Linear {
    Linear(
      terms: terms.map { term in
        LinearTerm(
          isNegative: term.isNegative, before: term.before.map(transform),
          core: term.core.mappingNodes(transform, operand: operand),
          after: term.after.map(transform), divisors: term.divisors.map(transform))
      })
  }
}

extension Core {
  fileprivate func mappingNodes(_ transform: (NodeID) -> NodeID, operand: (NodeID) -> NodeID) -> Core {
    switch self {
    case .seed, .atom: self
    case .operand(let node): .operand(operand(node))
    case .left(let matrix, let inner): .left(transform(matrix), inner.mappingNodes(transform, operand: operand))
    case .right(let inner, let node): .right(inner.mappingNodes(transform, operand: operand), transform(node))
    case .group(let inner): .group(inner.mappingNodes(transform, operand: operand))
    case .reduced(let operation, let inner): .reduced(operation, inner.mappingNodes(transform, operand: operand))
    case .transposed(let inner): .transposed(inner.mappingNodes(transform, operand: operand))
    case .rows(let inner, let target, let targets):
      .rows(inner.mappingNodes(transform, operand: operand), target: target, targets: targets)
    case .stacked(let parts):
      .stacked(
        parts.map {
          StackedPart(
            node: transform($0.node), tangent: $0.tangent.map { $0.mappingNodes(transform, operand: operand) })
        })
    }
  }
}

extension Store {
  /// Replaces sub-expressions, the largest first.
  /// - Parameter keepsBlocks: what a block is called by stays, as that finds its columns.
  func rewriteTree(_ root: NodeID, keepsBlocks: Bool = false, replace: (NodeID) -> NodeID?) -> NodeID {
    if let whole = replace(root) { return whole }
    var image: [NodeID: NodeID] = [:]
    for id in closure(of: [root]) {
      if keepsBlocks, case .block(let matrix, let part, let whole) = self[id], replace(id) == nil {
        image[id] = insert(.block(matrix: image[matrix] ?? matrix, part: part, whole: whole))
        continue
      }
      image[id] = replace(id) ?? insert(self[id].mapOperands { image[$0] ?? $0 })
    }
    return image[root] ?? root
  }
}
