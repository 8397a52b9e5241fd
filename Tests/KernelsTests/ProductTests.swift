import Kernels
import XCTest

/// Packing and products together, against the definition.
final class ProductTests: XCTestCase {
  func testProductsOfOddSizes() {
    check(Float.self, tolerance: 2e-6)
    check(Double.self, tolerance: 4e-15)
  }

  private func check<Scalar: KernelScalar>(_: Scalar.Type, tolerance: Double) {
    var random = Numbers(state: 7)
    for trial in 0..<160 {
      let rows = random.whole(1...(trial % 4 == 0 ? 70 : 14))
      // Now and then a sum longer than a block, and columns beyond several panels.
      let inner = trial % 10 == 0 ? random.whole(250...600) : random.whole(trial % 7 == 0 ? 0...2 : 1...70)
      let outer = random.whole(1...(trial % 5 == 0 ? 200 : 70))
      guard rows * inner * outer < 200_000 else { continue }
      checkOne(
        Scalar.self, rows: rows, inner: inner, outer: outer, tolerance: tolerance, kind: trial % 3, random: &random)
    }
  }

  private func checkOne<Scalar: KernelScalar>(
    _: Scalar.Type, rows: Int, inner: Int, outer: Int, tolerance: Double, kind: Int, random: inout Numbers
  ) {
    let leftStride = inner + random.whole(0...9)
    let resultStride = outer + random.whole(0...9)
    let left = Guarded<Scalar>(rows * leftStride) { _ in random.real() }
    let matrix = Guarded<Scalar>(outer * inner) { _ in random.real() }
    let bias = Guarded<Scalar>(outer) { _ in random.real() }
    let result = Guarded<Scalar>(rows * resultStride) { _ in random.real() }
    let before = (0..<result.count).map { result[$0] }

    let packed = Guarded<Scalar>(Scalar.packedCount(inner: inner, outer: outer)) { _ in 0 }
    // Element (o, k) of the matrix stands at o * inner + k or at k * outer + o; and it comes in two blocks.
    let transposed = random.whole(0...1) == 1
    let (outerStride, innerStride) = transposed ? (1, outer) : (inner, 1)
    let cut = random.whole(0...outer)
    // A matrix that is not negated is turned in squares.
    let sign: Scalar = random.whole(0...1) == 1 ? 1 : -1
    for (first, count) in [(0, cut), (cut, outer - cut)] {
      Scalar.pack(
        matrix.pointer + first * outerStride, outerStride: outerStride, innerStride: innerStride, outer: count,
        inner: inner, sign: sign, into: packed.pointer, packedInner: inner, innerOffset: 0, outerOffset: first)
    }
    let start: ProductStart<Scalar> = kind == 0 ? .zero : kind == 1 ? .accumulate : .row(bias.pointer)
    Scalar.product(
      rows: rows, inner: inner, outer: outer, left: left.pointer, leftStride: leftStride, packed: packed.pointer,
      result: result.pointer, resultStride: resultStride, start: start)

    let name = "\(Scalar.self) \(rows) × \(inner) × \(outer)"
    let found = differences(result, from: before, rows: rows, columns: outer, stride: resultStride, name) { r, n in
      var sum = kind == 0 ? 0 : kind == 1 ? Double(before[r * resultStride + n]) : Double(bias[n])
      for k in 0..<inner {
        sum += Double(sign) * Double(left[r * leftStride + k]) * Double(matrix[n * outerStride + k * innerStride])
      }
      return sum
    }
    let worst = found.reduce(0) { max($0, abs($1)) } / max(1, Double(inner).squareRoot())
    XCTAssertLessThan(worst, tolerance, name)
    XCTAssertTrue(result.isIntact && packed.isIntact, "\(name): written beside a buffer")

    // A row by itself gives the same bits.
    for r in [0, rows / 2, rows - 1] {
      let alone = Guarded<Scalar>(outer) { kind == 1 ? before[r * resultStride + $0] : 0 }
      Scalar.product(
        rows: 1, inner: inner, outer: outer, left: left.pointer + r * leftStride, leftStride: leftStride,
        packed: packed.pointer, result: alone.pointer, resultStride: outer, start: start)
      for n in 0..<outer { XCTAssertEqual(alone[n], result[r * resultStride + n], "\(name): row \(r) alone") }
      XCTAssertTrue(alone.isIntact, "\(name): written beside a row")
    }
  }

  func testAPackedBlockTouchesNothingElse() {
    // A 3 × 20 block at (2, 5) of a packed 30-column matrix of inner 6.
    let source = Guarded<Float>(60) { Float($0) }
    let packed = Guarded<Float>(Float.packedCount(inner: 6, outer: 30)) { _ in -1 }
    Float.pack(
      source.pointer, outerStride: 3, innerStride: 1, outer: 20, inner: 3, sign: 1, into: packed.pointer,
      packedInner: 6, innerOffset: 2, outerOffset: 5)
    let width = Float.panelWidth
    for k in 0..<6 {
      for o in 0..<Float.packedCount(inner: 1, outer: 30) {
        let inside = (2..<5).contains(k) && (5..<25).contains(o)
        let value = packed[o / width * 6 * width + k * width + o % width]
        XCTAssertEqual(value, inside ? Float((o - 5) * 3 + k - 2) : -1, "(\(k), \(o))")
      }
    }
  }

  func testCountIncludesPadding() {
    let width = Float.panelWidth
    XCTAssertEqual(Float.packedCount(inner: 3, outer: width), 3 * width)
    XCTAssertEqual(Float.packedCount(inner: 3, outer: width + 1), 6 * width)
    XCTAssertEqual(Double.packedCount(inner: 3, outer: Double.panelWidth + 1), 6 * Double.panelWidth)
  }
}
