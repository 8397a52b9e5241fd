import Glibc
import XCTest

@testable import Figures
@testable import Session

/// What `plot`, `heatmap`, `gates` and `difference` make of values, before it is drawn.
final class SeeingTests: XCTestCase {
  private let session = librarySession()

  private func picture<Kind: Picture>(
    _ text: String, as kind: Kind.Type = Kind.self, file: StaticString = #filePath, line: UInt = #line
  ) throws -> Kind {
    try session.picture(text, as: kind, file: file, line: line)
  }

  private func chart(_ text: String, file: StaticString = #filePath, line: UInt = #line) throws -> Chart {
    try picture(text, file: file, line: line)
  }

  private func heatmap(_ text: String, file: StaticString = #filePath, line: UInt = #line) throws -> Heatmap {
    try picture(text, file: file, line: line)
  }

  // MARK: plot

  func testFunctionsAndTheirDerivatives() throws {
    let chart = try chart("plot(σ, tanh, σ', over: -6..6)")
    XCTAssertEqual(chart.series.map(\.name), ["σ", "tanh", "σ'"])
    for series in chart.series {
      XCTAssertEqual(series.points.first?.x, -6)
      XCTAssertEqual(series.points.last?.x, 6)
      for point in series.points {
        let logistic = 1 / (1 + exp(-point.x))
        let expected = ["σ": logistic, "tanh": tanh(point.x)][series.name] ?? logistic * (1 - logistic)
        XCTAssertEqual(point.y, expected, accuracy: 1e-12)
      }
    }
  }

  func testUsersFunctionsWithHoles() throws {
    let chart = try chart("fn hole(z) = if abs(z) < 1 { NaN } else { 1 / z }\nplot(hole, hole, over: -2..2)")
    for point in chart.series[0].points { XCTAssertEqual(point.y.isNaN, abs(point.x) < 1) }
  }

  func testWhatIsALine() throws {
    let cases: [(String, [String], [Double], [Double])] = [
      ("plot([3, 1, NaN, 4])", ["[3, 1, NaN, 4]"], [1, 2, 3, 4], [3, 1, .nan, 4]),
      ("M = [1, 2; 3, 4; 5, 7]\nplot(M)", ["M[:, 1]", "M[:, 2]"], [1, 2, 3], [1, 3, 5]),
      ("plot(table({year: [1957, 1958], spots: [190.2, 184.8]}))", ["spots"], [1957, 1958], [190.2, 184.8]),
      ("plot(table({b: [5, 3], a: [1, 2]}))", ["b", "a"], [1, 2], [5, 3]),
      ("u = [1, 9]; v = [5, 7]\nplot((u, v))", ["v"], [1, 9], [5, 7]),
      ("plot([1, 2], over: 0..10, labels: \"mine\")", ["mine"], [0, 10], [1, 2]),
      ("plot([1, 2, 4], over: [3, 5, 6])", ["[1, 2, 4]"], [3, 5, 6], [1, 2, 4]),
    ]
    for (text, names, x, y) in cases {
      let chart = try chart(text)
      XCTAssertEqual(chart.series.map(\.name), names, text)
      XCTAssertEqual(chart.series.first?.points.map(\.x), x, text)
      let found = chart.series.first?.points.map(\.y) ?? []
      XCTAssertEqual(found.map { $0.isNaN ? -99 : $0 }, y.map { $0.isNaN ? -99 : $0 }, text)
    }
  }

  func testTracksRunOverTime() throws {
    let chart = try chart("net = GRU(x: 2, h: 3, seed: 4); y = feed(net, [1, 2; 3, 4; 5, -6; 0, 1])\nplot(net.h)")
    XCTAssertEqual(chart.series.map(\.name), ["h[t, 1]", "h[t, 2]", "h[t, 3]"])
    XCTAssertEqual(chart.x.label, "t")
    XCTAssertEqual(chart.series[1].points.map(\.x), [1, 2, 3, 4])
    XCTAssertEqual(session.printed("net.h[3, 2] == \(chart.series[1].points[2].y)"), ["true"])
  }

  func testManyUnitsAreSummed() throws {
    let chart = try chart("net = GRU(x: 1, h: 20, seed: 4); y = feed(net, [1; 2])\nplot(net.h)")
    XCTAssertEqual(chart.series.map(\.name), ["mean of h", "least of h", "greatest of h"])
    XCTAssert(chart.notes[0].hasPrefix("h has 20 units"), "\(chart.notes)")
    XCTAssertEqual(session.printed("max(net.h[2]) == \(chart.series[2].points[1].y)"), ["true"])
    XCTAssertEqual(session.printed("min(net.h[2]) == \(chart.series[1].points[1].y)"), ["true"])
  }

  func testHistory() throws {
    let text = """
      set seed 1; X = uniform(-1, 1, 20, 5, 1)
      history = fit(linear(y: 1), (X, 2 * X), loss: mse, optimizer: sgd(0.1), epochs: 6)
      plot(history, log: "y")
      """
    let chart = try chart(text)
    XCTAssertEqual(chart.series.map(\.name), ["loss"])
    XCTAssertEqual(chart.series[0].points.map(\.x), [1, 2, 3, 4, 5, 6])
    XCTAssertEqual(chart.x.label, "epoch")
    XCTAssert(chart.y.isLogarithmic)
    XCTAssertEqual(try self.chart("plot(history.epochs)").series.map(\.name), ["loss"])
  }

