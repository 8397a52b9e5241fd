import Typography
import XCTest

@testable import Figures

final class HeatmapTests: XCTestCase {
  private let inks: [Ink] = [.ascii, .blocks, .palette16, .palette256, .full]

  func testPlainTextShowsEveryValueInItsPlace() {
    let map = Heatmap(
      bands: [.init(title: "f", rows: [[0, 0.3, 0.5, 0.7, 1], [1, 1, 0, 0, .nan]])], firstTime: 1)
    XCTAssertEqual(
      map.lines(width: 12, ink: .blocks),
      ["f", "  1 ·░▒▓█", "  2 ██··?", "    1   5", "0 ·░▒▓█ 1"])
  }

  func testValuesBelowZeroHaveOtherSigns() {
    let rows: [[Double]] = [[-2, -1, 0, 1, 2]]
    let map = Heatmap(bands: [.init(title: "c", rows: rows, scale: .fitted(rows))])
    XCTAssertEqual(map.lines(width: 30, ink: .blocks)[1], "    ▼▼▼▽▽▽···△△△▲▲▲")
    XCTAssertEqual(map.lines(width: 30, ink: .ascii)[1], "    ===---...+++###")
    XCTAssertEqual(map.bands[0].scale, Heatmap.Scale(low: -2, high: 2, kind: .diverging))
  }

  func testScalesStandSideBySide() {
    let bands = ["f", "c", "h"].enumerated().map { number, name in
      Heatmap.Band(title: name, rows: [[0, 1]], scale: .around([1, 4, 8][number]))
    }
    let lines = Heatmap(bands: bands).lines(width: 80, ink: .ascii)
    XCTAssertEqual(
      lines.last, "    -1 ==--..++## 1  f    -4 ==--..++## 4  c    -8 ==--..++## 8  h")
    XCTAssertEqual(Heatmap(bands: bands).lines(width: 40, ink: .ascii).suffix(3).map(\.count), [22, 22, 22])
    let tall = Heatmap(bands: bands.map { .init(title: $0.title, rows: [[0], [1], [2], [3]], scale: $0.scale) })
    let compact = tall.lines(width: 80, ink: .ascii, tallest: 2, isCompact: true)
    XCTAssertEqual(compact.filter { $0.contains("mean") }, ["    each row is the mean of up to 2 units"])
  }

  func testColoursAreTheThemes() {
    let map = Heatmap(bands: [.init(title: "f", rows: [[0, 1]])])
    let line = map.lines(width: 10, ink: .full)[1]
    for level in [0.0, 1.0] {
      let color = Theme.scale(level)
      XCTAssert(line.contains("\u{1B}[48;2;\(color.red);\(color.green);\(color.blue)m"), line.debugDescription)
    }
    XCTAssert(line.hasSuffix("\u{1B}[0m"))
    XCTAssert(map.lines(width: 10, ink: .palette256)[1].contains("\u{1B}[48;5;\(Theme.scale(1).paletteIndex)m"))
    // Without 256 colours the shade says it, whatever the theme makes of the sixteen.
    XCTAssertEqual(plain(map.lines(width: 10, ink: .palette16)[1]), "    ···███")
  }

  func testFittedScales() {
    let cases: [([Double], Double, Double)] = [
      ([0.2, 0.9], 0, 1), ([0.1, 1.3], 0, 1.5), ([-0.31, 0.1], -0.4, 0.4), ([-3, 12], -12, 12), ([.nan], 0, 1),
      ([-7e-5, 1e-6], -8e-5, 8e-5), ([.infinity, 2], 0, 2),
    ]
    for (values, low, high) in cases {
      let scale = Heatmap.Scale.fitted([values])
      XCTAssertEqual(scale.low, low, "\(values)")
      XCTAssertEqual(scale.high, high, "\(values)")
      XCTAssertEqual(scale.kind, low < 0 ? .diverging : .sequential)
    }
  }

  // MARK: Pooling

  func testPooledCellsAreTheMeansOfTheirPart() {
    let rows: [[Double]] = (0..<5).map { unit in (0..<7).map { Double(unit * 10 + $0) } }
    let pooling = Pooling(units: 5, atMostRows: 3, steps: 7, atMostColumns: 4)
    XCTAssertEqual(pooling.unitsPerRow, 2)
    XCTAssertEqual(pooling.stepsPerColumn, 2)
    XCTAssertEqual(
      pooling.rows(rows), [[5.5, 7.5, 9.5, 11], [25.5, 27.5, 29.5, 31], [40.5, 42.5, 44.5, 46]])
    XCTAssertEqual(Pooling(units: 1, atMostRows: 1, steps: 2, atMostColumns: 1).rows([[.nan, 3]]), [[3]])
    XCTAssert(Pooling(units: 1, atMostRows: 1, steps: 2, atMostColumns: 1).rows([[.nan, .nan]])[0][0].isNaN)
    let whole = Pooling(units: 5, atMostRows: 5, steps: 7, atMostColumns: 7)
    XCTAssertEqual(whole.rows(rows), rows)
    let band = Heatmap.Band(title: "z", rows: rows)
    XCTAssertNil(whole.rowNote(band))
    XCTAssertNil(Heatmap(bands: [band]).columnNote(whole))
  }

