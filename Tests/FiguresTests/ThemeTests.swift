import XCTest

@testable import Figures

/// Who sees little reads it too: contrast as the Web Content Accessibility Guidelines ask for (1.4.3 and 1.4.11).
final class ThemeTests: XCTestCase {
  private let series = 0..<Theme.series.count

  private func color(_ paint: Paint, _ isDark: Bool) throws -> Theme.Color {
    try XCTUnwrap(Theme.color(paint, isDark: isDark))
  }

  func testContrastIsMeasuredAsTheGuidelinesDo() {
    XCTAssertEqual(Theme.Color(0x000000).contrast(Theme.Color(0xffffff)), 21, accuracy: 1e-9)
    XCTAssertEqual(Theme.Color(0xffffff).contrast(Theme.Color(0x777777)), 4.478, accuracy: 5e-4)
    XCTAssertEqual(Theme.Color(0x123456).contrast(Theme.Color(0x123456)), 1, accuracy: 1e-9)
  }

  func testTextIsReadOnItsGround() throws {
    for isDark in [false, true] {
      for ground in [Paint.paper, .panel] {
        for words in [Paint.ink, .faint, .mark] {
          XCTAssertGreaterThan(try color(words, isDark).contrast(color(ground, isDark)), 4.5, "\(words) on \(ground)")
        }
      }
      for number in series {
        let letters = try XCTUnwrap(Theme.textColor(.series(number), isDark: isDark))
        for ground in [Paint.paper, .tint(number)] {
          XCTAssertGreaterThan(try letters.contrast(color(ground, isDark)), 4.5, "\(number) on \(ground)")
        }
        XCTAssertGreaterThan(try color(.ink, isDark).contrast(color(.tint(number), isDark)), 4.5, "\(number)")
      }
    }
  }

  func testLinesAreSeenOnTheirGround() throws {
    for isDark in [false, true] {
      for paint in series.map(Paint.series) + [.mark] {
        XCTAssertGreaterThan(try color(paint, isDark).contrast(color(.paper, isDark)), 3, "\(paint)")
      }
    }
  }

  func testNumbersAreReadOnEveryColourOfTheScale() {
    for level in stride(from: 0.0, through: 1, by: 1.0 / 256) {
      XCTAssertGreaterThan(Theme.onScale(level).contrast(Theme.scale(level)), 4.5, "\(level)")
    }
  }
}
