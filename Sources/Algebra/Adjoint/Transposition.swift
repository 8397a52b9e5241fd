/// The rules of `TangentRules`, transposed: from the adjoint of a node to those of its operands.
///
/// | the rule has | transposed |
/// |---|---|
/// | s * d | s * δ, summed over what d was spread over |
/// | A · d, d · b | Aᵀ · δ, δ · bᵀ |
/// | sum(d), mean(d) | δ at every entry, over the width |
/// | dᵀ | δᵀ |
/// | parts one below the other | slices (they are split by the walk) |
struct Transposition {
  let writer: ShareWriter
  /// The shapes of the forward nodes.
  let shapes: [NodeID: Shape]

  private var store: Store { writer.store }
  private var ranks: NodeRanks { writer.ranks }

  /// How often an operand stands in a rule: how often the adjoint of the node will be written.
  static func places(_ linear: Linear) -> Int {
    linear.terms.reduce(0) { count, term in
      switch term.core {
      case .seed, .atom: count
      case .operand: count + 1
      case .left(_, let inner), .right(let inner, _), .group(let inner), .reduced(_, let inner),
        .transposed(let inner), .rows(let inner, _, _):
        count + places(inner)
      case .stacked(let parts): count + parts.reduce(0) { $0 + ($1.tangent.map(places) ?? 0) }
      }
    }
  }

  /// Hands each operand its shares.
  ///
  /// - Parameters:
  ///   - shares: the adjoint of a value of the given rank, to which the rule leads.
  ///   - node: the node whose rule it is.
  ///   - spreads: the value is the node's own, so that operands are spread to its shape.
  func transpose(
    _ linear: Linear, _ shares: [Share], rank: Int, of node: NodeID, spreads: Bool = true,
    _ add: (NodeID, [Share]) -> Void
  ) throws {
    for term in linear.terms {
      let signed = term.isNegative ? shares.map(\.negated) : shares
      let factors = term.before + term.after
      if case .group(let inner) = term.core, (factors + term.divisors).allSatisfy({ ranks[$0] == 0 }) {
        // A number scales what comes out as well as what goes in, and there it stands once.
        var parts: [NodeID: [Share]] = [:]
        try transpose(inner, signed, rank: rank, of: node, spreads: spreads) { parts[$0, default: []] += $1 }
        for (operand, part) in parts.sorted(by: { $0.key < $1.key }) {
          add(operand, writer.scaled(part, by: factors, over: term.divisors))
        }
        continue
      }
      let scaled = writer.scaled(signed, by: factors, over: term.divisors)
      let core = coreRank(term.core)
      try transpose(
        term.core, reduced(scaled, from: rank, to: core), rank: core, of: node, spreads: spreads && core == rank, add)
    }
  }

  private func transpose(
    _ core: Core, _ shares: [Share], rank: Int, of node: NodeID, spreads: Bool, _ add: (NodeID, [Share]) -> Void
  ) throws {
    switch core {
    case .operand(let operand):
      add(operand, spreads && rank == 2 ? withoutSpread(shares, to: operand, from: node) : shares)
    case .group(let inner): try transpose(inner, shares, rank: rank, of: node, spreads: spreads, add)
    case .left(let matrix, let inner):
      let inside = self.rank(inner)
      try transpose(inner, left(matrix, shares, rank: inside), rank: inside, of: node, spreads: false, add)
    case .right(let inner, let factor):
      let inside = self.rank(inner)
      try transpose(inner, right(factor, shares, rank: inside), rank: inside, of: node, spreads: false, add)
    case .reduced(let operation, let inner):
      let inside = self.rank(inner)
      try transpose(inner, try spread(operation, shares, inner, of: node), rank: inside, of: node, spreads: false, add)
    case .transposed(let inner):
      let turned = writer.joined(shares)
      let body = writer.node(turned)
      let inside = self.rank(inner)
      let result = inside == 1 ? writer.vector(fromRow: body) : writer.transposed(body)
      try transpose(
        inner, [Share(isNegative: turned.isNegative, factors: [result])], rank: inside, of: node, spreads: false, add)
    case .stacked, .rows: throw DerivativeFailure.noDerivative("a part of a vector")
    case .seed, .atom: return
    }
  }

  // MARK: The maps

  /// A · d: Aᵀ · δ; of two vectors their inner product, δ a number: A * δ.
  private func left(_ matrix: NodeID, _ shares: [Share], rank: Int) -> [Share] {
    if case .transpose(let vector) = store[matrix], ranks[vector] == 1, rank == 1 {
      return writer.scaled(shares, by: [vector])
    }
    switch (ranks[matrix], rank) {
    case (0, _): return writer.scaled(shares, by: [matrix])
    case (_, 0):
      if case .block = store[matrix] {
        return writer.apply("sum", writer.product(writer.transposed(matrix), shares))
      }
      return writer.apply("sum", writer.scaled(shares, by: [matrix]))
    case (1, 1): return writer.scaled(shares, by: [matrix])
    default: return writer.product(writer.transposed(matrix), shares)
    }
  }

