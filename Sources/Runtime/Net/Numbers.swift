import Kernels

/// Numbers in the type in which a net computes, shared by copies: what it answers, and what its track keeps.
///
/// In single precision they take half the room, and nothing is converted until Float64 is asked for.
public enum Numbers: Sendable, Equatable {
  case single([Float])
  case double([Double])

  public init(_ type: NumberType, reserving count: Int = 0) {
    switch type {
    case .float32:
      var numbers: [Float] = []
      numbers.reserveCapacity(count)
      self = .single(numbers)
    case .float64:
      var numbers: [Double] = []
      numbers.reserveCapacity(count)
      self = .double(numbers)
    }
  }

  public var count: Int {
    switch self {
    case .single(let numbers): numbers.count
    case .double(let numbers): numbers.count
    }
  }

  public subscript(index: Int) -> Double {
    switch self {
    case .single(let numbers): Double(numbers[index])
    case .double(let numbers): numbers[index]
    }
  }

  /// All of them as Float64.
  public var doubles: [Double] {
    if case .double(let numbers) = self { return numbers }
    return doubles(0..<count)
  }

  public func doubles(_ range: Range<Int>) -> [Double] {
    var result: [Double] = []
    append(range, to: &result)
    return result
  }

  func append(_ range: Range<Int>, to result: inout [Double]) {
    switch self {
    case .double(let numbers): result += numbers[range]
    case .single(let numbers):
      // The range is checked here.
      numbers[range].withUnsafeBufferPointer { source in
        result += [Double](unsafeUninitializedCapacity: source.count) { target, initialized in
          if let from = source.baseAddress, let to = target.baseAddress {
            Conversion.convert(from, into: to, count: source.count)
          }
          initialized = source.count
        }
      }
    }
  }

  /// In place, as long as they are not shared.
  mutating func append(_ source: UnsafeBufferPointer<Float>) {
    switch self {
    case .single(var numbers):
      self = .single([])
      numbers.append(contentsOf: source)
      self = .single(numbers)
    case .double(var numbers):
      self = .double([])
      for number in source { numbers.append(Double(number)) }
      self = .double(numbers)
    }
  }

  /// In place, as long as they are not shared.
  mutating func append(_ source: UnsafeBufferPointer<Double>) {
    switch self {
    case .single(var numbers):
      self = .single([])
      for number in source { numbers.append(Float(number)) }
      self = .single(numbers)
    case .double(var numbers):
      self = .double([])
      numbers.append(contentsOf: source)
      self = .double(numbers)
    }
  }

  func part(_ range: Range<Int>) -> Numbers {
    switch self {
    case .single(let numbers): .single(Array(numbers[range]))
    case .double(let numbers): .double(Array(numbers[range]))
    }
  }
}

/// Some of the numbers of an array that others may share: a part of what was fed or answered, or all of a segment's
/// own, which grow.
struct Stretch {
  private(set) var numbers: Numbers
  /// Which of the numbers.
  private(set) var range: Range<Int>

  init(_ numbers: Numbers, _ range: Range<Int>) {
    self.numbers = numbers
    self.range = range
  }

  init(_ type: NumberType) { self.init(Numbers(type), 0..<0) }

  var count: Int { range.count }

  /// The numbers of part of it.
  func append(_ part: Range<Int>, to result: inout [Double]) {
    numbers.append(range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound, to: &result)
  }

  func doubles() -> [Double] {
    if range.count == numbers.count { return numbers.doubles }
    return numbers.doubles(range)
  }

  /// So many more of the numbers.
  mutating func extend(by count: Int) { range = range.lowerBound..<range.upperBound + count }

  /// Adds numbers of its own, for which it leaves what it shares.
  mutating func grow(_ add: (inout Numbers) -> Void) {
    if range.count != numbers.count { numbers = numbers.part(range) }
    add(&numbers)
    range = 0..<numbers.count
  }

  mutating func shorten(to count: Int) {
    range = range.lowerBound..<range.lowerBound + min(count, range.count)
  }
}
