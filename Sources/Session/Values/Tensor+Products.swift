/// `·` and the transpose. Vectors are columns: u · v is a number, M · v a vector, v · kᵀ a matrix.
extension Tensor {
  /// Called once a row of a long product; throws when the session was interrupted.
  typealias Poll = () throws -> Void

  static func product(_ left: Tensor, _ right: Tensor, poll: Poll) throws -> Value {
    guard left.rank < 3, right.rank < 3 else { throw ValueProblem.productRank(left.shape, right.shape) }
    if left.isVector, right.isVector {
      guard left.count == right.count else { throw ValueProblem.shapes(left.shape, right.shape) }
      return .number(zip(left.numbers, right.numbers).reduce(0) { $0 + $1.0 * $1.1 })
    }
    if left.isVector {
      guard right.rows == 1 else { throw ValueProblem.vectorLeftOfMatrix(left.shape, right.shape) }
      return .tensor(try multiply(left.asColumn(), right, poll: poll))
    }
    guard left.columns == right.rows else { throw ValueProblem.shapes(left.shape, right.shape) }
    if right.isVector {
      let product = try multiply(left, right.asColumn(), poll: poll)
      return .tensor(Tensor(vector: product.numbers))
    }
    return .tensor(try multiply(left, right, poll: poll))
  }

  /// [n, m] · [m, k], the sums in the order of m.
  private static func multiply(_ left: Tensor, _ right: Tensor, poll: Poll) throws -> Tensor {
    let (n, m, k) = (left.rows, left.columns, right.columns)
    let shape = try Shape([n, k])
    var result = [Double](repeating: 0, count: shape.count)
    let a = left.numbers
    let b = right.numbers
    let rowsBetweenPolls = max(1, (1 << 22) / max(1, m * k))
    for i in 0..<n {
      if i % rowsBetweenPolls == 0 { try poll() }
      result.withUnsafeMutableBufferPointer { row in
        b.withUnsafeBufferPointer { b in
          for j in 0..<m {
            let factor = a[i * m + j]
            for column in 0..<k { row[i * k + column] += factor * b[j * k + column] }
          }
        }
      }
    }
    return Tensor(shape, result)
  }

  /// A vector becomes one row, [1, n].
  func transposed() throws(ValueProblem) -> Tensor {
    switch rank {
    case 1: return reshaped(try Shape([1, count]))
    case 2:
      var result: [Double] = []
      result.reserveCapacity(count)
      for column in 0..<columns {
        for row in 0..<rows { result.append(numbers[row * columns + column]) }
      }
      return Tensor(try Shape([columns, rows]), result)
    default: throw .transposeRank(shape)
    }
  }
}
