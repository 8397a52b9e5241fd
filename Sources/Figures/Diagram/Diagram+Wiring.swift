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
    self.init(
      title: wiring.name, nodes: nodes, edges: wiring.edges.map { Edge(from: $0.from, to: $0.to) },
      tracks: wiring.tracks, alternative: wiring.text.joined(separator: "; "))
    subtitle = recurrence.purpose
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
}
