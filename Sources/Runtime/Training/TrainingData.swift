/// What a model is trained on: sequences, each with inputs at every step and a target at every step or at its last.
///
/// Sequences may be of different lengths: they are as long as the longest, and `lengths` says how much of each counts.
public struct TrainingData: Sendable {
  public enum Values: Sendable {
    /// `[count][time][width]`; of a target of whole sequences `[count][width]`.
    case numbers([Double], width: Int)
    /// Class numbers from 1 to `of`, `[count][time]`; of a target of whole sequences `[count]`. Where a vector as wide
    /// as there are classes is needed, class k is 1 at k and 0 elsewhere.
    case classes([Int32], of: Int)

    /// Of the vector that stands for each.
    public var width: Int {
      switch self {
      case .numbers(_, let width): width
      case .classes(_, let count): count
      }
    }

    var size: Int {
      switch self {
      case .numbers(let numbers, _): numbers.count
      case .classes(let classes, _): classes.count
      }
    }
  }

  /// An input or target, under the name of the model's input or output.
  public struct Field: Sendable {
    public var name: String
    public var values: Values

    public init(name: String, values: Values) {
      self.name = name
      self.values = values
    }

    /// How many numbers stand for one time of one sequence.
    var stride: Int { if case .numbers(_, let width) = values { width } else { 1 } }
  }

  /// How many sequences there are.
  public var count: Int
  /// Steps of a sequence, of the longest if they differ.
  public var time: Int
  public var inputs: [Field]
  public var targets: [Field]
  /// Targets belong to whole sequences, and are compared with the output at the last step.
  public var hasOneTarget: Bool
  /// Steps of each sequence, `[count]`, each from 1 to `time`; nil if all are as long.
  public var lengths: [Int]?
  /// What the classes of the inputs stand for: the characters of a text.
  public var alphabet: [String]?

  public init(
    count: Int, time: Int, inputs: [Field], targets: [Field], hasOneTarget: Bool = false, lengths: [Int]? = nil,
    alphabet: [String]? = nil
  ) {
    self.count = count
    self.time = time
    self.inputs = inputs
    self.targets = targets
    self.hasOneTarget = hasOneTarget
    self.lengths = lengths
    self.alphabet = alphabet
  }

  /// The first sequences, and the rest.
  public func split(after first: Int) -> (TrainingData, TrainingData) {
    (part(0..<min(first, count)), part(min(first, count)..<count))
  }

  private func part(_ range: Range<Int>) -> TrainingData {
    func cut(_ field: Field, isTimed: Bool) -> Field {
      let each = (isTimed ? time : 1) * field.stride
      let bounds = range.lowerBound * each..<range.upperBound * each
      var result = field
      switch field.values {
      case .numbers(let numbers, let width): result.values = .numbers(Array(numbers[bounds]), width: width)
      case .classes(let classes, let count): result.values = .classes(Array(classes[bounds]), of: count)
      }
      return result
    }
    var result = self
    result.count = range.count
    result.inputs = inputs.map { cut($0, isTimed: true) }
    result.targets = targets.map { cut($0, isTimed: !hasOneTarget) }
    result.lengths = lengths.map { Array($0[range]) }
    return result
  }
}

/// What does not fit between data and model, as facts.
public enum TrainingDataError: Error, Sendable {
  case empty
  /// A field whose numbers are not `[count][time][width]`.
  case size(String, needed: Int, got: Int)
  case lengths(needed: Int, got: Int)
  case length(sequence: Int, length: Int, time: Int)
  case classNumber(String, sequence: Int, number: Int, of: Int)
  case notFinite(String, sequence: Int)
}

extension TrainingData {
  /// - Throws: `TrainingDataError` if sizes or class numbers are not what they say.
  public func check() throws {
    guard count > 0, time > 0 else { throw TrainingDataError.empty }
    for (field, isTimed) in inputs.map({ ($0, true) }) + targets.map({ ($0, !hasOneTarget) }) {
      let each = (isTimed ? time : 1) * field.stride
      guard field.values.size == count * each else {
        throw TrainingDataError.size(field.name, needed: count * each, got: field.values.size)
      }
      switch field.values {
      case .numbers(let numbers, _):
        if let wrong = numbers.firstIndex(where: { !$0.isFinite }) {
          throw TrainingDataError.notFinite(field.name, sequence: wrong / each + 1)
        }
      case .classes(let classes, let bound):
        if let wrong = classes.firstIndex(where: { $0 < 1 || Int($0) > bound }) {
          throw TrainingDataError.classNumber(
            field.name, sequence: wrong / each + 1, number: Int(classes[wrong]), of: bound)
        }
      }
    }
    if let lengths {
      guard lengths.count == count else { throw TrainingDataError.lengths(needed: count, got: lengths.count) }
      if let wrong = lengths.firstIndex(where: { $0 < 1 || $0 > time }) {
        throw TrainingDataError.length(sequence: wrong + 1, length: lengths[wrong], time: time)
      }
    }
  }
}
