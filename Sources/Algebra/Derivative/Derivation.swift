/// A derivative of a recurrence, opened level by level.
///
/// It is the tangent recurrence, partly substituted: level 0 is `∂c[t]/∂c[t-1]` itself, level 1 its tangent equation,
/// and each further level puts in the tangent equations of the derivatives that the last one left standing. An atom
/// that stands in several places and opens into several terms is not copied but printed below as "where", so sizes
/// stay linear.
public struct Derivation {
  public let recurrence: Recurrence
  public let target: Atom
  /// Which atoms are open: all that the state of a derivation is.
  public private(set) var opened: Set<Atom>
  /// The tangent equation of the target, with opened atoms put in.
  private(set) var body: Linear = .zero
  /// `where` lines.
  private(set) var definitions: [(atom: Atom, body: Linear)] = []
  private var tangents: TangentEquations

  /// The most steps that a derivative may go back: beyond it the chain of derivatives is too long to follow.
  public static let longest = 1000

  /// Level 1.
  /// - Throws: `DerivativeFailure` if it goes back further than `longest`, the derivative has three indices or is not known.
  public init(_ recurrence: Recurrence, of symbol: SymbolID, shift: Int, cut: Cut) throws {
    guard abs(shift) <= Derivation.longest, abs(cut.shift) <= Derivation.longest,
      recurrence.longestDelay <= Derivation.longest
    else { throw DerivativeFailure.tooManySteps(bound: Derivation.longest) }
    self.recurrence = recurrence
    target = Atom(symbol: symbol, shift: shift, cut: cut)
    tangents = try TangentEquations(recurrence, cut: cut)
    opened = [target]
    try assemble()
  }

  /// The derivatives that stand unopened, in the order in which they stand.
  public var standing: [Atom] {
    var result: [Atom] = []
    var seen: Set<Atom> = []
    for line in [body] + definitions.map(\.body) {
      line.visit { if seen.insert($0).inserted, isOpenable($0) { result.append($0) } }
    }
    return result
  }

  public var isZero: Bool { body.isZero }

  /// A step of a recurrence of sensitivity that is open at another time already stays closed: by a parameter the
  /// derivatives go back to the start.
  private func isOpenable(_ atom: Atom) -> Bool {
    if opened.contains(atom) { return false }
    let kind = recurrence.store[atom.cut.symbol].kind
    guard kind == .parameter || kind == .derivedParameter else { return true }
    return !opened.contains { $0.symbol == atom.symbol && $0.shift != atom.shift }
  }

  /// Opens every standing atom, `levels` times.
  public mutating func expand(levels: Int = 1) throws {
    var frontier = [target]
    var done = 0
    var isFirst = true
    while done < levels {
      let atoms = try next(after: isFirst ? Array(opened) : frontier)
      isFirst = false
      if atoms.isEmpty { break }
      opened.formUnion(atoms)
      frontier = atoms
      done += 1
    }
    try assemble()
  }

  /// Opens until nothing stands.
  public mutating func expandAll() throws { try expand(levels: .max) }

  /// What stands in the equations of some opened atoms and can be opened.
  private mutating func next(after atoms: [Atom]) throws -> [Atom] {
    var result: Set<Atom> = []
    for atom in atoms {
      for inner in try tangents.equation(of: atom.symbol, shift: atom.shift).atoms where isOpenable(inner) {
        result.insert(inner)
      }
    }
    return Array(result)
  }

  /// Opens some atoms; those that do not stand are left alone.
  public mutating func open(_ atoms: [Atom]) throws {
    opened.formUnion(Set(standing).intersection(atoms))
    try assemble()
  }

  /// Back to level 1.
  public mutating func collapse() throws {
    opened = [target]
    try assemble()
  }

  /// Puts the equations of opened atoms in, each after all that speak of it, so that it is known how often it stands:
  /// once, or of one term, it goes in its place; else it becomes a line of its own.
  private mutating func assemble() throws {
    var trace: DerivationTrace?
    try assemble(recording: &trace)
  }

