import Algebra
import Glibc
import Kernels
import Synchronization

/// Runs a plan over a storage of numbers.
///
/// What a step does is laid out beforehand as plain numbers and addresses: nothing is allocated, counted or looked up
/// while it runs.
package final class PlanExecutor<Scalar: KernelScalar> {
  let plan: Plan
  let memory: UnsafeMutableRawPointer
  package let storage: UnsafeMutablePointer<Scalar>
  let groups: [PlanGroupJobs<Scalar>]
  /// In memory of its own: an array would be counted at every tape.
  let functions: UnsafeBufferPointer<@Sendable (Double) -> Double>
  /// Room of each part, of which one is there for each thread.
  var lanes: [PlanLane<Scalar>]
  var clamps: [Clamp] = []
  var workSinceQuestion = 0.0
  /// What the parts are of.
  var shared: (jobs: PlanJobs<Scalar>, section: PlanSection, stretch: PlanStretch, parts: Int)?
  let isStopped = Atomic<Bool>(false)
  /// Threads that may take part. The numbers are the same, however many.
  package var threads = 1 {
    didSet {
      while lanes.count < min(threads, Workers.mostParts) { lanes.append(PlanLane(plan)) }
    }
  }

  /// - Throws: `StorageTooLarge` if there is no memory for it.
  package init(_ plan: Plan) throws {
    self.plan = plan
    let count = (plan.size + 15) / 16 * 16
    // Pages that nothing writes are never there.
    guard let memory = StorageMemory.allocate(bytes: (count + 16) * MemoryLayout<Scalar>.stride) else {
      throw StorageTooLarge(numbers: Double(count))
    }
    self.memory = memory
    let address = Int(bitPattern: memory)
    storage = memory.advanced(by: (64 - address % 64) % 64).assumingMemoryBound(to: Scalar.self)
    let applied = UnsafeMutableBufferPointer<@Sendable (Double) -> Double>.allocate(capacity: plan.functions.count)
    _ = applied.initialize(
      fromContentsOf: plan.functions.map { operation in
        if case .unary(let function) = OperatorTable[operation].meaning { function } else { { $0 } }
      })
    functions = UnsafeBufferPointer(applied)
    let own = storage
    groups = plan.groups.map { PlanGroupJobs($0, of: plan, in: own) }
    lanes = [PlanLane(plan)]
    for constant in plan.constants { storage[constant.base] = Scalar(constant.value) }
  }

  deinit {
    free(memory)
    UnsafeMutableBufferPointer(mutating: functions).deinitialize().deallocate()
  }

  // MARK: Parameters

  /// Computes what depends on parameters alone, and packs weights.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func update() {
    run(plan.update, slot: 0, time: 0)
    for matrix in plan.packs { pack(matrix) }
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

  /// Writes `[time][sequence][width]`, from one of its times on, from the first step on.
  @_specialize(where Scalar == Float)
  package func write(_ values: [Scalar], from time: Int = 0, to place: Slice) {
    let start = storage + place.base + plan.past * place.timeStride
    let all = values.count / max(place.count, 1)
    let rows = min(all - time * plan.batch, plan.slots * plan.batch)
    values.withUnsafeBufferPointer { values in
      guard rows > 0, let base = values.baseAddress else { return }
      let source = base + time * plan.batch * place.count
      if place.rowStride == place.count { return start.update(from: source, count: rows * place.count) }
      for row in 0..<rows {
        (start + row * place.rowStride).update(from: source + row * place.count, count: place.count)
      }
    }
  }

  /// Reads `[time][sequence][width]` of the first steps, into one of its times and on.
  @_specialize(where Scalar == Float)
  package func read(_ place: Slice, steps: Int, into values: inout [Scalar], from time: Int = 0) {
    let start = storage + place.base + plan.past * place.timeStride
    let all = values.count / max(place.count, 1)
    let rows = min(all - time * plan.batch, min(steps, plan.slots) * plan.batch)
    values.withUnsafeMutableBufferPointer { values in
      guard rows > 0, let base = values.baseAddress else { return }
      let target = base + time * plan.batch * place.count
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
    isStopped.store(false, ordering: .relaxed)
    for total in plan.totals { (storage + total.lowerBound).update(repeating: 0, count: total.count) }
    for group in groups {
      let chunk = group.chunk(steps: steps, threads: threads)
      let count = (steps + chunk - 1) / chunk
      for turn in 0..<count {
        let number = group.isBackward ? count - 1 - turn : turn
        let stretch = PlanStretch(slots: number * chunk..<min(steps, (number + 1) * chunk), firstTime: firstTime)
        group.begin(stretch.slots)
        for jobs in group.phases {
          for section in jobs.sections {
            guard run(jobs, section, stretch, isInterrupted) else { return false }
          }
        }
        group.end(stretch.slots)
      }
    }
    if !plan.finish.isEmpty { run(plan.finish, slot: 0, time: 0) }
    return true
  }

  /// What is read before the start is 0.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func clearPast() {
    for window in plan.windows {
      (storage + window.base).update(repeating: 0, count: plan.past * window.timeStride)
    }
  }

  /// What is read beyond the end is 0.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func clearFuture(steps: Int) {
    for window in plan.windows {
      (storage + window.base + (plan.past + steps) * window.timeStride)
        .update(repeating: 0, count: plan.future * window.timeStride)
    }
    for group in groups { group.clearFuture() }
  }

  /// Moves the last `past` slots of a run to the front, for the run that goes on from there.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func advance(steps: Int) {
    for window in plan.windows where window.hasPast {
      let start = storage + window.base
      start.update(from: start + steps * window.timeStride, count: plan.past * window.timeStride)
    }
  }

  /// About a millisecond, in vector operations.
  static var workBetweenQuestions: Double { 2_000_000 }
  /// Of one product: some milliseconds, as it does more in the time than other jobs. Every piece reads all weights.
  static var workOfPiece: Double { 64_000_000 }
  /// What is less is done before another thread has begun.
  static var workWorthSharing: Double { 100_000 }
  /// What is less is done before another thread is awake.
  static var workWorthWaking: Double { 1_000_000 }
  /// Sequences of a loop that a part has at least: fewer read the weights for too little.
  static var leastSequences: Int { 4 }
  static var leastRows: Int { 24 }

  func run(
    _ jobs: PlanJobs<Scalar>, _ section: PlanSection, _ stretch: PlanStretch, _ isInterrupted: () -> Bool
  ) -> Bool {
    let parts = parts(of: jobs, section, stretch)
    if parts == 1 {
      run(part: 0, of: 1, jobs, section, stretch, isInterrupted)
    } else {
      shared = (jobs, section, stretch, parts)
      Workers.shared.share(
        parts: parts, of: self,
        whileWaiting: { if isInterrupted() { isStopped.store(true, ordering: .relaxed) } },
        own: { run(part: $0, of: parts, jobs, section, stretch, isInterrupted) })
      shared = nil
    }
    return !isStopped.load(ordering: .relaxed)
  }

  func parts(of jobs: PlanJobs<Scalar>, _ section: PlanSection, _ stretch: PlanStretch) -> Int {
    guard threads > 1, section.split != .none else { return 1 }
    let rows = stretch.slots.count * plan.batch
    let least = Workers.shared.areAwake ? PlanExecutor.workWorthSharing : PlanExecutor.workWorthWaking
    guard jobs.work * Double(rows) > least else { return 1 }
    let most =
      switch section.split {
      case .rows: jobs.isLoop ? plan.batch / PlanExecutor.leastSequences : rows / PlanExecutor.leastRows
      case .entries, .none: threads
      }
    return max(1, min(threads, lanes.count, most))
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func run(
    part: Int, of parts: Int, _ jobs: PlanJobs<Scalar>, _ section: PlanSection, _ stretch: PlanStretch,
    _ isInterrupted: () -> Bool
  ) {
    if jobs.isLoop {
      runLoop(part: part, of: parts, jobs, stretch, isInterrupted)
    } else if section.split == .entries {
      runSum(part: part, of: parts, jobs, section, stretch, isInterrupted)
    } else {
      runRows(part: part, of: parts, jobs, section, stretch, isInterrupted)
    }
  }

  /// A loop's steps, of some of the sequences.
  @inline(__always)
  func runLoop(
    part: Int, of parts: Int, _ jobs: PlanJobs<Scalar>, _ stretch: PlanStretch, _ isInterrupted: () -> Bool
  ) {
    let sequences = PlanStretch.share(part, of: parts, plan.batch)
    let work = jobs.work * Double(sequences.count)
    let slots = stretch.slots
    let lane = lanes[part]
    // Runs of a few steps add up to a question too.
    var workSinceQuestion = part == 0 ? self.workSinceQuestion : 0
    for step in 0..<slots.count {
      let offset = jobs.isBackward ? slots.upperBound - 1 - step : slots.lowerBound + step
      for job in jobs.all { run(job, of: jobs, offset, sequences, stretch.firstTime, lane) }
      workSinceQuestion += work
      if workSinceQuestion > PlanExecutor.workBetweenQuestions {
        workSinceQuestion = 0
        guard goesOn(isInterrupted) else { return }
      }
    }
    if part == 0 { self.workSinceQuestion = workSinceQuestion }
  }

  /// Some of the rows of all times.
  @inline(__always)
  func runRows(
    part: Int, of parts: Int, _ jobs: PlanJobs<Scalar>, _ section: PlanSection, _ stretch: PlanStretch,
    _ isInterrupted: () -> Bool
  ) {
    let rows = PlanStretch.share(part, of: parts, stretch.slots.count * plan.batch)
    let lane = lanes[part]
    for index in section.jobs {
      if case .slot(let item) = jobs.all[index] {
        for slot in stretch.slots {
          runSlot(jobs.items[item], slot: slot, stretch.firstTime)
          guard addWork(jobs.work * Double(plan.batch), isInterrupted) else { return }
        }
        continue
      }
      // A job over very many rows is done in pieces, so that it can be interrupted.
      let piece = max(96, Int(PlanExecutor.workOfPiece / max(jobs.work, 1)))
      var first = rows.lowerBound
      while first < rows.upperBound {
        let some = first..<min(first + piece, rows.upperBound)
        run(jobs.all[index], of: jobs, stretch.slots.lowerBound, some, stretch.firstTime, lane)
        first = some.upperBound
        guard parts > 1 ? goesOn(isInterrupted) : addWork(jobs.work * Double(some.count), isInterrupted) else { return }
      }
    }
  }

  func addWork(_ work: Double, _ isInterrupted: () -> Bool) -> Bool {
    workSinceQuestion += work
    guard workSinceQuestion > PlanExecutor.workBetweenQuestions else { return true }
    workSinceQuestion = 0
    return goesOn(isInterrupted)
  }

  /// Whether nobody has asked to stop.
  func goesOn(_ isInterrupted: () -> Bool) -> Bool {
    if isInterrupted() { isStopped.store(true, ordering: .relaxed) }
    return !isStopped.load(ordering: .relaxed)
  }

  /// The entries of a sum of outer products in some columns of its left and its right side.
  @inline(__always)
  private func run(
    _ item: OuterItem, rows: Int, from slot: Int, _ left: Range<Int>, _ right: Range<Int>, _ lane: PlanLane<Scalar>
  ) {
    let (ownLeft, ownRight) = (
      pointer(item.left, slot, 0) + left.lowerBound, pointer(item.right, slot, 0) + right.lowerBound
    )
    let result = storage + item.result + left.lowerBound * item.resultStride + right.lowerBound
    if item.isTiled {
      Scalar.tiledOuterProduct(
        rows: rows, left: ownLeft, leftStride: item.left.rowStride, leftCount: left.count, right: ownRight,
        rightStride: item.right.rowStride, rightCount: right.count, result: result, resultStride: item.resultStride,
        accumulate: true, room: lane.room)
    } else {
      Scalar.outerProduct(
        rows: rows, left: ownLeft, leftStride: item.left.rowStride, leftCount: left.count, right: ownRight,
        rightStride: item.right.rowStride, rightCount: right.count, result: result, resultStride: item.resultStride,
        accumulate: true)
    }
  }

  /// Some of the entries of a sum over all rows.
  @inline(__always)
  func runSum(
    part: Int, of parts: Int, _ jobs: PlanJobs<Scalar>, _ section: PlanSection, _ stretch: PlanStretch,
    _ isInterrupted: () -> Bool
  ) {
    let rows = stretch.slots.count * plan.batch
    let first = plan.past + stretch.slots.lowerBound
    switch jobs.all[section.jobs.lowerBound] {
    case .outer(let item):
      // The longer side of the result is cut, where a panel of either side ends; a large sum is cut further, so that it
      // can be interrupted.
      let cutsLeft = item.left.count >= item.right.count
      let work = Double(item.left.count) * Double(item.right.count) / 8 * Double(rows)
      let pieces = max(1, Int(work / PlanExecutor.workOfPiece / Double(parts)))
      for piece in 0..<pieces {
        let entries = PlanStretch.share(
          part * pieces + piece, of: parts * pieces, cutsLeft ? item.left.count : item.right.count, unit: 48)
        let (left, right) = (cutsLeft ? entries.lowerBound : 0, cutsLeft ? 0 : entries.lowerBound)
        run(
          item, rows: rows, from: first, left..<left + (cutsLeft ? entries.count : item.left.count),
          right..<right + (cutsLeft ? item.right.count : entries.count), lanes[part])
        guard parts > 1 ? goesOn(isInterrupted) : addWork(work / Double(pieces), isInterrupted) else { return }
      }
    case .columnSum(let item):
      let entries = PlanStretch.share(part, of: parts, item.source.count, unit: 32)
      Scalar.columnSums(
        rows: rows, count: entries.count, source: pointer(item.source, first, 0) + entries.lowerBound,
        stride: item.source.rowStride, result: storage + item.result + entries.lowerBound, accumulate: true)
      _ = parts > 1 || addWork(Double(item.source.count) / 8 * Double(rows), isInterrupted)
    default: break
    }
  }
}

extension PlanExecutor: Shareable {
  func doPart(_ part: Int) {
    guard let shared else { return }
    run(part: part, of: shared.parts, shared.jobs, shared.section, shared.stretch, { false })
  }
}
