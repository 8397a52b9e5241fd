/// What the numbers of a row become one number by.
public enum RowReduction: Sendable {
  case sum
  /// NaN if one is.
  case largest, smallest
}

extension KernelScalar {
  /// result[r] = source[r, 0] ∘ source[r, 1] ∘ ..., for each row.
  ///
  /// Eight running values side by side, joined in pairs at the end: the same order whatever the rows.
  @_specialize(where Self == Float)
  @_specialize(where Self == Double)
  public static func reduceRows(
    _ reduction: RowReduction, rows: Int, columns: Int, source: UnsafePointer<Self>, stride: Int,
    result: UnsafeMutablePointer<Self>, resultStride: Int
  ) {
    switch reduction {
    case .sum: reduce(rows, columns, source, stride, result, resultStride, start: 0) { $0 + $1 }
    case .largest:
      reduce(rows, columns, source, stride, result, resultStride, start: -.infinity) { $1 > $0 || $1 != $1 ? $1 : $0 }
    case .smallest:
      reduce(rows, columns, source, stride, result, resultStride, start: .infinity) { $1 < $0 || $1 != $1 ? $1 : $0 }
    }
  }

  @inline(__always)
  private static func reduce(
    _ rows: Int, _ columns: Int, _ source: UnsafePointer<Self>, _ stride: Int, _ result: UnsafeMutablePointer<Self>,
    _ resultStride: Int, start: Self, _ join: (Self, Self) -> Self
  ) {
    for row in 0..<rows {
      let from = source + row * stride
      var (a, b, c, d) = (start, start, start, start)
      var (e, f, g, h) = (start, start, start, start)
      var column = 0
      while column + 8 <= columns {
        a = join(a, from[column])
        b = join(b, from[column + 1])
        c = join(c, from[column + 2])
        d = join(d, from[column + 3])
        e = join(e, from[column + 4])
        f = join(f, from[column + 5])
        g = join(g, from[column + 6])
        h = join(h, from[column + 7])
        column += 8
      }
      while column < columns {
        a = join(a, from[column])
        column += 1
      }
      result[row * resultStride] = join(join(join(a, b), join(c, d)), join(join(e, f), join(g, h)))
    }
  }
}
