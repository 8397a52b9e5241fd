import Kernels

/// The slots of a run that phases do in turn.
struct PlanStretch {
  var slots: Range<Int>
  /// Of the whole run.
  var firstTime: Int

  /// A part's share of so many things, in whole units but for the last.
  static func share(_ part: Int, of parts: Int, _ count: Int, unit: Int = 1) -> Range<Int> {
    if parts == 1 { return 0..<count }
    let units = (count + unit - 1) / unit
    return min(units * part / parts * unit, count)..<min(units * (part + 1) / parts * unit, count)
  }
}

/// The phases of a group as they are run.
final class PlanGroupJobs<Scalar: KernelScalar> {
  let phases: [PlanJobs<Scalar>]
  private let group: Plan.Group
  private let future: Int
  private let storage: UnsafeMutablePointer<Scalar>

  init(_ group: Plan.Group, of plan: Plan, in storage: UnsafeMutablePointer<Scalar>) {
    phases = group.phases.map { PlanJobs($0, of: plan, in: storage) }
    self.group = group
    self.storage = storage
    future = plan.future
  }

  var isBackward: Bool { group.isBackward }

  /// Steps that all phases do in turn.
  @inline(__always)
  func chunk(steps: Int, threads: Int) -> Int {
    min(group.hasSums ? group.chunk : min(group.chunk * threads, group.longestChunk), max(steps, 1))
  }

  /// Goes to a chunk of times: what has room for a chunk only has it for these. Backward the last of them always lies
  /// at the end of the room, where what comes after it is read.
  @inline(__always)
  func begin(_ slots: Range<Int>) {
    guard !group.buffers.isEmpty else { return }
    let first = isBackward ? slots.upperBound - group.longestChunk : slots.lowerBound
    for jobs in phases { jobs.move(firstSlot: first) }
  }

  /// What comes after the last time of the chunk that is done next: the first times of this one.
  @inline(__always)
  func end(_ slots: Range<Int>) {
    guard isBackward, future > 0 else { return }
    for buffer in group.buffers where buffer.hasFuture {
      let end = storage + buffer.base + group.longestChunk * buffer.timeStride
      end.update(from: end - slots.count * buffer.timeStride, count: future * buffer.timeStride)
    }
  }

  /// What comes after the last time is 0.
  @inline(__always)
  func clearFuture() {
    for buffer in group.buffers where buffer.hasFuture {
      (storage + buffer.base + group.longestChunk * buffer.timeStride)
        .update(repeating: 0, count: future * buffer.timeStride)
    }
  }
}

/// Room in which a part computes.
final class PlanLane<Scalar: KernelScalar> {
  /// For the temporaries of a tape.
  let scratch: UnsafeMutablePointer<Scalar>
  let wholeScratch: UnsafeMutableBufferPointer<Double>
  /// For the tiles of a product's other side, and for strips of weights on their way into tiles.
  let room: UnsafeMutablePointer<Scalar>
  private let memory: UnsafeMutableRawPointer

  init(_ plan: Plan) {
    let tapeCount = (Scalar.tapeScratchCount(slots: plan.tapeSlots + 1) + 15) / 16 * 16
    let count = tapeCount + PlanLane.roomCount(plan)
    memory = .allocate(byteCount: count * MemoryLayout<Scalar>.stride, alignment: 64)
    scratch = memory.bindMemory(to: Scalar.self, capacity: count)
    scratch.initialize(repeating: 0, count: tapeCount)
    room = scratch + tapeCount
    wholeScratch = .allocate(capacity: max(plan.scratchSize, 1))
    wholeScratch.initialize(repeating: 0)
  }

  private static func roomCount(_ plan: Plan) -> Int {
    var count = 0
    for matrix in plan.packs where matrix.isTiled {
      count = max(count, Scalar.packedCount(inner: matrix.inner, outer: Scalar.tiledStrip))
    }
    for phase in plan.groups.flatMap(\.phases) {
      for item in phase.items {
        switch item {
        case .product(let item) where item.isTiled:
          let rows = phase.isLoop ? plan.batch : plan.batch * plan.slots
          count = max(count, Scalar.tiledProductRoom(rows: rows, inner: item.left.count))
        case .outer(let item) where item.isTiled:
          count = max(
            count, Scalar.tiledOuterProductRoom(rows: plan.batch * plan.slots, rightCount: item.right.count))
        default: break
        }
      }
    }
    return count
  }

  deinit {
    memory.deallocate()
    wholeScratch.deallocate()
  }
}
