/// A gate, found from the structure of a cell: a variable between 0 and 1 that multiplies something, or an activation
/// that does so without a name of its own.
public struct Gate: Sendable {
  /// Nil for one without a name.
  public var symbol: SymbolID?
  /// `f`; of one without a name its expression, `σ(s[t])`.
  public var name: String
  /// Its right side: `σ(W_f · [h[t-1], x[t]] + b_f)`.
  public var equation: String
  /// `σ`, `1 - z[t]`: what makes it lie between 0 and 1; what stands behind another name is seen through.
  public var activation: String
  public var range: String
  /// What it, or its complement, multiplies: `c[t-1]`, `1 - z: h̃[t]`.
  public var multiplies: [String]
  /// The variables and inputs that it is computed from.
  public var reads: [String]
  /// What follows from that: `how much of c[t-1] stays in c[t]`.
  public var controls: [String]
  public var purpose: String?
}

extension Recurrence {
  /// The gates of a cell, in the order of its equations; those without a name last.
  public var gates: [Gate] {
    guard let bounds = try? Bounds(self) else { return [] }
    var notation = TextNotation(store)
    let named = equations.compactMap { equation -> Gate? in
      guard equation.targets.count == 1, let symbol = equation.targets.first, store[symbol].kind == .variable,
        store.variation(equation.body) == .withTime
      else { return nil }
      let interval = bounds.interval(ofAlone: symbol)
      guard interval.isWithin(0, 1) else { return nil }
      return gate(
        .variable(symbol), name: store[symbol].name, body: equation.body, range: interval, &notation)
    }
    var told: Set<NodeID> = []
    let unnamed = GateUse.activations(in: self).compactMap { id -> Gate? in
      let interval = bounds.interval(ofAlone: id)
      guard told.insert(id).inserted, interval.isWithin(0, 1) else { return nil }
      return gate(.activation(id), name: notation.text(id), body: id, range: interval, &notation)
    }
    return named + unnamed
  }

  private func gate(
    _ subject: GateUse.Subject, name: String, body: NodeID, range: Interval, _ notation: inout TextNotation
  ) -> Gate? {
    let uses = GateUse.uses(of: subject, in: self)
    guard !uses.isEmpty else { return nil }
    let seen = seenThrough(body)
    var symbol: SymbolID?
    if case .variable(let variable) = subject { symbol = variable }
    return Gate(
      symbol: symbol, name: name, equation: notation.text(body), activation: activation(of: seen, &notation),
      range: range.text, multiplies: unique(uses.map { $0.multiplied(self, name, &notation) }),
      reads: reads(of: seen), controls: unique(uses.map { $0.words(self, name, &notation) }),
      purpose: symbol.flatMap { purposes[$0] })
  }

  /// The body that a chain of plain names, `k[t] = f[t]`, leads to.
  private func seenThrough(_ body: NodeID) -> NodeID {
    var body = body
    for _ in equations {
      guard case .read(let symbol, 0) = store[body], let equation = equation(of: symbol), equation.targets.count == 1
      else { break }
      body = equation.body
    }
    return body
  }

  /// The body without what its activations are of: `σ`, `1 - z[t]`, `Δ * σ`, `min(max(…, 0), 1)`.
  private func activation(of body: NodeID, _ notation: inout TextNotation) -> String {
    let text = outline(body, &notation)
    return text == Self.left ? notation.text(body) : text
  }

  private static let left = "…"

  private func outline(_ id: NodeID, _ notation: inout TextNotation) -> String {
    func parts(_ ids: [NodeID]) -> [String]? {
      let parts = ids.map { outline($0, &notation) }
      return parts.contains(Self.left) ? nil : parts
    }
    switch store[id] {
    case .apply(let operation, let arguments) where arguments.count == 1: return OperatorTable[operation].name
    case .apply(let operation, let arguments):
      return OperatorTable[operation].name + "(" + arguments.map { outline($0, &notation) }.joined(separator: ", ")
        + ")"
    case .product(let factors): return parts(factors)?.joined(separator: " * ") ?? Self.left
    case .sum(let terms):
      guard let parts = parts(terms.map(\.node)) else { return Self.left }
      return zip(terms, parts).enumerated().map { position, entry in
        let (term, text) = entry
        if position == 0 { return (term.isNegative ? "-" : "") + text }
        return (term.isNegative ? " - " : " + ") + text
      }.joined()
    case .number, .constant, .read: return notation.text(id)
    default: return Self.left
    }
  }

  private func reads(of body: NodeID) -> [String] {
    store.closure(of: [body]).compactMap { id in
      guard case .read(let symbol, let shift) = store[id], store.variation(id) == .withTime else { return nil }
      return TextNotation.read(store[symbol], shift: shift)
    }
  }

  private func unique(_ texts: [String]) -> [String] {
    var told: Set<String> = []
    return texts.filter { told.insert($0).inserted }
  }
}
