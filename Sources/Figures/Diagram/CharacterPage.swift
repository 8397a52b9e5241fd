import Typography

/// Characters on a page, each with a colour; lines know where they go on.
struct CharacterPage {
  enum Style: Equatable {
    case plain
    case mark
    case series(Int)
    /// Text on the scale of colours.
    case level(Double)
  }

  private struct Cell {
    /// Empty where nothing was written; the second half of a wide character is nil.
    var text: String? = ""
    /// Bits of the directions in which a wire goes on.
    var ways = 0
    /// Those of them that are heavy.
    var heavyWays = 0
    /// Whose wires run across and down.
    var across = -1
    var down = -1
    var style = Style.plain
  }

  private var cells: [[Cell]]
  private let width: Int
  private let height: Int
  private let ink: Ink

  init(width: Int, height: Int, _ ink: Ink) {
    self.width = width
    self.height = height
    self.ink = ink
    cells = Array(repeating: Array(repeating: Cell(), count: width), count: height)
  }

  private var isASCII: Bool { if case .ascii = ink { true } else { false } }

  private func holds(_ point: GridPoint) -> Bool {
    point.x >= 0 && point.x < width && point.y >= 0 && point.y < height
  }

  // MARK: Drawing

  mutating func connect(_ a: GridPoint, _ b: GridPoint, source: Int, _ style: Style, isHeavy: Bool) {
    guard holds(a), holds(b), let direction = Direction.allCases.first(where: { a + $0 == b }) else { return }
    for (point, way) in [(a, direction), (b, direction.opposite)] {
      let bit = 1 << way.rawValue
      cells[point.y][point.x].ways |= bit
      if isHeavy { cells[point.y][point.x].heavyWays |= bit } else { cells[point.y][point.x].heavyWays &= ~bit }
      if way.isHorizontal { cells[point.y][point.x].across = source } else { cells[point.y][point.x].down = source }
      cells[point.y][point.x].style = style
    }
  }

  mutating func head(at point: GridPoint, toward: GridPoint, _ style: Style) {
    guard holds(point), let direction = Direction.allCases.first(where: { point + $0 == toward }) else { return }
    put((isASCII ? [">", "v", "<", "^"] : ["▶", "▼", "◀", "▲"])[direction.rawValue], point.x, point.y, style)
  }

  mutating func frame(_ box: GridBox, _ style: Style) {
    let corners = isASCII ? ["+", "+", "+", "+"] : ["┌", "┐", "└", "┘"]
    for y in box.top...box.bottom {
      for x in box.left...box.right {
        let (isSide, isEnd) = (x == box.left || x == box.right, y == box.top || y == box.bottom)
        let text =
          switch (isSide, isEnd) {
          case (true, true): corners[(x == box.right ? 1 : 0) + (y == box.bottom ? 2 : 0)]
          case (true, false): isASCII ? "|" : "│"
          case (false, true): isASCII ? "-" : "─"
          case (false, false): " "
          }
        put(text, x, y, style)
      }
    }
  }

  mutating func write(_ text: String, at start: GridPoint, _ style: Style) {
    var x = start.x
    for character in text {
      let columns = max(String(character).displayWidth, 1)
      put(String(character), x, start.y, style)
      if columns > 1 { put(nil, x + 1, start.y, style) }
      x += columns
    }
  }

  private mutating func put(_ text: String?, _ x: Int, _ y: Int, _ style: Style) {
    guard holds(GridPoint(x: x, y: y)) else { return }
    cells[y][x].text = text
    cells[y][x].style = style
  }

  // MARK: Lines

  var lines: [String] {
    cells.map { row in
      var line = ""
      var current = Style.plain
      let last = row.lastIndex { $0.text != "" && $0.text != " " || $0.ways != 0 } ?? -1
      for cell in row.prefix(last + 1) {
        let text = cell.text == "" ? cell.ways == 0 ? " " : glyph(cell) : cell.text ?? ""
        let style = text == " " && cell.text == "" ? .plain : cell.style
        if style != current {
          line += style.escape(ink)
          current = style
        }
        line += text
      }
      return line + (current == .plain ? "" : ink.reset)
    }
  }

  private static let light = [" ", "─", "│", "┌", "─", "─", "┐", "┬", "│", "└", "│", "├", "┘", "┴", "┤", "┼"]
  private static let heavy = [" ", "━", "┃", "┏", "━", "━", "┓", "┳", "┃", "┗", "┃", "┣", "┛", "┻", "┫", "╋"]

  private static let heavyAcross = [7: "┯", 13: "┷", 15: "┿"]
  private static let heavyDown = [11: "┠", 14: "┨", 15: "╂"]

  /// Right 1, down 2, left 4, up 8.
  private func glyph(_ cell: Cell) -> String {
    let (ways, heavyWays) = (cell.ways & 15, cell.heavyWays & 15)
    guard isASCII else {
      if heavyWays == ways { return Self.heavy[ways] }
      if heavyWays == 5 { return Self.heavyAcross[ways] ?? Self.light[ways] }
      if heavyWays == 10 { return Self.heavyDown[ways] ?? Self.light[ways] }
      return Self.light[ways]
    }
    // Wires that cross without meeting.
    if ways == 15, cell.across != cell.down { return heavyWays & 10 == 10 ? "#" : "|" }
    if ways & 5 == ways { return heavyWays == 0 ? "-" : "=" }
    if ways & 10 == ways { return heavyWays == 0 ? "|" : "#" }
    return heavyWays == ways ? "#" : "+"
  }
}

extension CharacterPage.Style {
  /// The escape that makes what follows look so.
  func escape(_ ink: Ink) -> String {
    switch self {
    case .plain: ink.reset
    case .mark: ink.reset + ink.mark
    case .series(let number): ink.reset + ink.series(number)
    case .level(let level): ink.ground(Theme.scale(level)) + ink.text(Theme.onScale(level))
    }
  }
}
