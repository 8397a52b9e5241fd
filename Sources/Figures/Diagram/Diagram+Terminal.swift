import Typography

extension Diagram {
  public func lines(width: Int, ink: Ink) -> [String] {
    let picture = TerminalDiagram(self, ink).lines(width: width)
    return picture ?? fallback(width)
  }

  private func fallback(_ width: Int) -> [String] {
    let note = "(the diagram is wider than \(width) columns; save(draw(\(title)), \"\(title).svg\") draws it whole)"
    return ([title] + plainLines + [note]).flatMap { Wrapping.wrap($0, width: width) }
  }
}

/// A diagram in characters.
struct TerminalDiagram {
  private let diagram: Diagram
  private let ink: Ink

  init(_ diagram: Diagram, _ ink: Ink) {
    self.diagram = diagram
    self.ink = ink
  }

  private var isASCII: Bool { if case .ascii = ink { true } else { false } }

  static let metrics = DiagramMetrics(
    size: { node in
      let text = TerminalDiagram.text(node)
      switch node.role {
      case .box: return ((text.displayWidth + 4) / 2, 1)
      default: return (text.displayWidth / 2, 0)
      }
    }, gapX: 2, gapY: 1, costs: WireRouter.Costs(horizontal: 1, vertical: 2, turn: 4, crossing: 4))

  static func text(_ node: Diagram.Node) -> String {
    switch node.role {
    case .box: return node.name.map { "\($0): \(node.label)" } ?? node.label
    case .operation, .function: return "(\(node.small))"
    case .earlier, .input, .result: return node.label
    }
  }

  /// Nil if it does not fit.
  func lines(width: Int) -> [String]? {
    guard let layout = DiagramLayout(diagram, Self.metrics), layout.width <= width else { return nil }
    var page = CharacterPage(width: layout.width, height: layout.height)
    draw(layout, &page)
    for (node, box) in zip(diagram.nodes, layout.boxes) { draw(node, box, &page) }
    var head = [diagram.title + (diagram.subtitle.map { ": \($0)" } ?? ""), ""]
    head = head.flatMap { Wrapping.wrap($0, width: width) }
    let names = diagram.captions.map(\.name.displayWidth).max() ?? 0
    let feet = diagram.captions.flatMap { caption in
      Wrapping.wrap(
        caption.name + String(repeating: " ", count: names - caption.name.displayWidth) + "  " + caption.text,
        width: width)
    } + diagram.notes.flatMap { Wrapping.wrap($0, width: width) }
    return head + page.lines(isASCII: isASCII) + (feet.isEmpty ? [] : [""] + feet)
  }

  private func draw(_ layout: DiagramLayout, _ page: inout CharacterPage) {
    let tracks = diagram.trackEdges
    for wire in layout.wires {
      let edge = diagram.edges[wire.edge]
      let points = DiagramLayout.points(of: wire)
      let isTrack = tracks.contains(Diagram.Edge(from: edge.from, to: edge.to))
      for (a, b) in zip(points, points.dropFirst()) { page.connect(a, b, source: edge.from, isHeavy: isTrack) }
    }
    for wire in layout.wires {
      let points = DiagramLayout.points(of: wire)
      guard let last = points.last, let before = points.dropLast().last else { continue }
      page.head(at: before, toward: last, isASCII: isASCII)
    }
  }

  private func draw(_ node: Diagram.Node, _ box: GridBox, _ page: inout CharacterPage) {
    let text = Self.text(node)
    if node.role == .box { page.frame(box, isASCII: isASCII) }
    page.write(text, at: GridPoint(x: box.center.x - text.displayWidth / 2, y: box.center.y))
  }
}

/// Characters on a page; lines know where they go on.
struct CharacterPage {
  private var cells: [[String]]
  /// Bits of the directions in which a wire goes on.
  private var ways: [[Int]]
  private var isHeavy: [[Bool]]
  private let width: Int
  private let height: Int

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    cells = Array(repeating: Array(repeating: " ", count: width), count: height)
    ways = Array(repeating: Array(repeating: 0, count: width), count: height)
    isHeavy = Array(repeating: Array(repeating: false, count: width), count: height)
  }

  private func holds(_ point: GridPoint) -> Bool {
    point.x >= 0 && point.x < width && point.y >= 0 && point.y < height
  }

  mutating func connect(_ a: GridPoint, _ b: GridPoint, source: Int, isHeavy heavy: Bool) {
    guard holds(a), holds(b), let direction = Direction.allCases.first(where: { a + $0 == b }) else { return }
    ways[a.y][a.x] |= 1 << direction.rawValue
    ways[b.y][b.x] |= 1 << direction.opposite.rawValue
    if heavy { isHeavy[a.y][a.x] = true }
  }

  mutating func head(at point: GridPoint, toward: GridPoint, isASCII: Bool) {
    guard holds(point), let direction = Direction.allCases.first(where: { point + $0 == toward }) else { return }
    cells[point.y][point.x] = (isASCII ? [">", "v", "<", "^"] : ["▶", "▼", "◀", "▲"])[direction.rawValue]
  }

  mutating func frame(_ box: GridBox, isASCII: Bool) {
    let (corner, across, down) =
      isASCII ? (["+", "+", "+", "+"], "-", "|") : (["┌", "┐", "└", "┘"], "─", "│")
    for x in box.left...box.right {
      put(across, x, box.top)
      put(across, x, box.bottom)
    }
    for y in box.top...box.bottom {
      put(down, box.left, y)
      put(down, box.right, y)
    }
    put(corner[0], box.left, box.top)
    put(corner[1], box.right, box.top)
    put(corner[2], box.left, box.bottom)
    put(corner[3], box.right, box.bottom)
    for y in (box.top + 1)..<max(box.bottom, box.top + 1) { for x in (box.left + 1)..<box.right { put(" ", x, y) } }
  }

  private mutating func put(_ text: String, _ x: Int, _ y: Int) {
    if holds(GridPoint(x: x, y: y)) { cells[y][x] = text }
  }

  mutating func write(_ text: String, at start: GridPoint) {
    var x = start.x
    for character in text {
      put(String(character), x, start.y)
      let width = max(String(character).displayWidth, 1)
      for more in 1..<max(width, 1) where width > 1 { put("", x + more, start.y) }
      x += width
    }
  }

  func lines(isASCII: Bool) -> [String] {
    (0..<height).map { y in
      var line = ""
      for x in 0..<width {
        let cell = cells[y][x]
        line += cell == " " && ways[y][x] != 0 && !isCovered(x, y) ? glyph(ways[y][x], isHeavy[y][x], isASCII) : cell
      }
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }
  }

  private func isCovered(_ x: Int, _ y: Int) -> Bool { cells[y][x] != " " }

  /// Right 1, down 2, left 4, up 8.
  private func glyph(_ way: Int, _ heavy: Bool, _ isASCII: Bool) -> String {
    if isASCII { return way & 5 == way ? "-" : way & 10 == way ? "|" : "+" }
    if heavy, way & 5 == way { return "━" }
    return [
      " ", "─", "│", "┌", "─", "─", "┐", "┬", "│", "└", "│", "├", "┘", "┴", "┤", "┼",
    ][way & 15]
  }
}
