/// The tangent recurrence of one derivative as a graph: its atoms, and an edge for every variable that an equation
/// reads. A path from what the derivative is by to what it is of is a word of variables at their times,
/// `c[t-1] → f[t] → c[t]`; its share of the derivative is the product of its edges, and the shares of all paths add up.
public final class TangentGraph {
  public let derivation: Derivation
  /// What the derivative is by, as an atom; the start of every path.
  public let source: Atom
  /// All atoms on paths, each after those that its equation reads; the source first, the target last.
  public let order: [Atom]
  /// What an atom's equation reads; of the source nothing.
  public let operands: [Atom: [Atom]]
  private let tangents: TangentEquations

  /// The most atoms of a graph.
  public static let largest = 50_000

  /// - Throws: `DerivativeFailure`.
  public init(_ derivation: Derivation) throws {
    let cut = derivation.target.cut
    let kind = derivation.recurrence.store[cut.symbol].kind
    guard kind == .variable || kind == .input else { throw DerivativeFailure.noProduct(.byParameter) }
    self.derivation = derivation
    let source = Atom(symbol: cut.symbol, shift: cut.shift, cut: cut)
    let tangents = derivation.tangents
    self.source = source
    self.tangents = tangents
    var finished: [Atom] = []
    var operands: [Atom: [Atom]] = [source: []]
    var work: [(atom: Atom, rest: [Atom])] = []
    func open(_ atom: Atom) throws {
      guard operands[atom] == nil else { return }
      guard operands.count < TangentGraph.largest else {
        throw derivation.recurrence.longestLead > 0
          ? DerivativeFailure.noProduct(.readsLater) : DerivativeFailure.tooLarge(TangentGraph.largest)
      }
      let equation = try tangents.equation(of: atom.symbol, shift: atom.shift)
      var reads = equation.atoms
      if !equation.part(of: nil).isZero { reads.insert(source, at: 0) }
      operands[atom] = reads
      work.append((atom, reads))
    }
    try open(derivation.target)
    while let frame = work.last {
      if let next = frame.rest.last {
        work[work.count - 1].rest.removeLast()
        try open(next)
      } else {
        finished.append(frame.atom)
        work.removeLast()
      }
    }
    order = [source] + finished
    self.operands = operands
  }

  private var writer: TangentWriter { TangentWriter(derivation.recurrence, cut: source.cut) }

  /// The part of an atom's equation that speaks of one of its operands.
  func edge(to atom: Atom, from operand: Atom) throws -> Linear {
    if isNumber(operand), !isNumber(atom) { return try edgeAlone(to: atom, from: operand) }
    return try tangents.equation(of: atom.symbol, shift: atom.shift).part(of: operand == source ? nil : operand)
  }

  private func isNumber(_ atom: Atom) -> Bool { derivation.recurrence.shapes.symbols[atom.symbol]?.rank == 0 }

  /// Beside vectors that vary a number's row spreads by itself; alone it must be said, so the rules are applied again
  /// with all else held.
  private func edgeAlone(to atom: Atom, from operand: Atom) throws -> Linear {
    let recurrence = derivation.recurrence
    var held = recurrence.variables.filter { $0 != operand.symbol && $0 != atom.symbol }
      .map { Held(symbol: $0, shift: nil) }
    if let body = recurrence.equation(of: atom.symbol)?.body {
      for id in recurrence.store.closure(of: [body]) {
        guard case .read(let symbol, let delay) = recurrence.store[id], [atom.symbol, operand.symbol].contains(symbol)
        else { continue }
        let shift = atom.shift + delay
        if symbol != operand.symbol || shift != operand.shift { held.append(Held(symbol: symbol, shift: shift)) }
      }
    }
    let cut = Cut(symbol: operand.symbol, shift: operand.shift, held: held)
    let equations = try alone[cut] ?? TangentEquations(recurrence, cut: cut, isInterrupted: derivation.isInterrupted)
    alone[cut] = equations
    let equation = try equations.equation(of: atom.symbol, shift: atom.shift)
    return operand == source ? equation : equation.replacingSeeds(by: operand)
  }

  private var alone: [Cut: TangentEquations] = [:]

  /// The derivative of an atom's variable by one of its operands, all else held: what one edge multiplies by.
  func factor(to atom: Atom, from operand: Atom) throws -> NodeID {
    let alone = try edge(to: atom, from: operand).substituting {
      $0 == operand ? Linear(.seed(operand.symbol)) : nil
    }
    // It is written as a derivative by the operand, which may be a vector where the source is a number.
    let cut = Cut(symbol: operand.symbol, shift: operand.shift)
    return TangentWriter(derivation.recurrence, cut: cut).node(tangents.tidying.tidy(alone))
  }

