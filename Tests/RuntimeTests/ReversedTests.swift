import Algebra
import Elaboration
import Syntax
import XCTest

@testable import Runtime

final class ReversedTests: XCTestCase {
  /// What `backward` will answer for h[t] = a * h[t-1] + x[t], by hand: δh[t] = ε[t] + a * δh[t+1].
  func testACellThatRunsFromTheEndSumsOverAllTimes() throws {
    let text = """
      reversed cell B(ε, x) -> (δh, δa) {
        δh[t] = ε[t] + a * δh[t+1]
        δa = total(δh[t] * x[t-1])
        param a: 1
      }
      """
    let outcome = Parser.parse(Source(name: "test", text: text), mode: .file)
    if case .failed(let diagnostic) = outcome.problem { return XCTFail(diagnostic.message) }
    guard case .cell(let definition)? = outcome.statements.first?.form, case .items(let items) = definition.body else {
      return XCTFail("no cell")
    }
    let cell = try CellElaborator.elaborate(definition, items: items, environment: Environment())
    let net = try Net(cell, widths: [("x", 1), ("δh", 1)], type: .float64)
    net.setParameter(try XCTUnwrap(cell.store.symbol(named: "a")), [0.5])
    let (ε, x) = (cell.inputs[0], cell.inputs[1])
    let answer = try net.feed([ε: [1, 0, 2], x: [3, 5, 7]], steps: 3, batch: 1)
    // δh = [1 + 0.5 * (0 + 0.5 * 2), 1, 2]; δa = δh[2] * x[1] + δh[3] * x[2]
    XCTAssertEqual(answer[cell.outputs[0]], [1.5, 1, 2])
    XCTAssertEqual(answer[cell.outputs[1]], [1 * 3 + 2 * 5])
  }
}
