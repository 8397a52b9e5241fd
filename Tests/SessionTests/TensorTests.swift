import Algebra
import XCTest

@testable import Session

/// Tensors against plain loops over indices, on random asymmetric data.
final class TensorTests: XCTestCase {
  private var random = RandomStream(seed: 11)

  private func matrix(_ rows: Int, _ columns: Int) throws -> Tensor {
    Tensor(try Shape([rows, columns]), (0..<rows * columns).map { _ in random.normal() })
  }

  private func at(_ tensor: Tensor, _ row: Int, _ column: Int) -> Double {
    tensor[(tensor.rows == 1 ? 0 : row) * tensor.columns + (tensor.columns == 1 ? 0 : column)]
  }

  func testSpreading() throws {
    for (rows, columns) in [(1, 1), (1, 4), (3, 1), (3, 4), (5, 2)] {
      for (a, b) in [(rows, columns), (1, columns), (rows, 1), (1, 1)].map({ ($0, ($0.0, columns)) }) {
        guard b.0 == rows || a.0 == 1 || b.0 == 1 else { continue }
        let left = try matrix(a.0, a.1)
        let right = try matrix(rows, columns)
        let sum = try Tensor.combine(left, right, .adding, poll: {}) { $0 - 2 * $1 }
        XCTAssertEqual(sum.shape.sizes, [rows, columns])
        for i in 0..<rows {
          for j in 0..<columns { XCTAssertEqual(at(sum, i, j), at(left, i, j) - 2 * at(right, i, j)) }
        }
      }
    }
    let scaled = try Tensor.combine(
      Tensor(vector: [2, 3]), Tensor(try Shape([2, 3]), [1, 2, 3, 4, 5, 6]), .scaling, poll: {}, *)
    XCTAssertEqual(scaled.numbers, [2, 4, 6, 12, 15, 18])
  }

  func testProducts() throws {
    for (n, m, k) in [(1, 1, 1), (2, 3, 4), (4, 1, 3), (1, 5, 1), (7, 6, 5)] {
      let a = try matrix(n, m)
      let b = try matrix(m, k)
      guard case .tensor(let product) = try Tensor.product(a, b, poll: {}) else { return XCTFail("no matrix") }
      XCTAssertEqual(product.shape.sizes, [n, k])
      for i in 0..<n {
        for j in 0..<k {
          let expected = (0..<m).reduce(0) { $0 + a[i * m + $1] * b[$1 * k + j] }
          XCTAssertEqual(product[i * k + j], expected, accuracy: 1e-14)
        }
      }
      let back = try a.transposed().transposed()
      XCTAssertEqual(back, a)
      for i in 0..<n { for j in 0..<m { XCTAssertEqual(try a.transposed()[j * n + i], a[i * m + j]) } }
    }
  }

  func testSolving() throws {
    for n in [1, 2, 5, 12] {
      let a = try matrix(n, n)
      let b = try matrix(n, 3)
      let factors = try Matrices.Factors(a, poll: {})
      let x = try factors.solve(b, poll: {})
      guard case .tensor(let again) = try Tensor.product(a, x, poll: {}) else { return XCTFail("no matrix") }
      for offset in 0..<b.count { XCTAssertEqual(again[offset], b[offset], accuracy: 1e-10) }
    }
    let known = Tensor(try Shape([3, 3]), [0, 2, 1, 3, 0, 4, 1, 5, 0])
    XCTAssertEqual(try Matrices.Factors(known, poll: {}).determinant, 23, accuracy: 1e-12)
  }

  func testReductions() throws {
    let batch = Tensor(try Shape([2, 3, 4]), (0..<24).map { Double($0 * $0 % 17) })
    for axes in [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]] {
      let sum = try batch.reduced(over: Set(axes), poll: {}, Statistics.sum(_:_:))
      XCTAssertEqual(sum.shape.sizes, (0..<3).map { axes.contains($0) ? 1 : [2, 3, 4][$0] })
      XCTAssertEqual(Statistics.sum(sum.numbers), Statistics.sum(batch.numbers))
    }
    XCTAssertEqual(try batch.reduced(over: [0], poll: {}, Statistics.sum(_:_:)).numbers[5], batch[5] + batch[17])
    XCTAssertEqual(
      try batch.reduced(over: [2], poll: {}, Statistics.sum(_:_:)).numbers[4], (16..<20).reduce(0) { $0 + batch[$1] })
    // Compensated: plain summing in order loses the ones.
    XCTAssertEqual(Statistics.sum([1e16, 1, 1, -1e16]), 2)
  }

  /// Copies share their numbers until one is written.
  func testValues() throws {
    let a = Tensor(vector: [1, 2, 3])
    var b = a
    b[1] = 7
    XCTAssertEqual(a.numbers, [1, 2, 3])
    XCTAssertEqual(b.numbers, [1, 7, 3])
  }

  func testRandomNumbers() throws {
    var stream = RandomStream(seed: 3)
    var again = RandomStream(seed: 3)
    var other = RandomStream(seed: 4)
    let first = (0..<100).map { _ in stream.uniform() }
    XCTAssertEqual(first, (0..<100).map { _ in again.uniform() })
    XCTAssertNotEqual(first, (0..<100).map { _ in other.uniform() })
    let uniform = (0..<200_000).map { _ in stream.uniform() }
    XCTAssertEqual(Statistics.mean(uniform, {}), 0.5, accuracy: 0.005)
    XCTAssertEqual(try Statistics.variance(uniform, {}), 1.0 / 12, accuracy: 0.002)
    XCTAssertTrue(uniform.allSatisfy { $0 >= 0 && $0 < 1 })
    let normal = (0..<200_000).map { _ in stream.normal() }
    XCTAssertEqual(Statistics.mean(normal, {}), 0, accuracy: 0.02)
    XCTAssertEqual(try Statistics.deviation(normal, {}), 1, accuracy: 0.02)
    var counts = [Int](repeating: 0, count: 6)
    for _ in 0..<60_000 { counts[Int(stream.below(6))] += 1 }
    for count in counts { XCTAssertEqual(Double(count), 10_000, accuracy: 500) }
    XCTAssertEqual(stream.permutation(50).sorted(), Array(0..<50))
  }
}
