import XCTest

@testable import Session

final class ValueTests: XCTestCase {
  /// Frames of the interpreter hold many values, and functions may call themselves 1,000 times: large payloads belong
  /// in classes.
  func testValuesAreSmall() { XCTAssertLessThanOrEqual(MemoryLayout<Value>.size, 49) }

  func testNumbers() {
    replay(
      """
      > 1 / 3
      0.33333
      > 2^10
      1024
      > 1e-9
      1e-9
      > 123456.7
      1.2346e5
      > 1115394
      1115394
      > 0.1 + 0.2 == 0.3
      false
      > digits(0.1 + 0.2, 17)
      "0.30000000000000004"
      > 1 / 0
      ∞
      > -1 / 0
      -∞
      > 0 / 0
      NaN
      > -2^2
      -4
      > 2^3^2
      512
      > _ + 1
      513
      > x = 5;
      > x
      5
      > x;
      > (1, "a", true, nothing)
      (1, "a", true, nothing)
      > {lr: 0.1, steps: 20}
      {lr: 0.1, steps: 20}
      > 1..5
      1..5
      > "a{1 + 1}b{[1, 2]}"
      "a2b[1, 2]"
      > 0 < 0.5 ≤ 1
      true
      > [0, 1, 2] < 1.5
      [1, 1, 0]
      > not (1 < 2 and 2 < 1)
      true
      """)
  }

  func testBrackets() {
    replay(
      """
      > [1, 2, 3]
      [1, 2, 3]
      > u = [1, 2]; v = [3, 4];
      > [u, v]
      [1, 2, 3, 4]
      > [u; v]
      [1, 2; 3, 4]
      > [1, 2; 3, 4]
      [1, 2; 3, 4]
      > [[1, 2], [3, 4]]
      [1, 2; 3, 4]
      > [[1.1117]]
      [[1.1117]]
      > [0.5; 0.75]
      [0.5; 0.75]
      > [[1, 2; 3, 4], [5, 6; 7, 8]]
      [[1, 2; 3, 4], [5, 6; 7, 8]]
      > [1..3, 9]
      [1, 2, 3, 9]
      > M = [1, 2; 3, 4];
      > [M, u]
      [1, 2, 1; 3, 4, 2]
      > [M; u]
      [1, 2; 3, 4; 1, 2]
      > [ ]
      []
      """)
  }

  func testProductsAndSpreading() {
    replay(
      """
      > M = [1, 2, 3; 4, 5, 6]; u = [10, 100]; v = [1, 2, 3];
      > M · v
      [14, 32]
      > u · [1, 2]
      210
      > u · vᵀ
      [10, 20, 30; 100, 200, 300]
      > u * M
      [10, 20, 30; 400, 500, 600]
      > M * u
      [10, 20, 30; 400, 500, 600]
      > M * vᵀ
      [1, 4, 9; 4, 10, 18]
      > M - mean(M, over: 1)
      [-1.5, -1.5, -1.5; 1.5, 1.5, 1.5]
      > M + 1
      [2, 3, 4; 5, 6, 7]
      > Mᵀ
      [1, 4; 2, 5; 3, 6]
      > vᵀ
      [[1, 2, 3]]
      > diag(u) · M == u * M
      true
      > v^2
      [1, 4, 9]
      > 2 * (1..3)
      [2, 4, 6]
      > M · v * 2
      [28, 64]
      """)
  }

  func testIndices() {
    replay(
      """
      > a = [10, 20, 30, 40, 50];
      > a[2]
      20
      > a[2..4]
      [20, 30, 40]
      > a[end]
      50
      > a[end - 1]
      40
      > a[[1, 3]]
      [10, 30]
      > a[6..5]
      []
      > M = [1, 2, 3; 4, 5, 6];
      > M[2, 1]
      4
      > M[1, :]
      [1, 2, 3]
      > M[:, 2]
      [2, 5]
      > M[:, 2..3]
      [2, 3; 5, 6]
      > M[2]
      [4, 5, 6]
      > a[a[1] / 5]
      20
      > a[2] = 0
      > a[3..5] = [1, 2, 3]
      > a
      [10, 0, 1, 2, 3]
      > b = a
      > b[1..3] = 7; b
      [7, 7, 7, 2, 3]
      > a
      [10, 0, 1, 2, 3]
      > M[1, :] = 0; M
      [0, 0, 0; 4, 5, 6]
      > r = {a: 1}
      > r.b = (1, 2); r.b[2] = {c: 5}; r.b[2].c = 6; r
      {a: 1, b: (1, {c: 6})}
      > (p, q) = (1, 2); (p, q) = (q, p); (p, q)
      (2, 1)
      > "abc"[2]
      "b"
      """)
  }
}
