/// Which wires the paths of a derivative run over.
///
/// A derivative goes back some steps; the cell is drawn once. A wire is followed if a path runs over it in any of the
/// steps after the one that the derivative is by: forward from there and backward from the derived variable, step by
/// step, and what both reach is on a path.
extension Wiring {
  /// The edges that are followed. By a parameter, paths begin at every box that holds it, at any time.
  public func followed(by derivation: Derivation) -> Set<Edge> {
    var walk = WiringWalk(self, derivation.target, derivation.recurrence)
    return walk.run()
  }
}

private struct WiringWalk {
  private let wiring: Wiring
  private let target: Atom
  private let cut: Cut
  private let isByParameter: Bool
  private let operands: [[Int]]
  private let readers: [[Int]]
  private let steps: ClosedRange<Int>
  private var isReached: [Int: [Bool]] = [:]

  init(_ wiring: Wiring, _ target: Atom, _ recurrence: Recurrence) {
    self.wiring = wiring
    self.target = target
    cut = target.cut
    var operands: [[Int]] = Array(repeating: [], count: wiring.nodes.count)
    var readers = operands
    for edge in wiring.edges {
      operands[edge.to].append(edge.from)
      readers[edge.from].append(edge.to)
    }
    self.operands = operands
    self.readers = readers
    let kind = recurrence.store[cut.symbol].kind
    isByParameter = kind == .parameter || kind == .derivedParameter
    // By a parameter: as many steps as it takes to have been through every state.
    let back = (recurrence.states.count + 1) * (max(recurrence.longestDelay, 1) + 1)
    let first = isByParameter ? target.shift - back : min(cut.shift, target.shift)
    steps = first...max(target.shift, first)
  }

  mutating func run() -> Set<Wiring.Edge> {
    for step in steps { isReached[step] = reached(at: step) }
    var result: Set<Wiring.Edge> = []
    var isNeeded: [Int: [Bool]] = [:]
    for step in steps.reversed() {
      let needed = needed(at: step, isNeeded)
      isNeeded[step] = needed
      // The step that it is by is the one before those that are drawn.
      guard isByParameter || step > cut.shift || cut.shift >= target.shift, let reached = isReached[step] else {
        continue
      }
      for edge in wiring.edges where reached[edge.from] && needed[edge.to] && !isStart(edge.to, step) {
        result.insert(edge)
      }
    }
    return result
  }

  private func isHeld(_ node: Int, _ step: Int) -> Bool {
    let symbols = wiring.nodes[node].symbols
    let time = step + wiring.nodes[node].shift
    return !symbols.isEmpty
      && symbols.allSatisfy { symbol in cut.held.contains { $0.symbol == symbol && ($0.shift ?? time) == time } }
  }

  /// Where paths begin.
  private func isStart(_ node: Int, _ step: Int) -> Bool {
    if isByParameter { return false }
    return wiring.nodes[node].role != .result && wiring.nodes[node].symbols.contains(cut.symbol)
      && step + wiring.nodes[node].shift == cut.shift
  }

  private func reached(at step: Int) -> [Bool] {
    var result = Array(repeating: false, count: wiring.nodes.count)
    for (index, node) in wiring.nodes.enumerated() {
      if isStart(index, step) {
        result[index] = true
      } else if isHeld(index, step) {
        continue
      } else if node.role == .earlier, let symbol = node.symbols.first, let origin = wiring.nodeOfSymbol[symbol] {
        result[index] = isReached[step + node.shift]?[origin] ?? false
      } else {
        result[index] =
          operands[index].contains { result[$0] } || isByParameter && node.parameters.contains(cut.symbol)
      }
    }
    return result
  }

  private func needed(at step: Int, _ later: [Int: [Bool]]) -> [Bool] {
    var result = Array(repeating: false, count: wiring.nodes.count)
    for index in wiring.nodes.indices.reversed() {
      let node = wiring.nodes[index]
      let symbols = index == wiring.nodeOfSymbol[target.symbol] ? node.symbols + [target.symbol] : node.symbols
      if node.role != .earlier, step == target.shift, symbols.contains(target.symbol) { result[index] = true }
      if node.role == .result {
        result[index] = result[index] || isReadLater(node.symbols, step, later)
      } else if readers[index].contains(where: { result[$0] && !isStart($0, step) && !isHeld($0, step) }) {
        result[index] = true
      } else if node.role != .earlier, isReadLater(node.symbols, step, later) {
        result[index] = true
      }
    }
    return result
  }

  /// A needed node of a later step reads one of these.
  private func isReadLater(_ symbols: [SymbolID], _ step: Int, _ later: [Int: [Bool]]) -> Bool {
    wiring.nodes.enumerated().contains { index, node in
      node.role == .earlier && node.symbols.contains(where: symbols.contains)
        && (later[step - node.shift]?[index] ?? false) && !isStart(index, step - node.shift)
    }
  }
}
