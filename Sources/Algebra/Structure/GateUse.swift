/// A product in which a variable or an activation, or one minus it, is a factor: what it multiplies, where that goes,
/// and so what it controls.
struct GateUse {
  enum Subject {
    case variable(SymbolID)
    case activation(NodeID)
  }

  /// `1 - z` multiplies, not z.
  let isComplement: Bool
  /// The other factors.
  let others: [NodeID]
  /// The variable whose equation the product stands in, further names for it seen through.
  let target: SymbolID
  let role: Role

  enum Role {
    /// A term of the equation: it is added to what else is there.
    case term(hasOthers: Bool)
    /// The whole of the equation.
    case whole
    /// Beneath an activation, a matrix or whatever else: the equation sees what is let through.
    case within
  }

  /// The uses in the order of the equations; those in which only parameters are multiplied are none.
  static func uses(of subject: Subject, in recurrence: Recurrence) -> [GateUse] {
    let store = recurrence.store
    var result: [GateUse] = []
    for equation in recurrence.equations {
      guard let target = equation.targets.first else { continue }
      for id in store.closure(of: [equation.body]) {
        guard case .product(let factors) = store[id] else { continue }
        for (position, factor) in factors.enumerated() {
          guard let isComplement = isComplement(factor, subject, store) else { continue }
          let others = factors.enumerated().filter { $0.offset != position }.map(\.element)
          guard others.contains(where: { store.variation($0) == .withTime }) else { continue }
          let end = destination(of: id, in: equation.body, of: target, recurrence)
          result.append(
            GateUse(isComplement: isComplement, others: others, target: end.target, role: end.role))
        }
      }
    }
    return result
  }

  /// False for the subject itself, true for its complement, nil for anything else.
  private static func isComplement(_ factor: NodeID, _ subject: Subject, _ store: Store) -> Bool? {
    func isSubject(_ id: NodeID) -> Bool {
      switch (subject, store[id]) {
      case (.variable(let own), .read(let symbol, _)): own == symbol
      case (.activation(let activation), _): id == activation
      default: false
      }
    }
    if isSubject(factor) { return false }
    return complement(factor, store).map(isSubject) == true ? true : nil
  }

  /// z of 1 - z.
  private static func complement(_ id: NodeID, _ store: Store) -> NodeID? {
    guard case .sum(let terms) = store[id], terms.count == 2, terms[1].isNegative, !terms[0].isNegative,
      case .number(let one) = store[terms[0].node], one.isOne
    else { return nil }
    return terms[1].node
  }

  /// Activations that are, or whose complements are, factors of products.
  static func activations(in recurrence: Recurrence) -> [NodeID] {
    let store = recurrence.store
    return recurrence.equations.flatMap { store.closure(of: [$0.body]) }.flatMap { id -> [NodeID] in
      guard case .product(let factors) = store[id] else { return [] }
      return factors.map { complement($0, store) ?? $0 }.filter { factor in
        if case .apply = store[factor] { return store.variation(factor) == .withTime }
        return false
      }
    }
  }

  /// Where a product goes: a variable that is only a name for it, or for a sum with it, is followed to the one equation
  /// that it is a term of.
  private static func destination(
    of product: NodeID, in body: NodeID, of target: SymbolID, _ recurrence: Recurrence
  ) -> (target: SymbolID, role: Role) {
    let store = recurrence.store
    let kept = Set(recurrence.states + recurrence.outputs)
    var (node, body, target) = (product, body, target)
    var hasOthers = false
    for _ in recurrence.equations {
      if node != body {
        guard case .sum(let terms) = store[body], terms.contains(where: { $0.node == node }) else {
          return (target, .within)
        }
        hasOthers = hasOthers || terms.count > 1
      }
      let read = store.insert(.read(target, shift: 0))
      let readers = recurrence.equations.filter { store.closure(of: [$0.body]).contains(read) }
      guard !kept.contains(target), readers.count == 1, let next = readers[0].targets.first,
        isTerm(read, of: readers[0].body, store)
      else { break }
      (node, body, target) = (read, readers[0].body, next)
    }
    return (target, hasOthers ? .term(hasOthers: true) : .whole)
  }

  private static func isTerm(_ node: NodeID, of body: NodeID, _ store: Store) -> Bool {
    if node == body { return true }
    guard case .sum(let terms) = store[body] else { return false }
    return terms.contains { $0.node == node }
  }

  // MARK: Words

  private func text(_ recurrence: Recurrence, _ notation: inout TextNotation) -> String {
    others.map { other in
      let text = notation.text(other)
      if case .sum = recurrence.store[other] { return others.count > 1 ? "(\(text))" : text }
      return text
    }.joined(separator: " * ")
  }

  /// `c[t-1]`, `1 - z: h[t-1]`.
  func multiplied(_ recurrence: Recurrence, _ name: String, _ notation: inout TextNotation) -> String {
    let text = text(recurrence, &notation)
    return isComplement ? "1 - \(name): \(text)" : text
  }

  /// `how much of c[t-1] stays in c[t]`.
  func words(_ recurrence: Recurrence, _ name: String, _ notation: inout TextNotation) -> String {
    let store = recurrence.store
    let goal = TextNotation.read(store[target], shift: 0)
    let what = text(recurrence, &notation)
    let lead = isComplement ? "1 - \(name): " : ""
    if case .within = role { return "\(lead)how much of \(what) reaches \(goal)" }
    if let origin = mixture(recurrence, &notation) { return "\(lead)how far \(goal) goes \(origin)" }
    let isOwn = others.contains { other in
      if case .read(target, let shift) = store[other] { return shift < 0 }
      return false
    }
    if isOwn { return "\(lead)how much of \(what) stays in \(goal)" }
    guard case .term = role else { return "\(lead)how much of \(what) is shown in \(goal)" }
    let verb = recurrence.states.contains(target) ? "is written into" : "goes into"
    return "\(lead)how much of \(what) \(verb) \(goal)"
  }

  /// `h[t] = h[t-1] + z[t] * (h̃[t] - h[t-1])`: from where to where.
  private func mixture(_ recurrence: Recurrence, _ notation: inout TextNotation) -> String? {
    guard others.count == 1, case .sum(let terms) = recurrence.store[others[0]], terms.count == 2,
      !terms[0].isNegative, terms[1].isNegative, case .read(target, let shift) = recurrence.store[terms[1].node],
      shift < 0
    else { return nil }
    return "from \(notation.text(terms[1].node)) to \(notation.text(terms[0].node))"
  }
}
