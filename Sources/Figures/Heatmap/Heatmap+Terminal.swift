import Typography

extension Heatmap {
  /// The most rows that one band takes; more units are pooled, with a note.
  private static let tallest = 16

  /// Lines for a terminal of the given width; none is wider.
  public func lines(width: Int, ink: Ink) -> [String] {
    let steps = bands.flatMap(\.rows).map(\.count).max() ?? 0
    guard steps > 0 else { return ["(nothing fed yet)"] }
    let tallest = bands.map { min($0.rows.count, Heatmap.tallest) }.max() ?? 1
    let labelWidth = String(tallest).count + 2
    let room = max(width - labelWidth - 1, 8)
    let perColumn = (steps + room - 1) / room
    let columns = (steps + perColumn - 1) / perColumn
    let cell = max(1, min(3, room / max(columns, 1)))
    var result: [String] = []
    for band in bands {
      result.append(band.title)
      let rows = Heatmap.pooledRows(band.rows)
      for (index, row) in rows.enumerated() {
        let label = band.rows.count == 1 ? "" : Heatmap.label(index, of: rows.count, units: band.rows.count)
        let padding = String(repeating: " ", count: max(labelWidth - label.displayWidth, 0))
        let values = Heatmap.pooled(row, by: perColumn)
        result.append(padding + label + " " + values.map { glyph($0, cell: cell, ink) }.joined() + reset(ink))
      }
      if rows.count < band.rows.count {
        result.append(
          String(repeating: " ", count: labelWidth + 1)
            + "each row is the mean of up to \((band.rows.count + rows.count - 1) / rows.count) of \(band.rows.count) units"
        )
      }
    }
    result.append(axis(columns: columns, perColumn: perColumn, cell: cell, indent: labelWidth + 1))
    result.append(legend(ink, indent: labelWidth + 1))
    if perColumn > 1 {
      result.append(String(repeating: " ", count: labelWidth + 1) + "each column is the mean of \(perColumn) steps")
    }
    return result
  }

  // MARK: Pooling

  private static func pooledRows(_ rows: [[Double]]) -> [[Double]] {
    guard rows.count > tallest else { return rows }
    let size = (rows.count + tallest - 1) / tallest
    return stride(from: 0, to: rows.count, by: size).map { start in
      let group = rows[start..<min(start + size, rows.count)]
      let length = group.map(\.count).min() ?? 0
      return (0..<length).map { time in group.reduce(0) { $0 + $1[time] } / Double(group.count) }
    }
  }

  private static func pooled(_ row: [Double], by size: Int) -> [Double] {
    guard size > 1 else { return row }
    return stride(from: 0, to: row.count, by: size).map { start in
      let part = row[start..<min(start + size, row.count)]
      return part.reduce(0, +) / Double(part.count)
    }
  }

  private static func label(_ index: Int, of shown: Int, units: Int) -> String {
    let size = (units + shown - 1) / max(shown, 1)
    return String(index * size + 1)
  }

  // MARK: Ink

  private func level(_ value: Double) -> Double {
    guard value.isFinite, high > low else { return 0 }
    return min(max((value - low) / (high - low), 0), 1)
  }

  private func glyph(_ value: Double, cell: Int, _ ink: Ink) -> String {
    if value.isNaN { return String(repeating: "?", count: cell) }
    switch ink {
    case .blocks: return String(repeating: Heatmap.pick(Heatmap.shades, level(value)), count: cell)
    case .ascii: return String(repeating: Heatmap.pick(Heatmap.characters, level(value)), count: cell)
    case .palette256:
      return "\u{1B}[48;5;\(Heatmap.greys(level(value)))m" + String(repeating: " ", count: cell)
    case .full:
      let (red, green, blue) = Heatmap.viridis(level(value))
      return "\u{1B}[48;2;\(red);\(green);\(blue)m" + String(repeating: " ", count: cell)
    }
  }

  private func reset(_ ink: Ink) -> String {
    switch ink {
    case .blocks, .ascii: ""
    case .palette256, .full: "\u{1B}[0m"
    }
  }

  private static let shades: [Character] = ["·", "░", "▒", "▓", "█"]
  private static let characters: [Character] = Array(".:-=+*#%@")

  private static func pick(_ scale: [Character], _ level: Double) -> Character {
    scale[min(Int(level * Double(scale.count)), scale.count - 1)]
  }

  /// The grey ramp of the 256-colour palette, dark to light.
  private static func greys(_ level: Double) -> Int { 232 + min(Int(level * 24), 23) }

  /// Viridis (van der Walt and Smith 2015) at five points, between them linear: dark violet to yellow, even to the
  /// eye and to the colour-blind.
  private static func viridis(_ level: Double) -> (Int, Int, Int) {
    let points: [(Double, Double, Double)] = [
      (68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37),
    ]
    let position = level * Double(points.count - 1)
    let index = min(Int(position), points.count - 2)
    let part = position - Double(index)
    let (a, b) = (points[index], points[index + 1])
    func mix(_ from: Double, _ to: Double) -> Int { Int(from + (to - from) * part) }
    return (mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2))
  }

  // MARK: Axes

  /// Times below the columns: the first, and round ones as near as their labels allow.
  private func axis(columns: Int, perColumn: Int, cell: Int, indent: Int) -> String {
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
      line += String(repeating: " ", count: indent + start - line.count) + label
      end = start + label.count + 1
    }
    return line
  }

  private static let roundSteps = (0...8).flatMap { power -> [Int] in
    let ten = (0..<power).reduce(1) { value, _ in value * 10 }
    return [ten, 2 * ten, 5 * ten]
  }

  private func legend(_ ink: Ink, indent: Int) -> String {
    let scale = stride(from: 0.0, through: 1.0, by: 0.25).map { low + (high - low) * $0 }
      .map { glyph($0, cell: 2, ink) }.joined()
    let (from, to) = (NumberLabel.text(low), NumberLabel.text(high))
    return String(repeating: " ", count: indent) + "\(from) \(scale)\(reset(ink)) \(to)"
  }
}

/// Numbers on axes.
enum NumberLabel {
  static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e6 ? String(Int(value)) : value.description
  }
}
