import Typography

/// A line of a source as a terminal shows it, with the column of every offset: tabs and wide letters take several
/// cells, accents none, and of a long line only the part around one place is shown.
struct ExcerptLine {
  /// A character, or what is shown for it.
  private struct Cell {
    let text: String
    let offset: Int
    let width: Int
  }

  let text: String
  private let cells: [Cell]
  private let end: Int
  /// The cells of the mark for what is left out at the start.
  private let indent: Int

  private static let tab = "    "

  init(_ source: Source, _ number: Int, around offset: Int, width: Int, isASCII: Bool) {
    let bounds = Self.near(offset, in: source.bounds(ofLine: number), of: source, within: width * 16)
    let all = Self.cells(source.slice(bounds), from: bounds.lowerBound, isASCII: isASCII)
    let dots = isASCII ? "..." : "…"
    let width = max(width, 16)
    guard all.reduce(0, { $0 + $1.width }) > width else {
      self.init(cells: all, end: bounds.upperBound, before: "", after: "")
      return
    }
    // A third of the room before the place, the rest from it on.
    let room = width - 2 * dots.displayWidth
    var first = all.lastIndex { $0.offset <= offset } ?? 0
    var used = 0
    while first > 0, used + all[first - 1].width <= room / 3 {
      first -= 1
      used += all[first].width
    }
    var last = first
    used = 0
    while last < all.count, used + all[last].width <= room {
      used += all[last].width
      last += 1
    }
    // Near the end of the line, more of what stands before fits.
    while last == all.count, first > 0, used + all[first - 1].width <= room {
      first -= 1
      used += all[first].width
    }
    let stop = last < all.count ? all[last].offset : bounds.upperBound
    self.init(
      cells: Array(all[first..<last]), end: stop, before: first > 0 ? dots : "", after: last < all.count ? dots : "")
  }

  private init(cells: [Cell], end: Int, before: String, after: String) {
    self.cells = cells
    self.end = end
    indent = before.displayWidth
    text = before + cells.map(\.text).joined() + after
  }

  /// The part of a line that can matter: a line may be a megabyte long.
  private static func near(_ offset: Int, in line: Range<Int>, of source: Source, within reach: Int) -> Range<Int> {
    func boundary(_ offset: Int) -> Int {
      var offset = offset
      while offset > line.lowerBound, offset < line.upperBound, source.bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
      return offset
    }
    let middle = min(max(offset, line.lowerBound), line.upperBound)
    let lower = boundary(max(line.lowerBound, middle - reach))
    return lower..<max(lower, boundary(min(line.upperBound, middle + reach)))
  }

  private static func cells(_ text: String, from start: Int, isASCII: Bool) -> [Cell] {
    var offset = start
    var cells: [Cell] = []
    func add(_ shown: String, _ length: Int) {
      cells.append(Cell(text: shown, offset: offset, width: shown.displayWidth))
      offset += length
    }
    if isASCII {
      for piece in Glyphs.asciiPieces(text) {
        add(piece.text.unicodeScalars.map { String(shown($0)) }.joined(), piece.length)
      }
    } else {
      for scalar in text.unicodeScalars { add(shown(scalar), String(scalar).utf8.count) }
    }
    return cells
  }

  /// Nothing in a source may move the cursor or turn the direction of writing.
  private static func shown(_ scalar: Unicode.Scalar) -> String {
    switch scalar.value {
    case 0x09: tab
    case 0...0x1F: Unicode.Scalar(0x2400 + scalar.value).map { String($0) } ?? "?"
    case 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069, 0x2028, 0x2029: "\u{FFFD}"
    default: String(scalar)
    }
  }

  /// The column, from 0, where a range begins, and how many cells it takes, at least one.
  func columns(of range: Range<Int>) -> (start: Int, length: Int) {
    var start = indent
    var length = 0
    for (index, cell) in cells.enumerated() {
      let next = index + 1 < cells.count ? cells[index + 1].offset : end
      if next <= range.lowerBound {
        start += cell.width
      } else if cell.offset < range.upperBound {
        length += cell.width
      }
    }
    return (start, max(length, 1))
  }
}
