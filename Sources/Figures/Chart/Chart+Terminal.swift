import Glibc
import Typography

extension Chart {
  /// A chart in braille, or in plain characters where the terminal has no more; no line is wider than `width`.
  public func lines(width: Int, ink: Ink) -> [String] {
    let text = TerminalText(width: width, ink: ink)
    let height = min(max(width / 4, 8), 22)
    var lines = title.isEmpty ? [] : text.wrapped(title)
    guard var yScale = yScale(atMost: height / 3 + 1), let xScale = xScale(atMost: 8) else {
      return lines + text.wrapped("(nothing to draw: no value has a place on the axes)")
    }
    lines += legend(text)
    let yTicks = yScale.ticks(atMost: height / 3 + 2)
    let rows: Int
    if yScale.isLogarithmic, y.range == nil {
      (rows, yScale) = Chart.decades(near: height, yTicks, yScale)
    } else {
      rows = Chart.rows(near: height, yTicks, yScale)
    }
    let gutter = min(yTicks.map(\.label.count).max() ?? 0, max(width / 3, 4))
    let columns = max(width - gutter - 2, 4)
    var canvas = Canvas(columns: columns, rows: rows, isBraille: ink != .ascii)
    draw(on: &canvas, xScale, yScale, ink)

    if !y.label.isEmpty { lines += text.wrapped(y.label) }
    let (post, tick) = ink == .ascii ? ("|", "+") : ("│", "┤")
    for row in 0..<rows {
      let label = yTicks.last { Chart.row(yScale.part($0.value) ?? -1, of: rows) == row }
      let written = text.cut(label?.label ?? "", to: gutter)
      lines.append(
        String(repeating: " ", count: gutter - written.count) + written + (label == nil ? post : tick)
          + canvas.line(row, ink, characters: Chart.asciiMarks))
    }
    lines += Chart.axis(xScale, columns: columns, indent: gutter, label: x.label, text)
    return lines + notes.flatMap { text.wrapped($0) }
  }

  /// So many rows that ticks stand the same number of rows apart.
  private static func rows(near height: Int, _ ticks: [Tick], _ scale: AxisScale) -> Int {
    if scale.isLogarithmic { return fixedDecades(near: height, ticks, scale) }
    guard ticks.count > 1, let first = scale.part(ticks[0].value),
      let second = scale.part(ticks[1].value), second > first
    else { return height }
    // Half a step may stand out at an end: a step takes an even number of rows.
    let steps = 1 / (second - first)
    let each = max((Double(height - 1) / steps / 2).rounded(), 1) * 2
    let rows = (steps * each).rounded() + 1
    return rows <= Double(height) * 1.4 ? Int(rows) : height
  }

  /// So many rows to a decade, or to the decades between two ticks, that powers of ten stand on rows, and what is the
  /// same number of times as large stands as many rows higher everywhere. The ends give way by less than a row.
  private static func decades(
    near height: Int, _ ticks: [Tick], _ scale: AxisScale
  ) -> (rows: Int, scale: AxisScale) {
    let powers = ticks.map { log10($0.value) }.filter { abs($0 - $0.rounded()) < 1e-9 }.map { $0.rounded() }
    let (low, high) = (log10(scale.low), log10(scale.high))
    guard let anchor = powers.first else { return (height, scale) }
    let stride = powers.count > 1 ? powers[1] - anchor : 1
    for each in Swift.stride(from: max((Double(height - 1) * stride / (high - low)).rounded(), 1), to: 0, by: -1) {
      let decade = each / stride
      let below = ((anchor - low) * decade - 1e-6).rounded(.up)
      let above = ((high - anchor) * decade - 1e-6).rounded(.up)
      guard below + above + 1 <= Double(height) * 1.4 else { continue }
      let ends = (pow(10, anchor - below / decade), pow(10, anchor + above / decade))
      guard ends.0 > 0, ends.1.isFinite, ends.0 < ends.1 else { break }
      return (Int(below + above) + 1, AxisScale(low: ends.0, high: ends.1, isLogarithmic: true))
    }
    return (height, scale)
  }

  /// Where the ends were asked for and cannot give way: of some heights the nearest at which ticks stand equally far
  /// apart.
  private static func fixedDecades(near height: Int, _ ticks: [Tick], _ scale: AxisScale) -> Int {
    guard ticks.count > 2 else { return height }
    let heights = (max(height * 3 / 4, 4)...height * 4 / 3).sorted { abs($0 - height) < abs($1 - height) }
    return heights.first { rows in
      let places = ticks.compactMap { row(scale.part($0.value) ?? -1, of: rows) }
      return Set(zip(places, places.dropFirst()).map { $0 - $1 }).count == 1
    } ?? height
  }

  private static func row(_ part: Double, of rows: Int) -> Int? {
    guard part >= -1e-9, part <= 1 + 1e-9 else { return nil }
    return Int(((1 - part) * Double(rows - 1)).rounded())
  }

  /// What tells lines apart where there are no colours.
  static let marks: [Character] = ["●", "○", "■", "□", "▲", "△", "◆", "◇"]
  static let asciiMarks: [Character] = ["*", "o", "+", "x", "#", "@", "%", "&"]

  // MARK: Lines

