/// Whether two cells are the same up to names, order, merged biases and complemented gates.
///
/// A way to read one as the other is looked for by matching their equations as polynomials; then it is proved by
/// running both in the prime field, the parameters of the one computed from those of the other.
public struct Equivalence {
  public enum Outcome: Sendable {
    case same
    /// The second cell is the first with parameters of a kind.
    case secondIsSpecial
    case firstIsSpecial
    case different
    /// With the reason.
    case unknown(String)
  }

  /// An equation of each cell that has no counterpart in the other.
  public struct Difference {
    public var first: SymbolID?
    public var second: SymbolID?
  }

  public var outcome: Outcome
  public let first: Recurrence
  public let second: Recurrence
  private let isInterrupted: () -> Bool
  /// Variables that correspond, each as it reads in the second cell: `z` and `1 - z`.
  public private(set) var variables: [(first: String, second: String)] = []
  /// What parameters are in the other cell's.
  public private(set) var parameters: [(first: String, second: String)] = []
  public private(set) var difference: Difference?
  /// Outputs at the same inputs, every parameter and input being 1, at t = 2.
  public private(set) var outputs: (first: Double, second: Double)?
  /// Why no parameters at all make the two the same, if a range proves it.
  public private(set) var proof: RangeDifference?
  /// In how many ways states of the one were read as states of the other.
  public private(set) var pairings = 0

  public var isSame: Bool { if case .same = outcome { true } else { false } }

  /// - Throws: `Interruption`.
  public init(_ first: Recurrence, _ second: Recurrence, isInterrupted: @escaping () -> Bool = { false }) throws {
    self.isInterrupted = isInterrupted
    self.first = first.withoutWidths
    self.second = second.withoutWidths
    outcome = .different
    do {
      try compare()
    } catch let found as CellPolynomials.Unsupported { outcome = .unknown(found.reason) }
    guard case .different = outcome else { return }
    outputs = try sampleOutputs()
    if self.first.inputs.count == self.second.inputs.count, self.first.outputs.count == self.second.outputs.count {
      proof = try RangeDifference.find(self.first, self.second, isInterrupted: isInterrupted)
    }
  }

  // MARK: Search

  private mutating func compare() throws {
    let own = try CellPolynomials(first)
    let other = try CellPolynomials(second)
    guard first.inputs.count == second.inputs.count, first.outputs.count == second.outputs.count,
      own.states.count == other.states.count
    else { return }
    var best: CellMatcher?
    var bestStates: [Int] = []
    for allowsVanishing in [false, true] {
      let ways = permutations(own.states, other.states)
      pairings = ways.count
      for states in ways {
        let matcher = CellMatcher(
          own, other, states: states, allowsVanishing: allowsVanishing, isInterrupted: isInterrupted)
        var pairs = try other.states.indices.map {
          (first: try own.body(of: own.states[states[$0]]), second: try other.body(of: other.states[$0]))
        }
        for (a, b) in zip(first.outputs, second.outputs) {
          pairs.append((first: try own.body(of: a), second: try other.body(of: b)))
        }
        if let solution = try matcher.solve(pairs), try accept(solution, own, other, states) { return }
        if !allowsVanishing, matcher.progress > best?.progress ?? -1 {
          best = matcher
          bestStates = states
        }
      }
    }
    if let best { difference = try difference(best, own, other, bestStates) }
    if let found = difference, isWordForWord(found) { difference = sameNameOtherEquation() ?? found }
  }

  /// What was seen first may be a consequence of something else.
  private func isWordForWord(_ difference: Difference) -> Bool {
    guard let a = difference.first, let b = difference.second else { return false }
    return equationText(a, first) == equationText(b, second)
  }

  private func sameNameOtherEquation() -> Difference? {
    for symbol in first.variables {
      guard let other = second.store.symbol(named: first.store[symbol].name), second.variables.contains(other),
        equationText(symbol, first) != equationText(other, second)
      else { continue }
      return Difference(first: symbol, second: other)
    }
    return nil
  }

  private func equationText(_ symbol: SymbolID, _ recurrence: Recurrence) -> String? {
    var notation = TextNotation(recurrence.store)
    return recurrence.equation(of: symbol).map { notation.text($0.body) }
  }

