/// Losses and speed of an epoch while it runs.
struct Meter {
  private let epochs: Int
  private let epoch: Int
  private let batches: Int
  /// Mini-batches that an earlier run of the epoch did.
  private let skipped: Int
  private let validation: Double?
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var told: ContinuousClock.Instant?
  private var sum = 0.0
  private var items = 0
  private var steps = 0
  /// Seconds until the last mini-batch ended.
  private var trained = 0.0

  init(_ options: Fit.Options, batches: Int, _ state: TrainingState, validation: Double?) {
    epochs = options.epochs
    epoch = state.epoch + 1
    self.batches = batches
    skipped = state.batch
    self.validation = validation
    start = clock.now
  }

  /// The mean loss so far, of every step that counts alike.
  var loss: Double { sum / Double(max(items, 1)) }

  mutating func note(_ loss: Double, of batch: MiniBatch) {
    sum += loss * Double(batch.items)
    items += batch.items
    steps += batch.stepsOfAll
    trained = seconds
  }

  private var seconds: Double {
    let (whole, parts) = (clock.now - start).components
    return max(Double(whole) + Double(parts) * 1e-18, 1e-9)
  }

  /// What to tell, unless something was told a moment ago.
  ///
  /// - Parameters:
  ///   - batch: mini-batches done.
  ///   - part: what is done of the next, if it has parts: its share, its steps and the mean loss of these.
  mutating func progress(
    batch: Int, part: (share: Double, steps: Int, loss: Double) = (0, 0, 0)
  ) -> TrainingProgress? {
    let now = clock.now
    if let told, now - told < .milliseconds(100) { return nil }
    told = now
    let done = Double(batch - skipped) + part.share
    let left = Double(epochs - epoch + 1) * Double(batches) - Double(batch) - part.share
    let weight = Double(items + part.steps)
    return TrainingProgress(
      epoch: epoch, epochs: epochs, batch: min(part.share > 0 ? batch + 1 : batch, batches), batches: batches,
      loss: weight > 0 ? (sum + part.loss * Double(part.steps)) / weight : loss, validation: validation,
      stepsPerSecond: Double(steps + part.steps) / seconds,
      secondsLeft: done > 0 ? seconds * left / done : .infinity)
  }

  func epoch(validation: Double?) -> TrainingHistory.Epoch {
    .init(
      loss: loss, validation: validation, seconds: seconds,
      stepsPerSecond: trained > 0 ? Double(steps) / trained : 0)
  }
}
