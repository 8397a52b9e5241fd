import Typography

/// Texts: `"..."` with escapes and `{expression}`, on one line; `"""..."""` as it stands.
extension Lexer {
  private static let quote = UInt8(ascii: "\"")

  mutating func lexText() {
    if source.bytes[offset..<end].starts(with: [Self.quote, Self.quote, Self.quote]) { return lexRawText() }
    let start = offset
    let opener = glance(at: offset)
    offset += opener?.length ?? 1
    let isStraight = source.bytes[start] == Self.quote
    var pieces: [LexedPiece] = []
    var literal: [UInt8] = []
    while offset < end {
      let byte = source.bytes[offset]
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
      if closes(byte, isStraight: isStraight) {
        flush(&literal, into: &pieces)
        return emit(.text(pieces), from: start, to: offset + (isStraight || byte == Self.quote ? 1 : 3))
      }
      if byte == UInt8(ascii: "\\") {
        guard appendEscape(to: &literal) else { return }
      } else if byte == UInt8(ascii: "{") {
        flush(&literal, into: &pieces)
        guard let code = interpolatedCode() else { return }
        pieces.append(.code(code))
      } else {
        literal.append(byte)
        offset += 1
      }
    }
    emit(.invalid(.textUnclosed), from: start, to: offset)
  }

  /// A straight quote closes a text that a straight one opened; one with curly quotes is closed by either.
  private func closes(_ byte: UInt8, isStraight: Bool) -> Bool {
    if byte == Self.quote { return true }
    return !isStraight && byte == 0xE2 && glance(at: offset)?.scalar == "\""
  }

  private func flush(_ literal: inout [UInt8], into pieces: inout [LexedPiece]) {
    guard !literal.isEmpty else { return }
    pieces.append(.literal(String(decoding: literal, as: UTF8.self)))
    literal.removeAll()
  }

  /// Reads an escape; false if there is no such one, which is then reported there.
  private mutating func appendEscape(to literal: inout [UInt8]) -> Bool {
    let next = offset + 1 < end ? source.bytes[offset + 1] : 0
    switch next {
    case UInt8(ascii: "n"): literal.append(0x0A)
    case UInt8(ascii: "t"): literal.append(0x09)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "{"), UInt8(ascii: "}"): literal.append(next)
    default:
      if let (scalar, length) = Characters.numberedScalar(source.bytes[offset + 1..<end]) {
        literal.append(contentsOf: String(scalar).utf8)
        offset += 1 + length
        return true
      }
      let letters = source.bytes[offset + 1..<end].prefix(40).prefix(while: Characters.isLetter).count
      if next == 0x0A || next == 0x0D || offset + 1 >= end {
        skipRestOfLine(from: offset, 1, .textUnclosed)
        return false
      }
      let length = 1 + max(letters, glance(at: offset + 1)?.length ?? 0)
      skipRestOfLine(from: offset, length, .unknownEscape(source.slice(offset..<offset + length)))
      return false
    }
    offset += 2
    return true
  }

  /// The expression between the braces of a text, which may hold texts with braces; offset goes behind it.
  private mutating func interpolatedCode() -> Range<Int>? {
    let opened = offset
    offset += 1
    // Each level is inside a text (-1) or inside code with so many open braces.
    var levels = [0]
    while offset < end, let level = levels.last {
      let byte = source.bytes[offset]
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
      let inText = level < 0
      switch byte {
      case UInt8(ascii: "\\") where inText: offset += 1
      case Self.quote where inText: levels.removeLast()
      case Self.quote: levels.append(-1)
      case UInt8(ascii: "{") where inText: levels.append(0)
      case UInt8(ascii: "{"): levels[levels.count - 1] += 1
      case UInt8(ascii: "}") where !inText && level > 0: levels[levels.count - 1] -= 1
      case UInt8(ascii: "}") where !inText: levels.removeLast()
      default: break
      }
      offset += 1
      if levels.isEmpty { return opened + 1..<offset - 1 }
      if levels.count > 20 {
        skipRestOfLine(from: opened, 1, .textsTooDeep)
        return nil
      }
    }
    skipRestOfLine(from: opened, 1, .textBraceUnclosed)
    return nil
  }

  /// Reports something inside a text and goes on after the line, where no half of the text is taken for code.
  private mutating func skipRestOfLine(from start: Int, _ length: Int, _ fact: SyntaxFact) {
    let stop = min(start + length, end)
    emit(.invalid(fact), from: start, to: stop)
    while offset < end, source.bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
  }

  private mutating func lexRawText() {
    let start = offset
    var stop = offset + 3
    while stop + 3 <= end {
      if source.bytes[stop] == Self.quote, source.bytes[stop + 1] == Self.quote, source.bytes[stop + 2] == Self.quote {
        // Quotes that stand directly before the closing ones belong to the text.
        while stop + 3 < end, source.bytes[stop + 3] == Self.quote { stop += 1 }
        let text = RawText.value(of: source.slice(start + 3..<stop))
        return emit(.text(text.isEmpty ? [] : [.literal(text)]), from: start, to: stop + 3)
      }
      stop += 1
    }
    emit(.openText, from: start, to: start + 3)
    offset = end
  }
}
