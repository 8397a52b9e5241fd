/// What a part of a formula is, as far as that can be known without shapes.
enum LaTeXKind { case number, vector, matrix }

/// A tree of our language, made from a part of a formula, with what the parts around it need to know.
struct LaTeXTerm {
  var expression: Expression
  var kind: LaTeXKind
  /// How tightly its outermost operator binds.
  var level: Level
  /// Of the tree, kept small so that no later pass runs out of stack.
  var height: Int
  /// Made of parameters and numbers only.
  var isParameter = false
  /// A transposed vector: a row.
  var isRow = false
  /// `W x` without parentheses: where its last operand stands.
  var lastOperand: Range<Int>?
  /// `x W` without parentheses, x left: where its first operand stands.
  var firstOperand: Range<Int>?

  enum Level: Int, Comparable {
    case sum = 1, product, prefix, power, postfix, atom

    static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  var place: Place { expression.place }
  var range: Range<Int> { expression.place.range }

  /// A vector that changes in time.
  var isTimed: Bool { kind == .vector && !isParameter }

  init(_ expression: Expression, _ kind: LaTeXKind, level: Level = .atom, height: Int = 1, isParameter: Bool = false) {
    self.expression = expression
    self.kind = kind
    self.level = level
    self.height = height
    self.isParameter = isParameter
  }

  // MARK: Building

  /// Puts two terms under an operator, with the parentheses that it needs to be read back as the same tree.
  static func infix(_ sign: InfixOperator, _ left: LaTeXTerm, _ right: LaTeXTerm) throws(LaTeXFault) -> LaTeXTerm {
    let level: Level
    switch sign {
    case .plus, .minus: level = .sum
    case .power: level = .power
    default: level = .product
    }
    var left = left
    var right = right
    if sign == .power {
      if left.level < .postfix { left = try left.parenthesised() }
      if right.level < .power { right = try right.parenthesised() }
    } else {
      let isAmbiguous = (sign == .times || sign == .divide) && left.isDotProduct
      if left.level < level || isAmbiguous { left = try left.parenthesised() }
      if right.level <= level { right = try right.parenthesised() }
    }
    let place = left.place.through(right.place)
    var term = LaTeXTerm(
      Expression(.infix(sign, left.expression, right.expression), place), kind(of: left, right), level: level,
      height: try height(max(left.height, right.height), place), isParameter: left.isParameter && right.isParameter)
    if sign == .power { term.kind = left.kind }
    return term
  }

  /// Elementwise: a vector that changes in time makes a vector, a matrix a matrix of parameters.
  static func kind(of left: LaTeXTerm, _ right: LaTeXTerm) -> LaTeXKind {
    // A state that is a matrix: f[t] * C[t-1].
    for term in [left, right] where term.kind == .matrix && !term.isParameter { return .matrix }
    if left.isTimed || right.isTimed { return .vector }
    if left.kind == .matrix || right.kind == .matrix { return .matrix }
    return left.kind == .vector || right.kind == .vector ? .vector : .number
  }

  static func height(_ below: Int, _ place: Place) throws(LaTeXFault) -> Int {
    guard below < LaTeXReader.highest else { throw LaTeXFault(.tooLong, place) }
    return below + 1
  }

  /// Several vectors as one.
  var isJoined: Bool {
    if case .brackets(let rows) = expression.form { return (rows.first?.count ?? 0) > 1 }
    return false
  }

  private var isDotProduct: Bool {
    if case .infix(.dot, _, _) = expression.form { return true }
    return false
  }

  func parenthesised(_ place: Place? = nil) throws(LaTeXFault) -> LaTeXTerm {
    if level == .atom { return self }
    var term = LaTeXTerm(
      Expression(.parentheses(expression), place ?? self.place), kind, height: try Self.height(height, self.place),
      isParameter: isParameter)
    term.isRow = isRow
    return term
  }

  /// The minus goes to the first factor, as it is read: `-a * b` is `(-a) * b`.
  func negated(_ sign: Place) throws(LaTeXFault) -> LaTeXTerm {
    var term = self
    term.expression = Self.negated(expression, sign)
    term.height = try Self.height(height, place)
    term.level = min(level, .prefix)
    return term
  }

  private static func negated(_ expression: Expression, _ sign: Place) -> Expression {
    if case .infix(let operation, let left, let right) = expression.form,
      operation == .times || operation == .dot || operation == .divide
    {
      return Expression(.infix(operation, negated(left, sign), right), sign.through(expression.place))
    }
    return Expression(.prefix(.minus, expression), sign.through(expression.place))
  }

  func transposed(_ place: Place) throws(LaTeXFault) -> LaTeXTerm {
    if case .primed(let inside) = expression.form {
      var term = LaTeXTerm(
        inside, kind, level: LaTeXTerm.level(of: inside), height: height, isParameter: isParameter)
      term.isRow = kind == .vector && !isRow
      return term
    }
    let base = level < .postfix ? try parenthesised() : self
    var term = LaTeXTerm(
      Expression(.primed(base.expression), place), kind, level: .postfix, height: try Self.height(base.height, place),
      isParameter: isParameter)
    term.isRow = kind == .vector && !isRow
    return term
  }

  static func level(of expression: Expression) -> Level {
    switch expression.form {
    case .call, .index, .primed, .derivative: return .postfix
    case .prefix: return .prefix
    case .infix(.power, _, _): return .power
    case .infix(.plus, _, _), .infix(.minus, _, _): return .sum
    case .infix: return .product
    default: return .atom
    }
  }

  func call(_ function: Expression, _ others: [LaTeXTerm], _ place: Place) throws(LaTeXFault) -> LaTeXTerm {
    let all = [self] + others
    var kind = LaTeXKind.number
    for term in all where kind != .vector && term.kind != .number { kind = term.kind }
    if case .name("diag") = function.form { kind = .matrix }
    let arguments = all.map { Argument(value: $0.expression, place: $0.place) }
    return LaTeXTerm(
      Expression(.call(function, arguments), place), kind, level: .postfix,
      height: try Self.height(all.map(\.height).max() ?? 0, place), isParameter: all.allSatisfy(\.isParameter))
  }
}
