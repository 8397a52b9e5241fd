import XCTest

@testable import Algebra

final class WidthSolverTests: XCTestCase {
  func testTheMoreWillingWidthGivesWay() {
    var solver = WidthSolver()
    let x = solver.add("x", priority: 5)
    let h = solver.add("h", priority: 3)
    let z = solver.add("z", priority: 1)
    XCTAssertTrue(solver.unify(z, h))
    XCTAssertEqual(solver.reduce(z), h)
    XCTAssertTrue(solver.unify(h, x + Dimension(1)))
    XCTAssertEqual(solver.reduce(z), x + Dimension(1))
    XCTAssertEqual(solver.reduce(z + x).text { solver.unknowns[$0].name }, "2·x + 1")
  }

  func testCommonFactorsAreDividedOut() {
    var solver = WidthSolver()
    let x = solver.add("x", priority: 5)
    let h = solver.add("h", priority: 3)
    XCTAssertTrue(solver.unify(h + h, x + x + Dimension(2)))
    XCTAssertEqual(solver.reduce(h), x + Dimension(1))
    XCTAssertFalse(solver.unify(x + x, h + h + Dimension(1)), "an odd difference")
  }

  func testContradictionsAreRefused() {
    var solver = WidthSolver()
    let x = solver.add("x", priority: 5)
    let h = solver.add("h", priority: 3)
    XCTAssertFalse(solver.unify(h, h + x), "x would be 0")
    XCTAssertTrue(solver.unify(h, Dimension(3)))
    XCTAssertFalse(solver.unify(h, Dimension(4)))
    XCTAssertFalse(solver.unify(x + x, Dimension(3)), "no whole number")
    XCTAssertTrue(solver.unify(x + x, Dimension(4)))
    XCTAssertEqual(solver.reduce(x).number, 2)
  }
}
