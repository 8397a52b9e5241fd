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
  let tangents: TangentEquations

  /// The most steps that a derivative may go back: beyond it the chain of derivatives is too long to follow.
  public static let longest = 1000

  /// Level 1.
  /// - Parameter isInterrupted: asked again and again, also when more of it is opened or it is checked.
  /// - Throws: `DerivativeFailure` if it goes back further than `longest`, the derivative has three indices or is not
  ///   known; `Interruption`.
  public init(
    _ recurrence: Recurrence, of symbol: SymbolID, shift: Int, cut: Cut,
    isInterrupted: @escaping () -> Bool = { false }
  ) throws {
    guard abs(shift) <= Derivation.longest, abs(cut.shift) <= Derivation.longest,
      recurrence.longestDelay <= Derivation.longest
    else { throw DerivativeFailure.tooManySteps(bound: Derivation.longest) }
    self.recurrence = recurrence
    target = Atom(symbol: symbol, shift: shift, cut: cut)
    tangents = try TangentEquations(recurrence, cut: cut, isInterrupted: isInterrupted)
    opened = [target]
    try assemble()
  }

  /// What a derivation of an expression names it inside: none of a cell's names has a blank.
  public static let expressionName = "the expression"
  /// The expression whose derivative this is; nil if it is that of a variable.
  public private(set) var subject: NodeID?

  /// `∂/∂c[t-1] (f[t] * c[t-1])`, level 1: the expression is an equation more.
  /// - Parameter written: the expression as it is shown, if that is not what is derived.
  /// - Throws: `DerivativeFailure`; `ShapeError` if the expression has no shape; `Interruption`.
  public init(
    _ recurrence: Recurrence, of expression: NodeID, cut: Cut, writtenAs written: NodeID? = nil,
    isInterrupted: @escaping () -> Bool = { false }
  ) throws {
    let store = recurrence.store
    let symbol =
      store.symbol(named: Derivation.expressionName)
      ?? store.add(Symbol(name: Derivation.expressionName, kind: .variable))
    var extended = recurrence
    extended.equations.removeAll { $0.targets == [symbol] }
    extended.equations.append(Recurrence.Equation(targets: [symbol], body: expression))
    extended.shapes = try extended.solvedShapes()
    try self.init(extended, of: symbol, shift: 0, cut: cut, isInterrupted: isInterrupted)
    subject = written ?? expression
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

  /// What whoever works with it further asks too.
  public var isInterrupted: () -> Bool { tangents.isInterrupted }

  /// A step of a recurrence of sensitivity that is open at another time already stays closed: by a parameter the
  /// derivatives go back to the start; in cells that read later times they may go away from what they are by, to the
  /// end of the sequence or to its start.
  private func isOpenable(_ atom: Atom) -> Bool {
    if opened.contains(atom) { return false }
    let kind = recurrence.store[atom.cut.symbol].kind
    let ends = (first: min(target.shift, atom.cut.shift), last: max(target.shift, atom.cut.shift))
    let goesBack = kind == .parameter || kind == .derivedParameter || atom.shift < ends.first
    let goesAhead = kind == .parameter || kind == .derivedParameter || atom.shift > ends.last
    guard goesBack || goesAhead else { return true }
    return !opened.contains {
      $0.symbol == atom.symbol && (goesBack && $0.shift > atom.shift || goesAhead && $0.shift < atom.shift)
    }
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
      try tangents.poll()
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
    if trace != nil, let equation = try trace?.derive(atom, with: tangents) { return equation }
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
  public var expression: NodeID { TangentWriter(recurrence, cut: target.cut).node(body) }

  /// What is spoken of by a name that is none of the cell's, at time t, in the order in which it is spoken of.
  public var abbreviations: [NodeID] {
    let store = recurrence.store
    let roots = [expression] + definitionExpressions.map(\.expression)
    return store.abbreviations(in: roots)
  }

  public var definitionExpressions: [(atom: Atom, expression: NodeID)] {
    let writer = TangentWriter(recurrence, cut: target.cut)
    return definitions.map { ($0.atom, writer.node($0.body)) }
  }
}
