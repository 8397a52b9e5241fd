import Kernels

/// An item of a phase as it is run: numbers and addresses, nothing that is counted.
enum PlanJob {
  case product(ProductItem)
  case tape(TapeJob)
  case outer(OuterItem)
  case columnSum(ColumnSumItem)
  case reduce(RowReduction, source: Slice, result: Slice)
  /// Whatever is done row by row: the index of the item.
  case row(Int)
  /// Whatever is done slot by slot.
  case slot(Int)
}

/// A tape, its operands still without addresses.
struct TapeJob {
  struct Place {
    var base = 0
    var timeStride = 0
    var rowStride = 0
    var columnStride = 1
    /// Of a temporary; -1 for memory.
    var slot = -1
  }

  var instructions: UnsafeBufferPointer<TapeInstruction>
  var places: UnsafeBufferPointer<Place>
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
final class PlanJobs {
  let isLoop: Bool
  let isBackward: Bool
  /// Vector operations of one row, roughly.
  let work: Double
  private(set) var all = UnsafeBufferPointer<PlanJob>(start: nil, count: 0)
  private(set) var sections: [PlanSection] = []
  /// The items as the plan has them, for those that are done row by row or slot by slot.
  let items: [PlanItem]
  private(set) var mostOperands = 0
  private var buffers: [UnsafeMutableRawBufferPointer] = []

  init(_ phase: Plan.Phase, of plan: Plan) {
    items = phase.items
    isLoop = phase.isLoop
    isBackward = phase.isBackward
    work = phase.work
    let jobs: [PlanJob] = items.enumerated().map { index, item in
      switch item {
      case .product(let item): .product(item)
      case .outer(let item): .outer(item)
      case .columnSum(let item): .columnSum(item)
      case .reduce(let reduction, let source, let result): .reduce(reduction, source: source, result: result)
      case .tape(let tape): .tape(job(tape))
      case .time, .clamp: .row(index)
      case .plain: .slot(index)
      }
    }
    all = laid(jobs)
    sections = PlanSections(isLoop: isLoop, items, plan).all
  }

  deinit { for buffer in buffers { buffer.deallocate() } }

  private func job(_ tape: TapeItem) -> TapeJob {
    mostOperands = max(mostOperands, tape.operands.count)
    let places = tape.operands.map { operand in
      switch operand {
      case .temporary(let slot): TapeJob.Place(slot: slot)
      case .memory(let slice, let stride):
        TapeJob.Place(
          base: slice.base, timeStride: slice.timeStride, rowStride: slice.rowStride, columnStride: stride)
      }
    }
    return TapeJob(instructions: laid(tape.instructions), places: laid(places), columns: tape.columns)
  }

  private func laid<Element>(_ elements: [Element]) -> UnsafeBufferPointer<Element> {
    let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
    _ = buffer.initialize(fromContentsOf: elements)
    buffers.append(UnsafeMutableRawBufferPointer(buffer))
    return UnsafeBufferPointer(buffer)
  }
}
