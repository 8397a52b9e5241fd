/// The largest singular value of a matrix, by Lanczos' method on A · Aᵀ (Golub and Van Loan, chapter 10) with full
/// reorthogonalisation.
///
/// It ends when the residual of the largest Ritz value θ says that an eigenvalue lies within `tolerance` · θ of it, at the
/// latest after as many steps as A has rows, when it is exact. The singular value √θ then has half of that relative
/// error; mostly it is right to rounding, since the error of θ is quadratic in the residual. A start near the vector
/// that is looked for makes it short: norms of a product that grows by a factor a step pass theirs on.
public struct SpectralNorm {
  public static let tolerance = 1e-8
  /// The left singular vector of the last matrix.
  private var vector: [Double] = []

  public init() {}

  /// ‖A‖₂ of rows × columns numbers, row by row; not a number if one of them is none.
  public mutating func of(_ matrix: [Double], rows: Int, columns: Int) -> Double {
    guard rows > 0, columns > 0, matrix.count == rows * columns else { return 0 }
    let largest = matrix.reduce(0) { $0.isNaN || $1.isNaN ? .nan : max($0, abs($1)) }
    guard largest > 0, largest.isFinite else { return largest }
    // Squares neither overflow nor vanish.
    let scaled = matrix.map { $0 / largest }
    return largest * lanczos(scaled, rows, columns).squareRoot()
  }

  private mutating func lanczos(_ matrix: [Double], _ rows: Int, _ columns: Int) -> Double {
    var basis: [[Double]] = [start(rows)]
    var diagonal: [Double] = []
    var beside: [Double] = []
    var best = 0.0
    var weights: [Double] = [1]
    while true {
      let last = basis[basis.count - 1]
      var next = Self.squared(matrix, rows, columns, last)
      diagonal.append(Self.dot(next, last))
      best = Self.largest(diagonal, beside, from: best)
      weights = Self.weights(diagonal, beside, at: best)
      // Twice: rounding of the first pass is taken out by the second.
      for _ in 0..<2 {
        for known in basis {
          let share = Self.dot(next, known)
          for index in next.indices { next[index] -= share * known[index] }
        }
      }
      let length = Self.dot(next, next).squareRoot()
      let residual = length * abs(weights.last ?? 1)
      if basis.count >= rows || residual <= Self.tolerance * best || length <= 1e-14 * best { break }
      beside.append(length)
      basis.append(next.map { $0 / length })
    }
    vector = [Double](repeating: 0, count: rows)
    for (known, weight) in zip(basis, weights) {
      for index in vector.indices { vector[index] += weight * known[index] }
    }
    return best
  }

  /// The last vector with a little of everything: what is orthogonal to it would never be seen.
  private func start(_ rows: Int) -> [Double] {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    let share = vector.count == rows ? 0.02 : 1
    var result = (0..<rows).map { index -> Double in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let noise = Double(state >> 11) / Double(1 << 53) - 0.5
      return (vector.count == rows ? vector[index] : 0) + share * noise / Double(rows).squareRoot()
    }
    let length = Self.dot(result, result).squareRoot()
    for index in result.indices { result[index] /= length }
    return result
  }

  /// A · Aᵀ · v.
  private static func squared(_ matrix: [Double], _ rows: Int, _ columns: Int, _ vector: [Double]) -> [Double] {
    var across = [Double](repeating: 0, count: columns)
    var result = [Double](repeating: 0, count: rows)
    matrix.withUnsafeBufferPointer { a in
      across.withUnsafeMutableBufferPointer { across in
        for row in 0..<rows {
          let factor = vector[row]
          for column in 0..<columns { across[column] += factor * a[row * columns + column] }
        }
        result.withUnsafeMutableBufferPointer { result in
          for row in 0..<rows {
            // Four sums at a time: one alone waits for itself.
            var sums = SIMD4<Double>()
            var column = 0
            while column + 4 <= columns {
              let left = SIMD4(
                a[row * columns + column], a[row * columns + column + 1], a[row * columns + column + 2],
                a[row * columns + column + 3])
              sums += left * SIMD4(across[column], across[column + 1], across[column + 2], across[column + 3])
              column += 4
            }
            var sum = sums.sum()
            while column < columns {
              sum += a[row * columns + column] * across[column]
              column += 1
            }
            result[row] = sum
          }
        }
      }
    }
    return result
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        var sum = 0.0
        for index in 0..<min(a.count, b.count) { sum += a[index] * b[index] }
        return sum
      }
    }
  }

  // MARK: Symmetric tridiagonal matrices

  /// The largest eigenvalue, by bisection with Sturm's sequence; at least `least`, since it grows with the matrix.
  private static func largest(_ diagonal: [Double], _ beside: [Double], from least: Double) -> Double {
    var low = max(least, diagonal.max() ?? 0)
    var high = diagonal.indices.reduce(low) { bound, index in
      let left = index > 0 ? abs(beside[index - 1]) : 0
      let right = index < beside.count ? abs(beside[index]) : 0
      return max(bound, diagonal[index] + left + right)
    }
    while high - low > 1e-15 * high {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { break }
      if isAbove(middle, diagonal, beside) { high = middle } else { low = middle }
    }
    return high
  }

  /// Whether all eigenvalues lie below a number.
  private static func isAbove(_ number: Double, _ diagonal: [Double], _ beside: [Double]) -> Bool {
    var pivot = number - diagonal[0]
    if pivot <= 0 { return false }
    for index in 1..<max(diagonal.count, 1) {
      pivot = number - diagonal[index] - beside[index - 1] * beside[index - 1] / pivot
      if pivot <= 0 { return false }
    }
    return true
  }

  /// The eigenvector of the largest eigenvalue, by the recurrence of its rows from the last to the first, which is the
  /// stable direction where it decays; of length 1.
  private static func weights(_ diagonal: [Double], _ beside: [Double], at value: Double) -> [Double] {
    let count = diagonal.count
    guard count > 1 else { return [1] }
    // Row k by row k + 1: ratios of a continued fraction, each at most of one sign.
    var ratios = [Double](repeating: 0, count: count)
    var tail = 0.0
    for index in stride(from: count - 1, to: 0, by: -1) {
      let pivot = value - diagonal[index] - tail
      let ratio = pivot > 0 ? beside[index - 1] / pivot : .infinity
      ratios[index] = ratio.isFinite ? ratio : 1e150
      tail = index > 1 ? beside[index - 1] * ratios[index] : 0
    }
    var result = [Double](repeating: 1, count: count)
    for index in 1..<count { result[index] = result[index - 1] * ratios[index] }
    let largest = result.reduce(0) { max($0, abs($1)) }
    guard largest.isFinite, largest > 0 else {
      return [Double](repeating: 1 / Double(count).squareRoot(), count: count)
    }
    let scaled = result.map { $0 / largest }
    let length = dot(scaled, scaled).squareRoot()
    return scaled.map { $0 / length }
  }
}
