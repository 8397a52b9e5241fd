/// The cells of a table's text, row by row, as places in its bytes: nothing is copied before a column is known to be
/// text. Every row has the same number of cells.
struct CellGrid {
  /// Where a cell stands, without the blanks around it; a quoted one with its quotes. Files are below 4 GiB.
  struct Cell {
    var start: UInt32
    var end: UInt32
  }

  let bytes: [UInt8]
  private(set) var cells: [Cell] = []
  /// The line of the file that each row starts in.
  private(set) var lines: [Int] = []
  private(set) var width = 0
  private let limits: FormatLimits

  init(_ bytes: [UInt8], _ limits: FormatLimits) {
    self.bytes = bytes
    self.limits = limits
  }

  var height: Int { lines.count }

  func range(_ row: Int, _ column: Int) -> Range<Int> {
    let cell = cells[row * width + column]
    return Int(cell.start)..<Int(cell.end)
  }

  /// Adds a cell to the row that is being read.
  mutating func append(_ start: Int, _ end: Int) throws(FormatError) {
    guard cells.count < limits.numbers else { throw .tooManyCells(limit: limits.numbers) }
    if cells.count & 0xffff == 0 { try limits.poll() }
    var (start, end) = (start, end)
    while start < end, isBlank(bytes[start]) { start += 1 }
    while end > start, isBlank(bytes[end - 1]) { end -= 1 }
    cells.append(Cell(start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end)))
  }

  /// Ends the row; all must be as wide as the first.
  mutating func endRow(line: Int) throws(FormatError) {
    let count = cells.count - lines.count * width
    if lines.isEmpty { width = count }
    guard count == width else { throw .ragged(line: line, cells: count, expected: width) }
    lines.append(line)
  }

  /// Removes rows at the end that hold nothing (only a table of one column can have them).
  mutating func dropBlankRows() {
    while let cell = cells.last, width == 1, cell.start == cell.end {
      cells.removeLast()
      lines.removeLast()
    }
  }

  /// What a cell says: quotes taken off, doubled ones made single.
  func text(_ row: Int, _ column: Int) -> String {
    let range = range(row, column)
    guard let first = range.first, bytes[first] == quote, range.count >= 2 else {
      return String(decoding: bytes[range], as: UTF8.self)
    }
    let content = first + 1..<range.upperBound - 1
    guard bytes[content].contains(quote) else { return String(decoding: bytes[content], as: UTF8.self) }
    var inside: [UInt8] = []
    var index = content.lowerBound
    while index < content.upperBound {
      inside.append(bytes[index])
      index += bytes[index] == quote ? 2 : 1
    }
    return String(decoding: inside, as: UTF8.self)
  }

  /// The bytes of a cell in which a number may stand: without the quotes.
  func content(_ row: Int, _ column: Int) -> Range<Int> {
    let range = range(row, column)
    guard let first = range.first, bytes[first] == quote, range.count >= 2 else { return range }
    return first + 1..<range.upperBound - 1
  }
}

let quote = UInt8(ascii: "\"")
let newline = UInt8(ascii: "\n")
let carriageReturn = UInt8(ascii: "\r")

/// A blank or a tab.
func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
