import Typography

/// Words among LaTeX's formulas: names of rules with what stands in them, `chain rule, σ' = σ(z) * (1 - σ(z))`.
enum LaTeXProse {
  /// For `\text{...}`; ASCII alone.
  static func text(_ words: String) -> String {
    var result = ""
    var isRaised = false
    for character in words {
      if isRaised {
        // z^2 is set as a power.
        isRaised = false
        result += character.isASCII && character.isNumber ? "$^{\(character)}$" : (escapes["^"] ?? "")
        if character.isASCII, character.isNumber { continue }
      }
      if character == "^" {
        isRaised = true
        continue
      }
      if character.isASCII {
        result += escapes[character] ?? String(character)
        continue
      }
      for letter in MathName.letters(Substring(String(character))) { result += "$" + symbol(letter) + "$" }
    }
    return result
  }

  private static func symbol(_ letter: MathName.Letter) -> String {
    if let mark = marks[letter.base] { return mark }
    if let glyph = Glyphs.glyph(of: letter.base), glyph.role == .mark { return "\\" + glyph.name }
    return LaTeXWriter.letter(letter)
  }

  private static let marks: [Unicode.Scalar: String] = [
    "ᵀ": "^{\\top}", "√": "\\surd", "′": "'", "…": "\\ldots", "²": "^{2}", "³": "^{3}", "∈": "\\in",
  ]

  private static let escapes: [Character: String] = [
    "\\": "\\textbackslash{}", "#": "\\#", "$": "\\$", "%": "\\%", "&": "\\&", "_": "\\_", "{": "\\{", "}": "\\}",
    "^": "\\textasciicircum{}", "~": "\\textasciitilde{}", "<": "$<$", ">": "$>$", "*": "$\\odot$",
  ]
}