  private func draw(on canvas: inout Canvas, _ xScale: AxisScale, _ yScale: AxisScale, _ ink: Ink) {
    let isMarked = !ink.hasColor && ink != .ascii && series.count > 1
    // Where each line runs, before the next one covers it.
    var courses: [[Int?]] = []
    for (number, line) in series.enumerated() {
      var before: Point?
      let isDashed = style(number) == .dashed
      var phase = 0
      let isSparse = line.points.count <= 4 * canvas.columns
      for (index, point) in line.points.enumerated() {
        guard isShown(point), let across = xScale.part(point.x), let up = yScale.part(point.y) else {
          before = nil
          continue
        }
        let place = Point(across * Double(canvas.width - 1), (1 - up) * Double(canvas.height - 1))
        if line.style == .points || before == nil {
          // Between gaps a point stands alone, and one dot of braille is easily overlooked.
          let isLast = index + 1 == line.points.count || !isShown(line.points[index + 1])
          let isAlone = line.style != .points && isLast
          dot(place, number, on: &canvas, isMarked: isSparse && (isAlone || line.style == .points))
        }
        if line.style != .points, let before {
          canvas.line(before, place, series: number, isDashed: isDashed, phase: &phase)
        }
        before = place
      }
      if isMarked { courses.append((0..<canvas.columns).map { canvas.row(of: number, column: $0) }) }
    }
    if isMarked { markLines(courses, on: &canvas) }
  }

  private func dot(_ place: Point, _ number: Int, on canvas: inout Canvas, isMarked: Bool) {
    guard place.x > -0.5, place.y > -0.5, place.x < Double(canvas.width), place.y < Double(canvas.height) else {
      return
    }
    let (x, y) = (Int(place.x.rounded()), Int(place.y.rounded()))
    canvas.set(x, y, series: number)
    guard isMarked, canvas.isBraille else { return }
    canvas.mark(Chart.marks[number % Chart.marks.count], column: x / 2, row: y / 4, series: number)
  }

  /// Marks on lines, as far apart as the eye needs to follow them; each line's at columns of its own.
  private func markLines(_ courses: [[Int?]], on canvas: inout Canvas) {
    let period = max(canvas.columns / 5, 6)
    for (number, course) in courses.enumerated() where series[number].style != .points {
      let offset = period * (2 * number + 1) / (2 * max(series.count, 1))
      for column in stride(from: offset, to: canvas.columns, by: period) {
        guard let row = course[column], !canvas.hasMark(column: column, row: row) else { continue }
        canvas.mark(Chart.marks[number % Chart.marks.count], column: column, row: row, series: number)
      }
    }
  }

  // MARK: Legend and axis

  private func legend(_ text: TerminalText) -> [String] {
    let (names, rest) = named
    var lines: [String] = []
    var line = ""
    var used = 0
    for (number, name) in names.enumerated() where !name.isEmpty {
      let sign = sign(number, text.ink)
      let shown = text.cut(name, to: max(text.width - sign.width - 1, 1))
      let needed = sign.width + (sign.width > 0 ? 1 : 0) + shown.displayWidth
      if used > 0, used + 3 + needed > text.width {
        lines.append(line)
        (line, used) = ("", 0)
      }
      line += (used > 0 ? "   " : "") + sign.text + (sign.width > 0 ? " " : "") + shown
      used += (used > 0 ? 3 : 0) + needed
    }
    if used > 0 { lines.append(line) }
    return lines + (rest.map { text.wrapped($0) } ?? [])
  }

  private func sign(_ number: Int, _ ink: Ink) -> (text: String, width: Int) {
    guard ink.hasColor else {
      if series.count == 1 { return ("", 0) }
      let marks = ink == .ascii ? Chart.asciiMarks : Chart.marks
      return (String(marks[number % marks.count]), 1)
    }
    let stroke =
      switch style(number) {
      case .line: "━━"
      case .dashed: "╍╍"
      case .points: String(Chart.marks[number % Chart.marks.count])
      }
    return (ink.series(number) + stroke + ink.reset, stroke.count)
  }

  /// The axis below a plot with its ticks, and the numbers and the label under it.
  static func axis(
    _ scale: AxisScale, columns: Int, indent: Int, label: String, _ text: TerminalText
  ) -> [String] {
    // As many ticks as their labels leave room for.
    var most = max(columns / 6, 2)
    var ticks = scale.ticks(atMost: most)
    func column(_ tick: Tick) -> Int? {
      scale.part(tick.value).map { Int((min(max($0, 0), 1) * Double(columns - 1)).rounded()) }
    }
    func collide(_ ticks: [Tick]) -> Bool {
      zip(ticks, ticks.dropFirst()).contains { left, right in
        (column(right) ?? 0) - (column(left) ?? 0) < (left.label.count + right.label.count) / 2 + 2
      }
    }
    while most > 2, collide(ticks) {
      most -= 1
      ticks = scale.ticks(atMost: most)
    }
    let isPlain = text.ink == .ascii
    var line = [Character](repeating: isPlain ? "-" : "─", count: columns)
    var numbers = [Character](repeating: " ", count: indent + 1 + columns)
    var end = 0
    for tick in ticks {
      guard let column = column(tick) else { continue }
      line[column] = isPlain ? "+" : "┬"
      let start = max(min(indent + 1 + column - tick.label.count / 2, numbers.count - tick.label.count), 0)
      guard start >= end, start + tick.label.count <= numbers.count else { continue }
      numbers.replaceSubrange(start..<start + tick.label.count, with: Array(tick.label))
      end = start + tick.label.count + 1
    }
    let lead = String(repeating: " ", count: indent)
    var lines = [lead + (isPlain ? "+" : "└") + String(line), trimmed(String(numbers))]
    if !label.isEmpty {
      let shown = text.cut(label, to: max(columns, 1))
      lines.append(lead + " " + String(repeating: " ", count: max((columns - shown.displayWidth) / 2, 0)) + shown)
    }
    return lines
  }

  private static func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }
}
