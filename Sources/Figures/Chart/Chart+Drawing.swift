import Typography

extension Chart {
  /// For a slide: lines named where they end if they can be told apart there, else by a legend above.
  public func drawing() -> Drawing { ChartDrawing(self).drawing }
}

/// Lays out a chart in the plane.
private struct ChartDrawing {
  private let chart: Chart
  private var shapes: [Drawing.Shape] = []
  private var plot = Rectangle(x: 0, y: 0, width: 560, height: 320)
  private var bottom = 0.0

  static let fontSize = 14.0
  private static let nameSize = 15.0

  init(_ chart: Chart) { self.chart = chart }

  var drawing: Drawing {
    var layout = self
    return layout.make()
  }

  private mutating func make() -> Drawing {
    let yScale = chart.yScale(atMost: 7)
    let xScale = chart.xScale(atMost: 8)
    let yTicks = Self.raised(yScale?.ticks(atMost: 8) ?? [])
    let names = chart.named.names.map { $0.replacing("'", with: "′") }
    let labelRoom = yTicks.map { Self.width(Self.written($0), Self.fontSize) }.max() ?? 0
    plot.x = 20 + labelRoom + 10 + (chart.y.label.isEmpty ? 0 : 26)
    plot.y = 18
    let titleLines = titleLines
    plot.y += titleLines.isEmpty ? 0 : 8 + 22 * Double(titleLines.count)
    let isNamedAtEnds = canNameAtEnds(xScale, yScale)
    let total = plot.x + plot.width + 24
    if !names.isEmpty, !isNamedAtEnds { legend(names, width: total - 20) }

    if let xScale, let yScale {
      axes(xScale, yScale, yTicks)
      for (number, series) in chart.series.enumerated() { line(series, number, xScale, yScale) }
    } else {
      text("nothing to draw", Point(plot.x + plot.width / 2, plot.y + plot.height / 2), .middle, .faint)
    }
    for (number, line) in titleLines.enumerated() {
      shapes.append(
        .text(Drawing.Label(line, at: Point(plot.x, 32 + 22 * Double(number)), size: 17, isBold: true)))
    }
    if !chart.y.label.isEmpty {
      shapes.append(
        .text(
          Drawing.Label(
            chart.y.label, at: Point(26, plot.y + plot.height / 2), size: Self.fontSize, anchor: .middle,
            isUpright: true)))
    }
    bottom = plot.y + plot.height + 26
    if !chart.x.label.isEmpty {
      bottom += 22
      text(chart.x.label, Point(plot.x + plot.width / 2, bottom - 2), .middle, .ink)
    }
    var width = total
    if isNamedAtEnds, let xScale, let yScale {
      width = plot.x + plot.width + 24 + nameAtEnds(names, xScale, yScale)
    }
    for note in chart.notes {
      for line in Wrapping.wrap(note, width: max(Int((width - plot.x) / (13 * 0.56)), 20), indent: 0) {
        bottom += 20
        text(line, Point(plot.x, bottom), .start, .faint, 13)
      }
    }
    // A word of the title may be longer than the plot is wide.
    width = max(width, plot.x + (titleLines.map { Self.width($0, 18) }.max() ?? 0) + 20)
    var drawing = Drawing(
      width: width.rounded(.up), height: bottom + 16,
      title: chart.title.isEmpty ? chart.series.map(\.name).prefix(4).joined(separator: ", ") : chart.title,
      alternative: chart.alternative)
    drawing.shapes = shapes
    return drawing
  }

  /// The title as wide as the plot.
  private var titleLines: [String] {
    guard !chart.title.isEmpty else { return [] }
    return Wrapping.wrap(chart.title, width: max(Int(plot.width / (17 * 0.56)), 20), indent: 0)
  }

  // MARK: Axes

