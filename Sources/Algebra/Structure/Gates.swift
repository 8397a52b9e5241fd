/// A gate, found from the structure of a cell: a variable between 0 and 1 that multiplies something.
public struct Gate: Sendable {
  public var symbol: SymbolID
  public var name: String
  /// `σ`, `1 - z[t]`: what makes it lie between 0 and 1.
  public var activation: String
  public var range: String
  /// What it, or its complement, multiplies: `c[t-1]`, `(1 - z): h̃[t]`.
  public var multiplies: [String]
  /// The variables and inputs that it is computed from.
  public var reads: [String]
  public var purpose: String?
}

extension Recurrence {
  /// The gates of a cell, in the order of its equations.
  public var gates: [Gate] {
    guard let bounds = try? Bounds(self) else { return [] }
    var notation = TextNotation(store)
    return equations.compactMap { equation -> Gate? in
      guard equation.targets.count == 1, let symbol = equation.targets.first, store[symbol].kind == .variable,
        store.variation(equation.body) == .withTime
      else { return nil }
      let interval = bounds.interval(ofAlone: symbol)
      guard interval.isWithin(0, 1) else { return nil }
      let multiplies = multiplied(by: symbol, &notation)
      guard !multiplies.isEmpty else { return nil }
      return Gate(
        symbol: symbol, name: store[symbol].name, activation: activation(of: equation.body, &notation),
        range: interval.text,
        multiplies: multiplies, reads: reads(of: equation.body), purpose: purposes[symbol])
    }
  }

  private func activation(of body: NodeID, _ notation: inout TextNotation) -> String {
    if case .apply(let operation, _) = store[body] { return OperatorTable[operation].name }
    return notation.text(body)
  }

  private func reads(of body: NodeID) -> [String] {
    store.closure(of: [body]).compactMap { id in
      guard case .read(let symbol, let shift) = store[id], store.variation(id) == .withTime else { return nil }
      return TextNotation.read(store[symbol], shift: shift)
    }
  }

  /// The other factors of the products in which a variable, or one minus it, stands.
  private func multiplied(by symbol: SymbolID, _ notation: inout TextNotation) -> [String] {
    var result: [String] = []
    for id in store.closure(of: equations.map(\.body)) {
      guard case .product(let factors) = store[id] else { continue }
      for (position, factor) in factors.enumerated() {
        guard let label = role(of: factor, symbol) else { continue }
        let others = factors.enumerated().filter { $0.offset != position }.map(\.element)
        guard others.contains(where: { store.variation($0) == .withTime }) else { continue }
        let text = others.map { notation.text($0) }.joined(separator: " * ")
        let entry = label.isEmpty ? text : "\(label): \(text)"
        if !result.contains(entry) { result.append(entry) }
      }
    }
    return result
  }

  /// Empty for the variable itself, `1 - z` for its complement, nil for anything else.
  private func role(of factor: NodeID, _ symbol: SymbolID) -> String? {
    if case .read(symbol, _) = store[factor] { return "" }
    guard case .sum(let terms) = store[factor], terms.count == 2, terms[1].isNegative,
      case .read(symbol, _) = store[terms[1].node], case .number(let one) = store[terms[0].node], one.isOne
    else { return nil }
    return "1 - \(store[symbol].name)"
  }
}
