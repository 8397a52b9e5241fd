extension Recurrence {
  /// The cell as people draw it; if that is too large, with a box for each equation.
  /// - Throws: `WiringTooLarge`.
  public func wiring() throws -> Wiring {
    do {
      var builder = WiringBuilder(self)
      return try builder.run()
    } catch is WiringTooLarge {
      var builder = WiringBuilder(self, isFolded: true)
      return try builder.run()
    }
  }
}

/// Walks the equations in the order of computation, and folds what people do not draw.
struct WiringBuilder {
  private let recurrence: Recurrence
  private let store: Store
  private var notation: TextNotation
  private var wiring: Wiring
  private var nodeOfExpression: [NodeID: Int] = [:]
  private var isBeingBuilt: Set<Int> = []
  private var gates: Set<SymbolID> = []
  /// Every equation is one box.
  private let isFolded: Bool

  init(_ recurrence: Recurrence, isFolded: Bool = false) {
    self.recurrence = recurrence
    store = recurrence.store
    notation = TextNotation(store)
    wiring = Wiring(name: recurrence.name)
    wiring.isFolded = isFolded
    self.isFolded = isFolded
  }

  mutating func run() throws -> Wiring {
    let size = store.computation(of: recurrence.equations.map(\.body)).count
    // Walking down an expression takes the stack.
    guard recurrence.equations.count <= Wiring.bound, size <= Wiring.bound * 20 else {
      throw WiringTooLarge(bound: Wiring.bound)
    }
    gates = Set(recurrence.gates.compactMap(\.symbol))
    for equation in recurrence.equations.indices { try build(equation: equation) }
    addResults()
    wiring.findTracks(of: recurrence)
    return wiring
  }

  // MARK: Equations

  private mutating func build(equation index: Int) throws {
    let equation = recurrence.equations[index]
    guard let first = equation.targets.first, store[first].kind == .variable, wiring.nodeOfSymbol[first] == nil,
      isBeingBuilt.insert(index).inserted
    else { return }
    // What is read now comes first; no cycle is without a delay.
    for read in store.computation(of: [equation.body]) {
      guard case .read(let symbol, 0) = store[read], store[symbol].kind == .variable else { continue }
      for (other, candidate) in recurrence.equations.enumerated() where candidate.targets.contains(symbol) {
        try build(equation: other)
      }
    }
    let known = nodeOfExpression[equation.body]
    let node = try self.node(of: equation.body, isWhole: true)
    for target in equation.targets { wiring.nodeOfSymbol[target] = node }
    guard known == nil, !isRead(equation.body) else { return }
    let isGate = !gates.isDisjoint(with: equation.targets)
    let purpose = equation.targets.compactMap { recurrence.purposes[$0] }.first
    wiring.change(node) { node in
      node.symbols = equation.targets
      node.name = equation.targets.map { store[$0].name }.joined(separator: ", ")
      node.purpose = purpose
      node.isGate = isGate
    }
  }

  private func isRead(_ id: NodeID) -> Bool {
    if case .read = store[id] { true } else { false }
  }

  /// States and outputs leave.
  private mutating func addResults() {
    let states = recurrence.states
    for symbol in recurrence.variables where states.contains(symbol) || recurrence.outputs.contains(symbol) {
      guard let node = wiring.nodeOfSymbol[symbol] else { continue }
      var result = Wiring.Node(role: .result, label: TextNotation.read(store[symbol], shift: 0))
      result.symbols = [symbol]
      result.purpose = recurrence.purposes[symbol]
      result.isGate = false
      _ = wiring.add(result, reading: [node])
    }
  }

  // MARK: Expressions

  /// - Parameter isWhole: it is a variable by itself.
  private mutating func node(of id: NodeID, isWhole: Bool = false) throws -> Int {
    if let known = nodeOfExpression[id] { return known }
    if isFolded, isWhole, !isRead(id) {
      let node = try folded(id)
      nodeOfExpression[id] = node
      return node
    }
    guard wiring.nodes.count < Wiring.bound else { throw WiringTooLarge(bound: Wiring.bound) }
    let index = try made(id, isWhole)
    nodeOfExpression[id] = index
    return index
  }

  /// A whole equation as a box with its text.
  private mutating func folded(_ id: NodeID) throws -> Int {
    var operands: [Int] = []
    var parameters: [NodeID] = []
    for read in store.computation(of: [id]) where isRead(read) {
      if store.variation(read) == .withTime { operands.append(try node(of: read)) } else { parameters.append(read) }
    }
    let node = box(notation.text(id), learned: !parameters.isEmpty, operands)
    hold(parameters, node)
    return node
  }

