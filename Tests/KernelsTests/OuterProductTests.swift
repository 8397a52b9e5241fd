import Kernels
import XCTest

final class OuterProductTests: XCTestCase {
  func testSumsOverRows() {
    check(Float.self, tolerance: 2e-6)
    check(Double.self, tolerance: 4e-15)
  }

  private func check<Scalar: KernelScalar>(_: Scalar.Type, tolerance: Double) {
    var random = Numbers(state: 11)
    for trial in 0..<120 {
      let rows = trial % 8 == 0 ? random.whole(250...600) : random.whole(0...70)
      // Now and then a side of one or two columns.
      let m = random.whole(1...(trial % 5 == 0 ? 120 : trial % 9 == 1 ? 2 : 40))
      let n = random.whole(1...(trial % 9 == 2 ? 2 : 40))
      guard rows * m * n < 200_000 else { continue }
      let (leftStride, rightStride) = (m + random.whole(0...9), n + random.whole(0...9))
      let resultStride = n + random.whole(0...9)
      let accumulate = trial % 2 == 1
      let left = Guarded<Scalar>(rows * leftStride) { _ in random.real() }
      let right = Guarded<Scalar>(rows * rightStride) { _ in random.real() }
      let result = Guarded<Scalar>(m * resultStride) { _ in random.real() }
      let before = (0..<result.count).map { result[$0] }
      Scalar.outerProduct(
        rows: rows, left: left.pointer, leftStride: leftStride, leftCount: m, right: right.pointer,
        rightStride: rightStride, rightCount: n, result: result.pointer, resultStride: resultStride,
        accumulate: accumulate)
      let name = "\(Scalar.self) Σ over \(rows) of \(m) × \(n)"
      var worst = 0.0
      for i in 0..<m {
        for j in 0..<resultStride {
          let old = before[i * resultStride + j]
          guard j < n else {
            XCTAssertEqual(result[i * resultStride + j], old, "\(name): beyond the columns")
            continue
          }
          var sum = accumulate ? Double(old) : 0
          for r in 0..<rows { sum += Double(left[r * leftStride + i]) * Double(right[r * rightStride + j]) }
          worst = max(worst, abs(sum - Double(result[i * resultStride + j])) / max(1, Double(rows).squareRoot()))
        }
      }
      XCTAssertLessThan(worst, tolerance, name)
      XCTAssertTrue(result.isIntact, "\(name): written beside the result")

      // A row of the result by itself, as a part of the work has it, is the same bits.
      for i in [0, m / 2, m - 1] {
        let alone = Guarded<Scalar>(n) { before[i * resultStride + $0] }
        Scalar.outerProduct(
          rows: rows, left: left.pointer + i, leftStride: leftStride, leftCount: 1, right: right.pointer,
          rightStride: rightStride, rightCount: n, result: alone.pointer, resultStride: n, accumulate: accumulate)
        for j in 0..<n { XCTAssertEqual(alone[j], result[i * resultStride + j], "\(name): row \(i) alone") }
        XCTAssertTrue(alone.isIntact, "\(name): written beside a row")
      }
    }
  }

  func testColumnSums() {
    checkSums(Float.self, tolerance: 2e-6)
    checkSums(Double.self, tolerance: 4e-15)
  }

  private func checkSums<Scalar: KernelScalar>(_: Scalar.Type, tolerance: Double) {
    var random = Numbers(state: 3)
    for trial in 0..<60 {
      let (rows, count) = (random.whole(0...70), random.whole(1...70))
      let stride = count + random.whole(0...5)
      let source = Guarded<Scalar>(rows * stride) { _ in random.real() }
      let result = Guarded<Scalar>(count) { _ in random.real() }
      let before = (0..<count).map { result[$0] }
      let accumulate = trial % 2 == 1
      Scalar.columnSums(
        rows: rows, count: count, source: source.pointer, stride: stride, result: result.pointer,
        accumulate: accumulate)
      for c in 0..<count {
        var sum = accumulate ? Double(before[c]) : 0
        for r in 0..<rows { sum += Double(source[r * stride + c]) }
        XCTAssertEqual(Double(result[c]), sum, accuracy: tolerance * max(1, Double(rows).squareRoot()))
      }
      XCTAssertTrue(result.isIntact)
    }
  }
}
