import Syntax

/// `a + b` and its like.
final class InfixNode: Node {
  private let operation: InfixOperator
  private let left: Node, right: Node

  init(_ operation: InfixOperator, _ left: Node, _ right: Node, _ place: Place) {
    self.operation = operation
    self.left = left
    self.right = right
    super.init(place)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    let a = try left.evaluate(frame)
    let b = try right.evaluate(frame)
    if case .number(let x) = a, case .number(let y) = b {
      switch operation {
      case .plus: return .number(x + y)
      case .minus: return .number(x - y)
      case .times, .dot: return .number(x * y)
      case .divide: return .number(x / y)
      case .power: return .number(Arithmetic.power(x, y))
      case .range: return .range(NumberRange(lower: x, upper: y))
      case .and, .or: break
      }
    }
    do {
      return try Arithmetic.apply(operation, a, b, poll: frame.interpreter.poll)
    } catch let found as ValueProblem {
      throw SessionError.operands(
        found, operation, .init(a, left.place), .init(b, right.place), place)
    }
  }
}

/// `U · r * h` without parentheses: an error that shows both readings, unless a number makes them agree.
final class UnparenthesisedProductNode: Node {
  private let first: Node, second: Node, third: Node

  init(_ first: Node, _ second: Node, _ third: Node, _ place: Place) {
    self.first = first
    self.second = second
    self.third = third
    super.init(place)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    let a = try first.evaluate(frame)
    let b = try second.evaluate(frame)
    let c = try third.evaluate(frame)
    guard a.isNumber || c.isNumber else {
      throw SessionError.twoReadings(first.text, second.text, third.text, place)
    }
    do {
      let product = try Arithmetic.dot(a, b, poll: frame.interpreter.poll)
      return try Arithmetic.multiply(product, c, poll: frame.interpreter.poll)
    } catch let found as ValueProblem { throw SessionError.value(found, place) }
  }
}

/// `a and b`, `a or b`: the second is looked at only if it matters.
final class LogicNode: Node {
  private let isAnd: Bool
  private let left: Node, right: Node

  init(isAnd: Bool, _ left: Node, _ right: Node, _ place: Place) {
    self.isAnd = isAnd
    self.left = left
    self.right = right
    super.init(place)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    if try left.truth(frame) != isAnd { return .truth(!isAnd) }
    return .truth(try right.truth(frame))
  }
}

final class PrefixNode: Node {
  private let operation: PrefixOperator
  private let operand: Node

  init(_ operation: PrefixOperator, _ operand: Node, _ place: Place) {
    self.operation = operation
    self.operand = operand
    super.init(place)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    if operation == .not { return .truth(!(try operand.truth(frame))) }
    let value = try operand.evaluate(frame)
    if case .number(let number) = value { return .number(operation == .minus ? -number : number) }
    do {
      let negated = try Arithmetic.negate(value, poll: frame.interpreter.poll)
      return operation == .minus ? negated : value
    } catch let found as ValueProblem {
      throw SessionError.operand(found, operation.rawValue, .init(value, operand.place))
    }
  }
}

/// `A'`, `Aᵀ`, and `f'`.
final class PrimedNode: Node {
  private let operand: Node

  init(_ operand: Node, _ place: Place) {
    self.operand = operand
    super.init(place)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    let value = try operand.evaluate(frame)
    if case .function(let function) = value {
      return .function(try frame.interpreter.derivative(of: function, place))
    }
    do { return try Arithmetic.transpose(value) } catch let found {
      throw SessionError.operand(found, "ᵀ", .init(value, operand.place))
    }
  }
}

/// `a < b ≤ c`: each operand once; a truth, or for `<` of tensors a tensor of 0 and 1.
final class ComparisonNode: Node {
  private let operands: [Node]
  private let operators: [ComparisonOperator]

  init(_ operands: [Node], _ operators: [ComparisonOperator], _ place: Place) {
    self.operands = operands
    self.operators = operators
    super.init(place)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    guard var left = try operands.first?.evaluate(frame) else { return .truth(true) }
    var result = Value.truth(true)
    for (position, operation) in operators.enumerated() {
      let right = try operands[position + 1].evaluate(frame)
      let link = try compare(operation, left, right, position, frame)
      switch (result, link) {
      case (_, .truth(false)): return link
      case (.truth(true), _): result = link
      case (.tensor(let a), .tensor(let b)):
        do {
          result = .tensor(try Tensor.combine(a, b, .adding, poll: frame.interpreter.poll) { $0 * $1 })
        } catch let found as ValueProblem { throw problem(found) }
      default: break
      }
      left = right
    }
    return result
  }

  private func compare(
    _ operation: ComparisonOperator, _ left: Value, _ right: Value, _ position: Int, _ frame: Frame
  ) throws -> Value {
    if case .number(let a) = left, case .number(let b) = right {
      return .truth(Self.holds(operation, a, b))
    }
    let places = (operands[position].place, operands[position + 1].place)
    do {
      switch operation {
      case .equal, .unequal:
        try Self.refuseNumberBesideTensor(left, right)
        let areEqual = try Equality.areEqual(left, right, poll: frame.interpreter.poll)
        return .truth(areEqual == (operation == .equal))
      default:
        if case .text(let a) = left, case .text(let b) = right { return .truth(Self.holds(operation, a, b)) }
        return try Arithmetic.elementwise(left, right, .adding, poll: frame.interpreter.poll) {
          Self.holds(operation, $0, $1) ? 1 : 0
        }
      }
    } catch let found as ValueProblem {
      throw SessionError.comparison(found, operation, .init(left, places.0), .init(right, places.1), place)
    }
  }

  /// `x == 1` of a vector: is every element meant? Then the answer false would mislead.
  private static func refuseNumberBesideTensor(_ left: Value, _ right: Value) throws {
    switch (left, right) {
    case (.tensor(let tensor), .number), (.number, .tensor(let tensor)):
      throw ValueProblem.equalityOfNumberAndTensor(tensor.shape)
    default: break
    }
  }

  @inline(__always)
  private static func holds<T: Comparable>(_ operation: ComparisonOperator, _ a: T, _ b: T) -> Bool {
    switch operation {
    case .equal: a == b
    case .unequal: a != b
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    }
  }
}

extension Value {
  var isNumber: Bool { if case .number = self { true } else { false } }
}

extension Node {
  /// How it was written.
  var text: String { place?.text ?? "" }
}
