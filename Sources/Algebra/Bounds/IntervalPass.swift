/// One look at all equations: where each node lies if earlier values lie where they are supposed to.
///
/// Every node has the narrower of two answers: interval arithmetic by the rule of its operation, and the range of its
/// polynomial over the box of its variables.
final class IntervalPass {
  private let recurrence: Recurrence
  private var forms: Forms
  /// Where a symbol lies at other times than now.
  private let elsewhere: (SymbolID) -> Interval
  private let assumptions: [SymbolID: Interval]
  private(set) var ofNode: [NodeID: Interval] = [:]
  private(set) var ofSymbol: [SymbolID: Interval] = [:]
  /// A variable none of whose values can be what was assumed, and where it lies.
  private(set) var contradiction: (symbol: SymbolID, proved: Interval)?
  /// Where a variable with an assumption lies without it.
  private(set) var withoutAssumption: [SymbolID: Interval] = [:]

  init(
    _ recurrence: Recurrence, order: [Int], forms: Forms, assumptions: [SymbolID: Interval],
    isInterrupted: () -> Bool = { false }, elsewhere: @escaping (SymbolID) -> Interval
  ) throws {
    self.recurrence = recurrence
    self.forms = forms
    self.elsewhere = elsewhere
    self.assumptions = assumptions
    for (symbol, value) in recurrence.constants { ofSymbol[symbol] = Interval(value.value) }
    for symbol in recurrence.inputs + recurrence.parameters { ofSymbol[symbol] = assumptions[symbol] ?? .everything }
    for index in order {
      if isInterrupted() { throw Bounds.Failure.interrupted }
      let equation = recurrence.equations[index]
      let range = evaluate(equation.body)
      for target in equation.targets {
        ofSymbol[target] = range
        guard let assumed = assumptions[target] else { continue }
        withoutAssumption[target] = range
        if let both = range.intersection(assumed) {
          ofSymbol[target] = both
        } else {
          contradiction = contradiction ?? (target, range)
        }
      }
    }
  }

  /// For expressions beside the equations: variables lie where they were proved to, earlier ones also where they start.
  init(_ recurrence: Recurrence, forms: Forms, variables: Bounds) {
    self.recurrence = recurrence
    self.forms = forms
    assumptions = variables.assumptions
    elsewhere = { symbol in
      let range = variables.interval(of: symbol)
      if recurrence.inputs.contains(symbol) { return range.hull(Interval(0)) }
      return variables.starts[symbol].map { range.hull($0) } ?? range
    }
    for (symbol, value) in recurrence.constants { ofSymbol[symbol] = Interval(value.value) }
    for symbol in recurrence.inputs + recurrence.parameters + recurrence.equations.flatMap(\.targets) {
      ofSymbol[symbol] = variables.interval(of: symbol)
    }
  }

  /// Takes up an expression that was not there at first.
  func learn(_ root: NodeID) { forms.learn(root) }

  /// Where an expression lies.
  func evaluate(_ root: NodeID) -> Interval {
    for id in recurrence.store.closure(of: [root]) where ofNode[id] == nil {
      var range = natural(recurrence.store[id])
      if isPolynomial(id) {
        let box = BoxRange { self.ofNode[$0] ?? .everything }
        for form in forms.forms(of: id) {
          if let other = box.range(of: form), let both = range.intersection(other) { range = both }
          if let other = beyondExtremes(form, box), let both = range.intersection(other) { range = both }
        }
      }
      ofNode[id] = range
    }
    return ofNode[root] ?? .everything
  }

