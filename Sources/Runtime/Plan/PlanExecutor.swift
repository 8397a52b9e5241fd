import Algebra
import Glibc
import Kernels

/// Runs a plan over a storage of numbers.
///
/// What a step does is laid out beforehand as plain numbers and addresses: nothing is allocated, counted or looked up
/// while it runs.
package final class PlanExecutor<Scalar: KernelScalar> {
  let plan: Plan
  private let memory: UnsafeMutableRawPointer
  package let storage: UnsafeMutablePointer<Scalar>
  private let tapeScratch: UnsafeMutablePointer<Scalar>
  private var wholeScratch: [Double]
  /// Room for the operands of a tape.
  private let operands: UnsafeMutablePointer<TapeOperand<Scalar>>
  private let functions: [@Sendable (Double) -> Double]
  private let groups: [[PlanJobs]]
  private var clamps: [Clamp] = []
  private var workSinceQuestion = 0.0

  /// - Throws: `StorageTooLarge` if there is no memory for it.
  package init(_ plan: Plan) throws {
    self.plan = plan
    let scratch = Scalar.tapeScratchCount(slots: plan.tapeSlots + 1)
    let count = (plan.size + 15) / 16 * 16 + scratch
    // Pages that nothing writes are never there.
    guard let memory = calloc(count + 16, MemoryLayout<Scalar>.stride) else {
      throw StorageTooLarge(numbers: Double(count))
    }
    self.memory = memory
    let address = Int(bitPattern: memory)
    storage = memory.advanced(by: (64 - address % 64) % 64).assumingMemoryBound(to: Scalar.self)
    tapeScratch = storage + (plan.size + 15) / 16 * 16
    wholeScratch = [Double](repeating: 0, count: plan.scratchSize)
    functions = plan.functions.map { operation in
      if case .unary(let function) = OperatorTable[operation].meaning { function } else { { $0 } }
    }
    groups = plan.groups.map { $0.phases.map { PlanJobs($0.items) } }
    let most = groups.joined().map(\.mostOperands).max() ?? 0
    operands = .allocate(capacity: max(most, 1))
    operands.initialize(repeating: .temporary(0), count: max(most, 1))
    for constant in plan.constants { storage[constant.base] = Scalar(constant.value) }
  }

  deinit {
    operands.deallocate()
    free(memory)
  }

  // MARK: Parameters

  /// Computes what depends on parameters alone, and packs weights.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func update() {
    run(plan.update, slot: 0, time: 0)
    for job in plan.packs {
      Scalar.pack(
        storage + job.source.base, outerStride: job.source.rowStride, innerStride: job.source.columnStride,
        outer: job.source.rows, inner: job.source.columns, sign: job.isNegative ? -1 : 1, into: storage + job.packed,
        packedInner: job.packedInner, innerOffset: job.innerOffset, outerOffset: job.outerOffset)
    }
    for job in plan.biases {
      let row = storage + job.result
      row.update(repeating: 0, count: job.count)
      for term in job.terms {
        let source = storage + term.operand.base
        for index in 0..<job.count {
          let value = source[index * term.operand.rowStride]
          row[index] += term.isNegative ? -value : value
        }
      }
    }
  }

  // MARK: Inputs and answers

  /// Writes `[time][sequence][width]` from the first step on.
  @_specialize(where Scalar == Float)
  package func write(_ values: [Scalar], to place: Slice) {
    let start = storage + place.base + plan.past * place.timeStride
    let rows = min(values.count / max(place.count, 1), plan.slots * plan.batch)
    values.withUnsafeBufferPointer { values in
      guard let source = values.baseAddress else { return }
      if place.rowStride == place.count { return start.update(from: source, count: rows * place.count) }
      for row in 0..<rows {
        (start + row * place.rowStride).update(from: source + row * place.count, count: place.count)
      }
    }
  }

  /// Reads `[time][sequence][width]` of the first steps.
  @_specialize(where Scalar == Float)
  package func read(_ place: Slice, steps: Int, into values: inout [Scalar]) {
    let start = storage + place.base + plan.past * place.timeStride
    let rows = min(values.count / max(place.count, 1), min(steps, plan.slots) * plan.batch)
    values.withUnsafeMutableBufferPointer { values in
      guard let target = values.baseAddress else { return }
      if place.rowStride == place.count { return target.update(from: start, count: rows * place.count) }
      for row in 0..<rows {
        (target + row * place.count).update(from: start + row * place.rowStride, count: place.count)
      }
    }
  }

  // MARK: Running

  /// Runs `steps` steps, of which the first is at `firstTime`; answers false if `isInterrupted` did.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func run(
    steps: Int, firstTime: Int, clamps: [Clamp] = [], isInterrupted: () -> Bool
  ) -> Bool {
    self.clamps = clamps
    for total in plan.totals { (storage + total.lowerBound).update(repeating: 0, count: total.count) }
    // Runs of a few steps add up to a question too.
    var workSinceQuestion = self.workSinceQuestion
    defer { self.workSinceQuestion = workSinceQuestion }
    for (group, jobs) in zip(plan.groups, groups) {
      let chunk = chunk(of: group, steps: steps)
      let count = (steps + chunk - 1) / chunk
      for turn in 0..<count {
        let number = group.isBackward ? count - 1 - turn : turn
        let slots = number * chunk..<min(steps, (number + 1) * chunk)
        for (phase, jobs) in zip(group.phases, jobs) {
          guard run(phase, jobs, slots, firstTime, &workSinceQuestion, isInterrupted) else { return false }
        }
      }
    }
    run(plan.finish, slot: 0, time: 0)
    return true
  }

  /// What is read beyond the end is 0.
  package func clearFuture(steps: Int) {
    for window in plan.windows {
      (storage + window.base + (plan.past + steps) * window.timeStride)
        .update(repeating: 0, count: plan.future * window.timeStride)
    }
  }

  /// Moves the last `past` slots of a run to the front, for the run that goes on from there.
  func advance(steps: Int) {
    for window in plan.windows where window.hasPast {
      let start = storage + window.base
      start.update(from: start + steps * window.timeStride, count: plan.past * window.timeStride)
    }
  }

  /// Steps that all phases of a group do in turn: at least 48 rows for the large products, as many as the second-level
  /// cache holds.
  private func chunk(of group: Plan.Group, steps: Int) -> Int {
    guard group.isChunked, group.phases.count > 1 else { return max(steps, 1) }
    let rows = max(48, PlanExecutor.cachedNumbers / max(plan.numbersPerStep / max(plan.batch, 1), 1))
    return min(max((rows + plan.batch - 1) / plan.batch, 1), max(steps, 1))
  }

  /// Of the window, in numbers.
  private static var cachedNumbers: Int { 1 << 17 }

  @inline(__always)
  private func run(
    _ phase: Plan.Phase, _ jobs: PlanJobs, _ slots: Range<Int>, _ firstTime: Int, _ workSinceQuestion: inout Double,
    _ isInterrupted: () -> Bool
  ) -> Bool {
    let work = phase.work * Double(plan.batch)
    if phase.isLoop {
      for step in 0..<slots.count {
        let offset = phase.isBackward ? slots.upperBound - 1 - step : slots.lowerBound + step
        for job in jobs.all { run(job, of: jobs, offset, 1, firstTime) }
        workSinceQuestion += work
        if workSinceQuestion > PlanExecutor.workBetweenQuestions {
          workSinceQuestion = 0
          guard !isInterrupted() else { return false }
        }
      }
      return true
    }
    for job in jobs.all { run(job, of: jobs, slots.lowerBound, slots.count, firstTime) }
    workSinceQuestion += work * Double(slots.count)
    guard workSinceQuestion > PlanExecutor.workBetweenQuestions else { return true }
    workSinceQuestion = 0
    return !isInterrupted()
  }

  /// About a millisecond, in vector operations.
  private static var workBetweenQuestions: Double { 2_000_000 }

  /// Does a job for `count` slots from `slot` on.
  @inline(__always)
  private func run(_ job: PlanJob, of jobs: PlanJobs, _ slot: Int, _ count: Int, _ firstTime: Int) {
    let first = plan.past + slot
    let rows = count * plan.batch
    switch job {
    case .product(let item):
      let start: ProductStart<Scalar> =
        switch item.start {
        case .zero: .zero
        case .accumulate: .accumulate
        case .row(let base): .row(storage + base)
        }
      Scalar.product(
        rows: rows, inner: item.left.count, outer: item.result.count, left: pointer(item.left, first),
        leftStride: item.left.rowStride, packed: storage + item.packed, result: pointer(item.result, first),
        resultStride: item.result.rowStride, start: start)
    case .tape(let tape):
      for (index, place) in tape.places.enumerated() {
        operands[index] =
          place.slot >= 0
          ? .temporary(place.slot)
          : .memory(
            storage + place.base + first * place.timeStride, rowStride: place.rowStride,
            columnStride: place.columnStride)
      }
      Scalar.runTape(
        tape.instructions, UnsafeBufferPointer(start: operands, count: tape.places.count), functions: functions,
        scratch: tapeScratch, rows: rows, columns: tape.columns)
    case .outer(let item):
      Scalar.outerProduct(
        rows: rows, left: pointer(item.left, first), leftStride: item.left.rowStride, leftCount: item.left.count,
        right: pointer(item.right, first), rightStride: item.right.rowStride, rightCount: item.right.count,
        result: storage + item.result, resultStride: item.resultStride, accumulate: true)
    case .columnSum(let item):
      Scalar.columnSums(
        rows: rows, count: item.source.count, source: pointer(item.source, first), stride: item.source.rowStride,
        result: storage + item.result, accumulate: true)
    case .reduce(let reduction, let source, let result):
      Scalar.reduceRows(
        reduction, rows: rows, columns: source.count, source: pointer(source, first), stride: source.rowStride,
        result: pointer(result, first), resultStride: result.rowStride)
    case .other(let index):
      for slot in slot..<slot + count { run(jobs.others[index], slot: plan.past + slot, time: firstTime + slot) }
    }
  }

  /// What is done slot by slot.
  @inline(never)
  private func run(_ item: PlanItem, slot: Int, time: Int) {
    switch item {
    case .plain(let instruction): run([instruction], slot: slot, time: time)
    case .time(let place):
      let row = pointer(place, slot)
      for sequence in 0..<plan.batch { row[sequence * place.rowStride] = Scalar(time) }
    case .clamp(let item): run(item, slot: slot, time: time)
    case .product, .tape, .outer, .columnSum, .reduce: break
    }
  }

  @inline(__always)
  private func pointer(_ slice: Slice, _ slot: Int) -> UnsafeMutablePointer<Scalar> {
    storage + slice.base + slot * slice.timeStride
  }

  private func run(_ item: ClampItem, slot: Int, time: Int) {
    for sequence in 0..<plan.batch {
      let row = pointer(item.result, slot) + sequence * item.result.rowStride
      row.update(from: pointer(item.source, slot) + sequence * item.source.rowStride, count: item.result.count)
      for part in item.parts {
        for clamp in clamps where clamp.symbol == part.symbol && clamp.times.contains(time) {
          for index in 0..<part.count {
            let value = clamp.values.count == 1 ? clamp.values[0] : clamp.values[index % max(clamp.values.count, 1)]
            row[part.offset + index] = Scalar(value)
          }
        }
      }
    }
  }

  private func run(_ instructions: [Instruction], slot: Int, time: Int) {
    wholeScratch.withUnsafeMutableBufferPointer { scratch in
      Executor.run(instructions, storage: storage, scratch: scratch, slot: slot, time: time, batch: plan.batch)
    }
  }
}
