/// The mistakes that can be made at one node.
struct MutationRules {
  private let recurrence: Recurrence
  private let store: Store
  private let ranks: NodeRanks
  /// Symbols of one shape, which can be mixed up.
  private let alike: [SymbolID: [SymbolID]]
  /// Activations within equations, by the variable that they are a part of: tanh(c[t]) of h.
  private let holders: [NodeID: SymbolID]

  init(_ recurrence: Recurrence) {
    self.recurrence = recurrence
    store = recurrence.store
    ranks = NodeRanks(store: store, shapes: recurrence.shapes)
    var alike: [SymbolID: [SymbolID]] = [:]
    for group in [recurrence.variables + recurrence.inputs, recurrence.parameters] {
      for symbol in group {
        alike[symbol] = group.filter { other in
          other != symbol && recurrence.shapes.symbols[other] == recurrence.shapes.symbols[symbol]
        }
      }
    }
    self.alike = alike
    var holders: [NodeID: SymbolID] = [:]
    for equation in recurrence.equations where equation.targets.count == 1 {
      for id in recurrence.store.closure(of: [equation.body]) where id != equation.body {
        if case .apply(_, let arguments) = recurrence.store[id], arguments.count == 1 {
          holders[id] = equation.targets[0]
        }
      }
    }
    self.holders = holders
  }

  private func insert(_ node: Node) -> NodeID { store.insert(node) }
  private var one: NodeID { insert(.number(Decimal(1))) }

  func local(_ id: NodeID) -> [(NodeID, Mutation)] {
    var result: [(NodeID, Mutation)] = []
    func add(_ kind: Mutation.Kind, _ node: NodeID, right: NodeID, standing: NodeID?) {
      add(kind, node, right, standing, nil)
    }
    func add(_ kind: Mutation.Kind, _ node: NodeID, _ right: NodeID, _ standing: NodeID?, _ activation: String?) {
      guard node != id else { return }
      result.append(
        (node, Mutation(kind: kind, right: right, standing: standing, within: id, activation: activation)))
    }
    slopes(id, add)
    switch store[id] {
    case .sum(let terms):
      for (position, term) in terms.enumerated() {
        var flipped = terms
        flipped[position].isNegative.toggle()
        add(.sign, insert(.sum(flipped)), right: term.node, standing: term.node)
        guard terms.count > 1 else { continue }
        var fewer = terms
        fewer.remove(at: position)
        let rest = fewer.count == 1 && !fewer[0].isNegative ? fewer[0].node : insert(.sum(fewer))
        add(.termMissing, rest, right: insert(.sum([term])), standing: nil)
        add(.termTwice, insert(.sum(terms + [term])), right: insert(.sum([term])), standing: nil)
      }
    case .product(let factors): products(id, factors, add)
    case .matrixProduct(let a, let b):
      add(.order, insert(.matrixProduct(b, a)), right: id, standing: insert(.matrixProduct(b, a)))
      add(.factorMissing, b, right: a, standing: nil)
      add(.factorMissing, a, right: b, standing: nil)
      if let vector = diagonal(b) {
        let other = insert(.product([vector, a]))
        add(.side, other, right: vector, standing: a)
      }
    case .quotient(let a, let b):
      add(.denominatorMissing, a, right: b, standing: nil)
    case .power(let a, _): add(.power, a, right: id, standing: a)
    case .transpose(let a): add(.transposed, a, right: id, standing: a)
    case .concatenate(let parts):
      for position in parts.indices.dropFirst() {
        var other = parts
        other.swapAt(position - 1, position)
        let node = insert(.concatenate(other))
        add(.name, node, right: id, standing: node)
      }
    case .block: add(.transposed, insert(.transpose(id)), right: id, standing: insert(.transpose(id)))
    case .read(let symbol, let shift): reads(id, symbol, shift, add)
    case .atom(let atom): atoms(id, atom, add)
    case .apply(let operation, let arguments):
      let row = OperatorTable[operation]
      guard arguments.count == 1, case .elementwise = row.shape else { break }
      if let whole = holder(of: id) { add(.name, whole, right: id, standing: whole) }
      add(.functionMissing, arguments[0], id, arguments[0], row.name)
      for name in ["σ", "tanh", "relu"] where name != row.name {
        guard let other = OperatorTable.find(name, arity: 1) else { continue }
        let node = insert(.apply(other, arguments))
        add(.otherFunction, node, id, node, row.name)
      }
    default: break
    }
    return result
  }

  // MARK: Names and times

  /// The variable of whose equation an activation is a part, at its time: h[t] for tanh(c[t]).
  private func holder(of id: NodeID) -> NodeID? {
    for shift in -3...1 {
      if let symbol = holders[store.shifted(id, by: -shift)], store[symbol].kind == .variable {
        return insert(.read(symbol, shift: shift))
      }
    }
    return nil
  }

  private func isTimed(_ symbol: SymbolID) -> Bool {
    store[symbol].kind == .variable || store[symbol].kind == .input
  }

  private func reads(
    _ id: NodeID, _ symbol: SymbolID, _ shift: Int,
    _ add: (Mutation.Kind, NodeID, _ right: NodeID, _ standing: NodeID?, _ activation: String?) -> Void
  ) {
    if isTimed(symbol) {
      if activation(of: id) == "σ" { add(.complement, complement(id), id, complement(id), nil) }
      for other in [shift + 1, shift - 1] {
        let node = insert(.read(symbol, shift: other))
        add(.time, node, id, node, nil)
      }
    } else if ranks[id] == 2 {
      let node = insert(.transpose(id))
      add(.transposed, node, id, node, nil)
    }
    for other in alike[symbol] ?? [] {
      let node = insert(.read(other, shift: shift))
      add(.name, node, id, node, nil)
    }
  }

