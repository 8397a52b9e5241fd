/// Printing without Unicode.
///
/// What comes out has only ASCII, and the lexer reads it as it reads the original. What is no symbol of ours is
/// written `\u{...}`.
extension Glyphs {
  public static func ascii(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    return asciiPieces(text).map(\.text).joined()
  }

  /// The pieces of `ascii`, one for each character or run of small digits, with the UTF-8 length that each stands
  /// for: who underlines a text must know which is which.
  public static func asciiPieces(_ text: String) -> [(text: String, length: Int)] {
    let scalars = Array(text.unicodeScalars)
    var pieces: [(text: String, length: Int)] = []
    var index = 0
    while index < scalars.count {
      let start = index
      let spelled = piece(of: scalars, at: &index)
      pieces.append((spelled, scalars[start..<index].reduce(0) { $0 + $1.utf8Length }))
    }
    return pieces
  }

  private static func piece(of scalars: [Unicode.Scalar], at index: inout Int) -> String {
    let scalar = scalars[index]
    if Scripts.raised(scalar) != nil {
      return "^" + run(of: scalars, at: &index, Scripts.raised)
    }
    if Scripts.lowered(scalar) != nil {
      let lowered = run(of: scalars, at: &index, Scripts.lowered)
      let isTime = lowered == "t" || lowered.contains("+") || lowered.contains("-")
      return isTime ? "_{" + lowered + "}" : "_" + lowered
    }
    index += 1
    let next = index < scalars.count ? scalars[index] : nil
    return spelling(of: scalar, before: next)
  }

  private static func run(
    of scalars: [Unicode.Scalar], at index: inout Int, _ plain: (Unicode.Scalar) -> Unicode.Scalar?
  ) -> String {
    var result = ""
    while index < scalars.count, let scalar = plain(scalars[index]) {
      result += scalar.isASCII ? String(scalar) : spelling(of: scalar, before: nil)
      index += 1
    }
    return result
  }

  private static func spelling(of scalar: Unicode.Scalar, before next: Unicode.Scalar?) -> String {
    if scalar.isASCII { return String(scalar) }
    if let glyph = glyph(of: scalar) {
      // A mark's name must not run into the name after it. A letter's may: names are read longest first.
      let mustPart = glyph.role == .mark && glyph.ascii.hasPrefix("\\") && (next?.isASCIILetter ?? false)
      return mustPart ? glyph.ascii + " " : glyph.ascii
    }
    if scalar.properties.isWhitespace { return " " }
    if let other = Scripts.lookAlike(scalar) { return spelling(of: other, before: next) }
    return "\\u{" + String(scalar.value, radix: 16) + "}"
  }
}

extension Unicode.Scalar {
  var isASCIILetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }

  var utf8Length: Int { value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4 }
}
