import Algebra
import XCTest

@testable import Elaboration

/// Cells that are the same under other names, and cells that are not.
final class EquivalenceTests: XCTestCase {
  static let cho = """
    cell Cho(x) -> h {
      r[t] = σ(W_r · x[t] + U_r · h[t-1] + b_r)
      z[t] = σ(W_z · x[t] + U_z · h[t-1] + b_z)
      n[t] = tanh(W · x[t] + U · (r[t] * h[t-1]) + b)
      h[t] = z[t] * h[t-1] + (1 - z[t]) * n[t]
    }
    """
  static let pytorch = """
    cell PyTorch(x) -> h {
      r[t] = σ(W_ir · x[t] + b_ir + W_hr · h[t-1] + b_hr)
      z[t] = σ(W_iz · x[t] + b_iz + W_hz · h[t-1] + b_hz)
      n[t] = tanh(W_in · x[t] + b_in + r[t] * (W_hn · h[t-1] + b_hn))
      h[t] = (1 - z[t]) * n[t] + z[t] * h[t-1]
    }
    """
  static let quiz = """
    cell Quiz(x) -> h {
      z[t] = σ(W_z · [h[t-1], x[t]])
      r[t] = σ(W_r · [h[t-1], x[t]])
      h̃[t] = tanh(W · [r[t] * h[t-1], x[t]])
      h[t] = (1 - z[t]) * h[t-1] + z[t] * h̃[t]
    }
    """
  static let packed = """
    cell Packed(x) -> h {
      [i[t], f[t], o[t]] = σ(W · [x[t], h[t-1]] + b)
      g[t] = tanh(U · h[t-1] + V · x[t] + a)
      c[t] = i[t] * g[t] + f[t] * c[t-1]
      h[t] = tanh(c[t]) * o[t]
    }
    """
  /// tanh(a) = -tanh(-a), and 2σ(2a) - 1 is not looked for.
  static let negated = "cell N(x) -> h { g[t] = tanh(b - W · x[t] - U · h[t-1]); h[t] = -g[t] }"

  static let cases: [(first: String, second: String, outcome: String)] = [
    ("GRU", cho, "same"), ("GRU", quiz, "second is special"), (quiz, "GRU", "first is special"),
    ("GRUAfter", pytorch, "same"), ("GRU", "GRUAfter", "different"), ("GRU", pytorch, "different"),
    (cho, "GRU", "same"), ("LSTM", packed, "same"), (packed, "LSTM", "same"), ("LSTM", "NP", "same"),
    ("LSTM", "PeepholeLSTM", "first is special"), ("LSTM", "CIFG", "different"), ("LSTM", "GRU", "different"),
    ("RNN", negated, "same"), ("MGU", "GRU", "different"), ("RNN", "IRNN", "different"),
    ("PeepholeCIFG", "CIFG", "second is special"), ("GRU", "MGU", "different"), (quiz, quiz, "same"),
  ]

  private func cell(_ text: String) throws -> Recurrence {
    try LibraryRunner.recurrence(of: text.hasPrefix("cell") ? text : LibraryFolder.cell(text))
  }

  private func word(_ found: Equivalence) -> String {
    switch found.outcome {
    case .same: "same"
    case .secondIsSpecial: "second is special"
    case .firstIsSpecial: "first is special"
    case .different: "different"
    case .unknown(let reason): "unknown: \(reason)"
    }
  }

  func testCases() throws {
    for item in Self.cases {
      let found = try Equivalence(cell(item.first), cell(item.second))
      XCTAssertEqual(word(found), item.outcome, "\(item.first) and \(item.second)")
    }
  }

  func testTheMapIsPrinted() throws {
    let found = try Equivalence(cell("GRU"), cell(Self.cho))
    XCTAssertEqual(found.variables.map { "\($0.first) = \($0.second)" }, ["z = 1 - z", "h̃ = n"])
    XCTAssertTrue(found.parameters.contains { $0 == ("W_z[h]", "-U_z") })
    XCTAssertTrue(found.parameters.contains { $0 == ("b_z", "-b_z") })
  }

  private func proof(_ found: Equivalence) -> String {
    switch found.proof {
    case nil: "none"
    case .interface: "interface"
    case .noParameters: "no parameters"
    case .range: "range"
    case .reach(let reach): "\(reach.isFirstBlind ? "first" : "second") does not follow \(reach.lag) back"
    case .rank(let rank): "\(rank.rank) of \(rank.isFirstLarger ? "first" : "second"), \(rank.count)"
    }
  }

