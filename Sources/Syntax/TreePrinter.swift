import Typography

/// Trees to text that parses to the same trees.
///
/// A tree from the parser keeps its parentheses and needs no others; in a tree that was built otherwise, they are
/// added where the grammar asks for them.
public struct TreePrinter: Sendable {
  /// `\sigma` for σ, `@` for ·.
  public var isASCII: Bool

  public init(isASCII: Bool = false) { self.isASCII = isASCII }

  public func text(_ expression: Expression) -> String { text(expression, .within) }

  /// An expression where the grammar wants something at least so tight.
  func text(_ expression: Expression, _ level: Level) -> String {
    let text = form(expression)
    return expression.level < level ? "(" + text + ")" : text
  }

  private func form(_ expression: Expression) -> String {
    switch expression.form {
    case .number(let numeral): return numeral
    case .text(let pieces): return quoted(pieces)
    case .truth(let truth): return truth ? "true" : "false"
    case .nothing: return "nothing"
    case .name(let name): return self.name(name)
    case .timed(let name, let offset): return self.name(name) + "_{t" + Self.signed(offset) + "}"
    case .end: return "end"
    case .all: return ":"
    case .parentheses(let inner): return "(" + text(inner) + ")"
    case .prefix(let sign, let operand): return prefix(sign, operand)
    case .infix(let infix, let left, let right): return self.infix(infix, left, right)
    case .comparison(let operands, let operators): return comparison(operands, operators)
    case .primed(let inner): return text(inner, .postfix) + "'"
    case .call(let function, let arguments): return call(function, arguments)
    case .index(let base, let items):
      return text(base, .postfix) + "[" + items.map(item).joined(separator: ", ") + "]"
    case .field(let base, let name): return text(base, .postfix) + "." + self.name(name)
    case .brackets(let rows):
      return "[" + rows.map { $0.map { text($0, .or) }.joined(separator: ", ") }.joined(separator: "; ") + "]"
    case .tuple(let items):
      return "(" + items.map { text($0) }.joined(separator: ", ") + (items.count == 1 ? ",)" : ")")
    case .record(let fields):
      return "{" + fields.map { name($0.name) + ": " + text($0.value) }.joined(separator: ", ") + "}"
    case .derivative(let y, let x, let operand): return derivative(y, x, operand)
    case .holding(let inner, let held): return holding(inner, held)
    case .within(let inner, let cell): return text(inner, .within) + " in " + text(cell, .or)
    case .conditional(let condition, let then, let otherwise):
      let rest = if case .conditional = otherwise.form { text(otherwise) } else { "{ " + text(otherwise) + " }" }
      return "if " + text(condition) + " { " + text(then) + " } else " + rest
    }
  }

  /// A time is written closely: `h[t-1]`.
  private func item(_ item: Expression) -> String {
    if case .infix(let sign, let time, let delay) = item.form, sign == .minus || sign == .plus,
      case .name("t") = time.form, case .number(let number) = delay.form
    {
      return "t" + sign.rawValue + number
    }
    return text(item, .or)
  }

  func name(_ name: String) -> String { isASCII ? Glyphs.ascii(name) : name }

  private static func signed(_ offset: Int) -> String {
    offset == 0 ? "" : offset < 0 ? String(offset) : "+" + String(offset)
  }

  // MARK: Operators

  private func prefix(_ sign: PrefixOperator, _ operand: Expression) -> String {
    sign == .not ? "not " + text(operand, .not) : sign.rawValue + text(operand, .unary)
  }

  private func infix(_ infix: InfixOperator, _ left: Expression, _ right: Expression) -> String {
    let levels = infix.levels
    let sides = (text(left, levels.left), text(right, levels.right))
    switch infix {
    case .power: return sides.0 + "^" + sides.1
    // `1.. .5`: three points in a row would not read.
    case .range: return sides.0 + (sides.1.hasPrefix(".") ? ".. " : "..") + sides.1
    case .dot: return sides.0 + (isASCII ? " @ " : " · ") + sides.1
    default: return sides.0 + " " + infix.rawValue + " " + sides.1
    }
  }

  private func comparison(_ operands: [Expression], _ operators: [ComparisonOperator]) -> String {
    var result = operands.first.map { text($0, .range) } ?? ""
    for (sign, operand) in zip(operators, operands.dropFirst()) {
      result += " " + (isASCII ? Glyphs.ascii(sign.rawValue) : sign.rawValue) + " " + text(operand, .range)
    }
    return result
  }

  private func call(_ function: Expression, _ arguments: [Argument]) -> String {
    let list = arguments.map { argument in
      (argument.label.map { name($0) + ": " } ?? "") + text(argument.value)
    }.joined(separator: ", ")
    if case .name("sqrt") = function.form, arguments.count == 1, !isASCII { return "√(" + list + ")" }
    return text(function, .postfix) + "(" + list + ")"
  }

  // MARK: Derivatives

  private func derivative(_ y: Expression?, _ x: Expression, _ operand: Expression?) -> String {
    let partial = isASCII ? "\\partial " : "∂"
    let below = "/" + partial + (x.isSymbol ? text(x) : "(" + text(x) + ")")
    if let y { return partial + text(y, .power) + below }
    return partial + below + (operand.map { " (" + text($0) + ")" } ?? "")
  }

  private func holding(_ inner: Expression, _ held: [Expression]) -> String {
    let isBound = inner.level == .unary && !inner.isSigned
    let left = isBound ? text(inner) : text(inner, .postfix)
    if held.count == 1, let only = held.first, only.isSymbol, !only.isGrouped { return left + " holding " + text(only) }
    return left + " holding (" + held.map { text($0) }.joined(separator: ", ") + ")"
  }
}

extension Expression {
  var isSigned: Bool {
    if case .prefix = form { return true }
    return false
  }

  var isGrouped: Bool {
    switch form {
    case .parentheses, .tuple: true
    default: false
    }
  }
}
