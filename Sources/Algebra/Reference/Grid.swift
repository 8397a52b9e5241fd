/// A small dense matrix for certificates and judgements, over any kind of number: numbers are 1 × 1, vectors one
/// column.
public struct Grid<Number> {
  public var rows: Int
  public var columns: Int
  /// Row by row.
  public var values: [Number]

  public init(rows: Int, columns: Int, values: [Number]) {
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  init(rows: Int, columns: Int, repeating value: Number) {
    self.init(rows: rows, columns: columns, values: [Number](repeating: value, count: rows * columns))
  }

  init(_ number: Number) { self.init(rows: 1, columns: 1, values: [number]) }

  subscript(_ row: Int, _ column: Int) -> Number {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  var isNumber: Bool { rows == 1 && columns == 1 }

  var transposed: Grid {
    if rows == 1 || columns == 1 { return Grid(rows: columns, columns: rows, values: values) }
    var result: [Number] = []
    result.reserveCapacity(values.count)
    for column in 0..<columns { for row in 0..<rows { result.append(self[row, column]) } }
    return Grid(rows: columns, columns: rows, values: result)
  }

  /// Elementwise, sides of 1 spread. Sides that do not fit are refused before anything is evaluated; here the shorter
  /// one ends in its last entry.
  func combined<Result>(_ other: Grid, _ body: (Number, Number) -> Result) -> Grid<Result> {
    if rows == other.rows, columns == other.columns {
      return Grid<Result>(rows: rows, columns: columns, values: zip(values, other.values).map(body))
    }
    guard !values.isEmpty, !other.values.isEmpty else { return Grid<Result>(rows: 0, columns: 0, values: []) }
    let (height, width) = (max(rows, other.rows), max(columns, other.columns))
    var result: [Result] = []
    result.reserveCapacity(height * width)
    for row in 0..<height {
      for column in 0..<width {
        result.append(
          body(
            self[min(row, rows - 1), min(column, columns - 1)],
            other[min(row, other.rows - 1), min(column, other.columns - 1)]))
      }
    }
    return Grid<Result>(rows: height, columns: width, values: result)
  }

  func map(_ body: (Number) -> Number) -> Grid { Grid(rows: rows, columns: columns, values: values.map(body)) }

  func rowRange(_ range: Range<Int>) -> Grid {
    let inside = range.clamped(to: 0..<rows)
    return Grid(
      rows: inside.count, columns: columns,
      values: Array(values[inside.lowerBound * columns..<inside.upperBound * columns]))
  }

  func columnRange(_ range: Range<Int>) -> Grid {
    let inside = range.clamped(to: 0..<columns)
    var result: [Number] = []
    for row in 0..<rows { result += values[row * columns + inside.lowerBound..<row * columns + inside.upperBound] }
    return Grid(rows: rows, columns: inside.count, values: result)
  }
}

extension Grid: Sendable where Number: Sendable {}
extension Grid: Equatable where Number: Equatable {}

/// A matrix of Float64.
public typealias Matrix = Grid<Double>

extension Grid where Number == Double {
  init(rows: Int, columns: Int) { self.init(rows: rows, columns: columns, repeating: 0) }

  static func identity(_ size: Int) -> Matrix {
    var result = Matrix(rows: size, columns: size)
    for index in 0..<size { result[index, index] = 1 }
    return result
  }

  /// The largest absolute value.
  var norm: Double { values.reduce(0) { max($0, abs($1)) } }

  func distance(to other: Matrix) -> Double {
    guard rows == other.rows, columns == other.columns else { return .infinity }
    return zip(values, other.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }
}
