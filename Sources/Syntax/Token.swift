/// The words of the language, with the place of each in UTF-8 offsets.
struct Token: Sendable {
  var kind: TokenKind
  var start: Int
  var end: Int
  /// Something blank stands before it.
  var followsSpace = false
  /// It is the first of its line.
  var followsNewline = false
}

enum TokenKind: Sendable {
  case number(String)
  /// A name in its one spelling.
  case name(String)
  /// `h_{t-1}`, `hₜ`.
  case timed(String, offset: Int)
  case text([LexedPiece])
  /// `"""` that nothing closes: at the prompt more lines may come.
  case openText
  case word(Word)
  case mark(Mark)
  /// `²`, `⁻¹`, `ⁿ` as plain characters.
  case superscript(String)
  /// Notation of another language, which the parser explains where it stands.
  case foreign(ForeignHabit.Name)
  case invalid(SyntaxFact)
  case end
}

/// A piece of a text: what it says, or where an expression stands in it.
enum LexedPiece: Sendable {
  case literal(String)
  case code(Range<Int>)
}

/// The reserved words that are no operators.
enum Word: String, Sendable, CaseIterable {
  case cell, fn, `if`, `else`, `for`, `while`, `return`, `break`, `continue`, `import`, assert, use, set, check
  case `true`, `false`, nothing, end, reversed
}

/// Marks, and the words that stand between operands as marks do.
enum Mark: UInt8, Sendable, CaseIterable {
  case openParenthesis, closeParenthesis, openBracket, closeBracket, openBrace, closeBrace
  case comma, semicolon, colon, point, assign, arrow, prime, cross, partial, root
  case plus, minus, times, dot, divide, power, range
  case equal, unequal, less, lessOrEqual, greater, greaterOrEqual
  case and, or, not, `in`, holding

  var spelling: String {
    switch self {
    case .openParenthesis: "("
    case .closeParenthesis: ")"
    case .openBracket: "["
    case .closeBracket: "]"
    case .openBrace: "{"
    case .closeBrace: "}"
    case .comma: ","
    case .semicolon: ";"
    case .colon: ":"
    case .point: "."
    case .assign: "="
    case .arrow: "->"
    case .prime: "'"
    case .cross: "×"
    case .partial: "∂"
    case .root: "√"
    case .plus: "+"
    case .minus: "-"
    case .times: "*"
    case .dot: "·"
    case .divide: "/"
    case .power: "^"
    case .range: ".."
    case .equal: "=="
    case .unequal: "!="
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    case .and: "and"
    case .or: "or"
    case .not: "not"
    case .in: "in"
    case .holding: "holding"
    }
  }

  var isWord: Bool {
    switch self {
    case .and, .or, .not, .in, .holding: true
    default: false
    }
  }

  /// The mark that closes what this one opens.
  var closer: Mark? {
    switch self {
    case .openParenthesis: .closeParenthesis
    case .openBracket: .closeBracket
    case .openBrace: .closeBrace
    default: nil
    }
  }
}

/// The words that cannot be names.
public enum ReservedWords {
  public static let all: [String] = Word.allCases.map(\.rawValue) + Mark.allCases.filter(\.isWord).map(\.spelling)

  static let words = Dictionary(uniqueKeysWithValues: Word.allCases.map { ($0.rawValue, TokenKind.word($0)) })
  static let marks = Dictionary(
    uniqueKeysWithValues: Mark.allCases.filter(\.isWord).map { ($0.spelling, TokenKind.mark($0)) })

  static func token(of name: String) -> TokenKind? { words[name] ?? marks[name] }
}
