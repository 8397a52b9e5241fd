/// Where the values of an operator lie: the range column of its row, from which help, gates and bounds are made.
public enum RangeRule: Sendable {
  /// It grows with its argument, and all its values lie in the interval.
  case growing(Interval)
  /// It grows with its argument, here and there only not falling: an end that the argument does not reach may be
  /// reached all the same.
  case steps(Interval)
  /// It falls down to `lowest` and grows from there on; far to the left it tends to `left`.
  case valley(at: Double, lowest: Double, left: Double)
  /// Whatever the argument is.
  case within(Interval)
  /// One of its arguments, or of the entries of its argument.
  case ofArguments(isLargest: Bool)
  /// Between the entries of its argument.
  case mean
  case sum
  /// From 0 to 1, and the entries add to 1.
  case probabilities
  /// Mean 0 and variance at most 1, so of n entries none is beyond √(n − 1).
  case normalised

  /// Where all values lie, whatever the argument.
  public var image: Interval {
    switch self {
    case .growing(let image), .steps(let image), .within(let image): image
    case .valley(_, let lowest, _): Interval(lowest, .infinity)
    // A vector of one entry has the probability 1.
    case .probabilities: Interval(0, 1, isLowOpen: true)
    case .ofArguments, .mean, .sum, .normalised: .everything
    }
  }

  public var text: String {
    switch self {
    case .growing, .steps, .within, .valley: image.text
    case .ofArguments: "of its arguments"
    case .mean: "between the entries"
    case .sum: "(-∞, ∞)"
    case .probabilities: "(0, 1], together 1"
    case .normalised: "mean 0, variance below 1"
    }
  }

  /// Where the values of a function of one number lie if its argument lies in an interval.
  func image(of argument: Interval, _ function: (Double) -> Double) -> Interval {
    switch self {
    case .growing(let image): return grown(argument, image, function, isStrict: true)
    case .steps(let image): return grown(argument, image, function, isStrict: false)
    case .valley(let bottom, let lowest, let left):
      let right = rounded(argument.high, function, atInfinity: .infinity)
      let leftEnd = argument.low == -.infinity ? Interval(left) : rounded(argument.low, function, atInfinity: .infinity)
      let ends = Interval(min(leftEnd.low, right.low), max(leftEnd.high, right.high))
      return argument.low <= bottom && argument.high >= bottom ? ends.hull(Interval(lowest)) : ends
    default: return image
    }
  }

  private func grown(
    _ argument: Interval, _ image: Interval, _ function: (Double) -> Double, isStrict: Bool
  ) -> Interval {
    let low = argument.low == -.infinity ? image.low : rounded(argument.low, function, atInfinity: image.low).low
    let high = argument.high == .infinity ? image.high : rounded(argument.high, function, atInfinity: image.high).high
    let result = Interval(
      low.isNaN ? image.low : low, high.isNaN ? image.high : high,
      isLowOpen: isStrict && argument.isLowOpen, isHighOpen: isStrict && argument.isHighOpen)
    return result.intersection(image) ?? image
  }

  /// A value with the last places of the C library's function in doubt, except where it is plainly exact.
  private func rounded(_ argument: Double, _ function: (Double) -> Double, atInfinity: Double) -> Interval {
    if argument.isInfinite { return Interval(atInfinity) }
    let value = function(argument)
    let isLogOfOne = argument == 1 && value == 0
    if argument == 0 || isLogOfOne
      || isPiecewise && (value.magnitude == argument.magnitude || value.magnitude == 1 || value == 0)
    {
      return Interval(value)
    }
    let doubt = 8 * value.ulp
    return Interval(value - doubt, value + doubt)
  }

  /// Made of straight pieces: relu, abs, sign, step.
  private var isPiecewise: Bool {
    switch self {
    case .steps: true
    case .valley(_, let lowest, _): lowest == 0
    default: false
    }
  }
}
