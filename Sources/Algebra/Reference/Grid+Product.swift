extension Grid where Number == Double {
  /// The matrix product, by rows of the second: the inner loop runs along memory.
  func times(_ other: Matrix) -> Matrix {
    let (height, depth, width) = (rows, min(columns, other.rows), other.columns)
    var result = Matrix(rows: height, columns: width)
    guard height > 0, depth > 0, width > 0 else { return result }
    values.withUnsafeBufferPointer { a in
      other.values.withUnsafeBufferPointer { b in
        result.values.withUnsafeMutableBufferPointer { c in
          for row in 0..<height {
            for inner in 0..<depth {
              let factor = a[row * columns + inner]
              if factor == 0 { continue }
              for column in 0..<width { c[row * width + column] += factor * b[inner * width + column] }
            }
          }
        }
      }
    }
    return result
  }
}
