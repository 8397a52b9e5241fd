import Typography

/// Whether two cells are the same up to names, order, merged biases and complemented gates.
///
/// A way to read one as the other is looked for by matching their equations as polynomials; then it is proved by
/// running both in the prime field, the parameters of the one computed from those of the other. Where none is found a
/// proof is looked for that there is none (`DifferenceProof`): to find nothing proves nothing.
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
  let isInterrupted: () -> Bool
  /// Variables that correspond, each as it reads in the second cell: `z` and `1 - z`.
  public private(set) var variables: [(first: String, second: String)] = []
  /// What parameters are in the other cell's.
  public private(set) var parameters: [(first: String, second: String)] = []
  public private(set) var difference: Difference?
  /// Outputs that are not the same, with parameters and inputs that are.
  public private(set) var outputs: OutputDifference?
  /// Why no parameters at all make the two the same, if that is proved.
  public private(set) var proof: DifferenceProof?
  /// In how many ways states of the one were read as states of the other.
  public private(set) var pairings = 0

  public var isSame: Bool { if case .same = outcome { true } else { false } }

  /// - Parameter seeksProof: of what is not seen to be the same, that it cannot be.
  /// - Throws: `Interruption`.
  public init(
    _ first: Recurrence, _ second: Recurrence, seeksProof: Bool = true,
    isInterrupted: @escaping () -> Bool = { false }
  ) throws {
    self.isInterrupted = isInterrupted
    self.first = first.withoutWidths
    self.second = second.withoutWidths
    outcome = .different
    if let difference = InterfaceDifference.find(first, second) {
      proof = .interface(difference)
      return
    }
    do {
      try compare()
    } catch let found as CellPolynomials.Unsupported { outcome = .unknown(found.reason) }
    switch outcome {
    case .same, .secondIsSpecial, .firstIsSpecial: return
    case .different, .unknown: break
    }
    if try isSameAsWritten() || !seeksProof { return }
    outputs = try OutputDifference.find(self.first, self.second, isInterrupted: isInterrupted)
    proof = try DifferenceProof.find(self.first, self.second, outputs, isInterrupted: isInterrupted)
    if proof != nil { outcome = .different }
  }

  // MARK: Search

  private mutating func compare() throws {
    let own = try CellPolynomials(first)
    let other = try CellPolynomials(second)
    guard own.states.count == other.states.count else { return }
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

  // MARK: Words

  mutating func describe(
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
    describe(relations)
  }

  /// `W_z[h] = -U_z`; of what is called the same in both nothing is said.
  mutating func describe(_ relations: [CellMatcher.Relation]) {
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
      let size = abs(factor) == 1 ? "" : "\(NumberText.significant(abs(factor))) * "
      let sign = factor < 0 ? (position == 0 ? "-" : " - ") : (position == 0 ? "" : " + ")
      text += sign + size + item.1
    }
    return text.isEmpty ? "0" : text
  }
}
