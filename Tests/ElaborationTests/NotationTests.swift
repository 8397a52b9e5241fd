import Algebra
import Foundation
import Syntax
import XCTest

@testable import Elaboration

/// Formulas as LaTeX and MathML, and derivations with matrices alone.
final class NotationTests: XCTestCase {
  struct Case {
    var cell: String
    var question: String
    var levels = 1
    var notation = Notation.elementwise
    var latex: String
  }

  static let cases: [Case] = [
    Case(
      cell: CellTests.lstm, question: "∂c[t]/∂c[t-1]",
      latex: #"\frac{\partial c_t}{\partial c_{t-1}} = f_t + \frac{\partial f_t}{\partial c_{t-1}} \odot c_{t-1} + "#
        + #"\frac{\partial i_t}{\partial c_{t-1}} \odot g_t + i_t \odot \frac{\partial g_t}{\partial c_{t-1}}"#),
    Case(
      cell: CellTests.lstm, question: "∂c[t]/∂c[t-1]", notation: .matrix,
      latex: #"\frac{\partial c_t}{\partial c_{t-1}} = \operatorname{diag}(f_t) + "#
        + #"\operatorname{diag}(c_{t-1}) \, \frac{\partial f_t}{\partial c_{t-1}} + "#
        + #"\operatorname{diag}(g_t) \, \frac{\partial i_t}{\partial c_{t-1}} + "#
        + #"\operatorname{diag}(i_t) \, \frac{\partial g_t}{\partial c_{t-1}}"#),
    Case(
      cell: CellTests.lstm, question: "D(h[t], c[t])",
      latex: #"\frac{\partial h_t}{\partial c_t} = o_t \odot (1 - \tanh^{2}(c_t))"#),
    Case(
      cell: CellTests.lstm, question: "∂c[t]/∂c[t-1] holding h[t-1]",
      latex: #"\left.\frac{\partial c_t}{\partial c_{t-1}}\right|_{h_{t-1}} = f_t"#),
    Case(
      cell: CellTests.lstm, question: "D(h[t], c[t])", notation: .index,
      latex: #"\begin{aligned}"# + "\n"
        + #"\frac{\partial h_{t,j}}{\partial c_{t,k}} &= o_{t,j} \, (1 - \tanh^{2}(c_{t,j})) \delta_{jk} \\"# + "\n"
        + #"&\text{with } j, k = 1, \ldots, h"# + "\n" + #"\end{aligned}"#),
    Case(
      cell: DerivationTests.gru, question: "∂h[t]/∂h[t-1]",
      latex: #"\frac{\partial h_t}{\partial h_{t-1}} = (1 - z_t) + \frac{\partial z_t}{\partial h_{t-1}} \odot "#
        + #"(\tilde{h}_t - h_{t-1}) + z_t \odot \frac{\partial \tilde{h}_t}{\partial h_{t-1}}"#),
    Case(
      cell: "cell RNN(x) -> h { h[t] = tanh(W · [h[t-1], x[t]] + b) }", question: "∂h[t]/∂W",
      latex: #"\mathrm{d}h_t = (1 - h_t^{2}) \odot (\mathrm{d}W \cdot [h_{t-1}, x_t] + "#
        + #"W^{(h)} \, \mathrm{d}h_{t-1})"#),
  ]

  func testLaTeX() throws {
    for item in NotationTests.cases {
      let derivation = try NotationSupport.derivation(cell(item.cell), item.question, levels: item.levels)
      XCTAssertEqual(NotationSupport.sheet(derivation, item.notation).latex(), item.latex, item.question)
    }
  }

  /// Levels with matrices alone, as derivations.md has them.
  static let matrices: [(cell: String, question: String, levels: Int, text: String)] = [
    (
      CellTests.lstm, "∂c[t]/∂c[t-1]", 1,
      "diag(f[t]) + diag(c[t-1]) · ∂f[t]/∂c[t-1] + diag(g[t]) · ∂i[t]/∂c[t-1] + diag(i[t]) · ∂g[t]/∂c[t-1]"
    ),
    (
      CellTests.lstm, "∂c[t]/∂c[t-1]", 3,
      "diag(f[t]) + (diag(c[t-1] * f[t] * (1 - f[t])) · W_f[h] + diag(g[t] * i[t] * (1 - i[t])) · W_i[h]"
        + " + diag(i[t] * (1 - g[t]^2)) · W_g[h]) · diag(o[t-1] * (1 - tanh(c[t-1])^2))"
    ),
    (CellTests.lstm, "∂c[t]/∂c[t-1] holding h[t-1]", 1, "diag(f[t])"),
    (CellTests.lstm, "∂c[t]/∂c[t-3] holding h", 3, "diag(f[t] * f[t-1] * f[t-2])"),
    (
      DerivationTests.gru, "∂h[t]/∂h[t-1]", 3,
      "diag(1 - z[t]) + diag((h̃[t] - h[t-1]) * z[t] * (1 - z[t])) · W_z[h] + diag(z[t] * (1 - h̃[t]^2)) · W[r * h]"
        + " · (diag(h[t-1] * r[t] * (1 - r[t])) · W_r[h] + diag(r[t]))"
    ),
    (
      "cell RNN(x) -> h { h[t] = tanh(W · [h[t-1], x[t]] + b) }", "∂h[t]/∂h[t-1]", 1, "diag(1 - h[t]^2) · W[h]"
    ),
  ]

  func testMatrixNotation() throws {
    for item in NotationTests.matrices {
      let derivation = try NotationSupport.derivation(cell(item.cell), item.question, levels: item.levels)
      let lines = NotationSupport.sheet(derivation, .matrix).text(width: 1000)
      XCTAssertEqual(
        lines, [item.question + " = " + item.text])
    }
  }

  /// Per unit, as derivations.md has it; what the indices run over stands below.
  static let units: [(cell: String, question: String, levels: Int, lines: [String])] = [
    (
      CellTests.lstm, "∂c[t]/∂c[t-1]", 1,
      [
        "∂c[t]_j/∂c[t-1]_k = f[t]_j * δ_jk + ∂f[t]_j/∂c[t-1]_k * c[t-1]_j + ∂i[t]_j/∂c[t-1]_k * g[t]_j"
          + " + i[t]_j * ∂g[t]_j/∂c[t-1]_k",
        "  j, k = 1..h",
      ]
    ),
    (
      CellTests.lstm, "∂c[t]/∂c[t-1]", 3,
      [
        "∂c[t]_j/∂c[t-1]_k = f[t]_j * δ_jk + (c[t-1]_j * f[t]_j * (1 - f[t]_j) * W_f[h]_jk"
          + " + g[t]_j * i[t]_j * (1 - i[t]_j) * W_i[h]_jk + i[t]_j * (1 - g[t]_j^2) * W_g[h]_jk)"
          + " * o[t-1]_k * (1 - tanh(c[t-1]_k)^2)",
        "  j, k = 1..h",
      ]
    ),
    (
      CellTests.lstm, "∂c[t]/∂c[t-1]", 2,
      [
        "∂c[t]_j/∂c[t-1]_k = f[t]_j * δ_jk + Σ_l (c[t-1]_j * f[t]_j * (1 - f[t]_j) * W_f[h]_jl"
          + " + g[t]_j * i[t]_j * (1 - i[t]_j) * W_i[h]_jl + i[t]_j * (1 - g[t]_j^2) * W_g[h]_jl)"
          + " * ∂h[t-1]_l/∂c[t-1]_k",
        "  j, k, l = 1..h",
      ]
    ),
    (
      DerivationTests.gru, "∂h[t]/∂h[t-1]", 3,
      [
        "∂h[t]_j/∂h[t-1]_k = (1 - z[t]_j) * δ_jk + (h̃[t]_j - h[t-1]_j) * z[t]_j * (1 - z[t]_j) * W_z[h]_jk"
          + " + z[t]_j * (1 - h̃[t]_j^2) * Σ_l W[r * h]_jl"
          + " * (h[t-1]_l * r[t]_l * (1 - r[t]_l) * W_r[h]_lk + r[t]_l * δ_lk)",
        "  j, k, l = 1..h",
      ]
    ),
    (
      "cell RNN(x) -> h { h[t] = tanh(W · [h[t-1], x[t]] + b) }", "∂h[t]/∂W", 1,
      [
        "dh[t]_j = (1 - h[t]_j^2) * (Σ_l dW_jl * [h[t-1], x[t]]_l + Σ_l W[h]_jl * dh[t-1]_l)",
        "  j = 1..h; l = 1..h + x or h",
      ]
    ),
    // A letter that the cell uses is no index, nor is its δ the identity; softmax has no entries of its own.
    (
      "cell K(x) -> j { δ[t] = softmax(U · j[t-1]); j[t] = tanh(V · (δ[t] * x[t])) }", "∂j[t]/∂j[t-1]", 2,
      [
        "∂j[t]_k/∂j[t-1]_l = (1 - j[t]_k^2) * Σ_m V_km * x[t]_m * δ[t]_m * (U_ml - Σ_n δ[t]_n * U_nl)",
        "  k, l = 1..j; m, n = 1..x",
      ]
    ),
  ]

  func testIndexNotation() throws {
    for item in NotationTests.units {
      let derivation = try NotationSupport.derivation(cell(item.cell), item.question, levels: item.levels)
      XCTAssertEqual(NotationSupport.sheet(derivation, .index).text(width: 1000), item.lines, item.question)
    }
  }

  /// With matrices alone a derivation reads back as what it was.
  func testMatrixNotationReadsBack() throws {
    var count = 0
    for entry in try LibraryFolder.index() {
      let recurrence = try LibraryRunner.recurrence(of: LibraryFolder.cell(entry.name))
      let judge = try Judge(recurrence)
      var notation = TextNotation(recurrence, notation: .matrix)
      for derivation in try NotationSupport.derivations(recurrence) {
        for line in PrintedFormTests.lines(derivation) {
          let text = notation.derivative(line.expression)
          if text.utf8.count > 20_000 { continue }
          do {
            let claim = recurrence.store.insert(.atom(line.atom))
            let answer = try AnswerReader(recurrence).read(
              AnswerText.expression(text), about: AnswerSubject(line.atom.cut, in: recurrence), like: claim)
            let verdict = try judge.compare(claim, answer.node)
            XCTAssertEqual(verdict, Judge.Judgement.equal(isNumerical: false), "\(entry.name): \(text)")
            count += 1
          } catch let error as ElaborationError {
            XCTFail("\(entry.name): \(text): \(error.diagnostic.message)")
          }
        }
      }
    }
    XCTAssertGreaterThan(count, 500)
  }

  func testLibraryIsWellFormed() throws {
    for entry in try LibraryFolder.index() {
      let recurrence = try LibraryRunner.recurrence(of: LibraryFolder.cell(entry.name))
      var sheets = [NotationSupport.sheet(recurrence), NotationSupport.sheet(try recurrence.adjoint().recurrence)]
      for derivation in try NotationSupport.derivations(recurrence) {
        for notation in Notation.allCases {
          sheets.append(NotationSupport.sheet(derivation, notation))
          guard derivation.opened.count < 6 else { continue }
          var steps = FormulaSheet(recurrence, notation: notation)
          steps.addSteps(try derivation.steps(), of: derivation)
          sheets.append(steps)
        }
      }
      for sheet in sheets {
        XCTAssertNil(NotationSupport.problem(latex: sheet.latex()), entry.name)
        XCTAssertNil(NotationSupport.problem(xml: sheet.mathml()), entry.name)
      }
    }
  }

  /// What is written for a paper is what a paper is read as: every cell of the library comes back.
  func testLaTeXReadsBack() throws {
    let functions = Set(OperatorTable.rows.flatMap { [$0.name] + $0.spellings })
    for entry in try LibraryFolder.index() {
      let recurrence = try LibraryRunner.recurrence(of: LibraryFolder.cell(entry.name))
      let source = Source(name: "latex", text: NotationSupport.sheet(recurrence).latex())
      let names = { (symbols: [SymbolID]) in symbols.map { recurrence.store[$0].name } }
      let definition = try definition(of: LibraryFolder.cell(entry.name))
      do {
        let outcome = try LaTeXReader.read(
          source, range: 0..<source.bytes.count, inputs: names(recurrence.inputs), outputs: names(recurrence.outputs),
          knownFunctions: functions)
        // Constants and shapes are said beside the equations.
        guard case .items(let own) = definition.body else { continue }
        let isEquation = { (item: CellItem) in if case .equation = item.form { true } else { false } }
        let items = own.filter { !isEquation($0) } + outcome.items.filter(isEquation)
        let again = try CellElaborator.elaborate(definition, items: items, environment: Environment())
        XCTAssertEqual(equations(again), equations(recurrence), entry.name)
      } catch let diagnostic as Diagnostic {
        XCTFail("\(entry.name): \(diagnostic.message)\n\(source.text)")
      }
    }
  }

  private func definition(of text: String) throws -> CellDefinition {
    let outcome = Parser.parse(Source(name: "library", text: text), mode: .file)
    guard case .cell(let definition)? = outcome.statements.first?.form else {
      throw LibraryRunner.Failure(message: "not a cell")
    }
    return definition
  }

  private func equations(_ recurrence: Recurrence) -> [String] {
    var notation = TextNotation(recurrence.store)
    return recurrence.equations.map { equation in
      equation.targets.map { recurrence.store[$0].name }.joined(separator: ", ") + " = " + notation.text(equation.body)
    }
  }
}
