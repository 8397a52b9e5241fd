/// How large things are on the grid.
struct DiagramMetrics {
  /// Half the width and half the height of a node.
  var size: @Sendable (Diagram.Node) -> (halfWidth: Int, halfHeight: Int)
  /// The fewest free lines between two columns, and between two rows.
  var gapX: Int
  var gapY: Int
  var costs = WireRouter.Costs()
  /// Boxes are of one size, but for very wide ones.
  var isUniform = true
  /// What a node needs less than twice its half width and one.
  var trim: @Sendable (Diagram.Node) -> Int = { _ in 0 }
}

/// A diagram on a grid: where its boxes stand, and how its wires run.
struct DiagramLayout {
  struct Wire {
    /// The number of its edge.
    var edge: Int
    /// From a box's edge, or from a wire of the same source, to the edge of a box.
    var points: [GridPoint]
  }

  /// The most points of the grid, times wires: a way is looked for over all of it, and all ways take about a second.
  private static let bound = 20_000_000

  var boxes: [GridBox] = []
  var wires: [Wire] = []
  var width = 0
  var height = 0

  /// Nil if there is no way for some wire, or it is too large.
  init?(_ diagram: Diagram, _ metrics: DiagramMetrics) {
    let placement = DiagramPlacement(diagram)
    // Wide at first, so that every wire finds its way; free lines are taken out afterwards.
    for gap in [7, 12, 20, 36] {
      var layout = DiagramLayout()
      layout.place(diagram, placement, metrics, gap: gap)
      guard layout.width * layout.height <= Self.bound / max(diagram.edges.count, 1) else { return nil }
      guard layout.route(diagram, placement, metrics) else { continue }
      layout.compact(metrics)
      self = layout
      return
    }
    return nil
  }

  /// What finds no way comes first in the next try.
  private mutating func route(_ diagram: Diagram, _ placement: DiagramPlacement, _ metrics: DiagramMetrics) -> Bool {
    var urgent: [Int] = []
    for _ in 0..<6 {
      guard let stuck = tryToRoute(diagram, placement, metrics, urgent) else { return true }
      urgent.removeAll { $0 == stuck }
      urgent.insert(stuck, at: 0)
      wires = []
    }
    return false
  }

  private init() {}

  private mutating func place(_ diagram: Diagram, _ placement: DiagramPlacement, _ metrics: DiagramMetrics, gap: Int) {
    var sizes = diagram.nodes.map(metrics.size)
    for node in sizes.indices {
      let least = DiagramLayout.leastHalfWidth(
        diagram.nodes[node].role, reads: diagram.edges.filter { $0.to == node }.count)
      sizes[node].halfWidth = max(sizes[node].halfWidth, least)
    }
    let boxes = diagram.nodes.indices.filter { diagram.nodes[$0].role == .box }
    let usual = 2 * (boxes.map { sizes[$0].halfWidth }.min() ?? 0)
    let widest = boxes.map { sizes[$0].halfWidth }.filter { $0 <= usual }.max() ?? 0
    let tallest = boxes.map { sizes[$0].halfHeight }.max() ?? 0
    for box in boxes {
      sizes[box] = (metrics.isUniform ? max(widest, sizes[box].halfWidth) : sizes[box].halfWidth, tallest)
    }
    func middles(_ places: [Int], _ halves: [Int]) -> (middles: [Int], end: Int) {
      var result: [Int] = []
      var position = gap
      for place in 0...(places.max() ?? 0) {
        let half = zip(places, halves).filter { $0.0 == place }.map(\.1).max() ?? 0
        result.append(position + half)
        position += 2 * half + 1 + gap
      }
      return (result, position)
    }
    let x = middles(placement.columns, sizes.map(\.halfWidth))
    let y = middles(placement.rows, sizes.map(\.halfHeight))
    self.boxes = diagram.nodes.indices.map { node in
      let isLarger = sizes[node].halfWidth > metrics.size(diagram.nodes[node]).halfWidth
      return GridBox(
        center: GridPoint(x: x.middles[placement.columns[node]], y: y.middles[placement.rows[node]]),
        halfWidth: sizes[node].halfWidth, halfHeight: sizes[node].halfHeight,
        trim: isLarger ? 0 : metrics.trim(diagram.nodes[node]))
    }
    (width, height) = (x.end, y.end)
  }

