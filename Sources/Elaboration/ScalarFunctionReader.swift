import Algebra
import Syntax

/// A user's function of one number as an expression, seen through as in a cell, so that it can be differentiated.
public enum ScalarFunctionReader {
  /// - Parameter number: the value of a name of the session, which the derivative takes as a constant.
  public static func read(
    _ function: FunctionDefinition, environment: Environment, number: (String) -> Double?
  ) throws -> ScalarFunction {
    let recurrence = Recurrence(name: function.name)
    let store = recurrence.store
    let argument = store.add(Symbol(name: function.parameters.first ?? "z", kind: .constant))
    var reader = ExpressionElaborator(
      cellName: function.name, isReversed: false, environment: environment, recurrence: recurrence, timed: [:])
    let scope = [store[argument].name: store.insert(.read(argument, shift: 0))]
    let root = try reader.body(of: function, scope, function.namePlace)
    var constants: [SymbolID: NodeID] = [:]
    for parameter in reader.recurrence.parameters {
      let name = store[parameter].name
      guard let value = number(name), let decimal = Decimal(value) else {
        throw ElaborationError.setting(
          message: "\(name) in \(function.name) is no number",
          hint: "a derivative takes names of the session as numbers",
          reader.parameterPlaces[parameter] ?? function.namePlace)
      }
      constants[parameter] = store.insert(.number(decimal))
    }
    let filled = store.rewrite([root], into: store) { node in
      if case .read(let symbol, _) = node { constants[symbol] } else { nil }
    }
    return ScalarFunction(store: store, argument: argument, root: filled[root] ?? root)
  }
}
