/// A random net run from random starts, beyond all delays: what sums and products of derivatives are tried on.
enum RandomTrack {
  /// - Returns: the trajectory, and a time at which nothing of the last `steps` steps reads the start.
  static func make(
    _ recurrence: Recurrence, steps: Int, seed: UInt64
  ) throws -> (trajectory: Trajectory<RealNumbers>, time: Int) {
    let time = steps + recurrence.longestDelay + 1
    var stream = RandomStream(seed: seed)
    let trajectory = try Trajectory(
      recurrence, shapes: recurrence.trialShapes(inputs: 2, others: 3), numbers: RealNumbers(), end: time
    ) { stream.uniform(-0.9, 0.9) }
    return (trajectory, time)
  }
}