  func testANumberAloneIsALevelAsLongAsTheOthers() throws {
    let chart = try chart("plot(2.5, [1, 4, 2, 8], 7)")
    XCTAssertEqual(chart.series.map(\.name), ["2.5", "[1, 4, 2, 8]", "7"])
    XCTAssertEqual(chart.series[0].points, [Point(1, 2.5), Point(4, 2.5)])
    XCTAssertEqual(chart.series[2].points, [Point(1, 7), Point(4, 7)])
    XCTAssertEqual(try self.chart("plot(σ, 0.25, over: -2..3)").series[1].points, [Point(-2, 0.25), Point(3, 0.25)])
  }

  func testALogarithmicAxisSaysWhatItLeavesOut() throws {
    let chart = try chart("plot([1, 10, 0, -3, 100], log: \"y\", title: \"some\")")
    XCTAssertEqual(chart.title, "some")
    XCTAssertEqual(chart.notes, ["left out: 2 values at or below 0, which a logarithmic axis does not have"])
  }

  // MARK: Heatmaps

  private let feeding = """
    net = LSTM(x: 2, h: 3, seed: 4); y = feed(net, [1, 2; 3, 4; 5, -6; 0, 1; -2, 7])
    held = clamp(net, f: 1, at: 3..4)

    """

  func testGatesStandBesideTheirInputs() throws {
    let map = try heatmap(feeding + "gates(net)")
    XCTAssertEqual(map.bands.map(\.title), ["f", "i", "o", "x"])
    XCTAssertEqual(map.bands.map { map.scale(of: $0).high }, [1, 1, 1, 8])
    XCTAssertEqual(map.bands[3].rows, [[1, 3, 5, 0, -2], [2, 4, -6, 1, 7]])
    XCTAssertEqual(session.printed("net.f[4, 2] == \(map.bands[0].rows[1][3])"), ["true"])
    XCTAssertEqual(try heatmap("gates(net, of: (\"c\", \"h\"))").bands.map(\.title), ["c", "h", "x"])
  }

  func testDifferences() throws {
    let map = try heatmap(feeding + "difference(net, held)")
    XCTAssertEqual(map.bands.map(\.title), ["f", "i", "g", "o", "c", "h"])
    for band in map.bands {
      XCTAssertEqual(band.scale?.kind, .diverging)
      XCTAssertEqual(band.rows[0].prefix(2), [0, 0], band.title)
    }
    XCTAssertEqual(session.printed("1 - net.f[3, 2] == \(map.bands[0].rows[1][2])"), ["true"])
    // The gates share a scale, so that they can be compared.
    XCTAssertEqual(map.bands[0].scale, map.bands[1].scale)
    let same = try heatmap("difference(net, copy(net))")
    XCTAssertEqual(same.notes, ["they do not differ"])
    let track = try heatmap("heatmap(held.h - net.h)")
    XCTAssertEqual(track.bands[0].rows, map.bands[5].rows)
    XCTAssertEqual(track.axis, "t")
    XCTAssertEqual(track.bands[0].scale?.kind, .diverging)
  }

  func testMatricesStandAsTheyAre() throws {
    let map = try heatmap("heatmap([0, 2, 1; 5, 0.5, 0], title: \"W\")")
    XCTAssertEqual(map.bands[0].rows, [[0, 2, 1], [5, 0.5, 0]])
    XCTAssertEqual(map.bands[0].scale, Heatmap.Scale(low: 0, high: 5))
    XCTAssertEqual(map.title, "W")
    XCTAssertEqual(
      try heatmap("heatmap([1, 2; 3, 4], scale: -4..4)").bands[0].scale,
      Heatmap.Scale(low: -4, high: 4, kind: .diverging))
  }

  // MARK: All of them

  func testNothingIsWiderThanTheTerminal() {
    session.output = { _ in }
    _ = session.evaluate("net = LSTM(x: 2, h: 20, seed: 4); y = feed(net, uniform(-3, 3, 300, 2))")
    _ = session.evaluate("small = GRU(x: 2, h: 3, seed: 4); y = feed(small, uniform(-3, 3, 30, 2))")
    let figures = [
      "plot(σ, tanh, σ', over: -6..6)", "plot(net.h)", "plot(small.h, small.z)", "gates(net)", "gates(small)",
      "difference(net, clamp(net, f: 1))", "heatmap(net.W_f)", "plot([1, 1e5], log: \"y\")",
    ]
    for width in [20, 40, 80, 200] {
      for (isASCII, color) in [(false, Session.ColorDepth.none), (true, .none), (false, .sixteen), (false, .full)] {
        session.options.width = width
        session.options.isASCII = isASCII
        session.options.color = color
        for figure in figures {
          for line in session.printed(figure) {
            let plain = line.replacing(/\u{1B}\[[0-9;]*m/, with: "")
            XCTAssertLessThanOrEqual(plain.unicodeScalars.count, width, "\(figure): \(plain)")
            if isASCII { XCTAssert(line.utf8.allSatisfy { $0 < 0x80 }, line) }
          }
        }
      }
    }
  }
}
