import Typography

/// A symbol's name taken apart as paper has it: `layer1.h̃_x` is a letter h with a tilde and a subscript x, of layer 1.
struct MathName {
  /// A letter with the marks upon it.
  struct Letter {
    var base: Unicode.Scalar
    /// Combining marks, the innermost first.
    var accents: [Unicode.Scalar] = []
  }

  /// Parts of a stack that it belongs to, the outermost first.
  var owners: [String]
  var letters: [Letter]
  var primes: Int
  /// What follows each `_`.
  var subscripts: [[Letter]]

  init(_ name: String) {
    var pieces = name.split(separator: ".", omittingEmptySubsequences: false)[...]
    let own = pieces.popLast() ?? ""
    owners = pieces.map(String.init)
    let parts = own.split(separator: "_", omittingEmptySubsequences: true)
    var head = parts.first.map(MathName.letters) ?? []
    primes = head.count
    head.removeAll { $0.base == "′" }
    primes -= head.count
    letters = head
    subscripts = parts.dropFirst().map(MathName.letters)
  }

  /// Letters with their marks.
  static func letters(_ text: Substring) -> [Letter] {
    text.flatMap { character -> [Letter] in
      var result: [Letter] = []
      for scalar in character.unicodeScalars {
        if scalar.properties.generalCategory == .nonspacingMark, !result.isEmpty {
          result[result.count - 1].accents.append(scalar)
        } else {
          result.append(decomposed[Character(scalar)] ?? Letter(base: scalar))
        }
      }
      return result
    }
  }

  /// `ĩ` is one character of Unicode; taken apart it is an i with a tilde. Strings that look the same are equal.
  private static let decomposed: [Character: Letter] = {
    let latin = (0x41...0x5A).map { $0 } + (0x61...0x7A).map { $0 }
    let letters =
      latin.compactMap { Unicode.Scalar($0) } + Glyphs.table.filter { $0.role == .letter }.map(\.scalar)
    let accents = Glyphs.table.filter { $0.role == .accent }.map(\.scalar)
    var table: [Character: Letter] = [:]
    for letter in letters {
      for accent in accents {
        let text = String(Character(letter)) + String(Character(accent))
        if let whole = text.first { table[whole] = Letter(base: letter, accents: [accent]) }
      }
    }
    return table
  }()
}
