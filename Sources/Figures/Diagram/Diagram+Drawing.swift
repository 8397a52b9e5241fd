extension Diagram: Picture {
  public func drawing() -> Drawing { DiagramDrawing(self).drawing }
}

/// A diagram as vectors.
struct DiagramDrawing {
  private static let unit = 14.0
  private static let margin = 24.0
  private static let operationRadius = 14.0

  private let diagram: Diagram

  init(_ diagram: Diagram) { self.diagram = diagram }

  static let metrics = DiagramMetrics(
    size: { node in
      switch node.role {
      case .operation, .function:
        let half = (width(node.words, size: 15) + 12) / 2 / unit
        return (node.small.count < 3 && node.value == nil ? 1 : max(1, Int(half.rounded(.up))), 1)
      case .box:
        let widest = max(
          width(node.label, size: 19) + 2 * width(node.corner ?? "", size: 14), width(node.caption ?? "", size: 11),
          width(node.value ?? "", size: 11))
        return (max(3, Int(((widest + 10) / 2 / unit).rounded(.up))), node.caption == nil && node.value == nil ? 1 : 2)
      case .earlier, .input, .result:
        return (max(2, Int(((width(node.words, size: 16) + 12) / 2 / unit).rounded(.up))), 1)
      }
    }, gapX: 2, gapY: 2)

  /// A little more than the widest usual letters take.
  static func width(_ text: String, size: Double) -> Double {
    Double(text.filter { !$0.unicodeScalars.isEmpty }.count) * size * 0.62
  }

  var drawing: Drawing {
    guard let layout = DiagramLayout(diagram, Self.metrics) else { return withoutPicture }
    let top = Self.margin + 34 + (diagram.subtitle == nil ? 0 : 20)
    let foot = Double(diagram.captions.count + diagram.notes.count) * 22 + (diagram.scale == nil ? 0 : 34)
    let textWidth =
      (diagram.captions.map { Self.width($0.name + "  " + $0.text, size: 14) * 0.9 + 30 }
      + diagram.notes.map { Self.width($0, size: 14) * 0.9 } + [Self.width(diagram.subtitle ?? "", size: 14) * 0.9])
      .max() ?? 0
    let gridWidth = Double(max(layout.width - 1, 0)) * Self.unit
    let gridHeight = Double(max(layout.height - 1, 0)) * Self.unit
    var result = Drawing(
      width: max(gridWidth, textWidth) + 2 * Self.margin,
      height: top + gridHeight + (foot == 0 ? 0 : 24 + foot) + Self.margin, title: diagram.title,
      alternative: diagram.alternative)
    let origin = Point((result.width - gridWidth) / 2, top)
    result.shapes.append(
      .text(Drawing.Label(diagram.title, at: Point(Self.margin, Self.margin + 14), size: 20, isBold: true)))
    if let subtitle = diagram.subtitle {
      result.shapes.append(
        .text(Drawing.Label(subtitle, at: Point(Self.margin, Self.margin + 36), size: 14, paint: .faint)))
    }
    result.shapes += wires(layout, origin)
    for (node, box) in zip(diagram.nodes, layout.boxes) { result.shapes += shapes(node, box, origin) }
    result.shapes += feet(at: top + gridHeight + 36)
    return result
  }

  /// What cannot be laid out is said in words.
  private var withoutPicture: Drawing {
    var result = Drawing(
      width: 720, height: Double(diagram.plainLines.count + 3) * 20, title: diagram.title,
      alternative: diagram.alternative)
    for (number, line) in ([diagram.title] + diagram.plainLines).enumerated() {
      result.shapes.append(.text(Drawing.Label(line, at: Point(20, 30 + Double(number) * 20))))
    }
    return result
  }

  private func at(_ point: GridPoint, _ origin: Point) -> Point {
    Point(origin.x + Double(point.x) * Self.unit, origin.y + Double(point.y) * Self.unit)
  }

  // MARK: Wires

