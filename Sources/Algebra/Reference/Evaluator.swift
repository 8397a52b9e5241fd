/// Values that replace what an equation says, at some times.
public struct Clamp: Sendable {
  public var symbol: SymbolID
  public var times: ClosedRange<Int>
  /// `[count]` (for every sequence of the batch) or a single number.
  public var values: [Double]

  public init(symbol: SymbolID, times: ClosedRange<Int>, values: [Double]) {
    self.symbol = symbol
    self.times = times
    self.values = values
  }
}

/// A plain evaluator of a recurrence with known widths: every equation, every step, in the order of the schedule.
///
/// Goals, in order: obviously right; no allocation in a step; vectorised over the batch. It is the judge of everything
/// that is faster.
///
/// It computes over a *window*: `past` slots that hold what came before, then the times of the run. After a run
/// `advance` moves the last slots to the front.
public final class Evaluator<Scalar: BinaryFloatingPoint> {
  public let recurrence: Recurrence
  public let shapes: ShapeSolution
  public let batch: Int
  /// The most steps that one run may have.
  public let capacity: Int
  public let isCausal: Bool
  private let program: Program
  private var storage: [Scalar]
  private var scratch: [Double]
  private var workSinceQuestion = 0.0

  /// - Parameter shapes: all of whose widths are numbers.
  public init(_ recurrence: Recurrence, shapes: ShapeSolution, batch: Int, capacity: Int) throws {
    self.recurrence = recurrence
    self.shapes = shapes
    self.batch = batch
    self.capacity = capacity
    isCausal = try Schedule(recurrence).isCausal
    program = try Program(recurrence, shapes: shapes, batch: batch, slots: capacity)
    storage = [Scalar](repeating: 0, count: program.size)
    scratch = [Double](repeating: 0, count: program.scratchSize)
    for constant in program.constants { storage[constant.base] = Scalar(constant.value) }
  }

  /// Slots before the first time of a run.
  public var past: Int { program.past }

  /// Slots after the last time of a run.
  public var future: Int { program.future }

  /// How many numbers a symbol has, at one time and in one sequence of the batch.
  public func count(_ symbol: SymbolID) -> Int { program.location[symbol]?.count ?? 0 }

  /// Writes a parameter or constant, row by row.
  public func setParameter(_ symbol: SymbolID, _ values: [Scalar]) {
    guard let place = program.location[symbol], place.timeStride == 0, values.count == place.count else { return }
    storage.replaceSubrange(place.base..<place.base + place.count, with: values)
  }

  /// Computes what depends on parameters alone; call after parameters are set.
  public func update() {
    storage.withUnsafeMutableBufferPointer { storage in
      guard let base = storage.baseAddress else { return }
      scratch.withUnsafeMutableBufferPointer { scratch in
        Executor.run(program.update, storage: base, scratch: scratch, slot: 0, time: 0, batch: batch)
      }
    }
  }

  /// A parameter made of parameters (after `update`).
  public func parameter(_ symbol: SymbolID) -> [Scalar] {
    guard let place = program.location[symbol], place.timeStride == 0 else { return [] }
    return Array(storage[place.base..<place.base + place.count])
  }

  /// The value that an `init` line gives to a state at a time before the first, in the shape of the state; nil where
  /// none does.
  public func start(_ symbol: SymbolID, time: Int) -> [Scalar]? {
    guard let start = program.starts.last(where: { $0.symbol == symbol && $0.time == time }) else { return nil }
    let count = count(symbol)
    if start.value.count == 1 { return [Scalar](repeating: storage[start.value.base], count: count) }
    let place = start.value
    return (0..<count).map { index in
      let (row, column) = (index / max(place.columns, 1), index % max(place.columns, 1))
      return storage[place.base + row * place.rowStride + column * place.columnStride]
    }
  }

  /// Writes a symbol's values (`[batch][count]` each) at slots of the window.
  public func write(_ symbol: SymbolID, slot: Int, _ values: UnsafeBufferPointer<Scalar>) {
    guard let range = range(symbol, slot: slot, count: values.count) else { return }
    storage.withUnsafeMutableBufferPointer { storage in
      for (offset, value) in values.enumerated() { storage[range.lowerBound + offset] = value }
    }
  }

