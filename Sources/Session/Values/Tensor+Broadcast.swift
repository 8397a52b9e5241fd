/// Elementwise operations on tensors whose shapes need not be the same.
///
/// Goals, in order: nothing happens that a reader of the formula would not expect; mean(X, over: 1) and vᵀ (rows)
/// spread over the rows of a matrix; v * M scales rows, as diag(v) · M. So:
/// - the same shape: element by element;
/// - the same rank: an axis of size 1 spreads, except between vectors;
/// - a vector and a matrix: only `*` and `/`, the vector is a column and scales rows; for `+` and `-` the
///   mathematics has no one reading, so that is an error which names them.
extension Tensor {
  enum Spreading { case scaling, adding }

  static func combine(
    _ left: Tensor, _ right: Tensor, _ spreading: Spreading, poll: Poll, _ body: (Double, Double) -> Double
  ) throws -> Tensor {
    if left.shape == right.shape {
      try TensorBudget.require(left.count)
      let leftNumbers = left.numbers
      let rightNumbers = right.numbers
      let result = try numbers(left.count, poll: poll) { target, offsets in
        leftNumbers.withUnsafeBufferPointer { a in
          rightNumbers.withUnsafeBufferPointer { b in
            for offset in offsets { target[offset] = body(a[offset], b[offset]) }
          }
        }
      }
      return Tensor(left.shape, result, isTimed: left.isTimed || right.isTimed)
    }
    if left.rank == right.rank { return try spread(left, right, poll: poll, body) }
    guard left.rank < 3, right.rank < 3 else { throw ValueProblem.shapes(left.shape, right.shape) }
    guard spreading == .scaling else { throw ValueProblem.matrixAndVector(left.shape, right.shape) }
    guard left.rows == right.rows else { throw ValueProblem.shapes(left.shape, right.shape) }
    // A vector is a column here: [rows, 1].
    return try left.isVector
      ? spread(left.asColumn(), right, poll: poll, body) : spread(left, right.asColumn(), poll: poll, body)
  }

  /// A vector as a matrix of one column.
  func asColumn() throws(ValueProblem) -> Tensor { reshaped(try Shape([count, 1])) }

  /// The same rank, and each axis of the same size or of size 1 on one side.
  private static func spread(
    _ left: Tensor, _ right: Tensor, poll: Poll, _ body: (Double, Double) -> Double
  ) throws -> Tensor {
    guard left.rank > 1 else { throw ValueProblem.shapes(left.shape, right.shape) }
    var sizes: [Int] = []
    for axis in 0..<left.rank {
      let (a, b) = (left.shape[axis], right.shape[axis])
      guard a == b || a == 1 || b == 1 else { throw ValueProblem.shapes(left.shape, right.shape) }
      sizes.append(a == 1 ? b : a)
    }
    let shape = try Shape(sizes)
    let a = Strides(left.shape)
    let b = Strides(right.shape)
    let leftNumbers = left.numbers
    let rightNumbers = right.numbers
    var result: [Double] = []
    result.reserveCapacity(shape.count)
    let rowsBetweenPolls = max(1, (1 << 16) / max(1, shape[2]))
    for i in 0..<shape[0] {
      for j in 0..<shape[1] {
        if (i * shape[1] + j) % rowsBetweenPolls == 0 { try poll() }
        let leftRow = i * a.first + j * a.second
        let rightRow = i * b.first + j * b.second
        for k in 0..<shape[2] {
          result.append(body(leftNumbers[leftRow + k * a.third], rightNumbers[rightRow + k * b.third]))
        }
      }
    }
    return Tensor(shape, result, isTimed: left.isTimed || right.isTimed)
  }

  /// How far apart neighbours along each axis are; 0 where the axis spreads.
  private struct Strides {
    let first: Int, second: Int, third: Int
    init(_ shape: Shape) {
      first = shape[0] == 1 ? 0 : shape[1] * shape[2]
      second = shape[1] == 1 ? 0 : shape[2]
      third = shape[2] == 1 ? 0 : 1
    }
  }
}
