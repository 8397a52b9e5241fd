@testable import Algebra

/// Writes an expression in another way that means the same: terms and factors in another order, products expanded,
/// matrix form with diag, squares as products, gates by their equations.
struct AnswerVariation {
  let recurrence: Recurrence
  var stream: RandomStream
  private let ranks: NodeRanks

  init(_ recurrence: Recurrence, seed: UInt64) {
    self.recurrence = recurrence
    stream = RandomStream(seed: seed)
    ranks = NodeRanks(store: recurrence.store, shapes: recurrence.shapes)
  }

  private var store: Store { recurrence.store }

  private mutating func chance(_ probability: Double) -> Bool { stream.uniform() < probability }

  mutating func vary(_ root: NodeID) -> NodeID {
    var image: [NodeID: NodeID] = [:]
    for id in store.closure(of: [root]) {
      switch store[id] {
      case .block, .named, .zeros: image[id] = id
      case let node: image[id] = rewritten(store.insert(node.mapOperands { image[$0] ?? $0 }))
      }
    }
    return image[root] ?? root
  }

  private mutating func rewritten(_ id: NodeID) -> NodeID {
    switch store[id] {
    case .sum(let terms):
      if terms.count == 2, case .power(let y, let exponent) = store[terms[1].node], terms[1].isNegative,
        case .number(let one) = store[terms[0].node], one.isOne, case .number(let two) = store[exponent],
        two.whole == 2, chance(0.4)
      {
        let less = store.insert(.sum([terms[0], Term(y, isNegative: true)]))
        let more = store.insert(.sum([terms[0], Term(y)]))
        return store.insert(.product([less, more]))
      }
      return store.insert(.sum(stream.permutation(terms.count).map { terms[$0] }))
    case .product(let factors): return product(factors)
    case .matrixProduct(let a, let b):
      if case .sum(let terms) = store[a], chance(0.5) {
        return store.insert(
          .sum(terms.map { Term(store.insert(.matrixProduct($0.node, b)), isNegative: $0.isNegative) }))
      }
      if case .sum(let terms) = store[b], chance(0.5) {
        return store.insert(
          .sum(terms.map { Term(store.insert(.matrixProduct(a, $0.node)), isNegative: $0.isNegative) }))
      }
      return id
    case .power(let y, let exponent):
      if case .number(let two) = store[exponent], two.whole == 2, chance(0.3) {
        return store.insert(.product([y, y]))
      }
      return id
    case .read(let symbol, let shift):
      guard store[symbol].kind == .variable, chance(0.06), let equation = recurrence.equation(of: symbol),
        equation.targets.count == 1
      else { return id }
      return store.shifted(equation.body, by: shift)
    default: return id
    }
  }

  private mutating func product(_ factors: [NodeID]) -> NodeID {
    for (position, factor) in factors.enumerated() {
      guard case .sum(let terms) = store[factor], chance(0.25) else { continue }
      return store.insert(
        .sum(
          terms.map { term in
            var copy = factors
            copy[position] = term.node
            return Term(store.insert(.product(copy)), isNegative: term.isNegative)
          }))
    }
    if let matrix = factors.last, ranks[matrix] == 2, factors.dropLast().allSatisfy({ ranks[$0] == 1 }), chance(0.4) {
      if case .seed = store[matrix] { return store.insert(.product(factors)) }
      let vectors = Array(factors.dropLast())
      let rows = vectors.compactMap { vector -> SymbolID? in
        for id in store.closure(of: [vector]) {
          if case .read(let symbol, _) = store[id], recurrence.shapes.symbols[symbol]?.rank == 1,
            store[symbol].kind == .variable
          {
            return symbol
          }
        }
        return nil
      }
      if let symbol = rows.first {
        let diagonal = store.insert(.product(vectors + [store.insert(.seed(symbol))]))
        return store.insert(.matrixProduct(diagonal, matrix))
      }
    }
    return store.insert(.product(stream.permutation(factors.count).map { factors[$0] }))
  }
}
