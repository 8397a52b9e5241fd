/// Statements, and what ends them.
extension Parser {
  /// The next statement at the outermost level; nil at the end.
  mutating func nextStatement() throws(Stop) -> Statement? {
    while take(.semicolon) {}
    if atEnd { return nil }
    if at(.closeBrace) { throw failure(.unopened("}")) }
    return try statement()
  }

  /// A statement with what ends it.
  mutating func statement() throws(Stop) -> Statement {
    try enter()
    let start = token
    let outer = context
    if mode == .prompt, !context.linesContinue { try checkBeginning() }
    let form = try statementForm()
    context = outer
    let place = place(from: start)
    if !atStatementEnd, !endsWithBlock { throw misplaced(after: Expression(.nothing, place), expecting: nil) }
    leave()
    // A `;` at the end of the line, and not between statements.
    guard at(.semicolon), !token.followsNewline else { return Statement(form, place) }
    advance()
    return Statement(form, place, isQuiet: atEnd || token.followsNewline || at(.closeBrace))
  }

  /// After `}` another statement may follow on the line.
  private var endsWithBlock: Bool {
    if case .mark(.closeBrace) = previousToken?.kind { return blockEnds == position }
    return false
  }

  /// A line at the prompt that begins with an operator was meant to continue the one before.
  private func checkBeginning() throws(Stop) {
    if at(.else) { throw failure(.elseAlone) }
    guard let mark, mark != .minus, mark == .assign || mark == .holding || InfixRow.row(of: mark) != nil else { return }
    throw failure(.lineBeginsWithOperator(text(of: token)))
  }

  private mutating func statementForm() throws(Stop) -> StatementForm {
    guard case .word(let word) = token.kind else { return try otherStatement() }
    let start = token
    if case .mark(.assign) = nextToken.kind, !nextToken.followsNewline { throw failure(.reservedWord(word.rawValue)) }
    switch word {
    case .cell: return try cell(isReversed: false)
    case .reversed: return try cell(isReversed: true)
    case .fn: return try function()
    case .if: return try branches()
    case .for: return try forLoop()
    case .while: return try whileLoop()
    case .break, .continue:
      guard context.isLoop else { throw failure(.loopWordOutside(word.rawValue)) }
      advance()
      return word == .break ? .break : .continue
    case .return:
      guard context.isFunction else { throw failure(.returnOutside) }
      advance()
      return .return(atStatementEnd ? nil : try expression().expression)
    case .import:
      advance()
      return .import(try expression().expression)
    case .assert:
      advance()
      let condition = try self.condition()
      let message = take(.comma) ? try expression().expression : nil
      return .assertion(condition.expression, message: message)
    case .use:
      advance()
      return .use(try expression().expression)
    case .set:
      advance()
      let name = try identifier("the name of a setting, as in set seed 7").name
      if at(.assign) { advance() }
      return .set(name, try expression().expression)
    case .check: return try check()
    case .else: throw failure(.elseAlone, place(of: start))
    case .true, .false, .nothing, .end: return try otherStatement()
    }
  }

  // MARK: Blocks

  /// Statements in braces.
  mutating func block(_ change: (inout Context) -> Void = { _ in }) throws(Stop) -> [Statement] {
    guard at(.openBrace) else {
      if at(.colon) { throw misplaced(after: nil) }
      throw misplaced(after: nil, expecting: "{")
    }
    let statements = try enclosed(
      newlinesAreFree: false,
      changed: {
        $0.linesContinue = true
        $0.isIndex = false
        change(&$0)
      }
    ) { (parser: inout Parser) throws(Stop) in
      var statements: [Statement] = []
      while true {
        while parser.take(.semicolon) {}
        if parser.at(.closeBrace) { return statements }
        if parser.atEnd { throw Stop.incomplete(expecting: "}") }
        statements.append(try parser.statement())
      }
    }
    blockEnds = position
    return statements
  }

