import Algebra

/// Gradients in √T memory (Chen et al. 2016): the forward pass is run in parts of about √T steps, of which only the
/// states between them are kept; then the parts are run again from the last to the first, forward and backward, each
/// with the adjoints of the part after it.
extension Trainer {
  /// As `step`, with twice the forward work.
  func checkpointedStep(_ batch: MiniBatch, isInterrupted: () -> Bool) throws -> Step {
    let length = max(Int(Double(batch.steps).squareRoot().rounded(.up)), 1)
    let parts = stride(from: 0, to: batch.steps, by: length).map { $0..<min($0 + length, batch.steps) }
    let checkpoints = try checkpoints(batch, parts, length, isInterrupted)
    let engine = try engine(isTraining: true, batch: batch.size, capacity: length)
    engine.begin(net.parameters)
    var result = Step(loss: 0, gradients: [:])
    var later: [SymbolID: [Double]] = [:]
    for (times, past) in zip(parts, checkpoints).reversed() {
      engine.write(past: past)
      engine.write(future: later, after: times.count)
      let keepsFuture = !later.isEmpty
      guard engine.run(batch, times, keepsFuture: keepsFuture, isInterrupted: isInterrupted) else {
        throw TrainingError.interrupted
      }
      result.loss += engine.number(objective.loss)
      for (symbol, values) in gradients(engine) {
        result.gradients[symbol] = result.gradients[symbol].map { zip($0, values).map { $0 + $1 } } ?? values
      }
      later = engine.first()
    }
    return result
  }

  /// What came before each part.
  private func checkpoints(
    _ batch: MiniBatch, _ parts: [Range<Int>], _ length: Int, _ isInterrupted: () -> Bool
  ) throws -> [[SymbolID: [Double]]] {
    let engine = try engine(isTraining: false, batch: batch.size, capacity: length)
    engine.begin(net.parameters)
    var result: [[SymbolID: [Double]]] = []
    for times in parts {
      result.append(engine.past())
      // Nothing comes after the last part.
      guard times.upperBound < batch.steps else { break }
      guard engine.run(batch, times, isInterrupted: isInterrupted) else { throw TrainingError.interrupted }
      engine.advance(times.count)
    }
    return result
  }
}
