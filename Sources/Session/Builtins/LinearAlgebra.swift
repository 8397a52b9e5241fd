extension BuiltinTable {
  static let linear: [Builtin] = [
    Builtin(
      "norm", theme: .linear, "norm(x)",
      "the length of a vector, √ of the sum of squares; of a matrix likewise (Frobenius)",
      example: "norm([3, 4])", "5",
      .general { .number(Matrices.norm(try $0.tensor(0).numbers)) }),
    Builtin(
      "det", theme: .linear, "det(A)", "the determinant", example: "det([1, 2; 3, 4])", "-2",
      .general { call in .number(try Matrices.Factors(try call.squareMatrix(0), poll: call.poll).determinant) }),
    Builtin(
      "solve", theme: .linear, "solve(A, b)", "the x with A · x = b", example: "solve([2, 0; 0, 4], [2, 8])", "[1, 2]",
      .general { call in
        let matrix = try call.squareMatrix(0)
        let right = try call.tensor(1)
        guard right.rank < 3, right.rows == matrix.rows else {
          throw call.problem(
            at: 1, "the matrix has \(counted(matrix.rows, "row")), and this is \(right.shape.description)")
        }
        let factors = try Matrices.Factors(matrix, poll: call.poll)
        guard !factors.isSingular else { throw call.problem(at: 0, "this matrix is singular: no one x solves it") }
        return .tensor(try factors.solve(right, poll: call.poll))
      }),
    Builtin(
      "inverse", theme: .linear, "inverse(A)", "the matrix whose product with A is the identity",
      example: "inverse([2, 0; 0, 4])", "[0.5, 0; 0, 0.25]",
      .general { call in
        let matrix = try call.squareMatrix(0)
        let factors = try Matrices.Factors(matrix, poll: call.poll)
        guard !factors.isSingular else { throw call.problem(at: 0, "this matrix is singular: it has no inverse") }
        var identity = Tensor(matrix.shape, repeating: 0)
        let n = matrix.rows
        identity.withMutableNumbers { numbers in for i in 0..<n { numbers[i * n + i] = 1 } }
        return .tensor(try factors.solve(identity, poll: call.poll))
      }),
    Builtin(
      "trace", theme: .linear, "trace(A)", "the sum of the diagonal", example: "trace([1, 2; 3, 4])", "5",
      .general { call in
        let matrix = try call.squareMatrix(0)
        return .number(Statistics.sum((0..<matrix.rows).map { matrix[$0 * matrix.columns + $0] }))
      }),
  ]
}

/// Square matrices by Gaussian elimination with row exchanges.
enum Matrices {
  /// Scaled by the largest number, so that squares neither overflow nor vanish.
  static func norm(_ numbers: [Double]) -> Double {
    let largest = numbers.reduce(0) { $0.isNaN || $1.isNaN ? .nan : max($0, $1.magnitude) }
    guard largest > 0, largest.isFinite else { return largest }
    return largest * Statistics.sum(numbers.map { ($0 / largest) * ($0 / largest) }).squareRoot()
  }

  /// P · A = L · U, both in one matrix.
  struct Factors {
    private var entries: [Double]
    private var order: [Int]
    private let size: Int
    private var sign = 1.0
    private(set) var isSingular = false

    init(_ matrix: Tensor, poll: () throws -> Void) throws {
      size = matrix.rows
      entries = matrix.numbers
      order = Array(0..<size)
      for pivot in 0..<size {
        try poll()
        eliminate(pivot)
      }
    }

    private mutating func eliminate(_ pivot: Int) {
      let best =
        (pivot..<size).max { entries[$0 * size + pivot].magnitude < entries[$1 * size + pivot].magnitude } ?? pivot
      if best != pivot { exchange(best, pivot) }
      let divisor = entries[pivot * size + pivot]
      guard divisor != 0 else {
        isSingular = true
        return
      }
      for row in (pivot + 1)..<max(size, pivot + 1) {
        let factor = entries[row * size + pivot] / divisor
        entries[row * size + pivot] = factor
        guard factor != 0 else { continue }
        for column in (pivot + 1)..<max(size, pivot + 1) {
          entries[row * size + column] -= factor * entries[pivot * size + column]
        }
      }
    }

    private mutating func exchange(_ a: Int, _ b: Int) {
      for column in 0..<size { entries.swapAt(a * size + column, b * size + column) }
      order.swapAt(a, b)
      sign = -sign
    }

    var determinant: Double { (0..<size).reduce(sign) { $0 * entries[$1 * size + $1] } }

    /// The solution for a vector, or for every column of a matrix.
    func solve(_ right: Tensor, poll: () throws -> Void) throws -> Tensor {
      let columns = right.columns
      var result = order.flatMap { right.numbers[($0 * columns)..<(($0 + 1) * columns)] }
      for row in 0..<size {
        try poll()
        for other in 0..<row { subtract(entries[row * size + other], other, from: row, columns, &result) }
      }
      for row in (0..<size).reversed() {
        try poll()
        for other in (row + 1)..<max(size, row + 1) {
          subtract(entries[row * size + other], other, from: row, columns, &result)
        }
        for column in 0..<columns { result[row * columns + column] /= entries[row * size + row] }
      }
      return Tensor(right.shape, result)
    }

    private func subtract(_ factor: Double, _ other: Int, from row: Int, _ columns: Int, _ result: inout [Double]) {
      guard factor != 0 else { return }
      for column in 0..<columns { result[row * columns + column] -= factor * result[other * columns + column] }
    }
  }
}
