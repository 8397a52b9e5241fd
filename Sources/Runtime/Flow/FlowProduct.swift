import Algebra
import Kernels

/// Products of Float64 matrices by the kernels, row by row at their border.
enum FlowProduct {
  /// The right side of a product, packed once for several left sides.
  final class Right {
    let inner: Int
    let outer: Int
    private let packed: UnsafeMutableBufferPointer<Double>

    init(_ values: [Double], inner: Int, outer: Int) {
      self.inner = inner
      self.outer = outer
      packed = .allocate(capacity: max(Double.packedCount(inner: inner, outer: outer), 1))
      packed.initialize(repeating: 0)
      guard values.count == inner * outer, let base = packed.baseAddress else { return }
      values.withUnsafeBufferPointer { source in
        guard let source = source.baseAddress else { return }
        Double.pack(
          source, outerStride: 1, innerStride: outer, outer: outer, inner: inner, sign: 1, into: base,
          packedInner: inner, innerOffset: 0, outerOffset: 0)
      }
    }

    deinit { packed.deallocate() }

    /// result + left · right; `left` has rows × inner numbers, `result` rows × outer.
    func add(_ left: [Double], rows: Int, to result: inout [Double]) {
      guard left.count == rows * inner, result.count == rows * outer, let base = packed.baseAddress else { return }
      left.withUnsafeBufferPointer { left in
        result.withUnsafeMutableBufferPointer { result in
          guard let left = left.baseAddress, let result = result.baseAddress else { return }
          Double.product(
            rows: rows, inner: inner, outer: outer, left: left, leftStride: inner, packed: base, result: result,
            resultStride: outer, start: .accumulate)
        }
      }
    }
  }

  static func product(_ a: Matrix, _ b: Matrix) -> Matrix {
    var result = [Double](repeating: 0, count: a.rows * b.columns)
    Right(b.values, inner: b.rows, outer: b.columns).add(a.values, rows: a.rows, to: &result)
    return Matrix(rows: a.rows, columns: b.columns, values: result)
  }
}
