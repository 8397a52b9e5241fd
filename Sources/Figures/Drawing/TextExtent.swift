/// How much room a text takes in a drawing, before its font is known: as much as in the wider of the fonts that a
/// drawing names (DejaVu Sans and Latin Modern Math, whose advance widths the table rounds up).
enum TextExtent {
  /// In pixels, for a font of that many.
  static func width(_ text: String, size: Double, isBold: Bool = false) -> Double {
    // Of the same font, bold letters are up to 1.23 times as wide, words about 1.13 times.
    text.unicodeScalars.reduce(0) { $0 + width(of: $1) } * size * (isBold ? 1.15 : 1)
  }

  /// As a part of the size of the font.
  static func width(of scalar: Unicode.Scalar) -> Double {
    if let width = special[scalar] { return width }
    switch scalar {
    case "a"..."z", "0"..."9": return 0.64
    case "A"..."Z": return 0.79
    case "\u{300}"..."\u{36F}": return 0
    case "\u{370}"..."\u{3FF}": return scalar.properties.isLowercase ? 0.69 : 0.85
    case "₀"..."₉", "⁰"..."⁹": return 0.46
    default: return 0.88
    }
  }

  private static let special: [Unicode.Scalar: Double] = {
    var widths: [Unicode.Scalar: Double] = [
      "m": 0.97, "w": 0.82, "M": 0.92, "W": 1.03, "ω": 0.84, "…": 1, "*": 0.5, "_": 0.5, "\"": 0.46, "{": 0.64,
      "}": 0.64,
      "²": 0.46, "³": 0.46, "¹": 0.46, "ᵀ": 0.46, "′": 0.4,
    ]
    for (letters, width) in [("ijl,.'·", 0.32), (" :;|", 0.37), ("frt()[]-/!", 0.41)] {
      for letter in letters.unicodeScalars { widths[letter] = width }
    }
    return widths
  }()

  /// A text in lines that are at most so wide, broken at blanks; a longer word is cut.
  static func lines(_ text: String, size: Double, room: Double) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let longer = lines.isEmpty && line.isEmpty ? String(word) : line + " " + word
      if width(longer, size: size) <= room {
        line = longer
        continue
      }
      if !line.isEmpty { lines.append(line) }
      line = ""
      for character in word {
        if !line.isEmpty, width(line + String(character), size: size) > room {
          lines.append(line)
          line = ""
        }
        line.append(character)
      }
    }
    return lines + [line]
  }
}
