/// One way in which an adjoint comes about: a product of factors with a sign. An adjoint is a sum of shares.
struct Share {
  var isNegative = false
  /// In the order written: first the adjoint that it comes from. None for 1.
  var factors: [NodeID]

  var negated: Share { Share(isNegative: !isNegative, factors: factors) }
}

/// Writes shares as expressions.
struct ShareWriter {
  let store: Store
  let ranks: NodeRanks

  /// Without its sign.
  func node(_ share: Share) -> NodeID {
    switch share.factors.count {
    case 0: store.insert(.number(Decimal(1)))
    case 1: share.factors[0]
    default: store.insert(.product(share.factors))
    }
  }

  /// The sum of some shares, what is added before what is subtracted.
  func node(_ shares: [Share]) -> NodeID {
    if shares.count == 1, !shares[0].isNegative { return node(shares[0]) }
    if shares.isEmpty { return store.insert(.number(Decimal(0))) }
    if shares.allSatisfy(\.isNegative) {
      return store.insert(.sum([Term(node(shares.map(\.negated)), isNegative: true)]))
    }
    let ordered = shares.filter { !$0.isNegative } + shares.filter(\.isNegative)
    return store.insert(.sum(ordered.map { Term(node($0), isNegative: $0.isNegative) }))
  }

  /// One share, its sign kept outside; of several their sum.
  func joined(_ shares: [Share]) -> Share {
    if shares.count == 1 { return shares[0] }
    let isNegative = !shares.isEmpty && shares.allSatisfy(\.isNegative)
    return Share(isNegative: isNegative, factors: [node(isNegative ? shares.map(\.negated) : shares)])
  }

  /// `shares * factors / divisors`, elementwise.
  func scaled(_ shares: [Share], by factors: [NodeID], over divisors: [NodeID] = []) -> [Share] {
    if factors.isEmpty, divisors.isEmpty { return shares }
    var result = joined(shares)
    for factor in factors { multiply(&result, by: factor) }
    for divisor in divisors { result.factors = [store.insert(.quotient(node(result), divisor))] }
    return [result]
  }

  /// A product of a product is one product; numbers stand first; signs go to the share.
  private func multiply(_ share: inout Share, by factor: NodeID) {
    switch store[factor] {
    case .number(let number) where number.isOne: return
    case .number(let number):
      if number.isNegative { share.isNegative.toggle() }
      multiply(&share, by: number.isNegative ? number.negated : number)
    case .quotient(let above, let divisor) where isOne(above):
      share.factors = [store.insert(.quotient(node(share), divisor))]
    case .product(let factors): for inner in factors { multiply(&share, by: inner) }
    case .sum(let terms) where terms.count == 1 && terms[0].isNegative:
      share.isNegative.toggle()
      multiply(&share, by: terms[0].node)
    default: share.factors.append(factor)
    }
  }

  private func isOne(_ node: NodeID) -> Bool {
    if case .number(let number) = store[node] { number.isOne } else { false }
  }

  /// 2 * (a / (2 * b)) is a / b.
  private func multiply(_ share: inout Share, by number: Decimal) {
    if number.isOne { return }
    let factor = store.insert(.number(number))
    if let first = share.factors.first, case .quotient(let above, let divisor) = store[first],
      case .product(let parts) = store[divisor], parts.count > 1, parts[0] == factor
    {
      let rest = parts.count == 2 ? parts[1] : store.insert(.product(Array(parts.dropFirst())))
      share.factors[0] = store.insert(.quotient(above, rest))
    } else if let first = share.factors.first, case .number(let other) = store[first],
      let both = product(number, other)
    {
      share.factors[0] = store.insert(.number(both))
    } else {
      share.factors.insert(factor, at: 0)
    }
  }

  private func product(_ a: Decimal, _ b: Decimal) -> Decimal? {
    let (digits, overflow) = a.significand.multipliedReportingOverflow(by: b.significand)
    let (power, overflow2) = a.exponent.addingReportingOverflow(b.exponent)
    return overflow || overflow2 ? nil : Decimal(significand: digits, exponent: power)
  }

  /// Without ones (v^0, or 0 * M + 1) beside a factor that is as large.
  func withoutOnes(_ share: Share) -> Share {
    var result = share
    var index = 0
    while index < result.factors.count {
      let factor = result.factors[index]
      let others = result.factors.enumerated().filter { $0.offset != index }.map { ranks[$0.element] }.max() ?? 0
      if isOnes(factor), others >= ranks[factor] { result.factors.remove(at: index) } else { index += 1 }
    }
    return result
  }

  func isOnes(_ node: NodeID) -> Bool {
    switch store[node] {
    case .power(_, let exponent):
      if case .number(let number) = store[exponent] { return number.isZero }
    case .sum(let terms):
      guard terms.count == 2, isOne(terms[1].node), case .product(let factors) = store[terms[0].node],
        factors.count == 2, case .number(let number) = store[factors[0]]
      else { return false }
      return number.isZero
    default: break
    }
    return false
  }

  /// `A · shares`, with the sign outside.
  func product(_ matrix: NodeID, _ shares: [Share]) -> [Share] {
    let whole = joined(shares)
    return [Share(isNegative: whole.isNegative, factors: [store.insert(.matrixProduct(matrix, node(whole)))])]
  }

  /// `shares · A`.
  func product(_ shares: [Share], _ matrix: NodeID) -> [Share] {
    let whole = joined(shares)
    return [Share(isNegative: whole.isNegative, factors: [store.insert(.matrixProduct(node(whole), matrix))])]
  }

  /// A function of all shares together: `sum(...)`.
  func apply(_ name: String, _ shares: [Share]) -> [Share] {
    guard let operation = OperatorTable.find(name, arity: 1) else { return shares }
    let whole = joined(shares)
    return [Share(isNegative: whole.isNegative, factors: [store.insert(.apply(operation, [node(whole)]))])]
  }

  /// `Aᵀ`: (Aᵀ)ᵀ is A, (A · B)ᵀ is Bᵀ · Aᵀ, and a number is its own.
  func transposed(_ node: NodeID) -> NodeID {
    switch store[node] {
    case .transpose(let inner): return inner
    case .matrixProduct(let a, let b) where ranks[a] > 0 && ranks[b] > 0 && ranks[node] == 2:
      return store.insert(.matrixProduct(transposed(b), transposed(a)))
    default: return ranks[node] == 0 ? node : store.insert(.transpose(node))
    }
  }

  /// A matrix of one row as a vector: products, sums and scalings of rows turn over part by part.
  func vector(fromRow node: NodeID) -> NodeID {
    switch store[node] {
    case .transpose(let inner) where ranks[inner] == 1: return inner
    case .matrixProduct(let a, let b):
      // vᵀ · M is (Mᵀ · v)ᵀ.
      if case .transpose(let vector) = store[a], ranks[vector] == 1, ranks[b] == 2 {
        return store.insert(.matrixProduct(transposed(b), vector))
      }
    case .sum(let terms):
      return store.insert(.sum(terms.map { Term(vector(fromRow: $0.node), isNegative: $0.isNegative) }))
    case .product(let factors): return store.insert(.product(factors.map { vector(fromRow: $0) }))
    default: if ranks[node] < 2 { return node }
    }
    let column = transposed(node)
    guard ranks[column] == 2, let rowsum = OperatorTable.find("rowsum", arity: 1) else { return column }
    return store.insert(.apply(rowsum, [column]))
  }
}
