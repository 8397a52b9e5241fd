/// The proof of a bound in words: `a σ times a tanh`, `a mix of h[t-1] and h̃[t]: 1 - z[t] and z[t] add to 1`; for
/// what has no bound the step that breaks it.
struct BoundsWords {
  private let proof: BoundsProof
  private let recurrence: Recurrence
  private let store: Store
  private var notation: TextNotation
  /// The ranges that the proof at hand speaks of.
  private var pass: IntervalPass

  /// The longest text of an expression that is quoted whole.
  private static let longest = 36

  init(_ proof: BoundsProof) {
    self.proof = proof
    recurrence = proof.recurrence
    pass = proof.final
    store = proof.recurrence.store
    notation = TextNotation(store)
  }

  mutating func reason(for symbol: SymbolID, interval: Interval, law: GrowthLaw?) -> String {
    guard let equation = recurrence.equation(of: symbol) else { return "" }
    pass = proof.isLocal(symbol) ? proof.local : proof.final
    guard let assumed = proof.assumptions[symbol], let proved = proof.final.withoutAssumption[symbol] else {
      return plainReason(equation, interval, law, symbol)
    }
    if proved.isWithin(assumed) { return plainReason(equation, interval, law, symbol) + ", narrower than assumed" }
    return proved.isEverything ? "assumed" : "assumed; else in \(proved.text)"
  }

  private mutating func plainReason(
    _ equation: Recurrence.Equation, _ interval: Interval, _ law: GrowthLaw?, _ symbol: SymbolID
  ) -> String {
    let body = equation.body
    if let mix = mix(body, interval) { return mix + startText(law, symbol) }
    switch store[body] {
    case .product where law != nil && interval.isBounded: return noun(body) + startText(law, symbol)
    case .read where law != nil || interval.isBounded: return "\(text(body)) itself"
    default: break
    }
    if let law { return lawText(law, symbol, body) + startText(law, symbol) }
    guard interval.isBounded else { return unbounded(body) }
    switch store[body] {
    case .sum: return sumText(body)
    case .quotient(let above, let below): return quotientText(above, below)
    default:
      let starts = proof.startsBehindSign(of: symbol).map { "\(store[$0].name)[0] = 0" }
      return noun(body) + (starts.isEmpty ? "" : ", as \(starts.joined(separator: ", "))")
    }
  }

  private func range(_ id: NodeID) -> Interval { pass.ofNode[id] ?? .everything }

  private mutating func text(_ id: NodeID) -> String {
    let text = notation.text(id)
    return text.count <= BoundsWords.longest ? text : String(text.prefix(BoundsWords.longest - 1)) + "…"
  }

  // MARK: What a thing is

  /// `a σ`, `a σ times a tanh`, `c[t-1]`.
  private mutating func noun(_ id: NodeID) -> String {
    switch store[id] {
    case .apply(let operation, let arguments):
      let row = OperatorTable[operation]
      let name = Self.article(row.name)
      guard let argument = arguments.first, arguments.count == 1, row.bounds.image != range(id),
        range(argument) != .everything
      else { return name }
      return "\(name) of what lies in \(range(argument).text)"
    case .read(let symbol, 0):
      guard let body = recurrence.equation(of: symbol)?.body, case .apply = store[body] else { return text(id) }
      return noun(body)
    case .product(let factors): return factors.map { noun($0) }.joined(separator: " times ")
    case .matrixProduct where range(id).isBounded: return "a product, summed over its width"
    default: return text(id)
    }
  }

  static func article(_ name: String) -> String {
    ("aeiou".contains(name.prefix(1)) || name == "LN" ? "an " : "a ") + name
  }

  /// `f[t] in (0, 1), i[t] * g[t] in (-1, 1)`: what a sum is made of.
  private mutating func sumText(_ body: NodeID) -> String {
    guard case .sum(let terms) = store[body] else { return text(body) }
    if terms.count == 2, case .number(let number) = store[terms[0].node] {
      return "\(number) \(terms[1].isNegative ? "minus" : "plus") \(noun(terms[1].node))"
    }
    let parts = terms.filter { !isNumber($0.node) }.map { "\(text($0.node)) in \(range($0.node).text)" }
    return parts.joined(separator: ", ")
  }

