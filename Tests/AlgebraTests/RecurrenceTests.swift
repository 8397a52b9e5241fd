import XCTest

@testable import Algebra

/// Recurrences built by hand, without any text.
final class RecurrenceTests: XCTestCase {
  /// h[t] = tanh(W · [h[t-1], x[t]] + b)
  private func plain() throws -> Recurrence {
    var cell = Recurrence(name: "RNN")
    let store = cell.store
    let x = store.add(Symbol(name: "x", kind: .input))
    let h = store.add(Symbol(name: "h", kind: .variable))
    let w = store.add(Symbol(name: "W", kind: .parameter))
    let b = store.add(Symbol(name: "b", kind: .parameter))
    let both = store.insert(
      .concatenate([store.insert(.read(h, shift: -1)), store.insert(.read(x, shift: 0))]))
    let product = store.insert(.matrixProduct(store.insert(.read(w, shift: 0)), both))
    let sum = store.insert(.sum([Term(product), Term(store.insert(.read(b, shift: 0)))]))
    let tanh = try XCTUnwrap(OperatorTable.find("tanh", arity: 1))
    cell.inputs = [x]
    cell.outputs = [h]
    cell.parameters = [w, b]
    cell.equations = [.init(targets: [h], body: store.insert(.apply(tanh, [sum])))]
    cell.shapes = try cell.solvedShapes()
    return cell
  }

  func testShapesAndCountsAreFormulas() throws {
    let cell = try plain()
    XCTAssertEqual(
      cell.summary(),
      ["RNN: input x, state and output h", "  W: h × (h + x)   b: h   in all h·(h + x) + h numbers"])
    var text = CellText(cell)
    XCTAssertEqual(
      text.lines(), ["cell RNN(x) -> h {", "  h[t] = tanh(W · [h[t-1], x[t]] + b)", "}"])
  }

  func testEvaluatorAgreesWithArithmeticByHand() throws {
    let cell = try plain()
    let shapes = try cell.solvedShapes(widths: [("x", 1), ("h", 2)])
    let evaluator = try Evaluator<Double>(cell, shapes: shapes, batch: 1, capacity: 2)
    let (w, b) = (cell.parameters[0], cell.parameters[1])
    evaluator.setParameter(w, [0.1, 0.2, 0.3, -0.4, 0.5, 0.6])
    evaluator.setParameter(b, [0.01, -0.02])
    evaluator.update()
    [2.0, -1.0].withUnsafeBufferPointer { evaluator.write(cell.inputs[0], slot: evaluator.past, $0) }
    XCTAssertTrue(evaluator.run(steps: 2, firstTime: 1))
    let h = Array(evaluator.values(cell.outputs[0], slots: evaluator.past..<evaluator.past + 2))
    let h1 = [tanh(0.3 * 2 + 0.01), tanh(0.6 * 2 - 0.02)]
    let h2 = [
      tanh(0.1 * h1[0] + 0.2 * h1[1] - 0.3 + 0.01), tanh(-0.4 * h1[0] + 0.5 * h1[1] - 0.6 - 0.02),
    ]
    for (got, wanted) in zip(h, h1 + h2) { XCTAssertEqual(got, wanted, accuracy: 1e-15) }
  }

  func testALoopWithinAStepIsFound() throws {
    var cell = Recurrence(name: "Loop")
    let store = cell.store
    let a = store.add(Symbol(name: "a", kind: .variable))
    let b = store.add(Symbol(name: "b", kind: .variable))
    cell.equations = [
      .init(targets: [a], body: store.insert(.read(b, shift: 0))),
      .init(targets: [b], body: store.insert(.sum([Term(store.insert(.read(a, shift: 0)))]))),
    ]
    XCTAssertThrowsError(try Schedule(cell)) { error in
      guard case Schedule.Failure.loop(let path) = error else { return XCTFail("\(error)") }
      XCTAssertEqual(path, [a, b])
    }
  }

  func testOperandsAreKeptInTheirOrder() {
    let store = Store()
    let p = store.insert(.read(store.add(Symbol(name: "p", kind: .parameter)), shift: 0))
    let q = store.insert(.read(store.add(Symbol(name: "q", kind: .parameter)), shift: 0))
    XCTAssertNotEqual(store.insert(.product([p, q])), store.insert(.product([q, p])))
    XCTAssertEqual(store.insert(.product([p, q])), store.insert(.product([p, q])))
    var notation = TextNotation(store)
    XCTAssertEqual(notation.text(store.insert(.sum([Term(q), Term(p, isNegative: true)]))), "q - p")
  }
}
