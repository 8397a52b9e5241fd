import XCTest

@testable import Typography

final class NumberTextTests: XCTestCase {
  func testSignificant() {
    let cases: [(Double, String)] = [
      (0, "0"), (-0.0, "0"), (1, "1"), (-7, "-7"), (1957, "1957"), (1_115_394, "1115394"), (1e14, "100000000000000"),
      (1e15, "1e15"), (-1e20, "-1e20"), (0.1 + 0.2, "0.3"), (1 / 3, "0.33333"), (2 / 3, "0.66667"), (141.7, "141.7"),
      (29.2841, "29.284"), (137.8512, "137.85"), (99999.4, "99999"), (99999.7, "1e5"), (123456.7, "1.2346e5"),
      (0.001, "0.001"), (0.00012345678, "0.00012346"), (0.000012345678, "1.2346e-5"), (1e-9, "1e-9"),
      (1.5e300, "1.5e300"), (.leastNonzeroMagnitude, "4.9407e-324"), (.infinity, "∞"), (-.infinity, "-∞"),
      (.nan, "NaN"),
      (-2.5, "-2.5"),
      (1.00001, "1"), (9.99999, "10"),
    ]
    for (number, text) in cases { XCTAssertEqual(NumberText.significant(number), text) }
    XCTAssertEqual(NumberText.significant(.pi, digits: 1), "3")
    XCTAssertEqual(NumberText.significant(.pi, digits: 10), "3.141592654")
    XCTAssertEqual(NumberText.significant(.pi, digits: -5), "3")
  }

  /// With all digits a number reads back as itself.
  func testShortest() {
    var bits: UInt64 = 1
    for _ in 0..<20_000 {
      bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let number = Double(bitPattern: bits)
      guard number.isFinite else { continue }
      let text = NumberText.shortest(number)
      XCTAssertEqual(Double(text), number, text)
      XCTAssertEqual(Double(NumberText.significant(number, digits: 17)), number)
      guard let rounded = Double(NumberText.significant(number)), number.magnitude > 1e-300 else { continue }
      XCTAssertEqual(rounded, number, accuracy: number.magnitude * 0.50001e-4)
    }
  }
}
