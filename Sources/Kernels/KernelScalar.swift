/// What the kernels are made for: `Float` and `Double`.
///
/// Matrices are row-major with a stride: element (r, c) of `left` stands at `left[r * leftStride + c]`.
/// Strides and counts are numbers of elements. Nothing is checked: the caller answers for every address.
public protocol KernelScalar: BinaryFloatingPoint & Sendable {
  /// The columns of one panel of packed weights: what the tallest tile reads of a row.
  static var panelWidth: Int { get }

  /// Puts a block M of outer × inner numbers, element (o, k) at `source[o * outerStride + k * innerStride]`, times
  /// `sign`, into a packed matrix.
  ///
  /// The packed matrix holds packedInner × any number of columns, W = `panelWidth` columns side by side:
  /// element (k, o) stands at `packed[(o / W) * packedInner * W + k * W + o % W]`. The block's (o, k) becomes
  /// (k + innerOffset, o + outerOffset). Nothing else is touched: zero the padding columns once.
  static func pack(
    _ source: UnsafePointer<Self>, outerStride: Int, innerStride: Int, outer: Int, inner: Int, sign: Self,
    into packed: UnsafeMutablePointer<Self>, packedInner: Int, innerOffset: Int, outerOffset: Int)

  /// result[r, n] = Σ_k left[r, k] * packed[k, n] + start, for rows × outer elements.
  ///
  /// One accumulator an element, k in order, in blocks of 256: a row's numbers do not depend on how many rows the call has.
  /// No column of `result` from `outer` on is touched. `left` and `result` must not overlap.
  static func product(
    rows: Int, inner: Int, outer: Int, left: UnsafePointer<Self>, leftStride: Int, packed: UnsafePointer<Self>,
    result: UnsafeMutablePointer<Self>, resultStride: Int, start: ProductStart<Self>)

  /// result[m, n] = Σ_r left[r, m] * right[r, n], added to what is there if `accumulate`: the gradient of weights,
  /// summed over the rows of all times.
  static func outerProduct(
    rows: Int, left: UnsafePointer<Self>, leftStride: Int, leftCount: Int, right: UnsafePointer<Self>,
    rightStride: Int, rightCount: Int, result: UnsafeMutablePointer<Self>, resultStride: Int, accumulate: Bool)

  /// Whether the processor has a unit for products of whole tiles of this type.
  static var hasMatrixUnit: Bool { get }

  /// Whether a product of so many rows is faster on it. Weights in tiles take half as much again: where they come from
  /// beyond the second-level cache, few rows do not pay for them.
  static func isFasterTiled(rows: Int, inner: Int, outer: Int) -> Bool

  /// Whether a sum of outer products over so many rows is.
  static func isFasterTiled(rows: Int, left: Int, right: Int) -> Bool

  /// The numbers of an inner × outer matrix in tiles.
  static func tiledCount(inner: Int, outer: Int) -> Int

  /// Puts columns of a packed matrix of inner × `columns` (at most `tiledStrip`) into a matrix in tiles, from a column on
  /// that is a multiple of `tiledStrip`, from the first to the last in order.
  static func tile(
    _ strip: UnsafePointer<Self>, columns: Int, inner: Int, firstColumn: Int, into tiles: UnsafeMutablePointer<Self>)

  /// As `product`, on tiles: rounded otherwise, about as much; a row's numbers do not depend on how many rows the call
  /// has.
  ///
  /// - Parameter room: `tiledProductRoom` numbers at the begin of a line of the cache.
  static func tiledProduct(
    rows: Int, inner: Int, outer: Int, left: UnsafePointer<Self>, leftStride: Int, tiles: UnsafePointer<Self>,
    result: UnsafeMutablePointer<Self>, resultStride: Int, start: ProductStart<Self>, room: UnsafeMutablePointer<Self>)

  /// As `outerProduct`, on tiles.
  ///
  /// - Parameter room: `tiledOuterProductRoom` numbers at the begin of a line of the cache.
  static func tiledOuterProduct(
    rows: Int, left: UnsafePointer<Self>, leftStride: Int, leftCount: Int, right: UnsafePointer<Self>,
    rightStride: Int, rightCount: Int, result: UnsafeMutablePointer<Self>, resultStride: Int, accumulate: Bool,
    room: UnsafeMutablePointer<Self>)

