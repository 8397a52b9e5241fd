import Typography

extension Heatmap {
  /// A column a step, a row a unit; long and wide ones pooled, so that a file stays small and a slide readable.
  public func drawing() -> Drawing {
    var layout = HeatmapDrawing(self, mostColumns: 200, mostCells: 24_000, shades: 64)
    return layout.make()
  }

  /// Coarser: TeX reads every cell as a line of its own.
  public func paperDrawing() -> Drawing {
    var layout = HeatmapDrawing(self, mostColumns: 120, mostCells: 7_200, shades: 32)
    var drawing = layout.make()
    if layout.isCoarser(than: 200, 24_000) {
      drawing.remark = "at most 60 x 120 cells, so that TeX takes it: the .svg or .pdf shows finer ones"
    }
    return drawing
  }
}

/// Lays out a heatmap in the plane. Cells are whole pixels, so that no seams show between them.
private struct HeatmapDrawing {
  private let mostColumns: Int
  private let mostCells: Int
  private static let left = 64.0
  /// Words stand beside others only where so much room is left for them.
  private static let narrowest = 180.0
  /// The purpose of a gate fits on one line of it.
  private static let leastWidth = 470.0
  /// Colours of a scale that are told apart: neighbours of one colour become one rectangle.
  private let shades: Double

  private let map: Heatmap
  private let steps: Int
  private let cellWidth: Double
  private let shown: Int
  private let stepsPerColumn: Int
  private var shapes: [Drawing.Shape] = []
  private var y = 20.0

  init(_ map: Heatmap, mostColumns: Int, mostCells: Int, shades: Double) {
    self.map = map
    self.mostColumns = mostColumns
    self.mostCells = mostCells
    self.shades = shades
    steps = map.columns
    stepsPerColumn = max(Pooling.quotient(steps, mostColumns), 1)
    shown = Pooling.quotient(steps, stepsPerColumn)
    cellWidth = min(max((600 / Double(max(shown, 1))).rounded(.down), 3), 28)
  }

  private var plotWidth: Double { Double(shown) * cellWidth }

  mutating func make() -> Drawing {
    let width = max(Self.left + plotWidth + 24, Self.leastWidth)
    if !map.title.isEmpty {
      y += 14
      text(map.title, Point(Self.left, y), size: 17, isBold: true)
      y += 14
    }
    guard steps > 0 else {
      text("nothing fed yet", Point(Self.left, y + 20), paint: .faint)
      return finished(width, y + 44)
    }
    for band in map.bands { draw(band, width: width) }
    times()
    legends(width: width)
    var notes = map.notes
    let columns = Pooling(units: 1, atMostRows: 1, steps: steps, atMostColumns: mostColumns)
    if let note = map.columnNote(columns) { notes.insert(note, at: 0) }
    for note in notes { paragraph(note, width: width) }
    return finished(width, y + 12)
  }

  /// Rows of a band.
  private var mostRows: Int { max(min(mostCells / max(shown * map.bands.count, 1), 48), 4) }

  /// Whether something is pooled here that would not be so with more columns and cells.
  func isCoarser(than columns: Int, _ cells: Int) -> Bool {
    let finer = HeatmapDrawing(map, mostColumns: columns, mostCells: cells, shades: shades)
    return stepsPerColumn > finer.stepsPerColumn
      || map.bands.contains { $0.rows.count > mostRows && mostRows < finer.mostRows }
  }

  private func finished(_ width: Double, _ height: Double) -> Drawing {
    let titles = map.bands.map(\.title).prefix(6).joined(separator: ", ")
    var drawing = Drawing(
      width: width, height: height, title: map.title.isEmpty ? titles : map.title, alternative: map.alternative)
    drawing.shapes = shapes
    return drawing
  }

  // MARK: Bands

  private mutating func draw(_ band: Heatmap.Band, width: Double) {
    y += 18
    text(band.title, Point(Self.left, y), size: 15, isBold: true)
    if !band.caption.isEmpty {
      let beside = Self.left + Double(band.title.displayWidth) * 15 * 0.66 + 12
      let isBeside = width - beside >= Self.narrowest
      list(band.caption, beside: isBeside ? beside : nil, width: width, size: 13, paint: .faint)
    }
    y += 8
    let pooling = Pooling(
      units: band.rows.count, atMostRows: mostRows, steps: steps, atMostColumns: mostColumns)
    let rows = pooling.rows(band.rows)
    let height = min(max((220 / Double(max(rows.count, 1))).rounded(.down), 5), 16)
    let scale = map.scale(of: band)
    let labelStep = max(Int((13 / height).rounded(.up)), 1)
    let top = y
    for (index, row) in rows.enumerated() {
      cells(row, scale, height: height)
      let isLabelled = rows.count > 1 && (labelStep == 1 || index % (labelStep == 2 ? 2 : 5) == 0)
      if isLabelled {
        let label = String(index * pooling.unitsPerRow * band.unitsPerRow + 1)
        text(label, Point(Self.left - 7, y + height / 2 + 4), size: 11, anchor: .end, paint: .faint)
      }
      y += height
    }
    let frame = Rectangle(x: Self.left, y: top, width: plotWidth, height: y - top)
    shapes.append(.rectangle(frame, fill: .none, stroke: Stroke(.faint, width: 0.5)))
    if let note = pooling.rowNote(band) {
      y += 15
      text(note, Point(Self.left, y), size: 11, paint: .faint)
    }
    y += 6
  }

