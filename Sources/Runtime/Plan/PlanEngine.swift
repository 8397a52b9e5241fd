import Algebra
import Kernels

/// A plan as an engine.
final class PlanEngine<Scalar: KernelScalar>: Engine {
  private let executor: PlanExecutor<Scalar>
  /// Where each symbol of the store lies in the window; nil for what does not.
  private let slices: [Slice?]

  /// - Parameter kept: the symbols whose values are read afterwards; nil for all.
  init(
    _ recurrence: Recurrence, shapes: ShapeSolution, batch: Int, capacity: Int, kept: Set<SymbolID>? = nil,
    clamped: Set<SymbolID> = [], machine: PlanMachine = PlanMachine(Scalar.self)
  ) throws {
    let plan = try Plan(
      recurrence, shapes: shapes, batch: batch, slots: capacity, kept: kept, clamped: clamped, machine: machine)
    executor = try PlanExecutor(plan)
    var slices = [Slice?](repeating: nil, count: recurrence.store.symbols.count)
    for (symbol, location) in plan.locations { slices[Int(symbol.index)] = location.slice }
    self.slices = slices
  }

  private var plan: Plan { executor.plan }
  var threads: Int {
    get { executor.threads }
    set { if newValue != executor.threads { executor.threads = newValue } }
  }
  var batch: Int { plan.batch }
  var capacity: Int { plan.slots }
  var past: Int { plan.past }
  var future: Int { plan.future }

  private func slice(_ symbol: SymbolID) -> Slice? {
    slices.indices.contains(Int(symbol.index)) ? slices[Int(symbol.index)] : nil
  }

  func keeps(_ symbol: SymbolID) -> Bool { slice(symbol) != nil }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func setParameters(_ values: [SymbolID: [Double]]) {
    for (symbol, numbers) in values {
      guard let place = plan.parameters[symbol], place.count == numbers.count else { continue }
      numbers.withUnsafeBufferPointer { numbers in
        if let source = numbers.baseAddress {
          PlanEngine.copy(source, into: executor.storage + place.base, numbers.count)
        }
      }
    }
    executor.update()
  }

  func start(_ symbol: SymbolID, time: Int) -> [Double]? {
    guard let start = plan.starts.last(where: { $0.symbol == symbol && $0.time == time }),
      let count = slice(symbol)?.count
    else { return nil }
    let place = start.value
    if place.count == 1 { return [Double](repeating: Double(executor.storage[place.base]), count: count) }
    return (0..<count).map { index in
      let (row, column) = (index / max(place.columns, 1), index % max(place.columns, 1))
      return Double(executor.storage[place.base + row * place.rowStride + column * place.columnStride])
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func derived(_ symbol: SymbolID) -> [Double] {
    guard let place = plan.parameters[symbol] else { return [] }
    let start = executor.storage + place.base
    return [Double](unsafeUninitializedCapacity: place.count) { target, initialized in
      if let target = target.baseAddress { PlanEngine.copy(start, into: target, place.count) }
      initialized = place.count
    }
  }

  // MARK: The window

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func write(_ symbol: SymbolID, slot: Int, _ values: ArraySlice<Double>) {
    var (place, slot, room) = (slice(symbol), slot, past + capacity + future - slot)
    if slot > past, let future = plan.futures[symbol] { (place, slot, room) = (future, 0, self.future) }
    guard let slice = place, slice.count > 0, slot >= 0 else { return }
    let rows = values.count / slice.count
    guard rows <= room * batch else { return }
    let start = executor.storage + slice.base + slot * slice.timeStride
    values.withUnsafeBufferPointer { values in
      guard let source = values.baseAddress else { return }
      if slice.rowStride == slice.count { return PlanEngine.copy(source, into: start, rows * slice.count) }
      for row in 0..<rows {
        PlanEngine.copy(source + row * slice.count, into: start + row * slice.rowStride, slice.count)
      }
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func read(_ symbol: SymbolID, slots: Range<Int>, into result: inout [Double]) {
    var (place, first) = (slice(symbol), slots.lowerBound)
    // A run leaves there what it computed for its first times: what the run before these reads.
    if slots == past..<past + future, let future = plan.futures[symbol] { (place, first) = (future, 0) }
    guard let slice = place else { return }
    let start = executor.storage + slice.base + first * slice.timeStride
    let rows = slots.count * batch
    result += [Double](unsafeUninitializedCapacity: rows * slice.count) { target, initialized in
      if let target = target.baseAddress {
        for row in 0..<rows {
          PlanEngine.copy(start + row * slice.rowStride, into: target + row * slice.count, slice.count)
        }
      }
      initialized = rows * slice.count
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func append(_ symbol: SymbolID, slots: Range<Int>, to numbers: inout Numbers) {
    guard let slice = slice(symbol) else { return }
    let start = executor.storage + slice.base + slots.lowerBound * slice.timeStride
    let isWhole = slice.rowStride == slice.count
    let rows = isWhole ? 1 : slots.count * batch
    let count = isWhole ? slots.count * batch * slice.count : slice.count
    for row in 0..<rows {
      let source = UnsafeBufferPointer(start: start + row * slice.rowStride, count: count)
      if Scalar.self == Float.self {
        numbers.append(UnsafeRawBufferPointer(source).assumingMemoryBound(to: Float.self))
      } else {
        numbers.append(UnsafeRawBufferPointer(source).assumingMemoryBound(to: Double.self))
      }
    }
  }

  /// To the plan's type.
  @inline(__always)
  private static func copy(_ source: UnsafePointer<Double>, into target: UnsafeMutablePointer<Scalar>, _ count: Int) {
    let target = UnsafeMutableRawPointer(target)
    if Scalar.self == Float.self {
      Conversion.convert(source, into: target.assumingMemoryBound(to: Float.self), count: count)
    } else {
      target.assumingMemoryBound(to: Double.self).update(from: source, count: count)
    }
  }

  /// From the plan's type.
  @inline(__always)
  private static func copy(_ source: UnsafePointer<Scalar>, into target: UnsafeMutablePointer<Double>, _ count: Int) {
    let source = UnsafeRawPointer(source)
    if Scalar.self == Float.self {
      Conversion.convert(source.assumingMemoryBound(to: Float.self), into: target, count: count)
    } else {
      target.update(from: source.assumingMemoryBound(to: Double.self), count: count)
    }
  }

  // MARK: Running

  func run(
    steps: Int, firstTime: Int, clamps: [Clamp], keepsFuture: Bool, isInterrupted: () -> Bool
  ) -> Bool {
    guard steps > 0, steps <= capacity else { return true }
    if !keepsFuture, future > 0 { executor.clearFuture(steps: steps) }
    return executor.run(steps: steps, firstTime: firstTime, clamps: clamps, isInterrupted: isInterrupted)
  }

  func advance(steps: Int) { executor.advance(steps: steps) }
}
