/// Tables whose cells stand apart by blanks, as the `.dat` files of observatories: titles and rules above the numbers,
/// blank lines between them, remarks below.
///
/// The table starts with the first line that holds nothing but numbers. The last line above it that has as many words
/// is the header. A row that is short is an error, except for the last: the year is not over yet.
enum BlankSeparatedText {
  private struct Line {
    var number: Int
    var words: [Range<Int>]
    var kind: Kind
    enum Kind { case numbers, words, comment, rule }
  }

  /// The rows and, apart from them, the names; nil if no line holds numbers alone.
  static func read(
    _ bytes: [UInt8], _ limits: FormatLimits
  ) throws(FormatError) -> (grid: CellGrid, names: [String]?, notes: [ReadNote])? {
    let lines = try lines(of: bytes, limits)
    guard let first = lines.firstIndex(where: { $0.kind == .numbers }),
      let last = lines.lastIndex(where: { $0.kind == .numbers && $0.words.count == lines[first].words.count })
    else { return nil }
    let width = lines[first].words.count
    var notes: [ReadNote] = []
    let header = lines[..<first].lastIndex {
      ($0.kind == .words || $0.kind == .comment) && $0.words.count == width
    }
    var grid = CellGrid(bytes, limits)
    for line in lines[first...last] where line.kind != .comment {
      guard line.kind == .numbers else { throw .notNumbers(line: line.number, text: text(bytes, line)) }
      for word in line.words { try grid.append(word.lowerBound, word.upperBound) }
      try grid.endRow(line: line.number)
    }
    var end = last + 1
    if end < lines.count, lines[end].kind == .numbers {
      let line = lines[end]
      guard line.words.count < width else {
        throw .ragged(line: line.number, cells: line.words.count, expected: width)
      }
      for word in line.words { try grid.append(word.lowerBound, word.upperBound) }
      for _ in line.words.count..<width { try grid.append(0, 0) }
      try grid.endRow(line: line.number)
      notes.append(.shortLastRow(line: line.number, missing: width - line.words.count))
      end += 1
    }
    if let stray = lines[end...].first(where: { $0.kind == .numbers }) {
      throw .ragged(line: stray.number, cells: stray.words.count, expected: width)
    }
    let isProse = { (line: Line) in line.kind == .words }
    let above = lines[..<first].indices.count { isProse(lines[$0]) && $0 != header }
    let below = lines[end...].count(where: isProse)
    if above + below > 0 { notes.append(.linesLeftOut(above: above, below: below)) }
    let names = header.map { lines[$0].words.map { String(decoding: bytes[$0], as: UTF8.self) } }
    return (grid, names, notes)
  }

  /// All lines that are not blank, in words.
  private static func lines(of bytes: [UInt8], _ limits: FormatLimits) throws(FormatError) -> [Line] {
    var lines: [Line] = []
    var index = SeparatedText.start(bytes)
    var number = 1
    var wordCount = 0
    while index < bytes.count {
      var words: [Range<Int>] = []
      while index < bytes.count, !SeparatedText.isLineEnd(bytes[index]) {
        let start = index
        while index < bytes.count, !isBlank(bytes[index]), !SeparatedText.isLineEnd(bytes[index]) { index += 1 }
        if index > start { words.append(start..<index) } else { index += 1 }
      }
      if !words.isEmpty { lines.append(line(bytes, number, words)) }
      wordCount += words.count
      guard wordCount <= limits.numbers else { throw .tooManyCells(limit: limits.numbers) }
      if number & 0xfff == 0 { try limits.poll() }
      if index + 1 < bytes.count, bytes[index] == carriageReturn, bytes[index + 1] == newline { index += 1 }
      index += 1
      number += 1
    }
    return lines
  }

  private static func line(_ bytes: [UInt8], _ number: Int, _ words: [Range<Int>]) -> Line {
    guard let first = words.first else { return Line(number: number, words: words, kind: .rule) }
    if bytes[first.lowerBound] == UInt8(ascii: "#") || bytes[first.lowerBound] == UInt8(ascii: "%") {
      let rest = first.count > 1 ? [first.lowerBound + 1..<first.upperBound] : []
      return Line(number: number, words: rest + words.dropFirst(), kind: .comment)
    }
    var numbers = 0
    for word in words {
      if NumberText.parse(bytes, word) != nil {
        numbers += 1
      } else if !NumberText.isBlank(bytes, word) {
        let isRule = words.allSatisfy { $0.count > 1 && bytes[$0].allSatisfy(isRuleMark) }
        return Line(number: number, words: words, kind: isRule ? .rule : .words)
      }
    }
    return Line(number: number, words: words, kind: numbers > 0 ? .numbers : .words)
  }

  private static func isRuleMark(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "="), UInt8(ascii: "_"), UInt8(ascii: "*"), UInt8(ascii: "+"),
      UInt8(ascii: "|"):
      return true
    default: return false
    }
  }

  private static func text(_ bytes: [UInt8], _ line: Line) -> String {
    guard let first = line.words.first, let last = line.words.last else { return "" }
    return String(decoding: bytes[first.lowerBound..<last.upperBound], as: UTF8.self)
  }
}
