/// What was read differently from how it stands in the file.
public enum ReadNote: Sendable, Equatable {
  /// Cells of a column of numbers that hold none; they are NaN.
  case blankCells(column: String, count: Int, firstLine: Int)
  /// A column is text because of a few cells.
  case textAmongNumbers(column: String, text: String, line: Int, count: Int)
  /// The last row of a blank-separated table ends early; the rest of it is NaN.
  case shortLastRow(line: Int, missing: Int)
  /// Lines above and below a blank-separated table that are no part of it.
  case linesLeftOut(above: Int, below: Int)
  /// `1,5` in a file separated by semicolons is 1.5.
  case decimalCommas
  /// Integers above 2^53 that Float64 cannot hold exactly.
  case roundedIntegers(count: Int)
  /// Bytes after the array of a `.npy` file.
  case bytesAfterArray(count: Int)
  /// An entry of an archive that is no array.
  case skippedEntry(name: String)

  public var message: String {
    switch self {
    case .blankCells(let column, let count, let line):
      return "\(column) has \(counted(count, "cell")) without a number, read as NaN (first in line \(line))"
    case .textAmongNumbers(let column, let text, let line, let count):
      return "\(column) is read as text: \(quoted(text)) in line \(line) is no number"
        + (count > 1 ? ", nor are \(count - 1) more of its cells" : "")
    case .shortLastRow(let line, let missing):
      return "line \(line), the last row, lacks \(counted(missing, "number")), read as NaN"
    case .linesLeftOut(let above, let below):
      let parts = [(above, "above"), (below, "below")].filter { $0.0 > 0 }
      return parts.map { "\(counted($0.0, "line")) \($0.1)" }.joined(separator: " and ") + " the numbers left out"
    case .decimalCommas:
      return "decimal commas read as points"
    case .roundedIntegers(let count):
      return "\(counted(count, "integer")) above 2^53 rounded to Float64"
    case .bytesAfterArray(let count):
      return "\(counted(count, "byte")) after the array left out"
    case .skippedEntry(let name):
      return "\(quoted(name)) is no array and was left out"
    }
  }
}
