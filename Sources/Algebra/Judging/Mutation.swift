/// One mistake that a person can make in an expression.
public struct Mutation: Sendable {
  public enum Kind: Int, Sendable, Comparable {
    /// `y` or `1 - y` for `y * (1 - y)`, the derivative of σ.
    case logisticSlope
    /// `1 - y` for `1 - y^2`, the derivative of tanh.
    case tangentSlope
    /// The derivative of σ for that of tanh, or the other way round.
    case otherSlope
    case transposed
    /// A diagonal matrix right of a matrix that belongs left of it, or the other way round.
    case side
    case order
    case time
    case name
    /// `1 - z` for z, or the other way round.
    case complement
    case sign
    /// The derivative of an activation is left out.
    case slopeMissing
    case factorMissing
    case factorTwice
    case power
    case functionMissing
    case otherFunction
    case termMissing
    case termTwice
    case termExtra
    case denominatorMissing

    public static func < (left: Kind, right: Kind) -> Bool { left.rawValue < right.rawValue }
  }

  public var kind: Kind
  /// What belongs there.
  public var right: NodeID
  /// What stands there instead; nil if nothing does.
  public var standing: NodeID?
  /// The product, sum or matrix that it is a part of, as it should be.
  public var within: NodeID
  /// The function of which `right` is the derivative.
  public var activation: String?
  /// The expression as it is with the mistake, from the smallest part that holds it outwards.
  public var chain: [NodeID] = []
}

/// An expression with one mistake or more.
struct Mutant {
  var node: NodeID
  var mutations: [Mutation]
}

/// Makes the mistakes that people make, at every place of an expression.
///
/// They are made in the tree, one place at a time; the store holds equal parts once, so an evaluation of all costs
/// little more than one for each step from the mistake to the root.
final class MutationMaker {
  /// Larger expressions are not looked through.
  static let mostMutants = 20_000

  private let recurrence: Recurrence
  private let rules: MutationRules
  private var first: [NodeID: [Mutant]] = [:]
  private var second: [NodeID: [Mutant]] = [:]

  init(_ recurrence: Recurrence) {
    self.recurrence = recurrence
    rules = MutationRules(recurrence)
  }

  private var store: Store { recurrence.store }

  /// With one mistake.
  func single(_ root: NodeID) -> [Mutant] {
    for id in store.closure(of: [root]) where first[id] == nil {
      var result = rules.local(id).map { node, mutation in
        Mutant(node: node, mutations: [mutation.within(node)])
      }
      for (position, operand) in visited(id).enumerated() {
        for mutant in first[operand] ?? [] where result.count < MutationMaker.mostMutants {
          result.append(lifted(mutant, into: id, at: position))
        }
      }
      first[id] = result
    }
    return first[root] ?? []
  }

  /// With two mistakes in different factors of one product: those in different terms add up, and need not be made.
  func paired(_ root: NodeID) -> [Mutant] {
    _ = single(root)
    for id in store.closure(of: [root]) where second[id] == nil {
      var result: [Mutant] = []
      let operands = visited(id)
      for (position, operand) in operands.enumerated() {
        for mutant in second[operand] ?? [] where result.count < MutationMaker.mostMutants {
          result.append(lifted(mutant, into: id, at: position))
        }
      }
      if isProduct(id) {
        for (position, operand) in operands.enumerated() {
          for (other, partner) in operands.enumerated() where other > position {
            for one in first[operand] ?? [] {
              for two in first[partner] ?? [] where result.count < MutationMaker.mostMutants {
                let half = replaced(id, position, by: one.node)
                let node = replaced(half, other, by: two.node)
                result.append(
                  Mutant(node: node, mutations: (one.mutations + two.mutations).map { $0.within(node) }))
              }
            }
          }
        }
      }
      second[id] = result
    }
    return second[root] ?? []
  }

  private func isProduct(_ id: NodeID) -> Bool {
    switch store[id] {
    case .product, .matrixProduct, .quotient: true
    default: false
    }
  }

  /// Operands in which mistakes are made: the names of blocks are left alone.
  private func visited(_ id: NodeID) -> [NodeID] {
    switch store[id] {
    case .block(let matrix, _, _): [matrix]
    case .named, .zeros, .atom: []
    case let node: node.operands
    }
  }

  private func replaced(_ id: NodeID, _ position: Int, by node: NodeID) -> NodeID {
    var index = -1
    return store.insert(
      store[id].mapOperands { operand in
        index += 1
        return index == position ? node : operand
      })
  }

  private func lifted(_ mutant: Mutant, into id: NodeID, at position: Int) -> Mutant {
    let node = replaced(id, position, by: mutant.node)
    return Mutant(node: node, mutations: mutant.mutations.map { $0.within(node) })
  }
}

extension Mutation {
  fileprivate func within(_ node: NodeID) -> Mutation {
    var result = self
    result.chain.append(node)
    return result
  }
}