  private mutating func made(_ id: NodeID, _ isWhole: Bool) throws -> Int {
    guard store.variation(id) == .withTime else { return box(notation.text(id), learned: true, []) }
    switch store[id] {
    case .read(let symbol, let shift): return try read(symbol, shift)
    case .time: return wiring.add(Wiring.Node(role: .input, label: "t"), reading: [])
    case .rows(let whole, _, _), .named(let whole, _, _): return try node(of: whole)
    case .apply(let operation, let arguments): return try applied(operation, arguments, isWhole)
    case .reduced(let operation, let argument):
      return try applied(operation, [argument], isWhole)
    case .sum(let terms):
      if isLinear(id) { return try linear(id, label: "linear") }
      return try sum(terms)
    case .product(let factors): return try product(id, factors)
    case .matrixProduct(let left, let right):
      if isLinear(id) { return try linear(id, label: "linear") }
      return operation("·", try [node(of: left), node(of: right)])
    case .quotient(let above, let below): return try quotient(above, below)
    case .power(let base, let exponent): return try power(base, exponent)
    case .transpose(let inner): return operation("ᵀ", [try node(of: inner)])
    case .concatenate(let parts):
      return operation("[ ]", try parts.filter { store.variation($0) == .withTime }.map { try node(of: $0) })
    default: return box(notation.text(id), learned: false, [])
    }
  }

  private mutating func read(_ symbol: SymbolID, _ shift: Int) throws -> Int {
    let kind = store[symbol].kind
    if kind == .variable, shift == 0, let known = wiring.nodeOfSymbol[symbol] { return known }
    let role: Wiring.Role = kind == .input && shift == 0 ? .input : .earlier
    var node = Wiring.Node(role: role, label: TextNotation.read(store[symbol], shift: shift))
    node.symbols = [symbol]
    node.shift = shift
    node.purpose = shift == 0 ? recurrence.purposes[symbol] : nil
    return wiring.add(node, reading: [])
  }

  private mutating func applied(_ operation: Operator.ID, _ arguments: [NodeID], _ isWhole: Bool) throws -> Int {
    let label = OperatorTable[operation].name
    guard arguments.count == 1, let argument = arguments.first else {
      return self.operation(label, try arguments.filter { store.variation($0) == .withTime }.map { try node(of: $0) })
    }
    if isLinear(argument) { return try linear(argument, label: label) }
    let inner = try node(of: argument)
    if isWhole { return box(label, learned: false, [inner]) }
    return wiring.add(Wiring.Node(role: .function, label: label), reading: [inner])
  }

  private mutating func sum(_ terms: [Term]) throws -> Int {
    let timed = terms.filter { store.variation($0.node) == .withTime }
    let still = terms.filter { store.variation($0.node) != .withTime }
    // `1 - z`: one node.
    if timed.count == 1, let term = timed.first {
      let inner = try node(of: term.node)
      let others = still.map { ($0.isNegative ? "−" : "+") + notation.text($0.node) }.joined()
      let text = others.hasPrefix("+") ? String(others.dropFirst()) : others
      return operation(term.isNegative ? "\(text)−" : others, [inner])
    }
    var operands: [Int] = []
    for term in timed {
      let inner = try node(of: term.node)
      operands.append(term.isNegative ? operation("−", [inner]) : inner)
    }
    let text = still.map { ($0.isNegative ? "−" : "+") + notation.text($0.node) }.joined()
    return operation("+" + text, operands, weights: still.map(\.node))
  }

  private mutating func product(_ id: NodeID, _ factors: [NodeID]) throws -> Int {
    let timed = factors.filter { store.variation($0) == .withTime }
    let still = factors.filter { store.variation($0) != .withTime }
    let scale = still.map { notation.text($0) }.joined(separator: "·")
    if timed.count == 1, let factor = timed.first {
      if case .apply(_, let arguments) = store[factor], arguments.count == 1, nodeOfExpression[factor] == nil,
        isLinear(arguments[0])
      {
        let inner = try node(of: factor)
        // A node that others read by itself keeps its own value.
        if uses(of: factor) == 1 {
          wiring.change(inner) { $0.label = "\(scale)·\($0.label)" }
          hold(still, inner)
          return inner
        }
        return operation("\(scale)·", [inner], weights: still)
      }
      return operation("\(scale)·", [try node(of: factor)], weights: still)
    }
    return operation(still.isEmpty ? "×" : "×\(scale)", try timed.map { try node(of: $0) }, weights: still)
  }

