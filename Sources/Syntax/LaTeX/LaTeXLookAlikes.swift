/// Characters from web pages and word processors, read as what they look like.
enum LaTeXLookAlikes {
  static let marks: [Unicode.Scalar: String] = [
    "−": "-", "–": "-", "⋅": "·", "∙": "·", "•": "·", "∗": "*", "⨂": "⊗", "⨀": "⊙", "◦": "∘", "○": "∘", "⟵": "=",
    "←": "=",
    "≔": "=", "≡": "=", "≜": "=", "’": "'", "‘": "'", "′": "'", "∥": "‖", "∣": "|", "〈": "⟨", "〉": "⟩", "（": "(",
    "）": ")", "，": ",", "；": ";", "＝": "=", "＋": "+", "⋯": "…", "÷": "/", "∕": "/",
  ]

  /// A letter of the mathematical alphabets (𝑥, 𝐖, 𝛔) as the plain one.
  static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    let value = scalar.value
    switch value {
    case 0xB5: return "μ"
    case 0x210E: return "h"
    case 0x3F5: return "ε"
    case 0x2206: return "Δ"
    case 0x1D400...0x1D6A3:
      let index = (value - 0x1D400) % 52
      return Unicode.Scalar(index < 26 ? 0x41 + index : 0x61 + index - 26) ?? scalar
    case 0x1D6A8...0x1D7C9:
      let index = (value - 0x1D6A8) % 58
      if index < 25 { return Unicode.Scalar(index == 17 ? 0x398 : 0x391 + index) ?? scalar }
      if index == 25 { return "∇" }
      if index < 51 { return Unicode.Scalar(0x3B1 + index - 26) ?? scalar }
      return ["∂", "ε", "ϑ", "ϰ", "ϕ", "ϱ", "ϖ"][Int(index) - 51]
    case 0x1D7CE...0x1D7FF: return Unicode.Scalar(0x30 + (value - 0x1D7CE) % 10) ?? scalar
    default: return scalar
    }
  }

  /// A raised or lowered character: the mark of its script, and what it is on the line.
  static func script(_ scalar: Unicode.Scalar) -> (mark: String, plain: Unicode.Scalar)? {
    if let plain = lowered[scalar] { return ("_", plain) }
    if let plain = raised[scalar] { return ("^", plain) }
    return nil
  }

  private static let lowered: [Unicode.Scalar: Unicode.Scalar] = [
    "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "₅": "5", "₆": "6", "₇": "7", "₈": "8", "₉": "9", "₊": "+",
    "₋": "-", "₍": "(", "₎": ")", "ₐ": "a", "ₑ": "e", "ₒ": "o", "ₓ": "x", "ₕ": "h", "ₖ": "k", "ₗ": "l", "ₘ": "m",
    "ₙ": "n", "ₚ": "p", "ₛ": "s", "ₜ": "t", "ᵢ": "i", "ⱼ": "j", "ᵣ": "r", "ᵤ": "u", "ᵥ": "v",
  ]

  private static let raised: [Unicode.Scalar: Unicode.Scalar] = [
    "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9", "⁺": "+",
    "⁻": "-", "⁽": "(", "⁾": ")", "ᵀ": "T", "ᵗ": "t", "ⁿ": "n", "ⁱ": "i",
  ]
}
