/// Where values lie: between two numbers, ends included.
///
/// Plain interval arithmetic, for finding gates. It proves less than is true (a convex mix comes out too wide), never
/// more.
public struct Interval: Hashable, Sendable {
  public var low: Double
  public var high: Double

  public init(_ low: Double, _ high: Double) {
    self.low = low
    self.high = high
  }

  public static let everything = Interval(-.infinity, .infinity)

  public func isWithin(_ low: Double, _ high: Double) -> Bool { self.low >= low && self.high <= high }

  static func + (a: Interval, b: Interval) -> Interval { guarded(a.low + b.low, a.high + b.high) }
  static func - (a: Interval, b: Interval) -> Interval { guarded(a.low - b.high, a.high - b.low) }

  static func * (a: Interval, b: Interval) -> Interval {
    hull([a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high])
  }

  static func / (a: Interval, b: Interval) -> Interval {
    if b.low <= 0, b.high >= 0 { return everything }
    return hull([a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high])
  }

  /// To a whole power.
  func raised(to exponent: Int) -> Interval {
    guard exponent >= 0, exponent <= 64 else { return .everything }
    var result = Interval(1, 1)
    for _ in 0..<exponent { result = result * self }
    if exponent % 2 == 0 { result.low = max(result.low, 0) }
    return result
  }

  /// NaN, as of ∞ − ∞ and 0 · ∞, says nothing.
  private static func guarded(_ low: Double, _ high: Double) -> Interval {
    Interval(low.isNaN ? -.infinity : low, high.isNaN ? .infinity : high)
  }

  private static func hull(_ ends: [Double]) -> Interval {
    if ends.contains(where: \.isNaN) { return everything }
    return Interval(ends.min() ?? -.infinity, ends.max() ?? .infinity)
  }
}

extension Operator {
  /// The numbers of `range`: `(0, 1)` is from 0 to 1.
  var interval: Interval {
    guard let first = range.first, first == "(" || first == "[",
      let close = range.firstIndex(where: { ")]".contains($0) })
    else { return .everything }
    let ends = range[range.index(after: range.startIndex)..<close].split(separator: ",").map { end -> Double? in
      switch end.trimmed {
      case "∞": .infinity
      case "-∞": -.infinity
      case "π/2": .pi / 2
      case "-π/2": -.pi / 2
      default: Double(end.trimmed)
      }
    }
    guard ends.count == 2, let low = ends[0], let high = ends[1] else { return .everything }
    return Interval(low, high)
  }
}

extension Substring {
  fileprivate var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}

extension Recurrence {
  /// Where each variable lies, whatever the inputs and parameters; earlier values are taken to be anything.
  public func intervals() -> [SymbolID: Interval] {
    guard let schedule = try? Schedule(self) else { return [:] }
    var ofSymbol: [SymbolID: Interval] = [:]
    for (symbol, value) in constants { ofSymbol[symbol] = Interval(value.value, value.value) }
    var ofNode: [NodeID: Interval] = [:]
    for index in schedule.phases.flatMap(\.equations) {
      for id in store.closure(of: [equations[index].body]) where ofNode[id] == nil {
        ofNode[id] = interval(of: store[id], ofNode, ofSymbol)
      }
      for target in equations[index].targets {
        ofSymbol[target] = equations[index].targets.count == 1 ? ofNode[equations[index].body] : .everything
      }
    }
    return ofSymbol
  }

  private func interval(
    of node: Node, _ ofNode: [NodeID: Interval], _ ofSymbol: [SymbolID: Interval]
  ) -> Interval {
    func of(_ id: NodeID) -> Interval { ofNode[id] ?? .everything }
    switch node {
    case .number(let number): return Interval(number.value, number.value)
    case .constant(let constant): return Interval(constant.value, constant.value)
    case .time: return Interval(1, .infinity)
    case .read(let symbol, let shift): return shift == 0 ? ofSymbol[symbol] ?? .everything : .everything
    case .identity: return Interval(0, 1)
    case .sum(let terms):
      return terms.reduce(Interval(0, 0)) { $1.isNegative ? $0 - of($1.node) : $0 + of($1.node) }
    case .product(let factors): return factors.reduce(Interval(1, 1)) { $0 * of($1) }
    case .quotient(let a, let b): return of(a) / of(b)
    case .power(let a, let b):
      if case .number(let exponent) = store[b], let whole = exponent.whole { return of(a).raised(to: whole) }
      return of(a).isWithin(0, 1) && of(b).low >= 0 ? Interval(0, 1) : .everything
    case .transpose(let a): return of(a)
    case .concatenate(let parts):
      let all = parts.map(of)
      return Interval(all.map(\.low).min() ?? -.infinity, all.map(\.high).max() ?? .infinity)
    case .apply(let operation, let arguments):
      let row = OperatorTable[operation]
      if row.arity == 2 {
        let all = arguments.map(of)
        let isMax = row.name == "max"
        let lows = all.map(\.low)
        let highs = all.map(\.high)
        return Interval(
          (isMax ? lows.max() : lows.min()) ?? -.infinity, (isMax ? highs.max() : highs.min()) ?? .infinity)
      }
      return row.interval
    case .matrixProduct, .total, .seed, .atom, .block, .rows, .zeros, .derivative, .named: return .everything
    }
  }
}
