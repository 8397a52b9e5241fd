import Foundation
import Typography
import XCTest

@testable import Figures

final class ChartTests: XCTestCase {
  private let ramp = Chart(
    series: [Chart.Series(name: "up", points: (0...4).map { Point(Double($0), Double($0) * 2) })])

  func testPlainCharacters() {
    XCTAssertEqual(
      ramp.lines(width: 24, ink: .ascii),
      [
        "up", "10+                    ", "  |                    ", "  |                 ***",
        "  |              ***   ", " 5+          ****      ", "  |        ***         ", "  |     ***            ",
        "  |  ***               ", " 0+**                  ", "  ++---------+--------+", "   0         2        4",
      ])
  }

  /// Where every line lies: the dots of a rising line rise.
  func testDotsAreWhereTheValuesAre() {
    var canvas = Canvas(columns: 3, rows: 2, isBraille: true)
    canvas.set(0, 0, series: 0)
    canvas.set(5, 7, series: 0)
    canvas.set(2, 3, series: 0)
    canvas.set(6, 0, series: 0)
    canvas.set(0, 8, series: 0)
    XCTAssertEqual(canvas.line(0, .blocks, characters: ["*"]), "⠁⡀ ")
    XCTAssertEqual(canvas.line(1, .blocks, characters: ["*"]), "  ⢀")
  }

  /// Where two lines run in the same cells, both colours are seen.
  func testLinesCloseTogetherTakeTurns() {
    var canvas = Canvas(columns: 8, rows: 1, isBraille: true)
    for x in 0..<16 {
      canvas.set(x, 0, series: 0)
      canvas.set(x, 2, series: 1)
    }
    let (first, second) = (Ink.full.series(0), Ink.full.series(1))
    let (cells, end) = ("⠭⠭", Ink.full.reset)
    XCTAssertEqual(
      canvas.line(0, .full, characters: []),
      second + cells + end + first + cells + end + second + cells + end + first + cells + end)
    var plain = Canvas(columns: 6, rows: 1, isBraille: false)
    for series in 0...1 { for x in 0..<6 { plain.set(x, 0, series: series) } }
    XCTAssertEqual(plain.line(0, .ascii, characters: ["*", "o"]), "oo**oo")
  }

  func testWholeNumbersHaveWholeTicks() throws {
    let chart = Chart(series: [Chart.Series(name: "loss", points: [Point(1, 0.4), Point(2, 0.3), Point(4, 0.1)])])
    for most in 2...40 {
      let ticks = try XCTUnwrap(chart.xScale(atMost: most)).ticks(atMost: most).map(\.value)
      XCTAssertEqual(ticks, ticks.map { $0.rounded() }, "at most \(most)")
      XCTAssertFalse(ticks.isEmpty)
    }
    let other = Chart(series: [Chart.Series(name: "", points: [Point(1, 0), Point(1.5, 1), Point(4, 2)])])
    XCTAssertEqual(try XCTUnwrap(other.xScale(atMost: 8)).ticks(atMost: 8).map(\.value), [1, 1.5, 2, 2.5, 3, 3.5, 4])
  }

  /// Ticks of a logarithmic axis stand equally far apart.
  func testDecadesAreEquallyHigh() {
    for (low, width) in [(1e-66, 80), (1e-22, 80), (1e-4, 80), (1e-9, 120), (2e-35, 200)] {
      for range in [nil, low...1.2] {
        let chart = Chart(
          y: Chart.Axis(isLogarithmic: true, range: range),
          series: [Chart.Series(name: "norm", points: [Point(0, 1), Point(30, low.squareRoot()), Point(60.5, low)])])
        let lines = chart.lines(width: width, ink: .blocks)
        let rows = lines.enumerated().filter { $0.element.contains("┤") }.map(\.offset)
        XCTAssertGreaterThan(rows.count, 2)
        XCTAssertEqual(Set(zip(rows, rows.dropFirst()).map { $1 - $0 }).count, 1, "\(low) at \(width): \(rows)")
      }
    }
  }

  func testGapsAreNotBridged() {
    let values: [Double] = [1, 1, 1, .nan, 1, 1, 1]
    let chart = Chart(
      y: Chart.Axis(range: 0...2),
      series: [Chart.Series(name: "", points: values.enumerated().map { Point(Double($0.offset), $0.element) })])
    let row = chart.lines(width: 62, ink: .ascii).first { $0.contains("*") } ?? ""
    let columns = row.enumerated().filter { $0.element == "*" }.map(\.offset)
    let jumps = zip(columns, columns.dropFirst()).map { $1 - $0 }.filter { $0 > 1 }
    // A third of the way is missing: from the third value to the fifth.
    XCTAssertEqual(jumps.count, 1)
    XCTAssertEqual(Double(jumps.first ?? 0), Double(columns.count + jumps[0] - 1) / 3, accuracy: 2)
    XCTAssert(chart.alternative.contains("with gaps"), chart.alternative)
    let moves = paths(chart).flatMap { $0 }.filter { if case .move = $0 { true } else { false } }
    XCTAssertEqual(moves.count, 2)
  }

