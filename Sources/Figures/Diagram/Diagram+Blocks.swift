import Algebra

extension Diagram {
  /// A cell built of cells, a block for each, the first at the bottom; nil if it has no parts.
  public init?(blocksOf recurrence: Recurrence) {
    guard let blocks = WiringBlocks(recurrence)?.blocks else { return nil }
    let store = recurrence.store
    var nodes: [Node] = []
    var edges: [Edge] = []
    var tracks: [[Int]] = []
    func add(_ node: Node) -> Int {
      nodes.append(node)
      return nodes.count - 1
    }
    func names(_ symbols: [SymbolID]) -> String {
      let list = symbols.map { symbol in
        let name = store[symbol].name
        return name.lastIndex(of: ".").map { String(name[name.index(after: $0)...]) } ?? name
      }
      return list.count == 1 ? list[0] : "(\(list.joined(separator: ", ")))"
    }
    var inputs: [SymbolID: Int] = [:]
    for symbol in blocks.flatMap(\.inputs) where inputs[symbol] == nil {
      inputs[symbol] = add(Node(role: .input, label: "\(store[symbol].name)[t]"))
    }
    let places = blocks.map { block in
      var node = Node(role: .box, label: block.name)
      node.isBlock = true
      return add(node)
    }
    for (block, place) in zip(blocks, places) {
      edges += block.inputs.compactMap { inputs[$0] }.map { Edge(from: $0, to: place) }
      edges += block.blocks.map { Edge(from: places[$0], to: place) }
      var track = [place]
      // Where time runs both ways the label says whose state it is, and from when.
      let owner = blocks.contains { $0.shift != block.shift && !$0.states.isEmpty } ? block.name + "." : ""
      if !block.states.isEmpty {
        let time = block.shift < 0 ? "t\(block.shift)" : "t+\(block.shift)"
        let earlier = add(Node(role: .earlier, label: "\(owner)\(names(block.states))[\(time)]"))
        let later = add(Node(role: .result, label: "\(owner)\(names(block.states))[t]"))
        edges += [Edge(from: earlier, to: place), Edge(from: place, to: later)]
        track = [earlier, place, later]
      }
      let outputs = block.outputs.filter { !block.states.contains($0) }
      for symbol in outputs {
        let result = add(Node(role: .result, label: "\(names([symbol]))[t]"))
        edges.append(Edge(from: place, to: result))
        if track.count == 1 { track.append(result) }
      }
      tracks.insert(track, at: 0)
    }
    self.init(
      title: recurrence.name, nodes: nodes, edges: edges, tracks: tracks,
      alternative: "The cell \(recurrence.name), built of \(blocks.map(\.name).joined(separator: ", "))")
    let example = (blocks.first { !$0.states.isEmpty } ?? blocks[0]).name
    notes = ["a part alone: draw(…, part: \"\(example)\")"]
    plainLines = blocks.map { block in
      let reads = block.inputs.map { "\(store[$0].name)[t]" } + block.blocks.map { blocks[$0].name }
      return "\(block.name): reads \(reads.joined(separator: ", "))"
    }
  }
}
