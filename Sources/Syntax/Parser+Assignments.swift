import Typography

/// Statements that begin with an expression: assignments, commands, and expressions alone.
extension Parser {
  mutating func otherStatement() throws(Stop) -> StatementForm {
    if let command = try command() { return command }
    try checkForeignWord()
    try checkMisspeltStatement()
    let value = try expression()
    guard at(.assign), !atLineEnd || context.linesContinue else {
      if at(.comma), value.expression.isName { throw tupleWithoutParentheses(value) }
      return .expression(value.expression)
    }
    try checkTarget(value.expression)
    advance()
    let assigned = try expression()
    if at(.assign), !atLineEnd {
      throw failure(.foreign(.doubleAssign, [assigned.place.brief, guessedOperand(at: position + 1)]))
    }
    return .assignment(value.expression, assigned.expression)
  }

  private func tupleWithoutParentheses(_ first: Node) -> Stop {
    let second = guessedOperand(at: position + 1) ?? "b"
    return failure(.tupleNeedsParentheses("\(first.place.brief), \(second)"))
  }

  /// `def f(x):`, `let a = 1`: a word of another language, and then a name.
  private func checkForeignWord() throws(Stop) {
    guard case .name(let word) = token.kind, let habit = ForeignHabits.words[word], !nextToken.followsNewline else {
      return
    }
    let isElse = habit == .elseIf
    guard case .name(let next) = nextToken.kind else {
      if isElse, !atEnd { throw failure(.foreign(habit, [word])) }
      return
    }
    throw failure(.foreign(habit, [word, next]))
  }

  // MARK: Targets

  /// What stands left of `=` must be a name, a field, an index of one of them, or a tuple of such.
  private func checkTarget(_ target: Expression) throws(Stop) {
    switch target.form {
    case .name("t") where !context.isFunction: throw failure(.timeAssigned, target.place)
    case .name: return
    case .field(let base, _), .index(let base, _): try checkBase(base, of: target)
    case .parentheses(let inner): try checkTarget(inner)
    case .tuple(let items) where !items.isEmpty: for item in items { try checkTarget(item) }
    case .timed: throw failure(.foreign(.equationOutside, [target.place.brief, assignedText]))
    case .derivative, .holding:
      throw failure(.foreign(.derivativeAssigned, [target.place.brief, assignedText]))
    case .brackets(let rows) where rows.count == 1 && rows[0].allSatisfy(\.isName):
      throw failure(.tupleNeedsParentheses(rows[0].map(\.place.brief).joined(separator: ", ")), target.place)
    case .call: throw failure(.callAssigned(target.place.brief), target.place)
    default: throw failure(.notAssignable(target.kindName), target.place)
    }
  }

  private func checkBase(_ base: Expression, of target: Expression) throws(Stop) {
    switch base.form {
    case .name: return
    case .field(let inner, _), .index(let inner, _): try checkBase(inner, of: target)
    default: throw failure(.notAssignable(target.kindName), target.place)
    }
  }

  /// The rest of the line behind the `=` that stands here, if it is short.
  var assignedText: String? {
    let bounds = source.bounds(ofLine: source.line(at: token.start))
    let text = source.slice(min(token.end, bounds.upperBound)..<bounds.upperBound)
    return Self.trimmed(text)
  }

  /// A piece of a line up to a comment, a `;` or a `}` that closes something before; nil if that is long or nothing.
  static func trimmed(_ text: String) -> String? {
    var depth = 0
    let rest = text.prefix { letter in
      if letter == "{" { depth += 1 } else if letter == "}" { depth -= 1 }
      return letter != "#" && letter != ";" && depth >= 0
    }
    var result = rest.drop { $0 == " " }
    while result.last == " " { result.removeLast() }
    return result.isEmpty || result.utf8.count > 60 ? nil : String(result)
  }

  // MARK: Commands