  private func wires(_ layout: DiagramLayout, _ origin: Point) -> [Drawing.Shape] {
    let tracks = diagram.trackEdges
    var lines: [Drawing.Shape] = []
    var marked: [Drawing.Shape] = []
    var dots: [Drawing.Shape] = []
    for wire in layout.wires {
      let edge = diagram.edges[wire.edge]
      let isTrack = tracks.contains(Edge(from: edge.from, to: edge.to))
      let stroke = Stroke(
        paint(edge), width: edge.isMarked ? 3 : isTrack ? 2.4 : 1.5, hasArrow: true)
      let points = ends(wire, layout, origin)
      let shape = Drawing.Shape.path(Self.rounded(points), stroke: stroke)
      if edge.isMarked { marked.append(shape) } else { lines.append(shape) }
      if let first = wire.points.first, !layout.boxes[edge.from].holds(first) {
        dots.append(.ellipse(center: at(first, origin), radiusX: 3.2, radiusY: 3.2, fill: paint(edge)))
      }
    }
    return lines + marked + dots
  }

  private typealias Edge = Diagram.Edge

  private func paint(_ edge: Edge) -> Paint {
    if edge.isMarked { return .mark }
    if let color = diagram.nodes[edge.from].color { return .series(color) }
    return .ink
  }

  /// The points of a wire; at a small round node its edge is where the circle is, not the grid's line.
  private func ends(_ wire: DiagramLayout.Wire, _ layout: DiagramLayout, _ origin: Point) -> [Point] {
    DiagramLayout.corners(wire.points).map { at($0, origin) }
  }

  /// Lines with rounded corners.
  private static func rounded(_ points: [Point]) -> [Drawing.PathStep] {
    guard let first = points.first, let last = points.last, points.count > 1 else { return [] }
    var steps: [Drawing.PathStep] = [.move(first)]
    for index in 1..<max(points.count - 1, 1) where index + 1 < points.count {
      let (before, here, after) = (points[index - 1], points[index], points[index + 1])
      let (a, b) = (toward(here, before, 6), toward(here, after, 6))
      steps += [.line(a), .curve(toward(here, before, 2.7), toward(here, after, 2.7), b)]
    }
    return steps + [.line(last)]
  }

  private static func toward(_ from: Point, _ to: Point, _ distance: Double) -> Point {
    let (dx, dy) = (to.x - from.x, to.y - from.y)
    let length = max((dx * dx + dy * dy).squareRoot(), 1e-9)
    let part = min(distance, length / 2) / length
    return Point(from.x + dx * part, from.y + dy * part)
  }

  // MARK: Nodes

  private func shapes(_ node: Diagram.Node, _ box: GridBox, _ origin: Point) -> [Drawing.Shape] {
    let center = at(box.center, origin)
    let (halfWidth, halfHeight) = (Double(box.halfWidth) * Self.unit, Double(box.halfHeight) * Self.unit)
    let area = Rectangle(
      x: center.x - halfWidth, y: center.y - halfHeight, width: 2 * halfWidth, height: 2 * halfHeight)
    let color = node.color ?? node.tint
    let stroke = Stroke(node.isMarked ? .mark : color.map { .series($0) } ?? .ink, width: node.isMarked ? 3 : 1.5)
    let fill: Paint = node.level.map { .scale($0) } ?? color.map { .tint($0) } ?? (node.isLearned ? .panel : .paper)
    let text: Paint = node.level.map { .onScale($0) } ?? .ink
    func label(_ words: String, _ x: Double, _ y: Double, size: Double, bold: Bool = false, italic: Bool = false)
      -> Drawing.Shape
    {
      .text(
        Drawing.Label(
          words, at: Point(x, y), size: size, anchor: .middle, paint: text, isItalic: italic, isBold: bold))
    }
    switch node.role {
    case .operation where box.halfWidth == 1:
      return [
        .ellipse(center: center, radiusX: halfWidth, radiusY: halfHeight, fill: fill, stroke: stroke),
        label(node.small, center.x, center.y + 6, size: node.small.count > 1 ? 14 : 18, bold: node.small.count == 1),
      ]
    case .operation, .function:
      return [
        .rectangle(area, corner: halfHeight, fill: fill, stroke: stroke),
        label(node.words, center.x, center.y + 5.5, size: 15),
      ]
    case .box:
      var result: [Drawing.Shape] = [.rectangle(area, corner: 5, fill: fill, stroke: stroke)]
      let isTall = box.halfHeight > 1
      result.append(label(node.label, center.x, center.y + (isTall ? 2 : 6), size: 19, bold: true))
      if let name = node.corner {
        let corner = Drawing.Label(
          name, at: Point(area.x + 6, area.y + 17), size: 16,
          paint: node.level == nil ? node.color.map { .series($0) } ?? .ink : text, isItalic: true, isBold: true)
        result.append(.text(corner))
      }
      if let words = node.value ?? node.caption {
        result.append(label(words, center.x, area.y + area.height - 8, size: 11))
      }
      return result
    case .earlier, .input, .result:
      return [
        .rectangle(area, corner: halfHeight, fill: node.level == nil ? .panel : fill, stroke: stroke),
        label(node.words, center.x, center.y + 5.5, size: 16, italic: true),
      ]
    }
  }

