import Typography

/// Breaks a printed equation into lines: at the outermost + and -, and where one term is too wide, at the outermost +
/// and - inside its parentheses. The operator begins the new line.
public enum EquationLayout {
  public static func lines(_ left: String, _ right: String, width: Int) -> [String] {
    let whole = "\(left) = \(right)"
    if whole.displayWidth <= width { return [whole] }
    var lines = ["\(left) ="]
    for (position, term) in terms(right).enumerated() {
      let piece = position == 0 ? term.text : "\(term.sign) \(term.text)"
      let last = lines[lines.count - 1]
      if last.displayWidth + 1 + piece.displayWidth <= width {
        lines[lines.count - 1] = last + " " + piece
      } else if 2 + piece.displayWidth <= width {
        lines.append("  " + piece)
      } else {
        lines += broken(term, isFirst: position == 0, width: width)
      }
    }
    return lines
  }

  /// `+ (  a`, `     + b`, `     + c ) · d`: the first parentheses that hold a sum are opened over several lines.
  private static func broken(_ term: (sign: String, text: String), isFirst: Bool, width: Int) -> [String] {
    let lead = isFirst && term.sign == "+" ? "    " : "  \(term.sign) "
    guard let (before, inside, after) = parentheses(term.text) else { return wrapped(lead + term.text, width) }
    let inner = terms(inside)
    guard inner.count > 1 else { return wrapped(lead + term.text, width) }
    let head = lead + before + "("
    let indent = String(repeating: " ", count: min(head.displayWidth, width / 2))
    var lines = ["\(head)  \(inner[0].text)"]
    for part in inner.dropFirst() { lines.append("\(indent)\(part.sign) \(part.text)") }
    lines[lines.count - 1] += " )" + after
    return lines.flatMap { wrapped($0, width) }
  }

  /// The last resort: at blanks.
  private static func wrapped(_ line: String, _ width: Int) -> [String] {
    guard line.displayWidth > width else { return [line] }
    let margin = String(line.prefix { $0 == " " })
    let hanging = String(repeating: " ", count: min(margin.count + 4, width / 2))
    var lines: [String] = []
    var current = margin
    for word in line.split(separator: " ") {
      let isStart = current.allSatisfy { $0 == " " }
      let longer = current + (isStart ? "" : " ") + word
      if longer.displayWidth > width, !isStart {
        lines.append(current)
        current = hanging + word
      } else {
        current = longer
      }
    }
    return lines + [current]
  }

  /// The terms of a sum, each with the sign before it.
  public static func terms(_ text: String) -> [(sign: String, text: String)] {
    var result: [(sign: String, text: String)] = []
    var depth = 0
    var sign = "+"
    var current = ""
    let characters = Array(text)
    var index = 0
    while index < characters.count {
      let character = characters[index]
      if "([".contains(character) { depth += 1 }
      if ")]".contains(character) { depth -= 1 }
      if depth == 0, character == " ", index + 2 < characters.count, "+-".contains(characters[index + 1]),
        characters[index + 2] == " "
      {
        result.append((sign, current))
        sign = String(characters[index + 1])
        current = ""
        index += 3
        continue
      }
      current.append(character)
      index += 1
    }
    result.append((sign, current))
    return result
  }

  /// The longest outermost parentheses that hold a sum and do not belong to a call, and what stands around them.
  private static func parentheses(_ text: String) -> (before: String, inside: String, after: String)? {
    let characters = Array(text)
    var best: ClosedRange<Int>?
    var open: Int?
    var depth = 0
    for (index, character) in characters.enumerated() {
      if "([".contains(character) {
        let isGrouping = character == "(" && (index == 0 || characters[index - 1] == " ")
        if depth == 0 { open = isGrouping ? index : nil }
        depth += 1
      } else if ")]".contains(character) {
        depth -= 1
        guard depth == 0, let start = open, index - start > (best?.count ?? 0) else { continue }
        if terms(String(characters[(start + 1)..<index])).count > 1 { best = start...index }
      }
    }
    guard let best else { return nil }
    return (
      String(characters[..<best.lowerBound]), String(characters[(best.lowerBound + 1)..<best.upperBound]),
      String(characters[(best.upperBound + 1)...])
    )
  }
}
