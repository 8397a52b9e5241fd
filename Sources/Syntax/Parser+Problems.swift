/// What to say about a token that cannot stand where it stands.
extension Parser {
  /// A token that follows something whole: an operator or an end was expected, or what `expecting` says.
  func misplaced(after left: Expression?, expecting: String? = nil) -> Stop {
    switch token.kind {
    case .end: return .incomplete(expecting: expecting ?? "an operator")
    case .openText: return .incomplete(expecting: "\"\"\"")
    case .invalid(let fact): return failure(fact)
    case .foreign(let habit): return foreign(habit, after: left)
    case .mark(let mark): return misplaced(mark, after: left, expecting: expecting)
    case .superscript: return failure(.unexpected(text(of: token), expecting: expecting))
    case .word(let word) where left == nil || word == .else || word == .end:
      return misplaced(word, expecting: expecting)
    default:
      guard let left else { return failure(.unexpected(text(of: token), expecting: expecting)) }
      return adjacent(left)
    }
  }

  private func misplaced(_ word: Word, expecting: String?) -> Stop {
    if expecting?.contains("name") == true { return failure(.reservedWord(word.rawValue)) }
    switch word {
    case .else: return failure(.elseAlone)
    case .end: return failure(.endOutsideIndex)
    default: return failure(.unexpected(word.rawValue, expecting: expecting))
    }
  }

  private func misplaced(_ mark: Mark, after left: Expression?, expecting: String?) -> Stop {
    switch mark {
    case .closeParenthesis, .closeBracket, .closeBrace:
      return wrongCloser(mark) ?? failure(.unexpected(mark.spelling, expecting: expecting))
    case .comma where opened.isEmpty || opened.last?.mark == .openBrace: return failure(.commaOutside)
    case .cross:
      return failure(.foreign(.crossProduct, [lastOperand, guessedOperand(at: position + 1)]))
    case .colon: return misplacedColon(left)
    case .assign where left != nil:
      return failure(.foreign(.equalsInExpression, [lastOperand, guessedOperand(at: position + 1)]))
    case .holding, .in, .and, .or:
      return failure(.unexpected(mark.spelling, expecting: expecting))
    case .openParenthesis, .openBracket, .partial, .root, .not:
      guard let left else { return failure(.unexpected(text(of: token), expecting: expecting)) }
      return adjacent(left)
    default:
      if mark.isWord, expecting?.contains("name") == true { return failure(.reservedWord(mark.spelling)) }
      return failure(.unexpected(text(of: token), expecting: expecting))
    }
  }

  /// A closing bracket that closes another bracket than the one that is open.
  private func wrongCloser(_ closer: Mark) -> Stop? {
    guard let open = opened.last else { return failure(.unopened(closer.spelling)) }
    if open.mark.closer == closer { return nil }
    if open.mark == .openBrace { return failure(.unopened(closer.spelling)) }
    return failure(
      .mismatched(opener: open.mark.spelling, closer: closer.spelling), here, [(open.place, "opened here")])
  }

  private func misplacedColon(_ left: Expression?) -> Stop {
    if nextToken.followsNewline || { if case .end = nextToken.kind { true } else { false } }() {
      let line = source.bounds(ofLine: source.line(at: token.start))
      let head = source.slice(line.lowerBound..<token.start)
      return failure(.foreign(.colonBlock, [String(head.drop { $0 == " " || $0 == "\t" })]))
    }
    if case .name(let name)? = previousToken?.kind, beginsStatement(position - 1) {
      return failure(.labelOutside(name))
    }
    return failure(.foreign(.colonRange, [lastOperand, guessedOperand(at: position + 1)]))
  }

  /// Two operands side by side.
  private func adjacent(_ left: Expression) -> Stop {
    let isEnclosed = opened.last.map { $0.mark != .openBrace || context.newlinesAreFree } ?? false
    if statementBegins(at: position) {
      return isEnclosed && token.followsNewline ? unclosedBracket() : failure(.statementsTogether)
    }
    if token.followsNewline || beginsNamed, let open = opened.last, open.mark != .openBracket {
      return failure(
        .unexpected(text(of: token), expecting: ", or \(open.mark.closer?.spelling ?? ")")"), here,
        [(open.place, "opened here")])
    }
    if opened.last?.mark == .openBracket {
      let isIndex = context.isIndex && !context.isElement
      if !isIndex, token.followsSpace {
        return failure(.foreign(.missingComma, [lastOperand, guessedOperand(at: position)]))
      }
    }
    if let previousToken, case .name(let name) = previousToken.kind {
      if let stop = adjacentWord(name, previousToken) { return stop }
    }
    return failure(.foreign(.missingProduct, [lastOperand, guessedOperand(at: position)]))
  }

  /// `f(x: 3 h: 4)`: the next argument or field, with its name.
  private var beginsNamed: Bool {
    if case .name = token.kind, case .mark(.colon) = nextToken.kind { true } else { false }
  }

  /// Whether a token is the first of its statement.
  private func beginsStatement(_ position: Int) -> Bool {
    guard position > 0, !tokens[position].followsNewline else { return position == 0 || !context.newlinesAreFree }
    switch tokens[position - 1].kind {
    case .mark(.semicolon): return opened.last?.mark != .openBracket
    case .mark(.openBrace), .mark(.closeBrace): return true
    default: return false
    }
  }

  /// The innermost bracket was never closed: the text went on to here.
  func unclosedBracket() -> Stop {
    guard let open = opened.last else { return failure(.unexpected(text(of: token), expecting: nil)) }
    return failure(
      .unclosed(open.mark.spelling), open.place, [(here, "here the next statement seems to begin")])
  }

  /// A line that looks like a statement of its own.
  func statementBegins(at position: Int) -> Bool {
    guard tokens.indices.contains(position) else { return false }
    switch tokens[position].kind {
    case .word(let word): return ![.true, .false, .nothing, .end, .if].contains(word)
    case .name:
      guard tokens.indices.contains(position + 1) else { return false }
      if case .mark(.assign) = tokens[position + 1].kind { return true }
      return false
    default: return false
    }
  }

  /// No operand stands here.
  func missingOperand() -> Stop {
    switch token.kind {
    case .end: return increment() ?? .incomplete(expecting: "an expression")
    case .openText: return .incomplete(expecting: "\"\"\"")
    case .invalid(let fact): return failure(fact)
    case .foreign(let habit): return foreign(habit, after: nil)
    case .word(let word): return misplaced(word, expecting: "an expression")
    case .mark(.semicolon) where increment() != nil, .mark(.closeBrace) where increment() != nil:
      return increment() ?? failure(.operandMissing(before: nil, after: nil))
    case .mark(let mark):
      if let stop = [.closeParenthesis, .closeBracket, .closeBrace].contains(mark) ? wrongCloser(mark) : nil {
        return stop
      }
      if mark == .not { return failure(.notUnderOperator(previousToken.map(text(of:)) ?? "")) }
      if mark == .cross { return failure(.foreign(.crossProduct, [])) }
      return failure(.operandMissing(before: text(of: token), after: operatorBefore))
    default: return failure(.operandMissing(before: text(of: token), after: operatorBefore))
    }
  }

  /// The operator just before, if one stands there.
  private var operatorBefore: String? {
    guard let previousToken, case .mark(let mark) = previousToken.kind,
      InfixRow.row(of: mark) != nil || mark == .assign || mark == .comma || mark == .not
    else { return nil }
    return text(of: previousToken)
  }
}