  func testWhatIsPooledIsSaid() {
    let map = Heatmap(bands: [.init(title: "z", rows: (0..<40).map { _ in [Double](repeating: 0.5, count: 300) })])
    let lines = map.lines(width: 80, ink: .ascii)
    XCTAssert(lines.contains { $0.contains("each row is the mean of up to 3 of 40 units") }, "\(lines)")
    XCTAssert(lines.contains { $0.contains("each column is the mean of up to 4 of 300 steps") }, "\(lines)")
  }

  /// More numbers than are kept: means, and everything said of times and units is said of those before.
  func testMoreThanIsKeptIsPooledOnTheWay() {
    let (units, steps) = (5_001, 1_000)
    let perColumn = PooledRows.stepsPerColumn(units: units, steps: steps)
    XCTAssertEqual(perColumn, 2)
    var pooled = PooledRows(units: units, steps: steps, stepsPerColumn: perColumn)
    for unit in 0..<units {
      for step in 0..<steps { pooled.add(unit == 4_000 ? 9 : Double(step) / 1_000, unit: unit, step: step) }
    }
    XCTAssertEqual(pooled.unitsPerRow, 2)
    XCTAssertEqual(pooled.rows.count, 2_501)
    XCTAssertEqual(pooled.rows[0].count, 500)
    let rows = pooled.rows
    XCTAssertEqual(rows[3][10], 0.0205, accuracy: 1e-12)
    XCTAssertEqual(rows[2_000][10], (9 + 0.0205) / 2, accuracy: 1e-12)
    var map = Heatmap(bands: [.init(title: "z", pooled: pooled, scale: .around(9))])
    map.stepsPerColumn = perColumn
    map.steps = steps
    let lines = map.lines(width: 80, ink: .ascii)
    XCTAssert(lines.contains("       each row is the mean of up to 314 of 5001 units"), "\(lines)")
    XCTAssert(lines.contains("       each column is the mean of up to 14 of 1000 steps"), "\(lines)")
    // The last row begins at unit 1 + 15 · 314, and the axis counts steps.
    XCTAssert(lines.contains { $0.hasPrefix("  4711 ") }, "\(lines)")
    XCTAssert(lines.contains { $0.hasPrefix("       1") && $0.contains(" 500") }, "\(lines)")
    XCTAssert(map.alternative.contains("over 1000 steps"))
    XCTAssert(map.alternative.contains("greatest 5 at unit 4001, t = 999"), map.alternative)
    let texts = map.drawing().shapes.compactMap { if case .text(let label) = $0 { label.text } else { nil } }
    XCTAssert(texts.contains("500") && texts.contains("each column is the mean of up to 6 of 1000 steps"), "\(texts)")
    XCTAssertEqual(PooledRows.stepsPerColumn(units: 8, steps: 500_000), 1)
    XCTAssertEqual(PooledRows.stepsPerColumn(units: 8, steps: 500_001), 2)
    XCTAssertEqual(PooledRows.stepsPerColumn(units: 3, steps: .max / 2), .max / 2 / 1_333_333 + 1)
  }

  func testPapersGetCoarserOnes() throws {
    var generator = Generator(state: 9)
    let bands = (0..<4).map { number in
      Heatmap.Band(
        title: "g\(number)",
        rows: (0..<40).map { _ in (0..<900).map { _ in Double.random(in: 0...1, using: &generator) } })
    }
    func tex(_ map: Heatmap) throws -> String { String(decoding: try PictureFile.tex.bytes(of: map), as: UTF8.self) }
    let text = try tex(Heatmap(bands: bands))
    XCTAssertLessThan(text.utf8.count, 400_000)
    XCTAssert(text.contains("% at most 60 x 120 cells"))
    XCTAssert(text.contains("each column is the mean of up to 8 of 900 steps"))
    XCTAssertLessThanOrEqual(text.ranges(of: "rectangle").count, 7_200 + 50)
    let small = Heatmap(bands: [.init(title: "f", rows: [[0.25, 0.5, 0.75]])])
    XCTAssertFalse(try tex(small).contains("% at most"))
  }

