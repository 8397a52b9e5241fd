/// A derivative of a recurrence, opened level by level.
///
/// It is the tangent recurrence, partly substituted: level 0 is `∂c[t]/∂c[t-1]` itself, level 1 its tangent equation,
/// and each further level puts in the tangent equations of the derivatives that the last one left standing. An atom
/// that stands in several places and opens into several terms is not copied but printed below as "where", so sizes
/// stay linear.
public struct Derivation {
  public let recurrence: Recurrence
  public let target: Atom
  /// The tangent equation of the target, with opened atoms put in.
  private(set) var body: Linear
  /// `where` lines.
  private(set) var definitions: [(atom: Atom, body: Linear)] = []
  private var opened: Set<Atom> = []
  private var tangents: TangentEquations

  /// - Throws: `TangentRules.Failure` if the derivative has three indices or is not known.
  public init(_ recurrence: Recurrence, of symbol: SymbolID, shift: Int, cut: Cut) throws {
    self.recurrence = recurrence
    target = Atom(symbol: symbol, shift: shift, cut: cut)
    tangents = try TangentEquations(recurrence, cut: cut)
    opened = [target]
    body = try tangents.equation(of: symbol, shift: shift)
    body = tangents.tidying.tidy(body)
  }

  /// The derivatives that stand unopened, in the order in which they stand.
  public var standing: [Atom] {
    var result: [Atom] = []
    for atom in body.atoms + definitions.flatMap({ $0.body.atoms }) where !result.contains(atom) && isOpenable(atom) {
      result.append(atom)
    }
    return result
  }

  public var isZero: Bool { body.isZero }

  /// Defined by a `where` line, or a step of a recurrence of sensitivity that is open at another time already.
  private func isOpenable(_ atom: Atom) -> Bool {
    if definitions.contains(where: { $0.atom == atom }) || opened.contains(atom) { return false }
    let kind = recurrence.store[atom.cut.symbol].kind
    guard kind == .parameter || kind == .derivedParameter else { return true }
    return !opened.contains { $0.symbol == atom.symbol && $0.shift != atom.shift }
  }

  /// Opens every standing atom once.
  public mutating func expand(levels: Int = 1) throws {
    for _ in 0..<levels {
      let atoms = standing
      if atoms.isEmpty { return }
      try open(atoms)
    }
  }

  public mutating func expandAll() throws {
    while !standing.isEmpty { try open(standing) }
  }

  /// Opens some atoms; those that do not stand are left alone.
  public mutating func open(_ atoms: [Atom]) throws {
    let standing = standing
    var replacements: [Atom: Linear] = [:]
    var shared: [(atom: Atom, body: Linear)] = []
    for atom in atoms where standing.contains(atom) {
      let equation = tangents.tidying.tidy(try tangents.equation(of: atom.symbol, shift: atom.shift))
      opened.insert(atom)
      if equation.terms.count > 1, occurrences(of: atom) > 1 {
        shared.append((atom, equation))
      } else {
        replacements[atom] = equation
      }
    }
    body = tangents.tidying.tidy(body.substituting { replacements[$0] })
    definitions = definitions.map { ($0.atom, tangents.tidying.tidy($0.body.substituting { replacements[$0] })) }
    definitions += shared
  }

  private func occurrences(of atom: Atom) -> Int {
    var count = 0
    body.visit { if $0 == atom { count += 1 } }
    for definition in definitions { definition.body.visit { if $0 == atom { count += 1 } } }
    return count
  }

  // MARK: As expressions

  /// The right side, and the right sides of the `where` lines.
  public var expression: NodeID { TangentWriter(store: recurrence.store).node(body) }

  public var definitionExpressions: [(atom: Atom, expression: NodeID)] {
    let writer = TangentWriter(store: recurrence.store)
    return definitions.map { ($0.atom, writer.node($0.body)) }
  }
}

/// The tangent equation of every variable at every time, for one cut: the rules over its body, down to reads.
struct TangentEquations {
  let recurrence: Recurrence
  let cut: Cut
  private var reach: Reach
  private let rules: TangentRules
  private var known: [Atom: Linear] = [:]
  let tidying: Tidying
  /// Expressions that are the whole body of a variable are spoken of by its name.
  private let names: [NodeID: SymbolID]

