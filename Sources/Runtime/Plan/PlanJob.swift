import Kernels

/// An item of a phase as it is run: numbers and addresses, nothing that is counted.
enum PlanJob<Scalar: KernelScalar> {
  case product(ProductItem)
  case tape(TapeJob<Scalar>)
  case outer(OuterItem)
  case columnSum(ColumnSumItem)
  case reduce(RowReduction, source: Slice, result: Slice)
  /// Whatever is done row by row: the index of the item.
  case row(Int)
  /// Whatever is done slot by slot.
  case slot(Int)
}

extension PlanJob {
  /// Moves what has room for a chunk only; a tape's operands have a list of their own.
  mutating func move(by slots: Int) {
    switch self {
    case .product(var item):
      item.left.move(by: slots)
      item.result.move(by: slots)
      self = .product(item)
    case .outer(var item):
      item.left.move(by: slots)
      item.right.move(by: slots)
      self = .outer(item)
    case .columnSum(var item):
      item.source.move(by: slots)
      self = .columnSum(item)
    case .reduce(let reduction, var source, var result):
      source.move(by: slots)
      result.move(by: slots)
      self = .reduce(reduction, source: source, result: result)
    case .tape, .row, .slot: break
    }
  }
}

extension Slice {
  fileprivate mutating func move(by slots: Int) {
    if isOfChunk { base += slots * timeStride }
  }
}

/// A tape, with the addresses of its operands at slot 0.
struct TapeJob<Scalar: KernelScalar> {
  var instructions: UnsafeBufferPointer<TapeInstruction>
  var operands: UnsafeBufferPointer<TapeOperand<Scalar>>
  var columns: Int
}

/// Consecutive jobs of a phase that can be shared: each part does them in turn, whatever the others are at.
struct PlanSection {
  enum Split {
    /// By rows: of a loop by sequences, else by sequences and times.
    case rows
    /// One sum over rows, by its entries.
    case entries
    case none
  }

  var jobs: Range<Int>
  var split: Split
}

/// The jobs of a phase, and the memory in which they lie.
final class PlanJobs<Scalar: KernelScalar> {
  let isLoop: Bool
  let isBackward: Bool
  /// Vector operations of one row, roughly.
  let work: Double
  private(set) var all = UnsafeMutableBufferPointer<PlanJob<Scalar>>(start: nil, count: 0)
  private(set) var sections: [PlanSection] = []
  /// The items as the plan has them, for those that are done row by row or slot by slot.
  let items: [PlanItem]
  private var buffers: [UnsafeMutableRawBufferPointer] = []
  /// The slot at which what has room for a chunk only begins.
  private var firstSlot = 0
  private var moving: [UnsafeMutablePointer<TapeOperand<Scalar>>] = []

  init(_ phase: Plan.Phase, of plan: Plan, in storage: UnsafeMutablePointer<Scalar>) {
    items = phase.items
    isLoop = phase.isLoop
    isBackward = phase.isBackward
    work = phase.work
    let jobs: [PlanJob<Scalar>] = items.enumerated().map { index, item in
      switch item {
      case .product(let item): .product(item)
      case .outer(let item): .outer(item)
      case .columnSum(let item): .columnSum(item)
      case .reduce(let reduction, let source, let result): .reduce(reduction, source: source, result: result)
      case .tape(let tape): .tape(job(tape, storage))
      case .time, .clamp: .row(index)
      case .plain: .slot(index)
      }
    }
    all = laid(jobs)
    sections = PlanSections(isLoop: isLoop, items, plan).all
  }

  /// Moves what has room for a chunk only to the times from `firstSlot` on.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func move(firstSlot: Int) {
    let slots = self.firstSlot - firstSlot
    guard slots != 0 else { return }
    self.firstSlot = firstSlot
    for index in all.indices { all[index].move(by: slots) }
    for operand in moving { operand.pointee.pointer? += slots * operand.pointee.timeStride }
  }

  deinit { for buffer in buffers { buffer.deallocate() } }

  private func job(_ tape: TapeItem, _ storage: UnsafeMutablePointer<Scalar>) -> TapeJob<Scalar> {
    let operands = tape.operands.map { operand -> TapeOperand<Scalar> in
      switch operand {
      case .temporary(let slot): .temporary(slot)
      case .memory(let slice, let stride):
        .memory(
          storage + slice.base, rowStride: slice.rowStride, columnStride: stride, timeStride: slice.timeStride)
      }
    }
    let own = laid(operands)
    for (index, operand) in tape.operands.enumerated() {
      guard case .memory(let slice, _) = operand, slice.isOfChunk, let base = own.baseAddress else { continue }
      moving.append(base + index)
    }
    return TapeJob(
      instructions: UnsafeBufferPointer(laid(tape.instructions)), operands: UnsafeBufferPointer(own),
      columns: tape.columns)
  }

  private func laid<Element>(_ elements: [Element]) -> UnsafeMutableBufferPointer<Element> {
    let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
    _ = buffer.initialize(fromContentsOf: elements)
    buffers.append(UnsafeMutableRawBufferPointer(buffer))
    return buffer
  }
}
