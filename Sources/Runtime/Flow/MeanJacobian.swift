import Algebra

/// The mean of M[t] = ∂S[t]/∂S[t-1] over the steps of a `GradientFlow`, and its spectral radius.
struct MeanJacobian {
  private let members: [StepPaths.Member]
  private let widths: [Int]
  /// Where each member begins.
  private let offsets: [Int]
  private let size: Int
  /// Σ M[t], without what is only carried over.
  private var sum: [Double]
  private var count = 0

  init(_ members: [StepPaths.Member], widths: [Int]) {
    self.members = members
    self.widths = widths
    var offsets: [Int] = []
    var size = 0
    for width in widths {
      offsets.append(size)
      size += width
    }
    self.offsets = offsets
    self.size = size
    sum = [Double](repeating: 0, count: size * size)
  }

  /// The parts of one step.
  mutating func add(_ parts: [StepPaths.Part]) {
    count += 1
    for part in parts {
      let (top, left) = (offsets[part.row], offsets[part.column])
      switch part.map {
      case .diagonal(let factors):
        for (index, factor) in factors.enumerated() { sum[(top + index) * size + left + index] += factor }
      case .dense(let matrix):
        for row in 0..<matrix.rows {
          for column in 0..<matrix.columns {
            sum[(top + row) * size + left + column] += matrix.values[row * matrix.columns + column]
          }
        }
      }
    }
  }

  /// ρ = lim ‖Mᵏ‖^(1/k) (Gelfand), by squaring a dozen times: within some parts in a thousand.
  func radius(isInterrupted: () -> Bool) throws -> Double {
    var matrix = Matrix(rows: size, columns: size, values: sum.map { $0 / Double(max(count, 1)) })
    for (index, member) in members.enumerated() where member.delay > 0 {
      guard let earlier = members.firstIndex(of: .init(symbol: member.symbol, delay: member.delay - 1)) else {
        continue
      }
      for unit in 0..<widths[index] {
        matrix.values[(offsets[index] + unit) * size + offsets[earlier] + unit] = 1
      }
    }
    // log ‖Mᵏ‖ / k: with k = 2ⁿ the logarithms of the scales add up.
    var logarithm = 0.0
    var share = 1.0
    for _ in 0..<12 {
      if isInterrupted() { throw Interruption() }
      let largest = matrix.values.reduce(0) { max($0, abs($1)) }
      guard largest > 0, largest.isFinite else { return largest > 0 ? .infinity : 0 }
      logarithm += share * Power.log10(largest)
      matrix.values = matrix.values.map { $0 / largest }
      matrix = FlowProduct.product(matrix, matrix)
      share /= 2
    }
    let rest = matrix.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard rest > 0 else { return 0 }
    return Power.of(10, logarithm + share * Power.log10(rest))
  }
}
