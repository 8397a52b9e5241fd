/// Trees as words of a decision: as they stand in the cell, or near to how the paper has them.
enum LaTeXPhrase {
  /// `W_xrᵀ · X[t]`
  static func cell(_ expression: Expression) -> String { text(expression, isPaper: false) }

  /// `X_t W_xr`
  static func paper(_ expression: Expression) -> String { text(expression, isPaper: true) }

  /// Source text on one line, without the braces and spaces that only TeX needs.
  static func collapsed(_ text: String) -> String {
    let sized = ["\\left", "\\right"].reduce(text) { removed($1, from: $0) }
    let words = sized.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return words.count > 60 ? words.prefix(57) + "…" : words
  }

  /// Without a command, where it is not the beginning of a longer one (`\leftarrow`).
  private static func removed(_ command: String, from text: String) -> String {
    var out = ""
    var rest = Substring(text)
    while let backslash = rest.firstIndex(of: "\\") {
      out += rest[..<backslash]
      rest = rest[backslash...]
      let after = rest.dropFirst(command.count)
      if rest.hasPrefix(command), after.first?.isLetter != true {
        rest = after
      } else {
        out += "\\"
        rest = rest.dropFirst()
      }
    }
    return out + rest
  }

  private static func text(_ expression: Expression, isPaper: Bool) -> String {
    func list(_ items: [Expression]) -> String {
      items.map { text($0, isPaper: isPaper) }.joined(separator: ", ")
    }
    switch expression.form {
    case .number(let digits): return digits
    case .name(let name): return name
    case .parentheses(let inside): return "(" + text(inside, isPaper: isPaper) + ")"
    case .prefix(_, let inside): return "-" + text(inside, isPaper: isPaper)
    case .primed(let inside): return text(inside, isPaper: isPaper) + "ᵀ"
    case .infix(let sign, let left, let right):
      let mark = isPaper && sign == .dot ? " " : sign == .power ? "^" : " \(sign.rawValue) "
      return text(left, isPaper: isPaper) + mark + text(right, isPaper: isPaper)
    case .call(let function, let arguments):
      return text(function, isPaper: isPaper) + "(" + list(arguments.map(\.value)) + ")"
    case .index(let base, let indices):
      if isPaper {
        let times = list(indices).filter { $0 != " " }
        return text(base, isPaper: true) + (times.count > 1 ? "_{\(times)}" : "_\(times)")
      }
      let isDelay = indices.count == 1
      let inside = list(indices)
      return text(base, isPaper: false) + "[" + (isDelay ? inside.filter { $0 != " " } : inside) + "]"
    case .brackets(let rows): return "[" + rows.map { list($0) }.joined(separator: "; ") + "]"
    case .derivative(let of, let by, let operand):
      let above = of.map { text($0, isPaper: isPaper) } ?? ""
      let below = text(by, isPaper: isPaper)
      return "∂\(above)/∂\(below)" + (operand.map { " " + text($0, isPaper: isPaper) } ?? "")
    default: return expression.place.text
    }
  }
}
