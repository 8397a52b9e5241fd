/// Finds the mistakes that make a right expression the one that was given.
///
/// The right expression is given in several forms (a derivation at its levels); each mistake that people make is made at
/// each of its places, and the one whose value is the answer's is the mistake. A value is a random linear function of
/// its entries, at two points of the field: so mistakes in different terms add up, and two of them are found as a sum of
/// two differences, at the cost of one. Width 1 is never looked at: a transpose cannot be seen there.
public final class Diagnosis {
  /// The random linear function of the values at two points.
  private struct Fingerprint: Hashable {
    var first: UInt64
    var second: UInt64
  }

  private let recurrence: Recurrence
  private let judge: Judge
  private let forms: [NodeID]
  private let right: NodeID
  private static let points = [0, 3]
  private let maker: MutationMaker
  private var mutants: [Mutant] = []
  private var differences: [Fingerprint?] = []
  private var base = Fingerprint(first: 0, second: 0)
  private var weights: [UInt64] = []
  private var stream = RandomStream(seed: 3)

  /// - Parameters:
  ///   - right: an expression with the right value.
  ///   - forms: of the same value, coarse ones first.
  public init(
    _ recurrence: Recurrence, right: NodeID, forms: [NodeID], isInterrupted: @escaping () -> Bool
  ) throws {
    // Mistakes are made in a store of their own, which goes with them.
    var copy = recurrence.withSmallWidths
    copy.store = Store(copying: recurrence.store)
    self.recurrence = copy
    self.right = right
    self.forms = forms
    maker = MutationMaker(copy)
    judge = try Judge(copy, isInterrupted: isInterrupted)
  }

  /// The store in which mutations are written: it holds all nodes of the recurrence's.
  public var store: Store { recurrence.store }

  /// One mistake that makes the answer: all the ways to see it.
  public func single(in answer: NodeID) throws -> [Mutation] {
    try prepare(answer)
    let gap = try fingerprint(answer).map { minus($0, base) }
    var result: [Mutation] = []
    for (mutant, difference) in zip(mutants, differences) where difference != nil && difference == gap {
      if result.count < 24, try judge.isEqualInField(mutant.node, answer) { result += mutant.mutations }
    }
    return result
  }

  /// Two mistakes that make the answer together; nil if none do.
  public func pair(in answer: NodeID) throws -> [Mutation]? {
    try prepare(answer)
    guard let wanted = try fingerprint(answer) else { return nil }
    if let pair = sum(of: minus(wanted, base)) { return pair.flatMap { mutants[$0].mutations } }
    var seen = Set(mutants.map(\.node))
    for form in forms {
      for mutant in maker.paired(form) where seen.insert(mutant.node).inserted {
        guard let found = try fingerprint(mutant.node), found == wanted else { continue }
        if try judge.isEqualInField(mutant.node, answer) { return mutant.mutations }
      }
    }
    return nil
  }

  /// Makes every mistake once.
  private func prepare(_ answer: NodeID) throws {
    guard mutants.isEmpty else { return }
    var seen: Set<NodeID> = [right]
    for form in forms {
      for mutant in maker.single(form) where seen.insert(mutant.node).inserted {
        if try speaksOfNothing(mutant) { continue }
        mutants.append(mutant)
      }
    }
    mutants.sort { $0.mutations[0].kind < $1.mutations[0].kind }
    // The times that mistakes speak of are one step further on either side.
    judge.cover([right, answer] + mutants.map(\.node))
    base = try fingerprint(right) ?? Fingerprint(first: 0, second: 0)
    differences = try mutants.map { try fingerprint($0.node).map { minus($0, base) } }
  }

  /// A derivative that is 0, or of a variable by itself, is no mistake that anybody makes.
  private func speaksOfNothing(_ mutant: Mutant) throws -> Bool {
    guard let standing = mutant.mutations.first?.standing, case .atom(let atom) = store[standing] else { return false }
    if atom.symbol == atom.cut.symbol, atom.shift == atom.cut.shift { return true }
    do { return try judge.equations.equation(of: atom) == nil } catch is DerivativeFailure { return true }
  }

  /// Whether two expressions have the same value, at a point.
  public func areAlike(_ a: NodeID, _ b: NodeID) throws -> Bool {
    judge.cover([a, b])
    let point = try judge.field(0)
    let (left, right) = (
      try point.value(a), try point.value(b)
    )
    if left.columns == 1, right.columns == left.rows, left.rows > 1 { return PrimeField.isDiagonal(right, of: left) }
    if right.columns == 1, left.columns == right.rows, right.rows > 1 { return PrimeField.isDiagonal(left, of: right) }
    return left.rows == right.rows && left.columns == right.columns && PrimeField.areEqual(left, right)
  }

  /// Two differences that add up to the gap.
  private func sum(of gap: Fingerprint) -> [Int]? {
    var position: [Fingerprint: Int] = [:]
    for (index, difference) in differences.enumerated() {
      guard let difference, difference != Fingerprint(first: 0, second: 0) else { continue }
      if let other = position[minus(gap, difference)] { return [other, index] }
      if position[difference] == nil { position[difference] = index }
    }
    return nil
  }

  private func minus(_ a: Fingerprint, _ b: Fingerprint) -> Fingerprint {
    let field = PrimeField(key: 0)
    return Fingerprint(
      first: field.difference(a.first, b.first), second: field.difference(a.second, b.second))
  }

  private func fingerprint(_ node: NodeID) throws -> Fingerprint? {
    do {
      guard let first = try linear(node, at: Diagnosis.points[0]),
        let second = try linear(node, at: Diagnosis.points[1])
      else { return nil }
      return Fingerprint(first: first, second: second)
    } catch is DerivativeFailure {
      // A mistake may ask for a derivative that there is none of.
      return nil
    }
  }

  /// nil for a value of another shape than the right one's.
  private func linear(_ node: NodeID, at index: Int) throws -> UInt64? {
    let field = PrimeField(key: 0)
    let point = try judge.field(index)
    let whole = try point.value(right)
    var value = try point.value(node)
    if value.isNumber, !whole.isNumber { value = whole.combined(value) { $1 } }
    guard value.rows == whole.rows, value.columns == whole.columns else { return nil }
    while weights.count < value.values.count { weights.append(stream.below(PrimeField.order)) }
    var total: UInt64 = 0
    for (entry, weight) in zip(value.values, weights) { total = field.sum(total, field.product(entry, weight)) }
    return total == PrimeField.undefined ? nil : total
  }
}

extension PrimeField {
  /// Whether a matrix is a vector's diagonal matrix.
  static func isDiagonal(_ matrix: Grid<UInt64>, of vector: Grid<UInt64>) -> Bool {
    for row in 0..<matrix.rows {
      for column in 0..<matrix.columns where matrix[row, column] != (row == column ? vector[row, 0] : 0) {
        return false
      }
    }
    return true
  }
}
