// The kernels, specialised.

extension Float: KernelScalar {
  public static var panelWidth: Int { 16 }

  public static func product(
    rows: Int, inner: Int, outer: Int, left: UnsafePointer<Float>, leftStride: Int, packed: UnsafePointer<Float>,
    result: UnsafeMutablePointer<Float>, resultStride: Int, start: ProductStart<Float>
  ) {
    Product<FloatLanes>.run(
      rows: rows, inner: inner, outer: outer, left: left, leftStride: leftStride, packed: packed, result: result,
      resultStride: resultStride, start: start)
  }

  public static func runTape(
    _ tape: UnsafeBufferPointer<TapeInstruction>, _ operands: UnsafeBufferPointer<TapeOperand<Float>>,
    functions: [@Sendable (Double) -> Double], scratch: UnsafeMutablePointer<Float>, rows: Int, columns: Int
  ) {
    let runner = TapeRunner<FloatLanes>(
      tape: tape, operands: operands, functions: functions, scratch: scratch, columns: columns)
    if rows > 1, runner.isGapless {
      runner.run(rows: 1, columns: rows * columns)
    } else {
      runner.run(rows: rows, columns: columns)
    }
  }
}

extension Double: KernelScalar {
  public static var panelWidth: Int { 8 }

  public static func product(
    rows: Int, inner: Int, outer: Int, left: UnsafePointer<Double>, leftStride: Int, packed: UnsafePointer<Double>,
    result: UnsafeMutablePointer<Double>, resultStride: Int, start: ProductStart<Double>
  ) {
    Product<DoubleLanes>.run(
      rows: rows, inner: inner, outer: outer, left: left, leftStride: leftStride, packed: packed, result: result,
      resultStride: resultStride, start: start)
  }

  public static func runTape(
    _ tape: UnsafeBufferPointer<TapeInstruction>, _ operands: UnsafeBufferPointer<TapeOperand<Double>>,
    functions: [@Sendable (Double) -> Double], scratch: UnsafeMutablePointer<Double>, rows: Int, columns: Int
  ) {
    let runner = TapeRunner<DoubleLanes>(
      tape: tape, operands: operands, functions: functions, scratch: scratch, columns: columns)
    if rows > 1, runner.isGapless {
      runner.run(rows: 1, columns: rows * columns)
    } else {
      runner.run(rows: rows, columns: columns)
    }
  }
}
