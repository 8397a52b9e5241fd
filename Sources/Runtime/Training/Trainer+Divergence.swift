import Algebra

/// Where a loss that is no number, or that exploded, began: the mini-batch is run once more, forward, and looked through
/// from its first time on.
extension Trainer {
  /// Values beyond this are an explosion.
  private static let bound = 1e6

  func divergence(_ step: Step, _ batch: MiniBatch, _ members: [Int], number: Int, epoch: Int) -> Divergence {
    var result = Divergence(step: number, epoch: epoch, loss: step.loss)
    result.place = firstBad(batch, members) { !$0.isFinite } ?? firstBad(batch, members) { abs($0) > Trainer.bound }
    if result.place == nil {
      let bad = learned.first { pair in step.gradients[pair.symbol]?.contains { !$0.isFinite } == true }
      result.gradient = bad.map { net.recurrence.store[$0.symbol].name }
    }
    return result
  }

  /// The first value of any variable that is bad: by time, then in the order in which equations are computed.
  private func firstBad(
    _ batch: MiniBatch, _ members: [Int], _ isBad: (Double) -> Bool
  ) -> Divergence.Place? {
    let run = net.copy()
    run.reset()
    var inputs: [SymbolID: [Double]] = [:]
    for symbol in net.recurrence.inputs { inputs[symbol] = batch.values[symbol] }
    guard (try? run.feed(inputs, steps: batch.steps, batch: batch.size)) != nil else { return nil }
    let variables =
      (try? Schedule(net.recurrence))?.phases.flatMap(\.equations)
      .flatMap { net.recurrence.equations[$0].targets } ?? net.variables
    for time in 1...max(batch.steps, 1) {
      for symbol in variables {
        guard let values = try? run.values(symbol, times: time...time), let index = values.firstIndex(where: isBad)
        else { continue }
        let sequence = index / max(values.count / max(batch.size, 1), 1)
        return Divergence.Place(
          variable: net.recurrence.store[symbol].name, time: time,
          sequence: (members.indices.contains(sequence) ? members[sequence] : 0) + 1, value: values[index])
      }
    }
    return nil
  }
}
