extension KernelScalar {
  public static func pack(
    _ source: UnsafePointer<Self>, outerStride: Int, innerStride: Int, outer: Int, inner: Int, sign: Self,
    into packed: UnsafeMutablePointer<Self>, packedInner: Int, innerOffset: Int, outerOffset: Int
  ) {
    let width = panelWidth
    for o in 0..<outer {
      let column = o + outerOffset
      let panel = packed + (column / width) * packedInner * width + innerOffset * width + column % width
      for k in 0..<inner { panel[k * width] = sign * source[o * outerStride + k * innerStride] }
    }
  }

  public static func outerProduct(
    rows: Int, left: UnsafePointer<Self>, leftStride: Int, leftCount: Int, right: UnsafePointer<Self>,
    rightStride: Int, rightCount: Int, result: UnsafeMutablePointer<Self>, resultStride: Int, accumulate: Bool
  ) {
    for m in 0..<leftCount {
      for n in 0..<rightCount {
        var sum = accumulate ? result[m * resultStride + n] : 0
        for r in 0..<rows { sum.addProduct(left[r * leftStride + m], right[r * rightStride + n]) }
        result[m * resultStride + n] = sum
      }
    }
  }

  public static func columnSums(
    rows: Int, count: Int, source: UnsafePointer<Self>, stride: Int, result: UnsafeMutablePointer<Self>,
    accumulate: Bool
  ) {
    for c in 0..<count {
      var sum = accumulate ? result[c] : 0
      for r in 0..<rows { sum += source[r * stride + c] }
      result[c] = sum
    }
  }
}
