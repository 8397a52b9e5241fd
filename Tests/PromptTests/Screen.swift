/// As much of a terminal as a line editor uses: characters into cells, the cursor, erasing, inserting, scrolling.
struct Screen {
  let rows: Int
  private(set) var columns: Int
  private var cells: [[Character]]
  private(set) var row = 0
  private(set) var column = 0
  /// A character in the last column leaves the cursor there until the next one.
  private var isPastEnd = false
  private var pending: [UInt8] = []
  /// Lines that have scrolled away.
  private var above: [[Character]] = []
  /// For every row, those above included, whether it goes on in the next.
  private var goesOn: [Bool]
  /// What was sent in escapes that no cell shows, for tests that look for colours.
  private(set) var rings = 0

  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    cells = Array(repeating: Screen.blank(columns), count: rows)
    goesOn = Array(repeating: false, count: rows)
  }

  private static func blank(_ columns: Int) -> [Character] { Array(repeating: " ", count: columns) }

  /// All lines, also those above the screen, without trailing blanks.
  var lines: [String] {
    var all = (above + cells).map { row -> String in
      var text = String(row.filter { $0 != "\0" })
      while text.last == " " { text.removeLast() }
      return text
    }
    while all.last == "" { all.removeLast() }
    return all
  }

  /// The line with the cursor, counted from the first that was ever shown.
  var cursorLine: (number: Int, isPrompt: Bool) {
    (above.count + row, cells[row].starts(with: "> ") || cells[row].starts(with: ". "))
  }

  var text: String { lines.joined(separator: "\n") }

  /// Breaks long lines anew, as most terminals do, and keeps the cursor at its character.
  mutating func resize(columns: Int) {
    let cursor = (row: above.count + row, column: isPastEnd ? self.columns : column)
    var all: [[Character]] = []
    var flags: [Bool] = []
    var place = (row: 0, column: 0)
    var line: [Character] = []
    for (index, cellsOfRow) in (above + cells).enumerated()
    where index <= cursor.row || cellsOfRow.contains(where: { $0 != " " }) {
      if index == cursor.row {
        place = (all.count + (line.count + cursor.column) / columns, (line.count + cursor.column) % columns)
      }
      line += cellsOfRow
      if goesOn[index] { continue }
      while line.last == " " { line.removeLast() }
      repeat {
        all.append(Array((line.prefix(columns) + Screen.blank(columns)).prefix(columns)))
        line = Array(line.dropFirst(columns))
        flags.append(!line.isEmpty)
      } while !line.isEmpty
    }
    while all.count <= place.row || all.count < rows {
      all.append(Screen.blank(columns))
      flags.append(false)
    }
    self.columns = columns
    above = Array(all.dropLast(rows))
    cells = Array(all.suffix(rows))
    goesOn = flags
    row = max(0, place.row - above.count)
    column = place.column
    isPastEnd = false
  }

  mutating func write(_ bytes: [UInt8]) {
    pending += bytes
    while let length = nextLength() {
      let token = Array(pending.prefix(length))
      pending.removeFirst(length)
      if token.count > 1, token[0] == 0x1B { escape(token) } else { put(token) }
    }
  }

  /// The length of the next whole character or escape; nil if it has not come whole.
  private func nextLength() -> Int? {
    guard let first = pending.first else { return nil }
    if first == 0x1B {
      guard pending.count > 1 else { return nil }
      if pending[1] != UInt8(ascii: "[") { return 2 }
      guard let end = pending.dropFirst(2).firstIndex(where: { (0x40...0x7E).contains($0) }) else { return nil }
      return end + 1
    }
    let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    return pending.count >= length ? length : nil
  }

  private mutating func put(_ token: [UInt8]) {
    switch token[0] {
    case 0x07: rings += 1
    case 0x08:
      column = max(0, column - 1)
      isPastEnd = false
    case 0x09: column = min(columns - 1, (column / 8 + 1) * 8)
    case 0x0A: lineFeed()
    case 0x0D:
      column = 0
      isPastEnd = false
    case 0..<0x20: break
    default:
      let text = String(decoding: token, as: UTF8.self)
      guard let scalar = text.unicodeScalars.first else { return }
      if scalar.properties.generalCategory == .nonspacingMark {
        let at = isPastEnd ? column : max(0, column - 1)
        cells[row][at] = Character(String(cells[row][at]) + text)
        return
      }
      if isPastEnd {
        column = 0
        goesOn[above.count + row] = true
        lineFeed()
      }
      cells[row][column] = Character(text)
      isPastEnd = column == columns - 1
      if !isPastEnd { column += 1 }
    }
  }

  private mutating func lineFeed() {
    isPastEnd = false
    if row < rows - 1 {
      row += 1
    } else {
      above.append(cells.removeFirst())
      cells.append(Screen.blank(columns))
      goesOn.append(false)
    }
  }

  private mutating func escape(_ token: [UInt8]) {
    guard token[1] == UInt8(ascii: "["), let final = token.last else {
      if token[1] == UInt8(ascii: "M") { row = max(0, row - 1) }
      return
    }
    let parameters = String(decoding: token[2..<(token.count - 1)], as: UTF8.self)
    if parameters.hasPrefix("?") || parameters.hasPrefix(">") { return }
    let numbers = parameters.split(separator: ";").map { Int($0) ?? 0 }
    let count = max(1, numbers.first ?? 1)
    isPastEnd = isPastEnd && final == UInt8(ascii: "m")
    switch Character(UnicodeScalar(final)) {
    case "A": row = max(0, row - count)
    case "B": row = min(rows - 1, row + count)
    case "C": column = min(columns - 1, column + count)
    case "D": column = max(0, column - count)
    case "G": column = min(columns - 1, count - 1)
    case "H":
      row = min(rows - 1, count - 1)
      column = min(columns - 1, max(1, numbers.count > 1 ? numbers[1] : 1) - 1)
    case "K": erase(numbers.first ?? 0)
    case "J":
      erase(numbers.first ?? 0)
      let kind = numbers.first ?? 0
      let others = kind == 0 ? (row + 1)..<rows : kind == 1 ? 0..<row : 0..<rows
      for index in others { cells[index] = Screen.blank(columns) }
    case "P":
      cells[row].removeSubrange(column..<min(columns, column + count))
      cells[row] += Array(repeating: " ", count: columns - cells[row].count)
    case "@":
      cells[row].insert(contentsOf: Array(repeating: " ", count: count), at: column)
      cells[row] = Array(cells[row].prefix(columns))
    default: break
    }
  }

  private mutating func erase(_ kind: Int) {
    let range = kind == 0 ? column..<columns : kind == 1 ? 0..<(column + 1) : 0..<columns
    for index in range { cells[row][index] = " " }
    if range.upperBound == columns { goesOn[above.count + row] = false }
  }
}