  /// Neighbours of one colour are one rectangle.
  private mutating func cells(_ row: [Double], _ scale: Heatmap.Scale, height: Double) {
    let levels = row.map { scale.level($0).map { ($0 * shades).rounded() / shades } }
    var start = 0
    while start < levels.count {
      var end = start + 1
      while end < levels.count, levels[end] == levels[start] { end += 1 }
      let box = Rectangle(
        x: Self.left + Double(start) * cellWidth, y: y, width: Double(end - start) * cellWidth, height: height)
      if let level = levels[start] {
        shapes.append(.rectangle(box, fill: scale.paint(level)))
      } else {
        shapes.append(.rectangle(box, fill: .panel))
        let middle = Point(box.x + box.width / 2, y + height / 2 + 4)
        if box.width >= 10, height >= 10 { text("?", middle, size: 11, anchor: .middle, paint: .faint) }
      }
      start = end
    }
  }

  // MARK: Axis and legends

  private mutating func times() {
    let steps = max(map.steps ?? self.steps, self.steps)
    let stepsPerColumn = stepsPerColumn * map.stepsPerColumn
    let last = map.firstTime + steps - 1
    let room = max(last >= 10 ? 34.0 : 20, Double(String(last).count) * 9)
    let step = Heatmap.roundSteps.first { Double($0) * cellWidth / Double(stepsPerColumn) >= room } ?? max(steps, 1)
    for column in 0..<shown {
      let first = map.firstTime + column * stepsPerColumn
      let times = first...max(min(first + stepsPerColumn - 1, last), first)
      guard let time = times.first(where: { $0 % step == 0 || $0 == map.firstTime }) else { continue }
      // The first is left out where it would touch the next.
      if time == map.firstTime, time % step != 0, Double(step - time % step) * cellWidth < 24 * Double(stepsPerColumn) {
        continue
      }
      let x = Self.left + (Double(column) + 0.5) * cellWidth
      shapes.append(.path([.move(Point(x, y - 6)), .line(Point(x, y - 2))], stroke: Stroke(.faint, width: 1)))
      text(String(time), Point(x, y + 11), size: 12, anchor: .middle)
    }
    text(map.axis, Point(Self.left - 7, y + 11), size: 13, anchor: .end, isItalic: map.axis == "t")
    y += 26
  }

  private mutating func legends(width: Double) {
    let scales = map.scales
    for (scale, bands) in scales {
      let (from, to) = (NumberLabel.short(scale.low), NumberLabel.short(scale.high))
      func room(_ text: String) -> Double { Double(text.count) * 12 * 0.62 }
      let (barWidth, start) = (128.0, (Self.left + room(from) + 6).rounded())
      y += 10
      text(from.replacing("-", with: "−"), Point(Self.left + room(from), y), size: 12, anchor: .end)
      for part in 0..<32 {
        let box = Rectangle(x: start + Double(part) * 4, y: y - 10, width: 4, height: 12)
        shapes.append(.rectangle(box, fill: scale.paint((Double(part) + 0.5) / 32)))
      }
      text(to.replacing("-", with: "−"), Point(start + barWidth + 6, y), size: 12)
      if scales.count > 1 {
        let after = start + barWidth + 6 + room(to) + 16
        list(
          bands.joined(separator: ", "), beside: width - after >= Self.narrowest ? after : nil, width: width, size: 12)
      }
      y += 12
    }
  }

  /// Words as lines: the first on the line that stands, or all of them below it where too little room is left.
  private mutating func list(_ words: String, beside: Double?, width: Double, size: Double, paint: Paint = .ink) {
    let start = beside ?? Self.left
    let columns = max(Int((width - start - 10) / (size * 0.56)), 8)
    for (number, line) in Wrapping.wrap(words, width: columns, indent: 0).enumerated() {
      if number > 0 || beside == nil { y += size + 4 }
      text(line, Point(start, y), size: size, paint: paint)
    }
  }

  private mutating func paragraph(_ note: String, width: Double) {
    for line in Wrapping.wrap(note, width: max(Int((width - Self.left - 12) / (12 * 0.56)), 20), indent: 0) {
      y += 16
      text(line, Point(Self.left, y), size: 12, paint: .faint)
    }
  }

  private mutating func text(
    _ text: String, _ at: Point, size: Double = 14, anchor: Drawing.Label.Anchor = .start, paint: Paint = .ink,
    isItalic: Bool = false, isBold: Bool = false
  ) {
    shapes.append(
      .text(
        Drawing.Label(text, at: at, size: size, anchor: anchor, paint: paint, isItalic: isItalic, isBold: isBold)))
  }
}