  /// `f / (f + i)`: a share.
  private mutating func quotientText(_ above: NodeID, _ below: NodeID) -> String {
    if case .sum(let terms) = store[below], terms.contains(where: { $0.node == above && !$0.isNegative }),
      terms.allSatisfy({ !$0.isNegative && range($0.node).low >= 0 })
    {
      return "a share: \(text(above)) of \(text(below)), whose terms are not negative"
    }
    return "\(text(above)) in \(range(above).text) over \(text(below)) in \(range(below).text)"
  }

  private func isNumber(_ id: NodeID) -> Bool {
    if case .number = store[id] { true } else { false }
  }

  // MARK: Mixes

  /// A body between its values where one of its variables in [0, 1] is 0 and where it is 1.
  private mutating func mix(_ body: NodeID, _ interval: Interval) -> String? {
    for form in proof.forms.forms(of: body) {
      if let below = form.below {
        if let text = weightedMean(form.above, below) { return text + mixCulprit(interval, form.above.variables) }
        continue
      }
      for variable in form.above.variables where range(variable).isWithin(0, 1) && !isConstant(variable) {
        let parts = form.above.coefficients(of: variable)
        guard parts.count == 2 else { continue }
        let (at0, at1) = (parts[0], parts[0] + parts[1])
        guard let zero = name(at0), let one = name(at1), isExplained(interval, at0, at1) else { continue }
        let gate = notation.text(variable)
        return "a mix of \(zero) and \(one): 1 - \(gate) and \(gate) add to 1"
          + mixCulprit(interval, at0.variables + at1.variables)
      }
    }
    return nil
  }

  private func isConstant(_ id: NodeID) -> Bool { store.variation(id) != .withTime || isNumber(id) }

  /// What keeps a mix from having a bound.
  private mutating func mixCulprit(_ interval: Interval, _ contents: [NodeID]) -> String {
    guard !interval.isBounded else { return "" }
    let open = contents.filter { !range($0).isBounded }
    guard let cause = open.first(where: { !isEarlier($0) }) ?? open.first else { return "" }
    return culprit(cause).map { "; but \($0)" } ?? ""
  }

  /// Whether the range is no narrower than what lies between two of its values.
  private func isExplained(_ interval: Interval, _ first: Polynomial, _ second: Polynomial) -> Bool {
    let box = BoxRange { [pass] in pass.ofNode[$0] ?? .everything }
    guard let a = box.range(of: first), let b = box.range(of: second) else { return false }
    return !interval.isBounded || a.hull(b).isBounded
  }

  /// One variable alone.
  private mutating func name(_ polynomial: Polynomial) -> String? {
    guard polynomial.terms.count == 1, let (monomial, coefficient) = polynomial.terms.first,
      coefficient == Interval(1), monomial.factors.count == 1, monomial.factors[0].exponent == 1
    else { return nil }
    return shortText(monomial.factors[0].variable)
  }

  /// The text, or for a long one what sort of thing it is.
  private mutating func shortText(_ id: NodeID) -> String {
    let whole = notation.text(id)
    if whole.count <= 20 { return whole }
    if case .apply(let operation, _) = store[id] { return Self.article(OperatorTable[operation].name) }
    return text(id)
  }

  /// Σ wᵢ·vᵢ / Σ wᵢ with wᵢ ≥ 0.
  private mutating func weightedMean(_ above: Polynomial, _ below: Polynomial) -> String? {
    var contents: [NodeID] = []
    for (weight, coefficient) in below.terms.sorted(by: { Self.precedes($0.key, $1.key) }) {
      let content = above.terms.first { term in
        term.value == coefficient && term.key.factors.count == weight.factors.count + 1
          && weight.factors.allSatisfy(term.key.factors.contains)
      }
      guard let content, weight.factors.allSatisfy({ range($0.variable).low >= 0 }),
        let factor = content.key.factors.first(where: { !weight.factors.contains($0) }), factor.exponent == 1
      else { return nil }
      contents.append(factor.variable)
    }
    guard contents.count == above.terms.count, contents.count > 1 else { return nil }
    return "a mix of \(contents.map { text($0) }.joined(separator: " and ")): their weights add to 1"
  }

