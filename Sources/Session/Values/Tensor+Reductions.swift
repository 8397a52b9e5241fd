/// Sums, means, extremes: of all numbers, or over some axes, which are kept with size 1.
extension Tensor {
  /// Folds the lanes that run along the given axes (from 0). `body` gets the numbers of one lane.
  func reduced(over axes: Set<Int>, poll: Poll, _ body: @escaping Statistics.Reduction) throws -> Tensor {
    let kept = try Shape((0..<rank).map { axes.contains($0) ? 1 : shape[$0] })
    let numbers = numbers
    // From one position along an axis to the next, in lanes.
    var steps = [0, 0, 0]
    var inner = 1
    for axis in (0..<rank).reversed() where !axes.contains(axis) {
      steps[axis] = inner
      inner *= shape[axis]
    }
    var lanes = [[Double]](repeating: [], count: kept.count)
    var offset = 0
    for i in 0..<shape[0] {
      for j in 0..<shape[1] {
        let lane = i * steps[0] + j * steps[1]
        for k in 0..<shape[2] {
          if offset & 0xFFFF == 0 { try poll() }
          lanes[lane + k * steps[2]].append(numbers[offset])
          offset += 1
        }
      }
    }
    var result: [Double] = []
    result.reserveCapacity(lanes.count)
    for lane in lanes {
      if result.count & 0xFFF == 0 { try poll() }
      result.append(try body(lane, poll))
    }
    return Tensor(kept, result)
  }
}

/// Of the numbers of a lane. Sums are compensated (Neumaier), so that a mean does not depend on the order.
enum Statistics {
  /// Asks now and then, as `poll` does, whether to go on.
  typealias Reduction = ([Double], _ poll: Tensor.Poll) throws -> Double

  /// Takes the numbers up one by one, in pieces between which it asks.
  @inline(__always)
  private static func fold<State>(
    _ numbers: [Double], _ first: State, _ poll: Tensor.Poll, _ body: (inout State, Double) -> Void
  ) rethrows -> State {
    var state = first
    let piece = 1 << 18
    for start in stride(from: 0, to: numbers.count, by: piece) {
      if start > 0 { try poll() }
      for offset in start..<min(start + piece, numbers.count) { body(&state, numbers[offset]) }
    }
    return state
  }

  static func sum(_ numbers: [Double], _ poll: Tensor.Poll) rethrows -> Double {
    let (total, lost) = try fold(numbers, (0.0, 0.0), poll) { state, number in
      let (total, lost) = state
      let next = total + number
      state = (next, lost + (total.magnitude >= number.magnitude ? (total - next) + number : (number - next) + total))
    }
    return lost.isFinite ? total + lost : total
  }

  static func mean(_ numbers: [Double], _ poll: Tensor.Poll) rethrows -> Double {
    try sum(numbers, poll) / Double(numbers.count)
  }

  /// The mean squared distance from the mean, of the numbers as all there are (1/n).
  static func variance(_ numbers: [Double], _ poll: Tensor.Poll) throws -> Double {
    let middle = try mean(numbers, poll)
    let squares = try Tensor.numbers(numbers.count, poll: poll) { target, offsets in
      for offset in offsets { target[offset] = (numbers[offset] - middle) * (numbers[offset] - middle) }
    }
    return try mean(squares, poll)
  }

  static func deviation(_ numbers: [Double], _ poll: Tensor.Poll) throws -> Double {
    try variance(numbers, poll).squareRoot()
  }

  static func product(_ numbers: [Double], _ poll: Tensor.Poll) rethrows -> Double {
    try fold(numbers, 1, poll) { $0 *= $1 }
  }

  /// NaN if there is one: an extreme of garbage is garbage.
  static func minimum(_ numbers: [Double], _ poll: Tensor.Poll) rethrows -> Double {
    try fold(numbers, .infinity, poll) { $0 = $0.isNaN || $1.isNaN ? .nan : Swift.min($0, $1) }
  }

  static func maximum(_ numbers: [Double], _ poll: Tensor.Poll) rethrows -> Double {
    try fold(numbers, -.infinity, poll) { $0 = $0.isNaN || $1.isNaN ? .nan : Swift.max($0, $1) }
  }

  static func median(_ numbers: [Double], _ poll: Tensor.Poll) throws -> Double {
    guard !numbers.isEmpty, !numbers.contains(where: \.isNaN) else { return .nan }
    var count = 0
    let sorted = try numbers.sorted { a, b in
      count &+= 1
      if count & 0xFFFF == 0 { try poll() }
      return a < b
    }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  // MARK: Of few numbers

  static func sum(_ numbers: [Double]) -> Double { sum(numbers, {}) }
  static func maximum(_ numbers: [Double]) -> Double { maximum(numbers, {}) }
}
