/// How large a derivative can be, as far as it is opened: where the entries of a diagonal one lie, a bound on the norm
/// of any other, and the ranges that this is made of.
public struct DerivativeBounds {
  /// A row of what is shown.
  public struct Row: Sendable {
    public var part: String
    public var range: String
    public var reason: String
  }

  /// A derivative that is shown, with the bound on its norm, and for a diagonal one where its entries lie.
  public struct Line: Sendable {
    public var derivative: Atom
    public var norm: NormBound
    public var diagonal: Interval?
  }

  public private(set) var lines: [Line] = []
  public private(set) var rows: [Row] = []

  private let store: Store
  private let ranks: NodeRanks
  private let bounds: Bounds
  private let pass: IntervalPass
  private let target: Atom
  private let subject: NodeID?
  private var notation: TextNotation
  /// Diagonals that have a row of their own.
  private var shown: Set<NodeID> = []
  /// Vectors whose range was used, in the order of use.
  private var used: [NodeID] = []

  /// The most operations of a derivative, and how deep they may be nested.
  public static let largest = 20_000
  static let deepest = 1000

  /// - Throws: `DerivativeFailure.tooLarge`.
  public init(_ derivation: Derivation, _ bounds: Bounds) throws {
    let recurrence = derivation.recurrence
    store = recurrence.store
    ranks = NodeRanks(store: store, shapes: recurrence.shapes)
    self.bounds = bounds
    target = derivation.target
    subject = derivation.subject
    notation = TextNotation(store)
    let roots =
      [(derivation.target, derivation.expression)] + derivation.definitionExpressions.map { ($0.atom, $0.expression) }
    let all = store.closure(of: roots.map(\.1))
    guard all.count <= DerivativeBounds.largest else { throw DerivativeFailure.tooLarge(DerivativeBounds.largest) }
    var depths: [NodeID: Int] = [:]
    for id in all { depths[id] = 1 + (store[id].operands.compactMap { depths[$0] }.max() ?? 0) }
    guard depths.values.allSatisfy({ $0 <= DerivativeBounds.deepest }) else {
      throw DerivativeFailure.tooLarge(DerivativeBounds.deepest)
    }
    pass = IntervalPass(recurrence, forms: Forms(recurrence, reading: roots.map(\.1)), variables: bounds)
    for (atom, root) in roots {
      let diagonal = isDiagonal(root) ? pass.evaluate(root) : nil
      let norm = norm(root)
      if diagonal != nil { shown.formUnion(used) }
      lines.append(Line(derivative: atom, norm: diagonal.map { .number($0.magnitude) } ?? norm, diagonal: diagonal))
      addRow(atom, root, norm, diagonal)
    }
    addReasons()
  }

  // MARK: Norms

  /// v * I, and sums of such.
  private func isDiagonal(_ root: NodeID) -> Bool {
    store.closure(of: [root]).allSatisfy { id in
      switch store[id] {
      case .atom, .block, .matrixProduct, .concatenate, .rows, .zeros, .transpose, .derivative, .total, .reduced: false
      case .apply(let operation, _): OperatorTable[operation].shape == .elementwise
      case .seed: true
      case .read: ranks[id] < 2
      default: true
      }
    }
  }

  /// Of a matrix; a vector is one of one column.
  private mutating func norm(_ id: NodeID) -> NormBound {
    if isVector(id) { return ranks[id] == 0 ? size(id) : .norm(id) }
    switch store[id] {
    case .seed: return .number(1)
    case .zeros: return .number(0)
    case .sum(let terms): return .adding(terms.map { norm($0.node) })
    case .product(let factors): return product(factors) ?? .norm(id)
    case .quotient(let above, let below) where isVector(below): return .multiplying([norm(above), inverse(below)])
    case .matrixProduct(let a, let b): return .multiplying([norm(a), norm(b)])
    case .rows(let inner, _, _): return norm(inner)
    case .concatenate(let parts): return .adding(parts.map { norm($0) })
    // A mean of rows is no larger than the rows.
    case .reduced(let operation, let inner) where OperatorTable[operation].name == "mean": return norm(inner)
    default: return .norm(id)
    }
  }

  /// Vectors scale rows, transposed ones columns; two matrices have no bound of this kind.
  private mutating func product(_ factors: [NodeID]) -> NormBound? {
    var scales: [NodeID] = []
    var matrices: [NodeID] = []
    for factor in factors {
      if isVector(factor) {
        scales.append(factor)
      } else if case .transpose(let inner) = store[factor], isVector(inner) {
        scales.append(inner)
      } else {
        matrices.append(factor)
      }
    }
    guard matrices.count == 1 else { return nil }
    return .multiplying([size(of: scales), norm(matrices[0])])
  }