  private func paths(_ chart: Chart) -> [[Drawing.PathStep]] {
    chart.drawing().shapes.compactMap { shape in
      if case .path(let steps, _, let stroke?) = shape, case .series = stroke.paint { steps } else { nil }
    }
  }

  func testNoLineIsWiderThanTheTerminal() {
    var generator = Generator(state: 3)
    let inks: [Ink] = [.ascii, .blocks, .palette16, .palette256, .full]
    for width in 20...200 {
      let chart = random(&generator)
      for ink in inks where ink == .ascii || width % 7 == 0 || width == 20 {
        for line in chart.lines(width: width, ink: ink) {
          XCTAssertLessThanOrEqual(plain(line).displayWidth, width, "\(width) \(ink): \(line)")
          if ink == .ascii { XCTAssert(line.utf8.allSatisfy { $0 < 0x80 }, line) }
          if ink == .ascii || ink == .blocks { XCTAssertFalse(line.contains("\u{1B}"), line) }
        }
      }
    }
  }

  func testDrawingsAreWellFormedAndInside() throws {
    var generator = Generator(state: 4)
    for _ in 0..<60 {
      let chart = random(&generator)
      let drawing = chart.drawing()
      try WellFormed.check(SVGWriter(drawing: drawing, use: .file).text)
      XCTAssertFalse(drawing.alternative.isEmpty)
      var boxes: [(Rectangle, String)] = []
      for shape in drawing.shapes {
        guard case .text(let label) = shape else { continue }
        let box = box(label)
        XCTAssertGreaterThanOrEqual(box.x, -1, label.text)
        XCTAssertLessThanOrEqual(box.x + box.width, drawing.width + 1, label.text)
        XCTAssertLessThanOrEqual(box.y + box.height, drawing.height + 1, label.text)
        boxes.append((box, label.text))
      }
      for (index, (box, text)) in boxes.enumerated() {
        for (other, otherText) in boxes[(index + 1)...] where overlap(box, other) {
          XCTFail("\(text) and \(otherText) overlap")
        }
      }
    }
  }

  /// About as large as a text in a serif face is.
  private func box(_ label: Drawing.Label) -> Rectangle {
    let width = Double(label.text.displayWidth) * label.size * 0.45
    if label.isUpright {
      return Rectangle(
        x: label.at.x - label.size * 0.7, y: label.at.y - width / 2, width: label.size * 0.7, height: width)
    }
    let x =
      switch label.anchor {
      case .start: label.at.x
      case .middle: label.at.x - width / 2
      case .end: label.at.x - width
      }
    return Rectangle(x: x, y: label.at.y - label.size * 0.7, width: width, height: label.size * 0.7)
  }

  private func overlap(_ a: Rectangle, _ b: Rectangle) -> Bool {
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
  }

  func testNamesWithoutColours() {
    let lines = (0..<3).map { number in
      Chart.Series(name: "name \(number)", points: (0...9).map { Point(Double($0), Double($0 * (number + 1))) })
    }
    let shown = Chart(series: lines).lines(width: 80, ink: .blocks)
    XCTAssertEqual(shown.first, "● name 0   ○ name 1   ■ name 2")
    for mark in ["●", "○", "■"] {
      XCTAssertGreaterThanOrEqual(shown.dropFirst().joined().filter { String($0) == mark }.count, 3, mark)
    }
    let colored = Chart(series: lines).lines(width: 80, ink: .full)
    XCTAssertEqual(Set(lines.indices.map { Ink.full.series($0) }).count, 3)
    for index in lines.indices { XCTAssert(colored[0].contains(Ink.full.series(index))) }
  }

  /// There are eight colours; the ninth line has the first's, but not its stroke.
  func testMoreLinesThanColours() {
    let lines = (0..<11).map { number in
      Chart.Series(name: "u\(number)", points: [Point(0, Double(number)), Point(9, Double(number) + 0.5)])
    }
    let chart = Chart(series: lines)
    let strokes = chart.drawing().shapes.compactMap { shape -> Stroke? in
      if case .path(let steps, _, let stroke?) = shape, case .series = stroke.paint, steps.count == 2,
        stroke.width < 2
      {
        stroke
      } else {
        nil
      }
    }
    XCTAssertEqual(strokes.map(\.paint), (0..<11).map { .series($0) })
    XCTAssertEqual(strokes.map(\.dashes.isEmpty), (0..<11).map { $0 < 8 })
    let legend = chart.lines(width: 200, ink: .full)[0]
    XCTAssertEqual(legend.filter { $0 == "╍" }.count, 6)
  }

  func testWords() {
    XCTAssertEqual(
      ramp.alternative, "x from 0 to 4. up: from 0 at x = 0 to 8 at x = 4.")
    let bump = Chart(
      title: "Bump", x: Chart.Axis(label: "t"), y: Chart.Axis(isLogarithmic: true),
      series: [Chart.Series(name: "b", points: [Point(1, 2), Point(2, 900), Point(3, 0.5), Point(4, 1)])],
      notes: ["a note"])
    XCTAssertEqual(
      bump.alternative,
      "Bump. t from 1 to 4. The vertical axis is logarithmic. "
        + "b: from 2 at t = 1 to 1 at t = 4, lowest 0.5 at t = 3, highest 900 at t = 2. a note.")
  }

