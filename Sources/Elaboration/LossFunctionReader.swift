import Algebra
import Syntax

/// A user's function of an output and a target as a loss, seen through as in a cell, so that it can be differentiated.
public enum LossFunctionReader {
  /// - Parameter number: the value of a name of the session, which the loss takes as a constant.
  /// - Throws: `ElaborationError` if it has not two arguments, or is no expression in them.
  public static func read(
    _ function: FunctionDefinition, environment: Environment, number: (String) -> Double?
  ) throws -> LossFunction {
    let body = try FunctionBody(function, arguments: .variable, environment: environment, number: number)
    guard body.arguments.count == 2 else {
      throw ElaborationError.argumentCount(
        name: function.name, expected: "two arguments, the output and the target", got: body.arguments.count,
        function.namePlace)
    }
    return LossFunction(
      name: function.name, store: body.store, output: body.arguments[0], target: body.arguments[1], root: body.root)
  }
}
