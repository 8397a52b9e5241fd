import Algebra

/// What ends training before it begins, or in its middle, as facts.
public enum TrainingError: Error, Sendable {
  case data(TrainingDataError)
  /// An input of the model, or an output with a loss, for which the data has nothing.
  case missing(String, has: [String])
  /// Data of another width than the model's.
  case width(String, needed: Int, got: Int)
  /// More classes than the output is wide.
  case classes(String, width: Int, classes: Int)
  case batchTooLarge(batch: Int, count: Int)
  /// A cell that runs from the end cannot be run in parts (`truncate`, `checkpoint`).
  case needsWhole(cell: String, option: String)
  case interrupted
  case diverged(Divergence)
}

/// Where a loss that is no number any more, or that exploded, began.
public struct Divergence: Sendable {
  /// The step of training, from 1, and its epoch.
  public var step: Int
  public var epoch: Int
  public var loss: Double
  /// The first value that is no number, or too large: a variable at a time of a sequence; nil if all values of the
  /// forward pass are good.
  public var place: Place?
  /// If they are: a parameter whose gradient is not finite.
  public var gradient: String?

  public struct Place: Sendable {
    public var variable: String
    public var time: Int
    /// The sequence of the data, from 1.
    public var sequence: Int
    public var value: Double
  }
}
