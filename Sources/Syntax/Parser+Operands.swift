/// Operands: names, numbers, texts, brackets, and what is written behind them.
extension Parser {
  /// An operand with its calls, indices, fields, primes and raised exponents.
  mutating func postfix() throws(Stop) -> Node {
    var left = try primary()
    var isPower = false
    while !token.followsNewline {
      // A raised exponent binds before what follows, and `x^2[1]` would not read so.
      let base = isPower ? try node(.parentheses(left.expression), left.place, over: left.height) : left
      switch token.kind {
      case .mark(.openParenthesis): left = try call(base)
      case .mark(.openBracket) where !(context.isElement && token.followsSpace): left = try index(base)
      case .mark(.point): left = try field(base)
      case .mark(.prime):
        advance()
        left = try node(.primed(base.expression), place(through: base.place), over: base.height)
      case .superscript(let exponent):
        if case .name = base.expression.form, case .mark(.openParenthesis) = nextToken.kind {
          left = try powerOfCall(base, exponent)
        } else {
          advance()
          left = try power(base, exponent, place(through: base.place))
        }
        isPower = true
        continue
      default:
        if isPower, at(.power) { return base }
        return try withHolding(left)
      }
      isPower = false
    }
    return isPower && at(.power) ? try node(.parentheses(left.expression), left.place, over: left.height) : left
  }

  private mutating func primary() throws(Stop) -> Node {
    let start = token
    switch start.kind {
    case .number(let numeral):
      advance()
      try checkNoProduct(start)
      return try node(.number(numeral), place(of: start))
    case .name(let name):
      advance()
      return try node(.name(name), place(of: start))
    case .timed(let name, let offset):
      advance()
      return try node(.timed(name, offset: offset), place(of: start))
    case .text(let pieces): return try text(pieces)
    case .word(.true), .word(.false), .word(.nothing): return try constant()
    case .word(.end):
      guard context.isIndex else { throw failure(.endOutsideIndex) }
      advance()
      return try node(.end, place(of: start))
    case .word(.if): return try conditional()
    case .mark(.openParenthesis): return try parentheses()
    case .mark(.openBracket): return try brackets()
    case .mark(.openBrace): return try record()
    case .mark(.root): return try root()
    default: throw missingOperand()
    }
  }

  private mutating func constant() throws(Stop) -> Node {
    let start = token
    advance()
    let form: Form =
      switch start.kind {
      case .word(.true): .truth(true)
      case .word(.false): .truth(false)
      default: .nothing
      }
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

  /// `tanh²(z)` is `tanh(z)^2`.
  private mutating func powerOfCall(_ function: Node, _ exponent: String) throws(Stop) -> Node {
    advance()
    let called = try call(function)
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
      if parser.at(.colon) { throw parser.failure(.foreign(.formatSpec, [node.place.text])) }
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
        .foreign(.assignmentAsCondition, [condition.place.text, guessedOperand(at: position + 1)]))
    }
    return condition
  }
}
