/// How tightly things hold together, from loose to tight.
enum Level: Int, Sendable, Comparable {
  case within, or, and, not, comparison, range, sum, product, unary, power, postfix

  static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
}

/// The grammar of operators: a row for each mark that stands between two operands.
struct InfixRow: Sendable {
  enum Meaning: Sendable {
    case infix(InfixOperator)
    case comparison(ComparisonOperator)
    case within
  }

  let meaning: Meaning
  let level: Level
  /// The level of the right operand: the next tighter one groups to the left, the same one to the right.
  let right: Level

  static func row(of mark: Mark) -> InfixRow? { rows[Int(mark.rawValue)] }

  private static let table: [(Mark, InfixRow)] = [
    (.in, InfixRow(meaning: .within, level: .within, right: .or)),
    (.or, InfixRow(meaning: .infix(.or), level: .or, right: .and)),
    (.and, InfixRow(meaning: .infix(.and), level: .and, right: .not)),
    (.equal, InfixRow(meaning: .comparison(.equal), level: .comparison, right: .range)),
    (.unequal, InfixRow(meaning: .comparison(.unequal), level: .comparison, right: .range)),
    (.less, InfixRow(meaning: .comparison(.less), level: .comparison, right: .range)),
    (.lessOrEqual, InfixRow(meaning: .comparison(.lessOrEqual), level: .comparison, right: .range)),
    (.greater, InfixRow(meaning: .comparison(.greater), level: .comparison, right: .range)),
    (.greaterOrEqual, InfixRow(meaning: .comparison(.greaterOrEqual), level: .comparison, right: .range)),
    (.range, InfixRow(meaning: .infix(.range), level: .range, right: .sum)),
    (.plus, InfixRow(meaning: .infix(.plus), level: .sum, right: .product)),
    (.minus, InfixRow(meaning: .infix(.minus), level: .sum, right: .product)),
    (.times, InfixRow(meaning: .infix(.times), level: .product, right: .unary)),
    (.dot, InfixRow(meaning: .infix(.dot), level: .product, right: .unary)),
    (.divide, InfixRow(meaning: .infix(.divide), level: .product, right: .unary)),
    // `2^-x` and `a^b^c`: the exponent may have a sign, and groups to the right.
    (.power, InfixRow(meaning: .infix(.power), level: .power, right: .unary)),
  ]

  private static let rows: [InfixRow?] = Mark.allCases.map { mark in table.first { $0.0 == mark }?.1 }
}

extension InfixOperator {
  /// Where it stands in the grammar: what its operands must be, for who prints them.
  var levels: (own: Level, left: Level, right: Level) {
    switch self {
    case .or: (.or, .or, .and)
    case .and: (.and, .and, .not)
    case .range: (.range, .range, .sum)
    case .plus, .minus: (.sum, .sum, .product)
    case .times, .dot, .divide: (.product, .product, .unary)
    case .power: (.power, .postfix, .unary)
    }
  }
}
