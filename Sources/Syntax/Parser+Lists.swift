/// What stands between brackets and commas.
extension Parser {
  /// `(a)`, `(a, b)`, `(a,)`, `()`.
  mutating func parentheses() throws(Stop) -> Node {
    let start = token
    var height = 0
    var isTuple = false
    let items = try enclosed { (parser: inout Parser) throws(Stop) in
      var items: [Expression] = []
      while !parser.at(.closeParenthesis) {
        let item = try parser.listItem(.within)
        height = max(height, item.height)
        items.append(item.expression)
        guard parser.at(.comma) else { break }
        isTuple = true
        parser.advance()
      }
      try parser.endList(.closeParenthesis, after: items.last)
      return items
    }
    if !isTuple, let only = items.first { return try node(.parentheses(only), place(from: start), over: height) }
    return try node(.tuple(items), place(from: start), over: height)
  }

  /// `[a, b]`, `[a, b; c, d]`, `[ ]`.
  mutating func brackets() throws(Stop) -> Node {
    let start = token
    var height = 0
    let rows = try enclosed(changed: { $0.isElement = true }) { (parser: inout Parser) throws(Stop) in
      var rows: [[Expression]] = []
      while !parser.at(.closeBracket) {
        var row: [Expression] = []
        while !parser.at(.closeBracket), !parser.at(.semicolon) {
          let element = try parser.listItem(.or)
          height = max(height, element.height)
          row.append(element.expression)
          guard parser.take(.comma) else { break }
        }
        if row.isEmpty { throw parser.missingOperand() }
        rows.append(row)
        guard parser.take(.semicolon) else { break }
      }
      try parser.endList(.closeBracket, after: rows.last?.last)
      return rows
    }
    return try node(.brackets(rows), place(from: start), over: height)
  }

  /// An element or an argument; `a = b` is explained.
  private mutating func listItem(_ level: Level) throws(Stop) -> Node {
    let item = try expression(level)
    if at(.assign) {
      if statementBegins(at: position - 1), tokens[position - 1].followsNewline { throw unclosedBracket() }
      throw failure(.foreign(.equalsInExpression, [item.place.brief, guessedOperand(at: position + 1)]))
    }
    return item
  }

  /// The closing bracket must stand here.
  private func endList(_ closer: Mark, after last: Expression?) throws(Stop) {
    if at(closer) { return }
    throw misplaced(after: last, expecting: ", or \(closer.spelling)")
  }

  /// `(a, k: b)`, with the height of the highest argument.
  mutating func arguments() throws(Stop) -> ([Argument], height: Int) {
    var height = 0
    let arguments = try enclosed { (parser: inout Parser) throws(Stop) in
      var arguments: [Argument] = []
      while !parser.at(.closeParenthesis) {
        let (argument, itsHeight) = try parser.argument()
        height = max(height, itsHeight)
        arguments.append(argument)
        guard parser.take(.comma) else { break }
      }
      try parser.endList(.closeParenthesis, after: arguments.last?.value)
      return arguments
    }
    return (arguments, height)
  }

  private mutating func argument() throws(Stop) -> (Argument, height: Int) {
    let start = token
    if let label = word(of: start), case .mark(.colon) = nextToken.kind {
      advance()
      advance()
      let value = try expression(.within)
      return (Argument(label: label, value: value.expression, place: place(from: start)), value.height)
    }
    let value = try expression(.within)
    if at(.assign) {
      if start.followsNewline { throw unclosedBracket() }
      throw failure(.foreign(.equalsArgument, [value.place.brief, guessedOperand(at: position + 1)]))
    }
    return (Argument(value: value.expression, place: value.place), value.height)
  }

  /// `{a: 1, b: 2}`, `{}`.
  mutating func record() throws(Stop) -> Node {
    let start = token
    var height = 0
    let fields = try enclosed { (parser: inout Parser) throws(Stop) in
      var fields: [RecordField] = []
      var names: Set<String> = []
      while !parser.at(.closeBrace) {
        let (field, itsHeight) = try parser.recordField()
        height = max(height, itsHeight)
        if !names.insert(field.name).inserted {
          throw parser.failure(.duplicateName(field.name, what: "fields"), field.place)
        }
        fields.append(field)
        guard parser.take(.comma) else { break }
      }
      try parser.endList(.closeBrace, after: fields.last?.value)
      return fields
    }
    return try node(.record(fields), place(from: start), over: height)
  }

  private mutating func recordField() throws(Stop) -> (RecordField, height: Int) {
    let start = token
    guard let name = word(of: start) else {
      throw misplaced(after: nil, expecting: "the name of a field, as in {lr: 0.1}")
    }
    advance()
    if at(.assign) { throw failure(.foreign(.equalsField, [name, guessedOperand(at: position + 1)])) }
    try expect(.colon, ": after the name of a field")
    let value = try expression(.within)
    return (RecordField(name: name, value: value.expression, place: place(from: start)), value.height)
  }
}
