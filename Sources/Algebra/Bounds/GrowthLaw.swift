/// How a state may grow, from any start: |v[t]| ≤ a·(the largest of earlier ones) + b at every corner (a, b) of the
/// box in which everything else lies.
///
/// - all a ≤ 1, and b = 0 where a = 1: |v[t]| never leaves max(|v[0]|, K), K the largest b / (1 − a): a mix, or a decay.
/// - all a ≤ 1: |v[t]| ≤ |v[0]| + b·t.
/// - else |v[t]| ≤ aᵗ·(|v[0]| + b / (a − 1)).
public struct GrowthLaw: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    case ceiling(Double)
    case linear(step: Double)
    case geometric(factor: Double, step: Double)
  }

  /// The states whose largest it speaks of: one, or several that read each other.
  public var members: [SymbolID]
  public var kind: Kind
  /// |v[t]| ≤ factor·|v[t-1]| + step, of all corners together.
  public var factor: Double
  public var step: Double

  /// What |v[t]| cannot exceed if no start exceeds `start`.
  public func limit(at time: Int, start: Double) -> Double {
    switch kind {
    case .ceiling(let ceiling): max(start, ceiling)
    case .linear(let step): start + step * Double(time)
    case .geometric(let factor, let step): Power.of(factor, Double(time)) * (start + step / (factor - 1))
    }
  }

  /// From the corners; nil if nothing of the states is in them.
  init?(corners: [GrowthAnalysis.Corner], members: [SymbolID]) {
    guard let factor = corners.map(\.factor).max(), let step = corners.map(\.step).max(), factor > 0,
      factor.isFinite, step.isFinite
    else { return nil }
    self.members = members
    self.factor = factor
    self.step = step
    if factor > 1 {
      kind = .geometric(factor: factor, step: step)
    } else if corners.contains(where: { $0.factor == 1 && $0.step > 0 }) {
      kind = .linear(step: step)
    } else {
      let ceilings = corners.filter { $0.factor < 1 }.map { corner in
        DirectedRounding.quotient(corner.step, DirectedRounding.sum(1, -corner.factor, up: false), up: true)
      }
      kind = .ceiling(ceilings.max() ?? 0)
    }
  }

  /// Whether one set of corners says more than another: a ceiling more than a line, a line more than a power.
  static func isTighter(_ a: [GrowthAnalysis.Corner], _ b: [GrowthAnalysis.Corner]) -> Bool {
    func rank(_ corners: [GrowthAnalysis.Corner]) -> (Int, Double) {
      guard let law = GrowthLaw(corners: corners, members: []) else { return (0, 0) }
      switch law.kind {
      case .ceiling(let ceiling): return (1, ceiling)
      case .linear(let step): return (2, step)
      case .geometric(let factor, _): return (3, factor)
      }
    }
    return rank(a) < rank(b)
  }
}

/// Finds the law of a state from its body, with the earlier values of some states left as they are.
struct GrowthAnalysis {
  typealias Corner = (factor: Double, step: Double)

  struct Found {
    var corners: [Corner]
    /// The states that are in the body.
    var reads: [SymbolID]
  }

  let recurrence: Recurrence
  /// The states whose earlier values are left as they are.
  let members: Set<SymbolID>
  let box: (NodeID) -> Interval

  private static let mostVariables = 10

  /// The corners of one body; nil if it is not linear in the states, or has no finite corners.
  func corners(of form: Fraction) -> Found? {
    let reads = form.above.variables.filter { member($0) != nil }
    for monomial in form.above.terms.keys {
      guard monomial.factors.reduce(0, { $0 + (reads.contains($1.variable) ? $1.exponent : 0) }) <= 1 else {
        return nil
      }
    }
    guard form.below?.variables.allSatisfy({ member($0) == nil }) ?? true else { return nil }
    let others = Set(form.above.variables + (form.below?.variables ?? [])).subtracting(reads).sorted()
    let finite = others.filter { box($0).isBounded && !box($0).isPoint }
    guard finite.count <= GrowthAnalysis.mostVariables,
      finite.allSatisfy({ form.above.degree(in: $0) <= 1 && (form.below?.degree(in: $0) ?? 0) <= 1 })
    else { return nil }
    var result: [Corner] = []
    for corner in 0..<(1 << finite.count) {
      let value = { (variable: NodeID) -> Interval? in
        if reads.contains(variable) { return nil }
        let side = box(variable)
        if side.isPoint { return side }
        return finite.firstIndex(of: variable).map { Interval(corner >> $0 & 1 == 0 ? side.low : side.high) }
      }
      guard let found = self.corner(form.above.substituting(value), form.below?.substituting(value), reads) else {
        return nil
      }
      if let pair = found.pair { result.append(pair) }
    }
    var symbols: [SymbolID] = []
    for symbol in reads.compactMap(member) where !symbols.contains(symbol) { symbols.append(symbol) }
    return Found(corners: result, reads: symbols)
  }

  /// The state of which a variable is an earlier value.
  private func member(_ variable: NodeID) -> SymbolID? {
    guard case .read(let symbol, let shift) = recurrence.store[variable], shift != 0, members.contains(symbol) else {
      return nil
    }
    return symbol
  }

  /// Σ α·v + β: (Σ|α|, |β|), both over the divisor; no pair where the divisor and everything above it is 0.
  private func corner(
    _ above: Polynomial, _ below: Polynomial?, _ reads: [NodeID]
  ) -> (pair: Corner?, isFound: Bool)? {
    var factors: [NodeID: Interval] = [:]
    var rest = Interval(0)
    for (monomial, coefficient) in above.terms {
      let read = monomial.factors.map(\.variable).first { reads.contains($0) }
      let others = monomial.factors.filter { $0.variable != read }
      let size = others.reduce(coefficient) { $0 * box($1.variable).raised(to: $1.exponent) }
      if let read { factors[read] = (factors[read] ?? Interval(0)) + size } else { rest = rest + size }
    }
    var factor = factors.values.reduce(0.0) { DirectedRounding.sum($0, $1.magnitude, up: true) }
    var step = rest.magnitude
    guard factor.isFinite, step.isFinite else { return nil }
    if let below {
      guard let divisor = below.number, divisor.low >= 0 else { return nil }
      if divisor.low == 0 { return factor == 0 && step == 0 ? (nil, true) : nil }
      factor = DirectedRounding.quotient(factor, divisor.low, up: true)
      step = DirectedRounding.quotient(step, divisor.low, up: true)
    }
    return ((factor, step), true)
  }
}