  // MARK: Below

  private func feet(at top: Double) -> [Drawing.Shape] {
    var y = top
    var result: [Drawing.Shape] = []
    let names = (diagram.captions.map { Self.width($0.name, size: 14) }.max() ?? 0) + 30
    for caption in diagram.captions {
      let swatch = Rectangle(x: Self.margin, y: y - 10, width: 12, height: 12)
      if let color = caption.color {
        result.append(.rectangle(swatch, corner: 2, fill: .tint(color), stroke: Stroke(.series(color))))
      }
      result.append(
        .text(Drawing.Label(caption.name, at: Point(Self.margin + 20, y), size: 14, isItalic: true, isBold: true)))
      result.append(.text(Drawing.Label(caption.text, at: Point(Self.margin + names, y), size: 14)))
      y += 22
    }
    for note in diagram.notes {
      result.append(.text(Drawing.Label(note, at: Point(Self.margin, y), size: 14, paint: .faint)))
      y += 22
    }
    if let scale = diagram.scale {
      result.append(.text(Drawing.Label(scale.low, at: Point(Self.margin, y + 4), size: 13)))
      let left = Self.margin + Self.width(scale.low, size: 13) + 8
      for step in 0..<24 {
        let box = Rectangle(x: left + Double(step) * 7, y: y - 8, width: 7.2, height: 14)
        result.append(.rectangle(box, fill: .scale(Double(step) / 23)))
      }
      result.append(.text(Drawing.Label(scale.high, at: Point(left + 24 * 7 + 8, y + 4), size: 13)))
    }
    return result
  }
}

extension Diagram {
  /// The edges of the tracks.
  var trackEdges: Set<Edge> {
    Set(tracks.flatMap { track in zip(track, track.dropFirst()).map { Edge(from: $0, to: $1) } })
  }
}

extension Diagram.Node {
  /// What a small node says: its operation, after its name if it has one.
  var small: String { name.map { "\($0) = \(label)" } ?? label }

  /// Its name, in a corner of its box.
  var corner: String? { name.map { $0.count > 9 ? "\($0.prefix { $0 != "," })…" : $0 } }

  /// With its value.
  var words: String { (role == .operation || role == .function ? small : label) + (value.map { " = \($0)" } ?? "") }
}

extension DiagramLayout {
  /// The ends and the turns.
  static func corners(_ points: [GridPoint]) -> [GridPoint] {
    points.indices.compactMap { index in
      guard index > 0, index + 1 < points.count else { return points[index] }
      let (before, here, after) = (points[index - 1], points[index], points[index + 1])
      return (before.x == here.x && here.x == after.x) || (before.y == here.y && here.y == after.y) ? nil : here
    }
  }
}