  private mutating func branches() throws(Stop) -> StatementForm {
    var branches: [ConditionalBranch] = []
    repeat {
      advance()
      let condition = try self.condition()
      branches.append(ConditionalBranch(condition: condition.expression, body: try block()))
      guard at(.else), !token.followsNewline || context.linesContinue else {
        return .conditional(branches, otherwise: nil)
      }
      advance()
    } while at(.if)
    return .conditional(branches, otherwise: try block())
  }

  private mutating func forLoop() throws(Stop) -> StatementForm {
    advance()
    let target = try loopTarget()
    try expect(.in, "in and what is gone through")
    let values = try expression(.or)
    return .forLoop(target, over: values.expression, try block { $0.isLoop = true })
  }

  /// A name, or names in parentheses.
  private mutating func loopTarget() throws(Stop) -> Expression {
    let start = token
    if at(.openParenthesis) {
      let target = try parentheses().expression
      if case .tuple(let names) = target.form, names.allSatisfy(\.isName) { return target }
      if case .parentheses(let name) = target.form, name.isName { return name }
      throw failure(.notAssignable(target.kindName), target.place)
    }
    let name = try identifier("the name of the loop's variable")
    if at(.comma) {
      let second = guessedOperand(at: position + 1) ?? "b"
      throw failure(.tupleNeedsParentheses("\(name.name), \(second)"), place(of: start))
    }
    return Expression(.name(name.name), name.place)
  }

  private mutating func whileLoop() throws(Stop) -> StatementForm {
    advance()
    let condition = try self.condition()
    return .whileLoop(condition.expression, try block { $0.isLoop = true })
  }

  // MARK: Functions

  private mutating func function() throws(Stop) -> StatementForm {
    advance()
    let name = try identifier("the name of a function")
    if name.name == "D" { throw failure(.derivativeRedefined, name.place) }
    let parameters = try names("a parameter's name", of: "parameters")
    let body: FunctionBody
    if take(.assign) {
      let outer = context
      context.isFunction = true
      body = .expression(try expression().expression)
      context = outer
    } else if at(.openBrace) {
      body = .block(
        try block {
          $0.isFunction = true
          $0.isLoop = false
        })
    } else {
      throw misplaced(after: nil, expecting: "= or {")
    }
    return .function(
      FunctionDefinition(
        name: name.name, namePlace: name.place, parameters: parameters.map(\.name), body: body))
  }

  /// Names in parentheses, each once.
  mutating func names(_ expecting: String, of what: String) throws(Stop) -> [Identifier] {
    try expectOpen(.openParenthesis)
    return try enclosed { (parser: inout Parser) throws(Stop) in
      var names: [Identifier] = []
      while !parser.at(.closeParenthesis) {
        let name =
          what == "parameters" ? try parser.identifier(expecting) : try parser.dottedIdentifier(expecting)
        if let first = names.first(where: { $0.name == name.name }) {
          throw parser.failure(.duplicateName(name.name, what: what), name.place, [(first.place, "first here")])
        }
        names.append(name)
        if parser.at(.openBracket), what != "parameters" { throw parser.failure(.timeInHeader(name.name)) }
        guard parser.take(.comma) else { break }
      }
      if !parser.at(.closeParenthesis) { throw parser.misplaced(after: nil, expecting: ", or )") }
      return names
    }
  }

  func expectOpen(_ opener: Mark) throws(Stop) {
    if !at(opener) { throw misplaced(after: nil, expecting: opener.spelling) }
  }

  // MARK: Check

  /// `check claim = answer = answer`.
  private mutating func check() throws(Stop) -> StatementForm {
    context.isSymbolic = true
    advance()
    let claim = try expression().expression
    var answers: [Expression] = []
    while at(.assign), !atLineEnd || context.linesContinue {
      advance()
      answers.append(try expression().expression)
    }
    if answers.isEmpty {
      if atEnd { throw .incomplete(expecting: "= and the answer to be judged") }
      throw misplaced(after: claim, expecting: "= and the answer to be judged")
    }
    return .check(claim, answers)
  }
}
