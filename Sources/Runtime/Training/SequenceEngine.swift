import Algebra

/// An engine that runs mini-batches from their beginning, whole or in parts: states before the first step are the
/// cell's starts, and each further part goes on from where the last ended.
final class SequenceEngine {
  let engine: any Engine
  private let recurrence: Recurrence
  /// The inputs and variables of the cell, and what else is fed.
  private let timed: [SymbolID]
  /// The inputs and variables of the cell: no loss reads an earlier target or weight.
  private let carried: [SymbolID]
  private let learnedStarts: Set<SymbolID>
  private let count: (SymbolID) -> Int
  /// Something stands in the slots before the first step.
  private var isUsed = false

  /// - Parameters:
  ///   - recurrence: of the cell with a loss, or of a whole training step.
  ///   - cell: what it was made from.
  ///   - kept: variables that are read afterwards, by `values`.
  init(_ recurrence: Recurrence, cell: Net, batch: Int, capacity: Int, kept: Set<SymbolID> = []) throws {
    self.recurrence = recurrence
    timed = recurrence.inputs + cell.variables
    carried = cell.recurrence.inputs + cell.variables
    learnedStarts = Set(recurrence.learnedStarts)
    count = { symbol in
      (recurrence.shapes.symbols[symbol] ?? .number).dimensions.reduce(1) { $0 * ($1.number ?? 1) }
    }
    do {
      engine = try Engines.make(
        recurrence, shapes: recurrence.shapes, type: cell.type, batch: batch, capacity: capacity, kept: kept,
        kind: cell.engineKind)
      engine.threads = cell.threads
    } catch {
      throw cell.tooLarge(error)
    }
  }

  /// Goes to before the first step, with parameters as they are now.
  func begin(_ parameters: [SymbolID: [Double]]) {
    engine.setParameters(parameters)
    for slot in 0..<engine.past {
      let time = slot + 1 - engine.past
      for symbol in timed {
        let start = time == 0 && learnedStarts.contains(symbol) ? parameters[symbol] : engine.start(symbol, time: time)
        guard isUsed || start != nil else { continue }
        let values = start ?? [Double](repeating: 0, count: count(symbol))
        engine.write(symbol, slot: slot, (0..<engine.batch).flatMap { _ in values }[...])
      }
    }
    isUsed = true
  }

  /// Runs some steps of a mini-batch; answers false if it was interrupted.
  ///
  /// - Parameter weights: the weight of these steps, if it is another than the mini-batch's.
  func run(
    _ batch: MiniBatch, _ times: Range<Int>, weights: (symbol: SymbolID, values: [Double])? = nil,
    keepsFuture: Bool = false, isInterrupted: () -> Bool
  ) -> Bool {
    for symbol in recurrence.inputs {
      let values = weights.flatMap { $0.symbol == symbol ? $0.values[...] : nil } ?? batch.slice(symbol, times)
      engine.write(symbol, slot: engine.past, values)
    }
    return engine.run(
      steps: times.count, firstTime: times.lowerBound + 1, clamps: [], keepsFuture: keepsFuture,
      isInterrupted: isInterrupted)
  }

  /// Moves on: what was run becomes what came before.
  func advance(_ steps: Int) { engine.advance(steps: steps) }

  // MARK: What lies around a part

  /// What came before the first step, `[past][batch][width]`, of the cell's inputs and variables.
  func past() -> [SymbolID: [Double]] { read(carried, 0..<engine.past) }

  /// Whether a mini-batch that was left in its middle can go on here.
  func fits(_ parts: TrainingState.Parts) -> Bool {
    parts.sequences == engine.batch && parts.past.count == carried.count
      && carried.allSatisfy { symbol in
        let values = parts.past[symbol]
        return values?.count == (engine.keeps(symbol) ? engine.past * engine.batch * count(symbol) : 0)
      }
  }

  /// What was run, `[steps][batch][width]`.
  func values(_ symbol: SymbolID, steps: Int) -> [Double] {
    var result: [Double] = []
    engine.read(symbol, slots: engine.past..<engine.past + steps, into: &result)
    return result
  }

  func write(past values: [SymbolID: [Double]]) {
    for (symbol, numbers) in values { engine.write(symbol, slot: 0, numbers[...]) }
    isUsed = true
  }

  /// The first steps of the part that was run, as those of the part before see them after their last.
  func first() -> [SymbolID: [Double]] {
    read(recurrence.inputs + recurrence.variables, engine.past..<engine.past + engine.future)
  }

  func write(future values: [SymbolID: [Double]], after steps: Int) {
    for (symbol, numbers) in values { engine.write(symbol, slot: engine.past + steps, numbers[...]) }
  }

  private func read(_ symbols: [SymbolID], _ slots: Range<Int>) -> [SymbolID: [Double]] {
    var result: [SymbolID: [Double]] = [:]
    for symbol in symbols { engine.read(symbol, slots: slots, into: &result[symbol, default: []]) }
    return result
  }

  func number(_ symbol: SymbolID) -> Double { engine.derived(symbol).first ?? .nan }
}
