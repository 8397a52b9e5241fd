/// Expressions that differ in nothing but their time.
extension Store {
  /// How many steps later one expression is than another that is else the same; nil if they differ.
  public func steps(from first: NodeID, to second: NodeID) -> Int? {
    if first == second { return 0 }
    guard variation(first) == .withTime, variation(second) == .withTime else { return nil }
    let (a, b) = (times(first), times(second))
    var candidates = b.numbers
    if let from = a.latest, let to = b.latest { candidates = [to - from] }
    return candidates.first { shifted(first, by: $0) == second }
  }

  /// The latest time that is read, and the numbers added to `t`.
  private func times(_ root: NodeID) -> (latest: Int?, numbers: [Int]) {
    var latest: Int?
    var numbers: [Int] = []
    for id in closure(of: [root]) {
      switch self[id] {
      case .read(let symbol, let shift) where self[symbol].kind == .variable || self[symbol].kind == .input:
        latest = max(latest ?? shift, shift)
      case .sum(let terms):
        guard terms.count == 2, case .time = self[terms[0].node], case .number(let number) = self[terms[1].node],
          let whole = number.whole
        else { continue }
        numbers.append(terms[1].isNegative ? 0 &- whole : whole)
      default: continue
      }
    }
    return (latest, numbers)
  }
}
