/// Sequences of different lengths, side by side.
///
/// A shorter sequence is followed by zeros, and nothing that comes after its end may be seen before it. What only
/// looks back sees nothing of it; what reads later times (the part of a bidirectional cell that runs from the end) must
/// find beyond the end what it would find there if the sequence were alone: 0. So for every variable that is read later
///
///     v[t] = mask[t] * body
///
/// with a mask that is 1 within the sequence and 0 after its end.
extension Recurrence {
  /// The cell with a mask as a further input, by the same symbols; nil if nothing in it reads later times.
  public func masked() throws -> (recurrence: Recurrence, mask: SymbolID)? {
    var later: Set<SymbolID> = []
    for id in store.computation(of: equations.map(\.body)) {
      if case .read(let symbol, let shift) = store[id], shift > 0, store[symbol].kind == .variable {
        later.insert(symbol)
      }
    }
    guard !later.isEmpty else { return nil }
    var result = self
    result.store = Store(copying: store)
    let mask = try result.multiply(later, by: "mask")
    return (result, mask)
  }

  /// The cell with a further input for each of some variables, which multiplies it: 0 at the times at which a variable is
  /// held, 1 else. Its values are not those of a held variable, its derivatives are: nothing that happens before changes
  /// what is held. Nil if one of them is a part of a vector that is split.
  package func held(_ symbols: [SymbolID]) throws -> (recurrence: Recurrence, factors: [SymbolID: SymbolID])? {
    guard symbols.allSatisfy({ equation(of: $0)?.targets.count == 1 }) else { return nil }
    var result = self
    result.store = Store(copying: store)
    var factors: [SymbolID: SymbolID] = [:]
    for symbol in symbols { factors[symbol] = try result.multiply([symbol], by: "free_" + store[symbol].name) }
    return (result, factors)
  }

  /// Multiplies the equations of some variables by a new input, a number.
  private mutating func multiply(_ symbols: Set<SymbolID>, by name: String) throws -> SymbolID {
    let mask = store.add(Symbol(name: store.free(name), kind: .input))
    let factor = store.insert(.read(mask, shift: 0))
    declaredShapes[mask] = .number
    inputs.append(mask)
    for index in equations.indices where !symbols.isDisjoint(with: equations[index].targets) {
      equations[index].body = store.insert(.product([factor, equations[index].body]))
    }
    shapes = try solvedShapes()
    return mask
  }
}
