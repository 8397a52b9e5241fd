import Algebra
import Syntax
import XCTest

@testable import Elaboration

/// Reads a text that defines cells and answers the last.
func cell(_ text: String, environment: Environment = Environment()) throws -> Recurrence {
  let outcome = Parser.parse(Source(name: "test", text: text), mode: .file)
  if case .failed(let diagnostic) = outcome.problem { throw diagnostic }
  var result: Recurrence?
  for statement in outcome.statements {
    guard case .cell(let definition) = statement.form, case .items(let items) = definition.body else { continue }
    result = try CellElaborator.elaborate(definition, items: items, environment: environment)
  }
  return try XCTUnwrap(result, text)
}

final class CellTests: XCTestCase {
  static let lstm = """
    cell LSTM(x) -> h {
      "Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000"
      f[t] = σ(W_f · [h[t-1], x[t]] + b_f)    "forget gate: how much of the old cell state stays"
      i[t] = σ(W_i · [h[t-1], x[t]] + b_i)    "input gate: how much of the candidate is written"
      g[t] = tanh(W_g · [h[t-1], x[t]] + b_g) "candidate: what could be written"
      o[t] = σ(W_o · [h[t-1], x[t]] + b_o)    "output gate: how much of the cell state is shown"
      c[t] = f[t] * c[t-1] + i[t] * g[t]      "cell state"
      h[t] = o[t] * tanh(c[t])                "hidden state"
      init b_f = 1
    }
    """

  func testSummaries() throws {
    let cases: [(text: String, lines: [String])] = [
      (
        CellTests.lstm,
        [
          "LSTM: input x, states c and h, output h, c as wide as h",
          "  W_f, W_i, W_g, W_o: h × (h + x)   b_f, b_i, b_g, b_o: h",
          "  in all 4·h·(h + x) + 4·h numbers",
        ]
      ),
      (
        """
        cell Leaky(x) -> h {
          z[t] = σ(W_z · [h[t-1], x[t]] + b_z)
          h[t] = z[t] * h[t-1] + (1 - z[t]) * x[t]
        }
        """,
        [
          "Leaky: input x, state and output h, as wide as x",
          "  W_z: x × 2·x   b_z: x   in all 2·x² + x numbers",
        ]
      ),
      (
        "cell A(x) -> h { A = U - Uᵀ - γ * I; h[t] = h[t-1] + ε * tanh(A · h[t-1] + W · x[t]); param γ: 1; const ε = 0.1 }",
        ["A: input x, state and output h", "  U: h × h   γ: 1   W: h × x   in all h·(h + x) + 1 numbers"]
      ),
      (
        "cell P(x) -> h { c[t] = σ(p * c[t-1] + W x); h_t = R · tanh(c_t) ; param W: h × 2·x }",
        []
      ),
    ]
    for (text, lines) in cases where !lines.isEmpty {
      XCTAssertEqual(try cell(text).summary(), lines)
    }
  }

  func testWhatIsPrintedReadsBack() throws {
    var printed = CellText(try cell(CellTests.lstm), width: 100)
    let first = printed.lines().joined(separator: "\n")
    var again = CellText(try cell(first), width: 100)
    XCTAssertEqual(again.lines().joined(separator: "\n"), first)
    print(first)
  }
}
