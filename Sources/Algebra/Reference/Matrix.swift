import Glibc

/// A small dense matrix of Float64 for the certificate of a derivation: numbers are 1 × 1, vectors one column.
public struct Matrix: Sendable {
  public var rows: Int
  public var columns: Int
  /// Row by row.
  public var values: [Double]

  public init(rows: Int, columns: Int, values: [Double]) {
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  init(rows: Int, columns: Int, repeating value: Double = 0) {
    self.init(rows: rows, columns: columns, values: [Double](repeating: value, count: rows * columns))
  }

  init(_ number: Double) { self.init(rows: 1, columns: 1, values: [number]) }

  static func identity(_ size: Int) -> Matrix {
    var result = Matrix(rows: size, columns: size)
    for index in 0..<size { result[index, index] = 1 }
    return result
  }

  subscript(_ row: Int, _ column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for row in 0..<rows { for column in 0..<columns { result[column, row] = self[row, column] } }
    return result
  }

  /// Elementwise, sides of 1 spread.
  func combined(_ other: Matrix, _ body: (Double, Double) -> Double) -> Matrix {
    var result = Matrix(rows: max(rows, other.rows), columns: max(columns, other.columns))
    for row in 0..<result.rows {
      for column in 0..<result.columns {
        result[row, column] = body(
          self[rows == 1 ? 0 : row, columns == 1 ? 0 : column],
          other[other.rows == 1 ? 0 : row, other.columns == 1 ? 0 : column])
      }
    }
    return result
  }

  func map(_ body: (Double) -> Double) -> Matrix { Matrix(rows: rows, columns: columns, values: values.map(body)) }

  func times(_ other: Matrix) -> Matrix {
    var result = Matrix(rows: rows, columns: other.columns)
    for row in 0..<rows {
      for inner in 0..<columns {
        let factor = self[row, inner]
        for column in 0..<other.columns { result[row, column] += factor * other[inner, column] }
      }
    }
    return result
  }

  func rowRange(_ range: Range<Int>) -> Matrix {
    Matrix(
      rows: range.count, columns: columns,
      values: Array(values[range.lowerBound * columns..<range.upperBound * columns]))
  }

  func columnRange(_ range: Range<Int>) -> Matrix {
    var result = Matrix(rows: rows, columns: range.count)
    for row in 0..<rows { for (to, from) in range.enumerated() { result[row, to] = self[row, from] } }
    return result
  }

  /// The largest absolute value.
  var norm: Double { values.reduce(0) { max($0, abs($1)) } }

  func distance(to other: Matrix) -> Double {
    guard rows == other.rows, columns == other.columns else { return .infinity }
    return zip(values, other.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }
}
