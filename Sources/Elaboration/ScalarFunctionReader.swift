import Algebra
import Syntax

/// A user's function of one number as an expression, seen through as in a cell, so that it can be differentiated.
public enum ScalarFunctionReader {
  /// - Parameter number: the value of a name of the session, which the derivative takes as a constant.
  public static func read(
    _ function: FunctionDefinition, environment: Environment, number: (String) -> Double?
  ) throws -> ScalarFunction {
    let body = try FunctionBody(function, arguments: .constant, environment: environment, number: number)
    guard let argument = body.arguments.first else {
      throw ElaborationError.argumentCount(
        name: function.name, expected: "one argument", got: 0, function.namePlace)
    }
    return ScalarFunction(store: body.store, argument: argument, root: body.root)
  }
}
