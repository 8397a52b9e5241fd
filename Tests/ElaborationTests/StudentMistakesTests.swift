import Algebra
import Syntax
import XCTest

@testable import Elaboration

/// What students get wrong, in five cells: each is found, named, and pointed at.
///
/// A plain RNN has no gate: it has neither f for f(1−f) nor only D(f), and no product of states of which a factor could
/// be left out (of its two factors the slope and the matrix can). A GRU's state is its output, so ∂h/∂c = D(o) is the
/// slope of its candidate left out, and o[t] for o[t-1] is h[t] for h[t-1].
final class StudentMistakesTests: XCTestCase {
  struct Case {
    var cell: String
    var claim: String
    /// `«` and `»` stand around what the caret must point at.
    var answer: String
    var kind: Mutation.Kind
    var right: String
    var standing: String?

    init(
      _ cell: String, _ claim: String, _ answer: String, _ kind: Mutation.Kind, _ right: String,
      _ standing: String? = nil
    ) {
      self.cell = cell
      self.claim = claim
      self.answer = answer
      self.kind = kind
      self.right = right
      self.standing = standing
    }
  }

  static let lstm = "∂c[t]/∂c[t-1]"
  static let gru = "∂h[t]/∂h[t-1]"

  static let cases: [Case] = [
    // f for f(1−f)
    Case(
      "LSTM", lstm,
      "f[t] + (c[t-1] * «f[t]» * W_f[h] + g[t] * i[t] * (1 - i[t]) * W_i[h] + i[t] * (1 - g[t]^2) * W_g[h]) · ∂h[t-1]/∂c[t-1]",
      .logisticSlope, "f[t] * (1 - f[t])", "f[t]"),
    Case(
      "CIFG", lstm,
      "f[t] + ((c[t-1] - g[t]) * «f[t]» * W_f[h] + i[t] * (1 - g[t]^2) * W_g[h]) · ∂h[t-1]/∂c[t-1]",
      .logisticSlope, "f[t] * (1 - f[t])", "f[t]"),
    Case(
      "PeepholeLSTM", lstm,
      "f[t] + c[t-1] * «f[t]» * (W_f[h] · ∂h[t-1]/∂c[t-1] + p_f) + g[t] * ∂i[t]/∂c[t-1] + i[t] * ∂g[t]/∂c[t-1]",
      .logisticSlope, "f[t] * (1 - f[t])", "f[t]"),
    Case(
      "GRU", gru,
      "(1 - z[t]) + (h̃[t] - h[t-1]) * «z[t]» * W_z[h] + z[t] * ∂h̃[t]/∂h[t-1]", .logisticSlope,
      "z[t] * (1 - z[t])", "z[t]"),
    // U transposed
    Case(
      "LSTM", lstm,
      "f[t] + (c[t-1] * f[t] * (1 - f[t]) * W_f[h] + g[t] * i[t] * (1 - i[t]) * «W_i[h]ᵀ» + i[t] * (1 - g[t]^2) * W_g[h]) · ∂h[t-1]/∂c[t-1]",
      .transposed, "W_i[h]", "W_i[h]ᵀ"),
    Case("RNN", gru, "(1 - h[t]^2) * «Uᵀ»", .transposed, "U", "Uᵀ"),
    Case(
      "GRU", gru,
      "(1 - z[t]) + ∂z[t]/∂h[t-1] * (h̃[t] - h[t-1]) + z[t] * (1 - h̃[t]^2) * («W[r * h]ᵀ» · (r[t] + h[t-1] * ∂r[t]/∂h[t-1]))",
      .transposed, "W[r * h]", "W[r * h]ᵀ"),
    Case(
      "CIFG", lstm,
      "f[t] + ((c[t-1] - g[t]) * f[t] * (1 - f[t]) * «W_f[h]ᵀ» + (1 - f[t]) * (1 - g[t]^2) * W_g[h]) · ∂h[t-1]/∂c[t-1]",
      .transposed, "W_f[h]", "W_f[h]ᵀ"),
    Case(
      "PeepholeLSTM", lstm,
      "f[t] + c[t-1] * f[t] * (1 - f[t]) * («W_f[h]ᵀ» · ∂h[t-1]/∂c[t-1] + p_f) + g[t] * ∂i[t]/∂c[t-1] + i[t] * ∂g[t]/∂c[t-1]",
      .transposed, "W_f[h]", "W_f[h]ᵀ"),
    // c⁻ left out
    Case(
      "LSTM", lstm, "f[t] + «∂f[t]/∂c[t-1]» + ∂i[t]/∂c[t-1] * g[t] + i[t] * ∂g[t]/∂c[t-1]", .factorMissing, "c[t-1]"),
    Case(
      "PeepholeLSTM", lstm, "f[t] + «∂f[t]/∂c[t-1]» + ∂i[t]/∂c[t-1] * g[t] + i[t] * ∂g[t]/∂c[t-1]", .factorMissing,
      "c[t-1]"),
    Case(
      "GRU", gru, "(1 - z[t]) + «∂z[t]/∂h[t-1]» + z[t] * ∂h̃[t]/∂h[t-1]", .factorMissing, "h̃[t] - h[t-1]"),
    Case(
      "CIFG", lstm, "f[t] + ∂f[t]/∂c[t-1] * «-g[t]» + i[t] * ∂g[t]/∂c[t-1]", .termMissing, "c[t-1]"),
    // g left out
    Case(
      "LSTM", lstm,
      "f[t] + (c[t-1] * f[t] * (1 - f[t]) * W_f[h] + «i[t] * (1 - i[t]) * W_i[h]» + i[t] * (1 - g[t]^2) * W_g[h]) · ∂h[t-1]/∂c[t-1]",
      .factorMissing, "g[t]"),
    Case(
      "PeepholeLSTM", lstm, "f[t] + ∂f[t]/∂c[t-1] * c[t-1] + «∂i[t]/∂c[t-1]» + i[t] * ∂g[t]/∂c[t-1]", .factorMissing,
      "g[t]"),
    Case("CIFG", lstm, "f[t] + ∂f[t]/∂c[t-1] * «c[t-1]» + i[t] * ∂g[t]/∂c[t-1]", .termMissing, "-g[t]"),
    Case("GRU", gru, "(1 - z[t]) + ∂z[t]/∂h[t-1] * (h̃[t] - h[t-1]) + «∂h̃[t]/∂h[t-1]»", .factorMissing, "z[t]"),
    // 1−g for 1−g²
    Case(
      "LSTM", lstm,
      "f[t] + (c[t-1] * f[t] * (1 - f[t]) * W_f[h] + g[t] * i[t] * (1 - i[t]) * W_i[h] + i[t] * («1 - g[t]») * W_g[h]) · ∂h[t-1]/∂c[t-1]",
      .tangentSlope, "1 - g[t]^2", "1 - g[t]"),
    Case("RNN", gru, "(«1 - h[t]») * U", .tangentSlope, "1 - h[t]^2", "1 - h[t]"),
    Case(
      "GRU", gru,
      "(1 - z[t]) + ∂z[t]/∂h[t-1] * (h̃[t] - h[t-1]) + z[t] * («1 - h̃[t]») * (W[r * h] · (r[t] + h[t-1] * ∂r[t]/∂h[t-1]))",
      .tangentSlope, "1 - h̃[t]^2", "1 - h̃[t]"),
    Case(
      "CIFG", lstm,
      "f[t] + ((c[t-1] - g[t]) * f[t] * (1 - f[t]) * W_f[h] + (1 - f[t]) * («1 - g[t]») * W_g[h]) · ∂h[t-1]/∂c[t-1]",
      .tangentSlope, "1 - g[t]^2", "1 - g[t]"),
    Case(
      "PeepholeLSTM", lstm,
      "f[t] + ∂f[t]/∂c[t-1] * c[t-1] + ∂i[t]/∂c[t-1] * g[t] + i[t] * («1 - g[t]») * (W_g[h] · ∂h[t-1]/∂c[t-1])",
      .tangentSlope, "1 - g[t]^2", "1 - g[t]"),
    // the diagonal on the wrong side
    Case(
      "LSTM", lstm,
      "f[t] + («W_f[h] · diag(c[t-1] * f[t] * (1 - f[t]))» + g[t] * i[t] * (1 - i[t]) * W_i[h] + i[t] * (1 - g[t]^2) * W_g[h]) · ∂h[t-1]/∂c[t-1]",
      .side, "c[t-1] * f[t] * (1 - f[t])", "W_f[h]"),
    Case("RNN", gru, "«U · diag(1 - h[t]^2)»", .side, "1 - h[t]^2", "U"),
    Case(
      "GRU", gru, "(1 - z[t]) + «W_z[h] · diag((h̃[t] - h[t-1]) * z[t] * (1 - z[t]))» + z[t] * ∂h̃[t]/∂h[t-1]", .side,
      "(h̃[t] - h[t-1]) * z[t] * (1 - z[t])", "W_z[h]"),
    Case(
      "CIFG", lstm,
      "f[t] + («W_f[h] · diag((c[t-1] - g[t]) * f[t] * (1 - f[t]))» + (1 - f[t]) * (1 - g[t]^2) * W_g[h]) · ∂h[t-1]/∂c[t-1]",
      .side, "(c[t-1] - g[t]) * f[t] * (1 - f[t])", "W_f[h]"),
    Case(
      "PeepholeLSTM", lstm,
      "f[t] + «(W_f[h] · ∂h[t-1]/∂c[t-1] + p_f) · diag(c[t-1] * f[t] * (1 - f[t]))» + g[t] * ∂i[t]/∂c[t-1] + i[t] * ∂g[t]/∂c[t-1]",
      .side, "c[t-1] * f[t] * (1 - f[t])", "W_f[h] · ∂h[t-1]/∂c[t-1] + p_f"),
    // ∂h/∂c = D(o); an RNN has no h of a cell state, and its one slope can be left out; so can the GRU's.
    Case("RNN", gru, "«U»", .slopeMissing, "1 - h[t]^2"),
    Case(
      "GRU", gru,
      "(1 - z[t]) + ∂z[t]/∂h[t-1] * (h̃[t] - h[t-1]) + «z[t] * (W[r * h] · (r[t] + h[t-1] * ∂r[t]/∂h[t-1]))»",
      .slopeMissing, "1 - h̃[t]^2"),
    Case(
      "PeepholeLSTM", "∂h[t]/∂c[t]", "«o[t]» + ∂o[t]/∂c[t] * tanh(c[t])", .slopeMissing, "1 - tanh(c[t])^2"),
    Case(
      "LSTM", lstm,
      "f[t] + (c[t-1] * f[t] * (1 - f[t]) * W_f[h] + g[t] * i[t] * (1 - i[t]) * W_i[h] + i[t] * (1 - g[t]^2) * W_g[h]) · diag(«o[t-1]»)",
      .slopeMissing, "1 - tanh(c[t-1])^2"),
    Case(
      "CIFG", lstm,
      "f[t] + ((c[t-1] - g[t]) * f[t] * (1 - f[t]) * W_f[h] + (1 - f[t]) * (1 - g[t]^2) * W_g[h]) · diag(«o[t-1]»)",
      .slopeMissing, "1 - tanh(c[t-1])^2"),
    Case("LSTM", "∂h[t]/∂c[t]", "«o[t]»", .slopeMissing, "1 - tanh(c[t])^2"),
    // o[t] for o[t-1]
    Case(
      "LSTM", lstm,
      "f[t] + (c[t-1] * f[t] * (1 - f[t]) * W_f[h] + g[t] * i[t] * (1 - i[t]) * W_i[h] + i[t] * (1 - g[t]^2) * W_g[h]) · diag(«o[t]» * (1 - tanh(c[t-1])^2))",
      .time, "o[t-1]", "o[t]"),
    Case(
      "CIFG", lstm,
      "f[t] + ((c[t-1] - g[t]) * f[t] * (1 - f[t]) * W_f[h] + (1 - f[t]) * (1 - g[t]^2) * W_g[h]) · diag(«o[t]» * (1 - tanh(c[t-1])^2))",
      .time, "o[t-1]", "o[t]"),
    Case(
      "PeepholeLSTM", "∂h[t-1]/∂c[t-1]", "«o[t]» * (1 - tanh(c[t-1])^2) + ∂o[t-1]/∂c[t-1] * tanh(c[t-1])", .time,
      "o[t-1]", "o[t]"),
    Case("RNN", gru, "(1 - «h[t-1]»^2) * U", .time, "h[t]", "h[t-1]"),
    Case("GRU", gru, "(1 - z[t]) + ∂z[t]/∂h[t-1] * (h̃[t] - «h[t]») + z[t] * ∂h̃[t]/∂h[t-1]", .time, "h[t-1]", "h[t]"),
    // others
    Case(
      "LSTM", lstm, "f[t] - «∂f[t]/∂c[t-1] * c[t-1]» + ∂i[t]/∂c[t-1] * g[t] + i[t] * ∂g[t]/∂c[t-1]", .sign,
      "∂f[t]/∂c[t-1] * c[t-1]", "∂f[t]/∂c[t-1] * c[t-1]"),
    Case(
      "LSTM", lstm, "f[t] + ∂f[t]/∂c[t-1] * c[t-1] + ∂i[t]/∂c[t-1] * g[t] + «f[t]» * ∂g[t]/∂c[t-1]", .name, "i[t]",
      "f[t]"),
    Case(
      "GRU", gru, "(1 - z[t]) + ∂z[t]/∂h[t-1] * (h̃[t] - h[t-1]) + («1 - z[t]») * ∂h̃[t]/∂h[t-1]", .complement, "z[t]",
      "1 - z[t]"),
    Case("RNN", gru, "«h[t] * (1 - h[t])» * U", .otherSlope, "1 - h[t]^2", "h[t] * (1 - h[t])"),
    Case("GRU", gru, "z[t] + ∂z[t]/∂h[t-1] * (h̃[t] - h[t-1]) + z[t] * ∂h̃[t]/∂h[t-1]", .complement, "1 - z[t]", "z[t]"),
  ]

