import Algebra

/// What can be wrong with a net, as facts.
public enum NetError: Error, Sendable {
  /// Widths that nothing fixes.
  case openWidths([String], cell: String)
  case shape(ShapeError)
  /// More numbers than are allowed at once.
  case tooLarge(numbers: Double, bound: Int)
  /// An input that is not `[steps][batch][width]`.
  case inputSize(SymbolID, needed: Double, got: Int)
  /// A net with a batch takes only that batch size until it is reset.
  case batch(had: Int, got: Int)
  /// A part that runs from the end needs its sequence at once, and starts anew with each.
  case interrupted
  /// The plain evaluator runs it.
  case noPlan
  /// The backward pass goes along one run from time 1, and this is why there was none.
  case notOneRun(String)
  /// Times before the last cannot be written.
  case writeTime(written: Int, reached: Int)
  /// A time that the net has not reached, or that was before its start.
  case noSuchTime(time: Int, reached: Int, earliest: Int)
}
