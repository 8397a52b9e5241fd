import Algebra
import Syntax
import XCTest

@testable import Elaboration

/// The texts of derivations, level by level: the quiz's line and its relatives.
final class DerivationTests: XCTestCase {
  static let gru = """
    cell GRU(x) -> h {
      z[t] = σ(W_z · [h[t-1], x[t]])
      r[t] = σ(W_r · [h[t-1], x[t]])
      h̃[t] = tanh(W · [r[t] * h[t-1], x[t]])
      h[t] = (1 - z[t]) * h[t-1] + z[t] * h̃[t]
    }
    """
  static let cifg = """
    cell CIFG(x) -> h {
      f[t] = σ(W_f · [h[t-1], x[t]]); g[t] = tanh(W_g · [h[t-1], x[t]]); o[t] = σ(W_o · [h[t-1], x[t]])
      c[t] = f[t] * c[t-1] + (1 - f[t]) * g[t]
      h[t] = o[t] * tanh(c[t])
    }
    """
  static let gates =
    "(c[t-1] * f[t] * (1 - f[t]) * W_f[h] + g[t] * i[t] * (1 - i[t]) * W_i[h] + i[t] * (1 - g[t]^2) * W_g[h])"

  struct Case {
    var cell: String
    var question: String
    var levels = 1
    var answer: [String]
  }

  static let cases: [Case] = [
    Case(
      cell: CellTests.lstm, question: "∂c[t]/∂c[t-1]",
      answer: ["f[t] + ∂f[t]/∂c[t-1] * c[t-1] + ∂i[t]/∂c[t-1] * g[t] + i[t] * ∂g[t]/∂c[t-1]"]),
    Case(
      cell: CellTests.lstm, question: "∂c[t]/∂c[t-1]", levels: 2,
      answer: ["f[t] + \(gates) · ∂h[t-1]/∂c[t-1]"]),
    Case(
      cell: CellTests.lstm, question: "∂c[t]/∂c[t-1]", levels: 3,
      answer: ["f[t] + \(gates) · diag(o[t-1] * (1 - tanh(c[t-1])^2))"]),
    Case(cell: CellTests.lstm, question: "∂c[t]/∂c[t-1] holding h[t-1]", answer: ["f[t]"]),
    Case(cell: CellTests.lstm, question: "D(h[t], c[t])", answer: ["o[t] * (1 - tanh(c[t])^2)"]),
    Case(
      cell: CellTests.lstm, question: "∂c[t]/∂c[t-3] holding h", levels: 3, answer: ["f[t] * f[t-1] * f[t-2]"]),
    Case(cell: CellTests.lstm, question: "∂c[t]/∂c[t+1]", answer: ["0"]),
    // What is held is no way to a parameter.
    Case(
      cell: CellTests.lstm, question: "∂c[t]/∂b_f holding (h[t-1], c[t-1])", answer: ["df[t] * c[t-1]"]),
    Case(
      cell: CellTests.lstm, question: "∂c[t]/∂b_f holding h", answer: ["df[t] * c[t-1] + f[t] * dc[t-1]"]),
    Case(
      cell: CellTests.lstm, question: "∂c[t]/∂b_f holding h[t-2]",
      answer: ["df[t] * c[t-1] + f[t] * dc[t-1] + di[t] * g[t] + i[t] * dg[t]"]),
    // Like terms, numbers and signs.
    Case(
      cell: "cell A(x) -> h { h[t] = (h[t-1] - x[t]) * (h[t-1] - x[t]) }", question: "∂h[t]/∂h[t-1]",
      answer: ["2 * (h[t-1] - x[t])"]),
    Case(cell: "cell A(x) -> h { h[t] = h[t-1] / 2 - x[t] / -3 }", question: "∂h[t]/∂x[t]", answer: ["1 / 3"]),
    Case(cell: "cell A(x) -> h { h[t] = x[t] + h[t-1]^-1 }", question: "∂h[t]/∂h[t-1]", answer: ["-h[t-1]^(-2)"]),
    Case(
      cell: "cell A(x) -> h { h[t] = W · (U · (b - h[t-1])) + x[t] }", question: "∂h[t]/∂h[t-1]", answer: ["-(W · U)"]),
    Case(
      cell: gru, question: "∂h[t]/∂h[t-1]",
      answer: ["(1 - z[t]) + ∂z[t]/∂h[t-1] * (h̃[t] - h[t-1]) + z[t] * ∂h̃[t]/∂h[t-1]"]),
    Case(
      cell: gru, question: "∂h[t]/∂h[t-1]", levels: 3,
      answer: [
        "(1 - z[t]) + (h̃[t] - h[t-1]) * z[t] * (1 - z[t]) * W_z[h]"
          + " + (z[t] * (1 - h̃[t]^2) * W[r * h]) · (h[t-1] * r[t] * (1 - r[t]) * W_r[h] + r[t])"
      ]),
    Case(
      cell: "cell RNN(x) -> h { h[t] = tanh(W · [h[t-1], x[t]] + b) }", question: "∂h[t]/∂h[t-1]",
      answer: ["(1 - h[t]^2) * W[h]"]),
    Case(
      cell: cifg, question: "∂c[t]/∂c[t-1]",
      answer: ["f[t] + ∂f[t]/∂c[t-1] * (c[t-1] - g[t]) + (1 - f[t]) * ∂g[t]/∂c[t-1]"]),
    Case(
      cell: cifg, question: "∂c[t]/∂c[t-1]", levels: 2,
      answer: [
        "f[t] + ((c[t-1] - g[t]) * f[t] * (1 - f[t]) * W_f[h] + (1 - f[t]) * (1 - g[t]^2) * W_g[h])"
          + " · ∂h[t-1]/∂c[t-1]"
      ]),
    Case(
      cell: "cell RNN(x) -> h { h[t] = tanh(W · [h[t-1], x[t]] + b) }", question: "∂h[t]/∂W",
      answer: ["(1 - h[t]^2) * (dW · [h[t-1], x[t]] + W[h] · dh[t-1])"]),
  ]

