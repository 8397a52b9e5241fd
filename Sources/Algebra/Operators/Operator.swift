import Glibc

/// A function that expressions may apply: one row of `OperatorTable`, from which help, notation, shapes, evaluation
/// and (by the rules that speak of it) derivatives and bounds are made.
public struct Operator: Sendable {
  /// The row's index in `OperatorTable.rows`.
  public struct ID: Hashable, Sendable { public let index: UInt16 }

  /// How the shape of the result follows from the shapes of the arguments.
  public enum ShapeRule: Sendable {
    /// The common shape of the arguments; numbers spread.
    case elementwise
    /// A vector to a vector as wide.
    case vector
    /// A vector or matrix to a number.
    case reduction
    /// A matrix to a vector, an entry for each row.
    case rows

    /// The rank of the result, where it does not depend on the arguments.
    var rank: Int? {
      switch self {
      case .elementwise: nil
      case .vector, .rows: 1
      case .reduction: 0
      }
    }
  }

  public enum Meaning: Sendable {
    case unary(@Sendable (Double) -> Double)
    case binary(@Sendable (Double, Double) -> Double)
    /// Reads a whole vector (a matrix column by column) and writes the result: as many values, one, or one for each
    /// row.
    case whole(@Sendable (UnsafeBufferPointer<Double>, UnsafeMutableBufferPointer<Double>) -> Void)
  }

  /// The canonical spelling, as printed.
  public var name: String
  /// Other spellings that are read.
  public var spellings: [String]
  public var latex: String
  public var arity: Int
  public var shape: ShapeRule
  public var meaning: Meaning
  /// One line that defines it.
  public var equation: String
  /// Its derivative in one line.
  public var derivative: String
  /// Where its values lie, by where its arguments do.
  public var bounds: RangeRule
  public var purpose: String
  /// A line that applies it, and what the prompt prints for it (a test runs them); empty for those that only
  /// derivations write.
  public var example = ""
  public var result = ""

  /// Where its values lie, as it is printed.
  public var range: String { bounds.text }
}

extension Operator {
  /// σ(z) = 1 / (1 + e^(-z)), by the branch that never overflows.
  @Sendable public static func logistic(_ z: Double) -> Double {
    if z >= 0 { return 1 / (1 + exp(-z)) }
    let small = exp(z)
    return small / (1 + small)
  }

  /// log(1 + e^z), without overflow.
  @Sendable static func softplus(_ z: Double) -> Double { z > 0 ? z + log1p(exp(-z)) : log1p(exp(z)) }

  /// p_i = e^(z_i − m) / Σ e^(z_j − m), m the largest.
  @Sendable static func softmax(_ z: UnsafeBufferPointer<Double>, _ p: UnsafeMutableBufferPointer<Double>) {
    let largest = z.max() ?? 0
    var total = 0.0
    for index in z.indices {
      p[index] = exp(z[index] - largest)
      total += p[index]
    }
    for index in z.indices { p[index] /= total }
  }

  /// z_i − m − log Σ e^(z_j − m), m the largest: the sum is at least 1.
  @Sendable static func logSoftmax(_ z: UnsafeBufferPointer<Double>, _ y: UnsafeMutableBufferPointer<Double>) {
    let largest = z.max() ?? 0
    let total = z.reduce(0) { $0 + exp($1 - largest) }
    for index in z.indices { y[index] = z[index] - largest - log(total) }
  }

  /// (z − mean) / √(variance + 1e-5), the variance over n.
  @Sendable static func layerNormalise(_ z: UnsafeBufferPointer<Double>, _ y: UnsafeMutableBufferPointer<Double>) {
    guard !z.isEmpty else { return }
    let count = Double(z.count)
    let mean = z.reduce(0, +) / count
    let variance = z.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let scale = 1 / (variance + 1e-5).squareRoot()
    for index in z.indices { y[index] = (z[index] - mean) * scale }
  }

  /// The sums of the rows of a matrix that stands column by column.
  @Sendable static func sumRows(_ z: UnsafeBufferPointer<Double>, _ y: UnsafeMutableBufferPointer<Double>) {
    for row in y.indices {
      y[row] = 0
      for index in stride(from: row, to: z.count, by: max(y.count, 1)) { y[row] += z[index] }
    }
  }

  /// 1 at the first entry that is before all others, else 0.
  @Sendable static func markFirst(
    _ z: UnsafeBufferPointer<Double>, _ y: UnsafeMutableBufferPointer<Double>, by isBefore: (Double, Double) -> Bool
  ) {
    var best = 0
    for index in z.indices {
      y[index] = 0
      if isBefore(z[index], z[best]) { best = index }
    }
    if !z.isEmpty { y[best] = 1 }
  }
}
