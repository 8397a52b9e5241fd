import XCTest

@testable import Session

final class CompletionTests: XCTestCase {
  /// What is typed (the cursor at its end), and the first of what is offered.
  func testCompletions() {
    let session = librarySession()
    _ = session.printed(
      "alpha = 3; αβ = 2; r = {lr: 0.1, inner: {steps: 2}}; fn swish(zeta, beta) = zeta\nnet = LSTM(x: 2, h: 3)")
    let cases: [(line: String, start: Int, first: [String])] = [
      ("alp", 0, ["alpha"]), ("1 + alp", 4, ["alpha"]), ("αβ", 0, ["αβ"]), ("sig", 0, ["sigmoid", "sign"]),
      ("r.", 2, ["lr", "inner"]), ("r.l", 2, ["lr"]), ("r.inner.", 8, ["steps"]), ("x = r.in", 6, ["inner"]),
      ("swish(", 6, ["zeta: ", "beta: "]), ("swish(1, b", 9, ["beta: "]),
      ("mean(X, o", 8, ["over: ", "ones", "order"]),
      ("net.W_", 4, ["W_f", "W_i", "W_g", "W_o"]), ("LSTM(", 5, ["x: ", "h: ", "seed: ", "dtype: "]),
      ("JANET(x: 1, ", 12, ["h: ", "x: ", "β: "]), ("use GRU", 4, ["GRU", "GRUAfter"]),
      ("\\sigm", 0, ["σ"]), ("W_\\alph", 2, ["α"]), ("x\\hat", 1, ["\u{302}"]), ("fo", 0, ["for"]),
      ("forget a", 7, ["alpha"]), ("help whi", 5, ["while"]), ("?mea", 1, ["mean"]), ("set not", 4, ["notation"]),
      ("lesson qu", 7, ["quiz"]),
      ("\"a\" + ", 6, []), ("", 0, []), ("# sig", 2, ["sigmoid"]), ("LeakyR", 0, []), ("none.", 5, []),
      ("LST", 0, ["LSTM"]),
    ]
    for (line, start, first) in cases {
      let found = session.completions(for: line, at: line.utf8.count)
      XCTAssertEqual(found.start, start, line)
      let offered = found.items.map(\.replacement)
      XCTAssertTrue(
        Set(first).isSubset(of: offered.prefix(max(8, first.count))) && (!first.isEmpty || offered.isEmpty),
        "\(line): \(offered.prefix(8))")
    }
  }

  func testDisplay() {
    let session = librarySession()
    _ = session.printed("net = LSTM(x: 2, h: 3)")
    XCTAssertEqual(session.completions(for: "net.W_f", at: 7).items.first?.display, "W_f  3 × 5")
    XCTAssertEqual(session.completions(for: "net.c", at: 5).items.first?.display, "c  track, 3")
    XCTAssertEqual(session.completions(for: "\\sigma", at: 6).items.first?.display, "σ  \\sigma")
  }

  func testFiles() {
    let session = Session()
    let typed = "read(\"\(libraryFolder)/da"
    let found = session.completions(for: typed, at: typed.utf8.count)
    XCTAssertEqual(found.items.map(\.replacement), ["data/"])
    XCTAssertEqual(found.start, typed.utf8.count - 2)
    let inside = "read(\"\(libraryFolder)/data/sunspots-y"
    XCTAssertEqual(
      session.completions(for: inside, at: inside.utf8.count).items.map(\.replacement), ["sunspots-yearly.csv"])
  }

  /// It evaluates nothing and breaks on nothing.
  func testOddities() {
    let session = librarySession()
    for line in ["))))", "((((", "\"\\", "..", ".", "a..b.", "\u{302}", "\\", "f(g(h(", "[{(", "😀.", "σ("] {
      for offset in -1...line.utf8.count + 1 { _ = session.completions(for: line, at: offset) }
    }
  }
}
