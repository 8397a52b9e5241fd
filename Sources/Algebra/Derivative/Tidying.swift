/// Tangents in the order in which they are read: like atoms together, positive terms first, what is resolved before
/// what stands open, a common right factor out. Nothing is ever distributed over `·`.
struct Tidying {
  let store: Store
  /// Of a differential, where a factor may be a matrix; of a Jacobian each is a vector or a number.
  var ranks: NodeRanks?

  /// A rule that writes the terms of a sum in another way.
  struct Rule: Sendable {
    var name: String
    /// Applied to every sum, the inner ones first; else only to the whole.
    var isDeep = true
    var apply: @Sendable (Tidying, [LinearTerm]) -> [LinearTerm]
  }

  static let rules: [Rule] = [
    Rule(name: "numbers and their signs") { $0.settle(numbers: $1) },
    Rule(name: "equal terms") { $0.count(equal: $1) },
    Rule(name: "like terms together") { $0.collect(atoms: $1) },
    Rule(name: "a common right factor out") { $0.takeOut(rightFactors: $1) },
  ]

  static let order = Rule(name: "what is known comes first", isDeep: false) { _, terms in
    terms.filter { $0.core.isResolved } + terms.filter { !$0.core.isResolved }
  }

  /// An equation, with what is resolved before what stands open.
  func ordered(_ linear: Linear) -> Linear { apply(Tidying.order, to: tidy(linear)) }

  func tidy(_ linear: Linear) -> Linear { Tidying.rules.reduce(linear) { apply($1, to: $0) } }

  func apply(_ rule: Rule, to linear: Linear) -> Linear {
    guard rule.isDeep else { return Linear(terms: rule.apply(self, linear.terms)) }
    let inner = linear.terms.compactMap { term -> LinearTerm? in
      var copy = term
      copy.core = apply(rule, to: term.core)
      return copy.core.isZero ? nil : copy
    }
    return Linear(terms: rule.apply(self, inner))
  }

  private func apply(_ rule: Rule, to core: Core) -> Core {
    switch core {
    case .seed, .atom, .operand: core
    case .left(let matrix, let inner): .left(matrix, apply(rule, to: inner))
    case .right(let inner, let node): .right(apply(rule, to: inner), node)
    case .group(let inner): .group(apply(rule, to: inner))
    case .reduced(let operation, let inner): .reduced(operation, apply(rule, to: inner))
    case .transposed(let inner): .transposed(apply(rule, to: inner))
    case .rows(let inner, let target, let targets): .rows(apply(rule, to: inner), target: target, targets: targets)
    case .stacked(let parts):
      .stacked(
        parts.map { part in
          let tangent = part.tangent.map { apply(rule, to: $0) }
          return StackedPart(node: part.node, tangent: tangent?.isZero == true ? nil : tangent)
        })
    }
  }

  /// `0 * d` vanishes, `1 * d` is d, and the sign of `-2 * d` stands before the term.
  private func settle(numbers terms: [LinearTerm]) -> [LinearTerm] {
    terms.compactMap { term -> LinearTerm? in
      var copy = term
      func unsigned(_ id: NodeID) -> NodeID {
        switch store[id] {
        case .number(let number) where number.isNegative:
          copy.isNegative.toggle()
          return store.insert(.number(number.negated))
        case .sum(let inner) where inner.count == 1 && inner[0].isNegative:
          copy.isNegative.toggle()
          return inner[0].node
        default: return id
        }
      }
      func isOne(_ id: NodeID) -> Bool { if case .number(let number) = store[id] { number.isOne } else { false } }
      func isZero(_ id: NodeID) -> Bool { if case .number(let number) = store[id] { number.isZero } else { false } }
      if (term.before + term.after).contains(where: isZero) { return nil }
      copy.before = term.before.map(unsigned).filter { !isOne($0) }
      copy.after = term.after.map(unsigned).filter { !isOne($0) }
      copy.divisors = term.divisors.map(unsigned).filter { !isOne($0) }
      // `A · -d` is `-(A · d)`.
      if let inner = term.core.withoutSign {
        copy.core = inner
        copy.isNegative.toggle()
      }
      return copy
    }
  }