  /// The product of the edges of a path, in the notation of derivations.
  func expression(of path: [Atom]) throws -> NodeID {
    var product = Linear(.seed(source.symbol))
    for (operand, atom) in zip(path, path.dropFirst()) {
      let edge = try tangents.tidying.tidy(edge(to: atom, from: operand))
      product = operand == source ? edge : edge.substituting { $0 == operand ? product : nil }
      product = tangents.tidying.tidy(product)
    }
    return associated(writer.node(product))
  }

  /// `A · (B · C)` as `A · B · C`.
  private func associated(_ root: NodeID) -> NodeID {
    let store = derivation.recurrence.store
    let ranks = NodeRanks(store: store, shapes: derivation.recurrence.shapes)
    var factors: [NodeID] = []
    var rest = root
    while case .matrixProduct(let a, let b) = store[rest], ranks[a] == 2, ranks[b] == 2 {
      factors.append(a)
      rest = b
    }
    guard let first = factors.first, factors.count > 1 else { return root }
    return (factors.dropFirst() + [rest]).reduce(first) { store.insert(.matrixProduct($0, $1)) }
  }

  /// How many paths there are, as far as a Float64 counts.
  public var pathCount: Double {
    var counts: [Atom: Double] = [source: 1]
    for atom in order where atom != source {
      counts[atom] = (operands[atom] ?? []).reduce(0) { $0 + (counts[$1] ?? 0) }
    }
    return counts[derivation.target] ?? 0
  }

  /// Every path, shortest first; call only if there are few.
  public func paths() -> [[Atom]] {
    var words: [Atom: [[Atom]]] = [source: [[source]]]
    for atom in order where atom != source {
      words[atom] = (operands[atom] ?? []).flatMap { operand in (words[operand] ?? []).map { $0 + [atom] } }
    }
    let all = words[derivation.target] ?? []
    return all.enumerated().sorted { ($0.element.count, $0.offset) < ($1.element.count, $1.offset) }.map(\.element)
  }
}

extension Linear {
  /// The terms that speak of one atom, or (nil) of what the derivative is by; nothing else within them.
  func part(of atom: Atom?) -> Linear {
    Linear(
      terms: terms.compactMap { term in
        guard let core = term.core.part(of: atom) else { return nil }
        var copy = term
        copy.core = core
        return copy
      })
  }
}

extension Linear {
  /// What the derivative is by, as an atom.
  fileprivate func replacingSeeds(by atom: Atom) -> Linear {
    Linear(
      terms: terms.map { term in
        var copy = term
        copy.core = term.core.replacingSeeds(by: atom)
        return copy
      })
  }
}

extension Core {
  fileprivate func replacingSeeds(by atom: Atom) -> Core {
    switch self {
    case .seed: .atom(atom)
    case .atom, .operand: self
    case .left(let matrix, let inner): .left(matrix, inner.replacingSeeds(by: atom))
    case .right(let inner, let node): .right(inner.replacingSeeds(by: atom), node)
    case .group(let inner): .group(inner.replacingSeeds(by: atom))
    case .reduced(let operation, let inner): .reduced(operation, inner.replacingSeeds(by: atom))
    case .transposed(let inner): .transposed(inner.replacingSeeds(by: atom))
    case .rows(let inner, let target, let targets):
      .rows(inner.replacingSeeds(by: atom), target: target, targets: targets)
    case .stacked(let parts):
      .stacked(parts.map { StackedPart(node: $0.node, tangent: $0.tangent?.replacingSeeds(by: atom)) })
    }
  }

  fileprivate func part(of atom: Atom?) -> Core? {
    func inside(_ inner: Linear, _ wrap: (Linear) -> Core) -> Core? {
      let part = inner.part(of: atom)
      return part.isZero ? nil : wrap(part)
    }
    switch self {
    case .seed: return atom == nil ? self : nil
    case .atom(let other): return other == atom ? self : nil
    case .operand: return nil
    case .left(let matrix, let inner): return inside(inner) { .left(matrix, $0) }
    case .right(let inner, let node): return inside(inner) { .right($0, node) }
    case .group(let inner): return inside(inner) { .group($0) }
    case .reduced(let operation, let inner): return inside(inner) { .reduced(operation, $0) }
    case .transposed(let inner): return inside(inner) { .transposed($0) }
    case .rows(let inner, let target, let targets): return inside(inner) { .rows($0, target: target, targets: targets) }
    case .stacked(let parts):
      let kept = parts.map { part -> StackedPart in
        let tangent = part.tangent?.part(of: atom)
        return StackedPart(node: part.node, tangent: tangent?.isZero == true ? nil : tangent)
      }
      return kept.contains { $0.tangent != nil } ? .stacked(kept) : nil
    }
  }
}
