import XCTest

@testable import Figures

/// Texts in drawings: how wide they are, and how they are set.
final class SVGTextTests: XCTestCase {
  func testDigitsAndMarks() {
    let cases: [(text: String, markup: String?)] = [
      ("forget < gate", "forget &lt; gate"),
      ("T₁₂", "T<tspan dy=\"2\" font-size=\"7\">1</tspan><tspan font-size=\"7\">2</tspan>"),
      // What follows stands on the line again; a blank is a distance.
      ("s₁ = +", "s<tspan dy=\"2\" font-size=\"7\">1</tspan><tspan dx=\"3.3\" dy=\"-2\">=</tspan> +"),
      ("x²", "x<tspan dy=\"-3.8\" font-size=\"7\">2</tspan>"),
      ("c\u{303}", "c<tspan dx=\"-5.51\">\u{2DC}</tspan>"),
      // Two marks are left to the font.
      ("c\u{303}\u{302}", nil),
    ]
    for (text, markup) in cases { XCTAssertEqual(SVGText.markup(text, size: 10, isItalic: false), markup, text) }
  }

  func testLines() {
    XCTAssertEqual(TextExtent.lines("a bb", size: 10, room: 1000), ["a bb"])
    for room in [30.0, 50, 200] {
      let lines = TextExtent.lines("how much of the old cell state stays", size: 10, room: room)
      XCTAssertEqual(lines.joined().filter { $0 != " " }, "howmuchoftheoldcellstatestays")
      for line in lines { XCTAssertLessThanOrEqual(TextExtent.width(line, size: 10), room, line) }
    }
    // A word that is wider than a line is cut.
    XCTAssertEqual(TextExtent.lines("mmmmm", size: 10, room: 20), ["mm", "mm", "m"])
    XCTAssertEqual(TextExtent.lines("", size: 10, room: 20), [""])
  }
}
