import Glibc
import XCTest

@testable import Figures
@testable import Session

/// `draw`, from what is typed to lines on a terminal.
final class DrawTests: XCTestCase {
  private let session = librarySession()

  private func diagram(_ text: String, file: StaticString = #filePath, line: UInt = #line) throws -> Diagram {
    try session.picture(text, file: file, line: line)
  }

  /// The edges that are marked, by the labels of their ends.
  private func marked(_ diagram: Diagram) -> Set<String> {
    Set(
      diagram.edges.filter(\.isMarked).map {
        let (from, to) = (diagram.nodes[$0.from], diagram.nodes[$0.to])
        return "\(from.name ?? from.label) \(to.name ?? to.label)"
      })
  }

  // MARK: Terminals

  /// No width is too small, and nothing is beyond it; with ASCII alone nothing else is printed.
  func testWidths() throws {
    for cell in ["RNN", "LSTM", "LEM", "LayerNormLSTM"] {
      let diagram = try diagram("draw(\(cell))")
      for (width, inks) in [
        (20, [Ink.ascii]), (40, [.blocks]), (80, [.ascii, .palette16, .full]), (200, [.palette256]),
      ] {
        for ink in inks {
          for line in diagram.lines(width: width, ink: ink) {
            let text = line.replacing(#/\u{1B}\[[0-9;]*m/#, with: "")
            XCTAssertLessThanOrEqual(text.displayWidth, width, "\(cell) at \(width): \(text)")
            if case .ascii = ink { XCTAssertTrue(text.utf8.allSatisfy { $0 < 0x80 }, text) }
          }
        }
      }
      XCTAssertFalse(diagram.alternative.isEmpty)
    }
  }

  /// What does not fit is said in words, and that it is.
  func testNarrowTerminal() throws {
    let lines = try diagram("draw(LSTM)").lines(width: 34, ink: .blocks)
    XCTAssertTrue(lines.contains("f: σ of h[t-1], x[t]"), lines.joined(separator: "\n"))
    let words = lines.joined(separator: " ").split(separator: " ").joined(separator: " ")
    XCTAssertTrue(words.contains("does not fit in 34 columns"), words)
  }

  func testGRUInASCII() throws {
    XCTAssertEqual(
      try diagram("draw(GRU)").lines(width: 80, ink: .ascii).dropFirst(2).prefix(14).joined(separator: "\n"),
      #"""
      h[t-1]==+====>(*)==========================>(+)======>h[t]
              |      ^                             ^
              +------|--------------+              |
              |      |              v              |
              |    (1-)            (*)------+   +>(*)
              |      ^              ^       |   |  ^
              |      +--------------|-------|---+  |
              |+-----------+  +-----------+ |+-----------+
              || z: \sigma |  | r: \sigma | || h~: tanh  |
              |+-----------+  +-----------+ |+-----------+
              | ^    ^         ^^           | ^^
              +-+    +---------+|           +-+|
                |    |         +|--------------+
                +----|----------+
      """#)
  }

  // MARK: Values and paths

  func testValuesOfANet() throws {
    let diagram = try diagram(
      """
      net = LSTM(x: 1, h: 1)
      y = feed(net, [0.5; -1; 2])
      draw(net, t: 2)
      """)
    let values = Dictionary(
      diagram.nodes.compactMap { node in node.value.map { (node.name ?? node.label, $0) } },
      uniquingKeysWith: { first, _ in first })
    func twoDigits(_ text: String) -> String {
      guard case .done = session.evaluate("value = \(text)").status,
        case .number(let number)? = session.interpreter.value(of: "value")
      else { return "no number" }
      return ((number * 100).rounded() / 100).description
    }
    for (label, text) in [("x[2]", "net.x[2]"), ("h[1]", "net.h[1]"), ("c[2]", "net.c[2]"), ("f", "net.f[2]")] {
      let value = try XCTUnwrap(values[label].flatMap(Double.init), label)
      XCTAssertEqual(value.description, twoDigits("\(text)[1]"), label)
    }
    XCTAssertEqual(values["x[2]"], "-1.00")
  }

  func testPathsOfDerivatives() throws {
    session.output = { _ in }
    _ = session.evaluate("use LSTM")
    XCTAssertEqual(
      marked(try diagram("draw(∂c[t]/∂c[t-1] holding h)")), ["c[t-1] ×", "× +", "+ c[t]"])
    let whole = marked(try diagram("draw(∂c[t]/∂c[t-1])"))
    XCTAssertTrue(whole.isSuperset(of: ["c[t-1] ×", "h[t-1] f", "h[t-1] i", "h[t-1] g", "f ×", "+ c[t]"]))
    XCTAssertFalse(whole.contains { $0.hasPrefix("o ") || $0.hasPrefix("x[t]") })
    XCTAssertEqual(marked(try diagram("draw(∂f[t]/∂h[t-1])")), ["h[t-1] f"])
    // One step by a parameter: the box that holds it, then all that follows.
    XCTAssertTrue(marked(try diagram("draw(∂h[t]/∂W_o)")).contains("o ×"))
  }

  /// An equation with more parts than a picture holds is one box, and a caption says it whole.
  func testLongEquationsAreFolded() throws {
    let terms = (1...70).map { "tanh(W\($0) · x[t]) * h[t-1]" }.joined(separator: " + ")
    let diagram = try diagram("cell Long(x) -> h { h[t] = \(terms) }\ndraw(Long)")
    XCTAssertEqual(diagram.nodes.map(\.role), [.input, .earlier, .box, .result])
    XCTAssertEqual(diagram.nodes[2].label, "tanh(…)")
    XCTAssertEqual(Set(diagram.edges.map(\.from)), [0, 1, 2])
    XCTAssertTrue(diagram.captions.contains { $0.name == "tanh(…)" && $0.text.hasSuffix("h[t-1]") })
    XCTAssertTrue(diagram.notes.contains { $0.hasPrefix("each box is an equation") })
  }

  /// A net that was never fed is drawn as its cell.
  func testANetWithoutValues() throws {
    _ = session.evaluate("net = GRU(x: 2, h: 3)")
    let cell = try session.picture("draw(GRU)", as: Diagram.self)
    let net = try session.picture("draw(net)", as: Diagram.self)
    XCTAssertEqual(net.nodes.map(\.label), cell.nodes.map(\.label))
    XCTAssertEqual(net.notes, cell.notes + ["no values yet: feed the net, and they are shown"])
  }

  // MARK: Errors

  func testErrors() {
    session.output = { _ in }
    _ = session.evaluate("net = GRU(x: 2, h: 3)")
    let parts = (1...130).map { "a\($0)[t] = tanh(W\($0) · x[t] + h[t-1])" }.joined(separator: "; ")
    let sum = (1...130).map { "a\($0)[t]" }.joined(separator: " + ")
    _ = session.evaluate("cell Big(x) -> h { \(parts); h[t] = \(sum) }")
    let cases = [
      ("draw(3)", "draw takes a cell, a net or a derivative"), ("draw(net, t: 1)", "this net has no values yet"),
      ("draw(GRU, t: 2)", "t: says which values of a net are shown"),
      ("draw(Big)", "at most 120 nodes"),
    ]
    for (text, message) in cases {
      guard case .failed(let diagnostic) = session.evaluate(text).status else {
        XCTFail("\(text) is no error")
        continue
      }
      XCTAssertTrue("\(diagnostic)".contains(message), "\(text): \(diagnostic)")
    }
  }
}
