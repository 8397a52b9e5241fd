import Algebra
import Kernels

/// One job, for some rows of a slot or of several.
extension PlanExecutor {
  /// Does a job for some of the rows from `slot` on: the sequences of that time, then those of the next.
  @inline(__always)
  func run(
    _ job: PlanJob<Scalar>, of jobs: PlanJobs<Scalar>, _ slot: Int, _ rows: Range<Int>, _ firstTime: Int,
    _ lane: PlanLane<Scalar>
  ) {
    let first = plan.past + slot
    let row = rows.lowerBound
    switch job {
    case .product(let item):
      let start: ProductStart<Scalar> =
        switch item.start {
        case .zero: .zero
        case .accumulate: .accumulate
        case .row(let base): .row(storage + base)
        }
      if item.isTiled {
        Scalar.tiledProduct(
          rows: rows.count, inner: item.left.count, outer: item.result.count, left: pointer(item.left, first, row),
          leftStride: item.left.rowStride, tiles: storage + item.packed, result: pointer(item.result, first, row),
          resultStride: item.result.rowStride, start: start, room: lane.room)
      } else {
        Scalar.product(
          rows: rows.count, inner: item.left.count, outer: item.result.count, left: pointer(item.left, first, row),
          leftStride: item.left.rowStride, packed: storage + item.packed, result: pointer(item.result, first, row),
          resultStride: item.result.rowStride, start: start)
      }
    case .tape(let tape):
      Scalar.runTape(
        tape.instructions, tape.operands, functions: functions, scratch: lane.scratch, time: first, row: row,
        rows: rows.count, columns: tape.columns)
    case .reduce(let reduction, let source, let result):
      Scalar.reduceRows(
        reduction, rows: rows.count, columns: source.count, source: pointer(source, first, row),
        stride: source.rowStride, result: pointer(result, first, row), resultStride: result.rowStride)
    case .row(let index):
      for row in rows { runRow(jobs.items[index], first, row, time: firstTime + slot + row / plan.batch) }
    case .slot(let index): runSlot(jobs.items[index], slot: slot, firstTime)
    case .outer, .columnSum: break
    }
  }

  @inline(__always)
  func pointer(_ slice: Slice, _ slot: Int, _ row: Int) -> UnsafeMutablePointer<Scalar> {
    storage + slice.base + slot * slice.timeStride + row * slice.rowStride
  }

  @inline(never)
  func runRow(_ item: PlanItem, _ slot: Int, _ row: Int, time: Int) {
    switch item {
    case .time(let place): pointer(place, slot, row).pointee = Scalar(time)
    case .clamp(let item):
      let target = pointer(item.result, slot, row)
      target.update(from: pointer(item.source, slot, row), count: item.result.count)
      for part in item.parts {
        for clamp in clamps where clamp.symbol == part.symbol && clamp.times.contains(time) {
          for index in 0..<part.count {
            let value = clamp.values.count == 1 ? clamp.values[0] : clamp.values[index % max(clamp.values.count, 1)]
            target[part.offset + index] = Scalar(value)
          }
        }
      }
    default: break
    }
  }

  @inline(never)
  func runSlot(_ item: PlanItem, slot: Int, _ firstTime: Int) {
    if case .plain(let instruction) = item { run([instruction], slot: plan.past + slot, time: firstTime + slot) }
  }

  func run(_ instructions: [Instruction], slot: Int, time: Int) {
    Executor.run(
      instructions, storage: storage, scratch: lanes[0].wholeScratch, slot: slot, time: time, batch: plan.batch)
  }
}
