extension Wiring {
  /// The ways of states through sums and products alone; no two share a node.
  mutating func findTracks(of recurrence: Recurrence) {
    var taken: Set<Int> = []
    for (result, node) in nodes.enumerated() where node.role == .result {
      guard let symbol = node.symbols.first,
        let start = nodes.indices
          .filter({ nodes[$0].role == .earlier && nodes[$0].symbols == [symbol] && !taken.contains($0) })
          .min(by: { abs(nodes[$0].shift) < abs(nodes[$1].shift) }),
        let track = passage(from: start, to: result, avoiding: taken)
      else { continue }
      tracks.append(track)
      taken.formUnion(track)
    }
  }

  /// The shortest way through passages.
  private func passage(from start: Int, to end: Int, avoiding taken: Set<Int>) -> [Int]? {
    var cameFrom: [Int: Int] = [start: start]
    var queue = [start]
    var next = 0
    while next < queue.count {
      let current = queue[next]
      next += 1
      for edge in edges where edge.from == current && cameFrom[edge.to] == nil && !taken.contains(edge.to) {
        guard edge.to == end || nodes[edge.to].isPassage else { continue }
        cameFrom[edge.to] = current
        queue.append(edge.to)
      }
    }
    guard cameFrom[end] != nil else { return nil }
    var track = [end]
    while let last = track.last, last != start, let before = cameFrom[last] { track.append(before) }
    return track.reversed()
  }
}
