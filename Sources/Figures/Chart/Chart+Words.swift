import Typography

extension Chart: Picture {
  /// What is to be seen: the axes, and of every line its ends and extremes.
  public var alternative: String {
    var sentences: [String] = []
    if !title.isEmpty { sentences.append(title) }
    let axis = x.label.isEmpty ? "x" : x.label
    if let scale = xScale(atMost: 8) {
      sentences.append(
        "\(axis) from \(NumberLabel.short(scale.low)) to \(NumberLabel.short(scale.high))"
          + (x.isLogarithmic ? ", logarithmic" : ""))
    }
    if y.isLogarithmic { sentences.append("The vertical axis is logarithmic") }
    for line in series.prefix(Chart.mostNamed) { sentences.append(Chart.sentence(line, axis: axis, self)) }
    if series.count > Chart.mostNamed { sentences.append("\(series.count - Chart.mostNamed) more lines") }
    return (sentences + notes).map { $0.hasSuffix(".") ? $0 : $0 + "." }.joined(separator: " ")
  }

  private static func sentence(_ series: Series, axis: String, _ chart: Chart) -> String {
    let seen = series.points.filter(chart.isShown)
    let name = series.name.isEmpty ? "The line" : series.name
    guard let first = seen.first, let last = seen.last, var lowest = seen.first, var highest = seen.first else {
      return "\(name): nothing to see"
    }
    for point in seen {
      if point.y < lowest.y { lowest = point }
      if point.y > highest.y { highest = point }
    }
    func at(_ point: Point) -> String { "\(NumberLabel.short(point.y)) at \(axis) = \(NumberLabel.short(point.x))" }
    let gaps = series.points.count > seen.count ? ", with gaps" : ""
    if lowest.y == highest.y { return "\(name): \(NumberLabel.short(first.y)) throughout" + gaps }
    var text = "\(name): from \(at(first)) to \(at(last))"
    if lowest != first, lowest != last { text += ", lowest \(at(lowest))" }
    if highest != first, highest != last { text += ", highest \(at(highest))" }
    return text + gaps
  }

  // MARK: What both renderings ask

  /// So many lines are named one by one.
  static let mostNamed = 16

  /// How a line is drawn: the second eight, which have the colours of the first, are dashed.
  func style(_ number: Int) -> Series.Style {
    let style = series[number].style
    return style == .line && number / Theme.series.count % 2 == 1 ? .dashed : style
  }

  /// Whether a point has a place on the axes; on a part of an axis it may still lie outside.
  func isShown(_ point: Point) -> Bool {
    AxisScale.hasPlace(point.x, isLogarithmic: x.isLogarithmic)
      && AxisScale.hasPlace(point.y, isLogarithmic: y.isLogarithmic)
  }

  func xScale(atMost most: Int) -> AxisScale? {
    AxisScale(series.lazy.flatMap(\.points).filter(isShown).map(\.x), x, isRounded: false, atMost: most)
  }

  func yScale(atMost most: Int) -> AxisScale? {
    AxisScale(series.lazy.flatMap(\.points).filter(isShown).map(\.y), y, isRounded: true, atMost: most)
  }

  /// The lines that the legend names, and what it says of the others.
  var named: (names: [String], rest: String?) {
    let names = series.map(\.name)
    guard names.contains(where: { !$0.isEmpty }), series.count > 1 || title.isEmpty else { return ([], nil) }
    guard series.count > Chart.mostNamed else { return (names, nil) }
    let shown = 8
    return (
      Array(names.prefix(shown)), "and \(series.count - shown) more, to \(names.last ?? ""), in the same colours again"
    )
  }
}
