import Typography

/// A big tensor in short: what it is, its least, mean and largest number, what is not a number, and a corner.
struct TensorSummary {
  private let tensor: Tensor
  private let display: Display
  private let summary: Summary

  init(_ tensor: Tensor, _ display: Display) {
    summary = Summary(tensor)
    self.tensor = tensor
    self.display = display
  }

  var lines: [String] {
    var lines = [display.cut(Self.header(tensor) + statistics)]
    if let warning { lines.append(display.cut("  " + warning)) }
    switch tensor.rank {
    case 1: lines.append("  " + ends)
    case 2: lines += corner(offset: 0, rows: tensor.rows, columns: tensor.columns, mostRows: 6)
    default:
      let (steps, rows, columns) = (tensor.shape[0], tensor.shape[1], tensor.shape[2])
      guard tensor.count > 0 else { break }
      for step in steps > 1 ? [0, steps - 1] : [0] {
        lines.append("  step \(step + 1)")
        lines += corner(offset: step * rows * columns, rows: rows, columns: columns, mostRows: 3)
      }
    }
    return lines
  }

  // MARK: Heads

  /// `32 steps × 10 sequences × 2 wide`, `vector of 1000`, `matrix 30 × 40`.
  static func header(_ tensor: Tensor) -> String {
    let shape = tensor.shape
    switch (shape.rank, tensor.isTimed) {
    case (1, _): return "vector of \(shape[0])"
    case (2, false): return "matrix \(shape.text)"
    case (2, true): return "\(counted(shape[0], "step")) × \(shape[1]) wide"
    default:
      return "\(counted(shape[0], "step")) × \(counted(shape[1], "sequence")) × \(shape[2]) wide"
    }
  }

  static func header(of value: Value) -> String {
    switch value {
    case .tensor(let tensor): header(tensor)
    case .list(let list): "list of \(list.count)"
    case .record(let record): "record of \(listed(record.names, most: 4))"
    case .table(let table): "table of \(counted(table.rowCount, "row")) × \(counted(table.headings.count, "column"))"
    default: value.typeName
    }
  }

  private var statistics: String {
    guard summary.finite > 0 else { return "" }
    let mean = summary.total / Double(summary.finite)
    let parts = [("min", summary.least), ("mean", mean), ("max", summary.largest)]
    return "   " + parts.map { "\($0.0) \(text($0.1))" }.joined(separator: "  ")
  }

  /// Said loudly: a mean that leaves them out would hide them.
  private var warning: String? {
    let parts = [(summary.missing, "NaN"), (summary.infinite, "∞")].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return parts.isEmpty ? nil : "! of \(tensor.count) numbers " + parts.joined(separator: " and ")
  }

  /// One look at every number.
  private struct Summary {
    var finite = 0
    var missing = 0
    var infinite = 0
    var total = 0.0
    var least = Double.infinity
    var largest = -Double.infinity

    init(_ tensor: Tensor) {
      for offset in 0..<tensor.count {
        let number = tensor[offset]
        if number.isFinite {
          finite += 1
          total += number
          least = min(least, number)
          largest = max(largest, number)
        } else if number.isNaN {
          missing += 1
        } else {
          infinite += 1
        }
      }
    }
  }

  private func text(_ number: Double) -> String { NumberText.significant(number, digits: display.digits) }

  // MARK: Corners

  /// The first and last numbers of a vector, as many as fit.
  private var ends: String {
    let room = display.width - 2
    var first: [String] = []
    var last: [String] = []
    var used = "[, …, ]".count
    for position in 0..<(tensor.count / 2) {
      let left = text(tensor[position])
      let right = text(tensor[tensor.count - 1 - position])
      guard used + left.displayWidth + 2 <= room else { break }
      used += left.displayWidth + 2
      first.append(left)
      guard used + right.displayWidth + 2 <= room else { break }
      used += right.displayWidth + 2
      last.insert(right, at: 0)
    }
    return "[" + (first + ["…"] + last).joined(separator: ", ") + "]"
  }

  /// The first and last rows, and as many columns as fit, aligned.
  private func corner(offset: Int, rows: Int, columns: Int, mostRows: Int) -> [String] {
    guard rows > 0, columns > 0 else { return [] }
    let shownRows = rows <= mostRows + 1 ? Array(0..<rows) : Array(0..<(mostRows - 1)) + [rows - 1]
    func column(_ number: Int) -> [String] { shownRows.map { text(tensor[offset + $0 * columns + number]) } }
    var shown: [[String]] = []
    var used = 2
    for number in 0..<columns {
      let cells = column(number)
      let cellWidth = (cells.map(\.displayWidth).max() ?? 0) + 2
      // Room for the mark that more follow.
      guard used + cellWidth + (number < columns - 1 ? 3 : 0) <= display.width else { break }
      used += cellWidth
      shown.append(Self.aligned(cells))
    }
    let isCut = shown.count < columns
    var lines: [String] = []
    for (position, row) in shownRows.enumerated() {
      if position > 0, row > shownRows[position - 1] + 1 { lines.append("   …") }
      lines.append("  " + shown.map { $0[position] }.joined() + (isCut ? "  …" : ""))
    }
    return lines
  }

  /// Cells of a column, with two blanks before the widest.
  private static func aligned(_ cells: [String]) -> [String] {
    let widest = cells.map(\.displayWidth).max() ?? 0
    return cells.map { String(repeating: " ", count: widest + 2 - $0.displayWidth) + $0 }
  }
}
