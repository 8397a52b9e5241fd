import Typography

/// The names that someone may have meant, best first, at most three: twins in another case, Greek for ASCII
/// (`sigma` σ) and back, then, for names of three letters and more, those within one or two slips of the fingers.
public func nearNames(_ name: String, among known: some Sequence<String>) -> [String] {
  let typed = NearName(name)
  guard typed.letters.count <= 40 else { return [] }
  var found: [(rank: Int, name: String)] = []
  var seen: Set<String> = [name]
  for candidate in known where seen.insert(candidate).inserted {
    if let rank = typed.distance(to: NearName(candidate)) { found.append((rank, candidate)) }
  }
  return found.sorted { ($0.rank, $0.name) < ($1.rank, $1.name) }.prefix(3).map(\.name)
}

/// A name made plain for comparison: without backslashes, in small letters.
private struct NearName {
  let letters: [Character]
  /// The same with its capitals: among names as near, those in the same case come first.
  let asTyped: String

  init(_ name: String) {
    asTyped = Glyphs.ascii(name).filter { $0 != "\\" }
    letters = Array(asTyped.lowercased())
  }

  /// How far another name is; nil if too far.
  func distance(to other: NearName) -> Int? {
    slipsAllowed(to: other).map { $0 * 2 + (asTyped.first?.isUppercase == other.asTyped.first?.isUppercase ? 0 : 1) }
  }

  /// 0 for twins, else the number of slips; nil if they are too many.
  private func slipsAllowed(to other: NearName) -> Int? {
    if letters == other.letters { return 0 }
    if Glyphs.isTwin(letters, other.letters) { return 1 }
    guard letters.count >= 3, other.letters.count >= 2 else { return nil }
    let limit = letters.count < 6 ? 1 : 2
    guard abs(letters.count - other.letters.count) <= limit else { return nil }
    let slips = slips(to: other)
    return slips <= limit ? slips : nil
  }

  /// Letters added, left out, changed, or two neighbours swapped.
  private func slips(to other: NearName) -> Int {
    var twoAbove: [Int] = []
    var above = Array(0...other.letters.count)
    for (row, letter) in letters.enumerated() {
      var current = [row + 1]
      for (column, otherLetter) in other.letters.enumerated() {
        var best = min(above[column + 1] + 1, current[column] + 1, above[column] + (letter == otherLetter ? 0 : 1))
        if row > 0, column > 0, letter == other.letters[column - 1], letters[row - 1] == otherLetter {
          best = min(best, twoAbove[column - 1] + 1)
        }
        current.append(best)
      }
      twoAbove = above
      above = current
    }
    return above.last ?? 0
  }
}

extension Glyphs {
  /// `sigma` and `sigmoid` are the same function.
  fileprivate static func isTwin(_ first: [Character], _ second: [Character]) -> Bool {
    let names = Set([String(first), String(second)])
    return table.contains { glyph in
      guard let plain = glyph.plain, glyph.role == .letter || glyph.role == .mark else { return false }
      return names == [glyph.name, plain]
    }
  }
}
