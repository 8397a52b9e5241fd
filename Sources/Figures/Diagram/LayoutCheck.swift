/// Says what is wrong with a layout, in words; a layout that is right has no faults.
struct LayoutCheck {
  private let diagram: Diagram
  private let layout: DiagramLayout

  init(_ diagram: Diagram, _ layout: DiagramLayout) {
    self.diagram = diagram
    self.layout = layout
  }

  var faults: [String] { boxFaults + endFaults + foreignFaults + sharedFaults + trackFaults }

  private func name(_ node: Int) -> String { "\(node) \(diagram.nodes[node].name ?? diagram.nodes[node].label)" }

  /// Two boxes that touch, or one beyond the edge.
  private var boxFaults: [String] {
    var result: [String] = []
    for (index, box) in layout.boxes.enumerated() {
      if box.left < 0 || box.top < 0 || box.right >= layout.width || box.bottom >= layout.height {
        result.append("\(name(index)) is beyond the edge")
      }
      for other in layout.boxes.indices where other > index && box.overlaps(layout.boxes[other]) {
        result.append("\(name(index)) overlaps \(name(other))")
      }
    }
    return result
  }

  /// Every edge has a wire that ends at its box, and begins at its source or on a wire of it.
  private var endFaults: [String] {
    var result: [String] = []
    if Set(layout.wires.map(\.edge)) != Set(diagram.edges.indices) { result.append("an edge has no wire") }
    for wire in layout.wires {
      let edge = diagram.edges[wire.edge]
      guard let first = wire.points.first, let last = wire.points.last else {
        result.append("a wire without points")
        continue
      }
      if !layout.boxes[edge.to].holds(last) { result.append("a wire does not end at \(name(edge.to))") }
      let branches = layout.wires.contains { other in
        other.edge != wire.edge && diagram.edges[other.edge].from == edge.from
          && DiagramLayout.points(of: other).contains(first)
      }
      if !layout.boxes[edge.from].holds(first), !branches {
        result.append("a wire does not begin at \(name(edge.from))")
      }
    }
    return result
  }

  /// A wire through a box that is not its end.
  private var foreignFaults: [String] {
    var result: [String] = []
    for wire in layout.wires {
      let points = DiagramLayout.points(of: wire)
      for (index, box) in layout.boxes.enumerated() {
        let inside = points.enumerated().filter { box.holds($0.element) }
        let edge = diagram.edges[wire.edge]
        let allowed = inside.allSatisfy {
          index == edge.to && $0.offset == points.count - 1 || index == edge.from && $0.offset == 0
        }
        if !allowed { result.append("a wire of \(name(edge.from)) runs through \(name(index))") }
      }
    }
    return result
  }

  /// Wires of two sources on one line, or that turn at one point.
  private var sharedFaults: [String] {
    var across: [GridPoint: Int] = [:]
    var down: [GridPoint: Int] = [:]
    var result: [String] = []
    for wire in layout.wires {
      let source = diagram.edges[wire.edge].from
      let points = DiagramLayout.points(of: wire)
      for (a, b) in zip(points, points.dropFirst()) {
        for point in [a, b] where !layout.boxes.contains(where: { $0.holds(point) }) {
          let owner = a.y == b.y ? across[point] : down[point]
          if let owner, owner != source { result.append("wires of \(name(owner)) and \(name(source)) share a line") }
          if a.y == b.y { across[point] = source } else { down[point] = source }
        }
      }
    }
    return result
  }

  /// A track that is not straight.
  private var trackFaults: [String] {
    diagram.tracks.compactMap { track in
      let heights = Set(track.map { layout.boxes[$0].center.y })
      return heights.count > 1 ? "the track of \(track.first.map(name) ?? "") is not straight" : nil
    }
  }
}

extension DiagramLayout {
  /// All points of the grid that a wire runs over.
  static func points(of wire: Wire) -> [GridPoint] {
    guard var current = wire.points.first else { return [] }
    var result = [current]
    for next in wire.points.dropFirst() {
      while current != next {
        current.x += (next.x - current.x).signum()
        current.y += (next.y - current.y).signum()
        result.append(current)
      }
    }
    return result
  }
}
