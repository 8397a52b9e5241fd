/// A point at which two cells give different outputs: what is called the same in both has the same numbers there.
public struct OutputDifference: Sendable {
  /// Which output of each, and when.
  public var output: Int
  public var time: Int
  public var width: Int
  public var fill: Counterexample.Fill
  public var first: Double
  public var second: Double

  /// The smallest that shows it: first width 1 with every parameter and input 1 at t = 2.
  /// - Throws: `Interruption`.
  static func find(
    _ first: Recurrence, _ second: Recurrence, isInterrupted: () -> Bool
  ) throws -> OutputDifference? {
    let end = min(4 + max(first.delayAlongChains, second.delayAlongChains), 30)
    for (width, fill) in [(1, .ones), (1, .alternating), (2, .alternating), (3, .random)]
      as [(Int, Counterexample.Fill)]
    {
      if isInterrupted() { throw Interruption() }
      guard let (own, other) = pair(first, second, width, fill, end: end) else { continue }
      for time in [2, 1] + Array(3...end) {
        for (output, (a, b)) in zip(first.outputs, second.outputs).enumerated() {
          let (left, right) = (own.value(a, time), other.value(b, time))
          guard left.rows == right.rows, left.columns == right.columns else { continue }
          let gap = zip(left.values, right.values).first { a, b in
            let size = abs(a.value - b.value)
            // What is shown has five digits.
            return size.isFinite && size > 1000 * (a.bound + b.bound) && size > 1e-4 * max(abs(a.value), abs(b.value))
          }
          guard let gap else { continue }
          return OutputDifference(
            output: output, time: time, width: width, fill: fill, first: gap.0.value, second: gap.1.value)
        }
      }
    }
    return nil
  }

  private static func pair(
    _ first: Recurrence, _ second: Recurrence, _ width: Int, _ fill: Counterexample.Fill, end: Int
  ) -> (Trajectory<BoundedNumbers>, Trajectory<BoundedNumbers>)? {
    let numbers = BoundedNumbers()
    guard let shapes = try? Judge.smallShapes(first, sets: [[width]]).first,
      let otherShapes = try? Judge.smallShapes(second, sets: [[width]]).first
    else { return nil }
    let draws = Counterexample.draws(fill)
    let own = try? Trajectory(first, shapes: shapes, numbers: numbers, end: end, starts: .declared, draw: draws)
    guard let own else { return nil }
    let otherDraws = Counterexample.draws(fill)
    let other = try? Trajectory(
      second, shapes: otherShapes, numbers: numbers, end: end, starts: .declared,
      given: { symbol, time in
        let name = second.store[symbol].name
        let input = second.inputs.firstIndex(of: symbol).map { first.inputs[$0] }
        guard let counterpart = input ?? first.parameters.first(where: { first.store[$0].name == name }) else {
          return nil
        }
        let value = own.value(counterpart, time)
        let sides = otherShapes.symbols[symbol]?.dimensions.map { $0.number ?? 1 } ?? []
        let fits = value.rows == sides.first ?? 1 && value.columns == (sides.count > 1 ? sides[1] : 1)
        return fits ? value : nil
      }, draw: otherDraws)
    return other.map { (own, $0) }
  }
}
