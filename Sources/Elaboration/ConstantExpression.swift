import Algebra
import Syntax

/// Numbers that stand in settings: `const β = 1/2`, `init b = -log(3)`.
enum ConstantExpression {
  static func value(_ expression: Expression) -> Double? {
    switch expression.form {
    case .parentheses(let inner): return value(inner)
    case .number(let numeral): return Double(numeral)
    case .name("π"), .name("pi"): return .pi
    case .name("e"): return NamedNumber.euler.value
    case .prefix(.minus, let operand): return value(operand).map { -$0 }
    case .infix(let operation, let left, let right):
      guard let a = value(left), let b = value(right) else { return nil }
      switch operation {
      case .plus: return a + b
      case .minus: return a - b
      case .times, .dot: return a * b
      case .divide: return a / b
      case .power: return Power.of(a, b)
      default: return nil
      }
    case .call(let callee, let arguments):
      guard case .name(let name) = callee.form, arguments.count == 1, let argument = value(arguments[0].value),
        let operation = OperatorTable.find(name, arity: 1), case .unary(let function) = OperatorTable[operation].meaning
      else { return nil }
      return function(argument)
    default: return nil
    }
  }

  static func decimal(_ expression: Expression) throws -> Decimal {
    if case .number(let numeral) = expression.form, let exact = Decimal(numeral: numeral) { return exact }
    guard let value = value(expression), let decimal = Decimal(value) else {
      throw ElaborationError.setting(
        message: "a constant is a number", hint: "e.g. 1, 0.5, 1/2, log(2)", expression.place)
    }
    return decimal
  }
}