  /// The numbers of room for a product of so many rows.
  static func tiledProductRoom(rows: Int, inner: Int) -> Int

  /// The numbers of room for a sum over so many rows.
  static func tiledOuterProductRoom(rows: Int, rightCount: Int) -> Int

  /// result[c] = Σ_r source[r, c], added to what is there if `accumulate`: the gradient of a bias.
  static func columnSums(
    rows: Int, count: Int, source: UnsafePointer<Self>, stride: Int, result: UnsafeMutablePointer<Self>,
    accumulate: Bool)

  /// Runs the instructions in order over a domain of rows × columns, tile by tile: of a time, and from a row on.
  ///
  /// - Parameters:
  ///   - functions: what `TapeOperation.function` applies, by `TapeInstruction.function`.
  ///   - scratch: room for the temporaries, `tapeScratchCount(slots:)` numbers.
  static func runTape(
    _ tape: UnsafeBufferPointer<TapeInstruction>, _ operands: UnsafeBufferPointer<TapeOperand<Self>>,
    functions: UnsafeBufferPointer<@Sendable (Double) -> Double>, scratch: UnsafeMutablePointer<Self>, time: Int,
    row: Int,
    rows: Int, columns: Int)
}

/// What a product is added to.
public enum ProductStart<Scalar> {
  case zero
  /// What `result` holds.
  case accumulate
  /// The same numbers, as many as the product has columns, for every row: a bias.
  case row(UnsafePointer<Scalar>)
}

extension KernelScalar {
  /// The numbers in a packed matrix of inner × outer, padding included.
  public static func packedCount(inner: Int, outer: Int) -> Int {
    inner * ((outer + panelWidth - 1) / panelWidth * panelWidth)
  }

  /// The columns that are put in tiles at a time: whole panels of either kind.
  public static var tiledStrip: Int { 96 }
}

// Without a matrix unit: tiles are never asked for, and would be panels.
extension KernelScalar {
  public static var hasMatrixUnit: Bool { false }
  public static func isFasterTiled(rows: Int, inner: Int, outer: Int) -> Bool { false }
  public static func isFasterTiled(rows: Int, left: Int, right: Int) -> Bool { false }
  public static func tiledCount(inner: Int, outer: Int) -> Int { packedCount(inner: inner, outer: outer) }
  public static func tile(
    _ strip: UnsafePointer<Self>, columns: Int, inner: Int, firstColumn: Int, into tiles: UnsafeMutablePointer<Self>
  ) {
    (tiles + firstColumn * inner).update(from: strip, count: packedCount(inner: inner, outer: columns))
  }
  public static func tiledProduct(
    rows: Int, inner: Int, outer: Int, left: UnsafePointer<Self>, leftStride: Int, tiles: UnsafePointer<Self>,
    result: UnsafeMutablePointer<Self>, resultStride: Int, start: ProductStart<Self>, room: UnsafeMutablePointer<Self>
  ) {
    product(
      rows: rows, inner: inner, outer: outer, left: left, leftStride: leftStride, packed: tiles, result: result,
      resultStride: resultStride, start: start)
  }
  public static func tiledOuterProduct(
    rows: Int, left: UnsafePointer<Self>, leftStride: Int, leftCount: Int, right: UnsafePointer<Self>,
    rightStride: Int, rightCount: Int, result: UnsafeMutablePointer<Self>, resultStride: Int, accumulate: Bool,
    room: UnsafeMutablePointer<Self>
  ) {
    outerProduct(
      rows: rows, left: left, leftStride: leftStride, leftCount: leftCount, right: right, rightStride: rightStride,
      rightCount: rightCount, result: result, resultStride: resultStride, accumulate: accumulate)
  }
  public static func tiledProductRoom(rows: Int, inner: Int) -> Int { 0 }
  public static func tiledOuterProductRoom(rows: Int, rightCount: Int) -> Int { 0 }
}