  /// max(a, b) is neither below a nor below b, so `a - max(a, b)` is at most 0: each argument put for a max or min
  /// that stands alone in a term bounds one end.
  private func beyondExtremes(_ form: Fraction, _ box: BoxRange) -> Interval? {
    guard form.below == nil else { return nil }
    var result: Interval?
    for (monomial, coefficient) in form.above.terms where monomial.factors.count == 1 {
      guard let factor = monomial.factors.first, factor.exponent == 1, coefficient.isPoint,
        let (isLargest, arguments) = extreme(factor.variable), form.above.coefficients(of: factor.variable).count == 2,
        form.above.coefficients(of: factor.variable)[1].number != nil
      else { continue }
      let rest = form.above.coefficients(of: factor.variable)[0]
      for inner in arguments.flatMap({ forms.forms(of: $0) }) where inner.below == nil {
        guard let scaled = Polynomial.product(inner.above, Polynomial(coefficient)),
          let range = box.range(of: rest + scaled)
        else { continue }
        let isAbove = isLargest == (coefficient.low < 0)
        let half =
          isAbove
          ? Interval(-.infinity, range.high, isHighOpen: range.isHighOpen)
          : Interval(range.low, .infinity, isLowOpen: range.isLowOpen)
        result = result.map { $0.intersection(half) ?? $0 } ?? half
      }
    }
    return result
  }

  /// The arguments of a max or min of two, also of one that has a name.
  private func extreme(_ variable: NodeID) -> (isLargest: Bool, arguments: [NodeID])? {
    var id = variable
    if case .read(let symbol, 0) = recurrence.store[id], let equation = recurrence.equation(of: symbol),
      equation.targets.count == 1
    {
      id = equation.body
    }
    guard case .apply(let operation, let arguments) = recurrence.store[id], arguments.count == 2,
      case .ofArguments(let isLargest) = OperatorTable[operation].bounds
    else { return nil }
    return (isLargest, arguments)
  }

  private func isPolynomial(_ id: NodeID) -> Bool {
    switch recurrence.store[id] {
    case .sum, .product, .power, .quotient: true
    default: false
    }
  }

  // MARK: By the rule of the operation

  private func natural(_ node: Node) -> Interval {
    func of(_ id: NodeID) -> Interval { ofNode[id] ?? .everything }
    switch node {
    case .number(let number): return Interval(number.value)
    case .constant(let constant): return Interval(constant.value)
    case .time: return Interval(1, .infinity)
    case .read(let symbol, let shift): return shift == 0 ? ofSymbol[symbol] ?? .everything : elsewhere(symbol)
    case .identity: return Interval(0, 1)
    case .sum(let terms):
      return terms.reduce(Interval(0)) { $1.isNegative ? $0 - of($1.node) : $0 + of($1.node) }
    case .product(let factors): return product(factors)
    case .quotient(let a, let b): return of(a) / of(b)
    case .power(let a, let b): return power(of(a), b)
    case .matrixProduct(let a, let b): return matrixProduct(a, b)
    case .transpose(let a), .rows(let a, _, _): return of(a)
    case .block(let matrix, _, _): return of(matrix)
    case .concatenate(let parts):
      return parts.dropFirst().reduce(parts.first.map(of) ?? .everything) { $0.hull(of($1)) }
    case .apply(let operation, let arguments): return apply(OperatorTable[operation], arguments)
    case .zeros: return Interval(0)
    case .seed: return Interval(1)
    case .named(let a, _, _): return of(a)
    case .total, .atom, .derivative, .reduced: return .everything
    }
  }

  /// Factors that have no variable in common with others are multiplied as intervals; `f * (1 - f)` is one of them.
  private func product(_ factors: [NodeID]) -> Interval {
    var groups: [(variables: Set<NodeID>, factors: [NodeID])] = []
    for factor in factors {
      var variables = Set(forms.forms(of: factor).first.map { $0.above.variables + ($0.below?.variables ?? []) } ?? [])
      var members = [factor]
      for group in groups where !group.variables.isDisjoint(with: variables) {
        variables.formUnion(group.variables)
        members = group.factors + members
      }
      groups.removeAll { !$0.variables.isDisjoint(with: variables) }
      groups.append((variables, members))
    }
    return groups.reduce(Interval(1)) { $0 * group($1.factors) }
  }

