/// Operands: names, numbers, texts, brackets, and what is written behind them.
extension Parser {
  /// An operand with its calls, indices, fields, primes and raised exponents.
  mutating func postfix() throws(Stop) -> Node {
    let operand = try primary()
    return hasSuffix || at(.holding) ? try suffixed(operand) : operand
  }

  /// Something stands here that binds to the operand before it.
  private var hasSuffix: Bool {
    if token.followsNewline { return false }
    switch token.kind {
    case .superscript, .mark(.openParenthesis), .mark(.point), .mark(.prime): return true
    case .mark(.openBracket): return !(context.isElement && token.followsSpace)
    default: return false
    }
  }

  private mutating func suffixed(_ operand: Node) throws(Stop) -> Node {
    var left = operand
    var isPower = false
    while hasSuffix {
      // A raised exponent binds before what follows, and `x^2[1]` would not read so.
      if isPower { left = try node(.parentheses(left.expression), left.place, over: left.height) }
      isPower = if case .superscript = token.kind { true } else { false }
      left = try suffix(left)
    }
    if isPower, at(.power) || at(.holding) {
      left = try node(.parentheses(left.expression), left.place, over: left.height)
    }
    return at(.holding) ? try withHolding(left) : left
  }

  private mutating func suffix(_ base: Node) throws(Stop) -> Node {
    switch mark {
    case .openParenthesis: return try call(base)
    case .openBracket: return try index(base)
    case .point: return try field(base)
    case .prime:
      advance()
      return try node(.primed(base.expression), place(through: base.place), over: base.height)
    default: return try raised(base)
    }
  }

  /// The frames of what can be nested are kept small: what cannot be is read in a function of its own.
  private mutating func primary() throws(Stop) -> Node {
    guard let mark else { return at(.if) ? try conditional() : try leaf() }
    switch mark {
    case .openParenthesis: return try parentheses()
    case .openBracket: return try brackets()
    case .openBrace: return try record()
    case .root: return try root()
    default: throw missingOperand()
    }
  }

  private mutating func leaf() throws(Stop) -> Node {
    let start = token
    let form: Form
    switch start.kind {
    case .number(let numeral): form = .number(numeral)
    case .name(let name): form = .name(name)
    case .timed(let name, let offset): form = .timed(name, offset: offset)
    case .word(.true): form = .truth(true)
    case .word(.false): form = .truth(false)
    case .word(.nothing): form = .nothing
    case .word(.end) where context.isIndex: form = .end
    case .text(let pieces): return try text(pieces)
    default: throw missingOperand()
    }
    advance()
    if case .number = form { try checkNoProduct(start) }
    return try node(form, place(of: start))
  }

  /// `2(a + b)`, `2[1]`, `2.x`: a product, or nothing that has a meaning.
  private func checkNoProduct(_ number: Token) throws(Stop) {
    guard !token.followsNewline, let mark, [.openParenthesis, .openBracket, .point].contains(mark) else { return }
    if context.isElement, mark == .openBracket, token.followsSpace { return }
    throw failure(.foreign(.missingProduct, [text(of: number), guessedOperand(at: position)]))
  }

  // MARK: Behind an operand

  private func power(_ base: Node, _ exponent: String, _ place: Place) throws(Stop) -> Node {
    let size = exponent.hasPrefix("-") ? String(exponent.dropFirst()) : exponent
    let isNumber = size.utf8.allSatisfy(Characters.isDigit)
    var right = try node(isNumber ? .number(size) : .name(size), place)
    if exponent.hasPrefix("-") { right = try node(.prefix(.minus, right.expression), place, over: right.height) }
    return try node(
      .infix(.power, base.expression, right.expression), place, over: max(base.height, right.height))
  }

  /// `x²`; and `tanh²(z)`, which is `tanh(z)^2`.
  private mutating func raised(_ base: Node) throws(Stop) -> Node {
    guard case .superscript(let exponent) = token.kind else { return base }
    if case .name = base.expression.form, case .mark(.openParenthesis) = nextToken.kind {
      return try powerOfCall(base, exponent)
    }
    advance()
    return try power(base, exponent, place(through: base.place))
  }

  private mutating func powerOfCall(_ function: Node, _ exponent: String) throws(Stop) -> Node {
    advance()
    let called = try call(function)
    if case .derivative(_, let by, _) = called.expression.form { return try higher(called, by, exponent) }
    return try power(called, exponent, called.place)
  }

  private mutating func call(_ function: Node) throws(Stop) -> Node {
    let (arguments, height) = try self.arguments()
    let place = place(through: function.place)
    if case .name("D") = function.expression.form, arguments.count == 2, arguments.allSatisfy({ $0.label == nil }) {
      return try calledDerivative(of: arguments[0].value, by: arguments[1].value, place, over: height)
    }
    return try node(.call(function.expression, arguments), place, over: max(function.height, height))
  }