  private mutating func axes(_ xScale: AxisScale, _ yScale: AxisScale, _ yTicks: [Tick]) {
    let (right, base) = (plot.x + plot.width, plot.y + plot.height)
    for tick in yTicks {
      guard let part = yScale.part(tick.value) else { continue }
      let y = base - part * plot.height
      segment(Point(plot.x, y), Point(right, y), Stroke(.faint, width: tick.value == 0 ? 1 : 0.35))
      number(tick, Point(plot.x - 8, y + 5), .end)
    }
    var most = 9
    var xTicks = Self.raised(xScale.ticks(atMost: most))
    while most > 2, collide(xTicks, xScale) {
      most -= 1
      xTicks = Self.raised(xScale.ticks(atMost: most))
    }
    for tick in xTicks {
      guard let part = xScale.part(tick.value) else { continue }
      let x = plot.x + part * plot.width
      segment(Point(x, base), Point(x, base + 5), Stroke(.faint, width: 1))
      number(tick, Point(x, base + 21), .middle)
    }
    segment(Point(plot.x, base), Point(right, base), Stroke(.ink, width: 1))
    segment(Point(plot.x, plot.y), Point(plot.x, base), Stroke(.ink, width: 1))
    if let zero = xScale.part(0), zero > 0.001, zero < 0.999, !xScale.isLogarithmic {
      let x = plot.x + zero * plot.width
      segment(Point(x, plot.y), Point(x, base), Stroke(.faint, width: 0.35))
    }
  }

  private func collide(_ ticks: [Tick], _ scale: AxisScale) -> Bool {
    zip(ticks, ticks.dropFirst()).contains { left, right in
      let apart = ((scale.part(right.value) ?? 0) - (scale.part(left.value) ?? 0)) * plot.width
      return apart < (Self.width(Self.written(left), Self.fontSize) + Self.width(Self.written(right), Self.fontSize))
        / 2 + 12
    }
  }

  /// Powers of ten are written as such where the digits of one would be many; 1 and 10 stay.
  private static func raised(_ ticks: [Tick]) -> [Tick] {
    let areRaised = ticks.contains { $0.power.map { $0 < -3 || $0 > 4 } ?? false }
    return ticks.map { tick in
      var tick = tick
      if !areRaised || tick.power == 0 || tick.power == 1 { tick.power = nil }
      return tick
    }
  }

  private static func written(_ tick: Tick) -> String {
    tick.power.map { "10\($0)" } ?? tick.label.replacing("-", with: "−")
  }

  private mutating func number(_ tick: Tick, _ at: Point, _ anchor: Drawing.Label.Anchor) {
    guard let power = tick.power else {
      text(Self.written(tick), at, anchor, .ink)
      return
    }
    let exponent = String(power).replacing("-", with: "−")
    let (base, raised) = (Self.width("10", Self.fontSize), Self.width(exponent, 10))
    let start = anchor == .end ? at.x - base - raised : at.x - (base + raised) / 2
    text("10", Point(start + base, at.y), .end, .ink)
    text(exponent, Point(start + base + 1, at.y - 6), .start, .ink, 10)
  }

  // MARK: Lines

  private mutating func line(_ series: Chart.Series, _ number: Int, _ xScale: AxisScale, _ yScale: AxisScale) {
    let runs = series.points.split { !chart.isShown($0) }.map { run in
      run.compactMap { point -> Point? in
        guard let across = xScale.part(point.x), let up = yScale.part(point.y) else { return nil }
        return Point(plot.x + across * plot.width, plot.y + (1 - up) * plot.height)
      }
    }
    guard series.style != .points else {
      for place in Thinning.points(runs.flatMap { $0 }) where isInside(place) { dot(place, number) }
      return
    }
    // Many lines, and lines that go up and down at every pixel, are drawn finer.
    let isFine = chart.series.count > 8 || Thinning.isRestless(runs)
    let stroke = Stroke(
      .series(number), width: isFine ? 1.3 : 2.2, dashes: chart.style(number) == .dashed ? [7, 5] : [])
    var steps: [Drawing.PathStep] = []
    for run in runs {
      if run.count == 1 {
        if isInside(run[0]) { dot(run[0], number) }
        continue
      }
      let run = Thinning.line(run)
      var pen: Point?
      for (from, to) in zip(run, run.dropFirst()) {
        let (left, top) = (Point(from.x - plot.x, from.y - plot.y), Point(to.x - plot.x, to.y - plot.y))
        guard let (first, last) = Canvas.clipped(left, top, plot.width, plot.height) else {
          pen = nil
          continue
        }
        let (start, end) = (Point(first.x + plot.x, first.y + plot.y), Point(last.x + plot.x, last.y + plot.y))
        if pen != start { steps.append(.move(start)) }
        steps.append(.line(end))
        pen = end
      }
    }
    if !steps.isEmpty { shapes.append(.path(steps, stroke: stroke)) }
  }