  private mutating func assemble(recording trace: inout DerivationTrace?) throws {
    var lines: [(atom: Atom, body: Linear)] = [(target, try tidyEquation(target, &trace))]
    // Which lines speak of an atom, so that a long derivation is not searched for each.
    var mentions: [Atom: Set<Int>] = [:]
    func note(_ body: Linear, in line: Int) { body.visit { mentions[$0, default: []].insert(line) } }
    note(lines[0].body, in: 0)
    for atom in try dependenceOrder() where atom != target {
      let holders = (mentions[atom] ?? []).sorted()
      let count = holders.reduce(0) { $0 + lines[$1].body.count(of: atom) }
      guard count > 0 else { continue }
      let equation = try tidyEquation(atom, &trace)
      if count > 1, equation.terms.count > 1 {
        lines.append((atom, equation))
        note(equation, in: lines.count - 1)
      } else {
        for index in holders {
          let before = lines[index].body
          let whole = before.substituting { $0 == atom ? equation : nil }
          trace?.put(atom, before: before, after: whole, of: lines[index].atom)
          lines[index].body = tangents.tidying.tidy(whole)
          trace?.tidied(whole, of: lines[index].atom, tangents.tidying)
          note(equation, in: index)
        }
      }
    }
    for index in lines.indices {
      trace?.tidied(lines[index].body, of: lines[index].atom, tangents.tidying, rules: Tidying.rules + [Tidying.order])
      lines[index].body = tangents.tidying.ordered(lines[index].body)
    }
    body = lines[0].body
    definitions = Array(lines.dropFirst())
  }

  /// The steps that lead to what is shown, from the cell's equations on: each opened derivative's own equation, then
  /// where it is put in. They are made by the rules that made the result.
  public func steps() throws -> [DerivationStep] {
    var copy = self
    var trace: DerivationTrace? = DerivationTrace(recurrence, cut: target.cut)
    try copy.assemble(recording: &trace)
    return trace?.steps ?? []
  }

  private mutating func tidyEquation(_ atom: Atom, _ trace: inout DerivationTrace?) throws -> Linear {
    if trace != nil, let equation = try trace?.derive(atom, with: &tangents) { return equation }
    return tangents.tidying.ordered(try tangents.equation(of: atom.symbol, shift: atom.shift))
  }

  /// Opened atoms, each before those that its equation speaks of; without recursion.
  private mutating func dependenceOrder() throws -> [Atom] {
    var finished: [Atom] = []
    var seen: Set<Atom> = [target]
    var work: [(atom: Atom, rest: [Atom])] = [(target, try openedIn(target))]
    while let frame = work.last {
      guard let next = frame.rest.last else {
        finished.append(frame.atom)
        work.removeLast()
        continue
      }
      work[work.count - 1].rest.removeLast()
      if seen.insert(next).inserted { work.append((next, try openedIn(next))) }
    }
    return finished.reversed()
  }

  private mutating func openedIn(_ atom: Atom) throws -> [Atom] {
    try tangents.equation(of: atom.symbol, shift: atom.shift).atoms.filter(opened.contains)
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
  let rules: TangentRules
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
    var whole = try tangentsOfNodes(equation.body, shift: shift)[equation.body] ?? .zero
    if equation.targets.count > 1, !whole.isZero {
      whole = Linear(.rows(whole, target: symbol, targets: equation.targets))
    }
    return shifted(named(whole), by: shift)
  }

  /// The tangents of an expression and all its parts: rules are applied at time t, and reads are `shift` steps from it.
  mutating func tangentsOfNodes(_ root: NodeID, shift: Int) throws -> [NodeID: Linear] {
    let store = recurrence.store
    var tangents: [NodeID: Linear] = [:]
    for id in store.closure(of: [root]) {
      if case .read(let read, let delay) = store[id] {
        tangents[id] = tangentOfRead(read, shift: shift + delay, isTimed: store.variation(id) == .withTime)
        continue
      }
      tangents[id] = try rules.tangent(id) { tangents[$0] ?? .zero }
    }
    return tangents
  }

  private func isCut(_ symbol: SymbolID, shift: Int) -> Bool { symbol == cut.symbol && shift == cut.shift }

  private mutating func tangentOfRead(_ symbol: SymbolID, shift: Int, isTimed: Bool) -> Linear {
    let at = isTimed ? shift : 0
    if isCut(symbol, shift: at) { return Linear(.seed(symbol)) }
    guard reach.reaches(symbol, shift: at) else { return .zero }
    return Linear(.atom(Atom(symbol: symbol, shift: at, cut: cut)))
  }

  /// Factors that are the whole body of a variable become the variable: `f * (1 - f)`.
  func named(_ linear: Linear) -> Linear {
    linear.mappingNodes { node in
      let store = recurrence.store
      let image = store.rewriteTree(node) { id in names[id].map { store.insert(.read($0, shift: 0)) } }
      return image
    }
  }

  func shifted(_ linear: Linear, by steps: Int) -> Linear {
    steps == 0 ? linear : linear.mappingNodes { recurrence.store.shifted($0, by: steps) }
  }
}

extension Linear {
  /// With every factor and matrix replaced; atoms and seeds stay.
  func mappingNodes(_ transform: (NodeID) -> NodeID) -> Linear {
    Linear(
      terms: terms.map { term in
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
    case .operand(let node): .operand(transform(node))
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