  private func atoms(
    _ id: NodeID, _ atom: Atom,
    _ add: (Mutation.Kind, NodeID, _ right: NodeID, _ standing: NodeID?, _ activation: String?) -> Void
  ) {
    for shift in [atom.shift + 1, atom.shift - 1] {
      var other = atom
      other.shift = shift
      let node = insert(.atom(other))
      add(.time, node, id, node, nil)
    }
    for symbol in alike[atom.symbol] ?? [] where store[symbol].kind == .variable {
      var other = atom
      other.symbol = symbol
      let node = insert(.atom(other))
      add(.name, node, id, node, nil)
    }
    let node = insert(.transpose(id))
    add(.transposed, node, id, node, nil)
  }

  // MARK: Slopes of activations

  /// y in `1 - y`.
  private func complemented(_ id: NodeID) -> NodeID? {
    guard case .sum(let terms) = store[id], terms.count == 2, !terms[0].isNegative, terms[1].isNegative,
      case .number(let number) = store[terms[0].node], number.isOne
    else { return nil }
    return terms[1].node
  }

  /// y in `1 - y^2`.
  private func squared(_ id: NodeID) -> NodeID? {
    guard let inner = complemented(id), case .power(let y, let exponent) = store[inner],
      case .number(let number) = store[exponent], number.whole == 2
    else { return nil }
    return y
  }

  private func complement(_ y: NodeID) -> NodeID { insert(.sum([Term(one), Term(y, isNegative: true)])) }

  private func squareComplement(_ y: NodeID) -> NodeID {
    complement(insert(.power(y, insert(.number(Decimal(2))))))
  }

  /// The function of which an expression is the value.
  private func activation(of y: NodeID) -> String? {
    switch store[y] {
    case .apply(let operation, _): return OperatorTable[operation].name
    case .named(let inner, _, _): return activation(of: inner)
    case .read(let symbol, _):
      guard let equation = recurrence.equation(of: symbol), case .apply(let operation, _) = store[equation.body] else {
        return nil
      }
      return OperatorTable[operation].name
    default: return nil
    }
  }

  /// 1 - y^2, as a factor or alone.
  private func slopes(
    _ id: NodeID,
    _ add: (Mutation.Kind, NodeID, _ right: NodeID, _ standing: NodeID?, _ activation: String?) -> Void
  ) {
    guard let y = squared(id) else {
      if let y = complemented(id), activation(of: y) == "σ" { add(.complement, y, id, y, nil) }
      return
    }
    let activation = activation(of: y) ?? "tanh"
    let less = complement(y)
    add(.tangentSlope, less, id, less, activation)
    let logistic = insert(.product([y, less]))
    add(.otherSlope, logistic, id, logistic, activation)
  }

  // MARK: Products

  private func products(
    _ id: NodeID, _ factors: [NodeID],
    _ add: (Mutation.Kind, NodeID, _ right: NodeID, _ standing: NodeID?, _ activation: String?) -> Void
  ) {
    func without(_ positions: Int...) -> [NodeID] {
      factors.indices.filter { !positions.contains($0) }.map { factors[$0] }
    }
    func product(_ rest: [NodeID]) -> NodeID { rest.count == 1 ? rest[0] : insert(.product(rest)) }
    for (position, factor) in factors.enumerated() {
      if case .seed = store[factor] { continue }
      let y = complemented(factor)
      if let y, let partner = factors.firstIndex(of: y) {
        // y * (1 - y)
        let slope = insert(.product([y, factor]))
        add(.logisticSlope, product(without(position)), slope, y, "σ")
        add(.logisticSlope, product(without(partner)), slope, factor, "σ")
        if factors.count > 2 {
          add(.slopeMissing, product(without(position, partner)), slope, nil, "σ")
        }
        var other = factors
        other[position] = squareComplement(y)
        other.remove(at: partner)
        add(.otherSlope, product(other), slope, squareComplement(y), "σ")
      } else if factors.count > 1 {
        let slope = squared(factor)
        add(
          slope == nil ? .factorMissing : .slopeMissing, product(without(position)), factor, nil,
          slope.map { activation(of: $0) ?? "tanh" })
      }
      add(.factorTwice, insert(.product(factors + [factor])), factor, nil, nil)
    }
    guard let matrix = factors.last(where: { ranks[$0] == 2 }) else { return }
    if case .seed = store[matrix] { return }
    let vectors = factors.filter { ranks[$0] == 1 }
    guard !vectors.isEmpty else { return }
    let others = factors.filter { ranks[$0] != 1 && $0 != matrix }
    let whole = product(vectors)
    let other = insert(.product(others + [matrix, insert(.transpose(whole))]))
    add(.side, other, whole, matrix, nil)
    for (position, vector) in vectors.enumerated() where vectors.count > 1 {
      var rest = vectors
      rest.remove(at: position)
      add(.side, insert(.product(others + rest + [matrix, insert(.transpose(vector))])), vector, matrix, nil)
    }
  }

  /// v in `v * I`.
  private func diagonal(_ id: NodeID) -> NodeID? {
    guard case .product(let factors) = store[id] else { return nil }
    let rest = factors.filter { if case .seed = store[$0] { false } else { true } }
    guard rest.count == factors.count - 1, let first = rest.first else { return nil }
    return rest.count == 1 ? first : insert(.product(rest))
  }
}
