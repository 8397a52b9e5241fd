import Glibc
import Syntax

/// The operators on values. Numbers first: they are what loops are made of.
enum Arithmetic {
  typealias Poll = () throws -> Void

  static func apply(_ operation: InfixOperator, _ left: Value, _ right: Value, poll: Poll) throws -> Value {
    switch operation {
    case .plus: return try add(left, right, poll: poll)
    case .minus: return try subtract(left, right, poll: poll)
    case .times: return try multiply(left, right, poll: poll)
    case .dot: return try dot(left, right, poll: poll)
    case .divide: return try divide(left, right, poll: poll)
    case .power: return try power(left, right, poll: poll)
    case .range: return try range(left, right)
    case .and, .or: throw ValueProblem.kinds(left.described, right.described)
    }
  }

  static func add(_ left: Value, _ right: Value, poll: Poll) throws -> Value {
    if case .number(let a) = left, case .number(let b) = right { return .number(a + b) }
    if case .text(let a) = left, case .text(let b) = right { return .text(try Texts.joined(a, b)) }
    return try elementwise(left, right, .adding, poll: poll) { $0 + $1 }
  }

  static func subtract(_ left: Value, _ right: Value, poll: Poll) throws -> Value {
    if case .number(let a) = left, case .number(let b) = right { return .number(a - b) }
    return try elementwise(left, right, .adding, poll: poll) { $0 - $1 }
  }

  static func multiply(_ left: Value, _ right: Value, poll: Poll) throws -> Value {
    if case .number(let a) = left, case .number(let b) = right { return .number(a * b) }
    return try elementwise(left, right, .scaling, poll: poll) { $0 * $1 }
  }

  static func divide(_ left: Value, _ right: Value, poll: Poll) throws -> Value {
    if case .number(let a) = left, case .number(let b) = right { return .number(a / b) }
    return try elementwise(left, right, .scaling, poll: poll) { $0 / $1 }
  }

  /// Of vectors element by element; of a matrix it could be a product with itself, so it is an error.
  static func power(_ left: Value, _ right: Value, poll: Poll) throws -> Value {
    if case .number(let a) = left, case .number(let b) = right { return .number(power(a, b)) }
    if let base = left.asTensor, base.rank > 1 { throw ValueProblem.matrixPower(base.shape) }
    if let exponent = right.asTensor, exponent.rank > 1 { throw ValueProblem.matrixExponent(exponent.shape) }
    return try elementwise(left, right, .adding, poll: poll) { power($0, $1) }
  }

  static func power(_ base: Double, _ exponent: Double) -> Double {
    if exponent == 2 { return base * base }
    if exponent == 3 { return base * base * base }
    return pow(base, exponent)
  }

  /// A product of matrices and vectors; a number scales.
  static func dot(_ left: Value, _ right: Value, poll: Poll) throws -> Value {
    if case .number = left { return try multiply(left, right, poll: poll) }
    if case .number = right { return try multiply(left, right, poll: poll) }
    guard let a = left.asTensor, let b = right.asTensor else {
      throw ValueProblem.kinds(left.described, right.described)
    }
    return try Tensor.product(a, b, poll: poll)
  }

  static func range(_ left: Value, _ right: Value) throws(ValueProblem) -> Value {
    guard case .number(let a) = left, case .number(let b) = right else { throw .kinds(left.described, right.described) }
    return .range(NumberRange(lower: a, upper: b))
  }

  static func negate(_ value: Value, poll: Poll) throws -> Value {
    switch value {
    case .number(let number): return .number(-number)
    default:
      guard let tensor = try value.tensorOrProblem() else { throw ValueProblem.kind(value.described) }
      return .tensor(try tensor.map(poll: poll) { -$0 })
    }
  }

  static func transpose(_ value: Value) throws(ValueProblem) -> Value {
    if case .number = value { return value }
    guard let tensor = try value.tensorOrProblem() else { throw .kind(value.described) }
    return .tensor(try tensor.transposed())
  }

  /// Element by element; numbers spread.
  static func elementwise(
    _ left: Value, _ right: Value, _ spreading: Tensor.Spreading, poll: Poll, _ body: (Double, Double) -> Double
  ) throws -> Value {
    switch (left, right) {
    case (.number(let a), .number(let b)): return .number(body(a, b))
    case (.tensor(let a), .number(let b)): return .tensor(try a.map(poll: poll) { body($0, b) })
    case (.number(let a), .tensor(let b)): return .tensor(try b.map(poll: poll) { body(a, $0) })
    case (.tensor(let a), .tensor(let b)): return .tensor(try Tensor.combine(a, b, spreading, poll: poll, body))
    case (.record(let a), .record(let b)) where a.names == b.names:
      // Gradients before and after: the difference, name by name.
      return .record(
        try Record(
          a.names, zip(a.values, b.values).map { try elementwise($0, $1, spreading, poll: poll, body) }))
    default:
      // A range of whole numbers counts as the vector of them, a track as the values so far.
      if left.standsForTensor || right.standsForTensor, left.isNumeric, right.isNumeric {
        return try elementwise(left.asPlainTensor(), right.asPlainTensor(), spreading, poll: poll, body)
      }
      if case .text = left { throw ValueProblem.textPlus(right.described) }
      if case .text = right { throw ValueProblem.textPlus(left.described) }
      throw ValueProblem.kinds(left.described, right.described)
    }
  }
}

extension Value {
  /// A range of whole numbers or a track: it stands for a tensor.
  var standsForTensor: Bool {
    switch self {
    case .range, .track: true
    default: false
    }
  }

  /// A number, a tensor, or a range of whole numbers.
  var isNumeric: Bool {
    switch self {
    case .number, .tensor, .track: true
    case .range(let range): range.wholeCount != nil
    default: false
    }
  }

  /// The tensor it is or stands for, if that exists and is small enough.
  var asTensor: Tensor? { (try? tensorOrProblem()) ?? nil }

  /// As `asTensor`, with the problem if it is too large.
  func tensorOrProblem() throws(ValueProblem) -> Tensor? {
    switch self {
    case .tensor(let tensor): return tensor
    case .track(let track): return try Interpreter.tensor(of: track)
    case .range(let range):
      guard let count = range.wholeCount else { return nil }
      let shape = try Shape([count])
      return Tensor(shape, (0..<count).map { range.lower + Double($0) })
    default: return nil
    }
  }

  fileprivate func asPlainTensor() throws(ValueProblem) -> Value {
    guard standsForTensor, let tensor = try tensorOrProblem() else { return self }
    return .tensor(tensor)
  }
}

/// Texts, with a bound on their length.
enum Texts {
  /// The most bytes that one text may have: 16 MB.
  static let bound = 1 << 24

  static func joined(_ left: String, _ right: String) throws(ValueProblem) -> String {
    let length = left.utf8.count + right.utf8.count
    guard length <= bound else { throw .textTooLong(length) }
    return left + right
  }
}
