import Algebra
import XCTest

/// What is a number, a vector, a matrix, where the first equations say little.
final class RankTests: XCTestCase {
  func testRanks() throws {
    let cases: [(cell: String, sides: [String: [Int]])] = [
      // The 1 must not make a number of h before W · x makes a vector of it.
      ("h[t] = (1 - z[t]) * h[t-1] + z[t]; z[t] = σ(U · h[t-1] + W · x[t] + b)", ["z": [3], "U": [3, 3], "b": [3]]),
      ("h[t] = tanh(U · h[t-1] + W · x[t])", ["U": [3, 3], "W": [3, 2]]),
      // Only numbers: a number.
      ("n[t] = n[t-1] + 1; h[t] = W · x[t] / n[t]", ["n": [], "W": [3, 2]]),
      // Nothing but itself: a vector.
      ("s[t] = s[t-1]; h[t] = W · x[t] + s[t]", ["s": [3]]),
      ("h[t] = W · x[t] + s[t]; s[t] = tanh(s[t-1])", ["s": [3]]),
    ]
    for (body, sides) in cases {
      let net = try LibraryRunner.net("cell C(x) -> h { \(body) }", widths: ["x": 2, "h": 3])
      for (name, expected) in sides {
        XCTAssertEqual(net.sides(try LibraryRunner.symbol(name, in: net)), expected, "\(name) in \(body)")
      }
    }
  }
}