  init(_ recurrence: Recurrence, cut: Cut) throws {
    self.recurrence = recurrence
    self.cut = cut
    let kind = recurrence.store[cut.symbol].kind
    reach = try Reach(recurrence, cut: cut)
    rules = TangentRules(
      store: recurrence.store, ranks: NodeRanks(store: recurrence.store, shapes: recurrence.shapes),
      isJacobian: kind == .variable || kind == .input)
    tidying = Tidying(store: recurrence.store)
    names = recurrence.equations.reduce(into: [:]) { result, equation in
      if equation.targets.count == 1 { result[equation.body] = equation.targets[0] }
    }
  }

  /// The tangent of `symbol` at `shift`; the identity for what is cut.
  mutating func equation(of symbol: SymbolID, shift: Int) throws -> Linear {
    let atom = Atom(symbol: symbol, shift: shift, cut: cut)
    if let equation = known[atom] { return equation }
    let result = try derive(symbol, shift: shift)
    known[atom] = result
    return result
  }

  private mutating func derive(_ symbol: SymbolID, shift: Int) throws -> Linear {
    if isCut(symbol, shift: shift) { return Linear(.seed(symbol)) }
    guard reach.reaches(symbol, shift: shift), let equation = recurrence.equation(of: symbol) else { return .zero }
    let store = recurrence.store
    var tangents: [NodeID: Linear] = [:]
    // Rules are applied at time t, then everything is read `shift` steps from it.
    let order = store.closure(of: [equation.body])
    for id in order {
      if case .read(let read, let delay) = store[id] {
        tangents[id] = tangentOfRead(read, shift: shift + delay, isTimed: store.variation(id) == .withTime)
        continue
      }
      tangents[id] = try rules.tangent(id) { tangents[$0] ?? .zero }
    }
    var whole = tangents[equation.body] ?? .zero
    if equation.targets.count > 1, !whole.isZero {
      whole = Linear(.rows(whole, target: symbol, targets: equation.targets))
    }
    return shifted(named(whole), by: shift)
  }

  private func isCut(_ symbol: SymbolID, shift: Int) -> Bool { symbol == cut.symbol && shift == cut.shift }

  private mutating func tangentOfRead(_ symbol: SymbolID, shift: Int, isTimed: Bool) -> Linear {
    let at = isTimed ? shift : 0
    if isCut(symbol, shift: at) { return Linear(.seed(symbol)) }
    guard reach.reaches(symbol, shift: at) else { return .zero }
    return Linear(.atom(Atom(symbol: symbol, shift: at, cut: cut)))
  }

  /// Factors that are the whole body of a variable become the variable: `f * (1 - f)`.
  private func named(_ linear: Linear) -> Linear {
    linear.mappingNodes { node in
      let store = recurrence.store
      let image = store.rewriteTree(node) { id in names[id].map { store.insert(.read($0, shift: 0)) } }
      return image
    }
  }

  private func shifted(_ linear: Linear, by steps: Int) -> Linear {
    steps == 0 ? linear : linear.mappingNodes { recurrence.store.shifted($0, by: steps) }
  }
}

extension Linear {
  /// With every factor and matrix replaced; atoms and seeds stay.
  func mappingNodes(_ transform: (NodeID) -> NodeID) -> Linear {
    Linear(terms: terms.map { term in
      LinearTerm(
        isNegative: term.isNegative, before: term.before.map(transform), core: term.core.mappingNodes(transform),
        after: term.after.map(transform), divisors: term.divisors.map(transform))
    })
  }
}

extension Core {
  fileprivate func mappingNodes(_ transform: (NodeID) -> NodeID) -> Core {
    switch self {
    case .seed, .atom: self
    case .left(let matrix, let inner): .left(transform(matrix), inner.mappingNodes(transform))
    case .right(let inner, let node): .right(inner.mappingNodes(transform), transform(node))
    case .group(let inner): .group(inner.mappingNodes(transform))
    case .reduced(let operation, let inner): .reduced(operation, inner.mappingNodes(transform))
    case .transposed(let inner): .transposed(inner.mappingNodes(transform))
    case .rows(let inner, let target, let targets):
      .rows(inner.mappingNodes(transform), target: target, targets: targets)
    case .stacked(let parts):
      .stacked(
        parts.map { StackedPart(node: transform($0.node), tangent: $0.tangent.map { $0.mappingNodes(transform) }) })
    }
  }
}

extension Store {
  /// Replaces sub-expressions, the largest first.
  func rewriteTree(_ root: NodeID, replace: (NodeID) -> NodeID?) -> NodeID {
    if let whole = replace(root) { return whole }
    var image: [NodeID: NodeID] = [:]
    for id in closure(of: [root]) {
      image[id] = replace(id) ?? insert(self[id].mapOperands { image[$0] ?? $0 })
    }
    return image[root] ?? root
  }
}