  /// A number or vector of the cell, and no derivative.
  private func isVector(_ id: NodeID) -> Bool {
    ranks[id] < 2
      && !store.closure(of: [id]).contains { inner in
        switch store[inner] {
        case .seed, .atom, .derivative: true
        default: false
        }
      }
  }

  private mutating func inverse(_ id: NodeID) -> NormBound {
    let range = Interval(1) / pass.evaluate(id)
    guard range.isBounded else { return .inverse(id) }
    note(id)
    return .number(range.magnitude)
  }

  /// The largest absolute value of a vector or number.
  private mutating func size(_ id: NodeID) -> NormBound {
    if case .product(let factors) = store[id] { return size(of: factors) }
    let range = pass.evaluate(id)
    if range.isBounded {
      if !range.isPoint { note(id) }
      return .number(range.magnitude)
    }
    switch store[id] {
    case .sum(let terms): return .adding(terms.map { size($0.node) })
    case .quotient(let above, let below): return .multiplying([size(above), inverse(below)])
    default: return .size(id)
    }
  }

  /// A product of vectors: those that are bounded together, since f * (1 - f) is less than its factors say.
  private mutating func size(of factors: [NodeID]) -> NormBound {
    guard factors.count > 1 else { return factors.first.map { size($0) } ?? .number(1) }
    let bounded = factors.filter { pass.evaluate($0).isBounded }
    let open = factors.filter { !pass.evaluate($0).isBounded }
    var result = open.map { size($0) }
    if bounded.count == 1 {
      result.insert(size(bounded[0]), at: 0)
    } else if bounded.count > 1 {
      let product = store.insert(.product(bounded))
      pass.learn(product)
      note(product)
      result.insert(.number(pass.evaluate(product).magnitude), at: 0)
    }
    return .multiplying(result)
  }

  private mutating func note(_ id: NodeID) { if !used.contains(id) { used.append(id) } }

  // MARK: Rows

  private mutating func addRow(_ atom: Atom, _ root: NodeID, _ norm: NormBound, _ diagonal: Interval?) {
    let name = claim(atom)
    if let diagonal {
      rows.append(Row(part: name, range: diagonal.text, reason: "diagonal: \(notation.derivative(root))"))
      return
    }
    var notation = self.notation
    let text = norm.text { notation.text($0) }
    if norm.number != nil {
      rows.append(Row(part: "‖\(name)‖", range: "≤ \(text)", reason: "the norms of its terms together"))
    } else {
      rows.append(Row(part: "‖\(name)‖", range: "at most", reason: text))
    }
  }

  /// `∂c[t]/∂c[t-1]`, `∂/∂c[t-1] (f[t] * c[t-1])`.
  private mutating func claim(_ atom: Atom) -> String {
    guard let subject, atom.symbol == target.symbol else { return notation.text(store.insert(.atom(atom))) }
    return notation.text(store.insert(.derivative(subject, by: Cut(symbol: atom.cut.symbol, shift: atom.cut.shift))))
  }

  /// The ranges that went in, with what is known of each variable in them.
  private mutating func addReasons() {
    var slopes: Set<String> = []
    for id in used where !shown.contains(id) {
      if case .read = store[id] { continue }
      // The same at other times lies in the same range.
      guard slopes.insert(notation.text(id).withoutTimes).inserted else { continue }
      rows.append(Row(part: notation.text(id), range: pass.evaluate(id).text, reason: slopeText(id)))
    }
    var told: Set<SymbolID> = []
    for id in store.closure(of: used) {
      guard case .read(let symbol, _) = store[id], let entry = bounds[symbol], told.insert(symbol).inserted else {
        continue
      }
      rows.append(
        Row(part: TextNotation.read(store[symbol], shift: 0), range: entry.range, reason: entry.reason))
    }
  }

  /// What the slopes of σ and tanh are known for.
  private func slopeText(_ id: NodeID) -> String {
    var texts: [String] = []
    var factors = [id]
    if case .product(let inner) = store[id] { factors = inner }
    for factor in factors {
      guard case .sum(let terms) = store[factor], terms.count == 2, terms[1].isNegative,
        case .number(let one) = store[terms[0].node], one.isOne
      else { continue }
      if factors.contains(terms[1].node) { texts.append("y * (1 - y) is at most 1/4, at y = 1/2") }
      if case .power(_, let exponent) = store[terms[1].node], case .number(let two) = store[exponent], two.whole == 2 {
        texts.append("1 - y^2 is at most 1, at y = 0")
      }
    }
    var seen: Set<String> = []
    return texts.isEmpty ? "by what is below" : texts.filter { seen.insert($0).inserted }.joined(separator: "; ")
  }
}
