import Algebra

extension Diagram {
  /// What a caption inside of a box may take.
  private static let shortest = 14

  /// - Parameter recurrence: what the wiring was made from.
  public init(_ wiring: Wiring, of recurrence: Recurrence) {
    let spoken = Set(wiring.nodes.filter { $0.role == .result }.flatMap(\.symbols))
    var colors = 0
    var captions: [Caption] = []
    var nodes = wiring.nodes.map { node -> Node in
      var result = Node(role: node.role, label: node.label)
      result.isLearned = node.isLearned
      if node.role == .box || !node.symbols.contains(where: spoken.contains) { result.name = node.name }
      if node.isGate {
        result.color = colors
        colors += 1
      }
      if let purpose = node.purpose, node.role != .earlier, node.role != .result {
        let head = purpose.prefix { $0 != ":" && $0 != "," }
        if node.role == .box, head.count <= Self.shortest { result.caption = String(head) }
        captions.append(Caption(name: node.name ?? node.label, text: purpose, color: result.color))
      }
      return result
    }
    Self.spreadColors(wiring, &nodes)
    captions += Self.shorten(&nodes)
    self.init(
      title: wiring.name, nodes: nodes, edges: wiring.edges.map { Edge(from: $0.from, to: $0.to) },
      tracks: wiring.tracks, alternative: wiring.text.joined(separator: "; "))
    subtitle = recurrence.purpose
    if wiring.isFolded {
      notes.append("each box is an equation: with its parts there would be more than \(Wiring.bound)")
    }
    self.captions = captions
    plainLines = wiring.text
  }

  /// A product has the colour of the gate that multiplies in it; what is made of a gate alone (`1-z`) is that gate.
  private static func spreadColors(_ wiring: Wiring, _ nodes: inout [Node]) {
    for index in nodes.indices where wiring.nodes[index].role == .operation && nodes[index].color == nil {
      let operands = wiring.edges.filter { $0.to == index }.map(\.from)
      let colors = operands.compactMap { nodes[$0].color }
      if operands.count == 1 {
        nodes[index].color = colors.first
      } else if wiring.nodes[index].label.hasPrefix("×") {
        nodes[index].tint = colors.first
      }
    }
  }

  /// What a label may take; of a longer one a caption says the rest.
  private static let longest = 22

  /// Long labels begin as before: `tanh(…)`; each that is cut has a caption with the whole.
  private static func shorten(_ nodes: inout [Node]) -> [Caption] {
    var wholes: [String: String] = [:]
    var captions: [Caption] = []
    for index in nodes.indices where nodes[index].label.count > longest {
      let whole = nodes[index].label
      let head = whole.prefix { $0 != "(" }
      // The sign at its end says what is done with what comes in.
      let sign = whole.last.map { "·−/^".contains($0) ? String($0) : "" } ?? ""
      func short(_ number: Int) -> String {
        let rest = number == 1 ? "…" : "…\(number)"
        return (head.count <= 12 ? "\(head)(\(rest))" : whole.prefix(12) + rest) + sign
      }
      let number = (1...nodes.count).first { wholes[short($0)].map { $0 == whole } ?? true } ?? 1
      nodes[index].label = short(number)
      guard wholes.updateValue(whole, forKey: nodes[index].label) == nil else { continue }
      captions.append(Caption(name: nodes[index].label, text: whole))
    }
    return captions
  }
}
