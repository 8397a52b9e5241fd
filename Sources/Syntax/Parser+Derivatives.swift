/// `∂y/∂x`, `∂/∂x (E)`, `∂²y/∂x²`, `D(y, x)`, and `holding`.
extension Parser {
  mutating func derivative() throws(Stop) -> Node {
    let start = token
    context.isSymbolic = true
    advance()
    let order = try derivativeOrder()
    if at(.divide) { return try operatorDerivative(start, order) }
    if case .name = token.kind {} else if atEnd { throw .incomplete(expecting: "what is derived, as in ∂y/∂x") }
    let numerator = try expression(.power)
    if !at(.divide), !atEnd { throw failure(.derivativeUnfinished, place(from: start)) }
    try expect(.divide, "/∂ and by what it is derived")
    let by = try denominator(of: numerator, order, start)
    var result = try node(
      .derivative(of: numerator.expression, by: by.expression, operand: nil), place(from: start),
      over: max(numerator.height, by.height))
    for _ in 1..<max(order, 1) { result = try again(result, by) }
    try checkNothingBinds(result)
    return try withHolding(result)
  }

  /// `∂/∂x (E)`: what is derived stands behind, in parentheses.
  private mutating func operatorDerivative(_ start: Token, _ order: Int) throws(Stop) -> Node {
    advance()
    let by = try denominator(of: nil, order, start)
    guard at(.openParenthesis) else {
      throw misplaced(after: nil, expecting: "( and what is derived")
    }
    let operand = try enclosed { (parser: inout Parser) throws(Stop) in try parser.expression(.within) }
    var result = try node(
      .derivative(of: nil, by: by.expression, operand: operand.expression), place(from: start),
      over: max(operand.height, by.height))
    for _ in 1..<max(order, 1) { result = try again(result, by) }
    try checkNothingBinds(result)
    return try withHolding(result)
  }

  /// `D²(y, x)`: the derivative of the derivative.
  func higher(_ first: Node, _ by: Expression, _ exponent: String) throws(Stop) -> Node {
    guard let order = Int(exponent), (1...4).contains(order) else { throw failure(.derivativeOrder, first.place) }
    var result = first
    for _ in 1..<order { result = try again(result, Node(expression: by, height: 0)) }
    return bindsHere
      ? try node(.parentheses(result.expression), result.place, over: result.height) : result
  }

  private func again(_ inner: Node, _ by: Node) throws(Stop) -> Node {
    try node(.derivative(of: nil, by: by.expression, operand: inner.expression), inner.place, over: inner.height)
  }

  /// The 2 of `∂²y/∂x²`.
  private mutating func derivativeOrder() throws(Stop) -> Int {
    guard case .superscript(let exponent) = token.kind else { return 1 }
    guard let order = Int(exponent), (1...4).contains(order) else { throw failure(.derivativeOrder) }
    advance()
    return order
  }

  /// `∂x`: a name with its time, index and fields, or something in parentheses.
  private mutating func denominator(of numerator: Node?, _ order: Int, _ start: Token) throws(Stop) -> Node {
    guard at(.partial) else { throw secondPartialMissing(numerator, start) }
    advance()
    let by = try symbol()
    try checkTimeMinusNumber()
    if case .superscript(let exponent) = token.kind {
      if order == 1 { throw powerOfDerivative(exponent, start) }
      guard Int(exponent) == order else { throw failure(.derivativeOrder, place(from: start).through(here)) }
      advance()
    } else if order > 1 {
      throw failure(.derivativeOrder, place(from: start))
    }
    return by
  }

  private func secondPartialMissing(_ numerator: Node?, _ start: Token) -> Stop {
    if atEnd { return .incomplete(expecting: "∂ and by what it is derived") }
    if let numerator, case .name(let name) = token.kind, name.hasPrefix("d"), name.utf8.count > 1 {
      return failure(.foreign(.dx, [numerator.place.brief, String(name.dropFirst())]))
    }
    return failure(.derivativeUnfinished, place(from: start))
  }

