import Foundation
import XCTest

/// Random cells: printed and read again they are the same, their shapes are those of their construction, and they
/// compute what an independent evaluation computes.
///
/// `CAROUSEL_RANDOM_CELLS` says how many, `CAROUSEL_RANDOM_SEED` which is the first.
final class RandomCellsTests: XCTestCase {
  func testRandomCells() {
    #if DEBUG
      let usual = 250
    #else
      let usual = 1000
    #endif
    let environment = ProcessInfo.processInfo.environment
    let count = environment["CAROUSEL_RANDOM_CELLS"].flatMap { Int($0) } ?? usual
    let first = environment["CAROUSEL_RANDOM_SEED"].flatMap { UInt64($0) } ?? 0
    var failures = 0
    for seed in first..<first + UInt64(count) {
      let cell = RandomCellMaker.make(seed: seed)
      guard let failure = RandomCellCheck(cell).failure() else { continue }
      failures += 1
      let smallest = RandomCellShrinking.smallest(cell, failing: failure.kind)
      let check = RandomCellCheck(smallest)
      if environment["CAROUSEL_RANDOM_WHOLE"] != nil { print(RandomCellCheck(cell).text, failure.detail) }
      XCTFail("seed \(seed): \(failure.kind)\n\(check.text)\n\(check.failure()?.detail ?? failure.detail)")
      if failures >= 5 { return }
    }
  }
}
