/// The first half of shape inference: which values are numbers, vectors and matrices.
///
/// A least fixed point. Inputs are vectors; a parameter left of `·` (or transposed) is a matrix; everything else
/// starts unknown and grows to what it meets elementwise: first a number, then a vector, then a matrix. A parameter
/// that meets nothing stays open; a variable of which nothing is known is a vector.
struct Ranks {
  private(set) var ofNode: [NodeID: Int] = [:]
  private(set) var ofSymbol: [SymbolID: Int] = [:]
  private let recurrence: Recurrence
  private let nodes: [NodeID]
  private var isFixed: Set<SymbolID> = []

  init(_ recurrence: Recurrence, nodes: [NodeID]) {
    self.recurrence = recurrence
    self.nodes = nodes
    for symbol in recurrence.inputs { ofSymbol[symbol] = 1 }
    for (symbol, shape) in recurrence.declaredShapes {
      let isNumber = shape.sides.count == 1 && shape.sides[0].terms.isEmpty && shape.sides[0].constant == 1
      ofSymbol[symbol] = isNumber ? 0 : shape.sides.count
      isFixed.insert(symbol)
    }
    for symbol in recurrence.constants.keys {
      ofSymbol[symbol] = 0
      isFixed.insert(symbol)
    }
    for equation in recurrence.equations where equation.targets.count > 1 {
      for target in equation.targets { ofSymbol[target] = 1 }
    }
    markMatrices()
    settle()
    // What met only numbers (n[t] = n[t-1] + 1) is one.
    takesUnknownForNumbers = true
    settle()
    let unknown = recurrence.variables.filter { ofSymbol[$0] == nil }
    if !unknown.isEmpty {
      for symbol in unknown { ofSymbol[symbol] = 1 }
      settle()
    }
  }

  /// Each round raises a rank, and there are three of them to go through.
  private mutating func settle() {
    var rounds = 0
    while rise(), rounds < 4 * recurrence.store.symbols.count + 8 { rounds += 1 }
  }

  /// The rank of what nothing is known of yet.
  private static let unknown = -1

  /// A number beside something unknown is unknown: `(1 - z[t]) * h[t-1]` may become a vector. Only when nothing more
  /// can be found out is it a number.
  private var takesUnknownForNumbers = false

  private func common(_ ranks: [Int]) -> Int {
    let highest = ranks.max() ?? 0
    return highest == 0 && !takesUnknownForNumbers && ranks.contains(Ranks.unknown) ? Ranks.unknown : highest
  }

  /// Parameters that met nothing.
  var openParameters: [SymbolID] {
    recurrence.parameters.filter { !isFixed.contains($0) && (ofSymbol[$0] ?? 0) == 0 }
  }

  private func parameter(_ id: NodeID) -> SymbolID? {
    guard case .read(let symbol, _) = recurrence.store[id] else { return nil }
    switch recurrence.store[symbol].kind {
    case .parameter, .derivedParameter: return symbol
    default: return nil
    }
  }

  private mutating func markMatrices() {
    for id in nodes {
      switch recurrence.store[id] {
      case .matrixProduct(let left, _): markMatrix(left)
      case .transpose(let operand): if let symbol = parameter(operand) { raise(symbol, to: 2) }
      default: break
      }
    }
  }

  /// A parameter, or a sum of parameters, left of `·`.
  private mutating func markMatrix(_ id: NodeID) {
    if let symbol = parameter(id) {
      raise(symbol, to: 2)
      return
    }
    guard recurrence.store.variation(id) <= .perUpdate else { return }
    if case .sum(let terms) = recurrence.store[id] {
      for term in terms { if let symbol = parameter(term.node) { raise(symbol, to: 2) } }
    }
  }

  private mutating func raise(_ symbol: SymbolID, to rank: Int) {
    guard !isFixed.contains(symbol), (ofSymbol[symbol] ?? Ranks.unknown) < rank else { return }
    ofSymbol[symbol] = rank
  }

  /// One pass up and one down; answers whether anything changed.
  private mutating func rise() -> Bool {
    let before = (ofNode, ofSymbol)
    for id in nodes { ofNode[id] = rank(of: recurrence.store[id]) }
    var expected: [NodeID: Int] = [:]
    for equation in recurrence.equations {
      let bodyRank = ofNode[equation.body] ?? Ranks.unknown
      for target in equation.targets where equation.targets.count == 1 {
        raise(target, to: bodyRank)
        expected[equation.body] = ofSymbol[target]
      }
    }
    for start in recurrence.starts { expected[start.value] = ofSymbol[start.symbol] }
    for id in nodes.reversed() { lower(id, expecting: max(expected[id] ?? 0, ofNode[id] ?? 0), into: &expected) }
    return before.0 != ofNode || before.1 != ofSymbol
  }

  /// What a node's operands must be, if the node has a rank: open parameters take it.
  private mutating func lower(_ id: NodeID, expecting rank: Int, into expected: inout [NodeID: Int]) {
    let node = recurrence.store[id]
    func spread(_ operands: [NodeID]) {
      for operand in operands { expected[operand] = max(expected[operand] ?? 0, rank) }
    }
    switch node {
    case .read(let symbol, _):
      if recurrence.store[symbol].kind == .parameter { raise(symbol, to: rank) }
    case .sum(let terms): spread(terms.map(\.node))
    case .product(let factors):
      // A parameter beside I (γ * I) is not made a matrix by it.
      let meetsIdentity = factors.contains { if case .identity = recurrence.store[$0] { true } else { false } }
      if !meetsIdentity { spread(factors) }
    case .quotient(let a, let b), .power(let a, let b): spread([a, b])
    case .matrixProduct(let left, let right):
      if ofNode[left] == 2, parameter(right) != nil {
        expected[right] = max(expected[right] ?? 0, max(rank, 1))
      } else if ofNode[left] == 0 {
        spread([right])
      }
    case .apply(let operation, let arguments):
      switch OperatorTable[operation].shape {
      case .elementwise: spread(arguments)
      case .vector, .reduction: for argument in arguments { expected[argument] = max(expected[argument] ?? 0, 1) }
      }
    case .total(let operand): spread([operand])
    default: break
    }
  }

  private func rank(of node: Node) -> Int {
    func of(_ id: NodeID) -> Int { ofNode[id] ?? Ranks.unknown }
    switch node {
    case .number, .constant, .time: return 0
    case .identity: return 2
    case .read(let symbol, _): return ofSymbol[symbol] ?? Ranks.unknown
    case .sum, .product, .quotient, .power: return common(node.operands.map(of))
    case .matrixProduct(let left, let right):
      switch (of(left), of(right)) {
      case (2, Ranks.unknown): return 1
      case (Ranks.unknown, _), (_, Ranks.unknown): return Ranks.unknown
      case (0, let other), (let other, 0): return other
      case (2, 1):
        // uᵀ · v is a number, as u · v is.
        if case .transpose(let operand) = recurrence.store[left], of(operand) == 1 { return 0 }
        return 1
      case (1, 1): return 0
      default: return 2
      }
    case .transpose(let operand): return of(operand) <= 0 ? of(operand) : 2
    case .concatenate: return 1
    case .apply(let operation, let arguments):
      switch OperatorTable[operation].shape {
      case .elementwise: return common(arguments.map(of))
      case .vector: return max(1, arguments.map(of).max() ?? 0)
      case .reduction: return 0
      }
    case .total(let operand): return of(operand)
    }
  }
}
