/// Small raised and lowered characters, and characters that only look different.
public enum Scripts {
  /// What a subscript stands for: `₁` 1, `ₜ` t, `₋` -.
  public static func lowered(_ scalar: Unicode.Scalar) -> Unicode.Scalar? { subscripts[scalar] }

  /// What a superscript stands for: `²` 2, `⁻` -, `ⁿ` n. The transpose `ᵀ` is a mark of its own.
  public static func raised(_ scalar: Unicode.Scalar) -> Unicode.Scalar? { superscripts[scalar] }

  /// What a character from a web page or a paper is read as, if that is another: `−` -, `⋅` ·, `𝑥` x.
  public static func lookAlike(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    switch scalar.value {
    case 0...0x7F, 0x370...0x3F4: return nil
    case 0xFF0E, 0xFF3C, 0xFF3F, 0xFF5B, 0xFF5D: return nil
    case 0xFF01...0xFF5E: return Unicode.Scalar(scalar.value - 0xFEE0)
    case 0x1D400...0x1D7FF: return mathematical(scalar.value)
    default: return lookAlikes[scalar]
    }
  }

  private static let subscripts = pairs("₀₁₂₃₄₅₆₇₈₉₊₋ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", "0123456789+-aehijklmnoprstuvxβγρφχ")
  private static let superscripts = pairs("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵏᵐⁱʲ", "0123456789+-nkmij")

  private static let lookAlikes = pairs(
    "−‐‑﹣⋅•∙‧∗⁎“”„‟‘’‛µ∆ϵ⟶⇒⩽≦⩾≧∕⁄∶∣⊤ℎℯℊℴℬℰℱℋℐℒℳℛℂℍℕℙℚℝℤℭℌℑℜℨ⦁⊗⨀",
    "----····**\"\"\"\"'''μΔε→→≤≤≥≥//:|ᵀhegoBEFHILMRCHNPQRZCHIRZ·×⊙")

  private static func pairs(_ from: String, _ to: String) -> [Unicode.Scalar: Unicode.Scalar] {
    Dictionary(zip(from.unicodeScalars, to.unicodeScalars), uniquingKeysWith: { first, _ in first })
  }

  /// The mathematical alphabets: thirteen of Latin letters, then five of Greek ones, then five of digits.
  private static func mathematical(_ value: UInt32) -> Unicode.Scalar? {
    switch value {
    case 0x1D400...0x1D6A3:
      let index = (value - 0x1D400) % 52
      return Unicode.Scalar(index < 26 ? 0x41 + index : 0x61 + index - 26)
    case 0x1D6A8...0x1D7C9:
      let index = Int((value - 0x1D6A8) % 58)
      return index < greekAlphabet.count ? greekAlphabet[index] : nil
    case 0x1D7CE...0x1D7FF: return Unicode.Scalar(0x30 + (value - 0x1D7CE) % 10)
    default: return nil
    }
  }

  private static let greekAlphabet = Array("ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΘΣΤΥΦΧΨΩ∇αβγδεζηθικλμνξοπρςστυφχψω∂εϑϰϕϱϖ".unicodeScalars)
}
