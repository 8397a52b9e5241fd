/// Names for what a cell's equations leave unnamed and its derivatives speak of: `q_h` for an activation of a product
/// within the equation of h, `a_h` for what it is of. A long product is then written once, below.
struct Naming {
  /// The node that stands for another: a read of a variable, or a name of its own.
  private(set) var names: [NodeID: NodeID] = [:]

  init(_ recurrence: Recurrence) {
    let store = recurrence.store
    var taken = Set(store.symbols.map(\.name))
    let unnamed = store.symbol(named: Derivation.expressionName)
    for equation in recurrence.equations where equation.targets.count == 1 && equation.targets[0] != unnamed {
      names[equation.body] = store.insert(.read(equation.targets[0], shift: 0))
    }
    func name(_ id: NodeID, _ letter: String, _ equation: Recurrence.Equation) {
      guard names[id] == nil, let target = equation.targets.first else { return }
      // Parts of stacks are named by their last word: layer1.q_h.
      let path = store[target].name.split(separator: ".")
      let prefix = path.dropLast().map { $0 + "." }.joined()
      let base = target == unnamed ? letter : prefix + letter + "_" + (path.last ?? "")
      var name = base
      var number = 2
      while taken.contains(name) {
        name = base + "\(number)"
        number += 1
      }
      taken.insert(name)
      names[id] = store.insert(.named(id, name: name, shift: 0))
    }
    for equation in recurrence.equations where store.variation(equation.body) == .withTime {
      let order = store.closure(of: [equation.body])
      var holdsProduct: Set<NodeID> = []
      for id in order {
        if case .matrixProduct(_, let right) = store[id], store.variation(right) == .withTime {
          holdsProduct.insert(id)
        }
        if store[id].operands.contains(where: holdsProduct.contains) { holdsProduct.insert(id) }
      }
      for id in order where holdsProduct.contains(id) {
        guard case .apply(_, let arguments) = store[id] else { continue }
        for argument in arguments where holdsProduct.contains(argument) { name(argument, "a", equation) }
        name(id, "q", equation)
      }
    }
  }
}

extension Recurrence {
  /// The names that derivations give to what equations leave unnamed, with what they stand for at time t.
  public var abbreviations: [String: NodeID] {
    var result: [String: NodeID] = [:]
    for id in Naming(self).names.values { if case .named(_, let name, _) = store[id] { result[name] = id } }
    return result
  }

  /// An expression with what has a name spoken of by it.
  public func abbreviated(_ root: NodeID) -> NodeID {
    let names = Naming(self).names
    return store.rewriteTree(root, keepsBlocks: true) { names[$0] }
  }
}
