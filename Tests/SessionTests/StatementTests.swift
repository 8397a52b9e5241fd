import XCTest

@testable import Session

final class StatementTests: XCTestCase {
  func testFunctions() {
    replay(
      """
      > fn f(x, y) = x - y
      > f(5, 3)
      2
      > f(y: 5, x: 3)
      -2
      > fn fact(n) = if n ≤ 1 { 1 } else { n * fact(n - 1) }
      > fact(10)
      3628800
      > fn total(xs) {
      .   sum = 0
      .   for x in xs { sum = sum + x }
      .   return sum
      . }
      > total([1, 2, 3])
      6
      > sum([1, 2])
      3
      > fn outer(n) {
      .   fn inner(k) = if k == 0 { n } else { inner(k - 1) + 1 }
      .   return inner
      . }
      > g = outer(10); g(5)
      15
      > fn noreturn() { a = 1 }
      > noreturn()
      > map(fact, [3, 4])
      [6, 24]
      > σ'(0)
      0.25
      """)
  }

  func testLoops() {
    replay(
      """
      > n = 0
      > for i in 1..10 { if i == 3 { continue }; if i == 6 { break }; n = n + i }
      > n
      12
      > while n > 5 { n = n - 4 }
      > n
      4
      > for (name, value) in {a: 1, b: 2} { print("{name}: {value}") }
      a: 1
      b: 2
      > for c in "hé!" { print(c) }
      h
      é
      !
      > for row in [1, 2; 3, 4] { print(row) }
      [1, 2]
      [3, 4]
      > for t in 1..2 { print(t) }
      1
      2
      """)
  }
}