  /// A name with its time, index and fields, as it stands below a ∂ and behind `holding`.
  mutating func symbol() throws(Stop) -> Node {
    let start = token
    var left: Node
    switch start.kind {
    case .name(let name):
      advance()
      left = try node(.name(name), place(of: start))
    case .timed(let name, let offset):
      advance()
      left = try node(.timed(name, offset: offset), place(of: start))
    case .mark(.openParenthesis): left = try parentheses()
    default:
      if atEnd { throw .incomplete(expecting: "a name") }
      throw misplaced(after: nil, expecting: "a name, as in c[t-1]")
    }
    while !token.followsNewline {
      if at(.openBracket), !(context.isElement && token.followsSpace) {
        left = try index(left)
      } else if at(.point) {
        left = try field(left)
      } else {
        break
      }
    }
    return left
  }

  /// `D(y, x)` is `∂y/∂x`; parentheses are added where that form needs them.
  mutating func calledDerivative(of y: Expression, by x: Expression, _ place: Place, over height: Int)
    throws(Stop) -> Node
  {
    let by = x.isSymbol ? x : Expression(.parentheses(x), x.place)
    let form: Form =
      y.level >= .power
      ? .derivative(of: y, by: by, operand: nil) : .derivative(of: nil, by: by, operand: y)
    let result = try node(form, place, over: height + 1)
    // What binds to a call does not bind to ∂y/∂x.
    guard bindsHere else { return result }
    return try node(.parentheses(result.expression), place, over: result.height)
  }

  /// Something stands here that would bind to the last name of a derivative.
  private var bindsHere: Bool {
    if case .superscript = token.kind { return true }
    guard let mark, !token.followsNewline || mark == .power else { return false }
    switch mark {
    case .openBracket: return !(context.isElement && token.followsSpace)
    case .openParenthesis, .point, .prime, .power: return true
    default: return false
    }
  }

  /// `∂y/∂x^2`, `∂y/∂x'`: of the derivative, or of x?
  private func checkNothingBinds(_ derivative: Node) throws(Stop) {
    guard bindsHere else { return }
    switch token.kind {
    case .superscript(let exponent): throw powerOfDerivative(exponent, derivative.place.brief)
    case .mark(.power): throw powerOfDerivative(guessedOperand(at: position + 1), derivative.place.brief)
    case .mark(.openParenthesis):
      throw failure(.foreign(.missingProduct, [derivative.place.brief, guessedOperand(at: position)]))
    default:
      throw failure(
        .derivativePostfix(derivative.place.brief + ")" + text(of: token)), derivative.place.through(here))
    }
  }

  private func powerOfDerivative(_ exponent: String?, _ start: Token) -> Stop {
    powerOfDerivative(exponent, source.slice(start.start..<token.start))
  }

  private func powerOfDerivative(_ exponent: String?, _ text: String) -> Stop {
    failure(.foreign(.derivativePower, [text, exponent]))
  }

  /// `holding h[t-1]`, `holding (h[t-1], o[t-1])` behind what it belongs to.
  mutating func withHolding(_ left: Node) throws(Stop) -> Node {
    var left = left
    while at(.holding), !atLineEnd || context.linesContinue {
      advance()
      var height = left.height
      var held: [Expression] = []
      let symbol = try self.symbol()
      height = max(height, symbol.height)
      switch symbol.expression.form {
      case .parentheses(let only): held = [only]
      case .tuple(let items) where !items.isEmpty: held = items
      default: held = [symbol.expression]
      }
      try checkTimeMinusNumber()
      left = try node(.holding(left.expression, held), place(through: left.place), over: height)
      try checkNothingBinds(left)
    }
    return left
  }
}

extension Expression {
  /// A name with its time, index and fields, or something in parentheses: what may stand below a ∂.
  var isSymbol: Bool {
    switch form {
    case .name, .timed, .parentheses: true
    case .tuple: true
    case .index(let base, _), .field(let base, _): base.isSymbol
    default: false
    }
  }
}
