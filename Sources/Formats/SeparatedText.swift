/// Rows of cells between separators: RFC 4180, with `,` `;` or a tab.
///
/// Accepted beyond it: LF and CR alone as line ends, blanks around cells, blank lines, lines at the start that begin
/// with `#`. Quoted cells may hold separators, line ends and doubled quotes.
enum SeparatedText {
  static let separators: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]

  static func read(_ bytes: [UInt8], separator: UInt8, _ limits: FormatLimits) throws(FormatError) -> CellGrid {
    var grid = CellGrid(bytes, limits)
    var index = start(bytes)
    var line = 1
    while index < bytes.count {
      if grid.height == 0, bytes[index] == UInt8(ascii: "#") {
        skipLine(bytes, &index, &line)
        continue
      }
      if isLineEnd(bytes[index]), grid.width != 1 {
        skipLineEnd(bytes, &index, &line)
        continue
      }
      let first = line
      try readRow(&grid, &index, &line, separator)
      try grid.endRow(line: first)
    }
    grid.dropBlankRows()
    return grid
  }

  /// Behind a byte order mark.
  static func start(_ bytes: [UInt8]) -> Int { bytes.starts(with: PlainText.byteOrderMark) ? 3 : 0 }

  private static func readRow(
    _ grid: inout CellGrid, _ index: inout Int, _ line: inout Int, _ separator: UInt8
  ) throws(FormatError) {
    let bytes = grid.bytes
    while true {
      let start = index
      while index < bytes.count, isBlank(bytes[index]), bytes[index] != separator { index += 1 }
      if index < bytes.count, bytes[index] == quote {
        try skipQuoted(bytes, &index, &line)
        while index < bytes.count, isBlank(bytes[index]), bytes[index] != separator { index += 1 }
        guard index == bytes.count || bytes[index] == separator || isLineEnd(bytes[index]) else {
          throw .textAfterQuote(line: line)
        }
      } else {
        while index < bytes.count, bytes[index] != separator, !isLineEnd(bytes[index]) { index += 1 }
      }
      try grid.append(start, index)
      guard index < bytes.count, bytes[index] == separator else { break }
      index += 1
    }
    if index < bytes.count { skipLineEnd(bytes, &index, &line) }
  }

  /// From an opening quote to behind the one that closes it.
  private static func skipQuoted(_ bytes: [UInt8], _ index: inout Int, _ line: inout Int) throws(FormatError) {
    let opening = line
    index += 1
    while index < bytes.count {
      if bytes[index] == quote {
        index += 1
        guard index < bytes.count, bytes[index] == quote else { return }
        index += 1
      } else if isLineEnd(bytes[index]) {
        skipLineEnd(bytes, &index, &line)
      } else {
        index += 1
      }
    }
    throw .unclosedQuote(line: opening)
  }

  static func isLineEnd(_ byte: UInt8) -> Bool { byte == newline || byte == carriageReturn }

  private static func skipLineEnd(_ bytes: [UInt8], _ index: inout Int, _ line: inout Int) {
    let isPair = bytes[index] == carriageReturn && index + 1 < bytes.count && bytes[index + 1] == newline
    index += isPair ? 2 : 1
    line += 1
  }

  private static func skipLine(_ bytes: [UInt8], _ index: inout Int, _ line: inout Int) {
    while index < bytes.count, !isLineEnd(bytes[index]) { index += 1 }
    if index < bytes.count { skipLineEnd(bytes, &index, &line) }
  }

  /// The separator of a text: the one that stands equally often in each of the first lines, and most often there;
  /// nil if none stands in the first.
  static func separator(of bytes: [UInt8]) -> UInt8? {
    let counts = firstLines(bytes, 10)
    guard let first = counts.first else { return nil }
    var best: (separator: UInt8, isSteady: Bool, count: Int)?
    for (position, separator) in separators.enumerated() where first[position] > 0 {
      let isSteady = counts.allSatisfy { $0[position] == first[position] }
      let count = first[position]
      if let best, (best.isSteady ? 1 : 0, best.count) >= (isSteady ? 1 : 0, count) { continue }
      best = (separator, isSteady, count)
    }
    return best?.separator
  }

  /// How often each separator stands outside quotes in the first records that are neither blank nor comments.
  private static func firstLines(_ bytes: [UInt8], _ limit: Int) -> [[Int]] {
    var lines: [[Int]] = []
    var index = start(bytes)
    while index < bytes.count, lines.count < limit {
      var counts = [0, 0, 0]
      var isQuoted = false
      let first = index
      while index < bytes.count, isQuoted || !isLineEnd(bytes[index]) {
        if bytes[index] == quote { isQuoted.toggle() }
        if !isQuoted, let position = separators.firstIndex(of: bytes[index]) { counts[position] += 1 }
        index += 1
      }
      if index > first, !(lines.isEmpty && bytes[first] == UInt8(ascii: "#")) { lines.append(counts) }
      index += 1
    }
    return lines
  }
}
