import Algebra
import Kernels

/// Rows of numbers in the storage, one for each sequence: of a slot of the window, or of the step at hand.
package struct Slice: Hashable {
  /// The address of the first row's first number at slot 0.
  package var base: Int
  /// From one slot to the next; 0 for what has no time.
  package var timeStride: Int
  package var rowStride: Int
  package var count: Int
  /// There is room for a chunk of times only: slot 0 moves on with the chunks.
  package var isOfChunk = false
}

/// left · packed, added to the result.
struct ProductItem {
  enum Start {
    case zero, accumulate
    /// The address of a row of biases.
    case row(Int)
  }

  var left: Slice
  var result: Slice
  var packed: Int
  var start: Start
  /// On the matrix unit: the weights lie in tiles.
  var isTiled: Bool
}

/// A fused elementwise pass.
struct TapeItem {
  enum Place: Hashable {
    case memory(Slice, columnStride: Int)
    case temporary(Int)
  }

  var instructions: [TapeInstruction]
  var operands: [Place]
  var columns: Int
  var slots: Int
}

/// Σ left · rightᵀ over the rows, added to a matrix.
struct OuterItem {
  var left: Slice
  var right: Slice
  var result: Int
  var resultStride: Int
  var isTiled: Bool
}

/// The sum of the rows, added to a vector.
struct ColumnSumItem {
  var source: Slice
  var result: Int
}

/// A copy that is held at some times.
struct ClampItem {
  var source: Slice
  var result: Slice
  var parts: [(symbol: SymbolID, offset: Int, count: Int)]
}

/// What the plan does in a step, or for all times at once.
enum PlanItem {
  case product(ProductItem)
  case tape(TapeItem)
  case plain(Instruction)
  case time(Slice)
  case clamp(ClampItem)
  case reduce(RowReduction, source: Slice, result: Slice)
  case outer(OuterItem)
  case columnSum(ColumnSumItem)
}

/// The weights of a product, packed when parameters change.
struct PackedMatrix {
  /// Weights that stand together: row o of the source is column o of the block.
  struct Block {
    var source: Operand
    var isNegative: Bool
    var innerOffset: Int
    var outerOffset: Int
  }

  var packed: Int
  var inner: Int
  var outer: Int
  var isTiled: Bool
  var blocks: [Block] = []
}

/// A row of biases that is added up when parameters change.
struct BiasJob {
  var result: Int
  var count: Int
  var terms: [(isNegative: Bool, operand: Operand)]
}
