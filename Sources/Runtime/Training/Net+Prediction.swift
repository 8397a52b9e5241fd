import Algebra

/// What a net answers to the sequences of some data, each from its start. Neither its state nor its track is touched.
extension Net {
  /// Sequences that are run side by side.
  private static let mostSequences = 64

  /// `[count][time][width]` of each output that varies with time; 0 beyond a sequence's end.
  ///
  /// - Parameter data: its targets are not looked at.
  /// - Throws: `TrainingError` if the data does not fit, or it was interrupted; `NetError.tooLarge`.
  public func predict(
    _ data: TrainingData, isInterrupted: () -> Bool = { false }
  ) throws -> [SymbolID: [Double]] {
    do { try data.check() } catch let error as TrainingDataError { throw TrainingError.data(error) }
    let masked = data.lengths == nil ? nil : try recurrence.masked()
    let fields = MiniBatch.Fields(
      inputs: try Trainer.inputs(of: self, data), targets: [], weight: nil, mask: masked?.mask)
    let outputs = recurrence.outputs.filter { recurrence.store[$0].kind == .variable }
    var answers = try outputs.map { ($0, [Double](repeating: 0, count: try answerCount($0, data))) }
    let numbers = (recurrence.inputs + outputs).reduce(0) { $0 + count($1) }
    let (each, overflows) = data.time.multipliedReportingOverflow(by: max(numbers, 1))
    let size = overflows ? 1 : max(1, min(Net.mostSequences, largestAnswer / each, data.count))
    var engines: [Int: SequenceEngine] = [:]
    for first in stride(from: 0, to: data.count, by: size) {
      let members = Array(first..<min(first + size, data.count))
      let batch = MiniBatch(members, of: data, fields: fields, counting: .everyStep)
      let length = isCausal ? min(data.time, chunk(batch: batch.size)) : data.time
      let engine =
        try engines[batch.size]
        ?? SequenceEngine(
          masked?.recurrence ?? recurrence, cell: self, batch: batch.size, capacity: length, kept: Set(outputs))
      engines[batch.size] = engine
      engine.begin(parameters)
      for start in stride(from: 0, to: batch.steps, by: length) {
        let times = start..<min(start + length, batch.steps)
        guard engine.run(batch, times, isInterrupted: isInterrupted) else { throw TrainingError.interrupted }
        for index in answers.indices {
          let values = engine.values(answers[index].0, steps: times.count)
          place(values, times, members, data, count(answers[index].0), &answers[index].1)
        }
        engine.advance(times.count)
      }
    }
    return Dictionary(uniqueKeysWithValues: answers.map { ($0.0, $0.1) })
  }

  private func answerCount(_ symbol: SymbolID, _ data: TrainingData) throws -> Int {
    let numbers = Double(data.count) * Double(data.time) * Double(count(symbol))
    guard numbers <= Double(largestAnswer) else {
      throw NetError.tooLarge(numbers: numbers, bound: largestAnswer)
    }
    return data.count * data.time * count(symbol)
  }

  /// From `[steps][sequence][width]` to where each sequence has its times.
  private func place(
    _ values: [Double], _ times: Range<Int>, _ members: [Int], _ data: TrainingData, _ width: Int,
    _ result: inout [Double]
  ) {
    for (step, time) in times.enumerated() {
      for (position, member) in members.enumerated() where time < data.lengths?[member] ?? data.time {
        let source = (step * members.count + position) * width
        let target = (member * data.time + time) * width
        for unit in 0..<width { result[target + unit] = values[source + unit] }
      }
    }
  }
}