  private mutating func quotient(_ above: NodeID, _ below: NodeID) throws -> Int {
    guard store.variation(below) == .withTime else {
      return operation("/\(notation.text(below))", [try node(of: above)])
    }
    let inverse = operation("1/", [try node(of: below)])
    guard store.variation(above) == .withTime else {
      wiring.change(inverse) { $0.label = "\(notation.text(above))/" }
      return inverse
    }
    return operation("×", [try node(of: above), inverse])
  }

  private mutating func power(_ base: NodeID, _ exponent: NodeID) throws -> Int {
    if store.variation(exponent) != .withTime {
      return operation("(·)^\(notation.text(exponent))", [try node(of: base)])
    }
    if store.variation(base) != .withTime {
      return operation("\(notation.text(base))^", [try node(of: exponent)])
    }
    return operation("a^b", [try node(of: base), try node(of: exponent)])
  }

  /// How many expressions read this one.
  private func uses(of id: NodeID) -> Int {
    store.computation(of: recurrence.equations.map(\.body)).filter { store[$0].operands.contains(id) }.count
  }

  // MARK: What is linear

  /// Parameters stand in it outside of functions and products of two timed values: weights of the box that reads it.
  private func isLinear(_ id: NodeID) -> Bool {
    switch store[id] {
    case .matrixProduct(let left, let right):
      store.variation(left) != .withTime && store.variation(right) == .withTime
    case .sum(let terms): terms.contains { store.variation($0.node) == .perUpdate || isLinear($0.node) }
    case .product(let factors):
      factors.filter { store.variation($0) == .withTime }.count == 1
        && factors.contains { store.variation($0) == .perUpdate }
    case .rows(let whole, _, _), .named(let whole, _, _): isLinear(whole)
    default: false
    }
  }

  private mutating func linear(_ id: NodeID, label: String) throws -> Int {
    let (reads, weights) = parts(of: id)
    let node = box(label, learned: true, try reads.map { try self.node(of: $0) })
    hold(weights, node)
    return node
  }

  /// Notes the parameters of expressions without a time.
  private mutating func hold(_ weights: [NodeID], _ node: Int) {
    let found = parameters(of: weights)
    wiring.change(node) { node in node.parameters += found.filter { !node.parameters.contains($0) } }
  }

  /// Parameters, also those that parameters are made of.
  private func parameters(of roots: [NodeID]) -> [SymbolID] {
    var result: [SymbolID] = []
    var pending = roots
    while let root = pending.popLast() {
      for id in store.computation(of: [root]) {
        guard case .read(let symbol, _) = store[id], !result.contains(symbol) else { continue }
        result.append(symbol)
        if store[symbol].kind == .derivedParameter, let equation = recurrence.equation(of: symbol) {
          pending.append(equation.body)
        }
      }
    }
    return result
  }

  /// What a linear expression reads, in the order written, and what without a time stands in it.
  private func parts(of id: NodeID) -> (reads: [NodeID], weights: [NodeID]) {
    guard store.variation(id) == .withTime else { return ([], [id]) }
    let inner: [NodeID]
    switch store[id] {
    case .sum(let terms): inner = terms.map(\.node)
    case .matrixProduct(let left, let right) where store.variation(left) != .withTime: inner = [left, right]
    case .product(let factors):
      guard factors.filter({ store.variation($0) == .withTime }).count == 1 else { return ([id], []) }
      inner = factors
    case .concatenate(let parts): inner = parts
    case .rows(let whole, _, _), .named(let whole, _, _): inner = [whole]
    default: return ([id], [])
    }
    let found = inner.map { parts(of: $0) }
    return (found.flatMap(\.reads), found.flatMap(\.weights))
  }

  // MARK: Nodes

  private mutating func box(_ label: String, learned: Bool, _ operands: [Int]) -> Int {
    var node = Wiring.Node(role: .box, label: label)
    node.isLearned = learned
    return wiring.add(node, reading: operands)
  }

  private mutating func operation(_ label: String, _ operands: [Int], weights: [NodeID] = []) -> Int {
    var node = Wiring.Node(role: .operation, label: label)
    node.isPassage = label.hasPrefix("×") || label.hasPrefix("+") || label.hasSuffix("·") && label != "·"
    node.parameters = parameters(of: weights)
    return wiring.add(node, reading: operands)
  }
}
