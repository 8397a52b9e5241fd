import Kernels
import XCTest

/// Shapes at which the products change their ways: several blocks of the sum, a packed left side, weights beyond the
/// second-level cache. Some of the elements are compared.
final class LargeShapeTests: XCTestCase {
  func testProducts() {
    for (rows, inner, outer, leftStride) in [(25, 300, 530, 600), (200, 270, 520, 280), (20, 1030, 540, 1030)] {
      checkProduct(Float.self, rows, inner, outer, leftStride, tolerance: 2e-6)
      checkProduct(Double.self, rows, inner, outer, leftStride, tolerance: 4e-15)
    }
  }

  private func checkProduct<Scalar: KernelScalar>(
    _: Scalar.Type, _ rows: Int, _ inner: Int, _ outer: Int, _ leftStride: Int, tolerance: Double
  ) {
    var random = Numbers(state: 51)
    let left = Guarded<Scalar>(rows * leftStride) { _ in random.real() }
    let matrix = Guarded<Scalar>(outer * inner) { _ in random.real() }
    let bias = Guarded<Scalar>(outer) { _ in random.real() }
    let packed = Guarded<Scalar>(Scalar.packedCount(inner: inner, outer: outer)) { _ in 0 }
    let result = Guarded<Scalar>(rows * outer) { _ in .nan }
    Scalar.pack(
      matrix.pointer, outerStride: inner, innerStride: 1, outer: outer, inner: inner, sign: 1, into: packed.pointer,
      packedInner: inner, innerOffset: 0, outerOffset: 0)
    Scalar.product(
      rows: rows, inner: inner, outer: outer, left: left.pointer, leftStride: leftStride, packed: packed.pointer,
      result: result.pointer, resultStride: outer, start: .row(bias.pointer))
    XCTAssertTrue(result.isIntact)
    for row in 0..<rows {
      for column in stride(from: row % 13, to: outer, by: 37) {
        var sum = Double(bias[column])
        for k in 0..<inner { sum += Double(left[row * leftStride + k]) * Double(matrix[column * inner + k]) }
        XCTAssertEqual(
          Double(result[row * outer + column]), sum, accuracy: tolerance * Double(inner).squareRoot(),
          "\(Scalar.self) \(rows) × \(inner) × \(outer) at (\(row), \(column))")
      }
    }
    // A row alone, and some rows, give the same bits.
    for (first, count) in [(0, 1), (rows / 2, 1), (rows - 1, 1), (3, 4), (5, 9)] {
      let some = Guarded<Scalar>(count * outer) { _ in .nan }
      Scalar.product(
        rows: count, inner: inner, outer: outer, left: left.pointer + first * leftStride, leftStride: leftStride,
        packed: packed.pointer, result: some.pointer, resultStride: outer, start: .row(bias.pointer))
      let isSame = (0..<count * outer).allSatisfy { some[$0] == result[first * outer + $0] }
      XCTAssertTrue(isSame && some.isIntact, "\(Scalar.self): rows \(first) to \(first + count - 1) by themselves")
    }
  }

  func testOuterProducts() {
    for (rows, m, n) in [(300, 530, 70), (20, 515, 520), (257, 1, 65)] {
      checkOuterProduct(Float.self, rows, m, n, tolerance: 2e-6)
      checkOuterProduct(Double.self, rows, m, n, tolerance: 4e-15)
    }
  }

  private func checkOuterProduct<Scalar: KernelScalar>(
    _: Scalar.Type, _ rows: Int, _ m: Int, _ n: Int, tolerance: Double
  ) {
    var random = Numbers(state: 61)
    let leftStride = max(m, 520)
    let left = Guarded<Scalar>(rows * leftStride) { _ in random.real() }
    let right = Guarded<Scalar>(rows * n) { _ in random.real() }
    let result = Guarded<Scalar>(m * n) { _ in 2 }
    Scalar.outerProduct(
      rows: rows, left: left.pointer, leftStride: leftStride, leftCount: m, right: right.pointer, rightStride: n,
      rightCount: n, result: result.pointer, resultStride: n, accumulate: true)
    XCTAssertTrue(result.isIntact)
    for i in 0..<m {
      for j in stride(from: i % 11, to: n, by: 23) {
        var sum = 2.0
        for row in 0..<rows { sum += Double(left[row * leftStride + i]) * Double(right[row * n + j]) }
        XCTAssertEqual(
          Double(result[i * n + j]), sum, accuracy: tolerance * Double(rows).squareRoot(),
          "\(Scalar.self) \(rows): \(m) × \(n) at (\(i), \(j))")
      }
    }
  }
}