  private func group(_ factors: [NodeID]) -> Interval {
    let plain = factors.reduce(Interval(1)) { $0 * (ofNode[$1] ?? .everything) }
    guard factors.count > 1 else { return plain }
    let whole = factors.reduce(Optional(Fraction(Polynomial(Interval(1))))) { product, factor in
      guard let product, let form = forms.forms(of: factor).first else { return nil }
      return Fraction.product(product, form)
    }
    guard let whole, let range = BoxRange(box: { self.ofNode[$0] ?? .everything }).range(of: whole) else {
      return plain
    }
    return plain.intersection(range) ?? plain
  }

  private func power(_ base: Interval, _ exponent: NodeID) -> Interval {
    let range = ofNode[exponent] ?? .everything
    if case .number(let number) = recurrence.store[exponent], let whole = number.whole { return base.raised(to: whole) }
    guard base.low >= 0 else { return .everything }
    if base.isWithin(0, 1), range.low >= 0 { return Interval(0, 1) }
    return Interval(0, .infinity)
  }

  /// `A · b` sums over the width of b; of a concatenation part by part.
  private func matrixProduct(_ a: NodeID, _ b: NodeID) -> Interval {
    let (left, right) = (ofNode[a] ?? .everything, ofNode[b] ?? .everything)
    if rank(a) == 0 || rank(b) == 0 { return left * right }
    if case .concatenate(let parts) = recurrence.store[b] {
      return parts.reduce(Interval(0)) { sum, part in
        sum + Self.times(rank(part) == 0 ? 1 : inner(part), left * (ofNode[part] ?? .everything))
      }
    }
    return Self.times(inner(b), left * right)
  }

  private func rank(_ id: NodeID) -> Int { recurrence.shapes.nodes[id]?.rank ?? 1 }

  private func inner(_ id: NodeID) -> Int? { recurrence.shapes.nodes[id]?.dimensions.first?.number }

  /// A sum of so many; if their number is open, only 0 and signs are known.
  private static func times(_ count: Int?, _ range: Interval) -> Interval {
    if let count { return Interval(Double(count)) * range }
    if range.isPoint, range.low == 0 { return range }
    return Interval(
      range.low >= 0 ? 0 : -.infinity, range.high <= 0 ? 0 : .infinity, isLowOpen: range.low > 0 || range.isLowOpen,
      isHighOpen: range.high < 0 || range.isHighOpen)
  }

  private func apply(_ row: Operator, _ arguments: [NodeID]) -> Interval {
    let ranges = arguments.map { ofNode[$0] ?? .everything }
    guard let first = ranges.first, let argument = arguments.first else { return row.bounds.image }
    switch (row.bounds, row.meaning) {
    case (.ofArguments(let isLargest), _):
      return ranges.dropFirst().reduce(first) { isLargest ? $0.larger($1) : -((-$0).larger(-$1)) }
    case (.mean, _): return first
    case (.sum, _): return Self.times(count(argument), first)
    case (.normalised, _):
      guard let count = count(argument), count > 0 else { return .everything }
      let furthest = Double(count - 1).squareRoot().nextUp
      return count == 1 ? Interval(0) : Interval(-furthest, furthest)
    case (_, .unary(let function)): return row.bounds.image(of: first, function)
    default: return row.bounds.image
    }
  }

  private func count(_ id: NodeID) -> Int? {
    recurrence.shapes.nodes[id]?.dimensions.reduce(1) { count, dimension in
      guard let count, let number = dimension.number else { return nil }
      let (product, overflows) = count.multipliedReportingOverflow(by: number)
      return overflows ? nil : product
    }
  }
}

extension Interval {
  /// Of the larger of two values.
  fileprivate func larger(_ other: Interval) -> Interval {
    let isFirst = low > other.low || low == other.low && isLowOpen
    let isLast = high > other.high || high == other.high && !isHighOpen
    let (below, above) = (isFirst ? self : other, isLast ? self : other)
    return Interval(below.low, above.high, isLowOpen: below.isLowOpen, isHighOpen: above.isHighOpen)
  }
}
