/// A proof that no parameters make one cell another: an output of one cannot follow an input of so many steps before,
/// as no chain of reads leads there, and that of the other does, seen by moving the input.
public struct ReachDifference: Sendable {
  /// The first cell is the one whose output does not follow.
  public var isFirstBlind: Bool
  public var input: Int
  public var output: Int
  /// How many steps the input is earlier than the output; less than 0 for later.
  public var lag: Int

  /// Longer ways are not tried.
  private static let longestLag = 24
  private static let longestLead = 2

  /// - Throws: `Interruption`.
  static func find(
    _ first: Recurrence, _ second: Recurrence, isInterrupted: () -> Bool
  ) throws -> ReachDifference? {
    let longest = min(max(first.delayAlongChains, second.delayAlongChains) + 1, longestLag)
    let lags = Array(0...longest) + (1...longestLead).map { -$0 }
    for (blind, seeing, isFirst) in [(first, second, true), (second, first, false)] {
      for lag in lags {
        for (position, input) in blind.inputs.enumerated() {
          if isInterrupted() { throw Interruption() }
          var reach = Reach(blind, cut: Cut(symbol: input, shift: -lag))
          for (output, symbol) in blind.outputs.enumerated()
          where !reach.reaches(symbol, shift: 0) && follows(seeing, output, position, lag) {
            return ReachDifference(isFirstBlind: isFirst, input: position, output: output, lag: lag)
          }
        }
      }
    }
    return nil
  }

  /// Whether an output changes, by more than rounding, as an input is moved.
  private static func follows(_ cell: Recurrence, _ output: Int, _ input: Int, _ lag: Int) -> Bool {
    let numbers = BoundedNumbers()
    guard let shapes = try? Judge.smallShapes(cell, sets: [[1]]).first else { return false }
    let draws = Counterexample.draws(.alternating)
    let time = max(lag, 0) + 2
    let end = time + longestLead
    guard
      let base = try? Trajectory(
        cell, shapes: shapes, numbers: numbers, end: end, starts: .declared, draw: draws),
      let moved = try? Trajectory(
        cell, shapes: shapes, numbers: numbers, end: end, starts: .declared,
        given: { symbol, moment in
          let value = base.value(symbol, moment)
          guard symbol == cell.inputs[input], moment == time - lag else { return value }
          return value.map { numbers.sum($0, numbers.exact(0.5)) }
        }, draw: draws)
    else { return false }
    let symbol = cell.outputs[output]
    return BoundedNumbers.compare(base.value(symbol, time), moved.value(symbol, time)) == false
  }
}
