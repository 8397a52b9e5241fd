import Typography

/// Breaks a printed equation into lines: at the outermost + and -, and where one term is too wide, at the outermost +
/// and - inside its parentheses, and so on inwards. The operator begins the new line.
public enum EquationLayout {
  public static func lines(_ left: String, _ right: String, width: Int) -> [String] {
    let whole = "\(left) = \(right)"
    if whole.displayWidth <= width { return [whole] }
    guard let terms = PrintedTerms.read(right) else { return Wrapping.atBlanks(whole, width: width) }
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

  /// Where brackets are nested too deeply to be told apart.
  private enum Wrapping {
    static func atBlanks(_ line: String, width: Int) -> [String] {
      let margin = String(line.prefix { $0 == " " })
      let hanging = String(repeating: " ", count: min(margin.count + 4, width / 2))
      var lines: [String] = []
      var current = margin
      var isStart = true
      for word in line.split(separator: " ") {
        let longer = current + (isStart ? "" : " ") + word
        if longer.displayWidth > width, !isStart {
          lines.append(current)
          current = hanging + word
        } else {
          current = longer
        }
        isStart = false
      }
      return lines + [current]
    }
  }
}
