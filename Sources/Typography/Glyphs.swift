/// Every symbol that can be written: what it looks like, its `\name`, and the spelling that plain keyboards have.
///
/// One table for the lexer, for completion at the prompt (`\sigma` and a tab) and for printing without Unicode
/// (`--ascii`): what `ascii` makes of a text, the lexer reads as that text.
public struct Glyph: Sendable, Equatable {
  public enum Role: Sendable {
    /// Part of a name: σ, Δ, ħ.
    case letter
    /// A mark on its own: ·, ≤, ∂.
    case mark
    /// Written after the letter that it stands on: `x\hat`.
    case accent
    /// Only printed, never read.
    case ornament
  }

  /// The symbol itself, one Unicode scalar.
  public let scalar: Unicode.Scalar
  /// The name without its backslash.
  public let name: String
  /// Other names for it.
  public let aliases: [String]
  /// What people type who have no such key: `sigmoid`, `@`, `<=`.
  public let plain: String?
  public let role: Role
  /// What `--ascii` prints.
  public let ascii: String

  public var text: String { String(scalar) }

  init(
    _ scalar: Unicode.Scalar, _ name: String, plain: String? = nil, _ role: Role, ascii: String? = nil,
    aliases: [String] = []
  ) {
    self.scalar = scalar
    self.name = name
    self.aliases = aliases
    self.plain = plain
    self.role = role
    self.ascii = ascii ?? "\\" + name
  }
}

public enum Glyphs {
  public static let table: [Glyph] = greek + letters + accents + marks + ornaments

  /// The glyph of a name without its backslash, aliases included.
  public static func named(_ name: String) -> Glyph? { byName[name] }

  public static func glyph(of scalar: Unicode.Scalar) -> Glyph? { byScalar[scalar] }

  /// The glyph whose name is the longest beginning of a run of letters, with the length of that name:
  /// `deltaW` holds `delta`, so `\deltaW` is δW.
  public static func longest(in letters: some Collection<UInt8>) -> (glyph: Glyph, length: Int)? {
    var candidate = Array(letters.prefix(longestName))
    while !candidate.isEmpty {
      if let glyph = byName[String(decoding: candidate, as: UTF8.self)] { return (glyph, candidate.count) }
      candidate.removeLast()
    }
    return nil
  }

  /// The glyphs that a backslash and these letters may become, best first: exact names, then beginnings.
  public static func completions(ofName prefix: String) -> [Glyph] {
    table.filter { glyph in
      glyph.role != .ornament && ([glyph.name] + glyph.aliases).contains { $0.hasPrefix(prefix) }
    }.sorted { first, second in
      let ranks = [first, second].map { glyph in glyph.name == prefix ? 0 : glyph.name.hasPrefix(prefix) ? 1 : 2 }
      return (ranks[0], first.name) < (ranks[1], second.name)
    }
  }

  private static let byName: [String: Glyph] = {
    var names: [String: Glyph] = [:]
    for glyph in table where glyph.role != .ornament {
      for name in [glyph.name] + glyph.aliases where names[name] == nil { names[name] = glyph }
    }
    return names
  }()

  private static let byScalar: [Unicode.Scalar: Glyph] = {
    var scalars: [Unicode.Scalar: Glyph] = [:]
    for glyph in table where scalars[glyph.scalar] == nil { scalars[glyph.scalar] = glyph }
    return scalars
  }()

  private static let longestName = byName.keys.reduce(0) { max($0, $1.utf8.count) }

  // MARK: The table

  private static let greek: [Glyph] = [
    Glyph("α", "alpha", .letter), Glyph("β", "beta", .letter), Glyph("γ", "gamma", .letter),
    Glyph("δ", "delta", .letter), Glyph("ε", "epsilon", .letter, aliases: ["varepsilon"]),
    Glyph("ζ", "zeta", .letter), Glyph("η", "eta", .letter), Glyph("θ", "theta", .letter),
    Glyph("ι", "iota", .letter), Glyph("κ", "kappa", .letter), Glyph("λ", "lambda", .letter),
    Glyph("μ", "mu", .letter), Glyph("ν", "nu", .letter), Glyph("ξ", "xi", .letter),
    Glyph("ο", "omicron", .letter), Glyph("π", "pi", plain: "pi", .letter), Glyph("ρ", "rho", .letter),
    Glyph("ς", "varsigma", .letter), Glyph("σ", "sigma", plain: "sigmoid", .letter), Glyph("τ", "tau", .letter),
    Glyph("υ", "upsilon", .letter), Glyph("φ", "phi", .letter), Glyph("χ", "chi", .letter),
    Glyph("ψ", "psi", .letter), Glyph("ω", "omega", .letter), Glyph("ϑ", "vartheta", .letter),
    Glyph("ϕ", "varphi", .letter), Glyph("ϖ", "varpi", .letter), Glyph("ϱ", "varrho", .letter),
    Glyph("ϰ", "varkappa", .letter), Glyph("ϝ", "digamma", .letter), Glyph("Α", "Alpha", .letter),
    Glyph("Β", "Beta", .letter), Glyph("Γ", "Gamma", .letter), Glyph("Δ", "Delta", .letter),
    Glyph("Ε", "Epsilon", .letter), Glyph("Ζ", "Zeta", .letter), Glyph("Η", "Eta", .letter),
    Glyph("Θ", "Theta", .letter), Glyph("Ι", "Iota", .letter), Glyph("Κ", "Kappa", .letter),
    Glyph("Λ", "Lambda", .letter), Glyph("Μ", "Mu", .letter), Glyph("Ν", "Nu", .letter),
    Glyph("Ξ", "Xi", .letter), Glyph("Ο", "Omicron", .letter), Glyph("Π", "Pi", .letter),
    Glyph("Ρ", "Rho", .letter), Glyph("Σ", "Sigma", .letter), Glyph("Τ", "Tau", .letter),
    Glyph("Υ", "Upsilon", .letter), Glyph("Φ", "Phi", .letter), Glyph("Χ", "Chi", .letter),
    Glyph("Ψ", "Psi", .letter), Glyph("Ω", "Omega", .letter),
  ]

