import Syntax

extension Interpreter {
  /// `f'`: of functions of one number.
  func derivative(of function: Function, _ place: Place?) throws -> Function {
    switch function.kind {
    case .user(let user):
      guard user.code.parameters.count == 1 else {
        throw SessionError.noDerivative("\(function.signature) is not a function of one number", place)
      }
    case .builtin(let builtin):
      guard builtin.slope != nil else {
        throw SessionError.noDerivative("\(function.name) has no derivative that is known here", place)
      }
    case .derivative: break
    }
    return Function(.derivative(of: function))
  }

  /// Evaluates `f'(x)`.
  func callDerivative(of base: Function, _ given: [GivenArgument], _ place: Place?) throws -> Value {
    guard given.count == 1, let argument = given.first, argument.label == nil else {
      throw SessionError.argumentCount("\(base.name)'(x)", expected: 1, given: given.count, place)
    }
    guard case .builtin(let builtin) = base.kind, let slope = builtin.slope else {
      throw SessionError.noDerivative("\(base.name)' is not known here", place)
    }
    return try map(builtin, slope, argument.value, argument.place)
  }
}
