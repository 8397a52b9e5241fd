extension Diagram: Picture {
  public func drawing() -> Drawing { DiagramDrawing(self).drawing }
}

/// A diagram as vectors.
struct DiagramDrawing {
  private static let unit = 14.0
  private static let margin = 24.0
  private static let operationRadius = 14.0

  private let diagram: Diagram

  private let hasMarks: Bool
  /// Nil if there is none.
  let layout: DiagramLayout?

  init(_ diagram: Diagram) {
    self.diagram = diagram.withSubscripts
    layout = DiagramLayout(self.diagram, Self.metrics)
    hasMarks = diagram.edges.contains(where: \.isMarked)
  }

  /// The corner of a box holds the name, and so much lies beside it.
  private static let inset = 6.0

  static let metrics = DiagramMetrics(
    size: { node in
      switch node.role {
      case .operation, .function:
        if node.small.count < 3, node.value == nil { return (1, 1) }
        return (max(1, half(TextExtent.width(node.words, size: 15) + 12)), 1)
      case .box:
        let name = node.corner.map { TextExtent.width($0, size: 16, isBold: true) } ?? 0
        let label = TextExtent.width(node.label, size: 19, isBold: true)
        // A low box holds both beside each other. That all are as tall as the tallest is not known here.
        let isTall = node.isBlock && node.name != nil
        let widest = max(
          isTall ? max(name, label) : label + (name > 0 ? name + inset : 0),
          TextExtent.width(node.caption ?? "", size: 11),
          TextExtent.width(node.value ?? "", size: 13))
        return (
          max(4, half(widest + 2 * inset)), isTall || node.caption != nil || node.value != nil ? 2 : 1
        )
      case .earlier, .input, .result:
        return (max(2, half(TextExtent.width(node.words, size: 16) + 12)), 1)
      }
    }, gapX: 2, gapY: 2)

  /// Half of a width, in units of the grid.
  private static func half(_ width: Double) -> Int { Int((width / 2 / unit).rounded(.up)) }

  /// Texts above and below are broken at this width, or the picture's if that is larger.
  private static let leastRoom = 560.0

  var drawing: Drawing {
    guard let layout else { return withoutPicture }
    let gridWidth = Double(max(layout.width - 1, 0)) * Self.unit
    let gridHeight = Double(max(layout.height - 1, 0)) * Self.unit
    let room = max(gridWidth, Self.leastRoom)
    let head = head(room: room)
    let feet = DiagramFeet(diagram, room: room)
    let top = Self.margin + head.height
    var result = Drawing(
      width: max(gridWidth, head.width, feet.width) + 2 * Self.margin,
      height: top + gridHeight + feet.height + Self.margin, title: diagram.title, alternative: diagram.alternative)
    let origin = Point((result.width - gridWidth) / 2, top)
    result.shapes += head.shapes
    result.shapes += wires(layout, origin)
    for (node, box) in zip(diagram.nodes, layout.boxes) { result.shapes += shapes(node, box, origin) }
    result.shapes += feet.shapes(left: Self.margin, top: top + gridHeight + 36)
    return result
  }

  private func head(room: Double) -> (shapes: [Drawing.Shape], width: Double, height: Double) {
    var shapes: [Drawing.Shape] = [
      .text(Drawing.Label(diagram.title, at: Point(Self.margin, Self.margin + 14), size: 20, isBold: true))
    ]
    var width = TextExtent.width(diagram.title, size: 20, isBold: true)
    let lines = diagram.subtitle.map { TextExtent.lines($0, size: 14, room: room) } ?? []
    for (number, line) in lines.enumerated() {
      let place = Point(Self.margin, Self.margin + 36 + Double(number) * 20)
      shapes.append(.text(Drawing.Label(line, at: place, size: 14, paint: .faint)))
      width = max(width, TextExtent.width(line, size: 14))
    }
    return (shapes, width, 34 + Double(lines.count) * 20)
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
        let isOnMarked = layout.wires.contains {
          diagram.edges[$0.edge].isMarked && diagram.edges[$0.edge].from == edge.from
            && DiagramLayout.points(of: $0).contains(first)
        }
        let fill = isOnMarked ? .mark : paint(edge)
        dots.append(.ellipse(center: at(first, origin), radiusX: 3.2, radiusY: 3.2, fill: fill))
      }
    }
    return lines + marked + dots
  }

  private typealias Edge = Diagram.Edge

  private func paint(_ edge: Edge) -> Paint {
    if hasMarks { return edge.isMarked ? .mark : .faint }
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

  /// In the middle of its box, or right of a long name.
  private func labelMiddle(_ node: Diagram.Node, _ box: Rectangle) -> Double {
    let name = node.corner.map { TextExtent.width($0, size: 16, isBold: true) + Self.inset } ?? 0
    let half = TextExtent.width(node.label, size: 19, isBold: true) / 2
    return max(box.x + box.width / 2, box.x + Self.inset + name + half)
  }

  private func shapes(_ node: Diagram.Node, _ box: GridBox, _ origin: Point) -> [Drawing.Shape] {
    let center = at(box.center, origin)
    let (halfWidth, halfHeight) = (Double(box.halfWidth) * Self.unit, Double(box.halfHeight) * Self.unit)
    let area = Rectangle(
      x: center.x - halfWidth, y: center.y - halfHeight, width: 2 * halfWidth, height: 2 * halfHeight)
    let color = node.color ?? node.tint
    let plain: Paint = hasMarks ? .faint : .ink
    let stroke = Stroke(node.isMarked ? .mark : color.map { .series($0) } ?? plain, width: node.isMarked ? 3 : 1.5)
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
      // A mark stands above its letter, so the name is lower, beside the label.
      let hasMark = node.corner?.unicodeScalars.contains { $0.properties.generalCategory == .nonspacingMark } ?? false
      let isOver = isTall && (node.isBlock || !hasMark)
      result.append(
        label(
          node.label, isOver ? center.x : labelMiddle(node, area),
          center.y + (isTall ? node.isBlock ? 12 : 4.5 : 6), size: 19, bold: node.isBlock))
      if let name = node.corner {
        let corner = Drawing.Label(
          name, at: Point(area.x + Self.inset, area.y + (isTall ? hasMark ? 17 : 15 : 19)), size: 16,
          paint: node.level == nil ? node.color.map { .series($0) } ?? .ink : text, isItalic: true, isBold: true)
        result.append(.text(corner))
      }
      if let words = node.value ?? node.caption {
        result.append(label(words, center.x, area.y + area.height - 8, size: node.value == nil ? 11 : 13))
      }
      return result
    case .earlier, .input, .result:
      return [
        .rectangle(area, corner: halfHeight, fill: node.level == nil ? .panel : fill, stroke: stroke),
        label(node.words, center.x, center.y + 5.5, size: 16, italic: true),
      ]
    }
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
  var corner: String? { name.map { $0.count > 9 && $0.contains(",") ? "\($0.prefix { $0 != "," })…" : $0 } }

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
