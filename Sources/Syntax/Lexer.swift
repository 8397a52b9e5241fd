import Typography

/// Text to tokens.
///
/// It never fails: what is no token of the language becomes one that says so (`invalid`, `foreign`), and the parser
/// reports it if it gets there. Every look is at one *logical* character: `\sigma` is σ, `−` is -, `𝑥` is x.
struct Lexer {
  let source: Source
  let end: Int
  var offset: Int
  var tokens: [Token] = []
  private var followsSpace = false
  private var followsNewline = false

  init(_ source: Source, _ range: Range<Int>) {
    self.source = source
    offset = max(0, range.lowerBound)
    end = min(range.upperBound, source.bytes.count)
  }

  static func tokens(of source: Source, in range: Range<Int>? = nil) -> [Token] {
    var lexer = Lexer(source, range ?? 0..<source.bytes.count)
    lexer.run()
    return lexer.tokens
  }

  private mutating func run() {
    tokens.reserveCapacity((end - offset) / 3 + 1)
    while let next = glance(at: offset) { step(next) }
    emit(.end, length: 0)
  }

  // MARK: Characters

  /// A character as it is read, and how many bytes it takes.
  struct Glance {
    let scalar: Unicode.Scalar
    let length: Int
  }

  /// The character at an offset; nil at the end.
  func glance(at offset: Int) -> Glance? {
    guard offset < end else { return nil }
    let byte = source.bytes[offset]
    if byte == UInt8(ascii: "\\") { return escaped(at: offset) }
    if byte < 0x80 { return Glance(scalar: Unicode.Scalar(byte), length: 1) }
    let decoded = decode(at: offset)
    return Glance(scalar: Scripts.lookAlike(decoded.scalar) ?? decoded.scalar, length: decoded.length)
  }

  func scalar(at offset: Int) -> Unicode.Scalar? { glance(at: offset)?.scalar }

  /// The byte at an offset; 0 at the end.
  func byte(at offset: Int) -> UInt8 { offset < end ? source.bytes[offset] : 0 }

  /// `\sigma`, `\u{3c3}`; a backslash that begins neither is itself.
  private func escaped(at offset: Int) -> Glance {
    let rest = source.bytes[offset + 1..<end]
    if let (glyph, length) = Glyphs.longest(in: rest.prefix(24).prefix(while: Characters.isLetter)) {
      return Glance(scalar: glyph.scalar, length: length + 1)
    }
    if let (scalar, length) = Characters.numberedScalar(rest), !scalar.isASCII {
      return Glance(scalar: scalar, length: length + 1)
    }
    return Glance(scalar: "\\", length: 1)
  }

  /// The scalar as it stands. Sources are valid UTF-8; should one not be, a byte stands for the replacement.
  private func decode(at offset: Int) -> Glance {
    let first = UInt32(source.bytes[offset])
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
    guard length > 1, offset + length <= source.bytes.count else { return Glance(scalar: "\u{FFFD}", length: 1) }
    var value = first & (0xFF >> UInt32(length + 1))
    for index in 1..<length { value = value << 6 | UInt32(source.bytes[offset + index] & 0x3F) }
    return Glance(scalar: Unicode.Scalar(value) ?? "\u{FFFD}", length: length)
  }

  // MARK: Tokens

  mutating func emit(_ kind: TokenKind, length: Int) {
    emit(kind, from: offset, to: offset + length)
  }

  /// Adds a token and goes on after it.
  mutating func emit(_ kind: TokenKind, from start: Int, to stop: Int) {
    tokens.append(
      Token(kind: kind, start: start, end: stop, followsSpace: followsSpace, followsNewline: followsNewline))
    followsSpace = false
    followsNewline = false
    offset = stop
  }

  private mutating func step(_ next: Glance) {
    let scalar = next.scalar
    switch scalar {
    case " ", "\t":
      followsSpace = true
      offset += 1
    case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
      followsSpace = true
      followsNewline = true
      offset += next.length
    case "#": skipComment()
    case "a"..."z", "A"..."Z", "_": lexName()
    case "0"..."9": lexNumber()
    case ".": lexPoints()
    case "\"": lexText()
    case "'": lexQuote(next)
    case "\\": lexBackslash()
    default: lexOther(next)
    }
  }

  private mutating func lexOther(_ next: Glance) {
    if let (kind, length) = mark(at: offset, next) {
      emit(kind, length: length)
    } else if Characters.isBlank(next.scalar) {
      followsSpace = true
      offset += next.length
    } else if let raised = Scripts.raised(next.scalar) {
      lexSuperscript(raised)
    } else if next.scalar == "∞" {
      emit(.name("∞"), length: next.length)
    } else if Characters.beginsName(next.scalar) {
      lexName()
    } else if Characters.isAccent(next.scalar) {
      emit(.invalid(.accentAlone(source.slice(offset..<offset + next.length))), length: next.length)
    } else {
      emit(.invalid(.unknownCharacter(next.scalar)), length: next.length)
    }
  }

  private mutating func skipComment() {
    followsSpace = true
    while offset < end, source.bytes[offset] != UInt8(ascii: "\n"), source.bytes[offset] != UInt8(ascii: "\r") {
      offset += 1
    }
  }

  /// The token just before, if nothing blank stands between and an operand ends there.
  var touchesOperand: Bool {
    guard !followsSpace, let last = tokens.last else { return false }
    // Fields may have any name: `a.in'`.
    if tokens.count > 1, case .mark(.point) = tokens[tokens.count - 2].kind { return true }
    switch last.kind {
    case .number, .name, .timed, .text, .superscript: return true
    case .word(let word): return [.true, .false, .nothing, .end].contains(word)
    case .mark(let mark): return [.closeParenthesis, .closeBracket, .closeBrace, .prime].contains(mark)
    default: return false
    }
  }

  /// `'` after an operand is the transpose; elsewhere someone quotes a text with it.
  private mutating func lexQuote(_ next: Glance) {
    if touchesOperand { return emit(.mark(.prime), length: next.length) }
    var stop = offset + next.length
    while let other = glance(at: stop), other.scalar != "\n" {
      stop += other.length
      if other.scalar == "'" { return emit(.foreign(.singleQuotes), from: offset, to: stop) }
    }
    emit(.foreign(.singleQuotes), length: next.length)
  }

  private mutating func lexBackslash() {
    let letters = source.bytes[offset + 1..<end].prefix(40).prefix(while: Characters.isLetter)
    let name = String(decoding: letters, as: UTF8.self)
    emit(.invalid(.unknownGlyph(name)), length: 1 + letters.count)
  }

  /// `²`, `⁻¹`, `ⁿ`: a whole number or one letter.
  private mutating func lexSuperscript(_ first: Unicode.Scalar) {
    let start = offset
    var exponent = ""
    while let next = glance(at: offset), let raised = Scripts.raised(next.scalar) {
      exponent.unicodeScalars.append(raised)
      offset += next.length
    }
    let size = exponent.hasPrefix("-") ? exponent.dropFirst() : exponent[...]
    let isNumber = !size.isEmpty && size.utf8.allSatisfy(Characters.isDigit)
    let isLetter = size.utf8.count == 1 && size.utf8.allSatisfy(Characters.isLetter)
    let kind: TokenKind = isNumber || isLetter ? .superscript(exponent) : .invalid(.badSuperscript)
    emit(kind, from: start, to: offset)
  }
}
