/// Tables and matrices as text: RFC 4180 with LF, or blanks between.
enum TableWriter {
  static func write(_ table: Table, separator: UInt8) throws(FormatError) -> [UInt8] {
    guard table.columns.allSatisfy({ $0.count == table.rowCount }) else { throw .unequalColumns }
    var bytes: [UInt8] = []
    if table.hasHeader { row(table.columns.map(\.name), separator, &bytes) }
    for index in 0..<table.rowCount {
      let cells = table.columns.map { column in
        switch column.values {
        case .numbers(let numbers): return NumberText.format(numbers[index])
        case .texts(let texts): return texts[index]
        }
      }
      row(cells, separator, &bytes)
    }
    return bytes
  }

  /// A vector is a column, a matrix its rows.
  static func write(_ array: NumericArray, separator: UInt8) throws(FormatError) -> [UInt8] {
    try array.requireShape()
    let width = array.shape.count == 2 ? array.shape[1] : 1
    guard width > 0 else { return [] }
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: array.values.count, by: width) {
      let cells = array.values[start..<min(start + width, array.values.count)].map(NumberText.format)
      row(cells, separator, &bytes)
    }
    return bytes
  }

  private static func row(_ cells: [String], _ separator: UInt8, _ bytes: inout [UInt8]) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { bytes.append(separator) }
      append(cell, separator, isAlone: cells.count == 1, &bytes)
    }
    bytes.append(newline)
  }

  /// A cell in quotes where it would be read otherwise without them.
  private static func append(_ cell: String, _ separator: UInt8, isAlone: Bool, _ bytes: inout [UInt8]) {
    let text = Array(cell.utf8)
    let isPlain = text.allSatisfy { $0 != separator && $0 != quote && !SeparatedText.isLineEnd($0) }
    let hasEdge = text.first.map(isBlank) ?? isAlone || text.last.map(isBlank) ?? false
    if isPlain, !hasEdge, text.first != UInt8(ascii: "#") {
      bytes += text
      return
    }
    bytes.append(quote)
    for byte in text {
      if byte == quote { bytes.append(quote) }
      bytes.append(byte)
    }
    bytes.append(quote)
  }
}
