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
  let isBackward: Bool
  let isChunked: Bool
  /// Some of it adds up over all times.
  let hasSums: Bool

  init(_ group: Plan.Group, of plan: Plan, in storage: UnsafeMutablePointer<Scalar>) {
    phases = group.phases.map { PlanJobs($0, of: plan, in: storage) }
    isBackward = group.isBackward
    isChunked = group.isChunked
    hasSums = phases.contains { $0.sections.contains { $0.split == .entries } }
  }
}

/// Room in which a part computes.
final class PlanLane<Scalar: KernelScalar> {
  /// For the temporaries of a tape.
  let scratch: UnsafeMutablePointer<Scalar>
  let wholeScratch: UnsafeMutableBufferPointer<Double>
  private let memory: UnsafeMutableRawPointer

  init(_ plan: Plan) {
    let count = Scalar.tapeScratchCount(slots: plan.tapeSlots + 1)
    memory = .allocate(byteCount: count * MemoryLayout<Scalar>.stride, alignment: 64)
    scratch = memory.bindMemory(to: Scalar.self, capacity: count)
    scratch.initialize(repeating: 0, count: count)
    wholeScratch = .allocate(capacity: max(plan.scratchSize, 1))
    wholeScratch.initialize(repeating: 0)
  }

  deinit {
    memory.deallocate()
    wholeScratch.deallocate()
  }
}
