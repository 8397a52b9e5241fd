import Algebra
import XCTest

@testable import Elaboration

/// Verdicts that are neither plainly right nor a known mistake, and cells out of the ordinary.
final class VerdictTests: XCTestCase {
  static let timed = "cell T(x) -> h { h[t] = sin(t / 4) * tanh(U · h[t-1] + W · x[t]) }"
  static let reversed = "reversed cell R(e) -> δ { δ[t] = e[t] + tanh(U · δ[t+1]) }"
  static let late = "cell L(x) -> h { h[t] = tanh(W · [h[t-1], h[t-3], x[t], x[t-2]]) }"
  static let split = "cell S(x) -> h { [a[t], b[t]] = σ(W · [h[t-1], x[t]]); h[t] = a[t] * b[t] }"
  static let rectified = "cell Q(x) -> h { h[t] = relu(W · x[t] + U · h[t-1]) }"

  static let cases: [(cell: String, claim: String, answer: String, verdict: String)] = [
    (timed, "h[t]", "sin(t / 4) * tanh(U · h[t-1] + W · x[t])", "right"),
    (timed, "h[t]", "sin(1) * tanh(U · h[t-1] + W · x[t])", "wrong"),
    (timed, "h[t]", "sin(5 / 4) * tanh(U · h[t-1] + W · x[t])", "wrong"),
    (reversed, "δ[t]", "tanh(U · δ[t+1]) + e[t]", "right"),
    (reversed, "δ[t]", "tanh(U · δ[t-1]) + e[t]", "wrong"),
    (reversed, "∂δ[t]/∂δ[t+1]", "(1 - tanh(U · δ[t+1])^2) * U", "right"),
    (reversed, "∂δ[t]/∂δ[t+1]", "U", "wrong"),
    (reversed, "∂δ[t]/∂δ[t-1]", "0", "right"),
    (reversed, "∂δ[t]/∂e[t+2]", "∂δ[t]/∂δ[t+1] · ∂δ[t+1]/∂δ[t+2]", "right"),
    (reversed, "∂δ[t]/∂e[t+2]", "∂δ[t]/∂δ[t+1]", "wrong"),
    (late, "∂h[t]/∂h[t-3]", "(1 - h[t]^2) * (W[h[t-1]] · ∂h[t-1]/∂h[t-3] + W[h[t-3]])", "right"),
    (late, "∂h[t]/∂h[t-3]", "(1 - h[t]^2) * (W[h[t-1]] · ∂h[t-1]/∂h[t-3] + W[h[t-1]])", "wrong"),
    (late, "∂h[t]/∂x[t-2]", "(1 - h[t]^2) * (W[x[t-2]] + W[h[t-1]] · ∂h[t-1]/∂x[t-2])", "right"),
    (split, "∂h[t]/∂h[t-1]", "b[t] * a[t] * (1 - a[t]) * W[a, h] + a[t] * b[t] * (1 - b[t]) * W[b, h]", "right"),
    (split, "∂h[t]/∂h[t-1]", "b[t] * a[t] * (1 - a[t]) * W[a, h] + a[t] * b[t] * (1 - b[t]) * W[a, h]", "wrong"),
    (rectified, "∂h[t]/∂h[t-1]", "step(h[t]) * U", "right"),
    (rectified, "∂h[t]/∂h[t-1]", "step(W · x[t] + U · h[t-1]) * U", "right"),
    (rectified, "∂h[t]/∂h[t-1]", "U", "wrong"),
    ("LSTM", "exp(c[t] + h[t])", "exp(c[t]) * exp(h[t])", "right, as rounding tells"),
    ("LSTM", "sqrt(c[t]^2)", "abs(c[t])", "right, as rounding tells"),
    ("LSTM", "c[t]", "c[t] + 1e-9", "wrong"),
    // Below what rounding hides it is called right, and that it is said for rounding alone.
    ("LSTM", "c[t]", "c[t] + 1e-18", "right, as rounding tells"),
    ("LSTM", "1 / (c[t] - c[t])", "1", "unknown"),
    ("LSTM", "tanh(c[t])", "(exp(c[t]) - exp(-c[t])) / (exp(c[t]) + exp(-c[t]))", "right, as rounding tells"),
    ("LSTM", "h[t]", String(repeating: "tanh(", count: 90) + "h[t]" + String(repeating: ")", count: 90), "wrong"),
    ("LSTM", "h[t]", String(repeating: "exp(", count: 6) + "h[t]" + String(repeating: ")", count: 6), "unknown"),
    ("LSTM", "σ(-c[t])", "1 - σ(c[t])", "right"),
    ("RNN", "∂h[t]/∂h[t-1]", "(1 - h[t]^2) * sum(h[t]) / h[t] * U", "only at width 1"),
    ("RNN", "∂h[t]/∂h[t-1]", "(1 - h[t]^2) · U", "right"),
    ("RNN", "∂h[t]/∂h[t-1]", "U - h[t]^2 * U", "right"),
    ("RNN", "∂h[t]/∂h[t-1]", "U - diag(h[t]) · diag(h[t]) · U", "right"),
    ("RNN", "∂h[t]/∂h[t-1]", "(I - diag(h[t]^2)) · U", "right"),
    ("RNN", "∂h[t]/∂h[t-1]", "diag((1 - h[t]) * (1 + h[t])) · U", "right"),
    ("RNN", "∂h[t]/∂h[t-1]", "(Uᵀ * (1 - h[t]^2)ᵀ)ᵀ", "right"),
    ("RNN", "∂h[t]/∂h[t-1]", "(1 - tanh(W · x[t] + U · h[t-1] + b)^2) * U", "right"),
    ("RNN", "∂h[t]/∂x[t]", "∂h[t]/∂h[t-1] · ∂h[t-1]/∂x[t]", "wrong"),
    ("RNN", "∂h[t]/∂h[t-2]", "∂h[t]/∂h[t-1] · ∂h[t-1]/∂h[t-2]", "right"),
    ("LSTM", "∂c[t]/∂c[t-2]", "∂c[t]/∂c[t-1] · ∂c[t-1]/∂c[t-2]", "wrong"),
    (
      "LSTM", "∂c[t]/∂c[t-2]",
      "∂c[t]/∂c[t-1] · ∂c[t-1]/∂c[t-2] + ∂c[t]/∂h[t-1] · ∂h[t-1]/∂o[t-1] · ∂o[t-1]/∂c[t-2]", "right"
    ),
  ]

