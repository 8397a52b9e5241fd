import Algebra
import Syntax

/// The body of a user's function as an expression in its arguments, seen through as in a cell.
struct FunctionBody {
  let store: Store
  let arguments: [SymbolID]
  let root: NodeID

  /// - Parameters:
  ///   - kind: what the arguments are.
  ///   - number: the value of a name of the session, which is taken as a constant.
  /// - Throws: `ElaborationError` where the body is no expression or speaks of a name that is no number.
  init(
    _ function: FunctionDefinition, arguments kind: Symbol.Kind, environment: Environment, number: (String) -> Double?
  ) throws {
    let recurrence = Recurrence(name: function.name)
    let store = recurrence.store
    arguments = function.parameters.map { store.add(Symbol(name: $0, kind: kind)) }
    var reader = ExpressionElaborator(
      cellName: function.name, isReversed: false, environment: environment, recurrence: recurrence, timed: [:])
    var scope: [String: NodeID] = [:]
    for argument in arguments { scope[store[argument].name] = store.insert(.read(argument, shift: 0)) }
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
    self.store = store
    self.root = filled[root] ?? root
  }
}
