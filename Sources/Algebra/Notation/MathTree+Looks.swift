/// What the ends of a part look like: whether two factors may stand side by side without a mark.
extension MathTree {
  /// A letter with no d before it.
  func isPlainIdentifier(_ id: ID) -> Bool {
    if case .identifier(let identifier) = self[id] { !identifier.isDifferential } else { false }
  }

  /// A sum, so that a mark before it would belong to its first term alone.
  func isSum(_ id: ID) -> Bool { if case .sum = self[id] { true } else { false } }

  /// A sum over all t, which on paper holds all factors that follow.
  func isTotal(_ id: ID) -> Bool { if case .total = self[id] { true } else { false } }

  /// Parentheses, also with something at their end: `(...)[f]_jk`.
  func endsInBracket(_ id: ID) -> Bool {
    switch self[id] {
    case .fence(_, isOnlyInLine: false): true
    case .rows(let base, _), .entry(let base, _), .transpose(let base), .power(let base, _), .block(let base, _):
      endsInBracket(base)
    default: false
    }
  }

  /// A letter or a number, after which brackets would look like a function's.
  func endsBare(_ id: ID) -> Bool {
    switch self[id] {
    case .number, .word, .identifier, .block, .entry, .transpose, .power: true
    case .product(let factors, _): factors.last.map(endsBare) ?? false
    case .fence(let inner, isOnlyInLine: true): endsBare(inner)
    default: false
    }
  }

  func beginsWithBracket(_ id: ID) -> Bool {
    switch self[id] {
    case .fence(let inner, let isOnlyInLine): !isOnlyInLine || beginsWithBracket(inner)
    case .brackets: true
    case .product(let factors, _): factors.first.map(beginsWithBracket) ?? false
    case .transpose(let base), .power(let base, _), .rows(let base, _), .block(let base, _), .entry(let base, _):
      beginsWithBracket(base)
    default: false
    }
  }

  func beginsWithDigit(_ id: ID) -> Bool {
    switch self[id] {
    case .number: true
    case .product(let factors, _): factors.first.map(beginsWithDigit) ?? false
    case .transpose(let base), .power(let base, _), .entry(let base, _): beginsWithDigit(base)
    case .fence(let inner, isOnlyInLine: true): beginsWithDigit(inner)
    default: false
    }
  }
}
