/// Where a polynomial lies while each of its variables runs through an interval, all independently.
///
/// Let p be of degree 1 in each variable that has two finite ends. For any values of the other variables its extremes
/// lie at the corners of those ends, so the hull of p over the corners holds all of p; at each corner the rest is
/// interval arithmetic. One variable of degree 2 may be among them: a parabola at each corner. An end belongs to the
/// result unless no face of the box on which p takes it can be reached with open ends left out.
struct BoxRange {
  let box: (NodeID) -> Interval

  /// The most corners that are looked at.
  private static let mostVariables = 9
  /// 3ⁿ faces as sets of 2ⁿ corners in one word.
  private static let mostVariablesForFaces = 6

  /// The range; nil if its form does not lend itself to it.
  func range(of fraction: Fraction) -> Interval? {
    guard let below = fraction.below else { return range(of: fraction.above) }
    return quotient(fraction.above, below)
  }

  func range(of polynomial: Polynomial) -> Interval? {
    var finite: [NodeID] = []
    var squared: NodeID?
    let variables = polynomial.variables
    for variable in variables where box(variable).isBounded && !box(variable).isPoint {
      switch polynomial.degree(in: variable) {
      case 1: finite.append(variable)
      case 2 where squared == nil: squared = variable
      default: return nil
      }
    }
    guard finite.count <= BoxRange.mostVariables else { return nil }
    let form = CornerForm(polynomial, finite: finite, squared: squared, box)
    let sides = finite.map { [Interval(box($0).low), Interval(box($0).high)] }
    var corners: [Interval] = []
    for corner in 0..<(1 << finite.count) {
      let range: Interval?
      if let squared {
        range = parabola(form.squareCoefficients(at: corner, sides), box(squared))
      } else {
        range = form.value(at: corner, sides)
      }
      guard let range else { return nil }
      corners.append(range)
    }
    guard let first = corners.first else { return nil }
    let hull = corners.dropFirst().reduce(first) { $0.hull($1) }
    guard squared == nil, finite.count <= BoxRange.mostVariablesForFaces,
      variables.allSatisfy({ box($0).isBounded })
    else { return hull }
    return Interval(
      hull.low, hull.high,
      isLowOpen: !isReached(corners.map { $0.low == hull.low }, finite),
      isHighOpen: !isReached(corners.map { $0.high == hull.high }, finite))
  }

  /// a·x² + b·x + c: its ends, and c − b²/4a if its bottom or top lies inside.
  private func parabola(_ coefficients: [Interval]?, _ side: Interval) -> Interval? {
    guard let known = coefficients else { return nil }
    func at(_ x: Double) -> Interval {
      let result = known.reversed().reduce(Interval(0)) { $0 * Interval(x) + $1 }
      let isOpen = x == side.low ? side.isLowOpen : side.isHighOpen
      return Interval(result.low, result.high, isLowOpen: isOpen, isHighOpen: isOpen)
    }
    let ends = at(side.low).hull(at(side.high))
    let (c, b, a) = (known[0], known[1], known[2])
    if a == Interval(0) { return ends }
    guard a.low > 0 || a.high < 0 else { return nil }
    let place = -b / (Interval(2) * a)
    guard place.intersection(side) != nil else { return ends }
    return ends.hull(c - b * b / (Interval(4) * a))
  }

  /// Whether some face all of whose corners are extreme has a point that no open end excludes.
  private func isReached(_ isExtreme: [Bool], _ variables: [NodeID]) -> Bool {
    var extreme: UInt64 = 0
    for (corner, isOne) in isExtreme.enumerated() where isOne { extreme |= 1 << UInt64(corner) }
    // The corners of the faces so far, variable by variable: at its low end, its high end, or anywhere between.
    var faces: Set<UInt64> = [isExtreme.count == 64 ? .max : (1 << UInt64(isExtreme.count)) - 1]
    for (position, variable) in variables.enumerated() {
      var lows: UInt64 = 0
      for corner in isExtreme.indices where corner >> position & 1 == 0 { lows |= 1 << UInt64(corner) }
      var next = faces
      if !box(variable).isLowOpen { next.formUnion(faces.map { $0 & lows }) }
      if !box(variable).isHighOpen { next.formUnion(faces.map { $0 & ~lows }) }
      faces = next
    }
    return faces.contains { $0 & ~extreme == 0 }
  }

  /// p / q for q ≥ 0: a number K is above it where p − K·q ≤ 0; the numbers to try are the values at corners.
  private func quotient(_ above: Polynomial, _ below: Polynomial) -> Interval? {
    guard let divisor = range(of: below), divisor.low >= 0, divisor.high > 0 else { return nil }
    let variables = Set(above.variables + below.variables).sorted()
    guard variables.count <= BoxRange.mostVariables, variables.allSatisfy({ box($0).isBounded }) else { return nil }
    var result = Interval.everything
    var ratios: Interval?
    let sides = variables.map { [Interval(box($0).low), Interval(box($0).high)] }
    let (p, q) = (
      CornerForm(above, finite: variables, squared: nil, box), CornerForm(below, finite: variables, squared: nil, box)
    )
    for corner in 0..<(1 << variables.count) {
      let (high, low) = (p.value(at: corner, sides), q.value(at: corner, sides))
      guard low.low > 0 else { continue }
      ratios = ratios?.hull(high / low) ?? high / low
    }
    guard let ratios else { return nil }
    if let rest = Polynomial.product(below, Polynomial(Interval(ratios.high))).flatMap({ range(of: above - $0) }),
      rest.high <= 0
    {
      result = Interval(result.low, ratios.high, isHighOpen: rest.isHighOpen && rest.high == 0 || rest.high < 0)
    }
    if let rest = Polynomial.product(below, Polynomial(Interval(ratios.low))).flatMap({ range(of: above - $0) }),
      rest.low >= 0
    {
      result = Interval(
        ratios.low, result.high, isLowOpen: rest.isLowOpen && rest.low == 0 || rest.low > 0,
        isHighOpen: result.isHighOpen)
    }
    return result
  }
}
