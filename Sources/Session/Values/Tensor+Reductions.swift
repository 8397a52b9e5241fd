/// Sums, means, extremes: of all numbers, or over some axes, which are kept with size 1.
extension Tensor {
  /// Folds the lanes that run along the given axes (from 0). `body` gets the numbers of one lane.
  func reduced(over axes: Set<Int>, poll: Poll, _ body: ([Double]) -> Double) throws -> Tensor {
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
      result.append(body(lane))
    }
    return Tensor(kept, result)
  }
}

/// Of the numbers of a lane. Sums are compensated (Neumaier), so that a mean does not depend on the order.
enum Statistics {
  static func sum(_ numbers: [Double]) -> Double {
    var total = 0.0
    var lost = 0.0
    for number in numbers {
      let next = total + number
      lost += total.magnitude >= number.magnitude ? (total - next) + number : (number - next) + total
      total = next
    }
    return lost.isFinite ? total + lost : total
  }

  static func mean(_ numbers: [Double]) -> Double { sum(numbers) / Double(numbers.count) }

  /// The mean squared distance from the mean, of the numbers as all there are (1/n).
  static func variance(_ numbers: [Double]) -> Double {
    let middle = mean(numbers)
    return mean(numbers.map { ($0 - middle) * ($0 - middle) })
  }

  static func deviation(_ numbers: [Double]) -> Double { variance(numbers).squareRoot() }

  static func product(_ numbers: [Double]) -> Double { numbers.reduce(1, *) }

  /// NaN if there is one: an extreme of garbage is garbage.
  static func minimum(_ numbers: [Double]) -> Double {
    numbers.reduce(.infinity) { $0.isNaN || $1.isNaN ? .nan : Swift.min($0, $1) }
  }

  static func maximum(_ numbers: [Double]) -> Double {
    numbers.reduce(-.infinity) { $0.isNaN || $1.isNaN ? .nan : Swift.max($0, $1) }
  }

  static func median(_ numbers: [Double]) -> Double {
    guard !numbers.isEmpty, !numbers.contains(where: \.isNaN) else { return .nan }
    let sorted = numbers.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
