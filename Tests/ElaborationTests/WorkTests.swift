import XCTest

@testable import Algebra
@testable import Elaboration

/// Formulas for the work of a step.
final class WorkTests: XCTestCase {
  /// Where every matrix stands in one product with a vector, a step multiplies by each of its numbers once.
  func testProductsAreTheNumbersOfTheMatrices() throws {
    for name in ["RNN", "LSTM", "GRU", "MGU", "CIFG", "PeepholeLSTM", "FGR", "LEM", "minGRU", "LSTMP", "RHN"] {
      let recurrence = try LibraryRunner.recurrence(of: LibraryFolder.cell(name))
      let matrices = recurrence.parameters.filter { recurrence.shapes.symbols[$0]?.rank == 2 }
      XCTAssertFalse(matrices.isEmpty)
      XCTAssertEqual(Work(recurrence).products, recurrence.size(of: matrices), name)
    }
  }

  func testOtherWork() throws {
    // Shared expressions once; what has no time not at all; inner and outer products by their multiplications.
    let work = Work(
      try cell(
        """
        cell C(x, k) -> y {
          param W: h × x
          A = W * W
          u[t] = tanh(W · x[t]) * tanh(W · x[t]) + A · x[t]
          s[t] = x[t] · k[t]
          M[t] = M[t-1] + u[t] · k[t]ᵀ
          y[t] = u[t] * s[t] - u[t] / 2
        }
        """))
    XCTAssertEqual(work.products, "3·h·x + x")
    XCTAssertEqual(work.activations, "h")
    XCTAssertEqual(work.elementwise, "h·x + 5·h")
  }

  func testInNumbers() throws {
    var recurrence = try LibraryRunner.recurrence(of: LibraryFolder.cell("LSTM"))
    recurrence.widths += [("x", 64), ("h", 128)]
    recurrence.shapes = try recurrence.solvedShapes()
    XCTAssertEqual(Work(recurrence).products, String(4 * 128 * (128 + 64)))
    XCTAssertEqual(recurrence.size(of: recurrence.states), "256")
  }
}
