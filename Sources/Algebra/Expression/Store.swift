/// The expressions of one family of recurrences: an append-only array of nodes in which equal nodes are one.
///
/// Operands stand before the nodes that use them, so every pass over expressions is a loop over indices: no
/// recursion, and nothing deep to free.
public final class Store {
  public private(set) var nodes: [Node] = []
  public private(set) var symbols: [Symbol] = []
  private var indexOfNode: [Node: NodeID] = [:]
  private var indexOfName: [String: SymbolID] = [:]
  /// The round of `closure` that last met a node: no set to be filled for each.
  private var marks: [UInt64] = []
  private var round: UInt64 = 0
  /// How often each node changes.
  private var variations: [Variation] = []
  /// The largest number of nodes a store may hold; beyond it a cell is refused.
  public static let capacity = 4_000_000

  public init() {}

  /// The same nodes and symbols, to add to without the original growing.
  public init(copying other: Store) {
    nodes = other.nodes
    symbols = other.symbols
    indexOfNode = other.indexOfNode
    indexOfName = other.indexOfName
    variations = other.variations
  }

  public subscript(_ id: NodeID) -> Node { nodes[Int(id.index)] }
  public subscript(_ id: SymbolID) -> Symbol { symbols[Int(id.index)] }

  /// The node, new or the equal one that is there already.
  public func insert(_ node: Node) -> NodeID {
    if let known = indexOfNode[node] { return known }
    let id = NodeID(index: UInt32(truncatingIfNeeded: nodes.count))
    nodes.append(node)
    variations.append(variation(of: node))
    indexOfNode[node] = id
    return id
  }

  /// Adds a symbol; names are unique in a store.
  public func add(_ symbol: Symbol) -> SymbolID {
    let id = SymbolID(index: UInt32(truncatingIfNeeded: symbols.count))
    symbols.append(symbol)
    indexOfName[symbol.name] = id
    return id
  }

  public func symbol(named name: String) -> SymbolID? { indexOfName[name] }

  public func setKind(_ kind: Symbol.Kind, of symbol: SymbolID) { symbols[Int(symbol.index)].kind = kind }

  public func variation(_ id: NodeID) -> Variation { variations[Int(id.index)] }

  private func variation(of node: Node) -> Variation {
    switch node {
    case .time, .atom, .derivative: return .withTime
    case .seed: return .never
    case .block(let matrix, _, _): return variation(matrix)
    case .read(let symbol, _):
      switch self[symbol].kind {
      case .input, .variable: return .withTime
      case .parameter, .derivedParameter: return .perUpdate
      case .constant: return .never
      }
    case .total: return .perUpdate
    default: return node.operands.map { variation($0) }.max() ?? .never
    }
  }

  /// All nodes that the roots use, themselves included, operands first.
  public func closure(of roots: some Sequence<NodeID>) -> [NodeID] { closure(of: roots) { $0.operands } }

  /// All nodes that computing the roots takes: the closure without what only names the columns of a block.
  public func computation(of roots: some Sequence<NodeID>) -> [NodeID] {
    closure(of: roots) { node in
      if case .block(let matrix, _, _) = node { [matrix] } else { node.operands }
    }
  }

  private func closure(of roots: some Sequence<NodeID>, _ operands: (Node) -> [NodeID]) -> [NodeID] {
    round &+= 1
    while marks.count < nodes.count { marks.append(0) }
    var result: [NodeID] = []
    for root in roots where marks[Int(root.index)] != round {
      marks[Int(root.index)] = round
      result.append(root)
    }
    var next = 0
    while next < result.count {
      for operand in operands(nodes[Int(result[next].index)]) where marks[Int(operand.index)] != round {
        marks[Int(operand.index)] = round
        result.append(operand)
      }
      next += 1
    }
    return result.sorted()
  }

  /// Rebuilds an expression with its leaves replaced, operands first; `replace` answers nil to keep a node as it is
  /// (with its new operands).
  public func rewrite(_ roots: [NodeID], into target: Store, replace: (Node) -> NodeID?) -> [NodeID: NodeID] {
    var image: [NodeID: NodeID] = [:]
    for id in closure(of: roots) {
      let node = self[id]
      image[id] = replace(node) ?? target.insert(node.mapOperands { image[$0] ?? $0 })
    }
    return image
  }

  /// The expression `steps` later (negative: earlier).
  /// - Parameter movesDerivatives: what derivatives are of moves as well; what they are by stays.
  public func shifted(_ root: NodeID, by steps: Int, movesDerivatives: Bool = false) -> NodeID {
    guard steps != 0, variation(root) == .withTime else { return root }
    var image: [NodeID: NodeID] = [:]
    for id in closure(of: [root]) {
      switch self[id] {
      case .read(let symbol, let shift) where self[symbol].kind == .input || self[symbol].kind == .variable:
        image[id] = insert(.read(symbol, shift: shift &+ steps))
      // Which columns a block has does not depend on the time, and its name is that of the cell's equation.
      case .block(let matrix, _, _) where variation(matrix) != .withTime: image[id] = id
      case .time:
        let number = insert(.number(Decimal(abs(steps))))
        image[id] = insert(.sum([Term(insert(.time)), Term(number, isNegative: steps < 0)]))
      case .named(let inner, let name, let shift):
        image[id] = insert(.named(image[inner] ?? inner, name: name, shift: shift &+ steps))
      case .atom(var atom) where movesDerivatives:
        atom.shift &+= steps
        image[id] = insert(.atom(atom))
      case let node: image[id] = insert(node.mapOperands { image[$0] ?? $0 })
      }
    }
    return image[root] ?? root
  }
}

extension Store {
  /// The named expressions (`Node.named`) that some expressions speak of, once each, at time t.
  public func abbreviations(in roots: [NodeID]) -> [NodeID] {
    var result: [NodeID] = []
    for id in closure(of: roots) {
      guard case .named(_, _, let shift) = self[id] else { continue }
      let now = shifted(id, by: 0 &- shift)
      if !result.contains(now) { result.append(now) }
    }
    return result
  }
}

extension Node {
  /// The same operation on other operands.
  public func mapOperands(_ transform: (NodeID) -> NodeID) -> Node {
    switch self {
    case .number, .constant, .time, .read, .identity, .seed, .atom: self
    case .block(let matrix, let part, let whole):
      .block(matrix: transform(matrix), part: transform(part), whole: transform(whole))
    case .rows(let a, let target, let targets): .rows(transform(a), target: target, targets: targets)
    case .zeros(let like): .zeros(like: transform(like))
    case .derivative(let a, let cut): .derivative(transform(a), by: cut)
    case .reduced(let operation, let a): .reduced(operation, transform(a))
    case .named(let a, let name, let shift): .named(transform(a), name: name, shift: shift)
    case .sum(let terms): .sum(terms.map { Term(transform($0.node), isNegative: $0.isNegative) })
    case .product(let factors): .product(factors.map(transform))
    case .quotient(let a, let b): .quotient(transform(a), transform(b))
    case .power(let a, let b): .power(transform(a), transform(b))
    case .matrixProduct(let a, let b): .matrixProduct(transform(a), transform(b))
    case .transpose(let a): .transpose(transform(a))
    case .concatenate(let parts): .concatenate(parts.map(transform))
    case .apply(let operation, let arguments): .apply(operation, arguments.map(transform))
    case .total(let a): .total(transform(a))
    }
  }
}
