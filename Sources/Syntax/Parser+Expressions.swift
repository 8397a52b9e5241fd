/// Operators between operands, by the table.
extension Parser {
  /// An expression whose operators are at least as tight as a level.
  mutating func expression(_ level: Level = .within) throws(Stop) -> Node {
    try enter()
    var left = try prefix(level)
    while let (mark, row) = infixRow(), row.level >= level { left = try continued(left, mark, row) }
    leave()
    return left
  }

  /// An operand with the operator that stands here and what follows it.
  private mutating func continued(_ left: Node, _ mark: Mark, _ row: InfixRow) throws(Stop) -> Node {
    if let minus = separateElement(left, mark) { throw minus }
    try checkTimeMinusNumber()
    switch row.meaning {
    case .comparison: return try comparison(left)
    case .infix(let infix): return try infixed(left, infix, row, mark)
    case .within:
      advance()
      let cell = try expression(row.right)
      return try node(
        .within(left.expression, cell.expression), left.place.through(cell.place), over: max(left.height, cell.height))
    }
  }

  /// The operator that stands here and continues the expression.
  private func infixRow() -> (Mark, InfixRow)? {
    guard let mark, let row = InfixRow.row(of: mark) else { return nil }
    if atLineEnd && !context.linesContinue { return nil }
    return (mark, row)
  }

  private mutating func infixed(
    _ left: Node, _ infix: InfixOperator, _ row: InfixRow, _ mark: Mark
  ) throws(Stop) -> Node {
    advance()
    if infix == .power, take(.prime) {
      // `A^⊤`, as papers have it.
      return try node(.primed(left.expression), place(through: left.place), over: left.height)
    }
    let right = try operand(row.right, after: mark)
    return try node(
      .infix(infix, left.expression, right.expression), left.place.through(right.place),
      over: max(left.height, right.height))
  }

  private mutating func comparison(_ first: Node) throws(Stop) -> Node {
    var operands = [first.expression]
    var operators: [ComparisonOperator] = []
    var height = first.height
    while let (mark, row) = infixRow(), case .comparison(let comparison) = row.meaning {
      advance()
      let next = try operand(row.right, after: mark)
      operators.append(comparison)
      operands.append(next.expression)
      height = max(height, next.height)
    }
    return try node(.comparison(operands, operators), place(through: first.place), over: height)
  }

  /// The operand that must follow a mark.
  private mutating func operand(_ level: Level, after mark: Mark) throws(Stop) -> Node {
    if at(.not), level > .not { throw failure(.notUnderOperator(mark.spelling)) }
    return try expression(level)
  }

  /// From the start of an operand to the last token that was read.
  func place(through start: Place) -> Place {
    Place(source, start.range.lowerBound..<max(start.range.upperBound, previousToken?.end ?? 0))
  }

  /// What may begin an expression: a sign, `not`, `∂`, or an operand.
  private mutating func prefix(_ level: Level) throws(Stop) -> Node {
    switch mark {
    case .minus where level <= .unary: return try prefixed(.minus, .unary)
    case .plus where level <= .unary: return try prefixed(.plus, .unary)
    case .not where level <= .not: return try prefixed(.not, .not)
    case .partial where level <= .unary: return try derivative()
    default: return try postfix()
    }
  }

  private mutating func prefixed(_ sign: PrefixOperator, _ level: Level) throws(Stop) -> Node {
    let start = token
    advance()
    let operand = try expression(level)
    return try node(.prefix(sign, operand.expression), place(from: start), over: operand.height)
  }

  // MARK: What can be read in two ways

  /// `[1 -2]`: one element or two?
  private func separateElement(_ left: Node, _ mark: Mark) -> Stop? {
    guard context.isElement, mark == .minus || mark == .plus, token.followsSpace, !nextToken.followsSpace else {
      return nil
    }
    if mark == .plus { return nil }
    return failure(.minusInBrackets(left: left.place.brief, right: text(of: nextToken)))
  }

  /// `h_t-1` where names have times: h[t] minus 1, or h[t-1]?
  func checkTimeMinusNumber() throws(Stop) {
    guard context.isSymbolic, at(.minus) || at(.plus), !token.followsSpace, !nextToken.followsSpace,
      let previousToken, case .name(let name) = previousToken.kind, TimedName.split(name) != nil,
      case .number(let number) = nextToken.kind
    else { return }
    throw failure(
      .timeMinusNumber(name: name, sign: mark?.spelling ?? "-", number: number),
      Place(source, previousToken.start..<nextToken.end))
  }
}