  func testMistakesAreNamed() throws {
    var cells: [String: Recurrence] = [:]
    for item in Self.cases {
      let recurrence = try cells[item.cell] ?? LibraryRunner.recurrence(of: LibraryFolder.cell(item.cell))
      cells[item.cell] = recurrence
      let text = item.answer.filter { $0 != "«" && $0 != "»" }
      let verdict = try XCTUnwrap(
        Checker(recurrence).check(AnswerText.expression(item.claim), [AnswerText.expression(text)]).first)
      let name = "\(item.cell): \(text)"
      XCTAssertFalse(verdict.isRight, name)
      XCTAssertNotNil(verdict.counterexample, name)
      guard verdict.mistakes.count == 1, let mistake = verdict.mistakes.first else {
        XCTFail("\(name): \(verdict.mistakes)")
        continue
      }
      XCTAssertEqual(mistake.kind, item.kind, "\(name): \(mistake)")
      XCTAssertEqual(mistake.right, item.right, name)
      XCTAssertEqual(mistake.standing, item.standing, name)
      guard let open = item.answer.firstIndex(of: "«"), let close = item.answer.firstIndex(of: "»") else { continue }
      let marked = item.answer[item.answer.index(after: open)..<close]
      let start = "check a = ".utf8.count + item.answer[..<open].utf8.count
      XCTAssertEqual(mistake.place?.text, String(marked), name)
      XCTAssertEqual(mistake.place?.range.lowerBound, start, name)
    }
  }

