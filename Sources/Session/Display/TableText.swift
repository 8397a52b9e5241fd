import Typography

/// A table on the terminal: headings, the first and last rows, and as many columns as fit.
struct TableText {
  private let table: Table
  private let display: Display
  private static let mostRows = 12

  init(_ table: Table, _ display: Display) {
    guard display.ink == .ascii, !table.isRead else {
      (self.table, self.display) = (table, display)
      return
    }
    // What will be printed is laid out; the sign that something was left out is three points then.
    self.table = Table(
      headings: table.headings.map(display.spelled),
      columns: table.columns.map { column in
        if case .texts(let texts) = column { .texts(texts.map(display.spelled)) } else { column }
      })
    var narrower = Display(width: max(display.width - 2, 1))
    (narrower.digits, narrower.ink) = (display.digits, display.ink)
    self.display = narrower
  }

  var lines: [String] {
    if table.isRead { return ReadTableText(table, display).lines }
    let rows = table.rowCount
    let shownRows =
      rows <= Self.mostRows ? Array(0..<rows) : Array(0..<(Self.mostRows - 4)) + [rows - 3, rows - 2, rows - 1]
    var columns: [[String]] = []
    var used = 0
    var texts: [[String]]?
    for (heading, column) in zip(table.headings, table.columns) {
      let isLast = columns.count == table.headings.count - 1
      let start = used + (columns.isEmpty ? 0 : 2)
      if isLast, case .texts(let words) = column, display.width - start >= Self.narrowest {
        texts = [[heading]] + shownRows.map { Self.broken(words[$0], width: display.width - start) }
        break
      }
      let cells = Self.cells(heading, column, shownRows, digits: display.digits)
      let end = start + (cells.first?.displayWidth ?? 0)
      guard end + (isLast ? 0 : 3) <= display.width || columns.isEmpty else { break }
      used = end
      columns.append(cells)
    }
    let hidden = table.headings.count - columns.count - (texts == nil ? 0 : 1)
    var lines: [String] = []
    for line in 0...shownRows.count {
      if line > 1, shownRows[line - 1] > shownRows[line - 2] + 1 { lines.append("…") }
      var row = columns.map { $0[line] }.joined(separator: "  ") + (hidden > 0 ? "  …" : "")
      let parts = texts?[line] ?? []
      if let first = parts.first { row += (columns.isEmpty ? "" : "  ") + first }
      lines.append(display.cut(row.trimmingTrailingBlanks))
      let indent = String(repeating: " ", count: columns.isEmpty ? 0 : used + 2)
      lines += parts.dropFirst().map { indent + $0 }
    }
    if rows > shownRows.count || hidden > 0 {
      lines.append(
        "(\(counted(rows, "row")), \(counted(table.headings.count, "column"))"
          + (hidden > 0 ? "; also \(listed(Array(table.headings.suffix(hidden)), most: 6))" : "") + ")")
    }
    return lines.map(display.cut)
  }

  /// The fewest columns in which a last column of texts is broken into lines, and the most lines of a text.
  private static let narrowest = 20
  private static let mostLines = 3

  /// A text of the last column, broken at blanks.
  private static func broken(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(whereSeparator: { $0.isWhitespace }) {
      if let last = lines.last, last.displayWidth + 1 + String(word).displayWidth <= width {
        lines[lines.count - 1] = last + " " + word
      } else if lines.count < mostLines {
        lines.append(String(word))
      } else {
        lines[lines.count - 1] += " …"
        break
      }
    }
    return lines.isEmpty ? [""] : lines
  }

  /// A heading and its cells, padded to one width: numbers to the right, texts to the left.
  private static func cells(_ heading: String, _ column: Table.Column, _ rows: [Int], digits: Int) -> [String] {
    let body: [String]
    let isNumbers: Bool
    switch column {
    case .numbers(let numbers):
      body = rows.map { NumberText.significant(numbers[$0], digits: digits) }
      isNumbers = true
    case .texts(let texts):
      body = rows.map { Self.short(texts[$0]) }
      isNumbers = false
    }
    let all = [Self.short(heading)] + body
    let widest = all.map(\.displayWidth).max() ?? 0
    return all.map { cell in
      let gap = String(repeating: " ", count: widest - cell.displayWidth)
      return isNumbers ? gap + cell : cell + gap
    }
  }

  /// A text as a cell: one line, at most 40 characters.
  private static func short(_ text: String) -> String {
    let line = text.map { $0.isNewline || $0 == "\t" ? " " : $0 }
    return line.count > 40 ? String(line.prefix(39)) + "…" : String(line)
  }
}

extension String {
  var trimmingTrailingBlanks: String {
    var result = self[...]
    while result.last == " " { result.removeLast() }
    return String(result)
  }
}
