/// A tangent: a sum of terms, each a core that is scaled from the left and from the right.
///
/// A Jacobian is a tangent with columns whose seed is I, so the derivative of `f * c` is `∂f * c + f * ∂c` verbatim,
/// and there is no diag: `v * M` scales rows. Factors keep the side on which they stood.
struct Linear: Hashable, Sendable {
  var terms: [LinearTerm]

  static let zero = Linear(terms: [])
  var isZero: Bool { terms.isEmpty }

  init(terms: [LinearTerm]) { self.terms = terms }
  init(_ core: Core) { terms = [LinearTerm(core: core)] }

  /// No atom is left in it.
  var isResolved: Bool { terms.allSatisfy { $0.core.isResolved } }
}

struct LinearTerm: Hashable, Sendable {
  var isNegative = false
  /// Elementwise factors left of the core, in order.
  var before: [NodeID] = []
  var core: Core
  /// Elementwise factors right of it.
  var after: [NodeID] = []
  /// What the term is divided by.
  var divisors: [NodeID] = []
}

indirect enum Core: Hashable, Sendable {
  /// I, or dW.
  case seed(SymbolID)
  case atom(Atom)
  /// The tangent of an expression to which no rule has been applied yet.
  case operand(NodeID)
  /// `A · d`, `dA · b` if the second is set.
  case left(NodeID, Linear)
  case right(Linear, NodeID)
  /// A sum that keeps its parentheses.
  case group(Linear)
  /// A linear function of a whole vector, column by column: sum or mean.
  case reduced(Operator.ID, Linear)
  case transposed(Linear)
  /// Parts one below the other; nil for zeros, as tall as the node.
  case stacked([StackedPart])
  case rows(Linear, target: SymbolID, targets: [SymbolID])

  /// Nothing is left inside.
  var isZero: Bool {
    switch self {
    case .seed, .atom, .operand: false
    case .left(_, let inner), .right(let inner, _), .group(let inner), .reduced(_, let inner), .transposed(let inner),
      .rows(let inner, _, _):
      inner.isZero
    case .stacked(let parts): parts.allSatisfy { $0.tangent?.isZero ?? true }
    }
  }

  var isResolved: Bool {
    switch self {
    case .seed: true
    case .atom, .operand: false
    case .left(_, let inner), .right(let inner, _), .group(let inner), .reduced(_, let inner), .transposed(let inner),
      .rows(let inner, _, _):
      inner.isResolved
    case .stacked(let parts): parts.allSatisfy { $0.tangent?.isResolved ?? true }
    }
  }
}

struct StackedPart: Hashable, Sendable {
  var node: NodeID
  var tangent: Linear?
}

extension Linear {
  static func + (left: Linear, right: Linear) -> Linear { Linear(terms: left.terms + right.terms) }

  var negated: Linear {
    Linear(
      terms: terms.map { term in
        var result = term
        result.isNegative.toggle()
        return result
      })
  }

  /// One term: itself if there is one, else a group; a sign that all have stands before it.
  private var asTerm: LinearTerm {
    if terms.count == 1 { return terms[0] }
    let isNegative = terms.allSatisfy(\.isNegative)
    return LinearTerm(isNegative: isNegative, core: .group(isNegative ? negated : self))
  }

  /// `factors * d` and `d * factors`.
  func scaled(before: [NodeID] = [], after: [NodeID] = []) -> Linear {
    guard !isZero, !(before.isEmpty && after.isEmpty) else { return self }
    var term = asTerm
    term.before = before + term.before
    term.after += after
    return Linear(terms: [term])
  }

  func divided(by node: NodeID) -> Linear {
    guard !isZero else { return self }
    var term = asTerm
    term.divisors.append(node)
    return Linear(terms: [term])
  }

  /// Atoms in the order in which they stand.
  var atoms: [Atom] {
    var result: [Atom] = []
    visit { if !result.contains($0) { result.append($0) } }
    return result
  }

  func visit(_ body: (Atom) -> Void) {
    for term in terms {
      switch term.core {
      case .seed, .operand: break
      case .atom(let atom): body(atom)
      case .left(_, let inner), .right(let inner, _), .group(let inner), .reduced(_, let inner),
        .transposed(let inner), .rows(let inner, _, _):
        inner.visit(body)
      case .stacked(let parts): for part in parts { part.tangent?.visit(body) }
      }
    }
  }

  func count(of atom: Atom) -> Int {
    var count = 0
    visit { if $0 == atom { count += 1 } }
    return count
  }

  func contains(_ atom: Atom) -> Bool { count(of: atom) > 0 }

  /// With atoms replaced, and what then fits together collected.
  ///
  /// When a factor's neighbour opens, the factor goes to the left: `∂f * c` becomes `c * f * (1 - f) * W_f[h] · …`.
  func substituting(_ replacement: (Atom) -> Linear?) -> Linear {
    var result: [LinearTerm] = []
    for term in terms {
      switch term.core {
      case .atom(let atom):
        guard let inner = replacement(atom) else {
          result.append(term)
          continue
        }
        result += LinearTerm.merge(term, inner)
      case .seed, .operand: result.append(term)
      case .group(let inner): result += LinearTerm.merge(term, inner.substituting(replacement))
      case .left(let matrix, let inner): result += term.with(inner.substituting(replacement)) { .left(matrix, $0) }
      case .right(let inner, let node): result += term.with(inner.substituting(replacement)) { .right($0, node) }
      case .reduced(let operation, let inner):
        result += term.with(inner.substituting(replacement)) { .reduced(operation, $0) }
      case .transposed(let inner): result += term.with(inner.substituting(replacement)) { .transposed($0) }
      case .rows(let inner, let target, let targets):
        result += term.with(inner.substituting(replacement)) { .rows($0, target: target, targets: targets) }
      case .stacked(let parts):
        var copy = term
        copy.core = .stacked(
          parts.map { part in
            let tangent = part.tangent?.substituting(replacement)
            return StackedPart(node: part.node, tangent: tangent?.isZero == true ? nil : tangent)
          })
        result.append(copy)
      }
    }
    return Linear(terms: result)
  }
}

extension LinearTerm {
  fileprivate func with(_ inner: Linear, _ core: (Linear) -> Core) -> [LinearTerm] {
    guard !inner.isZero else { return [] }
    var copy = self
    copy.core = core(inner)
    return [copy]
  }

  /// A term whose core has become a sum.
  fileprivate static func merge(_ outer: LinearTerm, _ inner: Linear) -> [LinearTerm] {
    guard !inner.isZero else { return [] }
    let isBare = outer.before.isEmpty && outer.after.isEmpty && outer.divisors.isEmpty
    if isBare { return (outer.isNegative ? inner.negated : inner).terms }
    guard inner.terms.count == 1, var term = inner.terms.first else {
      var copy = outer
      copy.core = .group(inner)
      return [copy]
    }
    term.isNegative = term.isNegative != outer.isNegative
    term.before = outer.after + outer.before + term.before
    term.divisors += outer.divisors
    return [term]
  }
}
