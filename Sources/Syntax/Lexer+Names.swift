import Typography

/// Names in their one spelling: `h₁` and `h_{1}` are `h_1`, `h~` is `h̃`, `hₜ₋₁` is `h_{t-1}`.
extension Lexer {
  mutating func lexName() {
    let start = offset
    while offset < end, Characters.isWordByte(source.bytes[offset]) { offset += 1 }
    guard offset == end || !mayGoOn(at: offset, from: start) else {
      offset = start
      return lexDecoratedName()
    }
    let name = source.slice(start..<offset)
    emit(ReservedWords.token(of: name) ?? .name(name), from: start, to: offset)
  }

  /// After plain letters: an accent, a subscript or a letter of another script may follow.
  private func mayGoOn(at offset: Int, from start: Int) -> Bool {
    switch source.bytes[offset] {
    case UInt8(ascii: "\\"), UInt8(ascii: "~"), 0x80...0xFF: true
    case UInt8(ascii: "{"): offset > start && source.bytes[offset - 1] == UInt8(ascii: "_")
    default: false
    }
  }

  private mutating func lexDecoratedName() {
    let start = offset
    var name = String.UnicodeScalarView()
    var time: Int?
    while let next = glance(at: offset) {
      let part: String
      if next.scalar == "_", byte(at: offset + 1) == UInt8(ascii: "{") {
        guard let subscripted = bracedSubscript(), !name.isEmpty else {
          return emit(.invalid(.badSubscript), from: start, to: max(offset, start + 1))
        }
        part = subscripted
      } else if Scripts.lowered(next.scalar) != nil {
        part = loweredRun()
      } else if next.scalar == "~", byte(at: offset + 1) != UInt8(ascii: "=") {
        part = "\u{303}"
        offset += next.length
      } else if Characters.continuesName(next.scalar) {
        part = String(next.scalar)
        offset += next.length
      } else {
        break
      }
      if time != nil { return emit(.invalid(.timeNotLast), from: start, to: offset) }
      guard part.utf8.first == UInt8(ascii: "_"), part.utf8.count > 1 else {
        name.append(contentsOf: part.unicodeScalars)
        continue
      }
      let subscripted = part.unicodeScalars.dropFirst()
      time = TimedName.offset(of: String(String.UnicodeScalarView(subscripted)))
      if time == nil {
        guard subscripted.first.map(Characters.isAccent) == false, subscripted.allSatisfy(Characters.continuesName)
        else {
          return emit(.invalid(.badSubscript), from: start, to: offset)
        }
        name.append(contentsOf: part.unicodeScalars)
      }
    }
    let text = String(name)
    if let time { return emit(.timed(text, offset: time), from: start, to: offset) }
    emit(ReservedWords.token(of: text) ?? .name(text), from: start, to: offset)
  }

  /// What stands in `_{...}`, with a `_` before it and without blanks; nil if that is not one word.
  private mutating func bracedSubscript() -> String? {
    var result = "_"
    offset += 2
    while let next = glance(at: offset) {
      offset += next.length
      if next.scalar == "}" { return result.utf8.count > 1 ? result : nil }
      if next.scalar == " " { continue }
      guard Characters.continuesName(next.scalar) || next.scalar == "+" || next.scalar == "-" else { return nil }
      result.unicodeScalars.append(next.scalar)
    }
    return nil
  }

  private mutating func loweredRun() -> String {
    var result = "_"
    while let next = glance(at: offset), let lowered = Scripts.lowered(next.scalar) {
      result.unicodeScalars.append(lowered)
      offset += next.length
    }
    return result
  }
}
