/// Backpropagation through time as a recurrence that runs from the end: the adjoint of a cell.
///
/// With L = Σ_t Σ_outputs ε[t] · y[t], every symbol v has an adjoint δv[t] = ∂L/∂v[t], all paths counted. Where the
/// tangent recurrence applies an operation's rule to the tangents of its operands, the adjoint recurrence applies the
/// transposed rule to the adjoint of its result (Linnainmaa 1970; Werbos 1990 for recurrences):
///
///     u[t] = ... v[t-k] ...  with du[t] = ... L · dv[t-k] ...     gives     δv[t] = ... Lᵀ · δu[t+k] ...
///
/// so a read of k steps ago becomes a read of k steps ahead, and a parameter, which is read at every time, gets a sum
/// over all times. There is one table of derivatives: `TangentRules`; here its rules are transposed, term by term.
///
/// The result is a recurrence as any other: it is printed, read again, run and compiled. Its inputs are what it reads
/// of the cell's inputs and variables (the forward track), and a cotangent ε for each output.
public struct Adjoint {
  /// The reversed cell. Its outputs are the adjoints of inputs, parameters and learned starts.
  public let recurrence: Recurrence
  /// Which input of it stands for which output of the cell: the cotangents. None if the cell has a loss of its own.
  public let seeds: [(output: SymbolID, seed: SymbolID)]
  /// Which input of it is which input or variable of the cell.
  public let track: [(symbol: SymbolID, input: SymbolID)]
  /// Which output of it belongs to which input or parameter of the cell.
  public let gradients: [(symbol: SymbolID, gradient: SymbolID)]
  /// Which output of it belongs to the learned start of which state.
  public let starts: [(state: SymbolID, gradient: SymbolID)]
}

/// Why there is no backward pass.
public enum AdjointFailure: Error, Sendable {
  /// The cell is a backward pass itself.
  case runsFromTheEnd(cell: String)
  /// A sum over all times is used at each of them, so that the end is needed before the beginning.
  case usesTotal(cell: String, name: String)
  case noDerivative(String)
  /// Its shapes could not be found, which must not happen.
  case noShapes(cell: String)
}

extension Recurrence {
  /// The backward pass of a cell.
  /// - Parameter isInterrupted: asked again and again.
  /// - Throws: `AdjointFailure` if the cell is reversed or an operation has no derivative; `Interruption`.
  public func adjoint(isInterrupted: @escaping () -> Bool = { false }) throws -> Adjoint {
    guard !isReversed else { throw AdjointFailure.runsFromTheEnd(cell: name) }
    if let name = totalUsedAtEachTime { throw AdjointFailure.usesTotal(cell: self.name, name: name) }
    let builder = try AdjointBuilder(self, isInterrupted: isInterrupted)
    do {
      try builder.walk()
    } catch DerivativeFailure.noDerivative(let what) {
      throw AdjointFailure.noDerivative(what)
    }
    try builder.recall()
    return try builder.assembled()
  }

  private var totalUsedAtEachTime: String? {
    let totals = equationsOfTotals
    let sums = Set(totals.flatMap { equations[$0].targets })
    for (index, equation) in equations.enumerated() where !totals.contains(index) {
      for id in store.closure(of: [equation.body]) {
        if case .read(let symbol, _) = store[id], sums.contains(symbol) { return store[symbol].name }
        if case .total = store[id] { return equation.targets.first.map { store[$0].name } }
      }
    }
    return nil
  }
}