  private func word(_ verdict: Verdict) -> String {
    switch (verdict.outcome, verdict.condition) {
    case (.right, _): verdict.isNumerical ? "right, as rounding tells" : "right"
    case (.wrong, .widthOne?): "only at width 1"
    case (.wrong, _): "wrong"
    case (.unknown, _): "unknown"
    }
  }

  func testVerdicts() throws {
    for item in Self.cases {
      let text = item.cell.contains("cell") ? item.cell : try LibraryFolder.cell(item.cell)
      let recurrence = try LibraryRunner.recurrence(of: text)
      do {
        let verdicts = try Checker(recurrence).check(
          AnswerText.expression(item.claim), [AnswerText.expression(item.answer)])
        XCTAssertEqual(verdicts.map(word), [item.verdict], "\(item.claim) = \(item.answer)")
      } catch let error as ElaborationError {
        XCTAssertEqual(error.diagnostic.message, item.verdict, "\(item.claim) = \(item.answer)")
      }
    }
  }

  /// What comes back from later times counts: y[t] reads back.h[t], which reads back.h[t+1].
  func testBothDirections() throws {
    let rnn = try LibraryRunner.recurrence(of: LibraryFolder.cell("RNN"))
    let both = try Composition.bidirectional(rnn)
    let slope = "(1 - back.h[t]^2)"
    let cases: [(claim: String, answer: String, verdict: String)] = [
      ("∂back.h[t]/∂x[t+1]", "\(slope) * back.U · ∂back.h[t+1]/∂x[t+1]", "right"),
      ("∂back.h[t]/∂x[t+2]", "\(slope) * back.U · ∂back.h[t+1]/∂x[t+2]", "right"),
      ("∂back.h[t]/∂x[t+2]", "\(slope) * back.U · ∂back.h[t+1]/∂x[t+1]", "wrong"),
      ("∂back.h[t]/∂x[t-1]", "0", "right"),
      ("∂ahead.h[t]/∂x[t+1]", "0", "right"),
      ("∂y[t]/∂x[t]", "[∂ahead.h[t]/∂x[t], ∂back.h[t]/∂x[t]]", "right"),
      ("∂y[t]/∂x[t]", "[∂ahead.h[t]/∂x[t], \(slope) * back.W]", "right"),
      (
        "∂y[t]/∂x[t]", "[∂ahead.h[t]/∂x[t], ∂ahead.h[t]/∂x[t]]",
        "this is 2·ahead.h × x, and what it is to equal is y × x"
      ),
    ]
    for item in cases {
      do {
        let verdicts = try Checker(both).check(
          AnswerText.expression(item.claim), [AnswerText.expression(item.answer)])
        XCTAssertEqual(verdicts.map(word), [item.verdict], "\(item.claim) = \(item.answer)")
      } catch let error as ElaborationError {
        XCTAssertEqual(error.diagnostic.message, item.verdict, "\(item.claim) = \(item.answer)")
      }
    }
  }
}
