import Syntax

extension Expression {
  /// The expression within parentheses, if it is in parentheses.
  var bare: Expression {
    var inner = self
    while case .parentheses(let next) = inner.form { inner = next }
    return inner
  }

  /// `h`, or `layer1.h` for a part of a cell that is built of cells.
  var dottedName: String? {
    switch form {
    case .name(let name): return name
    case .field(let base, let name): return base.dottedName.map { "\($0).\(name)" }
    default: return nil
    }
  }
}

/// A variable with its time, as it may be written: `v[t-1]`, `v_{t-1}`, `v_t`, `vₜ`.
struct TimedReference {
  var name: String
  var shift: Int

  enum Reading {
    case timed(TimedReference)
    /// An index that is no time: what was written.
    case otherIndex(name: String, index: Expression)
    case none
  }

  /// Reads `v[...]` and the subscripts. `v_t` counts only if `isVariable` knows v (or nothing is called `v_t`).
  static func read(_ expression: Expression, isVariable: (String) -> Bool) -> Reading {
    switch expression.form {
    case .timed(let name, let offset): return .timed(TimedReference(name: name, shift: offset))
    case .name(let name):
      guard let base = TimedName.split(name), isVariable(base) || !isVariable(name) else { return .none }
      return .timed(TimedReference(name: base, shift: 0))
    case .index(let base, let indices):
      guard let name = base.dottedName, indices.count == 1 else { return .none }
      guard let shift = offset(indices[0]) else { return .otherIndex(name: name, index: indices[0]) }
      return .timed(TimedReference(name: name, shift: shift))
    default: return .none
    }
  }

  /// The offset of `t`, `t-1`, `t + 2`; nil for anything else.
  static func offset(_ expression: Expression) -> Int? {
    switch expression.bare.form {
    case .name("t"): return 0
    case .infix(let operation, let left, let right):
      guard operation == .plus || operation == .minus, let base = offset(left),
        case .number(let numeral) = right.bare.form, let steps = Int(numeral), steps <= 1_000_000
      else { return nil }
      return operation == .plus ? base + steps : base - steps
    default: return nil
    }
  }
}
