import XCTest

@testable import Syntax

final class SuggestionTests: XCTestCase {
  func testNearNames() {
    let known = ["sigmoid", "σ", "tanh", "LSTM", "GRU", "W_f", "W_i", "h̃", "mean", "deviation", "δ", "at", "b_α"]
    let cases: [(String, [String])] = [
      ("sigma", ["σ", "sigmoid"]), ("Tanh", ["tanh"]), ("lstm", ["LSTM"]), ("tahn", ["tanh"]), ("maen", ["mean"]),
      ("sigmod", ["sigmoid"]), ("delta", ["δ"]), ("deviaton", ["deviation"]), ("W_g", ["W_f", "W_i"]), ("ab", []),
      ("b_alpha", ["b_α"]), ("xyz", []), ("w_f", ["W_f"]), (String(repeating: "a", count: 10_000), []),
    ]
    for (typed, expected) in cases {
      let found = nearNames(typed, among: known)
      XCTAssertEqual(Array(found.prefix(expected.count)), expected, "\(typed): \(found)")
      if expected.isEmpty { XCTAssertEqual(found, [], typed) }
    }
  }

  func testAmbiguousProducts() {
    let cases: [(String, [String]?)] = [
      ("U · r * h", ["U · (r * h)", "(U · r) * h"]),
      ("U · r[t] * h[t-1]", ["U · (r[t] * h[t-1])", "(U · r[t]) * h[t-1]"]),
      ("A · B · v * u", ["A · B · (v * u)", "(A · B · v) * u"]), ("U · (r * h)", nil), ("(U · r) * h", nil),
      ("r * U · h", nil), ("a * b * c", nil),
    ]
    for (text, readings) in cases {
      guard let expression = LexerTests.expression(text) else { return XCTFail(text) }
      XCTAssertEqual(AmbiguousProduct(expression)?.readings, readings, text)
    }
    let typed = LexerTests.expression("U · r[t] * h[t-1]").flatMap { AmbiguousProduct($0)?.error.diagnostic }
    XCTAssertEqual(typed?.message, "U · r[t] * h[t-1] can be read in two ways")
    XCTAssertEqual(typed?.hint, "U · (r[t] * h[t-1]) or (U · r[t]) * h[t-1]")
  }

  /// Each habit has a message and a hint of its own, also with nothing known of what was typed.
  func testEveryHabitSaysSomething() {
    XCTAssertEqual(Set(ForeignHabits.table.map(\.name)), Set(ForeignHabit.Name.allCases))
    for habit in ForeignHabits.table {
      let diagnostic = habit.diagnostic(at: nil)
      XCTAssertFalse(diagnostic.message.isEmpty || diagnostic.hint?.isEmpty != false, habit.written)
      XCTAssertFalse((diagnostic.message + (diagnostic.hint ?? "")).contains("$0"), habit.written)
    }
    XCTAssertEqual(
      ForeignHabits[.zeroIndex].diagnostic(at: nil, ["net.f"]).hint, "indices start at 1: net.f[1] is the first")
    XCTAssertEqual(ForeignHabits[.method].diagnostic(at: nil, ["X", "mean"]).hint, "mean(X)")
    XCTAssertEqual(ForeignHabits[.method].diagnostic(at: nil, ["X"]).hint, "mean(X)")
  }
}