  /// Which state of the first cell each state of the second is: outputs among them stay, so do widths' ranks.
  private func permutations(_ own: [SymbolID], _ other: [SymbolID]) -> [[Int]] {
    var result: [[Int]] = [[]]
    for symbol in other {
      result = result.flatMap { chosen in
        own.indices.filter { index in
          guard !chosen.contains(index) else { return false }
          let output = second.outputs.firstIndex(of: symbol)
          return output == first.outputs.firstIndex(of: own[index])
            && first.shapes.symbols[own[index]]?.rank == second.shapes.symbols[symbol]?.rank
        }.map { chosen + [$0] }
      }
      if result.count > 720 { return [] }
    }
    // Names that are the same first.
    return result.sorted { a, b in sameNames(a, own, other) > sameNames(b, own, other) }
  }

  private func sameNames(_ states: [Int], _ own: [SymbolID], _ other: [SymbolID]) -> Int {
    zip(states, other).count { first.store[own[$0]].name == second.store[$1].name }
  }

  private func difference(
    _ matcher: CellMatcher, _ own: CellPolynomials, _ other: CellPolynomials, _ states: [Int]
  ) throws -> Difference? {
    if let obstacle = matcher.obstacle {
      let symbol = other.names[obstacle] ?? holder(of: obstacle, in: other)
      let counterpart = symbol.flatMap { first.store.symbol(named: second.store[$0].name) }
      let unused = own.names.filter { !matcher.obstacleUsed.contains($0.key) }.sorted { $0.key < $1.key }
      return Difference(
        first: counterpart.flatMap { first.variables.contains($0) ? $0 : nil } ?? unused.first?.value, second: symbol)
    }
    guard let state = matcher.failingState else { return nil }
    guard state < states.count else {
      let output = state - states.count
      return Difference(first: first.outputs[output], second: second.outputs[output])
    }
    return Difference(first: own.states[states[state]], second: other.states[state])
  }

  /// The variable in whose equation an activation stands.
  private func holder(of atom: Int, in cell: CellPolynomials) -> SymbolID? {
    cell.recurrence.variables.first { symbol in
      (try? cell.body(of: symbol))?.terms.keys.contains { $0.contains(atom) } ?? false
    }
  }

  // MARK: Proof

  private mutating func accept(
    _ solution: CellMatcher.Solution, _ own: CellPolynomials, _ other: CellPolynomials, _ states: [Int]
  ) throws -> Bool {
    guard startsAgree(own, other, states) else { return false }
    var relations: [CellMatcher.Relation] = []
    for relation in solution.relations where !relations.contains(relation) { relations.append(relation) }
    let forward = ParameterMap(from: second, to: first, relations.map { ($0.second, $0.first) })
    let backward = ParameterMap(from: first, to: second, relations.map { ($0.first, $0.second) })
    let isForward = try forward.map { try agrees($0, from: second, to: first, own, other, states) } ?? false
    let isBackward = try backward.map { try agrees($0, from: first, to: second, own, other, states) } ?? false
    switch (isForward, isBackward) {
    case (true, true): outcome = .same
    case (true, false): outcome = .secondIsSpecial
    case (false, true): outcome = .firstIsSpecial
    case (false, false): return false
    }
    describe(solution, relations, own, other)
    return true
  }

  /// States start alike: compared as they are written, since a start is a number or a parameter.
  private func startsAgree(_ own: CellPolynomials, _ other: CellPolynomials, _ states: [Int]) -> Bool {
    func text(_ recurrence: Recurrence, _ symbol: SymbolID) -> [String] {
      var notation = TextNotation(recurrence.store)
      return recurrence.starts.filter { $0.symbol == symbol }.map { "\($0.time) \(notation.text($0.value))" }.sorted()
        + (recurrence.learnedStarts.contains(symbol) ? ["learned"] : [])
    }
    return states.indices.allSatisfy { text(first, own.states[states[$0]]) == text(second, other.states[$0]) }
  }

