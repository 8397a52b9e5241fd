import Algebra
import Runtime
import XCTest

/// The checks of the cells can fail: wrong copies of each cell, with one slip each, are found out.
final class LibraryMutationTests: XCTestCase {
  func testEverySlipInEveryCellIsCaught() throws {
    var refused = 0
    var different = 0
    for check in LibraryCases.all {
      let text = try LibraryFolder.cell(check.name)
      let trial = LibraryTrial(check, batch: 1)
      for mutation in LibraryMutation.all(of: text, parameters: check.parameters) {
        do {
          let found = try trial.largestDifference(of: trial.fedNet(mutation.text))
          XCTAssertGreaterThan(found.value, 1e-9, "\(check.name): \(mutation.title) changes nothing")
          different += 1
        } catch {
          refused += 1
        }
      }
    }
    // Most slips make a cell that runs, and is caught by its numbers alone.
    XCTAssertGreaterThan(different, 1400)
    XCTAssertGreaterThan(different, refused * 4)
  }
}
