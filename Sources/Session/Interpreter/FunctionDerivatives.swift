import Algebra
import Elaboration
import Syntax

extension Interpreter {
  /// `f'`: of functions of one number, by the derivative rules of cells. Names of the session in a user's function are
  /// the numbers that they are now.
  func derivative(of function: Function, _ place: Place?) throws -> Function {
    if case .builtin(let builtin) = function.kind, OperatorTable.find(builtin.name, arity: 1) == nil {
      guard let slope = builtin.slope else {
        throw SessionError.noDerivative("\(function.name) has no derivative that is known here", place)
      }
      return Function(.derivative(of: function, nil, slope))
    }
    do {
      let derivative = try scalarFunction(function, place).derivative()
      return Function(.derivative(of: function, derivative, derivative.value))
    } catch let failure as DerivativeFailure {
      throw SessionError.noDerivative(Self.text(of: failure), place)
    }
  }

  private func scalarFunction(_ function: Function, _ place: Place?) throws -> ScalarFunction {
    switch function.kind {
    case .builtin(let builtin):
      if let scalar = ScalarFunction(operator: builtin.name) { return scalar }
    case .derivative(_, let scalar, _): if let scalar { return scalar }
    case .user(let user):
      guard user.code.parameters.count == 1 else {
        throw SessionError.noDerivative("\(function.signature) is not a function of one number", place)
      }
      return try ScalarFunctionReader.read(user.code.definition, environment: environment) { name in
        if case .number(let number)? = value(of: name) { number } else { nil }
      }
    }
    throw SessionError.noDerivative("\(function.name) has no derivative that is known here", place)
  }

  /// Evaluates `f'(x)`, also of every number of a tensor.
  func callDerivative(
    of base: Function, _ slope: @Sendable (Double) -> Double, _ given: [GivenArgument], _ place: Place?
  ) throws -> Value {
    guard given.count == 1, let argument = given.first, argument.label == nil else {
      throw SessionError.argumentCount("\(base.name)'(x)", expected: 1, given: given.count, place)
    }
    return try map(named: base.name + "'", slope, argument.value, argument.place)
  }
}
