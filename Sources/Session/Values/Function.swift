import Algebra
import Syntax

/// A function as a value: of the user, built in, or the derivative of another.
final class Function {
  enum Kind {
    case user(UserFunction)
    case builtin(Builtin)
    /// `f'`: as an expression, where it can be differentiated again, and ready to be called.
    case derivative(of: Function, ScalarFunction?, @Sendable (Double) -> Double)
  }

  let kind: Kind

  init(_ kind: Kind) { self.kind = kind }

  var name: String {
    switch kind {
    case .user(let function): function.code.name
    case .builtin(let builtin): builtin.name
    case .derivative(let function, _, _): function.name + "'"
    }
  }

  /// `f(x, y)`, as help and completion show it.
  var signature: String {
    switch kind {
    case .user(let function): "\(function.code.name)(\(function.code.parameters.joined(separator: ", ")))"
    case .builtin(let builtin): builtin.signature
    case .derivative(let function, _, _): "\(function.name)'(x)"
    }
  }

  var depth: Int {
    switch kind {
    case .user(let function): function.depth
    case .builtin: 0
    case .derivative(let function, _, _): function.depth + 1
    }
  }
}

/// A function that the user wrote, with what it took from the function around it.
struct UserFunction {
  let code: FunctionCode
  /// The values of names of the function around it, as they were when it was defined.
  let captured: [Value?]
  let depth: Int
}

/// The part of a user's function that does not depend on when it was defined.
final class FunctionCode {
  let name: String
  let parameters: [String]
  let definition: FunctionDefinition
  let place: Place
  /// How many names it has of its own: parameters first, then what it assigns, its loops' variables, what it captured.
  var slotCount = 0
  /// Where captured values go, in the order of `UserFunction.captured`.
  var capturedSlots: [Int] = []
  /// Where it finds itself, if it was defined inside another function and calls itself.
  var selfSlot: Int?
  var body: FunctionCodeBody = .expression(ConstantNode(.nothing, nil))

  init(_ definition: FunctionDefinition, _ place: Place) {
    name = definition.name
    parameters = definition.parameters
    self.definition = definition
    self.place = place
  }
}

enum FunctionCodeBody {
  case expression(Node)
  case block([StatementNode])
}
