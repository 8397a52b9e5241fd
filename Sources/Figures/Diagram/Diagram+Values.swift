import Algebra

extension Diagram {
  /// Marks the edges that a derivative's paths run over, and the nodes at their ends; no other colour is beside theirs.
  public mutating func mark(_ followed: Set<Wiring.Edge>) {
    guard !followed.isEmpty else { return }
    for index in nodes.indices { (nodes[index].color, nodes[index].tint) = (nil, nil) }
    for index in captions.indices { captions[index].color = nil }
    for index in edges.indices {
      guard followed.contains(Wiring.Edge(from: edges[index].from, to: edges[index].to)) else { continue }
      edges[index].isMarked = true
      nodes[edges[index].from].isMarked = true
      nodes[edges[index].to].isMarked = true
    }
  }

  /// Colours nodes by values at a time; nodes without a value stay as they are.
  public mutating func color(by values: [Double?], time: Int, _ wiring: Wiring, of recurrence: Recurrence) {
    let known = values.compactMap { $0 }.filter(\.isFinite)
    // From -1 to 1, where squashed values lie; wider if some are beyond.
    let reach = max(known.map(abs).max() ?? 1, 1)
    for index in nodes.indices {
      let node = wiring.nodes[index]
      nodes[index].color = nil
      nodes[index].tint = nil
      if let symbol = node.symbols.first, node.role == .earlier || node.role == .input || node.role == .result {
        nodes[index].label = "\(recurrence.store[symbol].name)[\(time + node.shift)]"
      }
      guard let value = values[index] else { continue }
      nodes[index].level = value.isFinite ? (value / reach + 1) / 2 : nil
      // What leaves as a state or output says its value there.
      let leaves = edges.contains { $0.from == index && nodes[$0.to].role == .result }
      if !leaves || node.role == .box { nodes[index].value = Self.short(value) }
    }
    for index in captions.indices { captions[index].color = nil }
    title += " at t = \(time)"
    scale = (Self.short(-reach), Self.short(reach))
    notes.append("colours and numbers: the mean over the units")
  }

  /// Two digits after the point.
  private static func short(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e6 else { return value.description }
    let hundredths = Int((abs(value) * 100).rounded())
    let sign = value < 0 && hundredths > 0 ? "-" : ""
    let rest = hundredths % 100
    return "\(sign)\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
