import Kernels

/// An item of a phase as it is run: numbers and addresses, nothing that is counted.
enum PlanJob {
  case product(ProductItem)
  case tape(TapeJob)
  case outer(OuterItem)
  case columnSum(ColumnSumItem)
  case reduce(RowReduction, source: Slice, result: Slice)
  /// Whatever is done slot by slot: the index of the item.
  case other(Int)
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

/// The jobs of a phase, and the memory in which they lie.
final class PlanJobs {
  private(set) var all: [PlanJob] = []
  /// The items as the plan has them, for those that are done slot by slot.
  let others: [PlanItem]
  private(set) var mostOperands = 0
  private var buffers: [UnsafeMutableRawBufferPointer] = []

  init(_ items: [PlanItem]) {
    others = items
    all = items.enumerated().map { index, item in
      switch item {
      case .product(let item): .product(item)
      case .outer(let item): .outer(item)
      case .columnSum(let item): .columnSum(item)
      case .reduce(let reduction, let source, let result): .reduce(reduction, source: source, result: result)
      case .tape(let tape): .tape(job(tape))
      case .plain, .time, .clamp: .other(index)
      }
    }
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
