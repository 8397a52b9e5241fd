import Typography

extension Heatmap: Picture {
  /// The most rows that one band takes; more units are pooled, with a note.
  static let tallest = 16

  /// Lines for a terminal of the given width; none is wider.
  public func lines(width: Int, ink: Ink) -> [String] { lines(width: width, ink: ink, tallest: Heatmap.tallest) }

  /// The same, with at most so many rows for a band; what is pooled is said under it, or once at the end.
  public func lines(width: Int, ink: Ink, tallest: Int, isCompact: Bool = false) -> [String] {
    let text = TerminalText(width: width, ink: ink)
    let steps = columns
    guard steps > 0 else { return text.wrapped("(nothing fed yet)") }
    let longest = bands.map(\.units).max() ?? 1
    let labelWidth = String(longest).count + 2
    let room = max(width - labelWidth - 1, 4)
    let across = Pooling(units: 1, atMostRows: 1, steps: steps, atMostColumns: room)
    let shown = Pooling.quotient(steps, across.stepsPerColumn)
    let cell = max(1, min(3, room / max(shown, 1)))
    let indent = labelWidth + 1
    var pooled: [Int] = []
    var result = title.isEmpty ? [] : text.wrapped(title)
    for band in bands {
      result += text.wrapped(band.caption.isEmpty ? band.title : "\(band.title)  \(band.caption)")
      let pooling = Pooling(units: band.rows.count, atMostRows: tallest, steps: steps, atMostColumns: room)
      for (index, row) in pooling.rows(band.rows).enumerated() {
        let label = band.rows.count == 1 ? "" : String(index * pooling.unitsPerRow * band.unitsPerRow + 1)
        let padding = String(repeating: " ", count: max(labelWidth - label.count, 0))
        result.append(padding + label + " " + HeatmapInk(scale(of: band), ink).cells(row, width: cell))
      }
      if pooling.unitsPerRow * band.unitsPerRow > 1 { pooled.append(pooling.unitsPerRow * band.unitsPerRow) }
      if !isCompact, let note = pooling.rowNote(band) { result += text.wrapped(note, indent: indent) }
    }
    result.append(times(columns: shown, perColumn: across.stepsPerColumn * stepsPerColumn, cell: cell, indent: indent))
    result += legends(text, indent: indent)
    if isCompact, let most = pooled.max() {
      result += text.wrapped("each row is the mean of up to \(most) units", indent: indent)
    }
    if let note = columnNote(across) { result += text.wrapped(note, indent: indent) }
    return result + notes.flatMap { text.wrapped($0, indent: indent) }
  }

  // MARK: Axes

  /// Times below the columns: the first, and round ones as near as their labels allow.
  private func times(columns: Int, perColumn: Int, cell: Int, indent: Int) -> String {
    let last = firstTime + columns * perColumn - 1
    let room = String(last).count + 2
    let step = Heatmap.roundSteps.first { $0 * cell / perColumn >= room } ?? max(last, 1)
    var line = String(repeating: " ", count: indent)
    var end = 0
    for column in 0..<columns {
      let times = firstTime + column * perColumn..<firstTime + (column + 1) * perColumn
      guard let time = column == 0 ? firstTime : times.first(where: { $0 % step == 0 }) else { continue }
      let label = String(time)
      let start = column * cell
      guard start >= end, start + label.count <= max(columns * cell, label.count) else { continue }
      line += String(repeating: " ", count: max(indent + start - line.count, 0)) + label
      end = start + label.count + 1
    }
    return line
  }

  static let roundSteps = (0...8).flatMap { power -> [Int] in
    let ten = (0..<power).reduce(1) { value, _ in value * 10 }
    return [ten, 2 * ten, 5 * ten]
  }

  /// Every scale, of several with the bands that have it; side by side as far as there is room.
  private func legends(_ text: TerminalText, indent: Int) -> [String] {
    let scales = scales
    var lines: [String] = []
    var used = 0
    for (scale, bands) in scales {
      let (from, to) = (NumberLabel.short(scale.low), NumberLabel.short(scale.high))
      let names = scales.count > 1 ? "  " + text.spelled(bands.joined(separator: ", ")) : ""
      let levels = stride(from: 0.0, through: 1.0, by: 0.25).map { scale.low + (scale.high - scale.low) * $0 }
      func legend(_ cell: Int) -> String { "\(from) \(HeatmapInk(scale, text.ink).cells(levels, width: cell)) \(to)" }
      func room(_ cell: Int) -> Int { from.count + 2 + 5 * cell + to.count }
      if used > 0, used + 4 + room(2) + names.displayWidth <= text.width {
        lines[lines.count - 1] += "    " + legend(2) + names
        used += 4 + room(2) + names.displayWidth
        continue
      }
      guard let (lead, cell) = [(indent, 2), (indent, 1), (0, 1)].first(where: { $0.0 + room($0.1) <= text.width })
      else {
        lines += text.wrapped("\(from) to \(to)\(names)")
        used = 0
        continue
      }
      let isOne = lead + room(cell) + names.displayWidth <= text.width
      lines.append(String(repeating: " ", count: lead) + legend(cell) + (isOne ? names : ""))
      used = isOne ? lead + room(cell) + names.displayWidth : 0
      if !isOne { lines += text.wrapped(names.trimmingPrefix("  ").description, indent: indent) }
    }
    return lines
  }
}