  /// Every wire has a place of its own at the edge of what it enters.
  private static func leastHalfWidth(_ role: Diagram.Role, reads: Int) -> Int {
    switch role {
    case .box: (reads + 2) / 2
    // Three sides, then two more places for each step.
    case .operation, .function: reads <= 3 ? 0 : 1 + (reads - 2) / 2
    case .earlier, .input, .result: 0
    }
  }

  // MARK: Wires

  /// - Returns: the number of an edge that there is no way for.
  private mutating func tryToRoute(
    _ diagram: Diagram, _ placement: DiagramPlacement, _ metrics: DiagramMetrics, _ urgent: [Int]
  ) -> Int? {
    var router = WireRouter(width: width, height: height, boxes: boxes, costs: metrics.costs)
    for node in diagram.nodes.indices {
      let isRead = diagram.nodes[node].role != .result
      guard isRead || diagram.edges.contains(where: { $0.to == node }) else { continue }
      let only = ports(of: node, diagram, isSource: isRead)
      if only.count == 1, let port = only.first { router.keep(port, isFree: true) }
    }
    var trees: [Int: Set<GridPoint>] = [:]
    var usedPorts: Set<PortKey> = []
    for number in order(diagram, urgent) {
      let edge = diagram.edges[number]
      let tree = trees[edge.from] ?? []
      // A block gives to what stands above it by a line of its own, beside the one that its states take.
      let starts =
        tree.isEmpty || diagram.nodes[edge.from].isBlock
        ? ports(of: edge.from, diagram, isSource: true).filter { !usedPorts.contains(key(edge.from, $0)) } : []
      let ends = ports(of: edge.to, diagram, isSource: false, wish: wish(edge, diagram, placement))
        .filter { !usedPorts.contains(key(edge.to, $0)) }
      guard let way = router.route(source: edge.from, tree: tree, from: starts, to: ends) else { return number }
      var points = way.points
      // No wire branches off under the head of an arrow.
      trees[edge.from, default: []].formUnion(points.dropLast())
      points.append(way.end.point + way.end.direction)
      usedPorts.insert(key(edge.to, way.end))
      if let start = way.start {
        points.insert(start.point + start.direction.opposite, at: 0)
        usedPorts.insert(key(edge.from, start))
      }
      wires.append(Wire(edge: number, points: points))
    }
    return nil
  }

  private struct PortKey: Hashable {
    var node: Int
    var point: GridPoint
  }

  private func key(_ node: Int, _ port: WireRouter.Port) -> PortKey { PortKey(node: node, point: port.point) }

  /// Tracks first, which are to be straight; then what is urgent; then what has the shortest way.
  private func order(_ diagram: Diagram, _ urgent: [Int]) -> [Int] {
    var onTrack: Set<Diagram.Edge> = []
    for track in diagram.tracks {
      for (from, to) in zip(track, track.dropFirst()) { onTrack.insert(Diagram.Edge(from: from, to: to)) }
    }
    func length(_ number: Int) -> Int {
      let edge = diagram.edges[number]
      if onTrack.contains(Diagram.Edge(from: edge.from, to: edge.to)) { return -1 - urgent.count }
      if let place = urgent.firstIndex(of: number) { return place - urgent.count }
      let (from, to) = (boxes[edge.from].center, boxes[edge.to].center)
      return abs(from.x - to.x) + 2 * abs(from.y - to.y)
    }
    return diagram.edges.indices.sorted {
      let (a, b) = (length($0), length($1))
      return a == b ? $0 < $1 : a < b
    }
  }

  /// How far from a box's middle an edge should enter it: what stands further left, further left.
  private func wish(_ edge: Diagram.Edge, _ diagram: Diagram, _ placement: DiagramPlacement) -> Int {
    let isBlock = diagram.nodes[edge.to].isBlock
    let sources = diagram.edges.filter {
      $0.to == edge.to && !(isBlock && diagram.nodes[$0.from].role == .earlier)
    }.map(\.from).sorted {
      let (a, b) = (placement.columns[$0], placement.columns[$1])
      return a == b ? $0 < $1 : a < b
    }
    return (sources.firstIndex(of: edge.from) ?? 0) * 2 - (sources.count - 1)
  }