  /// What is said to be different is proved to be, each kind of proof by cells of its own; else it is not said.
  func testProofsOfDifference() throws {
    let cases: [(first: String, second: String, proof: String)] = [
      ("GRU", "GRUAfter", "10 of second, 9"), ("LSTM", "CIFG", "10 of first, 9"), ("MGU", "GRU", "7 of second, 6"),
      ("RNN", "IRNN", "range"), ("sLSTM", "sLSTMexp", "none"),
      ("cell A(x) -> h { h[t] = x[t] }", "cell B(x) -> h { h[t] = 2 * x[t] }", "no parameters"),
      ("cell A(x) -> h { h[t] = x[t] }", "cell B(x) -> h { h[t] = p * x[t] + q }", "no parameters"),
      (
        "cell A(x) -> h { h[t] = tanh(W · x[t]) }", "cell B(x) -> h { h[t] = tanh(W · x[t-1]) }",
        "first does not follow 1 back"
      ),
      ("cell A(x) -> h { h[t] = p * x[t-7] }", "cell B(x) -> h { h[t] = p * x[t-6] }", "first does not follow 6 back"),
      ("cell A(x) -> h { h[t] = x[t] }", "cell B(x, y) -> h { h[t] = x[t] + y[t] }", "interface"),
      // Not by counting: p * q is one number.
      ("cell A(x) -> h { h[t] = p * x[t] }", "cell B(x) -> h { h[t] = p * q * x[t] }", "none"),
      ("cell A(x) -> h { h[t] = p * x[t] }", "cell B(x) -> h { h[t] = exp(p) * x[t] }", "none"),
    ]
    for item in cases {
      let found = try Equivalence(cell(item.first), cell(item.second))
      XCTAssertEqual(proof(found), item.proof, "\(item.first) and \(item.second)")
      XCTAssertFalse(found.isSame)
      if let outputs = found.outputs { XCTAssertNotEqual(outputs.first, outputs.second, accuracy: 1e-6) }
    }
  }

  /// The same by identities that no polynomial shows; and what differs only after many steps is not the same.
  func testTheSameAsWritten() throws {
    for (first, second, isSame) in [
      ("h[t] = softmax(W · x[t])", "h[t] = exp(W · x[t]) / sum(exp(W · x[t]))", true),
      ("h[t] = tanh(p * x[t] + h[t-1])", "h[t] = 2 * σ(2 * (q * x[t] + h[t-1])) - 1", true),
      ("h[t] = relu(x[t])", "h[t] = max(x[t], 0)", true),
      ("h[t] = softmax(x[t])", "h[t] = exp(x[t]) / sum(exp(2 * x[t]))", false),
      ("u[t] = x[t-5]; h[t] = softmax(x[t]) + u[t-6]", "u[t] = x[t-5]; h[t] = softmax(x[t]) + u[t-7]", false),
    ] {
      let found = try Equivalence(cell("cell A(x) -> h { \(first) }"), cell("cell B(x) -> h { \(second) }"))
      XCTAssertEqual(found.isSame, isSame, "\(first) and \(second)")
    }
  }

  /// Widths that were set make no difference, but where both say another.
  func testWidthsThatAreSet() throws {
    func lstm(_ widths: [(name: String, value: Int)]) throws -> Recurrence {
      var result = try cell("LSTM")
      result.widths = widths
      result.shapes = try result.solvedShapes()
      return result
    }
    XCTAssertTrue(try Equivalence(lstm([]), lstm([("x", 2), ("h", 3)])).isSame)
    XCTAssertTrue(try Equivalence(lstm([("x", 2)]), lstm([("h", 3)])).isSame)
    XCTAssertEqual(proof(try Equivalence(lstm([("x", 2), ("h", 3)]), lstm([("x", 4), ("h", 3)]))), "interface")
  }

  /// Every cell of the library is itself, and no two are each other but the LSTM by its two names.
  func testLibrary() throws {
    let entries = try LibraryFolder.index()
    let cells = try entries.map { try cell($0.name) }
    var same: [String] = []
    for (position, first) in cells.enumerated() {
      XCTAssertEqual(word(try Equivalence(first, first)), "same", first.name)
      for second in cells[(position + 1)...] {
        if try Equivalence(first, second, seeksProof: false).isSame { same.append("\(first.name) \(second.name)") }
      }
    }
    XCTAssertEqual(same, ["LSTM NP"])
  }
}