  /// Only D(f), where it is right under no condition: a peephole reads c[t-1] itself, and in a GRU there is nothing
  /// else to hold. What is missing is said.
  func testDirectPathAloneMissesTerms() throws {
    for (cell, claim, answer, missing) in [
      ("PeepholeLSTM", Self.lstm, "f[t]", ["∂f[t]/∂c[t-1] * c[t-1]", "∂i[t]/∂c[t-1] * g[t]", "i[t] * ∂g[t]/∂c[t-1]"]),
      ("GRU", Self.gru, "1 - z[t]", ["∂z[t]/∂h[t-1] * (h̃[t] - h[t-1])", "z[t] * ∂h̃[t]/∂h[t-1]"]),
    ] {
      let recurrence = try LibraryRunner.recurrence(of: LibraryFolder.cell(cell))
      let verdict = try XCTUnwrap(
        Checker(recurrence).check(AnswerText.expression(claim), [AnswerText.expression(answer)]).first)
      XCTAssertFalse(verdict.isRight)
      XCTAssertNil(verdict.condition)
      var notation = TextNotation(recurrence.store)
      XCTAssertEqual(verdict.missing.map { notation.derivative($0.node) }, missing, cell)
    }
  }

  /// Only D(f): right if h[t-1] is held, and what is missing is said.
  func testHeldIsACondition() throws {
    for (cell, count) in [("LSTM", 3), ("CIFG", 3)] {
      let recurrence = try LibraryRunner.recurrence(of: LibraryFolder.cell(cell))
      let verdict = try XCTUnwrap(
        Checker(recurrence).check(AnswerText.expression(Self.lstm), [AnswerText.expression("f[t]")]).first)
      guard case .held(let held)? = verdict.condition else { return XCTFail(cell) }
      XCTAssertEqual(held.map { recurrence.store[$0.symbol].name }, ["h"])
      XCTAssertEqual(held.map(\.shift), [-1])
      XCTAssertEqual(verdict.missing.count, count)
      XCTAssertFalse(verdict.isRight)
    }
  }
}
