/// The first half of shape inference: which values are numbers, vectors and matrices.
///
/// A least fixed point. Inputs are vectors; a parameter left of `·` (or transposed) is a matrix; everything else
/// starts unknown and grows to what it meets elementwise: first a number, then a vector, then a matrix. A parameter
/// that meets nothing stays open; a variable of which nothing is known is a vector.
///
/// What is known of a rank is first a lower bound: `1 - z[t]` is at least a number while z is unknown. Products by `·`
/// do not grow with their operands (of two vectors it is a number), so they wait until the ranks of both are certain.
/// Where variables wait for each other in a circle, the circle gets the least ranks that fit.
struct Ranks {
  /// Lower bounds, and the ranks themselves in the end.
  private(set) var ofNode: [NodeID: Int] = [:]
  private(set) var ofSymbol: [SymbolID: Int] = [:]
  private var certainNodes: Set<NodeID> = []
  private var certainSymbols: Set<SymbolID> = []
  private var wantedMatrices: Set<SymbolID> = []
  private var takesBoundsForRanks = false
  private let recurrence: Recurrence
  private let nodes: [NodeID]
  private var isFixed: Set<SymbolID> = []

  init(_ recurrence: Recurrence, nodes: [NodeID], poll: () throws -> Void) rethrows {
    self.recurrence = recurrence
    self.nodes = nodes
    for symbol in recurrence.inputs { fix(symbol, 1) }
    for (symbol, shape) in recurrence.declaredShapes {
      let isNumber = shape.sides.count == 1 && shape.sides[0].terms.isEmpty && shape.sides[0].constant == 1
      fix(symbol, isNumber ? 0 : shape.sides.count)
      isFixed.insert(symbol)
    }
    for symbol in recurrence.constants.keys {
      fix(symbol, 0)
      isFixed.insert(symbol)
    }
    for equation in recurrence.equations where equation.targets.count > 1 {
      for target in equation.targets { fix(target, 1) }
    }
    markMatrices()
    try settle(poll)
    while let circle = nextCircle() {
      for (symbol, rank) in circle { fix(symbol, rank) }
      try settle(poll)
    }
  }

  private mutating func fix(_ symbol: SymbolID, _ rank: Int) {
    ofSymbol[symbol] = rank
    certainSymbols.insert(symbol)
  }

  /// The variables whose least ranks are their ranks: those that wait for no product. If all do, one of them.
  private func nextCircle() -> [(SymbolID, Int)]? {
    let open = recurrence.equations.flatMap(\.targets).filter {
      recurrence.store[$0].kind != .parameter && !certainSymbols.contains($0)
    }
    guard let first = open.first else { return nil }
    var waits: Set<SymbolID> = []
    var waitingNodes: Set<NodeID> = []
    var size = -1
    while size != waits.count {
      size = waits.count
      for id in nodes where !certainNodes.contains(id) && !waitingNodes.contains(id) {
        let node = recurrence.store[id]
        let isWaiting =
          switch node {
          case .read(let symbol, _): waits.contains(symbol)
          case .matrixProduct(let left, _): !isMatrix(left)
          default: node.operands.contains(where: waitingNodes.contains)
          }
        if isWaiting { waitingNodes.insert(id) }
      }
      for equation in recurrence.equations where waitingNodes.contains(equation.body) {
        waits.formUnion(equation.targets.filter { !certainSymbols.contains($0) })
      }
    }
    let free = open.filter { !waits.contains($0) }
    let known = { (symbol: SymbolID) in max(ofSymbol[symbol] ?? Ranks.unknown, Ranks.unknown) }
    if !free.isEmpty { return free.map { ($0, known($0) == Ranks.unknown ? 1 : known($0)) } }
    return [supposed(open) ?? (first, 1)]
  }

  /// The first variable whose rank follows if the others are no more than is known of them.
  private func supposed(_ open: [SymbolID]) -> (SymbolID, Int)? {
    var trial = self
    trial.takesBoundsForRanks = true
    for id in nodes { trial.ofNode[id] = trial.rank(of: recurrence.store[id]) }
    for symbol in open {
      guard let body = recurrence.equation(of: symbol)?.body, let rank = trial.ofNode[body], rank >= 0 else { continue }
      return (symbol, rank)
    }
    return nil
  }

  /// Each round raises a rank, and there are three of them to go through.
  private mutating func settle(_ poll: () throws -> Void) rethrows {
    var rounds = 0
    while rise(), rounds < 4 * recurrence.store.symbols.count + 8 {
      try poll()
      rounds += 1
    }
  }