  func testTextsByLevel() throws {
    for item in DerivationTests.cases {
      let (derivation, store) = try derivation(item.cell, item.question, levels: item.levels)
      var notation = TextNotation(store)
      var lines = [notation.derivative(derivation.expression)]
      for (atom, expression) in derivation.definitionExpressions {
        lines.append(notation.text(store.insert(.atom(atom))) + " = " + notation.derivative(expression))
      }
      XCTAssertEqual(lines, item.answer, "\(item.question), level \(item.levels)")
    }
  }

  private func derivation(_ text: String, _ question: String, levels: Int) throws -> (Derivation, Store) {
    let recurrence = try cell(text)
    let outcome = Parser.parse(Source(name: "test", text: question), mode: .file)
    guard case .expression(let expression)? = outcome.statements.first?.form,
      let asked = try DerivativeReader(recurrence).question(expression)
    else { throw XCTSkip("not a question: \(question)") }
    var derivation = try Derivation(recurrence, of: asked.symbol, shift: asked.shift, cut: asked.cut)
    try derivation.expand(levels: levels - 1)
    return (derivation, recurrence.store)
  }

  /// Over many steps what would be copied is named once: the size grows with the steps, not with their powers.
  func testSizeIsLinearInSteps() throws {
    var sizes: [Int] = []
    for steps in [4, 8, 16] {
      var (derivation, store) = try derivation(CellTests.lstm, "∂c[t]/∂c[t-\(steps)]", levels: 1)
      try derivation.expandAll()
      var notation = TextNotation(store)
      sizes.append(
        ([derivation.expression] + derivation.definitionExpressions.map(\.expression))
          .reduce(0) { $0 + notation.derivative($1).count })
    }
    XCTAssertLessThan(Double(sizes[2] - sizes[1]), 2.3 * Double(sizes[1] - sizes[0]), "\(sizes)")
  }

  /// Every state by every state, over one step and three, in every cell of the library, opened twice.
  func testLibraryAgreesWithFiniteDifferences() throws {
    for entry in try LibraryFolder.index() {
      let recurrence = try LibraryRunner.recurrence(of: LibraryFolder.cell(entry.name))
      for state in recurrence.states {
        for other in recurrence.states + recurrence.inputs {
          for back in [1, 3] {
            let cut = Cut(symbol: other, shift: -back)
            do {
              var derivation = try Derivation(recurrence, of: state, shift: 0, cut: cut)
              if derivation.isZero { continue }
              try derivation.expand(levels: 2)
              let certificate = try derivation.certificate(nets: 2)
              let names =
                "\(entry.name): ∂\(recurrence.store[state].name)/∂\(recurrence.store[other].name) \(back) back"
              XCTAssertGreaterThan(certificate.nets, 0, names)
              XCTAssertLessThan(certificate.worst, 1e-6, names)
            } catch DerivativeFailure.threeIndices {
              continue
            }
          }
        }
      }
    }
  }
}

/// Steps are made by the rules that made the result, so they end in it.
final class DerivationStepTests: XCTestCase {
  func testStepsEndInWhatIsShown() throws {
    var count = 0
    for entry in try LibraryFolder.index() {
      let recurrence = try LibraryRunner.recurrence(of: LibraryFolder.cell(entry.name))
      for state in recurrence.states {
        for other in recurrence.states + recurrence.parameters {
          let isTimed = recurrence.states.contains(other)
          do {
            var derivation = try Derivation(
              recurrence, of: state, shift: 0, cut: Cut(symbol: other, shift: isTimed ? -1 : 0))
            for level in 1...3 {
              if derivation.isZero { break }
              let steps = try derivation.steps()
              var last: [Atom: NodeID] = [:]
              for step in steps { last[step.line] = step.whole }
              let name = "\(entry.name), \(recurrence.store[state].name) by \(recurrence.store[other].name), \(level)"
              XCTAssertEqual(last[derivation.target], derivation.expression, name)
              for (atom, expression) in derivation.definitionExpressions {
                XCTAssertEqual(last[atom], expression, name)
              }
              XCTAssertTrue(steps.allSatisfy { $0.before != $0.after }, name)
              count += 1
              try derivation.expand()
            }
          } catch DerivativeFailure.threeIndices {
            continue
          }
        }
      }
    }
    XCTAssertGreaterThan(count, 500)
  }
}
