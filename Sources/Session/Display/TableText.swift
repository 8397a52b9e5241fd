import Typography

/// A table on the terminal: headings, the first and last rows, and as many columns as fit.
struct TableText {
  private let table: Table
  private let display: Display
  private static let mostRows = 12

  init(_ table: Table, _ display: Display) {
    self.table = table
    self.display = display
  }

  var lines: [String] {
    let rows = table.rowCount
    let shownRows =
      rows <= Self.mostRows ? Array(0..<rows) : Array(0..<(Self.mostRows - 4)) + [rows - 3, rows - 2, rows - 1]
    var columns: [[String]] = []
    var used = 0
    for (heading, column) in zip(table.headings, table.columns) {
      let cells = Self.cells(heading, column, shownRows, digits: display.digits)
      let cellWidth = (cells.first?.displayWidth ?? 0) + (columns.isEmpty ? 0 : 2)
      let isLast = columns.count == table.headings.count - 1
      guard used + cellWidth + (isLast ? 0 : 3) <= display.width || columns.isEmpty else { break }
      used += cellWidth
      columns.append(cells)
    }
    let hidden = table.headings.count - columns.count
    var lines: [String] = []
    for line in 0...shownRows.count {
      if line > 1, shownRows[line - 1] > shownRows[line - 2] + 1 { lines.append("…") }
      let row = columns.map { $0[line] }.joined(separator: "  ") + (hidden > 0 ? "  …" : "")
      lines.append(display.cut(row.trimmingTrailingBlanks))
    }
    if rows > shownRows.count || hidden > 0 {
      lines.append(
        "(\(counted(rows, "row")), \(counted(table.headings.count, "column"))"
          + (hidden > 0 ? "; also \(listed(Array(table.headings.suffix(hidden)), most: 6))" : "") + ")")
    }
    return lines.map(display.cut)
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
