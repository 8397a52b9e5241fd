import Algebra
import Kernels

/// A plan as an engine.
final class PlanEngine<Scalar: KernelScalar>: Engine {
  private let executor: PlanExecutor<Scalar>
  private let counts: [SymbolID: Int]

  /// - Parameter kept: the symbols whose values are read afterwards; nil for all.
  init(
    _ recurrence: Recurrence, shapes: ShapeSolution, batch: Int, capacity: Int, kept: Set<SymbolID>? = nil,
    clamped: Set<SymbolID> = []
  ) throws {
    let plan = try Plan(
      recurrence, shapes: shapes, batch: batch, slots: capacity, kept: kept, clamped: clamped,
      panelWidth: Scalar.panelWidth,
      bytesOfNumber: MemoryLayout<Scalar>.stride)
    executor = try PlanExecutor(plan)
    counts = plan.locations.mapValues(\.slice.count)
  }

  private var plan: Plan { executor.plan }
  var batch: Int { plan.batch }
  var capacity: Int { plan.slots }
  var past: Int { plan.past }
  var future: Int { plan.future }

  func keeps(_ symbol: SymbolID) -> Bool { plan.locations[symbol] != nil }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func setParameters(_ values: [SymbolID: [Double]]) {
    for (symbol, numbers) in values {
      guard let place = plan.parameters[symbol], place.count == numbers.count else { continue }
      let start = executor.storage + place.base
      for (index, number) in numbers.enumerated() { start[index] = Scalar(number) }
    }
    executor.update()
  }

  func start(_ symbol: SymbolID, time: Int) -> [Double]? {
    guard let start = plan.starts.last(where: { $0.symbol == symbol && $0.time == time }),
      let count = counts[symbol]
    else { return nil }
    let place = start.value
    if place.count == 1 { return [Double](repeating: Double(executor.storage[place.base]), count: count) }
    return (0..<count).map { index in
      let (row, column) = (index / max(place.columns, 1), index % max(place.columns, 1))
      return Double(executor.storage[place.base + row * place.rowStride + column * place.columnStride])
    }
  }

  func derived(_ symbol: SymbolID) -> [Double] {
    guard let place = plan.parameters[symbol] else { return [] }
    return (0..<place.count).map { Double(executor.storage[place.base + $0]) }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func write(_ symbol: SymbolID, slot: Int, _ values: ArraySlice<Double>) {
    guard let slice = plan.locations[symbol]?.slice, slice.count > 0, slot >= 0 else { return }
    let rows = values.count / slice.count
    guard rows <= (plan.past + plan.slots + plan.future - slot) * batch else { return }
    let start = executor.storage + slice.base + slot * slice.timeStride
    values.withUnsafeBufferPointer { values in
      for row in 0..<rows {
        for column in 0..<slice.count {
          start[row * slice.rowStride + column] = Scalar(values[row * slice.count + column])
        }
      }
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func read(_ symbol: SymbolID, slots: Range<Int>, into result: inout [Double]) {
    guard let slice = plan.locations[symbol]?.slice else { return }
    let start = executor.storage + slice.base + slots.lowerBound * slice.timeStride
    for row in 0..<slots.count * batch {
      for column in 0..<slice.count { result.append(Double(start[row * slice.rowStride + column])) }
    }
  }

  func run(
    steps: Int, firstTime: Int, clamps: [Clamp], keepsFuture: Bool, isInterrupted: () -> Bool
  ) -> Bool {
    guard steps > 0, steps <= capacity else { return true }
    if !keepsFuture { executor.clearFuture(steps: steps) }
    return executor.run(steps: steps, firstTime: firstTime, clamps: clamps, isInterrupted: isInterrupted)
  }

  func advance(steps: Int) { executor.advance(steps: steps) }
}
