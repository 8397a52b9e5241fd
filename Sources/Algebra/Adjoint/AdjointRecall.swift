/// What the adjoint reads of the forward pass: variables by their names, and parts of their equations.
///
/// A rule speaks of its result y; where y is the whole body of a variable it is that variable. Of the other parts,
/// those that hold a matrix product, normalise a vector or are long are named and computed once
/// (`q_h[t] = tanh(W_h · z[t] + ...)`); what is elementwise and short is written out.
extension AdjointBuilder {
  func recall() throws {
    var known: [NodeID: NodeID] = [:]
    for body in bodies where isNameable(body.root) {
      if body.targets.count == 1 {
        if known[body.root] == nil { known[body.root] = read(body.targets[0]) }
      } else {
        known[body.root] = store.insert(.concatenate(body.targets.map { read($0) }))
      }
    }
    let factors =
      records.flatMap(\.shares).flatMap(\.factors) + lines.flatMap(\.shares).flatMap(\.factors)
    for node in partsToRecall(factors, known) {
      let symbol = add(partName(node), isTimed: store.variation(node) == .withTime, shape: shapes[node])
      recalled.append((symbol, node))
      known[node] = read(symbol)
    }
    // A recalled part may be made of others; it is not itself.
    for index in recalled.indices {
      let node = recalled[index].node
      recalled[index].node = store.rewriteTree(node) { $0 == node ? nil : known[$0] }
    }
    var rewritten: [NodeID: NodeID] = [:]
    func image(_ node: NodeID) -> NodeID {
      if let done = rewritten[node] { return done }
      let result = withoutMatrixPowers(store.rewriteTree(node) { known[$0] })
      rewritten[node] = result
      return result
    }
    for index in records.indices {
      try poll()
      for share in records[index].shares.indices {
        records[index].shares[share].factors = records[index].shares[share].factors.map(image)
      }
    }
    for index in lines.indices {
      try poll()
      lines[index].parts = lines[index].parts.map(image)
      for share in lines[index].shares.indices {
        lines[index].shares[share].factors = lines[index].shares[share].factors.map(image)
      }
    }
  }

  /// `M * M` for the elementwise square of a matrix, which rules write as a power.
  private func withoutMatrixPowers(_ root: NodeID) -> NodeID {
    var image: [NodeID: NodeID] = [:]
    for id in store.closure(of: [root]) {
      if case .power(let base, let exponent) = store[id], ranks[base] == 2,
        case .number(let number) = store[exponent], let count = number.whole, (2...8).contains(count)
      {
        image[id] = store.insert(.product([NodeID](repeating: image[base] ?? base, count: count)))
      } else {
        image[id] = store.insert(store[id].mapOperands { image[$0] ?? $0 })
      }
    }
    return image[root] ?? root
  }

  /// A body that is more than a symbol or a number.
  private func isNameable(_ root: NodeID) -> Bool { !store[root].operands.isEmpty }

  /// Functions of more operations than this are not written out again.
  private static let largestRepeated = 12

  private func partsToRecall(_ factors: [NodeID], _ known: [NodeID: NodeID]) -> [NodeID] {
    var holdsProduct: Set<NodeID> = []
    var size: [NodeID: Int] = [:]
    for id in store.computation(of: factors) {
      let node = store[id]
      size[id] = node.operands.reduce(1) { min($0 + (size[$1] ?? 1), 1000) }
      switch node {
      case .matrixProduct: holdsProduct.insert(id)
      case .apply(let operation, _):
        if case .vector = OperatorTable[operation].shape { holdsProduct.insert(id) }
        if (size[id] ?? 0) > AdjointBuilder.largestRepeated { holdsProduct.insert(id) }
      default: break
      }
      if node.operands.contains(where: holdsProduct.contains) { holdsProduct.insert(id) }
    }
    var result: [NodeID] = []
    var seen: Set<NodeID> = []
    var stack = factors
    while let id = stack.popLast() {
      guard seen.insert(id).inserted, known[id] == nil, holdsProduct.contains(id) else { continue }
      if owner[id] != nil, store.variation(id) == .withTime, isRecalled(id) {
        result.append(id)
      } else if case .block = store[id] {
        continue
      } else {
        stack += store[id].operands
      }
    }
    return result.sorted()
  }

  /// A product, what is added to one, or a function of one.
  private func isRecalled(_ id: NodeID) -> Bool {
    switch store[id] {
    case .matrixProduct, .apply: return true
    case .sum(let terms):
      return terms.contains { if case .matrixProduct = store[$0.node] { true } else { false } }
    default: return false
    }
  }
}
