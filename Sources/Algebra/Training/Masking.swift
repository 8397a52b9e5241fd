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
    let mask = result.store.add(Symbol(name: result.store.free("mask"), kind: .input))
    let factor = result.store.insert(.read(mask, shift: 0))
    result.declaredShapes[mask] = .number
    result.inputs.append(mask)
    for index in equations.indices where !later.isDisjoint(with: equations[index].targets) {
      result.equations[index].body = result.store.insert(.product([factor, equations[index].body]))
    }
    result.shapes = try result.solvedShapes()
    return (result, mask)
  }
}