  /// `d - d` vanishes, `d + d` is `2 * d`.
  private func count(equal terms: [LinearTerm]) -> [LinearTerm] {
    // Factors scale elementwise: on which side, and in which order, makes no difference.
    func key(_ term: LinearTerm) -> LinearTerm {
      var copy = term
      copy.isNegative = false
      copy.before = (term.before + term.after).sorted { $0.index < $1.index }
      copy.after = []
      return copy
    }
    guard Set(terms.map(key)).count < terms.count else { return terms }
    var counts: [LinearTerm: Int] = [:]
    for term in terms { counts[key(term), default: 0] += term.isNegative ? -1 : 1 }
    var result: [LinearTerm] = []
    for term in terms {
      guard let count = counts.removeValue(forKey: key(term)), count != 0 else { continue }
      var copy = term
      copy.isNegative = count < 0
      if abs(count) > 1 { copy.before.insert(store.insert(.number(Decimal(abs(count)))), at: 0) }
      result.append(copy)
    }
    return result
  }

  /// `∂z * h̃ - ∂z * h⁻` is `∂z * (h̃ - h⁻)`.
  private func collect(atoms terms: [LinearTerm]) -> [LinearTerm] {
    var result: [LinearTerm] = []
    var isUsed = [Bool](repeating: false, count: terms.count)
    for (index, term) in terms.enumerated() where !isUsed[index] {
      guard case .atom = term.core, term.divisors.isEmpty else {
        result.append(term)
        continue
      }
      let same = terms.indices.filter { $0 >= index && terms[$0].core == term.core && terms[$0].divisors.isEmpty }
      for other in same { isUsed[other] = true }
      guard same.count > 1 else {
        result.append(term)
        continue
      }
      let group = same.map { terms[$0] }
      let isOnTheRight = group.contains { !$0.after.isEmpty }
      let factor = coefficient(group.map { ($0.isNegative, $0.before + $0.after) })
      var joined = LinearTerm(core: term.core)
      if isOnTheRight { joined.after = [factor] } else { joined.before = [factor] }
      result.append(joined)
    }
    return result
  }

  /// `c * W · d + g * V · d` is `(c * W + g * V) · d`.
  private func takeOut(rightFactors terms: [LinearTerm]) -> [LinearTerm] {
    var result: [LinearTerm] = []
    var isUsed = [Bool](repeating: false, count: terms.count)
    for (index, term) in terms.enumerated() where !isUsed[index] {
      guard case .left(_, let inner) = term.core, !inner.isPlainSeed, scalesRows(term) else {
        result.append(term)
        continue
      }
      let same = terms.indices.filter { other in
        if other >= index, case .left(_, inner) = terms[other].core { scalesRows(terms[other]) } else { false }
      }
      for other in same { isUsed[other] = true }
      guard same.count > 1 else {
        result.append(term)
        continue
      }
      let parts = same.flatMap { matrixTerms(terms[$0]) }
      result.append(LinearTerm(core: .left(store.insert(.sum(positiveFirst(parts))), inner)))
    }
    return result
  }

  /// `s * A · d` is `(s * A) · d`, unless s is a matrix.
  func scalesRows(_ term: LinearTerm) -> Bool {
    guard let ranks else { return true }
    return (term.before + term.after + term.divisors).allSatisfy { ranks[$0] < 2 }
  }

  /// The matrix of a term `s * A · d / q`, without d.
  func matrix(_ term: LinearTerm) -> NodeID {
    guard case .left(let matrix, _) = term.core else { return store.insert(.number(Decimal(0))) }
    let factors = term.before + term.after
    let scaled = factors.isEmpty ? matrix : store.insert(.product(factors + [matrix]))
    return term.divisors.reduce(scaled) { store.insert(.quotient($0, $1)) }
  }

  /// The matrix of a term as terms of a sum: one that is a sum already joins with its own.
  private func matrixTerms(_ term: LinearTerm) -> [Term] {
    let node = matrix(term)
    guard term.before.isEmpty, term.after.isEmpty, term.divisors.isEmpty, case .sum(let inner) = store[node] else {
      return [Term(node, isNegative: term.isNegative)]
    }
    return inner.map { Term($0.node, isNegative: $0.isNegative != term.isNegative) }
  }

