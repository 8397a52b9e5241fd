import Algebra
import Syntax

/// Reads `∂c[t]/∂c[t-1]`, `D(c[t], c[t-1])` and `... holding (h[t-1], o)` as questions about a recurrence.
public struct DerivativeReader {
  public struct Question: Sendable {
    public var symbol: SymbolID
    public var shift: Int
    public var cut: Cut
  }

  private let recurrence: Recurrence

  public init(_ recurrence: Recurrence) { self.recurrence = recurrence }

  /// `∂/∂x (E)`, `∂(E)/∂x`, `∂σ(z)/∂z`: a derivative of more than a variable.
  public struct ExpressionQuestion: Sendable {
    public var expression: Expression
    /// By a variable or parameter of the cell; nil if `free` is none of its names.
    public var cut: Cut?
    /// A name by itself, as the z of `∂σ(z)/∂z`.
    public var free: String
  }

  /// What is asked of an expression; nil if it is a variable's derivative, or none.
  public func expressionQuestion(_ expression: Expression) throws -> ExpressionQuestion? {
    switch expression.form {
    case .parentheses(let inner): return try expressionQuestion(inner)
    case .holding(let inner, let held):
      guard var question = try expressionQuestion(inner) else { return nil }
      question.cut = try question.cut.map { try holding($0, held) }
      return question
    case .derivative(let of, let by, let operand):
      guard let asked = operand ?? of.flatMap({ isVariable($0) ? nil : $0 }) else { return nil }
      return try expressionQuestion(of: asked, by: by)
    case .call(let callee, let arguments):
      guard case .name("D") = callee.form, arguments.count == 2, !isVariable(arguments[0].value) else { return nil }
      return try expressionQuestion(of: arguments[0].value, by: arguments[1].value)
    default: return nil
    }
  }

  /// What a derivative of a derivative is by, as it is written; nil if an expression holds none.
  public static func higherDenominator(in expression: Expression) -> Expression? {
    if let found = derivative(expression), found.of.contains(where: holdsDerivative) { return found.by }
    return expression.operands.lazy.compactMap { higherDenominator(in: $0) }.first
  }

  public static func holdsDerivative(_ expression: Expression) -> Bool {
    derivative(expression) != nil || expression.operands.contains(where: holdsDerivative)
  }

  private static func derivative(_ expression: Expression) -> (by: Expression, of: [Expression])? {
    switch expression.form {
    case .derivative(let of, let by, let operand): return (by, [of, operand].compactMap { $0 })
    case .call(let callee, let arguments):
      guard case .name("D") = callee.form, arguments.count == 2 else { return nil }
      return (arguments[1].value, [arguments[0].value])
    default: return nil
    }
  }

  private func expressionQuestion(of asked: Expression, by: Expression) throws -> ExpressionQuestion {
    let name = by.bare.dottedName
    if let name, symbol(name) == nil, TimedName.split(name).map(isTimed) != true {
      return ExpressionQuestion(expression: asked.bare, cut: nil, free: name)
    }
    let cut = try cut(by)
    return ExpressionQuestion(
      expression: asked.bare, cut: Cut(symbol: cut.symbol, shift: cut.shift), free: name ?? "")
  }

  /// A name, with or without its time: its derivative is that of a variable, or an error that says so.
  private func isVariable(_ expression: Expression) -> Bool {
    switch expression.bare.form {
    case .name, .timed, .field: true
    case .index(let base, _): base.dottedName != nil
    default: false
    }
  }

  /// The question that an expression asks; nil if it is no derivative.
  public func question(_ expression: Expression) throws -> Question? {
    switch expression.form {
    case .parentheses(let inner): return try question(inner)
    case .holding(let inner, let held):
      guard var question = try question(inner) else { return nil }
      question.cut = try holding(question.cut, held)
      return question
    case .derivative(let of?, let by, operand: nil): return try question(of: of, by: by)
    case .call(let callee, let arguments):
      guard case .name("D") = callee.form, arguments.count == 2 else { return nil }
      return try question(of: arguments[0].value, by: arguments[1].value)
    default: return nil
    }
  }

