import XCTest

@testable import Syntax

/// What no text can do: exhaust the stack, or take long.
final class LimitTests: XCTestCase {
  func testNestingIsBounded() {
    let count = 10_000
    let texts = [
      String(repeating: "(", count: count), String(repeating: "[", count: count), String(repeating: "f(", count: count),
      String(repeating: "{a: ", count: count), String(repeating: "if a {", count: count),
      String(repeating: "-", count: count) + "a", String(repeating: "not ", count: count) + "a",
      String(repeating: "a^", count: count) + "a", String(repeating: "a + ", count: count) + "a",
      String(repeating: "a · ", count: count) + "a", String(repeating: "a..", count: count) + "a",
      "a" + String(repeating: "'", count: count), "a" + String(repeating: "[1]", count: count),
      "a" + String(repeating: "(1)", count: count), "a" + String(repeating: ".b", count: count),
      "a" + String(repeating: "²", count: count), "a" + String(repeating: " in b", count: count),
      "a" + String(repeating: " holding b", count: count), String(repeating: "∂", count: count),
      String(repeating: "∂(", count: count), String(repeating: "√", count: count),
      String(repeating: "fn f() = ", count: count),
      String(repeating: "cell N(x) { ", count: count), String(repeating: "while a { ", count: count),
      "y = " + String(repeating: "if a { b } else ", count: count) + "{ c }",
      "if a { b }" + String(repeating: " else if a { b }", count: 1000) + " else { c }",
      String(repeating: "\"{", count: count), String(repeating: "((a + b) + ", count: 3000),
      "check a" + String(repeating: " = a", count: 3000),
    ]
    for text in texts {
      for mode in [Parser.Mode.prompt, .file] {
        let start = ContinuousClock.now
        let outcome = Parser.parse(Source(name: "deep", text: text), mode: mode)
        XCTAssertLessThan(ContinuousClock.now - start, .seconds(5), String(text.prefix(20)))
        // Whatever came out can be printed, compared and let go.
        let printed = TreePrinter().text(outcome.statements)
        XCTAssertEqual(Parser.parse(Source(name: "again", text: printed), mode: .file).statements, outcome.statements)
      }
    }
  }

  func testTooDeepSaysSo() {
    for text in [String(repeating: "(", count: 100_000), String(repeating: "a + ", count: 20_000) + "a"] {
      guard case .failed(let diagnostic) = Parser.parse(Source(name: "prompt", text: text), mode: .prompt).problem
      else {
        return XCTFail("no error")
      }
      XCTAssertEqual(diagnostic.message, "this is nested more than 500 levels deep")
      XCTAssertLessThan(DiagnosticRenderer().lines(diagnostic).map(\.count).max() ?? 0, 130)
    }
  }

  /// A sum of 450 terms and 450 brackets are still fine.
  func testDeepButNotTooDeep() {
    let texts = [
      String(repeating: "(", count: 450) + "a" + String(repeating: ")", count: 450),
      Array(repeating: "a", count: 450).joined(separator: " + "), String(repeating: "-", count: 450) + "a",
    ]
    for text in texts { XCTAssertNil(Parser.parse(Source(name: "prompt", text: text), mode: .prompt).problem) }
  }

  /// Ten times the text takes about ten times as long.
  func testLinear() {
    let unit = "h[t] = σ(W_f · [h[t-1], x[t]] + b_f) * \"text {a} é\"  # comment\nnet.f[3, 1] = 2.5e-3 + a ** 0\n"
    let line = unit.replacing(" ** 0", with: "")
    func seconds(_ count: Int) -> Double {
      let source = Source(name: "long", text: String(repeating: line, count: count))
      let start = ContinuousClock.now
      let outcome = Parser.parse(source, mode: .file)
      let time = ContinuousClock.now - start
      XCTAssertEqual(outcome.statements.count, 2 * count)
      XCTAssertNil(outcome.problem)
      return Double(time.components.attoseconds) / 1e18 + Double(time.components.seconds)
    }
    _ = seconds(100)
    let (short, long) = (seconds(1000), seconds(10_000))
    print("parsing a megabyte took \(long) s, a tenth of it \(short) s")
    XCTAssertLessThan(long, 40 * short)
  }

  /// One long line, or many errors of one kind, are no slower.
  func testHostileTextsAreLinear() {
    let texts = [
      String(repeating: "'", count: 50_000), String(repeating: "\"", count: 50_000),
      String(repeating: "{", count: 50_000), String(repeating: "\"{\"", count: 20_000),
      String(repeating: "\\", count: 50_000), String(repeating: "a_{", count: 20_000),
      String(repeating: "\\u{", count: 20_000), "x ** " + String(repeating: "y + ", count: 20_000),
      String(repeating: "\"\"\"\n", count: 20_000), String(repeating: "|", count: 50_000),
      String(repeating: "a\u{303}", count: 20_000), String(repeating: "1.", count: 20_000),
      "\"" + String(repeating: "{a}", count: 20_000) + "\"", "[" + String(repeating: "1, ", count: 20_000) + "1]",
      String(repeating: "ₜ", count: 20_000), "{" + (0..<20_000).map { "a\($0): 1, " }.joined() + "}",
    ]
    for text in texts {
      let start = ContinuousClock.now
      let problem = Parser.parse(Source(name: "prompt", text: text), mode: .prompt).problem
      if case .failed(let diagnostic) = problem { _ = DiagnosticRenderer().lines(diagnostic) }
      XCTAssertLessThan(ContinuousClock.now - start, .seconds(10), String(text.prefix(20)))
    }
  }
}
