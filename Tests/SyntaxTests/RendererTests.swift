import XCTest

@testable import Syntax

final class RendererTests: XCTestCase {
  private func place(_ text: String, _ part: String, name: String = "prompt") -> Place {
    let source = Source(name: name, text: text)
    guard let range = text.range(of: part) else { return Place(source, 0..<0) }
    let start = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
    return Place(source, start..<start + part.utf8.count)
  }

  func testAsInTheDesign() {
    let text = "cell N(x) -> h {\n  a = 1\n  f[t] = σ(W_f · [h[t-1], x[t]] + b_f)\n}"
    let diagnostic = Diagnostic(
      "h is 3 wide, but W_f · [h[t-1], x[t]] + b_f gives 4", at: place(text, "W_f · [h[t-1], x[t]] + b_f"),
      hint: "W_f is 4 × 5; the equations need h × (h + x) = 3 × 5")
    XCTAssertEqual(
      DiagnosticRenderer().text(diagnostic),
      """
      error: h is 3 wide, but W_f · [h[t-1], x[t]] + b_f gives 4
        3 |   f[t] = σ(W_f · [h[t-1], x[t]] + b_f)
          |            ^^^^^^^^^^^^^^^^^^^^^^^^^^
      hint: W_f is 4 × 5; the equations need h × (h + x) = 3 × 5
      """)
  }

  func testFilesSayTheirPosition() {
    let text = "a\n\nh̃ = b(c)"
    let diagnostic = Diagnostic("no", at: place(text, "b(c)", name: "sun.cell"), severity: .note)
    XCTAssertEqual(
      DiagnosticRenderer().text(diagnostic), "sun.cell:3:6: note: no\n  3 | h̃ = b(c)\n    |     ^^^^")
  }

  func testMarks() {
    let text = "a = W · x\nb = a"
    let first = place(text, "x")
    func part(_ text: String) -> Place { Place(first.source, place(first.source.text, text).range) }
    let other = place("cell L(x) { }", "L", name: "lstm.cell")
    let diagnostic = Diagnostic(
      "no", at: part("b = a"), hint: "one\ntwo",
      marks: [(part("W"), "4 × 5"), (first, "3"), (other, "defined here")])
    XCTAssertEqual(
      DiagnosticRenderer().text(diagnostic),
      """
      error: no
        1 | a = W · x
          |     - 4 × 5
          |         - 3
        2 | b = a
          | ^^^^^
        in lstm.cell:1:6
        1 | cell L(x) { }
          |      - defined here
      hint: one
            two
      """)
  }

  func testWidths() {
    let cases: [(String, String, String)] = [
      ("\ta\tb", "b", "      1 |     a    b\n        |          ^"),
      ("長さ + x", "x", "      1 | 長さ + x\n        |        ^"),
      ("h̃ + x̂", "x̂", "      1 | h̃ + x̂\n        |     ^"),
      ("a\u{1B}[31m\u{202E}b", "b", "      1 | a␛[31m\u{FFFD}b\n        |        ^"),
      ("ab\ncd", "b\nc", "      1 | ab\n        |  ^"), ("", "", "      1 | \n        | ^"),
    ]
    for (text, part, expected) in cases {
      let lines = DiagnosticRenderer().lines(Diagnostic("no", at: place(text, part))).dropFirst()
      XCTAssertEqual(lines.map { "    " + $0 }.joined(separator: "\n"), expected, text)
    }
  }

  func testASCII() {
    let diagnostic = Diagnostic("σ is no W · x", at: place("h̃ = σ(W · x²) + δW", "x²"), hint: "W × 2")
    XCTAssertEqual(
      DiagnosticRenderer(isASCII: true).text(diagnostic),
      """
      error: \\sigma is no W @ x
        1 | h~ = \\sigma(W @ x^2) + \\deltaW
          |                 ^^^
      hint: W \\times 2
      """)
  }

  func testLongLines() {
    let text = (1...4000).map { "name\($0)" }.joined(separator: " + ")
    for part in ["name1 ", "name10 ", "name2000", "name3999", "name4000"] {
      for width in [24, 40, 80, 200] {
        let lines = DiagnosticRenderer(width: width).lines(Diagnostic("no", at: place(text, part)))
        XCTAssertTrue(lines.allSatisfy { $0.unicodeScalars.count <= width }, "\(part) \(width)")
        let start = lines[2].firstIndex(of: "^")
        let column = start.map { lines[2].distance(from: lines[2].startIndex, to: $0) } ?? 0
        XCTAssertTrue(lines[1].dropFirst(column).hasPrefix(part), "\(part) \(width): \(lines)")
      }
    }
  }

  /// Messages and hints end where the terminal does, at blanks; what follows is indented.
  func testWrapping() {
    let diagnostic = Diagnostic(
      "a width is a name or a sum such as h + x", at: nil, hint: "it is set with the net: N(h: 3)\nor in the cell")
    XCTAssertEqual(
      DiagnosticRenderer(width: 30).text(diagnostic),
      """
      error: a width is a name or a
             sum such as h + x
      hint: it is set with the net:
            N(h: 3)
            or in the cell
      """)
    // A path that fills the line; a word that is wider than one.
    let name = "folder/of/long/names.cell"
    XCTAssertEqual(
      DiagnosticRenderer(width: 30).lines(Diagnostic("broken here", at: place("a", "a", name: name)))[..<2],
      ["\(name):1:1: error:", "       broken here"])
    let word = String(repeating: "σ", count: 50)
    XCTAssertEqual(
      DiagnosticRenderer(width: 30).lines(Diagnostic("this \(word) and that", at: nil)),
      ["error: this", "       " + word, "       and that"])
    // Each line has its colour, and colours take no room.
    let colored = DiagnosticRenderer(width: 30, isColored: true).lines(diagnostic)
    XCTAssertEqual(colored[1], "       \u{1B}[1msum such as h + x\u{1B}[0m")
    XCTAssertEqual(DiagnosticRenderer(width: 30).lines(diagnostic).count, colored.count)
  }

  func testColours() {
    let diagnostic = Diagnostic("no", at: place("abc", "b"), hint: "yes")
    let colored = DiagnosticRenderer(isColored: true).text(diagnostic)
    XCTAssertTrue(colored.contains("\u{1B}[1;31merror:\u{1B}[0m"))
    XCTAssertFalse(DiagnosticRenderer().text(diagnostic).contains("\u{1B}"))
    XCTAssertEqual(DiagnosticRenderer().text(Diagnostic("no", at: nil)), "error: no")
  }
}