  /// What a derivative is by, and what it holds, also if it is of an expression: `∂/∂c[t-1] (E)`; nil if it is no
  /// derivative.
  public func cut(of expression: Expression) throws -> Cut? {
    switch expression.form {
    case .parentheses(let inner): return try cut(of: inner)
    case .holding(let inner, let held):
      return try cut(of: inner).map { try holding($0, held) }
    case .derivative(of: nil, let by, operand: _?):
      let (symbol, shift) = try cut(by)
      return Cut(symbol: symbol, shift: shift)
    default: return try question(expression)?.cut
    }
  }

  private func question(of numerator: Expression, by denominator: Expression) throws -> Question {
    let target = try variable(numerator)
    let cut = try cut(denominator)
    return Question(symbol: target.symbol, shift: target.shift, cut: Cut(symbol: cut.symbol, shift: cut.shift))
  }

  private func symbol(_ name: String) -> SymbolID? { recurrence.store.symbol(named: name) }

  private func isTimed(_ name: String) -> Bool {
    guard let symbol = symbol(name) else { return false }
    return recurrence.store[symbol].kind == .variable || recurrence.store[symbol].kind == .input
  }

  private func variable(_ expression: Expression) throws -> (symbol: SymbolID, shift: Int) {
    let bare = expression.bare
    switch TimedReference.read(bare, isVariable: isTimed) {
    case .timed(let reference):
      guard let found = symbol(reference.name) else {
        throw ElaborationError.undefined(
          name: reference.name, bare.place, near: nearNames(reference.name, among: recurrence.store.symbols.map(\.name))
        )
      }
      guard isTimed(reference.name) else {
        throw ElaborationError.parameterWithTime(name: reference.name, bare.place)
      }
      return (found, reference.shift)
    case .otherIndex(let name, let index):
      throw ElaborationError.timeForm(name: name, written: index.place.text, index.place)
    case .none: break
    }
    if let name = bare.dottedName, isTimed(name) {
      throw ElaborationError.missingTime(name: name, cell: recurrence.name, isInput: false, bare.place)
    }
    throw ElaborationError.setting(
      message: "\(bare.place.text) cannot stand here: a derivative is of a variable with its time",
      hint: "∂c[t]/∂c[t-1]", bare.place)
  }

  private func unknown(_ name: String, _ place: Place) -> ElaborationError {
    let timed = (recurrence.variables + recurrence.inputs).map { recurrence.store[$0].name }
    let near = nearNames(name, among: timed)
    return .setting(
      message: "\(name) is neither a variable nor an input of \(recurrence.name)",
      hint: near.isEmpty
        ? "it has \(timed.joined(separator: ", "))" : "did you mean \(near.joined(separator: " or "))?", place)
  }

  /// What the derivative is by: a variable with its time, or a parameter without.
  private func cut(_ expression: Expression) throws -> (symbol: SymbolID, shift: Int) {
    if let name = expression.bare.dottedName, TimedName.split(name).map(isTimed) != true, let found = symbol(name),
      !isTimed(name)
    {
      return (found, 0)
    }
    if let entry = recurrence.entry(expression.bare) { return (entry, 0) }
    return try variable(expression)
  }

  private func holding(_ cut: Cut, _ expressions: [Expression]) throws -> Cut {
    var result = cut
    for expression in expressions {
      let held = try hold(expression)
      guard held.symbol != cut.symbol || held.shift != nil && held.shift != cut.shift else {
        let by = TextNotation.read(recurrence.store[cut.symbol], shift: cut.shift)
        throw ElaborationError.setting(
          message: "\(by) is what the derivative is by, so it cannot be held",
          hint: "other states can be held", expression.place)
      }
      result.held.append(held)
    }
    return result
  }

  /// `h[t-1]`, or `h` for all times.
  private func hold(_ expression: Expression) throws -> Held {
    if let name = expression.bare.dottedName, isTimed(name), let found = symbol(name) {
      return Held(symbol: found, shift: nil)
    }
    let (symbol, shift) = try variable(expression)
    return Held(symbol: symbol, shift: shift)
  }
}
