/// Cell definitions: the header, and the equations with what each is for.
extension Parser {
  mutating func cell(isReversed: Bool) throws(Stop) -> StatementForm {
    let outer = context
    if isReversed {
      advance()
      guard at(.cell) else { throw misplaced(after: nil, expecting: "cell after reversed") }
    }
    advance()
    let name = try identifier("the name of a cell")
    if at(.assign) { throw failure(.cellAssigned(name.name)) }
    let inputs = try names("an input's name", of: "inputs")
    let outputs = try self.outputs()
    let body: CellBody
    if take(.assign) {
      body = .latex(try latexBody())
    } else {
      guard at(.openBrace) else { throw misplaced(after: nil, expecting: "{, or -> and the outputs") }
      context.isFunction = false
      body = .items(try cellItems())
    }
    context = outer
    return .cell(
      CellDefinition(isReversed: isReversed, name: name, inputs: inputs, outputs: outputs, body: body))
  }

  /// `-> h`, `-> h, c`, `-> (h, c)`.
  private mutating func outputs() throws(Stop) -> [Identifier] {
    guard take(.arrow) else { return [] }
    if at(.openParenthesis) { return try names("an output's name", of: "outputs") }
    var outputs: [Identifier] = []
    repeat {
      let output = try dottedIdentifier("an output's name")
      if let first = outputs.first(where: { $0.name == output.name }) {
        throw failure(
          .duplicateName(output.name, what: "outputs"), output.place, [(first.place, "first here")])
      }
      if at(.openBracket) { throw failure(.timeInHeader(output.name)) }
      outputs.append(output)
    } while take(.comma)
    return outputs
  }

  /// `latex """..."""`, `latex read("file.tex")`.
  private mutating func latexBody() throws(Stop) -> Expression {
    guard case .name("latex") = token.kind else { throw misplaced(after: nil, expecting: "latex and a text, or {") }
    advance()
    // `latex (...)` is no call: what follows is the text.
    return try expression().expression
  }

  // MARK: The body

  private mutating func cellItems() throws(Stop) -> [CellItem] {
    let items = try enclosed(
      newlinesAreFree: false,
      changed: {
        $0.linesContinue = true
        $0.isSymbolic = true
      }
    ) { (parser: inout Parser) throws(Stop) in
      var items: [CellItem] = []
      while true {
        while parser.take(.semicolon) {}
        if parser.at(.closeBrace) { return items }
        if parser.atEnd { throw Stop.incomplete(expecting: "an equation, or }") }
        try parser.cellItem(into: &items)
        if !parser.atStatementEnd, !parser.isText {
          throw parser.misplaced(after: Expression(.nothing, items.last?.place ?? parser.here))
        }
      }
    }
    blockEnds = position
    return items
  }

  var isText: Bool {
    if case .text = token.kind { return true }
    return false
  }

  private mutating func cellItem(into items: inout [CellItem]) throws(Stop) {
    let start = token
    if isText { return try purpose(into: &items) }
    let form: CellItemForm
    if let item = try keywordItem() { form = item } else { form = try equation() }
    items.append(CellItem(form, place(from: start)))
  }

  /// A text: first in the body it is the cell's, after an equation the variable's.
  private mutating func purpose(into items: inout [CellItem]) throws(Stop) {
    let start = token
    guard case .text = start.kind else { return }
    let text = plainText(start)
    advance()
    guard let last = items.popLast() else {
      return items.append(CellItem(.purpose(text), place(of: start)))
    }
    guard case .equation(let target, let body, let earlier) = last.form else {
      throw failure(.purposeWithoutEquation, place(of: start))
    }
    if earlier != nil { throw failure(.secondPurpose, place(of: start)) }
    items.append(CellItem(.equation(target: target, body: body, purpose: text), last.place.through(place(of: start))))
  }

  /// A text as it stands: braces in it are braces.
  private func plainText(_ token: Token) -> String {
    guard case .text(let pieces) = token.kind else { return "" }
    return pieces.map { piece in
      switch piece {
      case .literal(let text): text
      case .code(let range): "{" + source.slice(range) + "}"
      }
    }.joined()
  }

  /// `param`, `input`, `const`, `init`, `learn`: words only here, and only before a name.
  private mutating func keywordItem() throws(Stop) -> CellItemForm? {
    guard case .name(let word) = token.kind, !nextToken.followsNewline else { return nil }
    switch nextToken.kind {
    case .name, .timed, .word, .number, .text: break
    default: return nil
    }
    switch word {
    case "param":
      advance()
      let name = try dottedIdentifier("a parameter's name")
      try expect(.colon, ": and the shape, as in param U: h × h")
      return .parameter(name, dimensions: try dimensions())
    case "input":
      advance()
      let name = try dottedIdentifier("an input's name")
      try expect(.colon, ": and the shape, as in input C: h × h")
      return .input(name, dimensions: try dimensions())
    case "const":
      advance()
      let name = try dottedIdentifier("a constant's name")
      try expect(.assign, "= and its value")
      return .constant(name, try expression(.or).expression)
    case "init":
      advance()
      let target = try symbol()
      try expect(.assign, "= and how it starts")
      return .initial(target.expression, try expression(.or).expression)
    case "learn":
      advance()
      return .learn(try symbol().expression)
    default:
      try checkMisspeltItem()
      return nil
    }
  }

  /// `h × (h + x)`; where an operator must stand, `x` is one.
  private mutating func dimensions() throws(Stop) -> [Expression] {
    var dimensions = [try expression(.sum).expression]
    while !atStatementEnd {
      if case .name("x") = token.kind { advance() } else if !take(.cross) { break }
      dimensions.append(try expression(.sum).expression)
    }
    return dimensions
  }

  private mutating func equation() throws(Stop) -> CellItemForm {
    if let word = word(of: token), case .word = token.kind { throw failure(.notAnEquation(word)) }
    let target = try expression(.or).expression
    guard at(.assign) else {
      if atEnd { throw .incomplete(expecting: "= and what \(target.place.brief) is") }
      if case .comparison(_, let operators) = target.form, operators == [.equal] {
        throw failure(.comparisonAsEquation, target.place)
      }
      throw atStatementEnd
        ? failure(.notAnEquation(target.place.brief), target.place) : misplaced(after: target, expecting: "=")
    }
    try checkEquationTarget(target)
    advance()
    let body = try expression(.or).expression
    if at(.assign), !atLineEnd {
      throw failure(.foreign(.doubleAssign, [body.place.brief, guessedOperand(at: position + 1)]))
    }
    var purpose: String?
    if isText, !token.followsNewline {
      purpose = plainText(token)
      advance()
    }
    return .equation(target: target, body: body, purpose: purpose)
  }

  private func checkEquationTarget(_ target: Expression) throws(Stop) {
    switch target.form {
    case .name("t"): throw failure(.timeAssigned, target.place)
    case .name, .timed: return
    // layer1.h[t], as a cell that is built of cells is printed.
    case .field where target.isDottedName: return
    case .index(let base, _) where base.isDottedName: return
    case .brackets(let rows) where rows.count == 1:
      for part in rows[0] { try checkEquationTarget(part) }
    case .derivative, .holding:
      throw failure(.foreign(.derivativeAssigned, [target.place.brief, assignedText]))
    default: throw failure(.badEquationTarget(target.kindName), target.place)
    }
  }
}
