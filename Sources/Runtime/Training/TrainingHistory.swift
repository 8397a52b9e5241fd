import Algebra

/// What a training run did: losses of every step and epoch, and how fast.
public struct TrainingHistory: Sendable {
  public struct Epoch: Sendable {
    /// The mean loss of the epoch's mini-batches, each as it was when its turn came.
    public var loss: Double
    /// Of the validation data after the epoch.
    public var validation: Double?
    /// Of training and validation.
    public var seconds: Double
    /// Steps of all sequences per second of training.
    public var stepsPerSecond: Double
  }

  public enum End: String, Sendable {
    /// All epochs were run.
    case finished
    case interrupted
    /// The validation loss did not get better any more; the parameters are those of the best epoch.
    case early
  }

  /// The loss of each mini-batch.
  public var steps: [Double] = []
  public var epochs: [Epoch] = []
  public var end = End.finished
  /// The epoch with the lowest validation loss (without validation data the lowest loss), from 1; 0 if none ended.
  public var best = 0

  public init() {}
}

/// How far a net's training has come: what going on from here, as if nothing had been between, needs.
public struct TrainingState: Sendable {
  public var optimizer: Optimizer
  public var memory = Optimizer.Memory()
  /// Epochs that ended, and mini-batches of the one that is on.
  public var epoch = 0
  public var batch = 0
  /// The mini-batch that is on, if it is learned in parts and was left in its middle.
  public var parts: Parts?
  /// The first loss of all: by it an explosion is told.
  public var firstLoss: Double?
  /// The lowest validation loss so far, its epoch and the epochs since.
  public var bestLoss = Double.infinity
  public var bestEpoch = 0
  /// The parameters at the end of that epoch, if training is to end with them.
  public var bestParameters: [SymbolID: [Double]]?

  public init(_ optimizer: Optimizer) { self.optimizer = optimizer }

  /// A mini-batch of truncated backpropagation between two of its parts.
  public struct Parts: Sendable, Equatable {
    /// Steps of a part, and sequences.
    public var length: Int
    public var sequences: Int
    /// Steps that were learned.
    public var steps: Int
    /// Their share of the mini-batch's loss.
    public var loss: Double
    /// What comes before the next step, `[times][sequence][width]` of the cell's inputs and variables.
    public var past: [SymbolID: [Double]]

    public init(length: Int, sequences: Int, steps: Int, loss: Double, past: [SymbolID: [Double]]) {
      self.length = length
      self.sequences = sequences
      self.steps = steps
      self.loss = loss
      self.past = past
    }
  }
}

/// What is told while training goes on.
public struct TrainingProgress: Sendable {
  /// The epoch that is on, from 1, and how many there will be.
  public var epoch: Int
  public var epochs: Int
  /// Mini-batches done in this epoch, of so many; where they are learned in parts, the one that is on.
  public var batch: Int
  public var batches: Int
  /// The mean loss of this epoch so far.
  public var loss: Double
  /// Of the epoch before.
  public var validation: Double?
  /// Steps of all sequences per second.
  public var stepsPerSecond: Double
  public var secondsLeft: Double
}