  /// The rank of what nothing is known of yet.
  private static let unknown = -1

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
      case .transpose(let operand): if let symbol = parameter(operand) { markMatrix(symbol) }
      case .block(let matrix, _, _): markMatrix(matrix)
      default: break
      }
    }
  }

  /// A parameter, or a sum of parameters, left of `·`.
  private mutating func markMatrix(_ id: NodeID) {
    if let symbol = parameter(id) {
      markMatrix(symbol)
      return
    }
    guard recurrence.store.variation(id) <= .perUpdate else { return }
    if case .sum(let terms) = recurrence.store[id] {
      for term in terms { if let symbol = parameter(term.node) { markMatrix(symbol) } }
    }
  }

  /// A parameter made of parameters is what its equation says; the open ones in it are what it is wanted for.
  private mutating func markMatrix(_ symbol: SymbolID) {
    if recurrence.store[symbol].kind == .derivedParameter {
      wantedMatrices.insert(symbol)
    } else {
      raise(symbol, to: 2)
    }
  }

  private mutating func raise(_ symbol: SymbolID, to rank: Int) {
    guard !isFixed.contains(symbol), (ofSymbol[symbol] ?? Ranks.unknown) < rank else { return }
    ofSymbol[symbol] = rank
    if recurrence.store[symbol].kind == .parameter || rank == 2 { certainSymbols.insert(symbol) }
  }

  /// One pass up and one down; answers whether anything changed.
  private mutating func rise() -> Bool {
    let before = (ofNode, ofSymbol, certainNodes.count, certainSymbols.count)
    for id in nodes {
      let node = recurrence.store[id]
      ofNode[id] = rank(of: node)
      if isCertain(node) { certainNodes.insert(id) }
    }
    var expected: [NodeID: Int] = [:]
    for equation in recurrence.equations {
      let bodyRank = ofNode[equation.body] ?? Ranks.unknown
      for target in equation.targets where equation.targets.count == 1 {
        raise(target, to: bodyRank)
        if certainNodes.contains(equation.body) { certainSymbols.insert(target) }
        expected[equation.body] = wantedMatrices.contains(target) ? 2 : ofSymbol[target]
      }
    }
    for start in recurrence.starts { expected[start.value] = ofSymbol[start.symbol] }
    for id in nodes.reversed() { lower(id, expecting: max(expected[id] ?? 0, ofNode[id] ?? 0), into: &expected) }
    return before.0 != ofNode || before.1 != ofSymbol || before.2 != certainNodes.count
      || before.3 != certainSymbols.count
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
      case .rows: for argument in arguments { expected[argument] = 2 }
      case .vector, .reduction: for argument in arguments { expected[argument] = max(expected[argument] ?? 0, 1) }
      }
    case .total(let operand): spread([operand])
    default: break
    }
  }

  /// Whether the rank of a node can grow no more.
  private func isCertain(_ node: Node) -> Bool {
    func certain(_ id: NodeID) -> Bool { certainNodes.contains(id) }
    switch node {
    case .number, .constant, .time, .identity, .concatenate, .block: return true
    case .read(let symbol, _): return certainSymbols.contains(symbol)
    case .apply(let operation, _):
      switch OperatorTable[operation].shape {
      case .reduction, .rows: return true
      case .elementwise, .vector: break
      }
      return node.operands.allSatisfy(certain)
    case .matrixProduct(let left, let right): return isFactorCertain(left) && certain(right)
    default: return rank(of: node) == 2 || node.operands.allSatisfy(certain)
    }
  }

  /// uᵀ is a matrix whatever u is, but uᵀ · v is not what Aᵀ · v is.
  private func isFactorCertain(_ id: NodeID) -> Bool {
    if case .transpose(let operand) = recurrence.store[id] { return certainNodes.contains(operand) }
    return certainNodes.contains(id)
  }

  /// A matrix, as uᵀ is none: uᵀ · v is a number.
  private func isMatrix(_ id: NodeID) -> Bool {
    if case .transpose(let operand) = recurrence.store[id] { return ofNode[operand] == 2 }
    return ofNode[id] == 2
  }

  private func rank(of node: Node) -> Int {
    func of(_ id: NodeID) -> Int { ofNode[id] ?? Ranks.unknown }
    switch node {
    case .number, .constant, .time: return 0
    case .identity: return 2
    case .read(let symbol, _): return ofSymbol[symbol] ?? Ranks.unknown
    case .sum, .product, .quotient, .power: return node.operands.map(of).max() ?? 0
    case .matrixProduct(let left, let right):
      let isCertain =
        isFactorCertain(left) && certainNodes.contains(right)
        || takesBoundsForRanks && of(left) >= 0 && of(right) >= 0
      switch (of(left), of(right)) {
      case (2, let other) where !isCertain && isMatrix(left): return other == 2 ? 2 : 1
      case _ where !isCertain: return Ranks.unknown
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
      case .elementwise: return arguments.map(of).max() ?? 0
      case .vector: return max(1, arguments.map(of).max() ?? 0)
      case .reduction: return 0
      case .rows: return 1
      }
    case .total(let operand), .rows(let operand, _, _), .named(let operand, _, _): return of(operand)
    // What only derivations make is never in an equation whose shapes are inferred.
    case .seed, .atom, .block, .zeros, .derivative, .reduced: return 2
    }
  }
}
