import Algebra
import Figures

extension Diagram {
  /// What a caption inside of a box may take.
  private static let shortest = 14

  init(_ wiring: Wiring, of recurrence: Recurrence) {
    let spoken = Set(wiring.nodes.filter { $0.role == .result }.flatMap(\.symbols))
    var colors = 0
    var captions: [Caption] = []
    let nodes = wiring.nodes.map { node -> Node in
      var result = Node(role: Role(node.role), label: node.label)
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
    self.init(
      title: wiring.name, nodes: nodes, edges: wiring.edges.map { Edge(from: $0.from, to: $0.to) },
      tracks: wiring.tracks, alternative: wiring.text.joined(separator: "; "))
    subtitle = recurrence.purpose
    self.captions = captions
    plainLines = wiring.text
  }
}

extension Diagram.Role {
  init(_ role: Wiring.Role) {
    switch role {
    case .earlier: self = .earlier
    case .input: self = .input
    case .box: self = .box
    case .function: self = .function
    case .operation: self = .operation
    case .result: self = .result
    }
  }
}
