import Typography

/// Symbols as a paper has them.
extension LaTeXWriter {
  /// `\tilde{h}_{t-1}`, `W_{xi}`, `\mathrm{d}W_f`, `h^{(1)}_t`.
  static func identifier(_ identifier: MathTree.Identifier) -> Typeset {
    let name = MathName(identifier.name)
    var base = letters(name.letters)
    if identifier.isDifferential { base = Typeset(text: "\\mathrm{d}" + base.text, width: base.width + 5) }
    base.text += String(repeating: "'", count: name.primes)
    base.width += 3 * name.primes
    var below = name.subscripts.map { subscripted($0) }
    if let shift = identifier.shift {
      let time = TextWriter.time(shift)
      below.append(Typeset(text: time, width: 4 * time.count))
    }
    if !identifier.entry.isEmpty {
      below.append(Typeset(text: identifier.entry, width: 4 * identifier.entry.count))
    }
    let above = name.owners.map { owner($0) }
    var width = 0
    for scripts in [below, above] {
      width = max(width, scripts.reduce(2 * max(scripts.count - 1, 0)) { $0 + $1.width })
    }
    // Raised before lowered: TeX takes a prime for something raised.
    if !above.isEmpty { base.text += "^{" + above.map(\.text).joined(separator: ",") + "}" }
    if !below.isEmpty { base.text += "_" + braced(below.map(\.text).joined(separator: ",")) }
    return Typeset(text: base.text, width: base.width + width)
  }

  /// `layer1` is a number above, other parts of a stack are words.
  private static func owner(_ name: String) -> Typeset {
    if name.hasPrefix("layer"), let number = Int(name.dropFirst(5)) {
      return Typeset(text: "(\(number))", width: 9)
    }
    return Typeset(text: "\\mathrm{\(escaped(name))}", width: 4 * name.count)
  }

  private static func letters(_ letters: [MathName.Letter]) -> Typeset {
    guard letters.count > 1 else {
      return letters.first.map { Typeset(text: letter($0), width: $0.base.properties.isUppercase ? 8 : 6) }
        ?? Typeset(text: "{}", width: 0)
    }
    // δc is a δ of c, as the differential dc is a d of c.
    if let first = letters.first, first.accents.isEmpty, isGreek(first.base) {
      let rest = Self.letters(Array(letters.dropFirst()))
      return Typeset(text: letter(first) + " " + rest.text, width: 6 + rest.width)
    }
    return Typeset(text: "\\mathit{" + join(letters.map { letter($0) }) + "}", width: 5 * letters.count)
  }

  private static func isGreek(_ scalar: Unicode.Scalar) -> Bool { (0x370...0x3FF).contains(scalar.value) }

  private static func subscripted(_ letters: [MathName.Letter]) -> Typeset {
    let isWord = letters.count > 2 && letters.allSatisfy { $0.accents.isEmpty && $0.base.isASCII && $0.isLatin }
    let text = join(letters.map { letter($0) })
    return Typeset(text: isWord ? "\\mathrm{\(text)}" : text, width: 4 * letters.count)
  }

  /// Spelled one after another: a command ends before a letter.
  private static func join(_ pieces: [String]) -> String {
    pieces.reduce(into: "") { result, piece in
      let endsInCommand = result.drop { $0 != "\\" }.contains("\\") && result.last?.isLetter == true
      if endsInCommand, piece.first?.isLetter == true { result += " " }
      result += piece
    }
  }

  static func letter(_ letter: MathName.Letter) -> String {
    var text = plain(letter.base)
    for accent in letter.accents {
      guard let glyph = Glyphs.glyph(of: accent), glyph.role == .accent else { continue }
      text = "\\\(glyph.name){\(text)}"
    }
    return text
  }

  /// Letters that LaTeX spells with a command, and Greek ones that it has no command for since they look Latin.
  private static func plain(_ scalar: Unicode.Scalar) -> String {
    if scalar.isASCII { return escaped(String(scalar)) }
    if let latin = looksLatin[scalar] { return latin }
    if let glyph = Glyphs.glyph(of: scalar), glyph.role == .letter { return "\\" + glyph.name }
    return "\\text{\(scalar)}"
  }

  private static let looksLatin: [Unicode.Scalar: String] = [
    "Α": "\\mathrm{A}", "Β": "\\mathrm{B}", "Ε": "\\mathrm{E}", "Ζ": "\\mathrm{Z}", "Η": "\\mathrm{H}",
    "Ι": "\\mathrm{I}", "Κ": "\\mathrm{K}", "Μ": "\\mathrm{M}", "Ν": "\\mathrm{N}", "Ο": "\\mathrm{O}",
    "Ρ": "\\mathrm{P}", "Τ": "\\mathrm{T}", "Χ": "\\mathrm{X}", "ο": "o", "ħ": "\\hbar",
  ]

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      if "#$%&_{}".contains(character) { result += "\\" }
      result.append(character)
    }
  }

  private static func braced(_ script: String) -> String {
    let isCommand = script.first == "\\" && script.dropFirst().allSatisfy { $0.isASCII && $0.isLetter }
    return script.count == 1 || isCommand ? script : "{\(script)}"
  }
}

extension MathName.Letter {
  fileprivate var isLatin: Bool { base.properties.isAlphabetic }
}
