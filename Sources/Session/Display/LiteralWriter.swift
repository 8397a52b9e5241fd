import Typography

/// Writes the literal that makes a value, and stops when it grows beyond a limit: a list may be long, and lists may
/// share parts so often that writing them all would never end.
struct LiteralWriter {
  let digits: Int
  let limit: Int
  private(set) var text = ""
  private(set) var isCut = false
  private var length = 0

  init(digits: Int, limit: Int) {
    self.digits = digits
    self.limit = limit
  }

  mutating func write(_ value: Value) {
    guard !isCut else { return }
    switch value {
    case .nothing: add("nothing")
    case .number(let number): add(NumberText.significant(number, digits: digits))
    case .truth(let truth): add(truth ? "true" : "false")
    case .text(let text): add(text.utf8.count > 8 * limit ? cutMark() : Self.quoted(text))
    case .tensor(let tensor): write(tensor)
    case .range(let range):
      add(
        NumberText.significant(range.lower, digits: digits) + ".." + NumberText.significant(range.upper, digits: digits)
      )
    case .list(let list): write(list)
    case .record(let record): write(record)
    case .function(let function): add(function.name)
    case .cell(let cell): add(cell.name)
    case .net(let net): add("net of \(net.recurrence.name)")
    case .netPart(let part): add("part \(part.prefix.dropLast()) of a net")
    case .track(let track): write((try? Interpreter.tensor(of: track)).map { .tensor($0) } ?? .nothing)
    case .formula(let formula): add(formula.text)
    case .derivation(let derivation): add(derivation.lines(width: limit).joined(separator: "\n"))
    case .figure: add("figure")
    case .table(let table):
      add("table of \(counted(table.rowCount, "row")) × \(counted(table.headings.count, "column"))")
    }
  }

  private mutating func add(_ piece: String) {
    guard !isCut else { return }
    text += piece
    length += piece.utf8.count
    // UTF-8 is up to 4 bytes a character; whoever asked counts the columns.
    if length > 4 * limit { isCut = true }
  }

  private mutating func cutMark() -> String {
    isCut = true
    return "…"
  }

  private mutating func write(_ list: List) {
    add("(")
    for (position, item) in list.items.enumerated() {
      if isCut { return }
      if position > 0 { add(", ") }
      write(item)
    }
    add(list.count == 1 ? ",)" : ")")
  }

  private mutating func write(_ record: Record) {
    add("{")
    for (position, name) in record.names.enumerated() {
      if isCut { return }
      if position > 0 { add(", ") }
      add(name + ": ")
      write(record.values[position])
    }
    add("}")
  }

  // MARK: Tensors

  private mutating func write(_ tensor: Tensor) {
    // Every number takes at least a digit and a comma.
    guard tensor.count <= 2 * limit else {
      isCut = true
      return
    }
    let numbers = tensor.numbers
    switch tensor.rank {
    case 1:
      add("[")
      row(numbers[...])
      add("]")
    case 2: matrix(numbers[...], rows: tensor.rows, columns: tensor.columns)
    default:
      let size = tensor.shape[1] * tensor.shape[2]
      guard tensor.count > 0 else {
        add("zeros(\(tensor.shape.sizes.map(String.init).joined(separator: ", ")))")
        return
      }
      add("[")
      for step in 0..<tensor.shape[0] {
        if step > 0 { add(", ") }
        matrix(numbers[(step * size)..<((step + 1) * size)], rows: tensor.shape[1], columns: tensor.shape[2])
      }
      add("]")
    }
  }

  /// `[1, 2; 3, 4]`; of one row `[[1, 2]]`.
  private mutating func matrix(_ numbers: ArraySlice<Double>, rows: Int, columns: Int) {
    guard !numbers.isEmpty else {
      add("zeros(\(rows), \(columns))")
      return
    }
    add(rows == 1 ? "[[" : "[")
    for line in 0..<rows {
      if isCut { return }
      if line > 0 { add("; ") }
      let start = numbers.startIndex + line * columns
      row(numbers[start..<(start + columns)])
    }
    add(rows == 1 ? "]]" : "]")
  }

  private mutating func row(_ numbers: ArraySlice<Double>) {
    for (position, number) in numbers.enumerated() {
      if isCut { return }
      if position > 0 { add(", ") }
      add(NumberText.significant(number, digits: digits))
    }
  }

  // MARK: Text

  /// A text as it would be typed.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "{": result += "\\{"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