  // MARK: Widths and files

  func testNoLineIsWiderThanTheTerminal() {
    var generator = Generator(state: 5)
    for width in 20...200 {
      let map = random(&generator)
      for ink in inks where ink == .blocks || width % 9 == 2 {
        for line in map.lines(width: width, ink: ink) {
          XCTAssertLessThanOrEqual(plain(line).displayWidth, width, "\(width) \(ink): \(line)")
          if ink == .ascii { XCTAssert(line.utf8.allSatisfy { $0 < 0x80 }, line) }
        }
      }
    }
  }

  func testDrawingsAreWellFormedAndInside() throws {
    var generator = Generator(state: 6)
    for _ in 0..<40 {
      let map = random(&generator)
      let drawing = map.drawing()
      try WellFormed.check(SVGWriter(drawing: drawing, use: .file).text)
      XCTAssertLessThan(drawing.shapes.count, 40_000)
      for shape in drawing.shapes {
        switch shape {
        case .rectangle(let box, _, _, _):
          XCTAssert(box.x >= 0 && box.x + box.width <= drawing.width && box.y + box.height <= drawing.height)
        case .text(let label):
          XCTAssertLessThanOrEqual(label.at.y, drawing.height, label.text)
          if label.anchor == .start {
            let end = label.at.x + Double(label.text.displayWidth) * label.size * 0.45
            XCTAssertLessThanOrEqual(end, drawing.width + 1, label.text)
          }
        default: break
        }
      }
      XCTAssert(drawing.shapes.contains { if case .text(let label) = $0 { label.text == "t" } else { false } })
    }
  }

  /// In TikZ a path for each colour, and every cell in one of them.
  func testCellsOfOneColourAreOnePath() {
    var rows: [[Double]] = []
    for row in 0..<6 { rows.append((0..<50).map { Double(($0 * 7 + row * 3) % 5) / 4 }) }
    let map = Heatmap(bands: [.init(title: "f", rows: rows, scale: .init(low: 0, high: 1, kind: .sequential))])
    let lines = TikZWriter(drawing: map.drawing()).text.components(separatedBy: "\n")
    let cells = lines.filter { $0.hasPrefix("  \\path[fill=") && $0.contains("rectangle") }
    // Five colours of cells, and the 32 of the scale below.
    XCTAssertEqual(cells.count, 5 + 32)
    XCTAssertEqual(cells.prefix(5).map { $0.components(separatedBy: " rectangle ").count - 1 }.reduce(0, +), 300)
  }

  func testWords() {
    let map = Heatmap(bands: [
      .init(title: "f", caption: "forget gate", rows: [[0.25, 0.5], [1, 0.25]]), .init(title: "x", rows: [[2, 2]]),
    ])
    XCTAssertEqual(
      map.alternative,
      "Heatmap over 2 steps. f (forget gate): least 0.25 at unit 1, t = 1, greatest 1 at unit 2, t = 1, mean 0.5. "
        + "x: 2 throughout.")
  }

  func testNothingFedYet() {
    let map = Heatmap(bands: [.init(title: "f", rows: [[], []])])
    XCTAssertEqual(map.lines(width: 80, ink: .blocks), ["(nothing fed yet)"])
    XCTAssertGreaterThan(map.drawing().height, 0)
  }

  private func random(_ generator: inout Generator) -> Heatmap {
    let steps = [1, 7, 79, 80, 1000, 20_000][Int.random(in: 0...5, using: &generator)]
    let bands = (0..<Int.random(in: 1...5, using: &generator)).map { number -> Heatmap.Band in
      let units = [1, 3, 16, 17, 40][Int.random(in: 0...4, using: &generator)]
      let size = pow(10, Double.random(in: -7...7, using: &generator))
      let rows = (0..<(steps > 1000 ? min(units, 3) : units)).map { _ in
        (0..<steps).map { _ in
          let value = Double.random(in: -1...1, using: &generator)
          return value > 0.95 ? .nan : value * size
        }
      }
      return Heatmap.Band(
        title: ["f", "h̃", "layer1.attention weights"][number % 3],
        caption: number % 2 == 0 ? "what it is for: in more words than a narrow terminal has columns for" : "",
        rows: rows, scale: number == 0 ? nil : .fitted(rows))
    }
    return Heatmap(
      title: steps % 2 == 0 ? "A title" : "", bands: bands,
      notes: steps == 7 ? ["the first of 12 sequences that were fed together"] : [])
  }
}