  /// d · b: δ · bᵀ.
  private func right(_ factor: NodeID, _ shares: [Share], rank: Int) -> [Share] {
    if rank == 1, ranks[factor] == 2 {
      // v · kᵀ
      if case .transpose(let vector) = store[factor], ranks[vector] == 1 { return writer.product(shares, vector) }
      return writer.apply("rowsum", writer.scaled(shares, by: [factor]))
    }
    return writer.product(shares, writer.transposed(factor))
  }

  /// sum(d): δ at every entry; of a mean divided by their number.
  private func spread(
    _ operation: Operator.ID, _ shares: [Share], _ inner: Linear, of node: NodeID
  ) throws -> [Share] {
    let name = OperatorTable[operation].name
    if name == "sum" { return shares }
    if name == "mean", ranks[node] > 0, let sum = OperatorTable.find("sum", arity: 1) {
      // Within the rule of a whole vector the shares are sums over the same width: their means.
      return shares.map { share in
        Share(
          isNegative: share.isNegative,
          factors: share.factors.map { factor in
            if case .apply(sum, let arguments) = store[factor] {
              store.insert(.apply(operation, arguments))
            } else {
              factor
            }
          })
      }
    }
    guard case .operand(let operand)? = inner.terms.first?.core else {
      throw DerivativeFailure.noDerivative("a \(name) of this kind")
    }
    if name == "rowsum" { return writer.scaled(shares, by: [ones(like: operand)]) }
    let count = writer.apply("sum", [Share(factors: [ones(like: operand)])])
    return writer.scaled(shares, by: [], over: [writer.node(count)])
  }

  /// 1 at every entry of a vector: v^0; of a matrix 0 * M + 1.
  func ones(like node: NodeID) -> NodeID {
    if ranks[node] < 2 { return store.insert(.power(node, store.insert(.number(Decimal(0))))) }
    let one = store.insert(.number(Decimal(1)))
    return store.insert(.sum([Term(writer.node(zero(like: node))), Term(one)]))
  }

  func zero(like node: NodeID) -> Share { Share(factors: [store.insert(.number(Decimal(0))), node]) }

  /// Summed over what an operand was spread over: a number over a vector or matrix, a vector over the columns.
  func reduced(_ shares: [Share], from rank: Int, to wanted: Int) -> [Share] {
    guard wanted < rank else { return shares }
    return writer.apply(wanted == 0 ? "sum" : "rowsum", shares)
  }

  /// A matrix of one row or column beside a larger one was spread too.
  private func withoutSpread(_ shares: [Share], to operand: NodeID, from node: NodeID) -> [Share] {
    guard case .matrix(let rows, let columns)? = shapes[operand],
      case .matrix(let allRows, let allColumns)? = shapes[node]
    else { return shares }
    var result = shares
    func turned(_ shares: [Share]) -> [Share] {
      let whole = writer.joined(shares)
      return [Share(isNegative: whole.isNegative, factors: [store.insert(.transpose(writer.node(whole)))])]
    }
    if rows == .one, allRows != .one { result = turned(writer.apply("rowsum", turned(result))) }
    if columns == .one, allColumns != .one { result = turned(turned(writer.apply("rowsum", result))) }
    return result
  }

  // MARK: Ranks

  func rank(_ linear: Linear) -> Int {
    linear.terms.map { term in
      max(coreRank(term.core), (term.before + term.after + term.divisors).map { ranks[$0] }.max() ?? 0)
    }.max() ?? 0
  }

  private func coreRank(_ core: Core) -> Int {
    switch core {
    case .operand(let node): return ranks[node]
    case .group(let inner): return rank(inner)
    case .reduced(let operation, _): return OperatorTable[operation].shape.rank ?? 0
    case .stacked: return 1
    case .rows(let inner, _, _): return rank(inner)
    case .transposed(let inner): return rank(inner) == 0 ? 0 : 2
    case .left(let matrix, let inner):
      let inside = rank(inner)
      if case .block = store[matrix], inside == 0 { return 1 }
      if case .transpose(let vector) = store[matrix], ranks[vector] == 1, inside == 1 { return 0 }
      return product(ranks[matrix], inside)
    case .right(let inner, let factor): return product(rank(inner), ranks[factor])
    case .seed, .atom: return 2
    }
  }

  private func product(_ a: Int, _ b: Int) -> Int {
    switch (a, b) {
    case (0, let other), (let other, 0): other
    case (2, 1): 1
    case (1, 1): 0
    default: 2
    }
  }
}
