/// Notation of other languages, with what was typed put into the hint.
extension Parser {
  func foreign(_ habit: ForeignHabit.Name, after left: Expression?) -> Stop {
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

  /// `print "a"`, `lambda x: x`: a word that calls or defines elsewhere, and what follows it.
  func adjacentWord(_ name: String, _ word: Token) -> Stop? {
    if let habit = ForeignHabits.words[name] {
      return failure(.foreign(habit, [name, guessedOperand(at: position)]), place(of: word))
    }
    let isText = if case .text = token.kind { true } else { false }
    guard isText || ForeignHabits.callingWords.contains(name) else { return nil }
    return failure(.foreign(.printStatement, [name, guessedOperand(at: position)]))
  }

  /// `a++`: two signs without a space, and nothing behind them.
  func increment() -> Stop? {
    guard position > 2, case .mark(let last) = tokens[position - 1].kind, last == .plus || last == .minus,
      case .mark(last) = tokens[position - 2].kind, !tokens[position - 1].followsSpace,
      !tokens[position - 2].followsSpace
    else { return nil }
    let name = source.slice(tokens[position - 3].start..<tokens[position - 3].end)
    return failure(
      .foreign(.increment, [name, last.spelling + last.spelling, last.spelling]),
      Place(source, tokens[position - 2].start..<tokens[position - 1].end))
  }
}
