import Syntax

/// What is symbolic: a name with a time, a derivative, `holding`, `in` a cell. The one door between values and cells.
final class SymbolicNode: Node {
  private let expression: Expression

  init(_ expression: Expression, _ place: Place) {
    self.expression = expression
    super.init(place)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    throw SessionError.noCellInUse(text, place)
  }
}

extension Interpreter {
  func use(_ expression: Expression, _ place: Place) throws {
    throw SessionError.noCellInUse(expression.place.text, place)
  }

  func check(_ claim: Expression, _ answers: [Expression], _ place: Place) throws {
    throw SessionError.noCellInUse(claim.place.text, claim.place)
  }

  func define(_ definition: CellDefinition, _ place: Place) throws {
    throw SessionError.noCellInUse(definition.name.name, place)
  }

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
