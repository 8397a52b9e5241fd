/// A point at which two expressions differ, as small as can be found.
public struct Counterexample: Sendable {
  /// How parameters and inputs are filled.
  public enum Fill: Sendable, CaseIterable {
    case ones
    /// 0.1, −0.2, 0.3, …, in the order in which they are listed.
    case alternating
    case random
  }

  /// By name, of those that are set or open.
  public var widths: [(name: String, value: Int)]
  /// The width that all have.
  public var width: Int?
  public var fill: Fill
  public var time: Int
  /// The entry that differs most, from 1; nil if there is only one.
  public var entry: (row: Int, column: Int)?
  public var right: Double
  public var answer: Double
}

extension Counterexample {
  /// The numbers of a fill, one after another.
  static func draws(_ fill: Fill) -> () -> BoundedNumbers.Number {
    let numbers = BoundedNumbers()
    let draws = Box((count: 0, stream: RandomStream(seed: 5)))
    return {
      let count = draws.value.count
      draws.value.count = count + 1
      switch fill {
      case .ones: return numbers.one
      case .alternating: return numbers.exact(Double(count % 9 + 1) * (count % 2 == 0 ? 0.1 : -0.1))
      case .random: return numbers.exact(draws.value.stream.uniform(-0.9, 0.9))
      }
    }
  }
}

extension Judge {
  /// The smallest point that shows that two expressions differ: first width 1 with every parameter and input 1 at
  /// t = 2, then width 2, and numbers that are not alike.
  public func counterexample(right: NodeID, answer: NodeID) throws -> Counterexample? {
    cover([right, answer])
    let points: [(width: Int, fill: Counterexample.Fill, later: Int)] = [
      (1, .ones, 0), (1, .alternating, 0), (1, .ones, 1), (1, .ones, 2), (2, .ones, 0), (2, .alternating, 0),
      (2, .alternating, 2), (3, .random, 2),
    ]
    for point in points {
      guard let shapes = try Judge.smallShapes(recurrence, sets: [[point.width]]).first else { continue }
      if let found = try counterexample(right, answer, shapes: shapes, point) { return found }
    }
    return nil
  }

  private func counterexample(
    _ right: NodeID, _ answer: NodeID, shapes: ShapeSolution,
    _ wanted: (width: Int, fill: Counterexample.Fill, later: Int)
  ) throws -> Counterexample? {
    let numbers = BoundedNumbers()
    let time = max(2, firstTime) + wanted.later
    let point = try JudgePoint(
      recurrence, shapes: shapes, numbers: numbers, equations: equations, time: time, end: time + lastTime,
      starts: .declared, draw: Counterexample.draws(wanted.fill))
    let a = try point.value(right)
    let b = try point.value(answer)
    let left = a.combined(b) { a, _ in a.value }
    let other = a.combined(b) { _, b in b.value }
    let gaps = a.combined(b) { a, b -> Double in
      let gap = abs(a.value - b.value)
      return gap.isFinite && gap > 1000 * (a.bound + b.bound) ? gap / max(abs(a.value), abs(b.value)) : 0
    }
    // What is shown has five digits.
    guard let worst = gaps.values.indices.max(by: { gaps.values[$0] < gaps.values[$1] }), gaps.values[worst] > 1e-4
    else { return nil }
    let open = recurrence.shapes.openWidths
    let sides = Set(shapes.symbols.values.filter { $0.rank == 1 }.flatMap { $0.dimensions.compactMap(\.number) })
    return Counterexample(
      widths: recurrence.widths + open.map { name in (name, widthNumber(name, shapes)) },
      width: sides.count <= 1 ? sides.first ?? wanted.width : nil,
      fill: wanted.fill, time: time,
      entry: gaps.values.count == 1 ? nil : (worst / gaps.columns + 1, worst % gaps.columns + 1),
      right: left.values[worst], answer: other.values[worst])
  }

  private func widthNumber(_ name: String, _ shapes: ShapeSolution) -> Int {
    guard let symbol = recurrence.store.symbol(named: name) else { return 1 }
    return shapes.symbols[symbol]?.dimensions.first?.number ?? 1
  }
}