  private func coefficient(_ parts: [(isNegative: Bool, factors: [NodeID])]) -> NodeID {
    let terms = parts.map { part -> Term in
      let node: NodeID
      switch part.factors.count {
      case 0: node = store.insert(.number(Decimal(1)))
      case 1: node = part.factors[0]
      default: node = store.insert(.product(part.factors))
      }
      return Term(node, isNegative: part.isNegative)
    }
    return store.insert(.sum(positiveFirst(terms)))
  }

  private func positiveFirst(_ terms: [Term]) -> [Term] {
    terms.filter { !$0.isNegative } + terms.filter(\.isNegative)
  }
}

extension Core {
  /// Of a linear function of what has a minus before every term: that of the same without; else nil.
  fileprivate var withoutSign: Core? {
    func isNegative(_ inner: Linear) -> Bool { !inner.isZero && inner.terms.allSatisfy(\.isNegative) }
    switch self {
    case .left(let matrix, let inner) where isNegative(inner): return .left(matrix, inner.negated)
    case .right(let inner, let node) where isNegative(inner): return .right(inner.negated, node)
    case .group(let inner) where isNegative(inner): return .group(inner.negated)
    case .reduced(let operation, let inner) where isNegative(inner): return .reduced(operation, inner.negated)
    case .transposed(let inner) where isNegative(inner): return .transposed(inner.negated)
    default: return nil
    }
  }
}

extension Linear {
  /// I alone.
  var isPlainSeed: Bool {
    guard terms.count == 1, case .seed = terms[0].core, !terms[0].isNegative else { return false }
    return terms[0].before.isEmpty && terms[0].after.isEmpty && terms[0].divisors.isEmpty
  }
}

/// Tangents as expressions of the store, to be printed and evaluated: what is shown is what is computed.
struct TangentWriter {
  let store: Store
  /// What derivatives are by, for those of expressions to which no rule has been applied.
  private let cut: Cut?
  /// The derivative is by a number: what it starts from is 1.
  private let isByNumber: Bool
  private let tidying: Tidying
  /// The cell; nil of a function of one number.
  private let recurrence: Recurrence?

  /// Of a function of one number.
  init(store: Store) {
    self.store = store
    cut = nil
    isByNumber = true
    tidying = Tidying(store: store)
    recurrence = nil
  }

  init(_ recurrence: Recurrence, cut: Cut, tidying: Tidying? = nil) {
    store = recurrence.store
    self.cut = cut
    isByNumber = (recurrence.shapes.symbols[cut.symbol]?.rank ?? 1) == 0 && recurrence.store[cut.symbol].isTimed
    self.tidying =
      tidying
      ?? Tidying(
        store: store,
        ranks: store[cut.symbol].isTimed ? nil : NodeRanks(store: store, shapes: recurrence.shapes))
    self.recurrence = recurrence
  }

  func node(_ linear: Linear) -> NodeID {
    if linear.isZero { return store.insert(.number(Decimal(0))) }
    if linear.terms.count == 1, !linear.terms[0].isNegative { return node(linear.terms[0]) }
    return store.insert(.sum(linear.terms.map { Term(node($0), isNegative: $0.isNegative) }))
  }

  private func node(_ term: LinearTerm) -> NodeID {
    if case .left(_, let inner) = term.core, tidying.scalesRows(term) {
      let matrix = tidying.matrix(term)
      return inner.isPlainSeed && !isDifferential(inner) ? matrix : store.insert(.matrixProduct(matrix, node(inner)))
    }
    var factors = term.before + [node(term.core)] + term.after
    if isByNumber, case .seed = term.core, factors.count > 1 { factors = term.before + term.after }
    factors = numbersTogether(factors)
    let product = factors.count == 1 ? factors[0] : store.insert(.product(factors))
    return term.divisors.reduce(product) { store.insert(.quotient($0, $1)) }
  }

