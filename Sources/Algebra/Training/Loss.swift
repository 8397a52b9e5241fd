/// What training makes small: a number for each step of each sequence, from an output y and a target.
///
/// | loss | at each step | the target |
/// |---|---|---|
/// | mean square | mean((y - target)²), over the width | as wide as y |
/// | cross-entropy | -sum(target * log p), p = softmax(y) | probabilities, or 1 at the class and 0 elsewhere |
/// | a function | f(y, target); of a vector the mean of its entries | as wide as y |
///
/// Cross-entropy takes logits, and `logsoftmax` of them, which is safe whatever their size. An output that is
/// `softmax(z)` already is read as z.
public enum Loss {
  case meanSquare
  case crossEntropy
  case function(LossFunction)
}

/// A function of the language as an expression in its two arguments.
public struct LossFunction {
  public let name: String
  public let store: Store
  public let output: SymbolID
  public let target: SymbolID
  public let root: NodeID

  public init(name: String, store: Store, output: SymbolID, target: SymbolID, root: NodeID) {
    self.name = name
    self.store = store
    self.output = output
    self.target = target
    self.root = root
  }
}

/// Why a cell cannot be trained on a loss.
public enum LossFailure: Error, Sendable {
  /// Nothing to compare with a target.
  case noOutput(cell: String)
  /// A sum over all times (`total`) in the cell: it has a loss of its own.
  case ownLoss(cell: String, name: String)
  case matrixOutput(String)
  /// Probabilities over one class are always 1.
  case oneClass(output: String)
  /// A function of the user that answers a matrix.
  case matrixLoss(String)
  /// A function of the user that does not depend on the output.
  case constantLoss(String)
}
