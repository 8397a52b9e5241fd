extension Equivalence {
  /// Whether the cells have the same values, by a way that was found to read one as the other.
  mutating func accept(
    _ solution: CellMatcher.Solution, _ own: CellPolynomials, _ other: CellPolynomials, _ states: [Int]
  ) throws -> Bool {
    guard startsAgree(zip(states.map { own.states[$0] }, other.states).map { (first: $0, second: $1) }) else {
      return false
    }
    var relations: [CellMatcher.Relation] = []
    for relation in solution.relations where !relations.contains(relation) { relations.append(relation) }
    let forward = ParameterMap(from: second, to: first, relations.map { ($0.second, $0.first) })
    let backward = ParameterMap(from: first, to: second, relations.map { ($0.first, $0.second) })
    let pairs = zip(states.map { own.states[$0] }, other.states).map { (first: $0, second: $1) }
    let isForward = try forward.map { try agrees($0, isForward: true, pairs) } ?? false
    let isBackward = try backward.map { try agrees($0, isForward: false, pairs) } ?? false
    switch (isForward, isBackward) {
    case (true, true): outcome = .same
    case (true, false): outcome = .secondIsSpecial
    case (false, true): outcome = .firstIsSpecial
    case (false, false): return false
    }
    describe(solution, relations, own, other)
    return true
  }

  /// Cells that match in no polynomial, as with `softmax(z)` and `exp(z) / sum(exp(z))`, may still have the same values
  /// with parameters of the same names, or of other names in the same order.
  mutating func isSameAsWritten() throws -> Bool {
    guard first.parameters.count == second.parameters.count, first.states.count == second.states.count else {
      return false
    }
    let names = Set(first.parameters.map { first.store[$0].name })
    let isNamed = second.parameters.allSatisfy { names.contains(second.store[$0].name) }
    let pairs = first.parameters.enumerated().compactMap { position, symbol -> (first: SymbolID, second: SymbolID)? in
      let named = second.store.symbol(named: first.store[symbol].name)
      guard let other = isNamed ? named : second.parameters[position],
        first.shapes.symbols[symbol]?.rank == second.shapes.symbols[other]?.rank
      else { return nil }
      return (symbol, other)
    }
    let states = zip(first.states, second.states).map { (first: $0, second: $1) }
    guard pairs.count == first.parameters.count, startsAgree(states) else { return false }
    let relations = pairs.map { pair in
      CellMatcher.Relation(
        first: [CellMatcher.Relation.Item(factor: 1, node: first.store.insert(.read(pair.first, shift: 0)))],
        second: [CellMatcher.Relation.Item(factor: 1, node: second.store.insert(.read(pair.second, shift: 0)))])
    }
    guard let map = ParameterMap(from: first, to: second, relations.map { ($0.first, $0.second) }),
      try agrees(map, isForward: false, states)
    else { return false }
    outcome = .same
    describe(relations)
    return true
  }

  /// States start alike: compared as they are written, since a start is a number or a parameter.
  private func startsAgree(_ states: [(first: SymbolID, second: SymbolID)]) -> Bool {
    func text(_ recurrence: Recurrence, _ symbol: SymbolID) -> [String] {
      var notation = TextNotation(recurrence.store)
      return recurrence.starts.filter { $0.symbol == symbol }.map { "\($0.time) \(notation.text($0.value))" }.sorted()
        + (recurrence.learnedStarts.contains(symbol) ? ["learned"] : [])
    }
    return states.allSatisfy { text(first, $0.first) == text(second, $0.second) }
  }

  /// So many steps that every read has been of a computed value.
  private func steps() -> Int? {
    let steps = 4 + max(first.delayAlongChains, second.delayAlongChains)
    return steps <= 200 ? steps : nil
  }

  /// Both cells at the same inputs, the parameters of one computed from the other's: at 2 points of 3 widths.
  /// - Parameter isForward: the first cell's from the second's.
  private func agrees(
    _ map: ParameterMap, isForward: Bool, _ states: [(first: SymbolID, second: SymbolID)]
  ) throws -> Bool {
    let (from, to) = isForward ? (second, first) : (first, second)
    guard let steps = steps() else { return false }
    for (index, set) in [[2, 3, 4], [3, 2, 5], [4, 5, 2]].enumerated() {
      if isInterrupted() { throw Interruption() }
      guard let shapes = try Judge.smallShapes(from, sets: [set]).first,
        let others = matchingShapes(shapes, isForward: isForward, states)
      else { return false }
      for draw in 0..<2 {
        let numbers = PrimeField(key: 0xE0 + UInt64(draw))
        let stream = Box(RandomStream(seed: 41, stream: UInt64(index * 2 + draw)))
        let known = try Trajectory(from, shapes: shapes, numbers: numbers, end: steps, starts: .declared) {
          stream.value.below(PrimeField.order)
        }
        let values = map.values(known, shapes: others, numbers: numbers)
        let answer = try Trajectory(
          to, shapes: others, numbers: numbers, end: steps, starts: .declared,
          given: { symbol, time in
            if let input = to.inputs.firstIndex(of: symbol) { return known.value(from.inputs[input], time) }
            return values[symbol]
          }
        ) { 0 }
        for (a, b) in zip(from.outputs, to.outputs) {
          for time in 1...steps where !PrimeField.areEqual(known.value(a, time), answer.value(b, time)) { return false }
        }
      }
    }
    return true
  }

  /// The other cell at the same widths of inputs, outputs and states.
  private func matchingShapes(
    _ shapes: ShapeSolution, isForward: Bool, _ states: [(first: SymbolID, second: SymbolID)]
  ) -> ShapeSolution? {
    let (from, to) = isForward ? (second, first) : (first, second)
    var counterpart: [SymbolID: SymbolID] = [:]
    for (a, b) in zip(from.outputs + from.inputs, to.outputs + to.inputs) { counterpart[b] = a }
    for (a, b) in states { counterpart[isForward ? a : b] = isForward ? b : a }
    let widths = to.shapes.openWidths.compactMap { name -> (name: String, value: Int)? in
      guard let symbol = to.store.symbol(named: name) else { return (name, 3) }
      let width = counterpart[symbol].flatMap { shapes.symbols[$0]?.dimensions.first?.number }
      return (name, width ?? 3)
    }
    return try? to.solvedShapes(widths: widths)
  }
}

extension Recurrence {
  /// How many steps back, or ahead, an equation looks at most through the others: delays add up along a chain.
  var delayAlongChains: Int {
    equations.reduce(0) { total, equation in
      let shifts = store.computation(of: [equation.body]).map { id in
        if case .read(_, let shift) = store[id] { abs(shift) } else { 0 }
      }
      return total + (shifts.max() ?? 0)
    }
  }
}
