import Typography

/// A plain text as LaTeX: its own characters escaped, and letters that pdflatex does not know as mathematics.
enum TeXText {
  static func text(_ text: String) -> String {
    var result = ""
    for character in text { result += known[character] ?? accented(character) ?? String(character) }
    return result
  }

  /// `δ̄`: letters with marks that are no letters of their own.
  private static func accented(_ character: Character) -> String? {
    let scalars = Array(character.unicodeScalars)
    guard let base = scalars.first, scalars.count > 1 else { return nil }
    var command = commands[Character(base)] ?? String(base)
    for scalar in scalars.dropFirst() {
      guard let glyph = Glyphs.glyph(of: scalar), glyph.role == .accent else { return nil }
      command = "\\\(glyph.name){\(command)}"
    }
    return "$\(command)$"
  }

  private static let commands = Dictionary(mathematics, uniquingKeysWith: { first, _ in first })

  private static let known: [Character: String] = {
    var table: [Character: String] = [
      "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#", "%": "\\%", "_": "\\_",
      "^": "\\textasciicircum{}", "~": "\\textasciitilde{}", "\n": " ", "…": "\\dots{}", "–": "--", "—": "---",
    ]
    for (character, command) in mathematics { table[character] = "$\(command)$" }
    return table
  }()

  private static let mathematics: [(Character, String)] = [
    ("α", "\\alpha"), ("β", "\\beta"), ("γ", "\\gamma"), ("δ", "\\delta"), ("ε", "\\varepsilon"), ("ζ", "\\zeta"),
    ("η", "\\eta"), ("θ", "\\theta"), ("κ", "\\kappa"), ("λ", "\\lambda"), ("μ", "\\mu"), ("ν", "\\nu"),
    ("ξ", "\\xi"), ("π", "\\pi"), ("ρ", "\\rho"), ("σ", "\\sigma"), ("τ", "\\tau"), ("φ", "\\varphi"),
    ("χ", "\\chi"), ("ψ", "\\psi"), ("ω", "\\omega"), ("Γ", "\\Gamma"), ("Δ", "\\Delta"), ("Θ", "\\Theta"),
    ("Λ", "\\Lambda"), ("Σ", "\\Sigma"), ("Φ", "\\Phi"), ("Ψ", "\\Psi"), ("Ω", "\\Omega"), ("∂", "\\partial"),
    ("·", "\\cdot"), ("×", "\\times"), ("⊙", "\\odot"), ("−", "-"), ("≤", "\\le"), ("≥", "\\ge"), ("≠", "\\ne"),
    ("≈", "\\approx"), ("∞", "\\infty"), ("→", "\\to"), ("←", "\\leftarrow"), ("∈", "\\in"), ("‖", "\\|"),
    ("²", "^2"), ("³", "^3"), ("ᵀ", "^\\top"), ("⁻", "^-"), ("¹", "^1"), ("½", "\\tfrac12"), ("′", "^\\prime"),
    ("√", "\\surd"),
    ("⁰", "^0"), ("⁴", "^4"), ("⁵", "^5"), ("⁶", "^6"), ("⁷", "^7"), ("⁸", "^8"), ("⁹", "^9"),
    ("₀", "_0"), ("₁", "_1"), ("₂", "_2"), ("₃", "_3"), ("₄", "_4"), ("₅", "_5"), ("₆", "_6"), ("₇", "_7"),
    ("₈", "_8"), ("₉", "_9"), ("<", "<"), (">", ">"), ("|", "|"),
  ]
}
