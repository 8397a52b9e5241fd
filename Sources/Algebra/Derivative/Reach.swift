/// Which variables what is cut loose can reach, and how many steps later: exactly, by offset.
///
/// reach[0] = w and what is computed from w at the same time; u is in reach[d] if it reads some v[t-k] with v in
/// reach[d-k]. At and before the time of the cut nothing else follows anything.
struct Reach {
  private let recurrence: Recurrence
  private let cut: Cut
  /// `[d]` for the symbols d steps after the cut.
  private var reached: [Set<SymbolID>] = []
  private let order: [Int]

  init(_ recurrence: Recurrence, cut: Cut) throws {
    self.recurrence = recurrence
    self.cut = cut
    order = try Schedule(recurrence).phases.flatMap(\.equations)
  }

  /// Whether a symbol `shift` steps from t depends on the cut.
  mutating func reaches(_ symbol: SymbolID, shift: Int) -> Bool {
    if isHeld(symbol, shift: shift) { return false }
    switch recurrence.store[cut.symbol].kind {
    case .parameter, .derivedParameter, .constant: return dependsOnParameter(symbol)
    case .input, .variable: break
    }
    let steps = shift - cut.shift
    guard steps >= 0 else { return false }
    while reached.count <= steps { reached.append(layer(reached.count)) }
    return reached[steps].contains(symbol)
  }

  func isHeld(_ symbol: SymbolID, shift: Int) -> Bool {
    cut.held.contains { $0.symbol == symbol && ($0.shift == nil || $0.shift == shift) }
  }

  private func layer(_ steps: Int) -> Set<SymbolID> {
    var result: Set<SymbolID> = steps == 0 ? [cut.symbol] : []
    let shift = cut.shift + steps
    for index in order {
      let equation = recurrence.equations[index]
      let follows = recurrence.store.closure(of: [equation.body]).contains { id in
        guard case .read(let symbol, let delay) = recurrence.store[id] else { return false }
        let back = steps + delay
        guard back >= 0, back <= steps else { return false }
        return back == steps ? result.contains(symbol) : reached[back].contains(symbol)
      }
      guard follows else { continue }
      for target in equation.targets where !isHeld(target, shift: shift) && !(steps == 0 && target == cut.symbol) {
        result.insert(target)
      }
    }
    return result
  }

  private var parameterFollowers: Set<SymbolID>?

  private mutating func dependsOnParameter(_ symbol: SymbolID) -> Bool {
    if let known = parameterFollowers { return known.contains(symbol) }
    var followers: Set<SymbolID> = [cut.symbol]
    var size = 0
    while size != followers.count {
      size = followers.count
      for equation in recurrence.equations {
        let follows = recurrence.store.closure(of: [equation.body]).contains { id in
          if case .read(let read, _) = recurrence.store[id] { followers.contains(read) } else { false }
        }
        if follows { followers.formUnion(equation.targets) }
      }
    }
    parameterFollowers = followers
    return followers.contains(symbol)
  }
}
