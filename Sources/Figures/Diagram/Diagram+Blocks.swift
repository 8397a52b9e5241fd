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
    var inputs: [SymbolID: Int] = [:]
    for symbol in blocks.flatMap(\.inputs) where inputs[symbol] == nil {
      inputs[symbol] = add(Node(role: .input, label: "\(store[symbol].name)[t]"))
    }
    let places = blocks.map { block in
      var node = Node(role: .box, label: block.cell ?? block.name)
      if block.cell != nil { node.name = block.name }
      node.isLearned = true
      node.isBlock = true
      return add(node)
    }
    for (block, place) in zip(blocks, places) {
      edges += block.inputs.compactMap { inputs[$0] }.map { Edge(from: $0, to: place) }
      edges += block.blocks.map { Edge(from: places[$0], to: place) }
      var track = [place]
      if !block.states.isEmpty {
        let names = StateNames(block, store)
        let earlier = add(Node(role: .earlier, label: names.earlier))
        let later = add(Node(role: .result, label: names.later))
        edges += [Edge(from: earlier, to: place), Edge(from: place, to: later)]
        track = [earlier, place, later]
      }
      let outputs = block.outputs.filter { !block.states.contains($0) }
      for symbol in outputs {
        let result = add(Node(role: .result, label: "\(store[symbol].name.split(separator: ".").last ?? "")[t]"))
        edges.append(Edge(from: place, to: result))
        if track.count == 1 { track.append(result) }
      }
      tracks.insert(track, at: 0)
    }
    self.init(
      title: recurrence.name, nodes: nodes, edges: edges, tracks: tracks,
      alternative: "The cell \(recurrence.name), built of \(blocks.map(\.name).joined(separator: ", "))")
    let example = (blocks.first { !$0.states.isEmpty } ?? blocks[0]).name
    hint = "a part alone: draw(…, part: \"\(example)\")"
    plainLines = blocks.map { block in
      let reads = block.inputs.map { "\(store[$0].name)[t]" } + block.blocks.map { blocks[$0].name }
      return "\(block.name)\(block.cell.map { ", \($0)" } ?? ""): reads \(reads.joined(separator: ", "))"
    }
  }
}

/// The states of a block as texts: `(c, h)[t-1]`, or, where that would not tell them apart, `ahead.(c, h)[t-1],
/// back.(c, h)[t+1]`.
private struct StateNames {
  let earlier: String
  let later: String

  init(_ block: WiringBlocks.Block, _ store: Store) {
    let whole = block.states.map { store[$0].name }
    let last = whole.map { $0.split(separator: ".").last.map(String.init) ?? $0 }
    let inside = whole.map { $0.hasPrefix(block.name + ".") ? String($0.dropFirst(block.name.count + 1)) : $0 }
    let names = Set(last).count == last.count ? last : inside
    var groups: [(shift: Int, names: [String])] = []
    for (symbol, name) in zip(block.states, names) {
      let shift = block.shifts[symbol] ?? -1
      if let place = groups.firstIndex(where: { $0.shift == shift }) {
        groups[place].names.append(name)
      } else {
        groups.append((shift, [name]))
      }
    }
    func text(_ time: (Int) -> String) -> String {
      groups.map { "\(Self.together($0.names))[\(time($0.shift))]" }.joined(separator: ", ")
    }
    earlier = text { $0 < 0 ? "t\($0)" : "t+\($0)" }
    later = text { _ in "t" }
  }

  /// `(c, h)`, `ahead.(c, h)`.
  private static func together(_ names: [String]) -> String {
    guard let first = names.first, names.count > 1 else { return names.first ?? "" }
    let owner = first.lastIndex(of: ".").map { String(first[...$0]) } ?? ""
    let isShared = names.allSatisfy { $0.hasPrefix(owner) && !$0.dropFirst(owner.count).contains(".") }
    guard isShared else { return "(\(names.joined(separator: ", ")))" }
    return "\(owner)(\(names.map { String($0.dropFirst(owner.count)) }.joined(separator: ", ")))"
  }
}
