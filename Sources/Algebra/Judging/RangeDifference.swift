/// A proof that no parameters make one cell another: whatever its parameters are and whatever it is fed, an output of
/// one stays in a range, and that of the other leaves it at a point.
public struct RangeDifference: Sendable {
  /// The first cell is the one that stays.
  public var isFirstBounded: Bool
  /// Its output, and the other's.
  public var output: SymbolID
  public var otherOutput: SymbolID
  /// `(-1, 1)`.
  public var range: String
  /// What the other is where every width is 1, every parameter and input is `fill`, at `time`.
  public var value: Double
  public var fill: Double
  public var time: Int

  private static let fills = [1, -1, 0.5, -0.5, 3, -3, 10, -10] as [Double]
  private static let lastTime = 4

  /// - Throws: `Interruption`.
  static func find(
    _ first: Recurrence, _ second: Recurrence, isInterrupted: @escaping () -> Bool
  ) throws -> RangeDifference? {
    for (bounded, other, isFirst) in [(first, second, true), (second, first, false)] {
      guard let bounds = try bounds(of: bounded, isInterrupted) else { continue }
      let ranges = bounded.outputs.map { bounds.interval(of: $0) }
      guard ranges.contains(where: { !$0.isEverything }) else { continue }
      for fill in fills {
        if isInterrupted() { throw Interruption() }
        guard let trajectory = trajectory(other, fill) else { continue }
        for time in 1...lastTime {
          for (position, output) in other.outputs.enumerated() where position < ranges.count {
            let outside = trajectory.value(output, time).values.first { !ranges[position].mayBe($0) }
            guard let outside else { continue }
            return RangeDifference(
              isFirstBounded: isFirst, output: bounded.outputs[position], otherOutput: output,
              range: ranges[position].text, value: outside.value, fill: fill, time: time)
          }
        }
      }
    }
    return nil
  }

  private static func bounds(of cell: Recurrence, _ isInterrupted: @escaping () -> Bool) throws -> Bounds? {
    do {
      return try Bounds(cell, isInterrupted: isInterrupted)
    } catch Bounds.Failure.interrupted {
      throw Interruption()
    } catch { return nil }
  }

  /// With bounds for what is lost by rounding, so that what is outside is outside.
  private static func trajectory(_ cell: Recurrence, _ fill: Double) -> Trajectory<BoundedNumbers>? {
    guard let shapes = try? Judge.smallShapes(cell, sets: [[1]]).first else { return nil }
    let numbers = BoundedNumbers()
    return try? Trajectory(cell, shapes: shapes, numbers: numbers, end: lastTime, starts: .declared) {
      numbers.exact(fill)
    }
  }
}

extension Interval {
  /// Whether a number that is known up to an error may lie here.
  fileprivate func mayBe(_ number: BoundedNumbers.Number) -> Bool {
    guard number.value.isFinite, number.bound.isFinite else { return true }
    return number.value + number.bound >= low && number.value - number.bound <= high
  }
}
