import XCTest

@testable import Algebra

final class DecimalTests: XCTestCase {
  func testNumeralsReadAndPrintTheSame() {
    let cases: [(numeral: String, printed: String, value: Double)] = [
      ("3", "3", 3), ("0.5", "0.5", 0.5), (".5", "0.5", 0.5), ("1e-3", "0.001", 0.001), ("100", "100", 100),
      ("1e20", "1e20", 1e20), ("0.1", "0.1", 0.1), ("1.50", "1.5", 1.5), ("1e-20", "1e-20", 1e-20), ("0", "0", 0),
      ("123456.789", "123456.789", 123456.789),
    ]
    for (numeral, printed, value) in cases {
      let decimal = Decimal(numeral: numeral)
      XCTAssertEqual(decimal?.description, printed, numeral)
      XCTAssertEqual(decimal?.value, value, numeral)
      XCTAssertEqual(Decimal(numeral: printed), decimal, numeral)
    }
  }

  func testNumeralsBeyondTheRangeAreRefused() {
    XCTAssertNil(Decimal(numeral: "1e400"))
    XCTAssertNil(Decimal(numeral: "abc"))
    XCTAssertNil(Decimal(Double.nan))
  }

  func testMoreThanEighteenDigitsAreRounded() {
    XCTAssertEqual(Decimal(numeral: "0.1234567890123456789")?.value, 0.1234567890123456789)
  }
}
