/// Each body walked from its result to what it reads, every rule transposed on the way.
extension AdjointBuilder {
  var transposition: Transposition {
    Transposition(writer: writer, shapes: shapes)
  }

  func walk() throws {
    for (index, body) in bodies.enumerated() {
      try poll()
      let isTimed = body.targets.allSatisfy { self.isTimed($0) }
      try walk(body.root, from: seed(of: body, index), isTimed: isTimed, equation: index)
    }
    try walkStarts()
    keepActive()
  }

  /// The adjoint of a body: that of its variable; of a split all of them; 1 of a loss.
  private func seed(of body: (targets: [SymbolID], root: NodeID), _ index: Int) -> [Share] {
    if losses.contains(index) { return [Share(factors: [])] }
    let parts = body.targets.map { read(adjoint(of: $0)) }
    return [Share(factors: [parts.count == 1 ? parts[0] : store.insert(.concatenate(parts))])]
  }

  private func walk(_ root: NodeID, from seed: [Share], isTimed: Bool, equation: Int?) throws {
    // Inside a sum over all times an equation without a time has parts that have one.
    var timed: [NodeID: [Share]] = [:]
    var still: [NodeID: [Share]] = [:]
    if isTimed { timed[root] = seed } else { still[root] = seed }
    for id in store.closure(of: [root]).reversed() where varies.contains(id) {
      if let shares = timed[id] {
        try visit(id, shares, isTimed: true, equation) { timed[$0, default: []] += $1 }
      }
      guard let shares = still[id] else { continue }
      if case .total(let inner) = store[id] {
        timed[inner, default: []] += shares
      } else {
        try visit(id, shares, isTimed: false, equation) { still[$0, default: []] += $1 }
      }
    }
  }

  private func visit(
    _ id: NodeID, _ given: [Share], isTimed: Bool, _ equation: Int?, _ add: (NodeID, [Share]) -> Void
  ) throws {
    let shares = wholeRank(given, id)
    switch store[id] {
    case .read(let symbol, let shift):
      records.append(Record(equation: equation, symbol: symbol, shift: shift, isTimed: isTimed, shares: shares))
    case .concatenate(let parts): split(shares, over: parts, isTimed: isTimed, equation, add)
    case .total:
      // A sum over all times that is used at each of them would need the end before the beginning.
      throw AdjointFailure.usesTotal(cell: forward.name, name: forward.name)
    default:
      let rule = withoutNamelessBlocks(try rules.local(id, isZero: { !self.varies.contains($0) }))
      let value = Transposition.places(rule) > 1 ? named(shares, id, isTimed: isTimed, equation) : shares
      try transposition.transpose(rule, value, rank: ranks[id], of: id) { operand, part in
        if varies.contains(operand) { add(operand, part) }
      }
    }
  }

  /// Shares that are all numbers stand at every entry of a vector.
  private func wholeRank(_ shares: [Share], _ id: NodeID) -> [Share] {
    let rank = shares.map { share in share.factors.map { ranks[$0] }.max() ?? 0 }.max() ?? 0
    guard rank < ranks[id] else { return shares }
    return writer.scaled(shares, by: [transposition.ones(like: id)])
  }

  /// What is written several times gets a name, unless it is one already, or ones that vanish beside what they multiply.
  private func named(_ shares: [Share], _ id: NodeID, isTimed: Bool, _ equation: Int?) -> [Share] {
    if shares.count == 1, shares[0].factors.count <= 1 {
      guard let factor = shares[0].factors.first else { return shares }
      if case .read = store[factor] { return shares }
    }
    if shares.count == 1, shares[0].factors.contains(where: writer.isOnes),
      shares[0].factors.allSatisfy({ writer.isOnes($0) || isPlain($0) })
    {
      return shares
    }
    let name = names.adjoint(of: partName(id))
    let symbol = add(name, isTimed: isTimed, shape: shapes[id])
    lines.append(Line(targets: [symbol], isTimed: isTimed, shares: shares, equation: equation))
    return [Share(factors: [read(symbol)])]
  }

  private func isPlain(_ node: NodeID) -> Bool {
    switch store[node] {
    case .read, .number: true
    default: false
    }
  }

