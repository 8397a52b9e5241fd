import Algebra

/// Trains a net in place: mini-batches of shuffled sequences, a gradient and a step of the optimizer for each.
///
/// Neither the state of the net nor its track is touched. The same seed gives the same losses.
public final class Fit {
  public struct Options {
    public var epochs = 10
    /// Sequences of a mini-batch; the last of an epoch may have fewer.
    public var batch = 32
    public var optimizer = Optimizer(.adam)
    /// What the learning rate is multiplied by at step 1, 2, ... of a total.
    public var schedule: (_ step: Int, _ total: Int) throws -> Double = { _, _ in 1 }
    public var counting = Counting.everyStep
    public var validation: TrainingData?
    /// Ends after so many epochs without a lower validation loss, with the parameters of the best.
    public var patience: Int?
    /// Backpropagation through so many steps at most.
    public var truncate: Int?
    /// Runs the forward pass twice, in parts of about √T steps, to hold only one part and the states between.
    public var isCheckpointed = false
    /// The largest norm of the gradient of all parameters together.
    public var clip: Double?
    public var shuffles = true
    /// Of the order of sequences.
    public var seed: UInt64 = 0
    /// Goes on from where the net's training ended.
    public var resumes = false

    public init() {}
  }

  private let net: Net
  private let data: TrainingData
  private let options: Options
  private let trainer: Trainer
  private var state: TrainingState
  private var history = TrainingHistory()
  private var lastOrder: (epoch: Int, members: [Int]) = (-1, [])

  /// - Throws: `TrainingError` if data, options and net do not fit; `LossFailure`, `AdjointFailure`, `ShapeError`.
  public init(
    _ net: Net, data: TrainingData, losses: [(output: SymbolID, loss: Loss)], options: Options
  ) throws {
    trainer = try Trainer(net, losses: losses, data: data, counting: options.counting)
    guard options.batch <= data.count else {
      throw TrainingError.batchTooLarge(batch: options.batch, count: data.count)
    }
    if !net.isCausal, options.truncate != nil || options.isCheckpointed {
      throw TrainingError.needsWhole(
        cell: net.recurrence.name, option: options.truncate == nil ? "checkpoint" : "truncate")
    }
    try trainer.requireRoom(for: options.batch, of: data)
    if let validation = options.validation {
      _ = try trainer.fields(of: validation)
      try trainer.requireRoom(for: options.batch, of: validation)
    }
    self.net = net
    self.data = data
    self.options = options
    var state = TrainingState(options.optimizer)
    if options.resumes, let known = net.training { state = known }
    state.optimizer = options.optimizer
    self.state = state
    net.alphabet = data.alphabet ?? net.alphabet
  }

  // MARK: Epochs

  private var batchesOfEpoch: Int { (data.count + options.batch - 1) / max(options.batch, 1) }
  private var updatesOfBatch: Int {
    guard let length = options.truncate else { return 1 }
    return (data.time + length - 1) / max(length, 1)
  }

  /// Trains until all epochs are run, it is interrupted, or nothing gets better.
  ///
  /// - Parameter progress: told about ten times a second.
  /// - Throws: `TrainingError.diverged`; the net and its training then are as they were before that step.
  public func run(
    progress: (TrainingProgress) -> Void = { _ in }, isInterrupted: () -> Bool = { false }
  ) throws -> TrainingHistory {
    defer { net.training = state }
    do {
      while state.epoch < options.epochs, try epoch(progress, isInterrupted) {}
    } catch TrainingError.interrupted {
      history.end = .interrupted
    }
    if history.end == .early, let best = state.bestParameters {
      net.parameters = best
      net.parametersChanged = true
    }
    history.best = state.bestEpoch
    return history
  }