  private static func precedes(_ a: Polynomial.Monomial, _ b: Polynomial.Monomial) -> Bool {
    a.factors.lexicographicallyPrecedes(b.factors) { $0.variable < $1.variable }
  }

  // MARK: Laws

  /// `|c[t]| ≤ 0.9·|c[t-1]| + 1: f[t] in (0, 0.9], i[t] * g[t] in (-1, 1)`.
  private mutating func lawText(_ law: GrowthLaw, _ symbol: SymbolID, _ body: NodeID) -> String {
    let earlier = law.members.map { "|\(earlierText($0))|" }
    let largest = earlier.count == 1 ? earlier[0] : "max(\(earlier.joined(separator: ", ")))"
    let factor = law.factor == 1 ? "" : Interval.number(law.factor, up: true) + "·"
    let step = law.step == 0 ? "" : " + " + Interval.number(law.step, up: true)
    let reasons = parts(body)
    var lead = ""
    if case .product = store[body] { lead = noun(body) + ": " }
    return lead + "|\(store[symbol].name)[t]| ≤ \(factor)\(largest)\(step)"
      + (reasons.isEmpty ? "" : ": " + reasons.joined(separator: ", ")) + growthText(law)
  }

  private func growthText(_ law: GrowthLaw) -> String {
    if case .geometric = law.kind { "; so it may grow as \(limitText(law))" } else { "" }
  }

  private func earlierText(_ symbol: SymbolID) -> String {
    let delays = delays(of: symbol)
    return TextNotation.read(store[symbol], shift: delays.count == 1 ? -delays[0] : -1)
  }

  /// The factors beside the earlier values, and the terms without them, with their ranges.
  private mutating func parts(_ body: NodeID) -> [String] {
    guard case .sum(let terms) = store[body] else { return [] }
    var result: [String] = []
    for term in terms {
      var factors = [term.node]
      if case .product(let inner) = store[term.node] { factors = inner }
      let hasMember = factors.contains { isEarlier($0) }
      let shown = hasMember ? factors.filter { !isEarlier($0) } : [term.node]
      for id in shown where !isNumber(id) && range(id).isBounded {
        let entry = "\(text(id)) in \(range(id).text)"
        if !result.contains(entry) { result.append(entry) }
      }
    }
    return result
  }

  private func isEarlier(_ id: NodeID) -> Bool {
    if case .read(let symbol, let shift) = store[id] { shift != 0 && store[symbol].kind == .variable } else { false }
  }

  /// What another start would change.
  private func startText(_ law: GrowthLaw?, _ symbol: SymbolID) -> String {
    guard let law, case .ceiling = law.kind, proof.assumptions[symbol] == nil else { return "" }
    return "; from another start at most \(limitText(law))"
  }

  // MARK: Ranges

  /// `(0, 1)`, `|c[t]| ≤ |c[0]| + t`, `0 ≤ c[t] ≤ |c[0]| + t`.
  func range(of symbol: SymbolID, interval: Interval, law: GrowthLaw?) -> String {
    guard !interval.isBounded, let law else { return interval.text }
    if case .geometric = law.kind { return interval.text }
    let name = "\(store[symbol].name)[t]"
    return (interval.low == 0 ? "0 ≤ \(name) ≤ " : "|\(name)| ≤ ") + limitText(law)
  }

  private func limitText(_ law: GrowthLaw) -> String {
    let starts = law.members.flatMap { startTexts($0) }
    func largest(_ texts: [String]) -> String { texts.count == 1 ? texts[0] : "max(\(texts.joined(separator: ", ")))" }
    func number(_ value: Double) -> String { Interval.number(value, up: true) }
    switch law.kind {
    case .ceiling(let ceiling): return largest(starts + (ceiling == 0 ? [] : [number(ceiling)]))
    case .linear(let step): return "\(largest(starts)) + \(step == 1 ? "" : number(step) + "·")t"
    case .geometric(let factor, _): return "\(number(factor))^t"
    }
  }

