import Algebra
import Syntax

/// What is symbolic: a name with a time, a derivative, `holding`, `in` a cell. The one door between values and cells.
final class SymbolicNode: Node {
  private let expression: Expression

  init(_ expression: Expression, _ place: Place) {
    self.expression = expression
    super.init(place)
  }

  override func evaluate(_ frame: Frame) throws -> Value { try frame.interpreter.symbolic(expression) }
}

extension Interpreter {
  /// `c[t]` shows its equation.
  func symbolic(_ expression: Expression) throws -> Value {
    if case .within(let inner, let cellExpression) = expression.form {
      return try symbolic(inner, of: cell(of: cellExpression))
    }
    if let formula = try scalarDerivative(expression, of: cellInUse) { return .formula(formula) }
    guard let cell = cellInUse else { throw SessionError.noCellInUse(expression.place.text, expression.place) }
    return try symbolic(expression, of: cell)
  }

  private func symbolic(_ expression: Expression, of cell: Cell) throws -> Value {
    let recurrence = cell.recurrence
    if let derivation = try derivation(expression, of: cell) {
      let value = Value.derivation(derivation)
      lastDerivation = value
      return value
    }
    guard let name = Self.timedName(expression) else {
      throw SessionError.notSymbol(expression.place.text, expression.place)
    }
    let names = (recurrence.inputs + recurrence.variables).map { recurrence.store[$0].name }
    guard let symbol = recurrence.store.symbol(named: name.name), names.contains(name.name) else {
      throw SessionError.notVariable(name.name, cell: cell.name, has: names, expression.place)
    }
    guard let equation = recurrence.equation(of: symbol) else {
      return .formula(Formula(text: "\(name.name)[t] is an input of \(cell.name)"))
    }
    let store = recurrence.store
    var notation = TextNotation(store)
    let targets = equation.targets.map { TextNotation.read(store[$0], shift: name.shift) }
    let left = targets.count == 1 ? targets[0] : "[" + targets.joined(separator: ", ") + "]"
    let text = left + " = " + notation.text(store.shifted(equation.body, by: name.shift))
    let shown = Formula.Equation(
      recurrence: recurrence, targets: equation.targets, body: equation.body, shift: name.shift)
    return .formula(Formula(text: text, equation: shown))
  }

  private static func timedName(_ expression: Expression) -> (name: String, shift: Int)? {
    switch expression.form {
    case .timed(let name, let offset): return (name, offset)
    case .index(let base, let indices):
      guard case .name(let name) = base.form, indices.count == 1, let shift = shift(indices[0]) else { return nil }
      return (name, shift)
    default: return nil
    }
  }

  private static func shift(_ index: Expression) -> Int? {
    switch index.form {
    case .name("t"): return 0
    case .parentheses(let inner): return shift(inner)
    case .infix(.minus, let left, let right):
      guard let base = shift(left), case .number(let numeral) = right.form, let steps = Int(numeral) else { return nil }
      return base &- steps
    case .infix(.plus, let left, let right):
      guard let base = shift(left), case .number(let numeral) = right.form, let steps = Int(numeral) else { return nil }
      return base &+ steps
    default: return nil
    }
  }
}
