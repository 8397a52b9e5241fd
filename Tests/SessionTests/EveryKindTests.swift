import XCTest

@testable import Session

/// Every operator, index, statement and built-in with every kind of value: always a value or an error with a place.
final class EveryKindTests: XCTestCase {
  private let values = [
    "nothing", "0", "-3", "2.5", "1e18", "NaN", "∞", "true", "\"\"", "\"text\"", "[ ]", "[1, 2]", "[3]", "[1, 2; 3, 4]",
    "[[1, 2]]", "zeros(2, 2, 2)", "zeros(0, 3)", "1..3", "0..0.5", "3..1", "1..1e18", "()", "(1, \"a\")", "{a: 1}",
    "sqrt", "f", "f'", "t2", "Cell", "net", "net.h", "LSTM", "net.W",
  ]

  /// For what stands beside each of them, fewer: of every kind one or two.
  private let partners = [
    "nothing", "0", "-3", "1e18", "true", "\"text\"", "[ ]", "[1, 2]", "[1, 2; 3, 4]", "zeros(2, 2, 2)", "1..3",
    "(1, \"a\")", "sqrt", "net.h",
  ]

  private func session() -> Session {
    let session = librarySession()
    XCTAssertEqual(
      session.printed(
        """
        fn f(x) = x * x
        t2 = table({year: [1, 2], name: ("a", "b")})
        cell Cell(x) -> h { h[t] = tanh(W · [h[t-1], x[t]] + b) };
        net = Cell(x: 1, h: 2); y = feed(net, [1; 2])
        """
      ).count, 2)
    // What runs long ends soon: this is about what breaks.
    let clock = ContinuousClock()
    var start = clock.now
    var polls = 0
    session.isInterrupted = {
      polls += 1
      if polls == 1 { start = clock.now }
      return clock.now - start > .milliseconds(20)
    }
    return session
  }

  private func run(_ texts: some Sequence<String>, file: StaticString = #filePath, line: UInt = #line) {
    var session = session()
    session.output = { _ in }
    var count = 0
    for text in texts {
      count += 1
      if count % 500 == 0 {
        session = self.session()
        session.output = { _ in }
      }
      if case .failed(let diagnostic) = session.evaluate(text).status {
        XCTAssertNotEqual(diagnostic.message, "this failed", text, file: file, line: line)
        XCTAssertNotEqual(diagnostic.message, "these values do not go together", text, file: file, line: line)
        XCTAssertNotNil(diagnostic.place, "\(text): \(diagnostic.message)", file: file, line: line)
      }
    }
  }

  func testOperators() {
    let operators = ["+", "-", "*", "·", "/", "^", "..", "and", "or", "==", "<", "≥", "≠"]
    run(
      values.flatMap { a in
        ["-\(a)", "not \(a)", "(\(a))'", "\"{\(a)}\"", "[\(a)]", "[[\(a)], [1]]", "(\(a), 1)", "for x in \(a) { x }"]
          + partners.flatMap { b in
            operators.map { "\(a) \($0) \(b)" } + [
              "[\(a), \(b)]", "[\(a); \(b)]", "(\(a))[\(b)]", "x = \(a); x[1] = \(b)",
            ]
          }
      })
  }

  func testParts() {
    run(
      values.flatMap { a in
        [
          "x = \(a); x[1]", "x = \(a); x[1, 1]", "x = \(a); x[:, 1]", "x = \(a); x[end]", "x = \(a); x[1..end]",
          "x = \(a); x.a", "x = \(a); x.a = 1", "x = \(a); x[1, 2] = 1", "x = \(a); x[1..2] = 5",
          "x = \(a); x[1][1] = 5",
          "x = \(a); (p, q) = x", "x = \(a); x()", "x = \(a); x(1)", "x = \(a); x(1, 2)", "x = \(a); x(a: 1)",
          "x = \(a); x'(1)",
          "show(\(a))", "x = \(a); x == x", "if \(a) { 1 }", "while \(a) { break }", "assert \(a)", "set seed \(a)",
          "use \(a)",
          "net.W = \(a)", "net.W[h] = \(a)", "net.h[0] = \(a)", "net.h[end] = \(a)", "net.h[\(a)]", "net.W[\(a)]",
          "feed(net, \(a))", "feed(net, x: \(a))", "clamp(net, h: \(a))", "clamp(net, h: 1, at: \(a))",
          "Cell(x: \(a), h: 2)",
          "Cell(\(a))", "clamp(Cell, h: \(a))", "stack(\(a), Cell)", "stack(a: \(a))", "rewind(net, \(a))",
          "import \(a)",
          "fn k(x) = x + \(a); k(1)", "x = \(a); forget x",
        ]
      })
  }

  func testBuiltins() {
    let names = BuiltinTable.rows.map(\.name).filter { !["write", "read", "print", "show"].contains($0) }
    run(
      names.flatMap { name in values.map { "\(name)(\($0))" } + ["\(name)()", "\(name)", "\(name)(1, 2, 3, 4, 5, 6)"] })
    let few = [
      "0", "-3", "2.5", "\"text\"", "[1, 2]", "[1, 2; 3, 4]", "1..3", "(1, \"a\")", "f", "net", "Cell", "{a: 1}",
    ]
    run(names.flatMap { name in few.flatMap { a in few.map { "\(name)(\(a), \($0))" } } })
    run(names.flatMap { name in few.map { "\(name)(\($0), over: \($0))" } + few.map { "\(name)(1, 2, \($0))" } })
  }
}
