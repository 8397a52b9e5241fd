/// A plain text as LaTeX: its own characters escaped, and letters that pdflatex does not know as mathematics.
enum TeXText {
  static func text(_ text: String) -> String {
    var result = ""
    for character in text { result += known[character] ?? String(character) }
    return result
  }

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
    ("h̃", "\\tilde h"), ("c̃", "\\tilde c"), ("<", "<"), (">", ">"), ("|", "|"),
  ]
}
