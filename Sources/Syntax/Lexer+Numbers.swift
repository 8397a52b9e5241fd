/// Numerals, as they were written: `3`, `0.5`, `.5`, `1e-3`.
extension Lexer {
  mutating func lexNumber() {
    let start = offset
    var numeral = digits()
    if numeral == "0", byte(at: offset) | 0x20 == UInt8(ascii: "x"), Characters.isDigit(byte(at: offset + 1)) {
      while offset < end, Characters.isWordByte(source.bytes[offset]) { offset += 1 }
      return emitInvalidNumber(.numberBase(source.slice(start..<offset)), from: start)
    }
    // The point of `1..5` and of MATLAB's `1.*x` belongs to what follows.
    if byte(at: offset) == UInt8(ascii: "."), !"./*^".utf8.contains(byte(at: offset + 1)) {
      offset += 1
      let fraction = digits()
      if fraction.isEmpty { return emit(.invalid(.numberPoint(numeral)), from: start, to: offset) }
      numeral += "." + fraction
    }
    if let exponent = exponent() { numeral += exponent }
    if byte(at: offset) == UInt8(ascii: "_"), Characters.isDigit(byte(at: offset + 1)) {
      return emitInvalidNumber(.numberGroups, from: start)
    }
    if byte(at: offset) == UInt8(ascii: "."), Characters.isDigit(byte(at: offset + 1)) {
      return emitInvalidNumber(.numberPoints, from: start)
    }
    emit(.number(numeral), from: start, to: offset)
  }

  private mutating func digits() -> String {
    let start = offset
    while offset < end, Characters.isDigit(source.bytes[offset]) { offset += 1 }
    if offset == end || (source.bytes[offset] < 0x80 && source.bytes[offset] != UInt8(ascii: "\\")) {
      return source.slice(start..<offset)
    }
    var result = source.slice(start..<offset)
    while let next = glance(at: offset), Characters.isDigit(next.scalar) {
      result.unicodeScalars.append(next.scalar)
      offset += next.length
    }
    return result
  }

  /// `e-3`, if a number follows the e: `2e` is 2 and a name.
  private mutating func exponent() -> String? {
    guard byte(at: offset) | 0x20 == UInt8(ascii: "e") else { return nil }
    let start = offset
    offset += 1
    var sign = ""
    if let next = glance(at: offset), next.scalar == "-" || next.scalar == "+" {
      sign = next.scalar == "-" ? "-" : ""
      offset += next.length
    }
    let size = digits()
    if size.isEmpty {
      offset = start
      return nil
    }
    return "e" + sign + size
  }

  private mutating func emitInvalidNumber(_ fact: SyntaxFact, from start: Int) {
    while offset < end, Characters.isWordByte(source.bytes[offset]) || source.bytes[offset] == UInt8(ascii: ".") {
      offset += 1
    }
    emit(.invalid(fact), from: start, to: offset)
  }
}