  /// The values of a symbol at some slots, `[slot][batch][count]`.
  public func values(_ symbol: SymbolID, slots: Range<Int>) -> ArraySlice<Scalar> {
    guard let place = program.location[symbol],
      let range = range(symbol, slot: slots.lowerBound, count: slots.count * place.timeStride)
    else { return [] }
    return storage[range]
  }

  private func range(_ symbol: SymbolID, slot: Int, count: Int) -> Range<Int>? {
    guard let place = program.location[symbol], place.timeStride > 0, slot >= 0, count >= 0 else { return nil }
    let start = place.base + slot * place.timeStride
    let end = place.base + (program.past + capacity + program.future) * place.timeStride
    guard start + count <= end else { return nil }
    return start..<start + count
  }

  /// Runs `steps` steps, of which the first is at `firstTime`. Inputs stand in the window from slot `past` on.
  /// Answers false if `isInterrupted` did, which is asked about every millisecond or so.
  ///
  /// - Parameter keepsFuture: what stands in the slots after the last step is read; else it is 0.
  public func run(
    steps: Int, firstTime: Int, clamps: [Clamp] = [], keepsFuture: Bool = false, isInterrupted: () -> Bool = { false }
  ) -> Bool {
    guard steps > 0, steps <= capacity else { return true }
    if !keepsFuture { clearFuture(steps: steps) }
    var finished = true
    storage.withUnsafeMutableBufferPointer { storage in
      guard let base = storage.baseAddress else { return }
      scratch.withUnsafeMutableBufferPointer { scratch in
        for total in program.totals { (base + total.base).update(repeating: 0, count: total.count) }
        for phase in program.phases where finished {
          let workOfStep = phase.work(batch: batch)
          for step in 0..<steps {
            workSinceQuestion += workOfStep
            if workSinceQuestion > Evaluator.workBetweenQuestions {
              workSinceQuestion = 0
              if isInterrupted() {
                finished = false
                break
              }
            }
            let offset = phase.isBackward ? steps - 1 - step : step
            runStep(phase, base, scratch, slot: program.past + offset, time: firstTime + offset, clamps: clamps)
          }
        }
        Executor.run(program.finish, storage: base, scratch: scratch, slot: 0, time: 0, batch: batch)
      }
    }
    return finished
  }

  /// About a millisecond, in multiplications.
  private static var workBetweenQuestions: Double { 200_000 }

  private func runStep(
    _ phase: Program.Phase, _ storage: UnsafeMutablePointer<Scalar>, _ scratch: UnsafeMutableBufferPointer<Double>,
    slot: Int, time: Int, clamps: [Clamp]
  ) {
    guard clamps.contains(where: { $0.times.contains(time) }) else {
      Executor.run(phase.instructions, storage: storage, scratch: scratch, slot: slot, time: time, batch: batch)
      return
    }
    var first = 0
    for write in phase.writes {
      let part = Array(phase.instructions[first..<write.instruction])
      Executor.run(part, storage: storage, scratch: scratch, slot: slot, time: time, batch: batch)
      first = write.instruction
      guard let place = program.location[write.symbol] else { continue }
      for clamp in clamps where clamp.symbol == write.symbol && clamp.times.contains(time) {
        let count = place.count
        for index in 0..<count * batch {
          let value = clamp.values.count == 1 ? clamp.values[0] : clamp.values[index % max(count, 1)]
          storage[place.base + slot * place.timeStride + index] = Scalar(value)
        }
      }
    }
  }

  /// What is read beyond the end is 0.
  private func clearFuture(steps: Int) {
    guard program.future > 0 else { return }
    for place in program.location.values where place.timeStride > 0 {
      let start = place.base + (program.past + steps) * place.timeStride
      for index in start..<start + program.future * place.timeStride { storage[index] = 0 }
    }
  }

  /// Moves the last `past` slots of a run of `steps` steps to the front, for the run that goes on from there.
  public func advance(steps: Int) {
    guard steps > 0 else { return }
    storage.withUnsafeMutableBufferPointer { storage in
      for place in program.location.values where place.timeStride > 0 {
        let from = place.base + steps * place.timeStride
        for index in 0..<program.past * place.timeStride { storage[place.base + index] = storage[from + index] }
      }
    }
  }
}
