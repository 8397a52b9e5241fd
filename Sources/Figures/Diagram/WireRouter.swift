/// Finds ways for wires along the lines of a grid, around boxes.
///
/// Wires of one source are one tree. Wires of two sources may cross, but never run along each other or turn at the same
/// point, so that each can be followed by eye. The shortest way wins, where a turn or a crossing counts as some steps
/// (Lee 1961, with the direction of arrival as part of the state).
struct WireRouter {
  struct Port {
    /// The point before the box's edge.
    var point: GridPoint
    /// Of a step there: out of the box, or into it.
    var direction: Direction
    /// What this port costs more than the best.
    var cost: Int
  }

  struct Costs {
    var horizontal = 2
    var vertical = 2
    var turn = 6
    var crossing = 5
  }

  let width: Int
  let height: Int
  private let costs: Costs
  private var isBlocked: [Bool]
  /// The source whose wire runs here along, across and down; -1 if none.
  private var across: [Int32]
  private var down: [Int32]

  /// Where the only way into a node, or out of it, is kept free until its wire comes.
  private var isKept: [Bool]

  // MARK: The search's own
  private var best: [Int32]
  private var cameFrom: [Int32]
  private var round: Int32 = 0
  private var seen: [Int32]

  init(width: Int, height: Int, boxes: [GridBox], costs: Costs) {
    self.width = width
    self.height = height
    self.costs = costs
    let count = width * height
    isBlocked = Array(repeating: false, count: count)
    isKept = isBlocked
    across = Array(repeating: -1, count: count)
    down = across
    best = Array(repeating: 0, count: count * 4)
    cameFrom = best
    seen = best
    for box in boxes {
      for y in max(box.top, 0)...min(box.bottom, height - 1) {
        for x in max(box.left, 0)...min(box.right, width - 1) { isBlocked[y * width + x] = true }
      }
    }
  }

  /// Other wires run around a port, and the point before it, until one begins or ends there.
  mutating func keep(_ port: Port, isFree: Bool) {
    for point in [port.point, port.point + port.direction.opposite] where isInside(point) {
      isKept[index(point)] = isFree
    }
  }

  /// The way from a tree of wires (or, if it is empty, from one of some ports) to one of some ports: its points, from
  /// the start to the point before the box; nil if there is none.
  mutating func route(
    source: Int, tree: Set<GridPoint>, from starts: [Port], to ends: [Port]
  ) -> (points: [GridPoint], start: Port?, end: Port)? {
    round += 1
    for port in starts + ends { keep(port, isFree: false) }
    var queue = BucketQueue()
    for port in starts where isFree(port.point, source, port.direction) {
      reach(port.point, port.direction, cost: port.cost, from: -1, &queue)
    }
    for point in tree {
      for direction in Direction.allCases where isFree(point, source, direction) {
        reach(point, direction, cost: 0, from: -1, &queue)
      }
    }
    var goals: [Int: Port] = [:]
    for port in ends where isInside(port.point) { goals[state(port.point, port.direction)] = port }
    var found: (state: Int, cost: Int)?
    while let (cost, current) = queue.next() {
      if let found, found.cost <= cost { break }
      guard best[current] == cost else { continue }
      if let port = goals[current], found.map({ cost + port.cost < $0.cost }) ?? true {
        found = (current, cost + port.cost)
      }
      advance(current, cost: cost, source, &queue)
    }
    guard let found, let end = goals[found.state] else { return nil }
    var states = [found.state]
    while let last = states.last, cameFrom[last] >= 0 { states.append(Int(cameFrom[last])) }
    states.reverse()
    let points = states.map { point(of: $0 / 4) }
    let first = states.first ?? 0
    let start = starts.first { !tree.contains($0.point) && state($0.point, $0.direction) == first }
    take(states, source)
    isBlocked[index(end.point)] = true
    return (points, start, end)
  }

  private mutating func advance(_ current: Int, cost: Int, _ source: Int, _ queue: inout BucketQueue) {
    let here = point(of: current / 4)
    guard let heading = Direction(rawValue: current % 4) else { return }
    for direction in Direction.allCases where direction != heading.opposite {
      // A turn takes both lines of its point.
      if direction.isHorizontal != heading.isHorizontal,
        !isFree(here, source, direction) || !isFree(here, source, heading)
      {
        continue
      }
      let next = here + direction
      guard isInside(next), !isBlocked[index(next)], isFree(next, source, direction) else { continue }
      var step = direction.isHorizontal ? costs.horizontal : costs.vertical
      if direction != heading { step += costs.turn }
      let other = direction.isHorizontal ? down[index(next)] : across[index(next)]
      if other >= 0, other != Int32(source) { step += costs.crossing }
      reach(next, direction, cost: cost + step, from: current, &queue)
    }
  }

  private mutating func reach(
    _ point: GridPoint, _ direction: Direction, cost: Int, from: Int, _ queue: inout BucketQueue
  ) {
    let state = state(point, direction)
    if seen[state] == round, best[state] <= cost { return }
    seen[state] = round
    best[state] = Int32(cost)
    cameFrom[state] = Int32(from)
    queue.add(state, cost: cost)
  }

  /// Marks the lines of a way as taken.
  private mutating func take(_ states: [Int], _ source: Int) {
    for (position, state) in states.enumerated() {
      guard let heading = Direction(rawValue: state % 4) else { continue }
      mark(state / 4, heading, source)
      if position + 1 < states.count, let next = Direction(rawValue: states[position + 1] % 4) {
        mark(state / 4, next, source)
      }
    }
  }

  private mutating func mark(_ index: Int, _ direction: Direction, _ source: Int) {
    if direction.isHorizontal { across[index] = Int32(source) } else { down[index] = Int32(source) }
  }

  private func isFree(_ point: GridPoint, _ source: Int, _ direction: Direction) -> Bool {
    guard isInside(point), !isBlocked[index(point)], !isKept[index(point)] else { return false }
    let owner = direction.isHorizontal ? across[index(point)] : down[index(point)]
    guard owner < 0 || owner == Int32(source) else { return false }
    return true
  }

  private func isInside(_ point: GridPoint) -> Bool {
    point.x >= 0 && point.x < width && point.y >= 0 && point.y < height
  }

  private func index(_ point: GridPoint) -> Int { point.y * width + point.x }
  private func state(_ point: GridPoint, _ direction: Direction) -> Int { index(point) * 4 + direction.rawValue }
  private func point(of index: Int) -> GridPoint { GridPoint(x: index % width, y: index / width) }
}

/// States by small whole costs, the cheapest first.
private struct BucketQueue {
  private var buckets: [[Int]] = []
  private var current = 0

  mutating func add(_ state: Int, cost: Int) {
    while buckets.count <= cost { buckets.append([]) }
    buckets[cost].append(state)
  }

  mutating func next() -> (cost: Int, state: Int)? {
    while current < buckets.count {
      if let state = buckets[current].popLast() { return (current, state) }
      current += 1
    }
    return nil
  }
}
