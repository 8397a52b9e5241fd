/// Marks, longest first, and the marks of other languages.
extension Lexer {
  /// The mark at an offset, with its length in bytes; nil if none stands there.
  func mark(at offset: Int, _ first: Glance) -> (TokenKind, Int)? {
    let after = offset + first.length
    let second = glance(at: after)
    if let second, let row = Self.pairs[Pair(first.scalar, second.scalar)] {
      let length = first.length + second.length
      // `===` and `!==` are three characters.
      if row.isComparison, byte(at: offset + length) == UInt8(ascii: "=") {
        return (.foreign(.tripleEquals), length + 1)
      }
      return (row.kind, length)
    }
    return Self.single[first.scalar].map { ($0, first.length) }
  }

  private struct Pair: Hashable, Sendable {
    let first: Unicode.Scalar
    let second: Unicode.Scalar
    init(_ first: Unicode.Scalar, _ second: Unicode.Scalar) {
      self.first = first
      self.second = second
    }
  }

  private struct Row: Sendable {
    let kind: TokenKind
    var isComparison = false
  }

  private static let pairs: [Pair: Row] = [
    Pair("=", "="): Row(kind: .mark(.equal), isComparison: true),
    Pair("!", "="): Row(kind: .mark(.unequal), isComparison: true),
    Pair("<", "="): Row(kind: .mark(.lessOrEqual)), Pair(">", "="): Row(kind: .mark(.greaterOrEqual)),
    Pair("-", ">"): Row(kind: .mark(.arrow)),
    Pair("*", "*"): Row(kind: .foreign(.power)), Pair("<", ">"): Row(kind: .foreign(.tildeEquals)),
    Pair("~", "="): Row(kind: .foreign(.tildeEquals)), Pair("=", ">"): Row(kind: .foreign(.fatArrow)),
    Pair("+", "="): Row(kind: .foreign(.augmented)), Pair("-", "="): Row(kind: .foreign(.augmented)),
    Pair("*", "="): Row(kind: .foreign(.augmented)), Pair("/", "="): Row(kind: .foreign(.augmented)),
    Pair("^", "="): Row(kind: .foreign(.augmented)), Pair("·", "="): Row(kind: .foreign(.augmented)),
    Pair("@", "="): Row(kind: .foreign(.augmented)), Pair("⊙", "="): Row(kind: .foreign(.augmented)),
    Pair(":", "="): Row(kind: .foreign(.colonEquals)), Pair("&", "&"): Row(kind: .foreign(.ampersands)),
    Pair("|", "|"): Row(kind: .foreign(.bars)), Pair("/", "/"): Row(kind: .foreign(.slashes)),
    Pair("/", "*"): Row(kind: .foreign(.slashes)),
  ]

  private static let single: [Unicode.Scalar: TokenKind] = [
    "(": .mark(.openParenthesis), ")": .mark(.closeParenthesis), "[": .mark(.openBracket), "]": .mark(.closeBracket),
    "{": .mark(.openBrace), "}": .mark(.closeBrace), ",": .mark(.comma), ";": .mark(.semicolon), ":": .mark(.colon),
    "=": .mark(.assign), "→": .mark(.arrow), "ᵀ": .mark(.prime), "×": .mark(.cross), "∂": .mark(.partial),
    "√": .mark(.root), "+": .mark(.plus), "-": .mark(.minus), "*": .mark(.times), "⊙": .mark(.times),
    "∘": .mark(.times), "·": .mark(.dot), "@": .mark(.dot), "/": .mark(.divide), "÷": .mark(.divide),
    "^": .mark(.power), "≠": .mark(.unequal), "<": .mark(.less), "≤": .mark(.lessOrEqual), ">": .mark(.greater),
    "≥": .mark(.greaterOrEqual), "∧": .mark(.and), "∨": .mark(.or), "¬": .mark(.not), "∈": .mark(.in),
    "!": .foreign(.exclamation), "&": .foreign(.ampersands), "|": .foreign(.bar), "~": .foreign(.tilde),
    "%": .foreign(.percent), "?": .foreign(.question), "$": .foreign(.dollar), "`": .foreign(.backquote),
    "…": .invalid(.ellipsis), "′": .mark(.prime),
  ]

  /// `.`, `..`, `.5`, and MATLAB's `.*`.
  mutating func lexPoints() {
    var count = 1
    while byte(at: offset + count) == UInt8(ascii: ".") { count += 1 }
    let next = byte(at: offset + count)
    switch count {
    case 1 where Characters.isDigit(next) && !touchesOperand: lexNumber()
    case 1 where "*/^".utf8.contains(next): emit(.foreign(.pointed), length: 2)
    case 1: emit(.mark(.point), length: 1)
    case 2: emit(.mark(.range), length: 2)
    default: emit(.invalid(.ellipsis), length: count)
    }
  }
}
