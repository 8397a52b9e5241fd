extension Heatmap: Picture {
  public var alternative: String {
    let steps = bands.flatMap(\.rows).map(\.count).max() ?? 0
    return "Values between \(NumberLabel.text(low)) and \(NumberLabel.text(high)) over \(steps) steps: "
      + bands.map(\.title).joined(separator: "; ")
  }

  /// A column a step, a row a unit.
  public func drawing() -> Drawing {
    let (left, top, unit) = (40.0, 30.0, 12.0)
    let steps = bands.flatMap(\.rows).map(\.count).max() ?? 0
    let rows = bands.map(\.rows.count).reduce(0, +)
    var drawing = Drawing(
      width: left * 2 + Double(steps) * unit, height: top + Double(rows) * unit + Double(bands.count) * 30,
      title: "Gates over time", alternative: alternative)
    var y = top
    for band in bands {
      drawing.shapes.append(.text(Drawing.Label(band.title, at: Point(left, y))))
      y += 8
      for row in band.rows {
        for (time, value) in row.enumerated() {
          let box = Rectangle(x: left + Double(time) * unit, y: y, width: unit, height: unit)
          drawing.shapes.append(.rectangle(box, fill: .scale((value - low) / (high - low))))
        }
        y += unit
      }
      y += 22
    }
    return drawing
  }
}
