/// The inside of an SVG text: digits lowered and raised, and marks above letters, set from what every font has.
/// Fonts of mathematics seldom hold `₁` or put a mark above its letter.
struct SVGText {
  private let size: Double
  private let isItalic: Bool
  private var result = ""
  /// How far below the line the next letter would stand.
  private var level = 0.0
  /// How far to the right the next letter is moved.
  private var shift = 0.0

  /// Nil if there is a mark that is set in no other way than by its font.
  static func markup(_ text: String, size: Double, isItalic: Bool) -> String? {
    var writer = SVGText(size: size, isItalic: isItalic)
    for character in text { guard writer.add(character) else { return nil } }
    return writer.result
  }

  private init(size: Double, isItalic: Bool) {
    (self.size, self.isItalic) = (size, isItalic)
  }

  private static let lowered = Dictionary(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789"), uniquingKeysWith: { first, _ in first })
  private static let raised = Dictionary(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"), uniquingKeysWith: { first, _ in first })

  /// Marks as signs of their own, which stand above a small letter.
  private static let marks: [Unicode.Scalar: String] = [
    "\u{300}": "`", "\u{301}": "\u{B4}", "\u{302}": "\u{2C6}", "\u{303}": "\u{2DC}", "\u{304}": "\u{AF}",
    "\u{306}": "\u{2D8}", "\u{307}": "\u{2D9}", "\u{308}": "\u{A8}", "\u{30C}": "\u{2C7}",
  ]

  /// The width of such a sign, in sizes of the font.
  private static let markWidth = 0.5
  private static let blankWidth = 0.33

  private mutating func add(_ character: Character) -> Bool {
    if let digit = Self.lowered[character] {
      put(String(digit), part: 0.7, level: 0.2)
      return true
    }
    if let digit = Self.raised[character] {
      put(String(digit), part: 0.7, level: -0.38)
      return true
    }
    let scalars = String(character).unicodeScalars
    let marks = scalars.dropFirst().filter { $0.properties.generalCategory == .nonspacingMark }
    guard let base = scalars.first, !marks.isEmpty || base.properties.generalCategory == .nonspacingMark else {
      put(String(character), part: 1, level: 0)
      return true
    }
    guard marks.count == 1, scalars.count == 2, let mark = Self.marks[scalars[scalars.index(after: scalars.startIndex)]]
    else { return false }
    // A dotless letter under the mark.
    put(base == "i" ? "ı" : base == "j" ? "ȷ" : String(base), part: 1, level: 0)
    let isTall =
      "bdfhklt".unicodeScalars.contains(base) || base.properties.isUppercase || base.value > 0x39E && base.value < 0x3AA
    // The wider font's width is a little more than the other's.
    let half = TextExtent.width(of: base) * 0.94 / 2
    let slant = isItalic ? isTall ? 0.07 : 0.04 : 0
    shift += slant - half - Self.markWidth / 2
    put(mark, part: 1, level: isTall ? -0.17 : 0)
    shift += half - Self.markWidth / 2 - slant
    return true
  }

  private mutating func put(_ text: String, part: Double, level: Double) {
    // A blank at the begin of a span is not drawn by every program.
    if text == " ", level != self.level {
      shift += Self.blankWidth
      return
    }
    let body = Markup.escaped(text)
    if part == 1, level == self.level, shift == 0 {
      result += body
      return
    }
    var attributes = ""
    if shift != 0 { attributes += " dx=\"\(Markup.number(shift * size))\"" }
    if level != self.level { attributes += " dy=\"\(Markup.number((level - self.level) * size))\"" }
    if part != 1 { attributes += " font-size=\"\(Markup.number(part * size))\"" }
    result += "<tspan\(attributes)>\(body)</tspan>"
    (self.level, shift) = (level, 0)
  }
}