  /// `|c[0]|`, and with a longer delay `|c[-1]|` beside it.
  private func startTexts(_ symbol: SymbolID) -> [String] {
    let furthest = delays(of: symbol).max() ?? 1
    return (0..<min(max(furthest, 1), 3)).map { "|\(store[symbol].name)[\($0 == 0 ? "0" : "-\($0)")]|" }
      + (furthest > 3 ? ["…"] : [])
  }

  private func delays(of symbol: SymbolID) -> [Int] {
    store.closure(of: recurrence.equations.map(\.body)).compactMap { id in
      if case .read(symbol, let shift) = store[id], shift != 0 { -shift } else { nil }
    }
  }

  // MARK: What breaks a bound

  private mutating func unbounded(_ body: NodeID) -> String {
    if case .apply(let operation, let arguments) = store[body] { return applied(operation, arguments, range(body)) }
    return culprit(body).map { "no bound: \($0)" } ?? "no bound was found"
  }

  private mutating func applied(_ operation: Operator.ID, _ arguments: [NodeID], _ range: Interval) -> String {
    let row = OperatorTable[operation]
    let ends = range.low.isFinite ? "no upper end" : range.high.isFinite ? "no lower end" : "no ends"
    let cause = arguments.first { !self.range($0).isBounded }.flatMap { culprit($0) }
    return "\(Self.article(row.name)), which has \(ends)" + (cause.map { "; \($0)" } ?? "")
  }

  /// The first thing without a bound that a node is made of, and why it has none.
  private mutating func culprit(_ root: NodeID) -> String? {
    var id = root
    while !range(id).isBounded {
      switch store[id] {
      case .read(let symbol, let shift): return readCulprit(symbol, shift)
      case .matrixProduct(let a, let b):
        if let open = [a, b].first(where: { !range($0).isBounded }) {
          id = open
        } else {
          return "\(text(id)) sums over \(widthText(b)) products, so a bound needs the widths"
        }
      case .apply(let operation, let arguments):
        let image = OperatorTable[operation].bounds.image
        guard image.isEverything, let open = arguments.first(where: { !range($0).isBounded }) else {
          return applied(operation, arguments, range(id))
        }
        id = open
      case .quotient(let above, let below):
        if range(below).low <= 0, range(below).high >= 0 {
          return "it is divided by \(text(below)), which may come near 0"
        }
        id = above
      case .time: return "t grows"
      default:
        let open = store[id].operands.filter { !range($0).isBounded }.sorted { isQuotient($0) && !isQuotient($1) }
        guard let next = open.first(where: { !isGrown($0) }) ?? open.first else { return nil }
        id = next
      }
    }
    return nil
  }

  private func isQuotient(_ id: NodeID) -> Bool { if case .quotient = store[id] { true } else { false } }

  /// An earlier value, perhaps times what is bounded: not what breaks a bound, if anything else does.
  private func isGrown(_ id: NodeID) -> Bool {
    if isEarlier(id) { return true }
    guard case .product(let factors) = store[id] else { return false }
    return factors.allSatisfy { range($0).isBounded || isEarlier($0) }
  }

  private func readCulprit(_ symbol: SymbolID, _ shift: Int) -> String {
    let name = TextNotation.read(store[symbol], shift: shift)
    switch store[symbol].kind {
    case .input: return "\(name) may be any number"
    case .parameter:
      return "\(name) may be any \(recurrence.shapes.symbols[symbol]?.rank == 2 ? "matrix" : "number")"
    default: return "\(name) has no bound"
    }
  }

  private func widthText(_ right: NodeID) -> String {
    recurrence.shapes.nodes[right]?.dimensions.first.map { recurrence.shapes.text($0) } ?? "many"
  }
}