  // MARK: Slices

  /// `W[h]` that cannot be read back: `W · d[h, x]` instead, whose adjoint is split.
  private func withoutNamelessBlocks(_ rule: Linear) -> Linear {
    func block(_ term: LinearTerm) -> (matrix: NodeID, part: NodeID, whole: NodeID)? {
      guard case .left(let node, _) = term.core, case .block(let matrix, let part, let whole) = store[node] else {
        return nil
      }
      return (matrix, part, whole)
    }
    let blocks = rule.terms.compactMap(block)
    guard let nameless = blocks.first(where: { !isNamed($0.matrix, $0.part, of: $0.whole) }) else { return rule }
    return Linear(terms: rule.terms.filter { block($0) == nil })
      + Linear(.left(nameless.matrix, Linear(.operand(nameless.whole))))
  }

  /// `[a, b]`: slices of δ.
  private func split(
    _ shares: [Share], over parts: [NodeID], isTimed: Bool, _ equation: Int?, _ add: (NodeID, [Share]) -> Void
  ) {
    if shares.count == 1, shares[0].factors.count == 1, let factor = shares[0].factors.first,
      case .concatenate(let adjoints) = store[factor], adjoints.count == parts.count,
      zip(adjoints, parts).allSatisfy({ shape(of: $0) == shapes[$1] })
    {
      for (part, adjoint) in zip(parts, adjoints) where varies.contains(part) {
        add(part, [Share(isNegative: shares[0].isNegative, factors: [adjoint])])
      }
      return
    }
    let slices = slices(of: shares, parts, isTimed: isTimed, equation)
    for (part, slice) in zip(parts, slices) where varies.contains(part) {
      let one = store.insert(.number(Decimal(1)))
      add(part, [Share(factors: [ranks[part] == 0 ? product(read(slice), one) : read(slice)])])
    }
  }

  /// `slice · part`: a number is a vector of width 1.
  func product(_ slice: NodeID, _ part: NodeID) -> NodeID {
    store.insert(.matrixProduct(slice, ranks[part] == 0 ? store.insert(.concatenate([part])) : part))
  }

  private func shape(of node: NodeID) -> Shape? {
    if case .read(let symbol, _) = store[node] { return ranks.shapes.symbols[symbol] }
    return nil
  }

  /// A split of a vector by the widths of some parts, into names of their own.
  private func slices(
    of shares: [Share], _ parts: [NodeID], isTimed: Bool, _ equation: Int?
  ) -> [SymbolID] {
    let targets = parts.map { part -> SymbolID in
      let width = shapes[part]?.dimensions.first ?? .one
      let name = names.part(of: partOwner(part), isArgument: false)
      return add(names.adjoint(of: name), isTimed: isTimed, shape: .vector(width))
    }
    lines.append(Line(targets: targets, isTimed: isTimed, shares: shares, parts: parts, equation: equation))
    return targets
  }

  /// The variable in whose equation a part first stands.
  private func partOwner(_ id: NodeID) -> String {
    guard let index = owner[id], index < bodies.count, let target = bodies[index].targets.first else { return "q" }
    return store[target].name
  }

  // MARK: Starts

  /// The start of a state gets the shares of what reads it at time 1 and after: `v[t-k]` at t = k + start.
  private func walkStarts() throws {
    let learned = forward.learnedStarts.compactMap { self.image[$0] }
    for symbol in learned { _ = startLine(of: symbol, time: 0, isLearned: true) }
    for (symbol, time, root) in starts where varies.contains(root) && !(time == 0 && learned.contains(symbol)) {
      let line = startLine(of: symbol, time: time, isLearned: false)
      let rank = ranks.shapes.symbols[symbol]?.rank ?? 0
      let shares = transposition.reduced([Share(factors: [read(line)])], from: rank, to: ranks[root])
      try walk(root, from: shares, isTimed: false, equation: nil)
    }
  }

  private func startLine(of symbol: SymbolID, time: Int, isLearned: Bool) -> SymbolID {
    let target = add(
      names.start(of: store[symbol].name, time: time), isTimed: false, shape: ranks.shapes.symbols[symbol])
    startAdjoints.append((symbol, time, target, isLearned))
    return target
  }
}
