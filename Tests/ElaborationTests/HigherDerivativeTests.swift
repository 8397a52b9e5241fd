import Syntax
import XCTest

@testable import Algebra
@testable import Elaboration

/// Derivatives of derivatives: by a number, and in cells of width 1.
final class HigherDerivativeTests: XCTestCase {
  /// A cell of the library with every width 1; nil if it forbids that.
  private func narrow(_ name: String) throws -> Recurrence? {
    var cell = try LibraryRunner.recurrence(of: LibraryFolder.cell(name))
    cell.widths = cell.shapes.openWidths.map { ($0, 1) }
    guard let shapes = try? cell.solvedShapes() else { return nil }
    cell.shapes = shapes
    return cell
  }

  /// The cell in numbers computes what the cell computes.
  func testNumbersComputeTheSame() throws {
    var count = 0
    for entry in try LibraryFolder.index() {
      guard let cell = try narrow(entry.name), let numbers = try? cell.forHigherDerivatives(by: nil) else { continue }
      count += 1
      var stream = RandomStream(seed: 3)
      var drawn: [String: [Double]] = [:]
      func value(_ recurrence: Recurrence, _ symbol: SymbolID, _ time: Int) -> Grid<Double> {
        let entry = recurrence.entries[symbol]
        let name = (entry?.parameter ?? recurrence.store[symbol].name) + "@\(time)"
        let sides = recurrence.shapes.symbols[symbol]?.dimensions.map { $0.number ?? 1 } ?? []
        let (rows, columns) = (sides.first ?? 1, sides.count > 1 ? sides[1] : 1)
        if drawn[name] == nil { drawn[name] = (0..<rows * columns).map { _ in stream.uniform(-0.9, 0.9) } }
        let all = drawn[name] ?? []
        guard let entry, let whole = cell.store.symbol(named: entry.parameter) else {
          return Grid<Double>(rows: rows, columns: columns, values: all)
        }
        let wide = cell.shapes.symbols[whole]?.dimensions.map { $0.number ?? 1 } ?? []
        return Grid<Double>(
          rows: 1, columns: 1, values: [all[entry.row * (wide.count > 1 ? wide[1] : 1) + entry.column]])
      }
      let runs = try [cell, numbers].map { recurrence in
        try Trajectory(
          recurrence, shapes: recurrence.shapes, numbers: RealNumbers(), end: 5, starts: .declared,
          given: { value(recurrence, $0, $1) }, draw: { 0.5 })
      }
      for symbol in cell.variables {
        let name = cell.store[symbol].name
        guard let other = numbers.store.symbol(named: name) else { return XCTFail("\(entry.name) lacks \(name)") }
        for time in 1...5 {
          XCTAssertEqual(
            runs[0].value(symbol, time).values[0], runs[1].value(other, time).values[0], accuracy: 1e-12,
            "\(entry.name): \(name)[\(time)]")
        }
      }
    }
    XCTAssertGreaterThan(count, 40)
  }

  /// Second derivatives of every state by every state, read back as they are printed, agree with finite differences.
  func testLibraryAgreesWithFiniteDifferences() throws {
    var count = 0
    for entry in try LibraryFolder.index() {
      guard let cell = try narrow(entry.name), let numbers = try? cell.forHigherDerivatives(by: nil) else { continue }
      let reader = AnswerReader(numbers)
      for state in numbers.states {
        for other in numbers.states {
          let cut = Cut(symbol: other, shift: -1)
          let first = numbers.store.insert(.atom(Atom(symbol: state, shift: 0, cut: cut)))
          var second = try Derivation(
            numbers, of: numbers.withoutDerivatives(first), cut: cut, writtenAs: first)
          for _ in 1...2 where !second.isZero {
            let name = "\(entry.name): ∂²\(numbers.store[state].name)/∂\(numbers.store[other].name)[t-1]²"
            let lines = try reader.readBack(second)
            XCTAssertNotNil(lines, name)
            let certificate = try second.certificate(nets: 2, lines: lines)
            XCTAssertGreaterThan(certificate.nets, 0, name)
            XCTAssertLessThan(certificate.worst, 1e-6, name)
            count += 1
            try second.expand()
          }
        }
      }
    }
    XCTAssertGreaterThan(count, 100)
  }

  static let rnn = "cell N(x) -> h { h[t] = tanh(W · [h[t-1], x[t]] + b) }"
  static let leaky = "cell L(x) -> h { h[t] = (1 - α) * h[t-1] + α * tanh(U · h[t-1] + W · x[t]); param α: 1 }"

  func testTexts() throws {
    let cases: [(cell: String, widths: Bool, question: String, text: String)] = [
      (Self.rnn, true, "∂²h[t]/∂h[t-1]²", "-(W[h] * 2 * h[t] * (1 - h[t]^2) * W[h])")
    ]
    for item in cases {
      var cell = try LibraryRunner.recurrence(of: item.cell)
      if item.widths {
        cell.widths = cell.shapes.openWidths.map { ($0, 1) }
        cell.shapes = try cell.solvedShapes()
      }
      let question = try AnswerText.expression(item.question)
      let numbers = try cell.forHigherDerivatives(
        by: DerivativeReader.higherDenominator(in: question)?.place.text)
      let asked = try XCTUnwrap(DerivativeReader(numbers).expressionQuestion(question))
      let node = try AnswerReader(numbers).read(asked.expression, about: AnswerSubject(cut: nil, isJacobian: false))
        .node
      var derivation = try Derivation(
        numbers, of: numbers.withoutDerivatives(node), cut: XCTUnwrap(asked.cut), writtenAs: node)
      try derivation.expandAll()
      var notation = TextNotation(numbers.store)
      XCTAssertEqual(notation.derivative(derivation.expression), item.text)
    }
  }

  /// Of wider cells three indices are needed, and of what goes back to the start there is no end.
  func testFailures() throws {
    let wide = try LibraryRunner.recurrence(of: Self.rnn)
    XCTAssertThrowsError(try wide.forHigherDerivatives(by: "h[t-1]")) { error in
      guard case DerivativeFailure.wide = error else { return XCTFail("\(error)") }
    }
    let leaky = try LibraryRunner.recurrence(of: Self.leaky)
    let alpha = try XCTUnwrap(leaky.store.symbol(named: "α"))
    let h = try XCTUnwrap(leaky.store.symbol(named: "h"))
    let first = leaky.store.insert(.atom(Atom(symbol: h, shift: 0, cut: Cut(symbol: alpha, shift: 0))))
    XCTAssertThrowsError(try leaky.withoutDerivatives(first)) { error in
      guard case DerivativeFailure.endless = error else { return XCTFail("\(error)") }
    }
  }
}
