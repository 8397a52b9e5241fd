/// A training step as one recurrence: forward, loss, adjoint, sums.
///
/// Running it over a mini-batch gives, as outputs, the loss and the gradient of every parameter and learned start, summed
/// over times and sequences.
public struct TrainingRecurrence {
  /// Its symbols begin with the cell's own, by the same numbers.
  public let recurrence: Recurrence
  public let objective: Objective
  /// ∂loss/∂W for each parameter W of the cell, in their order.
  public let parameters: [(symbol: SymbolID, gradient: SymbolID)]
  /// ∂loss/∂h[0] for each learned start.
  public let starts: [(symbol: SymbolID, gradient: SymbolID)]

  /// - Parameter objective: of a cell all of whose widths are numbers.
  /// - Throws: `AdjointFailure` if the cell has no backward pass.
  public init(_ objective: Objective) throws {
    let gradient = try GradientRecurrence(objective.recurrence, withInputs: false, and: [objective.loss])
    recurrence = gradient.recurrence
    self.objective = objective
    parameters = gradient.gradients
    starts = gradient.starts
  }
}
