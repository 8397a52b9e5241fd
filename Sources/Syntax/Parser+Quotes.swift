/// What stands around a token, to be quoted in a hint: a guess, never relied on.
extension Parser {
  /// The text of the operand that ends just before this token, with its brackets, if it is short.
  var lastOperand: String? {
    guard position > 0 else { return nil }
    var start = position - 1
    var depth = 0
    while start >= 0, position - start < 40 {
      switch tokens[start].kind {
      case .mark(.closeParenthesis), .mark(.closeBracket): depth += 1
      case .mark(.openParenthesis), .mark(.openBracket): depth -= 1
      default: break
      }
      if depth < 0 { return nil }
      if depth == 0, !continuesBackwards(start) {
        return source.slice(tokens[start].start..<tokens[position - 1].end)
      }
      start -= 1
    }
    return nil
  }

  /// A token that belongs to an operand that began before it.
  private func continuesBackwards(_ position: Int) -> Bool {
    guard position > 0, !tokens[position].followsSpace else { return false }
    switch (tokens[position].kind, tokens[position - 1].kind) {
    case (.mark(.openParenthesis), .name), (.mark(.openBracket), .name), (.mark(.prime), _),
      (.mark(.openBracket), .timed), (.mark(.openBracket), .mark(.closeBracket)),
      (.mark(.openParenthesis), .mark(.prime)), (.mark(.openParenthesis), .mark(.closeBracket)), (.superscript, _),
      (.mark(.point), .name), (.name, .mark(.point)):
      return true
    default: return false
    }
  }

  /// The text of the operand that begins at a token, with its brackets, if it is short.
  func guessedOperand(at position: Int) -> String? {
    guard tokens.indices.contains(position) else { return nil }
    switch tokens[position].kind {
    case .number, .name, .timed, .text, .mark(.openParenthesis), .mark(.openBracket), .mark(.minus), .mark(.partial):
      break
    default: return nil
    }
    var stop = position
    var depth = 0
    while stop < tokens.count, stop - position < 40 {
      switch tokens[stop].kind {
      case .mark(.openParenthesis), .mark(.openBracket): depth += 1
      case .mark(.closeParenthesis), .mark(.closeBracket): depth -= 1
      case .end: return nil
      default: break
      }
      if depth < 0 { return nil }
      let isSign = if case .mark(.minus) = tokens[stop].kind { stop == position } else { false }
      if depth == 0, !isSign, !continuesForwards(stop) {
        return source.slice(tokens[position].start..<tokens[stop].end)
      }
      stop += 1
    }
    return nil
  }

  private func continuesForwards(_ position: Int) -> Bool {
    guard tokens.indices.contains(position + 1), !tokens[position + 1].followsSpace else { return false }
    switch tokens[position].kind {
    case .mark(.partial), .mark(.divide): return true
    default: break
    }
    switch tokens[position + 1].kind {
    case .mark(.divide):
      // `∂y/∂x` is one operand.
      guard tokens.indices.contains(position + 2), case .mark(.partial) = tokens[position + 2].kind else {
        return false
      }
      return true
    case .mark(.openParenthesis), .mark(.openBracket), .mark(.prime), .mark(.point): return true
    case .name: if case .mark(.point) = tokens[position].kind { return true } else { return false }
    default: return false
    }
  }
}
