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
    if token.followsNewline, let open = opened.last, open.mark != .openBracket {
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

  /// `print "a"`, `lambda x: x`: a word that calls or defines elsewhere, and what follows it.
  private func adjacentWord(_ name: String, _ word: Token) -> Stop? {
    if let habit = ForeignHabits.words[name] {
      return failure(.foreign(habit, [name, guessedOperand(at: position)]), place(of: word))
    }
    let isText = if case .text = token.kind { true } else { false }
    guard isText || ForeignHabits.callingWords.contains(name) else { return nil }
    return failure(.foreign(.printStatement, [name, guessedOperand(at: position)]))
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

  /// `a++`: two signs without a space, and nothing behind them.
  private func increment() -> Stop? {
    guard position > 2, case .mark(let last) = tokens[position - 1].kind, last == .plus || last == .minus,
      case .mark(last) = tokens[position - 2].kind, !tokens[position - 1].followsSpace,
      !tokens[position - 2].followsSpace
    else { return nil }
    let name = source.slice(tokens[position - 3].start..<tokens[position - 3].end)
    return failure(
      .foreign(.increment, [name, last.spelling + last.spelling, last.spelling]),
      Place(source, tokens[position - 2].start..<tokens[position - 1].end))
  }

  /// The operator just before, if one stands there.
  private var operatorBefore: String? {
    guard let previousToken, case .mark(let mark) = previousToken.kind,
      InfixRow.row(of: mark) != nil || mark == .assign || mark == .comma || mark == .not
    else { return nil }
    return text(of: previousToken)
  }

  // MARK: Notation of other languages

  private func foreign(_ habit: ForeignHabit.Name, after left: Expression?) -> Stop {
    let sign = text(of: token)
    let next = guessedOperand(at: position + 1)
    switch habit {
    case .augmented:
      return failure(.foreign(habit, [lastOperand ?? left?.place.brief, assignedText, sign, String(sign.dropLast())]))
    case .percent where left == nil: return failure(.foreign(habit, []))
    case .slashes where left == nil: return failure(.foreign(habit, [nil, nil, sign]))
    case .pointed: return failure(.foreign(habit, [lastOperand, next, sign, String(sign.dropFirst())]))
    case .ampersands, .tripleEquals, .slashes: return failure(.foreign(habit, [lastOperand, next, sign]))
    case .exclamation, .tilde: return failure(.foreign(habit, [next]))
    case .bar where left == nil: return failure(.foreign(.absoluteBars, [barred]))
    case .singleQuotes:
      let text = sign.unicodeScalars.dropFirst().dropLast()
      return failure(.foreign(habit, [sign.unicodeScalars.count > 2 ? String(String.UnicodeScalarView(text)) : nil]))
    case .colonEquals: return failure(.foreign(habit, [left?.place.brief, assignedText]))
    default: return failure(.foreign(habit, [lastOperand, next]))
    }
  }

  /// What stands between `|` here and the next `|`.
  private var barred: String? {
    var stop = position + 1
    while stop < tokens.count, stop < position + 40, !tokens[stop].followsNewline {
      if case .foreign(.bar) = tokens[stop].kind {
        let inner = source.slice(token.end..<tokens[stop].start)
        return inner.isEmpty ? nil : inner
      }
      stop += 1
    }
    return nil
  }

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
