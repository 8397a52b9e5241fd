import Typography

extension Diagram {
  public func lines(width: Int, ink: Ink) -> [String] {
    TerminalDiagram(self, ink).lines(width: width) ?? fallback(width, ink)
  }

  /// A line for each variable, and why there is no picture.
  private func fallback(_ width: Int, _ ink: Ink) -> [String] {
    let note = "(the diagram does not fit in \(width) columns; saved as a file it is drawn whole)"
    let lines = ([title] + plainLines + notes + [hint, note].compactMap { $0 }).flatMap {
      Wrapping.wrap($0, width: width)
    }
    if case .ascii = ink { return lines.map(Glyphs.ascii).flatMap { Wrapping.wrap($0, width: width) } }
    return lines
  }
}

/// A diagram in characters.
struct TerminalDiagram {
  private let diagram: Diagram
  private let ink: Ink

  init(_ diagram: Diagram, _ ink: Ink) {
    self.ink = ink
    guard case .ascii = ink else {
      self.diagram = diagram
      return
    }
    self.diagram = diagram.inASCII
  }

  /// The roomy sizes, then those for narrow terminals.
  static func metrics(isNarrow: Bool) -> DiagramMetrics {
    DiagramMetrics(
      size: { node in
        let text = TerminalDiagram.text(node, isNarrow: isNarrow)
        switch node.role {
        case .box: return ((text.displayWidth + (isNarrow ? 2 : 4)) / 2, 1)
        default: return (text.displayWidth / 2, 0)
        }
      }, gapX: isNarrow ? 1 : 2, gapY: 1,
      costs: WireRouter.Costs(horizontal: isNarrow ? 2 : 1, vertical: 2, turn: 4, crossing: 4), isUniform: !isNarrow,
      trim: { node in
        switch node.role {
        case .box, .earlier, .result: isNarrow ? 1 - TerminalDiagram.text(node, isNarrow: true).displayWidth % 2 : 0
        case .input, .function, .operation: 0
        }
      })
  }

  static func text(_ node: Diagram.Node, isNarrow: Bool) -> String {
    let value = node.value.map { " \($0)" } ?? ""
    switch node.role {
    case .box:
      let name = node.name.map { $0.displayWidth > 12 ? "\($0.prefix { $0 != "," }), ..." : $0 }
      return (name.map { "\($0):\(isNarrow ? "" : " ")\(node.label)" } ?? node.label) + value
    case .operation, .function:
      let name = node.name.map { isNarrow ? "\($0):" : "\($0) = " } ?? ""
      return "(\(name)\(node.label)\(value))"
    case .earlier, .input, .result: return node.label + (value.isEmpty ? "" : " =\(value)")
    }
  }

  /// Nil if it does not fit.
  func lines(width: Int) -> [String]? {
    for isNarrow in [false, true] {
      guard let layout = DiagramLayout(diagram, Self.metrics(isNarrow: isNarrow)), layout.width <= width else {
        continue
      }
      var page = CharacterPage(width: layout.width, height: layout.height, ink)
      draw(layout, &page)
      for (node, box) in zip(diagram.nodes, layout.boxes) { draw(node, box, isNarrow, &page) }
      return head(width) + page.lines + feet(width)
    }
    return nil
  }

  private func head(_ width: Int) -> [String] {
    Wrapping.wrap(diagram.title + (diagram.subtitle.map { ": \($0)" } ?? ""), width: width) + [""]
  }

  private func feet(_ width: Int) -> [String] {
    let names = diagram.captions.map(\.name.displayWidth).max() ?? 0
    let captions = diagram.captions.flatMap { caption in
      Wrapping.wrap(
        caption.name + String(repeating: " ", count: names - caption.name.displayWidth) + "  " + caption.text,
        width: width)
    }
    let feet = captions + (diagram.notes + [diagram.hint].compactMap { $0 }).flatMap { Wrapping.wrap($0, width: width) }
    return feet.isEmpty ? [] : [""] + feet
  }

  private func style(_ edge: Diagram.Edge) -> CharacterPage.Style {
    if edge.isMarked { return .mark }
    return diagram.nodes[edge.from].color.map { .series($0) } ?? .plain
  }

  private func draw(_ layout: DiagramLayout, _ page: inout CharacterPage) {
    let tracks = diagram.trackEdges
    let hasMarks = diagram.edges.contains(where: \.isMarked)
    // Marked wires last: they lie above the others that they share points with.
    for wire in layout.wires.sorted(by: { !diagram.edges[$0.edge].isMarked && diagram.edges[$1.edge].isMarked }) {
      let edge = diagram.edges[wire.edge]
      let points = DiagramLayout.points(of: wire)
      let isTrack = tracks.contains(Diagram.Edge(from: edge.from, to: edge.to))
      for (a, b) in zip(points, points.dropFirst()) {
        page.connect(a, b, source: edge.from, style(edge), isHeavy: edge.isMarked || isTrack && !hasMarks)
      }
    }
    for wire in layout.wires {
      let points = DiagramLayout.points(of: wire)
      guard let last = points.last, let before = points.dropLast().last else { continue }
      page.head(at: before, toward: last, style(diagram.edges[wire.edge]))
    }
  }

  private func draw(_ node: Diagram.Node, _ box: GridBox, _ isNarrow: Bool, _ page: inout CharacterPage) {
    var text = Self.text(node, isNarrow: isNarrow)
    let room = box.right - box.left + 1
    // As wide as its wires need it.
    if text.hasPrefix("("), text.displayWidth + 1 < room {
      let (inner, free) = (text.dropFirst().dropLast(), room - text.displayWidth)
      let left = String(repeating: " ", count: free / 2)
      text = "(" + left + inner + String(repeating: " ", count: free - free / 2) + ")"
    }
    let style: CharacterPage.Style =
      node.level.map { .level($0) } ?? (node.isMarked ? .mark : (node.color ?? node.tint).map { .series($0) } ?? .plain)
    if node.role == .box { page.frame(box, style) }
    page.write(text, at: GridPoint(x: box.center.x - text.displayWidth / 2, y: box.center.y), style)
  }
}

extension Diagram {
  /// The same in ASCII, before it is laid out: names are as wide as they are printed.
  fileprivate var inASCII: Diagram {
    var result = self
    result.title = Glyphs.ascii(title)
    result.subtitle = subtitle.map(Glyphs.ascii)
    for index in nodes.indices {
      result.nodes[index].label = Self.plain(nodes[index].label)
      result.nodes[index].name = nodes[index].name.map(Glyphs.ascii)
    }
    result.captions = captions.map {
      Caption(name: Glyphs.ascii($0.name), text: Glyphs.ascii($0.text), color: $0.color)
    }
    result.notes = notes.map(Glyphs.ascii)
    result.hint = hint.map(Glyphs.ascii)
    return result
  }

  /// The signs of small nodes have no names but what they look like.
  private static func plain(_ label: String) -> String {
    Glyphs.ascii(label.replacing("×", with: "*").replacing("−", with: "-").replacing("·", with: "*"))
  }
}
