import XCTest

@testable import Figures

final class HeatmapTests: XCTestCase {
  func testPlainTextShowsEveryValueInItsPlace() {
    let map = Heatmap(
      bands: [.init(title: "f", rows: [[0, 0.3, 0.5, 0.7, 1], [1, 1, 0, 0, .nan]])], firstTime: 1)
    XCTAssertEqual(
      map.lines(width: 12, ink: .blocks),
      ["f", "  1 ·░▒▓█", "  2 ██··?", "    1   5", "   0 ·░▒▓█ 1"].map { $0 })
  }

  func testNoLineIsWiderThanTheTerminal() {
    for width in [20, 40, 80, 200] {
      for steps in [1, 7, 79, 80, 1000, 100_000] {
        let map = Heatmap(
          bands: [.init(title: "z", rows: (0..<40).map { _ in [Double](repeating: 0.5, count: steps) })], firstTime: 1)
        let widest = map.lines(width: width, ink: .ascii).map(\.count).max() ?? 0
        XCTAssertLessThanOrEqual(widest, max(width, 60), "\(width) \(steps)")
      }
    }
  }
}