  /// Words that are commands at the start of a statement, if nothing follows that makes them names.
  static let commands: [String: CommandArgument] = [
    "expand": .expression, "collapse": .none, "forget": .name, "help": .topic, "lesson": .topic,
  ]

  enum CommandArgument { case none, expression, name, topic }

  private mutating func command() throws(Stop) -> StatementForm? {
    guard case .name(let name) = token.kind, let argument = Self.commands[name] else { return nil }
    if case .mark(let next) = nextToken.kind, !nextToken.followsNewline, !isArgument(next, of: argument) { return nil }
    if case .superscript = nextToken.kind, !nextToken.followsNewline { return nil }
    advance()
    if atStatementEnd { return .command(name, nil) }
    switch argument {
    case .none: return .command(name, nil)
    case .expression:
      context.isSymbolic = true
      let argument = try expression().expression
      // Printed, it would be a call.
      if argument.beginsWithBracket { throw failure(.unexpected(argument.place.brief, expecting: "a number or a ∂")) }
      return .command(name, argument)
    case .name:
      let identifier = try identifier("the name to be forgotten")
      return .command(name, Expression(.name(identifier.name), identifier.place))
    case .topic:
      if case .text = token.kind { return .command(name, try expression().expression) }
      let topic = token
      guard let topicName = topicName(topic) else { throw misplaced(after: nil, expecting: "a name, a word or a mark") }
      advance()
      return .command(name, Expression(.name(topicName), place(of: topic)))
    }
  }

  private func isArgument(_ mark: Mark, of argument: CommandArgument) -> Bool {
    switch mark {
    case .assign, .openParenthesis, .point, .openBracket, .semicolon: mark == .semicolon
    case .partial, .root: true
    case .closeBrace: true
    // `help ^` asks about a mark; `help^2` is a power.
    default: argument == .topic && endsStatement(at: position + 2)
    }
  }

  private func endsStatement(at position: Int) -> Bool {
    guard tokens.indices.contains(position), !tokens[position].followsNewline else { return true }
    switch tokens[position].kind {
    case .end, .mark(.semicolon), .mark(.closeBrace): return true
    default: return false
    }
  }

  /// What help is asked about: a name, a reserved word, a mark.
  private func topicName(_ token: Token) -> String? {
    switch token.kind {
    case .name(let name): name
    case .word(let word): word.rawValue
    case .mark(let mark): mark.spelling
    case .foreign: Glyphs.ascii(text(of: token))
    default: nil
    }
  }
}

extension Expression {
  /// Written out, it begins with a bracket.
  var beginsWithBracket: Bool {
    var first = self
    while true {
      switch first.form {
      case .parentheses, .tuple, .brackets: return true
      case .infix(_, let left, _), .index(let left, _), .field(let left, _), .primed(let left), .call(let left, _),
        .holding(let left, _), .within(let left, _):
        first = left
      case .comparison(let operands, _):
        guard let left = operands.first else { return false }
        first = left
      default: return false
      }
    }
  }

  var isName: Bool {
    if case .name = form { return true }
    return false
  }

  /// `h`, or `layer1.h` of a part of a cell.
  var isDottedName: Bool {
    if case .field(let base, _) = form { return base.isDottedName }
    return isName
  }

  /// What this is, in a sentence.
  var kindName: String {
    switch form {
    case .number: "a number"
    case .text: "a text"
    case .truth, .nothing, .end, .all: place.brief
    case .name, .timed: place.brief
    case .parentheses(let inner): inner.kindName
    case .prefix, .infix: "a computed value"
    case .comparison: "a comparison"
    case .primed: "a transpose"
    case .call: "a call"
    case .index: "an element of a computed value"
    case .field: "a field of a computed value"
    case .brackets: "a vector in brackets"
    case .tuple: "this tuple"
    case .record: "a record"
    case .derivative, .holding: "a derivative"
    case .within: "an expression in a cell"
    case .conditional: "an if"
    }
  }
}