  /// Where wires leave a node, or enter it.
  private func ports(of node: Int, _ diagram: Diagram, isSource: Bool, wish: Int = 0) -> [WireRouter.Port] {
    let box = boxes[node]
    func port(_ side: Direction, offset: Int = 0, cost: Int = 0) -> WireRouter.Port {
      let point =
        switch side {
        case .right: GridPoint(x: box.right + 1, y: box.center.y + offset)
        case .left: GridPoint(x: box.left - 1, y: box.center.y + offset)
        case .up: GridPoint(x: box.center.x + offset, y: box.top - 1)
        case .down: GridPoint(x: box.center.x + offset, y: box.bottom + 1)
        }
      return WireRouter.Port(point: point, direction: isSource ? side : side.opposite, cost: cost)
    }
    switch (diagram.nodes[node].role, isSource) {
    case (.earlier, _): return [port(.right)]
    case (.input, _): return [port(.up)]
    case (.result, _): return [port(.left)]
    case (.box, true): return [port(.up), port(.right, cost: diagram.nodes[node].isBlock ? 0 : 4)]
    case (.box, false):
      let reach = max(box.halfWidth - 1, 0)
      return (-reach...max(reach - box.trim, -reach)).map { port(.down, offset: $0, cost: abs($0 - wish)) } + [
        port(.left, cost: diagram.nodes[node].isBlock ? 0 : 60)
      ]
    case (.operation, true), (.function, true):
      return [port(.right), port(.up), port(.down, cost: 2), port(.left, cost: 16)]
    case (.operation, false), (.function, false):
      let more = box.halfWidth > 1 ? Array(1..<box.halfWidth) : []
      return [port(.left), port(.down), port(.up), port(.right, cost: 12)]
        + more.flatMap { offset in
          [offset, -offset].flatMap {
            [port(.down, offset: $0, cost: 5 + offset), port(.up, offset: $0, cost: 7 + offset)]
          }
        }
    }
  }

  // MARK: Free lines

  /// Takes out the lines that no box touches and no wire runs along.
  private mutating func compact(_ metrics: DiagramMetrics) {
    var usedX = Array(repeating: false, count: width)
    var usedY = Array(repeating: false, count: height)
    for wire in wires {
      // The ends stand on boxes.
      for (a, b) in zip(wire.points, wire.points.dropFirst()) {
        if a.x == b.x { usedX[a.x] = true } else { usedY[a.y] = true }
      }
      // Room for the head of the arrow.
      if let last = wire.points.dropLast().last { (usedX[last.x], usedY[last.y]) = (true, true) }
    }
    let x = DiagramLayout.kept(usedX, boxes.map { $0.left...$0.right }, gap: metrics.gapX)
    let y = DiagramLayout.kept(usedY, boxes.map { $0.top...$0.bottom }, gap: metrics.gapY)
    func moved(_ point: GridPoint) -> GridPoint { GridPoint(x: x.places[point.x], y: y.places[point.y]) }
    for index in boxes.indices { boxes[index].center = moved(boxes[index].center) }
    for index in wires.indices {
      var points: [GridPoint] = []
      for point in wires[index].points.map(moved) where points.last != point { points.append(point) }
      wires[index].points = points
    }
    (width, height) = (x.count, y.count)
  }

  private static func kept(
    _ isUsed: [Bool], _ spans: [ClosedRange<Int>], gap: Int
  ) -> (places: [Int], count: Int) {
    var isCovered = Array(repeating: false, count: isUsed.count)
    for span in spans { for line in span where isCovered.indices.contains(line) { isCovered[line] = true } }
    let first = isCovered.firstIndex(of: true) ?? 0
    let last = isCovered.lastIndex(of: true) ?? 0
    var isKept = zip(isUsed, isCovered).map { $0 || $1 }
    var line = 0
    while line < isUsed.count {
      guard !isCovered[line] else {
        line += 1
        continue
      }
      var end = line
      while end < isUsed.count, !isCovered[end] { end += 1 }
      var missing = line > first && end <= last ? gap - isKept[line..<end].filter { $0 }.count : 0
      for free in line..<end where missing > 0 && !isKept[free] {
        isKept[free] = true
        missing -= 1
      }
      line = end
    }
    var places: [Int] = []
    var count = 0
    for kept in isKept {
      places.append(kept ? count : max(count - 1, 0))
      if kept { count += 1 }
    }
    return (places, count)
  }
}