  mutating func field(_ base: Node) throws(Stop) -> Node {
    advance()
    let start = token
    guard !start.followsNewline, let name = word(of: start) else {
      throw misplaced(after: nil, expecting: "the name of a field")
    }
    advance()
    return try node(.field(base.expression, name), place(through: base.place), over: base.height)
  }

  /// The word of a token, reserved or not: fields and labels may have any.
  func word(of token: Token) -> String? {
    switch token.kind {
    case .name(let name): name
    case .word(let word): word.rawValue
    case .mark(let mark) where mark.isWord: mark.spelling
    default: nil
    }
  }

  mutating func index(_ base: Node) throws(Stop) -> Node {
    let start = token
    var height = base.height
    let items = try enclosed(changed: { $0.isIndex = true }) { (parser: inout Parser) throws(Stop) in
      var items: [Expression] = []
      while !parser.at(.closeBracket) {
        let item = try parser.indexItem()
        height = max(height, item.height)
        items.append(item.expression)
        if parser.at(.semicolon) { throw parser.failure(.rowsInIndex) }
        guard parser.take(.comma) else { break }
      }
      if !parser.at(.closeBracket) { throw parser.misplaced(after: items.last, expecting: "]") }
      return items
    }
    if items.isEmpty { throw failure(.emptyIndex, place(from: start)) }
    return try node(.index(base.expression, items), place(through: base.place), over: height)
  }

  /// An index, or `:` for all.
  private mutating func indexItem() throws(Stop) -> Node {
    let start = token
    guard at(.colon) else { return try expression(.or) }
    advance()
    guard at(.comma) || at(.closeBracket) || atEnd else {
      throw failure(.foreign(.colonRange, ["1", guessedOperand(at: position)]), place(of: start))
    }
    return try node(.all, place(of: start))
  }

  /// `√x`, `√(x)`: a call of `sqrt`. Without parentheses it takes a power: √x² is √(x²).
  private mutating func root() throws(Stop) -> Node {
    let start = token
    advance()
    let function = try node(.name("sqrt"), place(of: start))
    if at(.openParenthesis) { return try call(function) }
    let operand = try expression(.power)
    let argument = Argument(value: operand.expression, place: operand.place)
    return try node(.call(function.expression, [argument]), place(from: start), over: operand.height)
  }

  // MARK: Values

  private mutating func text(_ pieces: [LexedPiece]) throws(Stop) -> Node {
    let start = token
    var result: [TextPiece] = []
    var height = 0
    for piece in pieces {
      switch piece {
      case .literal(let literal): result.append(.literal(literal))
      case .code(let range):
        let code = try interpolated(range)
        height = max(height, code.height)
        result.append(.expression(code.expression))
      }
    }
    advance()
    return try node(.text(result), place(of: start), over: height)
  }

  /// The expression between the braces of a text.
  private func interpolated(_ range: Range<Int>) throws(Stop) -> Node {
    var parser = Parser(source, mode: .file, tokens: Lexer.tokens(of: source, in: range))
    parser.depth = depth + 1
    parser.context.isSymbolic = context.isSymbolic
    let braces = Place(source, range.lowerBound - 1..<range.upperBound + 1)
    if parser.atEnd { throw failure(.emptyInterpolation, braces) }
    do throws(Stop) {
      let node = try parser.expression(.within)
      if parser.at(.colon) { throw parser.failure(.foreign(.formatSpec, [node.place.brief])) }
      if !parser.atEnd { throw parser.misplaced(after: node.expression) }
      return node
    } catch .incomplete(let expecting) {
      throw failure(.unexpected("}", expecting: expecting), Place(source, range.upperBound..<range.upperBound + 1))
    } catch {
      throw error
    }
  }

  /// `if a { b } else { c }` as a value.
  private mutating func conditional() throws(Stop) -> Node {
    let start = token
    try enter()
    advance()
    let condition = try self.condition()
    let then = try braced()
    guard at(.else), !atLineEnd || context.linesContinue else {
      if atEnd { throw .incomplete(expecting: "else") }
      throw misplaced(after: nil, expecting: "else: an if that is a value has one")
    }
    advance()
    let otherwise = at(.if) ? try conditional() : try braced()
    leave()
    return try node(
      .conditional(condition.expression, then: then.expression, otherwise: otherwise.expression), place(from: start),
      over: max(condition.height, then.height, otherwise.height))
  }

  /// One expression in braces.
  private mutating func braced() throws(Stop) -> Node {
    guard at(.openBrace) else { throw misplaced(after: nil, expecting: "{") }
    return try enclosed { (parser: inout Parser) throws(Stop) in
      let value = try parser.expression(.within)
      guard parser.at(.closeBrace) || parser.atEnd else { throw parser.failure(.emptyBlockValue) }
      return value
    }
  }

  /// What `if` and `while` test.
  mutating func condition() throws(Stop) -> Node {
    let condition = try expression(.within)
    if at(.assign), !atLineEnd {
      throw failure(
        .foreign(.assignmentAsCondition, [condition.place.brief, guessedOperand(at: position + 1)]))
    }
    return condition
  }
}
