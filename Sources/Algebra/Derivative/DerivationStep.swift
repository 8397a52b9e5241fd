/// One step of a derivation: a rule, what it was applied to, and what became of it.
public struct DerivationStep: Sendable, Equatable {
  /// `product rule`, `chain rule, σ' = σ(z) * (1 - σ(z))`.
  public var rule: String
  /// The derivative whose equation is being found.
  public var line: Atom
  /// The part of the cell's equation that the rule was applied to, at its time; nil where lines are put in or tidied.
  public var subject: NodeID?
  public var before: NodeID
  public var after: NodeID
  /// The right side of the line after the step.
  public var whole: NodeID
}

/// The steps by which a derivation was found: the rules of single nodes (`TangentRules.local`) put in one after
/// another, then the rules that tidy. These are the rules that computed the result; the tests compare the two.
struct DerivationTrace {
  private let recurrence: Recurrence
  private let cut: Cut
  private let writer: TangentWriter
  private(set) var steps: [DerivationStep] = []

  init(_ recurrence: Recurrence, cut: Cut) {
    self.recurrence = recurrence
    self.cut = cut
    writer = TangentWriter(recurrence, cut: cut)
  }

  /// The steps from a variable's equation to its tangent equation, tidied; answers that.
  mutating func derive(_ atom: Atom, with tangents: TangentEquations) throws -> Linear {
    let store = recurrence.store
    guard let equation = recurrence.equation(of: atom.symbol) else { return .zero }
    let parts = try tangents.tangentsOfNodes(equation.body, shift: atom.shift)
    func isZero(_ id: NodeID) -> Bool { parts[id]?.isZero ?? true }
    func shown(_ linear: Linear) -> NodeID {
      writer.node(tangents.shifted(linear, by: atom.shift))
    }
    guard !isZero(equation.body) else { return .zero }
    var line = Linear(.operand(equation.body))
    if equation.targets.count > 1 {
      line = Linear(.rows(line, target: atom.symbol, targets: equation.targets))
    }
    let first = shown(line)
    steps.append(
      DerivationStep(
        rule: store[atom.symbol].name == Derivation.expressionName
          ? "what is derived" : "the equation of \(TextNotation.read(store[atom.symbol], shift: atom.shift))",
        line: atom,
        subject: store.shifted(equation.body, by: atom.shift), before: store.insert(.atom(atom)), after: first,
        whole: first))
    while let next = line.firstOperand {
      let isRead = if case .read = store[next] { true } else { false }
      let result = isRead ? parts[next] ?? .zero : tangents.named(try tangents.rules.local(next, isZero: isZero))
      line = line.openingFirst(result)
      let whole = shown(line)
      let step = DerivationStep(
        rule: isRead ? "by itself it is 1" : DerivationTrace.rule(store, next, isZero: isZero), line: atom,
        subject: store.shifted(next, by: atom.shift), before: shown(Linear(.operand(next))), after: shown(result),
        whole: whole)
      // A derivative of a variable stands as it is: no step.
      if step.before != step.after { steps.append(step) }
    }
    return tidied(
      tangents.shifted(line, by: atom.shift), of: atom, tangents.tidying, rules: Tidying.rules + [Tidying.order])
  }

  /// The rules that tidy, each over the whole line.
  @discardableResult
  mutating func tidied(
    _ linear: Linear, of atom: Atom, _ tidying: Tidying, rules: [Tidying.Rule] = Tidying.rules
  ) -> Linear {
    var line = linear
    for rule in rules {
      let next = tidying.apply(rule, to: line)
      add(rule.name, before: line, after: next, of: atom)
      line = next
    }
    return line
  }

  /// The equation of a derivative put in where it stands.
  mutating func put(_ atom: Atom, before: Linear, after: Linear, of line: Atom) {
    var notation = TextNotation(recurrence.store)
    add("put in \(notation.text(recurrence.store.insert(.atom(atom))))", before: before, after: after, of: line)
  }

  private mutating func add(_ rule: String, before: Linear, after: Linear, of atom: Atom) {
    let (old, new) = (writer.node(before), writer.node(after))
    guard old != new else { return }
    steps.append(DerivationStep(rule: rule, line: atom, subject: nil, before: old, after: new, whole: new))
  }

