import Algebra
import Syntax
import XCTest

@testable import Elaboration

/// Expressions as answers are read.
enum AnswerText {
  static func expression(_ text: String) throws -> Syntax.Expression {
    let outcome = Parser.parse(Source(name: "test", text: "check a = " + text), mode: .file)
    guard case .check(_, let answers)? = outcome.statements.first?.form, let answer = answers.first else {
      throw LibraryRunner.Failure(message: "not read: \(text): \(String(describing: outcome.problem))")
    }
    return answer
  }
}

/// What is printed reads back as an expression of equal value.
final class PrintedFormTests: XCTestCase {
  /// Each line of a derivation: `∂f[t]/∂c[t-1]` and its right side.
  static func lines(_ derivation: Derivation) -> [(atom: Atom, expression: NodeID)] {
    [(derivation.target, derivation.expression)] + derivation.definitionExpressions
  }

  private var linesRead = 0

  private func check(_ derivation: Derivation, _ judge: Judge, _ name: String) throws {
    let store = derivation.recurrence.store
    var notation = TextNotation(store)
    for line in Self.lines(derivation) {
      let text = notation.derivative(line.expression)
      if text.utf8.count > 20_000 || text.contains("…") { continue }
      do {
        let answer = try AnswerReader(derivation.recurrence).read(
          AnswerText.expression(text), about: AnswerSubject(line.atom.cut, in: derivation.recurrence),
          like: store.insert(.atom(line.atom)))
        linesRead += 1
        let verdict = try judge.compare(store.insert(.atom(line.atom)), answer.node)
        XCTAssertEqual(verdict, Judge.Judgement.equal(isNumerical: false), "\(name): \(text)")
      } catch let error as ElaborationError {
        XCTFail("\(name): \(text): \(error.diagnostic.message)")
      }
    }
  }

  private func check(_ recurrence: Recurrence, levels: Int, steps: [Int] = [1, 3], _ name: String) throws {
    let judge = try Judge(recurrence)
    let states = recurrence.states.prefix(4)
    for state in states {
      for other in states + recurrence.inputs.prefix(1) {
        for back in steps {
          let cut = Cut(symbol: other, shift: -back)
          try check(recurrence, state, cut, levels, judge, name)
        }
      }
      for parameter in recurrence.parameters.prefix(3) {
        try check(recurrence, state, Cut(symbol: parameter, shift: 0), min(levels, 2), judge, name)
      }
    }
  }

  private func check(
    _ recurrence: Recurrence, _ state: SymbolID, _ cut: Cut, _ levels: Int, _ judge: Judge, _ name: String
  ) throws {
    let title = "\(name): ∂\(recurrence.store[state].name)/∂\(recurrence.store[cut.symbol].name) \(cut.shift)"
    do {
      var derivation = try Derivation(recurrence, of: state, shift: 0, cut: cut)
      for _ in 1...levels {
        try check(derivation, judge, title)
        try derivation.expand()
      }
    } catch DerivativeFailure.threeIndices { return } catch DerivativeFailure.noDerivative { return }
  }

  func testLibrary() throws {
    for entry in try LibraryFolder.index() {
      try check(LibraryRunner.recurrence(of: LibraryFolder.cell(entry.name)), levels: 4, entry.name)
    }
    XCTAssertGreaterThan(linesRead, 3000)
  }
}
