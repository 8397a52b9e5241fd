/// A polynomial laid out for its values at many corners: for each product of unbounded variables the terms that
/// multiply it, with the variables at corners as positions.
struct CornerForm {
  private struct Term {
    var coefficient: Interval
    /// Positions of variables, once for each power.
    var positions: [Int]
    /// The power of the variable of degree 2.
    var square: Int
  }

  private struct Group {
    /// Where the unbounded variables' product lies.
    var range: Interval
    var terms: [Term]
  }

  private var groups: [Group] = []

  init(_ polynomial: Polynomial, finite: [NodeID], squared: NodeID?, _ box: (NodeID) -> Interval) {
    var places: [[Polynomial.Factor]: Int] = [:]
    let ordered = polynomial.terms.sorted { a, b in
      a.key.factors.lexicographicallyPrecedes(b.key.factors) { ($0.variable, $0.exponent) < ($1.variable, $1.exponent) }
    }
    for (monomial, coefficient) in ordered {
      var term = Term(coefficient: coefficient, positions: [], square: 0)
      var open: [Polynomial.Factor] = []
      for factor in monomial.factors {
        if factor.variable == squared {
          term.square = factor.exponent
        } else if let position = finite.firstIndex(of: factor.variable) {
          for _ in 0..<factor.exponent { term.positions.append(position) }
        } else if box(factor.variable).isPoint {
          term.coefficient = term.coefficient * box(factor.variable).raised(to: factor.exponent)
        } else {
          open.append(factor)
        }
      }
      if let place = places[open] {
        groups[place].terms.append(term)
      } else {
        places[open] = groups.count
        let range = open.reduce(Interval(1)) { $0 * box($1.variable).raised(to: $1.exponent) }
        groups.append(Group(range: range, terms: [term]))
      }
    }
  }

  func value(at corner: Int, _ sides: [[Interval]]) -> Interval {
    groups.reduce(Interval(0)) { sum, group in
      sum + group.terms.reduce(Interval(0)) { $0 + term($1, corner, sides) } * group.range
    }
  }

  private func term(_ term: Term, _ corner: Int, _ sides: [[Interval]]) -> Interval {
    term.positions.reduce(term.coefficient) { $0 * sides[$1][corner >> $1 & 1] }
  }

  /// c, b and a of a·x² + b·x + c; nil if unbounded variables are in it.
  func squareCoefficients(at corner: Int, _ sides: [[Interval]]) -> [Interval]? {
    var result = [Interval(0), Interval(0), Interval(0)]
    for group in groups {
      guard group.range == Interval(1) else { return nil }
      for item in group.terms where item.square <= 2 {
        result[item.square] = result[item.square] + term(item, corner, sides)
      }
    }
    return result
  }
}
