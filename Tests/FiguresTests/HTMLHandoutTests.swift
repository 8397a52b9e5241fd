import XCTest

@testable import Figures

/// A page for keyboards, screen readers, phones and bad eyes.
final class HTMLHandoutTests: XCTestCase {
  private func page(_ blocks: [Handout.Block]) throws -> String {
    var handout = Handout(title: "Gates")
    handout.blocks = blocks
    let text = HTMLHandout().text(handout)
    try WellFormed.check(text)
    return text
  }

  /// What stands between two marks, each time.
  private func parts(_ text: String, from start: String, to end: String) -> [String] {
    text.components(separatedBy: start).dropFirst().compactMap { $0.components(separatedBy: end).first }
  }

  private let pictures: [any Picture] = [
    Chart(
      title: "a line", x: Chart.Axis(label: "epoch"),
      series: [
        Chart.Series(name: "loss", points: [Point(1, 3), Point(2, 1), Point(4, 2)]),
        Chart.Series(name: "test", points: [Point(1, 4), Point(2, 2), Point(4, 3)]),
      ]),
    Heatmap(bands: [.init(title: "f", rows: [[0.1, 0.9, 0.4], [1, 0, 0.2]])]),
  ]

  func testHeadingsLeaveOutNoLevel() throws {
    let text = try page(["## A\none", "# B\ntwo", "### C\nthree"].map { .prose(Prose($0)) })
    let levels = parts(text, from: "<h", to: ">").compactMap { $0.first?.wholeNumberValue }
    XCTAssertEqual(levels, [1, 2, 2, 3])
    XCTAssertEqual(
      parts(text, from: "<a href=\"#", to: "\""), parts(text, from: " id=\"part-", to: "\"").map { "part-" + $0 })
  }

  func testEveryFigureHasWords() throws {
    let text = try page(pictures.map { .figure($0.drawing(), lines: []) })
    let figures = parts(text, from: "<svg", to: "</svg>")
    XCTAssertEqual(figures.count, pictures.count)
    for (figure, picture) in zip(figures, pictures) {
      XCTAssertTrue(figure.contains("role=\"img\""))
      let names = try XCTUnwrap(parts(figure, from: "aria-labelledby=\"", to: "\"").first).split(separator: " ")
      XCTAssertEqual(names.count, 2)
      for name in names { XCTAssertTrue(figure.contains(" id=\"\(name)\">"), "\(name) is there") }
      let words = try XCTUnwrap(parts(figure, from: "<desc", to: "</desc>").first)
      XCTAssertTrue(words.hasSuffix(Markup.escaped(picture.alternative)), words)
      XCTAssertGreaterThan(picture.alternative.count, 20)
    }
  }

  /// Whatever scrolls can be reached and has a name.
  func testWhatScrollsTakesTheFocus() throws {
    let long = String(repeating: "word ", count: 30)
    let wide = pictures[0].drawing()
    let text = try page([
      .input("x = 1"), .input(long), .output([long]), .error([long]), .figure(wide, lines: []),
      .table(.init(headings: ["a", "b"], isNumeric: [true, false], rows: [["1", long], ["2", "short"]])),
      .formula(.init(mathml: "<math><mi>x</mi></math>", latex: "x", text: [long])),
    ])
    let boxes = parts(text, from: " tabindex=\"0\"", to: ">")
    XCTAssertEqual(boxes.count, 6)
    for box in boxes { XCTAssertTrue(box.contains("role=\"group\"") && box.contains("aria-label=\""), box) }
    XCTAssertTrue(text.contains("<td class=\"long\">word"))
    XCTAssertTrue(text.contains("<td class=\"brief\">short"))
    let table = Handout.Table(headings: ["reads"], isNumeric: [false], rows: [["1 - z: h[t-1]; x[t]"]])
    XCTAssertTrue(try page([.table(table)]).contains("<td>1 - z: <span class=\"whole\">h[t-1];</span> x[t]</td>"))
    // Letters of a drawing keep their size on a phone.
    let least = try XCTUnwrap(parts(text, from: "--least:", to: "px").first.flatMap(Double.init))
    XCTAssertGreaterThan(least, wide.width * 0.7)
    XCTAssertLessThan(least, wide.width)
  }

  func testColoursOfThePage() throws {
    let schemes = HandoutStyle.rules.components(separatedBy: "prefers-color-scheme: dark")
    XCTAssertEqual(schemes.count, 2)
    for scheme in schemes {
      func color(_ name: String) throws -> Theme.Color {
        let digits = try XCTUnwrap(parts(scheme, from: "--\(name): #", to: ";").first)
        return Theme.Color(try XCTUnwrap(Int(digits, radix: 16)))
      }
      for (words, ground) in [
        ("ink", "paper"), ("faint", "paper"), ("accent", "paper"), ("ink", "typed"), ("bad", "bad-panel"),
      ] {
        XCTAssertGreaterThan(try color(words).contrast(color(ground)), 4.5, "\(words) on \(ground)")
      }
    }
  }
}