  /// The rule's name, by the operation and by how many of its operands vary.
  private static func rule(_ store: Store, _ id: NodeID, isZero: (NodeID) -> Bool) -> String {
    let varying = store[id].operands.filter { !isZero($0) }.count
    switch store[id] {
    case .sum(let terms) where terms.count == 1: return "minus sign"
    case .sum: return varying < store[id].operands.count ? "sum rule; constant terms vanish" : "sum rule"
    case .product: return varying > 1 ? "product rule" : "constant factor"
    case .quotient: return varying > 1 ? "quotient rule" : "constant factor"
    case .power: return "power rule"
    case .matrixProduct(let a, let b):
      if varying > 1 { return "product rule of matrices" }
      if case .concatenate(let parts) = store[b], isZero(a) {
        return parts.contains(where: isZero)
          ? "constant matrix, columns of what varies" : "constant matrix, part by part"
      }
      return isZero(a) ? "constant matrix" : "constant vector"
    case .transpose: return "transpose"
    case .concatenate: return "part by part"
    case .apply(let operation, _):
      let row = OperatorTable[operation]
      if row.arity == 1, row.shape == .elementwise { return "chain rule, \(row.name)' = \(row.derivative)" }
      return "rule of \(row.name): \(row.derivative)"
    case .rows: return "rows of a split"
    default: return "constant"
    }
  }
}

extension Linear {
  /// The first derivative, from the left, of an expression to which no rule has been applied.
  var firstOperand: NodeID? {
    for term in terms {
      if let found = term.core.firstOperand { return found }
    }
    return nil
  }

  /// With `firstOperand` replaced; factors stay on the side on which they stand.
  func openingFirst(_ replacement: Linear) -> Linear {
    guard let index = terms.firstIndex(where: { $0.core.firstOperand != nil }) else { return self }
    var result = terms
    result.replaceSubrange(index...index, with: terms[index].openingFirst(replacement))
    return Linear(terms: result)
  }
}

extension LinearTerm {
  fileprivate func openingFirst(_ replacement: Linear) -> [LinearTerm] {
    if case .operand = core {
      var result = replacement.scaled(before: before, after: after)
      for divisor in divisors { result = result.divided(by: divisor) }
      return (isNegative ? result.negated : result).terms
    }
    guard let inner = core.openingFirst(replacement) else { return [] }
    var copy = self
    copy.core = inner
    return [copy]
  }
}

extension Core {
  fileprivate var firstOperand: NodeID? {
    switch self {
    case .seed, .atom: nil
    case .operand(let node): node
    case .left(_, let inner), .right(let inner, _), .group(let inner), .reduced(_, let inner), .transposed(let inner),
      .rows(let inner, _, _):
      inner.firstOperand
    case .stacked(let parts): parts.lazy.compactMap { $0.tangent?.firstOperand }.first
    }
  }

  /// nil if nothing is left of it.
  fileprivate func openingFirst(_ replacement: Linear) -> Core? {
    func opened(_ inner: Linear, _ wrap: (Linear) -> Core) -> Core? {
      let result = inner.openingFirst(replacement)
      return result.isZero ? nil : wrap(result)
    }
    switch self {
    case .seed, .atom, .operand: return self
    case .left(let matrix, let inner): return opened(inner) { .left(matrix, $0) }
    case .right(let inner, let node): return opened(inner) { .right($0, node) }
    case .group(let inner): return opened(inner) { .group($0) }
    case .reduced(let operation, let inner): return opened(inner) { .reduced(operation, $0) }
    case .transposed(let inner): return opened(inner) { .transposed($0) }
    case .rows(let inner, let target, let targets):
      return opened(inner) { .rows($0, target: target, targets: targets) }
    case .stacked(var parts):
      guard let index = parts.firstIndex(where: { $0.tangent?.firstOperand != nil }) else { return self }
      let result = parts[index].tangent?.openingFirst(replacement)
      parts[index].tangent = result?.isZero == true ? nil : result
      return .stacked(parts)
    }
  }
}
