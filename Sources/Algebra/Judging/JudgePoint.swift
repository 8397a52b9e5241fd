/// One point at which two expressions are compared: a trajectory of random numbers, and what is known of its values.
final class JudgePoint<Numbers: NumberSystem> {
  typealias Value = Grid<Numbers.Number>

  let trajectory: Trajectory<Numbers>
  let evaluator: TangentEvaluator<Numbers>

  /// - Parameters:
  ///   - time: what t is.
  ///   - end: the last time that is computed.
  init(
    _ recurrence: Recurrence, shapes: ShapeSolution, numbers: Numbers, equations: AtomEquations, time: Int, end: Int,
    starts: Trajectory<Numbers>.Starts = .drawn, draw: @escaping () -> Numbers.Number
  ) throws {
    let trajectory = try Trajectory(
      recurrence, shapes: shapes, numbers: numbers, end: end, starts: starts, draw: draw)
    self.trajectory = trajectory
    var directions: [SymbolID: Value] = [:]
    evaluator = TangentEvaluator(
      NodeEvaluator(recurrence: recurrence, numbers: numbers, shapes: shapes, read: trajectory.value),
      equations: equations, time: time, lastTime: end
    ) { symbol in
      if let direction = directions[symbol] { return direction }
      let direction = trajectory.value(symbol, time).map { _ in draw() }
      directions[symbol] = direction
      return direction
    }
  }

  func value(_ node: NodeID) throws -> Value { try evaluator.evaluate(node) }
}
