import Kernels
import XCTest

final class PackingTests: XCTestCase {
  func testCountIncludesPadding() {
    XCTAssertEqual(Float.packedCount(inner: 3, outer: 17), 96)
    XCTAssertEqual(Double.packedCount(inner: 3, outer: 17), 72)
  }
}
