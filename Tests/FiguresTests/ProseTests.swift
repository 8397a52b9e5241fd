import XCTest

@testable import Figures

final class ProseTests: XCTestCase {
  func testBlocks() {
    let prose = Prose(
      "# One\nSome *stressed words* and `a * b`.\nGoes on.\n\n## Two\n- item\n  goes on\n- next\n1. one\n\n    code  as is\n    more\n\nEnd"
    )
    XCTAssertEqual(
      prose.blocks,
      [
        .heading(level: 1, [.text("One")]),
        .paragraph([.text("Some "), .stressed("stressed words"), .text(" and "), .code("a * b"), .text(". Goes on.")]),
        .heading(level: 2, [.text("Two")]),
        .items([[.text("item goes on")], [.text("next")]], isNumbered: false),
        .items([[.text("one")]], isNumbered: true),
        .code(["code  as is", "more"]),
        .paragraph([.text("End")]),
      ])
    XCTAssertEqual(prose.title, "One")
  }

  /// Marks that mark nothing stand for themselves.
  func testMarksWithoutPartners() {
    for text in ["a * b * c", "a*", "*", "`", "``", "* a*", "2 * 3 = 6", "#title", "-item", "1.5 and 2", "100. x"] {
      XCTAssertEqual(Prose(text).blocks, [.paragraph([.text(text)])], text)
    }
    XCTAssertEqual(Prose("").blocks, [])
    XCTAssertEqual(Prose(" \n\n \t").blocks, [])
  }

  func testLinesFitTheWidth() {
    let text =
      "# A heading of several words\nA paragraph with `code that is long`, and *words that are stressed*, and so on, σ.\n"
      + "- an item that is longer than a line of forty columns, with `code`\n1. a numbered item, as long as the others are"
    for width in [24, 40, 80, 200] {
      for isColored in [false, true] {
        let lines = Handout.plain(Prose(text).lines(width: width, isColored: isColored))
        for line in lines { XCTAssertLessThanOrEqual(line.count, min(width, 96), line) }
        let words = lines.joined(separator: " ").split(separator: " ").filter { $0 != "-" && $0 != "1." }
        XCTAssertEqual(words.filter { $0 == "forty" }.count, 1)
        XCTAssertTrue(words.contains { $0.hasPrefix("stressed") })
      }
    }
    XCTAssertEqual(
      Prose("a *b*, `c`.").lines(width: 80, isColored: true), ["a \u{1B}[1mb\u{1B}[0m, \u{1B}[36mc\u{1B}[0m."])
    XCTAssertEqual(Prose("a *b*, `c`.").lines(width: 80, isColored: false), ["a b, `c`."])
  }

  func testEscapesAreTakenAway() {
    XCTAssertEqual(Handout.plain(["\u{1B}[38;2;1;2;3mx\u{1B}[0m y", "\u{1B}", "z"]), ["x y", "", "z"])
  }

  /// Text of every kind of sign comes through, in each of the three.
  func testHostileTexts() {
    let text = "</pre><script>alert(1)</script> & \" ' ]]> \\end{printed} $x$ # % ~ ^ _ {} `` ``` | <!-- \u{7} h̃ ç 漢 🎓"
    var handout = Handout(title: text)
    handout.blocks = [
      .prose(Prose(text)), .input(text), .output([text]), .error([text]),
      .captions([.init(name: text, text: text)]),
      .table(.init(headings: [text], isNumeric: [false], rows: [[text], []])),
      .question(.init(prose: Prose(text), choices: [text], answer: [.output([text])])),
      .figure(Drawing(width: 10, height: 10, title: text, alternative: text), lines: [text]),
    ]
    let html = HTMLHandout().text(handout)
    XCTAssertFalse(html.contains("<script"))
    XCTAssertNil(html.unicodeScalars.first { $0.value < 0x20 && $0 != "\n" })
    let latex = LaTeXHandout().text(handout).split(separator: "\n").filter { !$0.hasPrefix("%") }.joined(
      separator: "\n")
    XCTAssertFalse(latex.contains("\\end{printed} $"))
    XCTAssertNil(latex.unicodeScalars.first { $0.value >= 0x180 || ($0.value < 0x20 && $0 != "\n") })
    let markdown = MarkdownHandout().text(handout)
    XCTAssertTrue(markdown.contains("````carousel\n\(text)\n````"))
  }
}
