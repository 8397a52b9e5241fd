import Algebra
import Kernels

/// A value as an operation reads it: `shift` steps from now, from `offset` on `count` of its numbers (a split gives
/// only some rows).
struct Reading: Hashable {
  var value: Int
  var shift = 0
  var offset = 0
  var count: Int

  /// The same, `steps` later.
  func shifted(by steps: Int) -> Reading {
    var result = self
    result.shift += steps
    return result
  }
}

/// What an elementwise operation reads: a number of the equation, something that does not vary with time, or a value.
/// One number is spread over all.
enum Factor {
  case number(Double)
  case lasting(Operand)
  case value(Reading)
}

/// An elementwise operation. Sums and products keep all their terms and factors, so that the tape can fuse them.
enum ElementwiseForm {
  case sum([(isNegative: Bool, factor: Factor)])
  case product([Factor])
  case quotient(Factor, Factor)
  case power(Factor, whole: Int)
  case unary(Operator.ID, Factor)
  case binary(Operator.ID, Factor, Factor)
  case copy(Factor)

  var factors: [Factor] {
    switch self {
    case .sum(let terms): terms.map(\.factor)
    case .product(let factors): factors
    case .quotient(let a, let b), .binary(_, let a, let b): [a, b]
    case .power(let a, _), .unary(_, let a), .copy(let a): [a]
    }
  }
}

/// A value that varies with time, and the one operation that computes it.
struct PlanValue {
  enum Operation {
    /// Written from outside.
    case input
    case elementwise(ElementwiseForm)
    /// Biases, to which products (their indices) are added one after another, in place.
    case affine(products: [Int], biases: [(isNegative: Bool, operand: Operand)])
    /// A matrix that does not vary with time, times a vector: added to the affine value `target`.
    case product(matrix: Operand, operand: Reading, isNegative: Bool, target: Int)
    /// Whatever else: by the plain evaluator's instruction.
    case plain(NodeID, operands: [(node: NodeID, source: TimedSource)])
    /// An operand spread to more rows or columns, or transposed: by a plain copy.
    case spread(TimedSource)
    /// The numbers of a vector (or matrix) as one number.
    case reduce(RowReduction, Reading)
    /// A copy that is held at some times.
    case clamped(Reading, parts: [(symbol: SymbolID, offset: Int, count: Int)])
    /// The time as a number.
    case time
    /// Summed over all times and sequences: outer products of vectors, or the value itself.
    case total(NodeID, TotalForm)
  }

  var operation: Operation
  var rows: Int
  var columns: Int
  /// So cheap that whatever reads it computes it itself (`1 - z`).
  var isInline = false
  /// What a variable is called after: it is rounded to a number of its own, whoever reads it.
  var isVariable = false

  var count: Int { rows * columns }

  init(_ operation: Operation, rows: Int, columns: Int) {
    self.operation = operation
    self.rows = rows
    self.columns = columns
  }

  /// What it reads, as written.
  var readings: [Reading] {
    switch operation {
    case .input, .time: []
    case .elementwise(let form):
      form.factors.compactMap { if case .value(let reading) = $0 { reading } else { nil } }
    case .affine(let products, _): products.map { Reading(value: $0, count: count) }
    case .product(_, let operand, _, _): [operand]
    case .plain(_, let operands): operands.map(\.source.reading)
    case .spread(let source): [source.reading]
    case .clamped(let reading, _), .reduce(_, let reading): [reading]
    case .total(_, .outer(let terms)): terms.flatMap { [$0.left, $0.right] }
    case .total(_, .sum(let reading)): [reading]
    }
  }
}

/// A value as a matrix: as it lies, or with rows and columns exchanged.
struct TimedSource {
  var reading: Reading
  var rows: Int
  var columns: Int
  var isTransposed = false
}

/// How a sum over all times is computed.
enum TotalForm {
  /// Σ left · rightᵀ, each into the columns of the result from `column` on.
  case outer([(left: Reading, right: Reading, column: Int)])
  case sum(Reading)
}

/// Why a recurrence has no plan; the plain evaluator runs it.
struct PlanFailure: Error {
  var node: NodeID?
}
