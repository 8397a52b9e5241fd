/// Puts parts together with the parentheses they need: the one place that knows how tightly things hold together.
struct MathComposer {
  /// How tightly a written expression holds together; the grammar's levels.
  enum Level: Int, Comparable {
    case sum, product, sign, power, primary
    static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  struct Composed {
    var part: MathTree.ID
    var level: Level
    var isMatrixProduct = false
    var isQuotient = false
    /// It holds what follows, so it may stand last in a product as it is.
    var isSummation = false
  }

  private(set) var tree = MathTree()

  mutating func primary(_ part: MathTree.Part, level: Level = .primary) -> Composed {
    Composed(part: tree.add(part), level: level)
  }

  mutating func number(_ numeral: String, isNegative: Bool = false) -> Composed {
    primary(.number(numeral), level: isNegative ? .sign : .primary)
  }

  /// The part, in parentheses if it holds together less tightly than it must.
  mutating func operand(_ inner: Composed, atLeast level: Level, isOnlyInLine: Bool? = nil) -> MathTree.ID {
    guard inner.level < level else { return inner.part }
    return tree.add(.fence(inner.part, isOnlyInLine: isOnlyInLine ?? inner.isQuotient))
  }

  mutating func sum(_ terms: [(isNegative: Bool, term: Composed)]) -> Composed {
    var parts: [MathTree.SignedPart] = []
    for (position, item) in terms.enumerated() {
      let isFirstNegative = position == 0 && item.isNegative
      // -(a * b): without parentheses a line reads (-a) * b.
      let part = operand(
        item.term, atLeast: isFirstNegative ? .power : .product,
        isOnlyInLine: isFirstNegative && item.term.level == .product)
      parts.append(MathTree.SignedPart(isNegative: item.isNegative, part: part))
    }
    let isNegated = terms.count == 1 && terms[0].isNegative
    return Composed(part: tree.add(.sum(parts)), level: isNegated ? .sign : .sum)
  }

  /// `a * b * c`. A product of matrices takes parentheses, since U · r * h reads two ways, and so does a product of its
  /// own, since a * b * c is one of three factors; a / b * c is (a / b) * c.
  mutating func product(_ factors: [Composed], joints: [MathTree.Joint]) -> Composed {
    var parts: [MathTree.ID] = []
    for (position, factor) in factors.enumerated() {
      let isOpen =
        position == 0 && factor.isQuotient || position == factors.count - 1 && factor.isSummation
      parts.append(isOpen ? factor.part : operand(factor, atLeast: .sign))
    }
    return Composed(part: tree.add(.product(parts, joints: joints)), level: .product)
  }

  /// How parentheses of a product right of `·` are written: `A · (B · C)`.
  enum Chain { case always, inLine, never }

  /// `a · b`. A product of matrices on the left needs no parentheses, one on the right may lose them.
  mutating func matrixProduct(
    _ left: Composed, _ right: Composed, joint: MathTree.Joint, chain: Chain = .always
  ) -> Composed {
    let first = left.isMatrixProduct ? left.part : operand(left, atLeast: .sign)
    let isChained = right.isMatrixProduct && chain != .always
    let second =
      isChained && chain == .never
      ? right.part : operand(right, atLeast: .sign, isOnlyInLine: isChained ? true : nil)
    return Composed(part: tree.add(.product([first, second], joints: [joint])), level: .product, isMatrixProduct: true)
  }

  mutating func quotient(_ above: Composed, _ below: Composed) -> Composed {
    let top = operand(above, atLeast: .product, isOnlyInLine: true)
    let bottom = operand(below, atLeast: .sign, isOnlyInLine: true)
    return Composed(part: tree.add(.fraction(top, over: bottom)), level: .product, isQuotient: true)
  }

  mutating func power(_ base: Composed, _ exponent: Composed) -> Composed {
    let below = operand(base, atLeast: .primary, isOnlyInLine: false)
    let above = operand(exponent, atLeast: .power, isOnlyInLine: true)
    return Composed(part: tree.add(.power(below, above)), level: .power)
  }

  mutating func transpose(_ inner: Composed) -> Composed {
    let base = operand(inner, atLeast: .primary, isOnlyInLine: false)
    return primary(.transpose(base))
  }

  mutating func call(_ name: String, _ argument: Composed) -> Composed { primary(.call(name, [argument.part])) }

  mutating func block(_ matrix: Composed, by part: MathTree.ID) -> Composed {
    let base = operand(matrix, atLeast: .primary, isOnlyInLine: false)
    return primary(.block(base, by: part))
  }

  /// In parentheses, since `W[f]` is the block of columns that multiplies f.
  mutating func rows(_ whole: Composed, of name: String) -> Composed {
    let base =
      whole.level < .primary
      ? operand(whole, atLeast: .primary, isOnlyInLine: false) : tree.add(.fence(whole.part, isOnlyInLine: true))
    return primary(.rows(base, of: name))
  }

  /// An entry of something: `(A · B)_jk`.
  mutating func entry(_ whole: Composed, _ indices: String) -> Composed {
    let base = operand(whole, atLeast: .primary, isOnlyInLine: false)
    return primary(.entry(base, indices))
  }

  /// An entry of a symbol, of a differential or of a block of columns; as it is without indices.
  mutating func indexed(_ whole: Composed, _ indices: String) -> Composed {
    if indices.isEmpty { return whole }
    if case .identifier(var identifier) = tree[whole.part] {
      identifier.entry = indices
      return primary(.identifier(identifier))
    }
    return entry(whole, indices)
  }

  /// `Σ_l ...`, which holds all factors that follow.
  mutating func summation(_ name: String, over index: String, _ inner: Composed) -> Composed {
    let body = operand(inner, atLeast: .product, isOnlyInLine: false)
    return Composed(part: tree.add(.summation(name, over: index, body)), level: .product, isSummation: true)
  }
}