  /// `2 * 3 * v` is `6 * v`: the product of whole numbers stands first.
  private func numbersTogether(_ factors: [NodeID]) -> [NodeID] {
    let numbers = factors.compactMap { id -> Int? in
      if case .number(let number) = store[id] { number.whole } else { nil }
    }
    guard numbers.count > 1 else { return factors }
    var whole = 1
    for number in numbers {
      let (product, overflows) = whole.multipliedReportingOverflow(by: number)
      if overflows { return factors }
      whole = product
    }
    let others = factors.filter { id in
      if case .number(let number) = store[id] { number.whole == nil } else { true }
    }
    return whole == 1 && !others.isEmpty ? others : [store.insert(.number(Decimal(whole)))] + others
  }

  /// `∂/∂c[t-1] (E)`; of a variable `∂f[t]/∂c[t-1]`.
  private func operand(_ node: NodeID) -> NodeID {
    guard let cut else { return node }
    if case .read(let symbol, let shift) = store[node] {
      let isCut = symbol == cut.symbol && shift == cut.shift
      if !isCut { return store.insert(.atom(Atom(symbol: symbol, shift: shift, cut: cut))) }
      if isDifferential(Linear(.seed(symbol))) { return store.insert(.seed(symbol)) }
    }
    return store.insert(.derivative(node, by: cut))
  }

  /// Columns for each entry of what the derivative is by.
  private var isJacobian: Bool {
    guard let cut else { return false }
    return store[cut.symbol].isTimed
  }

  private func isDifferential(_ linear: Linear) -> Bool {
    guard case .seed(let symbol)? = linear.terms.first?.core else { return false }
    return store[symbol].kind == .parameter || store[symbol].kind == .derivedParameter
  }

  private func node(_ core: Core) -> NodeID {
    switch core {
    case .seed where isByNumber: return store.insert(.number(Decimal(1)))
    case .seed(let symbol): return store.insert(.seed(symbol))
    case .atom(let atom): return store.insert(.atom(atom))
    case .operand(let node): return operand(node)
    case .left(let matrix, let inner):
      let isAlone = inner.isPlainSeed && !isDifferential(inner)
      return isAlone ? matrix : store.insert(.matrixProduct(matrix, node(inner)))
    case .right(let inner, let vector): return store.insert(.matrixProduct(node(inner), vector))
    case .group(let inner): return node(inner)
    case .reduced(let operation, let inner):
      let node = node(inner)
      // By a number a tangent is one column: what is of columns is of all.
      return store.insert(isJacobian && !isByNumber ? .reduced(operation, node) : .apply(operation, [node]))
    case .transposed(let inner): return store.insert(.transpose(node(inner)))
    case .rows(let inner, let target, let targets):
      return store.insert(.rows(node(inner), target: target, targets: targets))
    case .stacked(let parts):
      let zero = saysHeights(of: parts) ? store.insert(.number(Decimal(0))) : nil
      return store.insert(
        .concatenate(
          parts.map { part in
            if let tangent = part.tangent { return node(tangent) }
            let like = zero.map { store.insert(.product([$0, part.node])) } ?? part.node
            return store.insert(.zeros(like: like))
          }))
    }
  }

  /// `[0, M]` is as tall as what the equations have in such brackets; where that could be several, `[0 * v, M]` says it.
  private func saysHeights(of parts: [StackedPart]) -> Bool {
    guard let recurrence, parts.contains(where: { $0.tangent == nil }) else { return false }
    let similar = store.closure(of: recurrence.equations.map(\.body)).compactMap { id -> [NodeID]? in
      if case .concatenate(let others) = store[id], others.count == parts.count { others } else { nil }
    }
    func heights(_ nodes: [NodeID]) -> [Dimension] {
      nodes.map { recurrence.shapes.nodes[$0]?.dimensions.first ?? .one }
    }
    let isOwn = { (others: [NodeID]) in zip(others, parts).allSatisfy { store.steps(from: $0, to: $1.node) != nil } }
    guard let own = similar.first(where: isOwn).map(heights) else { return similar.count > 1 }
    return similar.map(heights).contains { other in
      other != own && parts.indices.allSatisfy { parts[$0].tangent == nil || other[$0] == own[$0] }
    }
  }
}
