// The kernels, specialised.

extension Float: KernelScalar {
  public static var panelWidth: Int { hasManyRegisters ? 48 : 16 }

  public static func product(
    rows: Int, inner: Int, outer: Int, left: UnsafePointer<Float>, leftStride: Int, packed: UnsafePointer<Float>,
    result: UnsafeMutablePointer<Float>, resultStride: Int, start: ProductStart<Float>
  ) {
    Product<FloatLanes>.run(
      rows: rows, inner: inner, outer: outer, left: left, leftStride: leftStride, packed: packed, result: result,
      resultStride: resultStride, start: start)
  }

  public static func pack(
    _ source: UnsafePointer<Float>, outerStride: Int, innerStride: Int, outer: Int, inner: Int, sign: Float,
    into packed: UnsafeMutablePointer<Float>, packedInner: Int, innerOffset: Int, outerOffset: Int
  ) {
    Packing<FloatLanes>.run(
      source, outerStride: outerStride, innerStride: innerStride, outer: outer, inner: inner, sign: sign, into: packed,
      packedInner: packedInner, innerOffset: innerOffset, outerOffset: outerOffset)
  }

  public static func outerProduct(
    rows: Int, left: UnsafePointer<Float>, leftStride: Int, leftCount: Int, right: UnsafePointer<Float>,
    rightStride: Int, rightCount: Int, result: UnsafeMutablePointer<Float>, resultStride: Int, accumulate: Bool
  ) {
    OuterProduct<FloatLanes>.run(
      rows: rows, left: left, leftStride: leftStride, leftCount: leftCount, right: right, rightStride: rightStride,
      rightCount: rightCount, result: result, resultStride: resultStride, accumulate: accumulate)
  }

  public static func columnSums(
    rows: Int, count: Int, source: UnsafePointer<Float>, stride: Int, result: UnsafeMutablePointer<Float>,
    accumulate: Bool
  ) {
    ColumnSums<FloatLanes>.run(
      rows: rows, count: count, source: source, stride: stride, result: result, accumulate: accumulate)
  }

  public static func runTape(
    _ tape: UnsafeBufferPointer<TapeInstruction>, _ operands: UnsafeBufferPointer<TapeOperand<Float>>,
    functions: UnsafeBufferPointer<@Sendable (Double) -> Double>, scratch: UnsafeMutablePointer<Float>, time: Int,
    row: Int, rows: Int, columns: Int
  ) {
    let runner = TapeRunner<FloatLanes>(
      tape: tape, operands: operands, functions: functions, scratch: scratch, columns: columns, time: time,
      firstRow: row)
    runner.run(rows: rows, columns: columns)
  }
}

extension Double: KernelScalar {
  public static var panelWidth: Int { hasManyRegisters ? 24 : 8 }

  public static func product(
    rows: Int, inner: Int, outer: Int, left: UnsafePointer<Double>, leftStride: Int, packed: UnsafePointer<Double>,
    result: UnsafeMutablePointer<Double>, resultStride: Int, start: ProductStart<Double>
  ) {
    Product<DoubleLanes>.run(
      rows: rows, inner: inner, outer: outer, left: left, leftStride: leftStride, packed: packed, result: result,
      resultStride: resultStride, start: start)
  }

  public static func pack(
    _ source: UnsafePointer<Double>, outerStride: Int, innerStride: Int, outer: Int, inner: Int, sign: Double,
    into packed: UnsafeMutablePointer<Double>, packedInner: Int, innerOffset: Int, outerOffset: Int
  ) {
    Packing<DoubleLanes>.run(
      source, outerStride: outerStride, innerStride: innerStride, outer: outer, inner: inner, sign: sign, into: packed,
      packedInner: packedInner, innerOffset: innerOffset, outerOffset: outerOffset)
  }

  public static func outerProduct(
    rows: Int, left: UnsafePointer<Double>, leftStride: Int, leftCount: Int, right: UnsafePointer<Double>,
    rightStride: Int, rightCount: Int, result: UnsafeMutablePointer<Double>, resultStride: Int, accumulate: Bool
  ) {
    OuterProduct<DoubleLanes>.run(
      rows: rows, left: left, leftStride: leftStride, leftCount: leftCount, right: right, rightStride: rightStride,
      rightCount: rightCount, result: result, resultStride: resultStride, accumulate: accumulate)
  }

  public static func columnSums(
    rows: Int, count: Int, source: UnsafePointer<Double>, stride: Int, result: UnsafeMutablePointer<Double>,
    accumulate: Bool
  ) {
    ColumnSums<DoubleLanes>.run(
      rows: rows, count: count, source: source, stride: stride, result: result, accumulate: accumulate)
  }

  public static func runTape(
    _ tape: UnsafeBufferPointer<TapeInstruction>, _ operands: UnsafeBufferPointer<TapeOperand<Double>>,
    functions: UnsafeBufferPointer<@Sendable (Double) -> Double>, scratch: UnsafeMutablePointer<Double>, time: Int,
    row: Int, rows: Int, columns: Int
  ) {
    let runner = TapeRunner<DoubleLanes>(
      tape: tape, operands: operands, functions: functions, scratch: scratch, columns: columns, time: time,
      firstRow: row)
    runner.run(rows: rows, columns: columns)
  }
}
