extension Expression {
  /// How tightly an expression holds together as it is written.
  var level: Level {
    switch form {
    case .within: .within
    case .infix(let infix, _, _): infix.levels.own
    case .prefix(let sign, _): sign == .not ? .not : .unary
    case .comparison: .comparison
    case .derivative, .holding: .unary
    default: .postfix
    }
  }
}
