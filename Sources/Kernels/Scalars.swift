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
}