  func testNothingToDraw() throws {
    for chart in [Chart(series: []), Chart(series: [Chart.Series(name: "n", points: [Point(1, .nan)])])] {
      XCTAssertEqual(chart.lines(width: 80, ink: .blocks), ["(nothing to draw: no value has a place on the axes)"])
      try WellFormed.check(SVGWriter(drawing: chart.drawing(), use: .file).text)
    }
  }

  /// A file of many points stays small, and keeps every extreme.
  func testManyPointsAreThinned() {
    var points = (0..<200_000).map { Point(Double($0), sin(Double($0) / 5000)) }
    points[77_777].y = 9
    let chart = Chart(series: [Chart.Series(name: "s", points: points)])
    let steps = paths(chart).flatMap { $0 }
    XCTAssertLessThan(steps.count, 3000)
    let heights = steps.map { step in
      switch step {
      case .move(let point), .line(let point): point.y
      default: Double.infinity
      }
    }
    let sorted = heights.sorted()
    XCTAssertLessThan(sorted[0] + 50, sorted[2])
  }

  func testNormsInPlainCharacters() {
    let chart = Chart(
      y: Chart.Axis(label: "‖h‖₂"), series: [Chart.Series(name: "h", points: [Point(0, 1), Point(1, 3)])])
    XCTAssert(chart.lines(width: 40, ink: .ascii).contains("||h||_2"), "\(chart.lines(width: 40, ink: .ascii))")
  }

  /// On a logarithmic axis the same ratio is the same number of rows, and every tick has a row of its own.
  func testEqualRatiosAreEquallyFarApart() throws {
    var generator = Generator(state: 12)
    var (compared, fine) = (0, 0)
    for number in 0..<300 {
      let low = pow(10, Double.random(in: -9...3, using: &generator))
      let high =
        low
        * pow(
          10,
          number % 3 == 0
            ? Double.random(in: 0.9...2.5, using: &generator) : Double.random(in: 2...16, using: &generator))
      let chart = Chart(
        y: Chart.Axis(isLogarithmic: true),
        series: [Chart.Series(name: "a", points: [Point(0, low), Point(1, high), Point(2, (low * high).squareRoot())])])
      for width in [40, 80, 200] {
        let lines = chart.lines(width: width, ink: .blocks)
        let plot = lines.filter { $0.contains("│") || $0.contains("┤") }
        XCTAssertLessThanOrEqual(Double(plot.count), 1.4 * Double(min(max(width / 4, 8), 22)))
        let ticks = try plot.enumerated().filter { $0.element.contains("┤") }.map { row, line in
          (row, try XCTUnwrap(Double(line.prefix { $0 != "┤" }.trimmingCharacters(in: .whitespaces))))
        }
        var distances: [Int: Set<Int>] = [:]
        for (upper, lower) in zip(ticks, ticks.dropFirst()) {
          let ratio = Int((log10(upper.1 / lower.1) * 1000).rounded())
          distances[ratio, default: []].insert(lower.0 - upper.0)
          compared += 1
        }
        fine += distances.keys.contains(301) ? 1 : 0
        for (ratio, rows) in distances {
          XCTAssertEqual(
            rows.count, 1, "\(low) to \(high) at \(width), \(ratio): \(rows)\n\(lines.joined(separator: "\n"))")
        }
      }
    }
    XCTAssertGreaterThan(compared, 2000)
    XCTAssertGreaterThan(fine, 50)
  }

  // MARK: Random charts

  private func random(_ generator: inout Generator) -> Chart {
    let isLogarithmic = Bool.random(using: &generator)
    let count = Int.random(in: 1...14, using: &generator)
    let size = pow(10, Double.random(in: -8...8, using: &generator))
    let names = ["σ", "h̃", "a name of more than a few words, as tables have", "loss", "漢字", "f'"]
    let series = (0..<count).map { number in
      let length = Int.random(in: 1...60, using: &generator)
      let points = (0..<length).map { place in
        let value = Double.random(in: -1...1, using: &generator) * size
        return Point(Double(place), Bool.random(using: &generator) || number % 2 == 0 ? value : .nan)
      }
      let styles: [Chart.Series.Style] = [.line, .dashed, .points]
      return Chart.Series(
        name: names[number % names.count], points: points, style: styles[Int.random(in: 0...2, using: &generator)])
    }
    return Chart(
      title: Bool.random(using: &generator) ? "A title of some length <&> about \(count) lines" : "",
      x: Chart.Axis(label: "t"), y: Chart.Axis(label: count % 2 == 0 ? "value" : "", isLogarithmic: isLogarithmic),
      series: series,
      notes: count % 3 == 0 ? ["A note that goes over more than one line where the terminal is narrow"] : [])
  }
}

/// A line without the escapes that colour it.
func plain(_ line: String) -> String {
  line.replacing(/\u{1B}\[[0-9;]*m/, with: "")
}
