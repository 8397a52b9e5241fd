import Foundation
import XCTest

@testable import Syntax

final class TreePrinterTests: XCTestCase {
  /// Whatever tree there is, what is printed reads as that tree, with Unicode and without.
  func testRandomExpressions() {
    for seed in 0..<3000 as Range<UInt64> {
      var trees = RandomTrees(seed: seed)
      let expression = trees.expression(.within, Int(seed % 6))
      for printer in [TreePrinter(), TreePrinter(isASCII: true)] {
        let text = printer.text(expression)
        if printer.isASCII { XCTAssertTrue(text.utf8.allSatisfy { $0 < 0x80 }, text) }
        switch Parser.expression(Source(name: "printed", text: text)) {
        case .success(let again): XCTAssertEqual(again, expression, "\(seed): \(text) became \(printer.text(again))")
        case .failure(let problem): return XCTFail("\(seed): \(text)\n\(TreePrinterTests.text(problem))")
        }
      }
    }
  }

  func testRandomStatements() {
    for seed in 0..<1500 as Range<UInt64> {
      var trees = RandomTrees(seed: seed &+ 1_000_000)
      let statements = (0..<3).map { _ in trees.statement(Int(seed % 3)) }
      for printer in [TreePrinter(), TreePrinter(isASCII: true)] {
        let text = printer.text(statements)
        let outcome = Parser.parse(Source(name: "printed", text: text), mode: .file)
        if let problem = outcome.problem { return XCTFail("\(seed): \(text)\n\(Self.text(problem))") }
        XCTAssertEqual(outcome.statements, statements, "\(seed):\n\(text)became\n\(printer.text(outcome.statements))")
      }
    }
  }

  /// Wherever a text is cut: something incomplete, or an error with a place.
  func testTruncatedAnywhere() {
    for seed in 0..<30 as Range<UInt64> {
      var trees = RandomTrees(seed: seed &+ 2_000_000)
      let bytes = Array(TreePrinter().text([trees.statement(2)]).utf8)
      for end in 0..<bytes.count { Self.checkBounded(String(decoding: bytes[0..<end], as: UTF8.self)) }
    }
  }

  func testMutatedAnywhere() throws {
    let corpus = Array(try CorpusTests.corpus().bytes)
    var random = SeededGenerator(state: 7)
    let pieces = [
      "(", ")", "[", "]", "{", "}", "\"", "\"\"\"", "∂", "'", ";", "\n", "=", "\\", "_{", "²", "e", ".", "→", "~",
    ]
    for _ in 0..<3000 {
      let start = Int.random(in: 0..<corpus.count - 200, using: &random)
      var bytes = Array(corpus[start..<start + Int.random(in: 10..<200, using: &random)])
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let at = Int.random(in: 0..<bytes.count, using: &random)
        let piece = pieces[Int.random(in: 0..<pieces.count, using: &random)]
        bytes.replaceSubrange(
          at..<min(bytes.count, at + Int.random(in: 0...3, using: &random)), with: Array(piece.utf8))
      }
      Self.checkBounded(String(decoding: bytes, as: UTF8.self))
    }
  }

  static func checkBounded(_ text: String) {
    for mode in [Parser.Mode.file, .prompt] {
      let source = Source(name: "cut", text: text)
      switch Parser.parse(source, mode: mode).problem {
      case nil: break
      case .incomplete(let expecting, _):
        XCTAssertEqual(mode, .prompt, text)
        XCTAssertFalse(expecting.isEmpty)
      case .failed(let diagnostic):
        XCTAssertNotNil(diagnostic.place, text)
        XCTAssertFalse(DiagnosticRenderer(width: 40, isASCII: true).lines(diagnostic).isEmpty)
        if let range = diagnostic.place?.range {
          XCTAssertTrue(range.lowerBound >= 0 && range.upperBound <= source.bytes.count, text)
        }
      }
    }
  }

  static func text(_ problem: Parser.Problem) -> String {
    switch problem {
    case .incomplete(let expecting, _): "incomplete, expecting \(expecting)"
    case .failed(let diagnostic): DiagnosticRenderer().text(diagnostic)
    }
  }

  /// A tree that the parser did not make gets the parentheses that it needs.
  func testParenthesesAreAdded() {
    let place = Place(Source(name: "built", text: ""), 0..<0)
    func name(_ name: String) -> Expression { Expression(.name(name), place) }
    func infix(_ sign: InfixOperator, _ left: Expression, _ right: Expression) -> Expression {
      Expression(.infix(sign, left, right), place)
    }
    let (a, b, c) = (name("a"), name("b"), name("c"))
    let derivative = Expression(.derivative(of: infix(.plus, a, b), by: c, operand: nil), place)
    let cases: [(Expression, String)] = [
      (infix(.times, infix(.plus, a, b), c), "(a + b) * c"), (infix(.minus, a, infix(.minus, b, c)), "a - (b - c)"),
      (infix(.power, infix(.power, a, b), c), "(a^b)^c"), (infix(.power, a, infix(.power, b, c)), "a^b^c"),
      (Expression(.primed(infix(.dot, a, b)), place), "(a · b)'"), (derivative, "∂(a + b)/∂c"),
      (infix(.power, derivative, a), "(∂(a + b)/∂c)^a"),
      (Expression(.prefix(.minus, infix(.plus, a, b)), place), "-(a + b)"),
      (Expression(.index(Expression(.prefix(.minus, a), place), [b]), place), "(-a)[b]"),
    ]
    for (expression, expected) in cases { XCTAssertEqual(TreePrinter().text(expression), expected) }
  }

  func testLayout() {
    let source = Source(
      name: "prompt",
      text: #"""
        cell N(x)->h,c{"what it is";z_t=σ(W·[h_{t-1},x_t]+b)"a gate"; h[t]=z_t*h[t-1] "the state";init b=1;param W:h×(h+x)}
        if a>1{b=[1,2;3,4];}else if c{}else{d=tanh²(z)}
        fn f(x){return √x}
        cell G(x)->h=latex"h_t = \\sigma(x_t)\ny"
        """#)
    XCTAssertEqual(
      TreePrinter().text(Parser.parse(source, mode: .file).statements),
      #"""
      cell N(x) -> h, c {
        "what it is"
        z_t = σ(W · [h_{t-1}, x_t] + b) "a gate"
        h[t] = z_t * h[t-1]             "the state"
        init b = 1
        param W: h × (h + x)
      }
      if a > 1 {
        b = [1, 2; 3, 4];
      } else if c { } else {
        d = tanh(z)^2
      }
      fn f(x) {
        return √(x)
      }
      cell G(x) -> h = latex """
      h_t = \sigma(x_t)
      y"""

      """#)
  }
}