  /// An epoch, or what was left of it; false if it is to be the last.
  private func epoch(_ progress: (TrainingProgress) -> Void, _ isInterrupted: () -> Bool) throws -> Bool {
    var meter = Meter(options, batches: batchesOfEpoch, state, validation: history.epochs.last?.validation)
    let order = order(of: state.epoch)
    while state.batch < batchesOfEpoch {
      if isInterrupted() { throw TrainingError.interrupted }
      let first = state.batch * options.batch
      let members = Array(order[first..<min(first + options.batch, order.count)])
      let batch = MiniBatch(members, of: data, fields: trainer.fields, counting: trainer.counting)
      let loss = try train(batch, members, isInterrupted) { parts in
        let part = (
          share: Double(parts.steps) / Double(batch.steps), steps: parts.steps * batch.size,
          loss: parts.loss * Double(batch.steps) / Double(parts.steps)
        )
        if let told = meter.progress(batch: state.batch, part: part) { progress(told) }
      }
      state.batch += 1
      history.steps.append(loss)
      meter.note(loss, of: batch)
      if let told = meter.progress(batch: state.batch) { progress(told) }
    }
    let validation = try options.validation.map {
      try trainer.loss(of: $0, batch: options.batch, isInterrupted: isInterrupted)
    }
    state.epoch += 1
    state.batch = 0
    history.epochs.append(meter.epoch(validation: validation))
    return note(validation ?? meter.loss)
  }

  /// Whether to go on after an epoch with this loss.
  private func note(_ loss: Double) -> Bool {
    if loss < state.bestLoss {
      state.bestLoss = loss
      state.bestEpoch = state.epoch
      if options.patience != nil { state.bestParameters = net.parameters }
    }
    guard let patience = options.patience, state.epoch - state.bestEpoch >= patience else { return true }
    history.end = .early
    return false
  }

  /// The sequences of an epoch in their order, the same for the same seed, whatever was run before.
  private func order(of epoch: Int) -> [Int] {
    guard options.shuffles else { return Array(0..<data.count) }
    var stream = RandomStream(seed: options.seed, stream: 2_000_000 &+ UInt64(epoch))
    return stream.permutation(data.count)
  }

  // MARK: Steps

  /// A mini-batch: as a whole, or in parts with an update each. A step that is interrupted, or diverges, was not begun.
  private func train(
    _ batch: MiniBatch, _ members: [Int], _ isInterrupted: () -> Bool, note: (TrainingState.Parts) -> Void
  ) throws -> Double {
    if let length = options.truncate, length < batch.steps {
      var parts = state.parts
      defer { state.parts = parts }
      return try trainer.truncatedSteps(
        batch, length: length, &parts, isInterrupted: isInterrupted, update: { try update($0, batch, members) },
        note: note)
    }
    state.parts = nil
    let step =
      options.isCheckpointed
      ? try trainer.checkpointedStep(batch, isInterrupted: isInterrupted)
      : try trainer.step(batch, isInterrupted: isInterrupted)
    try update(step, batch, members)
    return step.loss
  }

  private func update(_ step: Trainer.Step, _ batch: MiniBatch, _ members: [Int]) throws {
    let norm = GradientClipping.norm(step.gradients)
    let first = state.firstLoss ?? step.loss
    guard step.loss.isFinite, norm.isFinite, abs(step.loss) <= Fit.explosion * max(abs(first), 1) else {
      throw TrainingError.diverged(
        trainer.divergence(step, batch, members, number: state.memory.steps + 1, epoch: state.epoch + 1))
    }
    state.firstLoss = first
    var gradients = step.gradients
    if let bound = options.clip { GradientClipping.clip(&gradients, norm: norm, to: bound) }
    let number = state.memory.steps + 1
    let factor = try options.schedule(number, options.epochs * batchesOfEpoch * updatesOfBatch)
    state.optimizer.step(&net.parameters, gradients, factor: factor, &state.memory, type: net.type)
    net.parametersChanged = true
  }

  /// A loss so many times the first has exploded.
  private static let explosion = 1e6
}
