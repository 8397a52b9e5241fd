/// One factor: a name, a number, a call, something in parentheses, a fraction, a column.
extension LaTeXTranslation {
  func factor(_ cursor: inout LaTeXCursor, after: LaTeXTerm?) throws(LaTeXFault) -> LaTeXTerm {
    guard let atom = cursor.peek else { throw fault(.missingOperand, cursor.end) }
    // Functions without parentheses nest without brackets: `\tanh \tanh x_t`.
    depth += 1
    defer { depth -= 1 }
    if depth > LaTeXReader.deepest { throw fault(.tooDeep, atom.range) }
    switch atom.nucleus {
    case .number(let digits):
      cursor.advance()
      if atom.style != .plain { decisions.add(.ones, atom.range) }
      var plain = atom
      if atom.style != .plain { plain.subscripts = [] }
      let number = digits.hasPrefix(".") ? "0" + digits : digits
      return try scripted(LaTeXTerm(node(.number(number), atom.range), .number, isParameter: true), plain)
    case .letter, .word:
      if let word = spelledWord(cursor) {
        for _ in 0..<word.length { cursor.advance() }
        decisions.add(.plainWord, word.range, example: word.name)
        return try call(node(.name(word.name), word.range), nil, word.range, &cursor)
      }
      cursor.advance()
      guard let symbol = try survey.scripts.symbol(atom) else { throw unexpected(atom) }
      return try nameOrCall(symbol, &cursor)
    case .fenced(let fence, let inside):
      cursor.advance()
      return try scripted(try fenced(fence, inside, atom, after: after), atom)
    case .fraction(let above, let below):
      cursor.advance()
      if readsDerivatives, LaTeXVisit.isDifferential(above), LaTeXVisit.isDifferential(below) {
        return try derivative(above, below, atom, &cursor)
      }
      return try scripted(try LaTeXTerm.infix(.divide, try whole(above), try whole(below)), atom)
    case .root(let inside, let degree):
      cursor.advance()
      if let degree { throw fault(.unexpected(slice(LaTeXAtom.range(of: degree) ?? atom.range)), atom.range) }
      let root = node(.name("sqrt"), atom.range)
      return try scripted(try whole(inside).call(root, [], Place(source, atom.range)), atom)
    case .grid:
      cursor.advance()
      return try scripted(try column(atom, after: after), atom)
    case .sign("∑") where survey.scripts.unitLetter != nil: return try summed(&cursor)
    case .sign("|") where survey.functions.name(of: "abs") != nil:
      cursor.advance()
      guard let inside = cursor.take(upTo: "|"), !inside.visible.isEmpty else { throw unexpected(atom) }
      let range = atom.range.through(LaTeXAtom.range(of: inside) ?? atom.range)
      return try whole(inside).call(node(.name("abs"), atom.range), [], Place(source, range))
    case .sign("∂") where readsDerivatives:
      return try slashedDerivative(&cursor)
    case .sign, .text, .unknown: throw unexpected(atom)
    case .wideSpace, .rowBreak, .newline: throw fault(.missingOperand, atom.range)
    }
  }

  /// The scripts of parentheses, fractions and calls.
  func scripted(_ term: LaTeXTerm, _ atom: LaTeXAtom) throws(LaTeXFault) -> LaTeXTerm {
    guard atom.hasScripts else { return term }
    let scripts = try survey.scripts.outer(atom)
    var term = term
    if scripts.isUnit, case .parentheses(let inside) = term.expression.form {
      // `[W x]_j` is W x for every unit; as one thing it stays unambiguous.
      term = LaTeXTerm(
        inside, term.kind, level: LaTeXTerm.level(of: inside), height: term.height, isParameter: term.isParameter)
    }
    if scripts.isTransposed {
      // `[h^\top, x^\top]^\top` is [h, x].
      term = try term.transposed(Place(source, atom.range))
      if case .brackets(let rows) = term.primedInside?.form, let joined = Self.rowsUndone(rows, term.place) {
        term.expression = joined
        term.level = .atom
        term.isRow = false
      }
    }
    if let power = scripts.power { term = try .infix(.power, term, try whole(power)) }
    return term
  }

  private static func rowsUndone(_ rows: [[Expression]], _ place: Place) -> Expression? {
    var elements: [Expression] = []
    for element in rows.joined() {
      guard case .primed(let inside) = element.form else { return nil }
      elements.append(inside)
    }
    return elements.isEmpty ? nil : Expression(.brackets([elements]), place)
  }
}

extension LaTeXTerm {
  /// Read as one thing: parentheses stood around it.
  func closed(_ place: Place? = nil) -> LaTeXTerm {
    var term = self
    if let place { term.expression.place = place }
    term.lastOperand = nil
    term.firstOperand = nil
    return term
  }

  func parenthesisedUnlessClosed() throws(LaTeXFault) -> LaTeXTerm {
    level >= .postfix ? closed() : try parenthesised()
  }

  fileprivate var primedInside: Expression? {
    if case .primed(let inside) = expression.form { return inside }
    return nil
  }

  /// As an argument of a call.
  var withoutParentheses: LaTeXTerm {
    guard case .parentheses(let inside) = expression.form else { return self }
    var term = self
    term.expression = inside
    return term
  }
}
