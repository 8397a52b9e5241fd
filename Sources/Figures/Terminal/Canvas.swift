/// A surface of dots on a terminal: a cell holds 2 × 4 dots of braille, or one character of ASCII.
struct Canvas {
  let columns: Int
  let rows: Int
  let isBraille: Bool
  /// For every cell its dots, and whose they are: the series that was drawn last.
  private var dots: [UInt8]
  private var owners: [Int]
  /// For every cell the series that was drawn there before, -1 for none: two lines close together take turns.
  private var sharers: [Int]
  /// For every cell the character that stands in place of its dots.
  private var marks: [Character?]

  init(columns: Int, rows: Int, isBraille: Bool) {
    self.columns = columns
    self.rows = rows
    self.isBraille = isBraille
    dots = [UInt8](repeating: 0, count: columns * rows)
    owners = [Int](repeating: -1, count: columns * rows)
    sharers = owners
    marks = [Character?](repeating: nil, count: columns * rows)
  }

  /// Dots across and down.
  var width: Int { isBraille ? columns * 2 : columns }
  var height: Int { isBraille ? rows * 4 : rows }

  /// Sets a dot; y down. One outside is not there.
  mutating func set(_ x: Int, _ y: Int, series: Int) {
    guard x >= 0, x < width, y >= 0, y < height else { return }
    let cell = isBraille ? y / 4 * columns + x / 2 : y * columns + x
    dots[cell] |= isBraille ? Canvas.bits[y % 4 * 2 + x % 2] : 1
    own(cell, series)
  }

  private mutating func own(_ cell: Int, _ series: Int) {
    if owners[cell] != series { sharers[cell] = owners[cell] }
    owners[cell] = series
  }

  /// A character over a cell.
  mutating func mark(_ character: Character, column: Int, row: Int, series: Int) {
    guard column >= 0, column < columns, row >= 0, row < rows else { return }
    marks[row * columns + column] = character
    owners[row * columns + column] = series
    sharers[row * columns + column] = -1
  }

  func hasMark(column: Int, row: Int) -> Bool {
    guard column >= 0, column < columns, row >= 0, row < rows else { return false }
    return marks[row * columns + column] != nil
  }

  /// The uppermost cell of a column in which a series was drawn last.
  func row(of series: Int, column: Int) -> Int? {
    (0..<rows).first { owners[$0 * columns + column] == series }
  }

  /// One row of cells with its colours; `characters` are the series' own where there is no braille.
  func line(_ row: Int, _ ink: Ink, characters: [Character]) -> String {
    var result = ""
    var colored = -1
    for column in 0..<columns {
      let cell = row * columns + column
      // A cell has one colour: where two lines run in it, now the one has its colour and now the other.
      let isShared = sharers[cell] >= 0 && column / 2 % 2 == 1
      let owner = dots[cell] == 0 && marks[cell] == nil ? -1 : isShared ? sharers[cell] : owners[cell]
      if ink.hasColor, owner != colored {
        if colored >= 0 { result += ink.reset }
        if owner >= 0 { result += ink.series(owner) }
        colored = owner
      }
      if let mark = marks[cell] {
        result.append(mark)
      } else if dots[cell] == 0 {
        result.append(" ")
      } else if isBraille {
        result.unicodeScalars.append(Unicode.Scalar(0x2800 + UInt32(dots[cell])) ?? " ")
      } else {
        result.append(characters[owner % characters.count])
      }
    }
    return colored >= 0 ? result + ink.reset : result
  }

  /// Braille numbers its dots down the left, down the right, and the lowest pair last.
  private static let bits: [UInt8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
}

extension Canvas {
  /// A line between two places, of which what is outside is cut off. `phase` goes on from line to line, for dashes.
  mutating func line(_ from: Point, _ to: Point, series: Int, isDashed: Bool, phase: inout Int) {
    guard let (from, to) = Canvas.clipped(from, to, Double(width - 1), Double(height - 1)) else { return }
    let steps = max(Int(max(abs(to.x - from.x), abs(to.y - from.y)).rounded(.up)), 1)
    for step in 0...steps {
      let part = Double(step) / Double(steps)
      phase += 1
      if isDashed, phase / (isBraille ? 4 : 2) % 2 == 1 { continue }
      set(
        Int((from.x + (to.x - from.x) * part).rounded()), Int((from.y + (to.y - from.y) * part).rounded()),
        series: series)
    }
  }

  /// The part of a line within 0...right and 0...bottom (Liang and Barsky 1984); nil if there is none.
  static func clipped(_ from: Point, _ to: Point, _ right: Double, _ bottom: Double) -> (Point, Point)? {
    var (first, last) = (0.0, 1.0)
    let (dx, dy) = (to.x - from.x, to.y - from.y)
    for (direction, distance) in [(-dx, from.x), (dx, right - from.x), (-dy, from.y), (dy, bottom - from.y)] {
      if direction == 0 {
        if distance < 0 { return nil }
      } else if direction < 0 {
        first = max(first, distance / direction)
      } else {
        last = min(last, distance / direction)
      }
    }
    guard first <= last else { return nil }
    return (Point(from.x + first * dx, from.y + first * dy), Point(from.x + last * dx, from.y + last * dy))
  }
}
