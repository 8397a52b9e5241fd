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

  mutating func note(_ loss: Double, items count: Int) {
    sum += loss * Double(count)
    items += count
  }

  private var seconds: Double {
    let (whole, parts) = (clock.now - start).components
    return max(Double(whole) + Double(parts) * 1e-18, 1e-9)
  }

  /// What to tell, unless something was told a moment ago.
  mutating func progress(batch: Int) -> TrainingProgress? {
    let now = clock.now
    if let told, now - told < .milliseconds(100) { return nil }
    told = now
    let left = Double(batches - batch + (epochs - epoch) * batches)
    return TrainingProgress(
      epoch: epoch, epochs: epochs, batch: batch, batches: batches, loss: loss, validation: validation,
      itemsPerSecond: Double(items) / seconds, secondsLeft: seconds * left / Double(max(batch - skipped, 1)))
  }

  func epoch(validation: Double?) -> TrainingHistory.Epoch {
    .init(loss: loss, validation: validation, seconds: seconds, itemsPerSecond: Double(items) / trained)
  }

  /// Seconds until the last mini-batch ended.
  private var trained: Double { seconds }
}