  /// Both cells at the same inputs, the second's parameters computed from the first's: at 2 points of 3 widths.
  private func agrees(
    _ map: ParameterMap, from: Recurrence, to: Recurrence, _ own: CellPolynomials, _ other: CellPolynomials,
    _ states: [Int]
  ) throws -> Bool {
    for (index, set) in [[2, 3, 4], [3, 2, 5], [4, 5, 2]].enumerated() {
      guard let shapes = try Judge.smallShapes(from, sets: [set]).first else { return false }
      guard let others = try matchingShapes(shapes, from: from, to: to, own, other, states) else { return false }
      for draw in 0..<2 {
        let numbers = PrimeField(key: 0xE0 + UInt64(draw))
        let stream = Box(RandomStream(seed: 41, stream: UInt64(index * 2 + draw)))
        let known = try Trajectory(from, shapes: shapes, numbers: numbers, end: 5, starts: .declared) {
          stream.value.below(PrimeField.order)
        }
        let values = map.values(known, shapes: others, numbers: numbers)
        let answer = try Trajectory(
          to, shapes: others, numbers: numbers, end: 5, starts: .declared,
          given: { symbol, time in
            if let input = to.inputs.firstIndex(of: symbol) { return known.value(from.inputs[input], time) }
            return values[symbol]
          }
        ) { 0 }
        for (a, b) in zip(from.outputs, to.outputs) {
          for time in 1...5 where !PrimeField.areEqual(known.value(a, time), answer.value(b, time)) { return false }
        }
      }
    }
    return true
  }

  /// The other cell at the same widths of inputs and states.
  private func matchingShapes(
    _ shapes: ShapeSolution, from: Recurrence, to: Recurrence, _ own: CellPolynomials, _ other: CellPolynomials,
    _ states: [Int]
  ) throws -> ShapeSolution? {
    var counterpart: [SymbolID: SymbolID] = [:]
    for (a, b) in zip(from.inputs, to.inputs) { counterpart[b] = a }
    let isForward = from.name == second.name && from.store === second.store
    for (index, state) in states.enumerated() {
      let (a, b) = (own.states[state], other.states[index])
      counterpart[isForward ? a : b] = isForward ? b : a
    }
    for (a, b) in zip(from.outputs, to.outputs) where counterpart[b] == nil { counterpart[b] = a }
    let widths = to.shapes.openWidths.compactMap { name -> (name: String, value: Int)? in
      guard let symbol = to.store.symbol(named: name) else { return (name, 3) }
      let width = counterpart[symbol].flatMap { shapes.symbols[$0]?.dimensions.first?.number }
      return (name, width ?? 3)
    }
    return try? to.solvedShapes(widths: widths)
  }

  // MARK: Words

  private mutating func describe(
    _ solution: CellMatcher.Solution, _ relations: [CellMatcher.Relation], _ own: CellPolynomials,
    _ other: CellPolynomials
  ) {
    for (atom, image) in solution.activations.sorted(by: { $0.key < $1.key }) {
      guard let symbol = other.names[atom], let ownSymbol = own.names[image.atom] else { continue }
      let (name, ownName) = (second.store[symbol].name, first.store[ownSymbol].name)
      let text =
        switch image.sense {
        case .same: name
        case .complement: "1 - \(name)"
        case .negative: "-\(name)"
        }
      if ownName != text { variables.append((ownName, text)) }
    }
    var notation = TextNotation(first.store)
    var otherNotation = TextNotation(second.store)
    for relation in relations {
      let left = relation.first.map { ($0.factor, notation.text($0.node)) }
      let right = relation.second.map { ($0.factor, otherNotation.text($0.node)) }
      // A lone parameter stands for itself: -W = V is W = -V.
      let flips = left.first.map { $0.0 < 0 } ?? false
      let (a, b) = (Equivalence.sum(left, flips), Equivalence.sum(right, flips))
      if a != b { parameters.append((a, b)) }
    }
    parameters.sort { $0.first < $1.first }
  }

  private static func sum(_ items: [(Double, String)], _ flips: Bool) -> String {
    var text = ""
    for (position, item) in items.enumerated() {
      let factor = flips ? -item.0 : item.0
      let size = abs(factor) == 1 ? "" : "\(abs(factor)) * "
      let sign = factor < 0 ? (position == 0 ? "-" : " - ") : (position == 0 ? "" : " + ")
      text += sign + size + item.1
    }
    return text.isEmpty ? "0" : text
  }

  /// Both with every parameter and input 1, at t = 2.
  private func sampleOutputs() throws -> (first: Double, second: Double)? {
    func output(_ recurrence: Recurrence) throws -> Double? {
      guard let shapes = try Judge.smallShapes(recurrence, sets: [[1]]).first, let output = recurrence.outputs.first
      else { return nil }
      let trajectory = try Trajectory(
        recurrence, shapes: shapes, numbers: RealNumbers(), end: 2, starts: .declared
      ) { 1 }
      return trajectory.value(output, 2).values.first
    }
    guard let a = try output(first), let b = try output(second) else { return nil }
    return (a, b)
  }
}
