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

  // MARK: Functions

  private func nameOrCall(_ symbol: LaTeXSymbol, _ cursor: inout LaTeXCursor) throws(LaTeXFault) -> LaTeXTerm {
    let isNamed = survey.variables.contains(symbol.name) || survey.inputs.contains(symbol.name)
    let isFollowed = isFence(cursor.peek)
    if !isNamed || (isFollowed && LaTeXFunctions.isFunctionWord(symbol.name)) {
      let isWord = symbol.base.count > 1 || symbol.base == "σ" || symbol.base == "σ̂"
      if symbol.time == nil, let function = survey.functions.name(of: symbol.name), isFollowed || isWord {
        return try call(node(.name(function), symbol.range), symbol.power, symbol.range, &cursor)
      }
      let isSigma = symbol.base.unicodeScalars.first == "σ" && symbol.time == nil
      let isKnownWord = LaTeXFunctions.isFunctionWord(symbol.base) && symbol.base.count > 1
      if isSigma || isKnownWord || (isFollowed && LaTeXFunctions.looksLikeFunction(symbol.base, symbol.style)) {
        let example = LaTeXFunctions.example(for: symbol.name)
        throw fault(.unknownFunction(symbol.name, example: example), symbol.range)
      }
    }
    return try name(symbol)
  }

  private func isFence(_ atom: LaTeXAtom?) -> Bool {
    guard case .fenced(let fence, _)? = atom?.nucleus else { return false }
    return fence == "(" || fence == "[" || fence == "{"
  }

  /// `tanh(` typed as letters.
  private func spelledWord(_ cursor: LaTeXCursor) -> (name: String, length: Int, range: Range<Int>)? {
    guard cursor.peek?.bareLetter != nil else { return nil }
    var word = ""
    var end = 0
    let start = cursor.peek?.range.lowerBound ?? 0
    for (index, atom) in cursor.ahead(12).enumerated() {
      if let letter = atom.bareLetter, index == 0 || atom.range.lowerBound == end {
        word += letter
        end = atom.range.upperBound
        continue
      }
      guard index > 1, case .fenced("(", _) = atom.nucleus, LaTeXFunctions.isFunctionWord(word),
        let name = survey.functions.name(of: word)
      else { return nil }
      return (name, index, start..<end)
    }
    return nil
  }

  private func call(
    _ function: Expression, _ power: [LaTeXAtom]?, _ range: Range<Int>, _ cursor: inout LaTeXCursor
  ) throws(LaTeXFault) -> LaTeXTerm {
    guard let next = cursor.peek, startsArgument(next) else {
      throw fault(.functionAlone(slice(range)), range)
    }
    var result: LaTeXTerm
    if case .fenced(let fence, let inside) = next.nucleus, fence == "(" || fence == "{", !LaTeXColumns.isGrid(next) {
      cursor.advance()
      var arguments: [LaTeXTerm] = []
      for part in inside.split(atSigns: [","]) { arguments.append(try argument(part, next)) }
      guard let first = arguments.first else { throw fault(.missingOperand, next.range) }
      let place = Place(source, range.through(next.range))
      result = try first.call(function, Array(arguments.dropFirst()), place)
      if let power { result = try .infix(.power, result, try whole(power)) }
      return try scripted(result, next)
    }
    let isOneFactor: Bool
    var operand: LaTeXTerm
    if case .fenced = next.nucleus {
      operand = try factor(&cursor, after: nil)
      isOneFactor = true
    } else {
      let before = cursor
      operand = try chain(&cursor, after: nil)
      var again = before
      again.advance()
      isOneFactor = again.peek?.range == cursor.peek?.range
    }
    operand = operand.withoutParentheses
    let place = Place(source, range.through(operand.range))
    result = try operand.call(function, [], place)
    if !isOneFactor {
      let name = LaTeXPhrase.cell(function)
      let paper = "\(name) \(LaTeXPhrase.paper(operand.expression))"
      decisions.add(.functionScope, place.range, example: paper + "\u{1}" + LaTeXPhrase.cell(result.expression))
    }
    if let power { result = try .infix(.power, result, try whole(power)) }
    return result
  }

  private func argument(_ atoms: [LaTeXAtom], _ fence: LaTeXAtom) throws(LaTeXFault) -> LaTeXTerm {
    if atoms.visible.isEmpty { throw fault(.missingOperand, fence.range) }
    return try whole(atoms)
  }

  private func startsArgument(_ atom: LaTeXAtom) -> Bool {
    switch atom.nucleus {
    case .sign, .text, .unknown, .wideSpace, .rowBreak, .newline: return false
    default: return true
    }
  }

  // MARK: Fences and columns

  private func fenced(
    _ fence: String, _ inside: [LaTeXAtom], _ atom: LaTeXAtom, after: LaTeXTerm?
  ) throws(LaTeXFault) -> LaTeXTerm {
    guard fence == "(" || fence == "[" || fence == "{" else {
      throw fault(.unreadSign(slice(atom.range), hint: "write parentheses"), atom.range)
    }
    if LaTeXColumns.isGrid(atom), let grid = inside.visible.first { return try column(grid, after: after) }
    let parts = inside.split(atSigns: [",", ";", "‖"])
    if parts.count > 1 {
      let term = try joined(parts, atom)
      if fence != "[" || inside.contains(where: { $0.isSign("‖") }) {
        decisions.add(.joined, atom.range, example: "\(slice(atom.range))\u{1}\(LaTeXPhrase.cell(term.expression))")
      }
      return term
    }
    let visible = inside.visible
    if visible.isEmpty { throw fault(.missingOperand, atom.range) }
    if fence == "[", visible.count > 1, visible.allSatisfy(isTimedName) {
      throw fault(.missingComma(slice(atom.range)), atom.range)
    }
    let term = try whole(inside)
    if term.level >= .postfix { return term.closed }
    return try term.parenthesised(Place(source, atom.range))
  }

  private func isTimedName(_ atom: LaTeXAtom) -> Bool {
    guard let symbol = try? survey.scripts.symbol(atom) else { return false }
    return symbol.time != nil
  }

  /// Parts one under or after the other are one vector; what is itself joined is taken apart.
  private func joined(_ parts: [[LaTeXAtom]], _ atom: LaTeXAtom) throws(LaTeXFault) -> LaTeXTerm {
    var elements: [Expression] = []
    var height = 0
    var isParameter = true
    for part in parts {
      if part.visible.isEmpty { throw fault(.missingOperand, LaTeXAtom.range(of: part) ?? atom.range) }
      let term = try whole(part)
      height = max(height, term.height)
      isParameter = isParameter && term.isParameter
      if case .brackets(let rows) = term.expression.form, rows.count == 1 {
        elements += rows[0]
      } else {
        elements.append(term.expression)
      }
    }
    let place = Place(source, atom.range)
    return LaTeXTerm(
      Expression(.brackets([elements]), place), .vector, height: try LaTeXTerm.height(height, place),
      isParameter: isParameter)
  }

  /// A column: one of several gates' rows, or parts of one vector.
  private func column(_ grid: LaTeXAtom, after: LaTeXTerm?) throws(LaTeXFault) -> LaTeXTerm {
    guard let cells = LaTeXColumns.cells(grid), !cells.isEmpty else { throw fault(.columnShape, grid.range) }
    if cells.count == 1 {
      let term = try whole(cells[0])
      return term.level >= .postfix ? term.closed : try term.parenthesised(Place(source, grid.range))
    }
    if functionNames(cells) != nil { throw fault(.columnElsewhere, grid.range) }
    guard let row else { return try joined(cells, grid) }
    let isOfParameters = cells.allSatisfy(isParameters)
    let isOperand = after?.kind == .matrix
    if isOfParameters || (!isOperand && cells.count == row.count) {
      guard cells.count == row.count else { throw fault(.columnHeights(row.count, cells.count), grid.range) }
      dependsOnRow = true
      return try whole(cells[row.index]).parenthesisedUnlessClosed()
    }
    return try joined(cells, grid)
  }

  private func isParameters(_ atoms: [LaTeXAtom]) -> Bool {
    !LaTeXVisit.first(atoms) { atom in
      guard let symbol = try? survey.scripts.symbol(atom) else { return false }
      return symbol.time != nil || survey.variables.contains(symbol.name) || survey.inputs.contains(symbol.name)
    }
  }
}

extension LaTeXTerm {
  /// Read as one thing: parentheses stood around it.
  var closed: LaTeXTerm {
    var term = self
    term.lastOperand = nil
    term.firstOperand = nil
    return term
  }

  func parenthesisedUnlessClosed() throws(LaTeXFault) -> LaTeXTerm {
    level >= .postfix ? closed : try parenthesised()
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
