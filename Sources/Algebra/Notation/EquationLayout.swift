import Typography

/// Breaks a printed equation into lines: at the outermost + and -, and where one term is too wide, at the outermost +
/// and - inside its parentheses, and so on inwards. The operator begins the new line.
public enum EquationLayout {
  public static func lines(_ left: String, _ right: String, width: Int) -> [String] {
    let whole = "\(left) = \(right)"
    if whole.displayWidth <= width { return [whole] }
    guard let terms = PrintedTerms.read(right) else {
      // Brackets are nested too deeply to be told apart.
      return Wrapping.wrap(whole, width: width)
    }
    let first = "\(left) ="
    var breaker = LineBreaker(
      style: style, width: width, first: Breakable.Piece(text: first, width: first.displayWidth))
    breaker.put(terms)
    return breaker.lines.map { String(repeating: " ", count: $0.indent) + $0.text }
  }

  /// The terms of a printed sum, each with the sign before it.
  public static func terms(_ text: String) -> [(sign: String, text: String)] {
    guard let terms = PrintedTerms.read(text) else { return [("+", text)] }
    return terms.map { (($0.sign?.text ?? "+").filter { $0 != " " }, $0.text) }
  }

  private static let style = LineBreaker.Style(
    alignsToBrackets: true, step: 2, afterOpening: Breakable.Piece(text: "  ", width: 2),
    beforeClosing: Breakable.Piece(text: " ", width: 1), comma: Breakable.Piece(text: ",", width: 1),
    beforeFirst: Breakable.Piece(text: " ", width: 1), noSign: Breakable.Piece(text: "  ", width: 2))
}
