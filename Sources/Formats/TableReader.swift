/// A table from text: which cells are names, which columns are numbers.
///
/// The first row is the header if every cell of it is text, or if one is text that stands over numbers. A column holds
/// numbers if every cell that is not blank does; blank cells are then NaN, and a note counts them.
enum TableReader {
  /// What separates cells where the file's ending says it.
  enum Separation { case unknown, tab, blanks }

  static func read(_ bytes: [UInt8], _ separation: Separation, limits: FormatLimits) throws(FormatError) -> Table {
    try PlainText.validate(bytes, limits)
    let separator = separation == .tab ? UInt8(ascii: "\t") : SeparatedText.separator(of: bytes)
    // Titles above a table of numbers may hold a comma: where blanks are expected they are tried first.
    if separation == .blanks, separator != UInt8(ascii: "\t") {
      if let found = try BlankSeparatedText.read(bytes, limits) {
        return try table(found.grid, names: found.names, from: 0, decimalComma: false, notes: found.notes, limits)
      }
    } else if separator == nil, let found = try? BlankSeparatedText.read(bytes, limits),
      found.grid.width > 1
    {
      return try table(found.grid, names: found.names, from: 0, decimalComma: false, notes: found.notes, limits)
    }
    let grid = try SeparatedText.read(bytes, separator: separator ?? UInt8(ascii: ","), limits)
    guard grid.height > 0 else { throw .noRows }
    let decimalComma = separator == UInt8(ascii: ";") && usesDecimalComma(grid)
    let hasHeader = isHeader(grid, decimalComma)
    let names = hasHeader ? (0..<grid.width).map { grid.text(0, $0) } : nil
    return try table(grid, names: names, from: hasHeader ? 1 : 0, decimalComma: decimalComma, notes: [], limits)
  }

  private static func table(
    _ grid: CellGrid, names: [String]?, from first: Int, decimalComma: Bool, notes: [ReadNote],
    _ limits: FormatLimits
  ) throws(FormatError) -> Table {
    var notes = notes + (decimalComma ? [.decimalCommas] : [])
    let named = (0..<grid.width).map { column in
      let name = names.flatMap { $0.indices.contains(column) ? $0[column] : nil } ?? ""
      return name.isEmpty ? "column\(column + 1)" : name
    }
    let keys = ColumnKeys.keys(for: named)
    var columns: [Column] = []
    for (index, (name, key)) in zip(named, keys).enumerated() {
      try limits.poll()
      let values = values(grid, index, name, from: first, decimalComma, &notes)
      columns.append(Column(name: name, key: key, values: values))
    }
    var table = Table(columns: columns, hasHeader: names != nil)
    table.notes = notes
    return table
  }

  private static func values(
    _ grid: CellGrid, _ column: Int, _ name: String, from first: Int, _ decimalComma: Bool, _ notes: inout [ReadNote]
  ) -> Column.Values {
    var numbers: [Double] = []
    numbers.reserveCapacity(grid.height - first)
    var blank: (count: Int, first: Int) = (0, 0)
    var odd: (count: Int, first: Int) = (0, 0)
    for row in first..<max(first, grid.height) {
      if let number = number(grid, row, column, decimalComma) {
        numbers.append(number)
      } else if NumberText.isBlank(grid.bytes, grid.content(row, column)) {
        if blank.count == 0 { blank.first = row }
        blank.count += 1
        numbers.append(.nan)
      } else {
        if odd.count == 0 { odd.first = row }
        odd.count += 1
      }
    }
    let found = numbers.count - blank.count
    if odd.count == 0 {
      if blank.count > 0, !isExplained(blank.count, column, grid, notes) {
        notes.append(.blankCells(column: name, count: blank.count, firstLine: grid.lines[blank.first]))
      }
      return .numbers(numbers)
    }
    if found > odd.count {
      let text = grid.text(odd.first, column)
      let line = grid.lines[odd.first]
      notes.append(.textAmongNumbers(column: name, text: text, line: line, count: odd.count))
    }
    return .texts((first..<grid.height).map { grid.text($0, column) })
  }

  /// The blank is the end of a last row of which a note speaks already.
  private static func isExplained(_ count: Int, _ column: Int, _ grid: CellGrid, _ notes: [ReadNote]) -> Bool {
    guard count == 1, case .shortLastRow(_, let missing)? = notes.first else { return false }
    return column >= grid.width - missing
  }

  private static func number(_ grid: CellGrid, _ row: Int, _ column: Int, _ decimalComma: Bool) -> Double? {
    let range = grid.content(row, column)
    guard decimalComma, let comma = grid.bytes[range].firstIndex(of: UInt8(ascii: ",")) else {
      return NumberText.parse(grid.bytes, range)
    }
    var text = Array(grid.bytes[range])
    text[comma - range.lowerBound] = UInt8(ascii: ".")
    return NumberText.parse(text, 0..<text.count)
  }

  /// Numbers with a comma and none with a point, in a file that separates by semicolons.
  private static func usesDecimalComma(_ grid: CellGrid) -> Bool {
    var hasComma = false
    for row in 0..<min(grid.height, 100) {
      for column in 0..<grid.width {
        let content = grid.bytes[grid.content(row, column)]
        let isNumeric = content.allSatisfy { $0 &- UInt8(ascii: "0") < 10 || ".,+-eE".utf8.contains($0) }
        guard isNumeric, !content.isEmpty else { continue }
        if content.contains(UInt8(ascii: ".")) { return false }
        if content.count(where: { $0 == UInt8(ascii: ",") }) == 1 { hasComma = true }
      }
    }
    return hasComma
  }

  private static func isHeader(_ grid: CellGrid, _ decimalComma: Bool) -> Bool {
    var isAllText = true
    for column in 0..<grid.width {
      let isText =
        !NumberText.isBlank(grid.bytes, grid.content(0, column)) && number(grid, 0, column, decimalComma) == nil
      if !isText {
        isAllText = false
      } else if grid.height > 1, number(grid, 1, column, decimalComma) != nil {
        return true
      }
    }
    return isAllText
  }
}
