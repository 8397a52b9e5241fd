extension StepPaths {
  /// A linear map between two members; most are diagonal.
  public enum Map: Sendable {
    /// The diagonal of a square matrix.
    case diagonal([Double])
    case dense(Matrix)
  }
}

extension StepPaths.Map {
  /// Diagonal if it is.
  init(_ matrix: Matrix) {
    guard matrix.rows == matrix.columns else {
      self = .dense(matrix)
      return
    }
    let size = matrix.rows
    let isDiagonal = matrix.values.withUnsafeBufferPointer { values in
      for row in 0..<size {
        for column in 0..<size where column != row && values[row * size + column] != 0 { return false }
      }
      return true
    }
    self = isDiagonal ? .diagonal((0..<size).map { matrix.values[$0 * size + $0] }) : .dense(matrix)
  }

  public var matrix: Matrix {
    switch self {
    case .dense(let matrix): return matrix
    case .diagonal(let numbers):
      var result = Matrix(rows: numbers.count, columns: numbers.count)
      for (index, number) in numbers.enumerated() { result[index, index] = number }
      return result
    }
  }

  func times(_ other: Self, _ multiply: (Matrix, Matrix) -> Matrix) -> Self {
    switch (self, other) {
    case (.diagonal(let a), .diagonal(let b)): return .diagonal(zip(a, b).map(*))
    case (.diagonal(let a), .dense(var b)):
      let width = b.columns
      b.values.withUnsafeMutableBufferPointer { values in
        for (row, factor) in a.enumerated() {
          for index in row * width..<(row + 1) * width { values[index] *= factor }
        }
      }
      return .dense(b)
    case (.dense(var a), .diagonal(let b)):
      let (height, width) = (a.rows, a.columns)
      a.values.withUnsafeMutableBufferPointer { values in
        for row in 0..<height {
          for column in 0..<min(width, b.count) { values[row * width + column] *= b[column] }
        }
      }
      return .dense(a)
    case (.dense(let a), .dense(let b)): return .dense(multiply(a, b))
    }
  }

  func plus(_ other: Self) -> Self {
    if case .diagonal(let a) = self, case .diagonal(let b) = other { return .diagonal(zip(a, b).map(+)) }
    return .dense(matrix.combined(other.matrix, +))
  }
}
