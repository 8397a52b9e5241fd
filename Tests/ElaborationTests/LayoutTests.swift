import Algebra
import Typography
import XCTest

@testable import Elaboration

/// Lines of equations on a terminal.
final class LayoutTests: XCTestCase {
  /// No line of a derivation of the library is wider than it may be, and nothing is lost or added by breaking.
  func testLibraryFits() throws {
    var lines = 0
    for entry in try LibraryFolder.index() {
      let recurrence = try LibraryRunner.recurrence(of: LibraryFolder.cell(entry.name))
      for derivation in try NotationSupport.derivations(recurrence) {
        for notation in Notation.allCases {
          let sheet = NotationSupport.sheet(derivation, notation)
          let whole = sheet.text(width: 1_000_000)
          for width in [80, 60, 120] {
            let broken = sheet.text(width: width)
            lines += broken.count
            for line in broken where line.displayWidth > width {
              XCTFail("\(entry.name), \(width) columns: \(line)")
            }
            XCTAssertEqual(squeezed(broken), squeezed(whole), entry.name)
          }
        }
      }
    }
    XCTAssertGreaterThan(lines, 5000)
  }

  private func squeezed(_ lines: [String]) -> String { lines.joined().filter { $0 != " " } }

  static let cases: [(left: String, right: String, width: Int, lines: [String])] = [
    ("y", "a + b", 20, ["y = a + b"]),
    ("y", "aaaaaaaa + bbbbbbbb + cccccccc", 20, ["y = aaaaaaaa", "  + bbbbbbbb", "  + cccccccc"]),
    // A product before its marks while its brackets fit,
    (
      "y", "a + (bbbbbbbb + cccccccc) * ddddddddd", 26,
      ["y = a", "  + (bbbbbbbb + cccccccc)", "    * ddddddddd"]
    ),
    // else a sum inside of a term, aligned behind its bracket.
    (
      "y", "a + (bbbbbbbbbb + cccccccccc) * dddddd", 26,
      ["y = a", "  + (  bbbbbbbbbb", "     + cccccccccc )", "    * dddddd"]
    ),
    // And inside of those.
    (
      "y", "(aaaaaaaaaa + (bbbbbbbbbb + cccccccccc) · dddddddddd) · eeeeeeeeee", 28,
      [
        "y =", "    (  aaaaaaaaaa", "     + (  bbbbbbbbbb", "        + cccccccccc )", "       · dddddddddd )",
        "    · eeeeeeeeee",
      ]
    ),
    // Long products before their marks.
    (
      "y", "aaaaaaaaaa * bbbbbbbbbb * cccccccccc", 20,
      ["y =", "    aaaaaaaaaa", "    * bbbbbbbbbb", "    * cccccccccc"]
    ),
    // One factor that cannot be broken may stick out.
    ("y", "a + bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", 20, ["y = a", "  + bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"]),
    // Arguments and elements below each other.
    (
      "y", "f([aaaaaaaaaaaa, bbbbbbbbbbbb + cccccccc])", 24,
      ["y =", "    f([aaaaaaaaaaaa,", "       bbbbbbbbbbbb", "       + cccccccc])"]
    ),
  ]

  func testBreaks() {
    for item in LayoutTests.cases {
      XCTAssertEqual(EquationLayout.lines(item.left, item.right, width: item.width), item.lines, item.right)
    }
  }

  /// Brackets that do not fit, or are nested without end, are broken at blanks: nothing fails.
  func testStrangeTexts() {
    let deep = String(repeating: "(", count: 5000) + "a + b" + String(repeating: ")", count: 5000)
    for text in ["", ")", "((", "a + )b", deep, " + ", " + + ", "a, b", String(repeating: "a + ", count: 2000)] {
      XCTAssertFalse(EquationLayout.lines("y", text, width: 20).isEmpty)
    }
  }
}