  private static let letters: [Glyph] = [
    Glyph("ħ", "hbar", .letter, aliases: ["hslash"]), Glyph("ℓ", "ell", .letter),
    Glyph("′", "prime", .letter),
  ]

  private static let accents: [Glyph] = [
    Glyph("\u{302}", "hat", .accent), Glyph("\u{304}", "bar", .accent),
    Glyph("\u{303}", "tilde", plain: "~", .accent, ascii: "~"), Glyph("\u{307}", "dot", .accent),
    Glyph("\u{308}", "ddot", .accent), Glyph("\u{301}", "acute", .accent), Glyph("\u{300}", "grave", .accent),
    Glyph("\u{30C}", "check", .accent), Glyph("\u{306}", "breve", .accent), Glyph("\u{20D7}", "vec", .accent),
    Glyph("\u{30A}", "mathring", .accent),
  ]

  private static let marks: [Glyph] = [
    Glyph("∂", "partial", plain: "D", .mark), Glyph("·", "cdot", plain: "@", .mark, ascii: "@"),
    Glyph("⊙", "odot", plain: "*", .mark, ascii: "*"), Glyph("∘", "circ", plain: "*", .mark, ascii: "*"),
    Glyph("√", "sqrt", plain: "sqrt", .mark), Glyph("∞", "infty", plain: "inf", .mark, aliases: ["inf"]),
    Glyph("≤", "le", plain: "<=", .mark, ascii: "<=", aliases: ["leq"]),
    Glyph("≥", "ge", plain: ">=", .mark, ascii: ">=", aliases: ["geq"]),
    Glyph("≠", "ne", plain: "!=", .mark, ascii: "!=", aliases: ["neq"]),
    Glyph("→", "to", plain: "->", .mark, ascii: "->", aliases: ["rightarrow"]),
    Glyph("×", "times", plain: "x", .mark), Glyph("ᵀ", "top", plain: "'", .mark, ascii: "'"),
    Glyph("∈", "in", plain: "in", .mark), Glyph("∧", "land", plain: "and", .mark, aliases: ["wedge"]),
    Glyph("∨", "lor", plain: "or", .mark, aliases: ["vee"]),
    Glyph("¬", "neg", plain: "not", .mark, aliases: ["lnot"]), Glyph("÷", "div", plain: "/", .mark, ascii: "/"),
  ]

  private static let ornaments: [Glyph] = [
    Glyph("…", "ldots", .ornament, ascii: "..."), Glyph("–", "endash", .ornament, ascii: "-"),
    Glyph("—", "emdash", .ornament, ascii: "--"), Glyph("✓", "checkmark", .ornament, ascii: "ok"),
    Glyph("✗", "cross", .ornament, ascii: "no"), Glyph("±", "pm", .ornament, ascii: "+-"),
    Glyph("≈", "approx", .ornament, ascii: "~="), Glyph("∑", "sum", .ornament), Glyph("∏", "prod", .ornament),
    Glyph("∇", "nabla", .ornament), Glyph("‖", "norm", .ornament, ascii: "||"),
    Glyph("─", "horizontal", .ornament, ascii: "-"),
    Glyph("│", "vertical", .ornament, ascii: "|"), Glyph("┌", "corner1", .ornament, ascii: "+"),
    Glyph("┐", "corner2", .ornament, ascii: "+"), Glyph("└", "corner3", .ornament, ascii: "+"),
    Glyph("┘", "corner4", .ornament, ascii: "+"), Glyph("├", "tee1", .ornament, ascii: "+"),
    Glyph("┤", "tee2", .ornament, ascii: "+"), Glyph("┬", "tee3", .ornament, ascii: "+"),
    Glyph("┴", "tee4", .ornament, ascii: "+"), Glyph("┼", "crossing", .ornament, ascii: "+"),
  ]
}
