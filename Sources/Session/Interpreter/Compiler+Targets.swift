import Syntax

/// What stands left of `=`.
extension Compiler {
  func target(_ expression: Expression, _ scope: Scope) throws -> Target {
    switch expression.form {
    case .name(let name): return .name(try nameTarget(name, expression.place, scope))
    case .parentheses(let inner): return try target(inner, scope)
    case .tuple(let parts): return .several(try parts.map { try target($0, scope) }, expression.place)
    case .field, .index: return .part(try partTarget(expression, scope))
    case .derivative, .holding: throw SessionError.derivativeAssigned(expression.place)
    case .timed: throw SessionError.timedAssigned(expression.place)
    default: throw SessionError.notAssignable(expression.place)
    }
  }

  func nameTarget(_ name: String, _ place: Place, _ scope: Scope) throws -> NameTarget {
    if scope.owns(name), let slot = scope.slot(of: name) { return .slot(slot) }
    if name == "_" { throw SessionError.underscoreAssigned(place) }
    if name == "t" { throw SessionError.timeAssigned(place) }
    return .global(interpreter.binding(name), place)
  }

  private func partTarget(_ expression: Expression, _ scope: Scope) throws -> PartTarget {
    var steps: [PartTarget.Step] = []
    var base = expression
    while true {
      switch base.form {
      case .parentheses(let inner):
        base = inner
      case .field(let inner, let name):
        steps.append(.field(name, base.place))
        base = inner
      case .index(let inner, let indices):
        if isTimed(base, scope) { throw SessionError.timedAssigned(expression.place) }
        steps.append(.index(try indexList(indices, scope), base: try node(inner, scope), indices, base.place))
        base = inner
      case .name(let name):
        let slot = scope.slot(of: name)
        let root: NameTarget
        if let slot, scope.owns(name) || scope.isFunction {
          root = .slot(slot)
        } else {
          root = .global(interpreter.binding(name), base.place)
        }
        return PartTarget(
          root: root, rootName: name, rootPlace: base.place, steps: steps.reversed(), place: expression.place,
          isOutsideFunction: scope.isFunction && !scope.owns(name))
      default: throw SessionError.notAssignable(expression.place)
      }
    }
  }

  /// `c[t]`, `h[t-1]`: a name at a time, unless `t` is a variable here.
  func isTimed(_ expression: Expression, _ scope: Scope) -> Bool {
    guard case .index(let base, let indices) = expression.form, case .name(let name) = base.form else { return false }
    guard scope.slot(of: name) == nil, scope.slot(of: "t") == nil, indices.count == 1 else { return false }
    return Self.mentionsTime(indices[0])
  }

  private static func mentionsTime(_ expression: Expression) -> Bool {
    switch expression.form {
    case .name(let name): name == "t"
    case .parentheses(let inner), .prefix(_, let inner): mentionsTime(inner)
    case .infix(_, let left, let right): mentionsTime(left) || mentionsTime(right)
    default: false
    }
  }
}