  private func isInside(_ place: Point) -> Bool {
    place.x >= plot.x - 0.5 && place.x <= plot.x + plot.width + 0.5 && place.y >= plot.y - 0.5
      && place.y <= plot.y + plot.height + 0.5
  }

  private mutating func dot(_ place: Point, _ number: Int) {
    shapes.append(.ellipse(center: place, radiusX: 3, radiusY: 3, fill: .series(number)))
  }

  // MARK: Names

  /// Lines that all reach the right edge, few enough that their names stand there one under the other.
  private func canNameAtEnds(_ xScale: AxisScale?, _ yScale: AxisScale?) -> Bool {
    guard let xScale, let yScale, chart.series.count <= 8, !chart.named.names.isEmpty else { return false }
    return chart.series.allSatisfy { series in
      guard series.style != .points, let last = series.points.last, chart.isShown(last) else { return false }
      return (xScale.part(last.x) ?? 0) > 0.985 && (-0.001...1.001).contains(yScale.part(last.y) ?? -1)
    }
  }

  /// Names at the ends of lines, pushed apart; one that is far from its line is tied to it. Answers how wide they are.
  private mutating func nameAtEnds(_ names: [String], _ xScale: AxisScale, _ yScale: AxisScale) -> Double {
    let spacing = 19.0
    let (top, base) = (plot.y + 6, plot.y + plot.height)
    var ends = names.enumerated().compactMap { number, name -> (number: Int, name: String, line: Double, y: Double)? in
      guard let last = chart.series[number].points.last, let up = yScale.part(last.y) else { return nil }
      let y = plot.y + (1 - min(max(up, 0), 1)) * plot.height
      return (number, name, y, y)
    }.sorted { ($0.line, $0.number) < ($1.line, $1.number) }
    for index in ends.indices.dropFirst() { ends[index].y = max(ends[index].y, ends[index - 1].y + spacing) }
    if let last = ends.indices.last, ends[last].y > base {
      ends[last].y = base
      for index in ends.indices.dropLast().reversed() {
        ends[index].y = min(ends[index].y, ends[index + 1].y - spacing)
      }
    }
    if let first = ends.first, first.y < top {
      for index in ends.indices { ends[index].y = max(ends[index].y, top + Double(index) * spacing) }
    }
    let right = plot.x + plot.width
    for end in ends {
      if abs(end.y - end.line) > 3 {
        segment(
          Point(right + 3, end.line), Point(right + 15, end.y), Stroke(.series(end.number), width: 0.8))
      }
      shapes.append(
        .text(
          Drawing.Label(
            end.name, at: Point(right + 18, end.y + 5), size: Self.nameSize, paint: .series(end.number), isBold: true)))
    }
    return names.map { Self.width($0, Self.nameSize) * 1.08 }.max() ?? 0
  }

  /// Names in rows above the plot, which moves down for them.
  private mutating func legend(_ names: [String], width: Double) {
    var at = Point(plot.x, plot.y + 8)
    for (number, name) in names.enumerated() where !name.isEmpty {
      let needed = 34 + Self.width(name, Self.fontSize) + 22
      if at.x > plot.x, at.x + needed > width { at = Point(plot.x, at.y + 22) }
      if chart.series[number].style == .points {
        dot(Point(at.x + 12, at.y - 5), number)
      } else {
        segment(
          Point(at.x, at.y - 5), Point(at.x + 26, at.y - 5),
          Stroke(.series(number), width: 2.6, dashes: chart.style(number) == .dashed ? [7, 5] : []))
      }
      text(name, Point(at.x + 34, at.y), .start, .ink)
      at.x += needed
    }
    if let rest = chart.named.rest {
      at = Point(plot.x, at.y + 20)
      text(rest, at, .start, .faint, 13)
    }
    plot.y = at.y + 18
  }

  // MARK: Shapes

  private mutating func segment(_ from: Point, _ to: Point, _ stroke: Stroke) {
    shapes.append(.path([.move(from), .line(to)], stroke: stroke))
  }

  private mutating func text(
    _ text: String, _ at: Point, _ anchor: Drawing.Label.Anchor, _ paint: Paint, _ size: Double = ChartDrawing.fontSize
  ) {
    shapes.append(.text(Drawing.Label(text, at: at, size: size, anchor: anchor, paint: paint)))
  }

  /// About as wide as a text is: what draws it knows its letters, we do not.
  private static func width(_ text: String, _ size: Double) -> Double { Double(text.displayWidth) * size * 0.6 }
}
