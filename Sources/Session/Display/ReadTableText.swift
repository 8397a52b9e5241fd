import Typography

/// A table that is to be read as a whole: nothing is left out, whatever the width.
///
/// 1. As it is, if every cell fits on a line.
/// 2. With cells broken into lines, as long as no column becomes narrower than words need.
/// 3. Turned, a column for each row, in the same way.
/// 4. In parts one below the other, each with the first column and some others; turned if that makes fewer columns.
/// 5. A block of lines for each row.
struct ReadTableText {
  /// `[row][column]`; headings first.
  private let cells: [[String]]
  private let isNumber: [Bool]
  private let display: Display
  private static let gap = 2
  /// What a column is given before a broken table is found unreadable.
  private static let narrowest = 17

  init(_ table: Table, _ display: Display) {
    self.display = display
    var columns: [[String]] = []
    for (heading, column) in zip(table.headings, table.columns) {
      let body: [String]
      switch column {
      case .numbers(let numbers): body = numbers.map { NumberText.significant($0, digits: display.digits) }
      case .texts(let texts): body = texts.map { String($0.map { $0.isNewline || $0 == "\t" ? " " : $0 }) }
      }
      columns.append(([heading] + body).map(display.spelled))
    }
    cells = columns.isEmpty ? [] : columns[0].indices.map { row in columns.map { $0[row] } }
    isNumber = table.columns.map { if case .numbers = $0 { true } else { false } }
  }

  var lines: [String] {
    guard let first = cells.first else { return [] }
    let columns = first.indices.map { column in cells.map { $0[column] } }
    if let widths = widths(of: columns) { return drawn(cells, widths, rightAligned: isNumber) }
    let turned = cells
    if cells.count > 1, let widths = widths(of: turned) {
      return drawn(columns, widths, rightAligned: turned.map { _ in false })
    }
    let isTurned = turned.count < columns.count
    let parts = parts(isTurned ? turned : columns, rightAligned: isTurned ? turned.map { _ in false } : isNumber)
    return parts ?? blocks.map(display.cut)
  }

  /// The columns in as few parts as fit, each begun by the first column; nil if not even two columns fit.
  private func parts(_ columns: [[String]], rightAligned: [Bool]) -> [String]? {
    let others = columns.count - 1
    guard others > 1 else { return nil }
    for count in 2...others {
      var lines: [String] = []
      for part in 0..<count {
        let picked = [0] + Array((part * others / count + 1)..<((part + 1) * others / count + 1))
        let own = picked.map { columns[$0] }
        guard let widths = widths(of: own) else {
          lines = []
          break
        }
        let rows = own[0].indices.map { row in own.map { $0[row] } }
        lines += (part == 0 ? [] : [""]) + drawn(rows, widths, rightAligned: picked.map { rightAligned[$0] })
      }
      if !lines.isEmpty { return lines }
    }
    return nil
  }

  /// How wide each column is: as wide as its widest cell where all fit; else the wide ones share what is left, none
  /// narrower than its longest word or `narrowest`. Nil if that is not to be had.
  private func widths(of columns: [[String]]) -> [Int]? {
    let wanted = columns.map { $0.map(\.displayWidth).max() ?? 0 }
    let room = display.width - Self.gap * max(columns.count - 1, 0)
    if wanted.reduce(0, +) <= room { return wanted }
    let least = zip(columns, wanted).map { column, wanted in
      min(wanted, max(Self.narrowest, column.map(Self.longestWord).max() ?? 0))
    }
    guard least.reduce(0, +) <= room else { return nil }
    return Self.widened(columns, from: least, upTo: wanted, by: room - least.reduce(0, +))
  }

  /// Gives what is left where it saves the most lines: those of a cell count by their cube, so that the tallest cell of
  /// a row, which makes the row's height, is seen to first.
  private static func widened(
    _ columns: [[String]], from least: [Int], upTo wanted: [Int], by left: Int
  ) -> [Int] {
    // [column][width beyond the least]
    let costs = columns.indices.map { column in
      (least[column]...max(wanted[column], least[column])).map { width in
        columns[column].reduce(0) { total, text in
          let lines = broken(text, width: width).count
          return total + lines * lines * lines
        }
      }
    }
    var (given, left) = (columns.map { _ in 0 }, left)
    while left > 0 {
      var best: (column: Int, more: Int, saved: Double)?
      for column in columns.indices {
        for more in 1..<max(min(left, costs[column].count - 1 - given[column]) + 1, 1) {
          let saved =
            Double(costs[column][given[column]] - costs[column][given[column] + more]) / Double(more)
          if saved > best?.saved ?? 0 { best = (column, more, saved) }
        }
      }
      guard let best else { break }
      given[best.column] += best.more
      left -= best.more
    }
    return zip(least, given).map(+)
  }

  private static func longestWord(_ text: String) -> Int {
    min(text.split(separator: " ").map { String($0).displayWidth }.max() ?? 0, narrowest + 6)
  }

  private func drawn(_ rows: [[String]], _ widths: [Int], rightAligned: [Bool]) -> [String] {
    rows.flatMap { row -> [String] in
      let broken = zip(row, widths).map { text, width in
        Self.broken(text, width: max(width, 1))
      }
      let height = broken.map(\.count).max() ?? 1
      return (0..<height).map { line in
        var text = ""
        for (column, parts) in broken.enumerated() {
          let part = line < parts.count ? parts[line] : ""
          let blanks = String(repeating: " ", count: max(widths[column] - part.displayWidth, 0))
          text += (column == 0 ? "" : String(repeating: " ", count: Self.gap))
          text += rightAligned[column] ? blanks + part : part + blanks
        }
        return display.cut(text.trimmingTrailingBlanks)
      }
    }
  }

  /// A text in lines, a matrix rather beside its vector than on a line before.
  private static func broken(_ text: String, width: Int) -> [String] {
    if text.displayWidth <= width { return [text] }
    let signs = [" · ", " @ "]
    let glued = signs.reduce(text) { text, sign in
      text.split(separator: sign, omittingEmptySubsequences: false).joined(
        separator: sign.map { $0 == " " ? "\u{A0}" : String($0) }.joined())
    }
    let lines = Wrapping.wrap(glued, width: width, indent: 0)
    if lines.allSatisfy({ $0.displayWidth <= width }) {
      return lines.map { line in String(line.map { $0 == "\u{A0}" ? " " : $0 }) }
    }
    return Wrapping.wrap(text, width: width, indent: 0)
  }

  private var blocks: [String] {
    guard let headings = cells.first else { return [] }
    let widest = headings.map(\.displayWidth).max() ?? 0
    var lines: [String] = []
    for row in cells.dropFirst() {
      if !lines.isEmpty { lines.append("") }
      for (heading, text) in zip(headings, row) where !text.isEmpty {
        let head = heading + String(repeating: " ", count: widest - heading.displayWidth + Self.gap)
        let indent = String(repeating: " ", count: widest + Self.gap)
        let parts = Self.broken(text, width: max(display.width - widest - Self.gap, 10))
        for (position, part) in parts.enumerated() { lines.append((position == 0 ? head : indent) + part) }
      }
    }
    return lines
  }
}
