/// Makes formulas of nodes, operands first: names, precedence, and what `diag` stands for.
///
/// A derivation has no diag in it: `v * M` scales the rows of a Jacobian, and `v * I` is a diagonal matrix. On the
/// board the latter is v alone next to + and =; with matrices alone, the former is `diag(v) · M` and the latter
/// `diag(v)`. Right of `·` a vector is a vector, so `diag` is always written there.
struct MathTreeBuilder {
  typealias Composed = MathComposer.Composed

  /// What a node is if it is a diagonal matrix.
  private enum Diagonal {
    case identity
    case of(Composed)
  }

  let store: Store
  /// `diag(v) · M` for `v * M`.
  let isMatrixNotation: Bool
  var composer = MathComposer()
  /// Without them, which of the factors are numbers is not known, and `*` is ⊙ throughout.
  private var extents: Extents?
  private var composed = NodeMap<Composed>()
  /// The same without times, for the names of blocks: `r * h` in `W[r * h]`.
  private var untimed = NodeMap<Composed>()
  private var dropsTimes = false
  private var diagonals = NodeMap<Diagonal>()
  /// Nodes that are `diag(scale) · core`.
  private var scalings: [NodeID: (scale: Composed, core: Composed)] = [:]

  init(_ store: Store) {
    self.store = store
    isMatrixNotation = false
  }

  init(_ recurrence: Recurrence, isMatrixNotation: Bool) {
    store = recurrence.store
    self.isMatrixNotation = isMatrixNotation
    extents = Extents(recurrence)
  }

  var tree: MathTree { composer.tree }

  /// An expression.
  mutating func part(_ root: NodeID) -> MathTree.ID { compose(root).part }

  /// The right side of a derivation, where a vector stands for a diagonal matrix.
  mutating func derivative(_ root: NodeID) -> MathTree.ID {
    let whole = compose(root)
    return term(root)?.part ?? whole.part
  }

  /// The left side `[u[t], v[t]]` or `c[t]` of an equation, `shift` steps from now.
  mutating func targets(_ symbols: [SymbolID], shift: Int = 0) -> MathTree.ID {
    let parts = symbols.map { read($0, shift: shift).part }
    return parts.count == 1 ? parts[0] : composer.primary(.brackets(parts)).part
  }

  /// `∂c[t]/∂c[t-1]` with what is held.
  mutating func claim(_ atom: Atom) -> MathTree.ID {
    let held = held(atom)
    return self.atom(atom, held: held).part
  }

  mutating func held(_ atom: Atom) -> [MathTree.ID] {
    atom.cut.held.map { item in
      if let shift = item.shift { return read(item.symbol, shift: shift).part }
      return identifier(store[item.symbol].name).part
    }
  }

  /// Whether a node is `v * I`, or made of such.
  mutating func isDiagonal(_ id: NodeID) -> Bool {
    _ = compose(id)
    return diagonals[id] != nil
  }

  /// Whether a node has rows and columns.
  mutating func extent(_ id: NodeID) -> Extent {
    if let known = extents?.known(id) { return known }
    extents?.measure(store.closure(of: [id]))
    return extents?[id] ?? .number
  }

  mutating func word(_ word: String) -> MathTree.ID { composer.primary(.word(word)).part }

  /// Composes a node of which all is known below, for formulas that are put together elsewhere.
  mutating func compose(_ root: NodeID) -> Composed {
    let order = store.closure(of: [root])
    extents?.measure(order)
    for id in order where of(id) == nil {
      let node = store[id]
      if !dropsTimes { findDiagonal(id, node) }
      let whole = compose(id, node)
      if dropsTimes { untimed[id] = whole } else { composed[id] = whole }
    }
    return known(root)
  }

  private func of(_ id: NodeID) -> Composed? { dropsTimes ? untimed[id] : composed[id] }

  private mutating func known(_ id: NodeID) -> Composed { of(id) ?? composer.primary(.word("…")) }

  // MARK: Each operation

  private mutating func compose(_ id: NodeID, _ node: Node) -> Composed {
    switch node {
    case .number(let number): return composer.number(number.description, isNegative: number.isNegative)
    case .constant(let constant): return composer.primary(.word(constant.rawValue))
    case .time: return composer.primary(.word("t"))
    case .read(let symbol, let shift): return read(symbol, shift: shift)
    case .identity: return composer.primary(.word("I"))
    case .sum(let terms): return sum(terms, id)
    case .product(let factors): return product(factors, id)
    case .quotient(let a, let b): return quotient(a, b, id)
    case .power(let a, let b): return composer.power(known(a), known(b))
    case .matrixProduct(let a, let b): return matrixProduct(a, b)
    case .transpose(let a): return composer.transpose(known(a))
    case .concatenate(let parts):
      let elements = parts.map { known($0).part }
      return composer.primary(.brackets(elements))
    case .apply(let operation, let arguments):
      let inner = arguments.map { known($0).part }
      return composer.primary(.apply(operation, inner))
    case .reduced(let operation, let a):
      let inner = known(a).part
      return composer.primary(.reduced(operation, inner))
    case .total(let a):
      let inner = known(a).part
      return composer.primary(.total(inner))
    case .seed(let symbol):
      return store[symbol].isTimed ? composer.primary(.word("I")) : identifier(store[symbol].name, isDifferential: true)
    case .atom(let atom): return self.atom(atom, held: [])
    case .derivative(let a, let cut):
      if case .read(let symbol, let shift) = store[a] {
        return atom(Atom(symbol: symbol, shift: shift, cut: cut), held: [])
      }
      guard store[cut.symbol].isTimed else { return composer.call("d", known(a)) }
      let by = read(cut.symbol, shift: cut.shift).part
      return composer.primary(.derivativeOperator(by: by, known(a).part))
    case .block(let matrix, let part, let whole):
      let name = blockName(part, in: whole)
      return composer.block(known(matrix), by: name)
    case .rows(let a, let target, _): return composer.rows(known(a), of: store[target].name)
    case .zeros(let like):
      // `0 * v` where a plain 0 would not say how tall it is.
      if case .product(let factors) = store[like], let first = factors.first, case .number(let zero) = store[first],
        zero.isZero
      {
        return known(like)
      }
      return composer.number("0")
    case .named(_, let name, let shift): return identifier(name, shift: dropsTimes ? nil : shift)
    }
  }

  private mutating func identifier(_ name: String, shift: Int? = nil, isDifferential: Bool = false) -> Composed {
    composer.primary(.identifier(MathTree.Identifier(name: name, shift: shift, isDifferential: isDifferential)))
  }

  mutating func read(_ symbol: SymbolID, shift: Int, isDifferential: Bool = false) -> Composed {
    let isTimed = store[symbol].isTimed && !dropsTimes
    return identifier(store[symbol].name, shift: isTimed ? shift : nil, isDifferential: isDifferential)
  }

  private mutating func atom(_ atom: Atom, held: [MathTree.ID]) -> Composed {
    guard store[atom.cut.symbol].isTimed else { return read(atom.symbol, shift: atom.shift, isDifferential: true) }
    let above = read(atom.symbol, shift: atom.shift).part
    let below = read(atom.cut.symbol, shift: atom.cut.shift).part
    return composer.primary(.derivative(of: above, by: below, held: held), level: .power)
  }

  private mutating func sum(_ terms: [Term], _ id: NodeID) -> Composed {
    // `f * I + g * I` is one diagonal matrix, and says so where no + stands beside it.
    if let diagonal = diagonals[id] { return written(diagonal) }
    let parts = terms.map { item -> (Bool, Composed) in (item.isNegative, term(item.node) ?? known(item.node)) }
    return composer.sum(parts)
  }

  private mutating func product(_ factors: [NodeID], _ id: NodeID) -> Composed {
    if isMatrixNotation, !dropsTimes {
      if let diagonal = diagonals[id] { return written(diagonal) }
      if let scaled = scaledProduct(factors, id) { return scaled }
    }
    let parts = factors.map { known($0) }
    return composer.product(parts, joints: joints(factors))
  }

  private mutating func quotient(_ a: NodeID, _ b: NodeID, _ id: NodeID) -> Composed {
    if isMatrixNotation, !dropsTimes {
      if let diagonal = diagonals[id] { return written(diagonal) }
      if let extents, extents[a] == .matrix, extents[b] == .vector || scalings[a] != nil {
        let inner = scalings[a] ?? (composer.number("1"), known(a))
        let scale = composer.quotient(inner.scale, known(b))
        return scaled(id, scale, inner.core)
      }
    }
    return composer.quotient(known(a), known(b))
  }

  private mutating func matrixProduct(_ a: NodeID, _ b: NodeID) -> Composed {
    let left = matrixOperand(a)
    let right = matrixOperand(b)
    guard let extents else { return composer.matrixProduct(left, right, joint: .dot) }
    let isMap = extents[a].contains(.columns) && extents[b] != .number
    // A · (B · C) is A · B · C; of A · (B · v) the parentheses say what is to be computed.
    let isAssociative = extents[a] == .matrix && extents[b] == .matrix
    let chain: MathComposer.Chain = isAssociative ? isMatrixNotation ? .never : .inLine : .always
    return composer.matrixProduct(left, right, joint: isMap ? .map : .dot, chain: chain)
  }

  /// Beside `·` a vector is a vector, so a diagonal matrix is written out.
  private mutating func matrixOperand(_ id: NodeID) -> Composed {
    if !dropsTimes, let diagonal = diagonals[id] { return written(diagonal) }
    return known(id)
  }

  /// Where two factors meet: a number scales what it meets.
  private func joints(_ factors: [NodeID]) -> [MathTree.Joint] {
    guard let extents else { return [MathTree.Joint](repeating: .elementwise, count: max(factors.count - 1, 0)) }
    var isNumber = true
    return factors.indices.dropLast().map { index in
      isNumber = isNumber && extents[factors[index]] == .number
      return isNumber || extents[factors[index + 1]] == .number ? .scaling : .elementwise
    }
  }

  /// A block is named by what it multiplies, without times where that is enough: `W_f[h]`, `W[r * h]`, `W_z[x[t-1]]`.
  mutating func blockName(_ part: NodeID, in whole: NodeID) -> MathTree.ID {
    if case .concatenate(let parts) = store[whole],
      parts.contains(where: { $0 != part && store.isSameWithoutTimes($0, part) })
    {
      return compose(part).part
    }
    let outer = dropsTimes
    dropsTimes = true
    defer { dropsTimes = outer }
    return compose(part).part
  }

  // MARK: Diagonal matrices

  /// Notes whether a node is a diagonal matrix: `I`, `v * I`, and sums and quotients of such.
  private mutating func findDiagonal(_ id: NodeID, _ node: Node) {
    switch node {
    case .seed(let symbol): if store[symbol].isTimed { diagonals[id] = .identity }
    case .product(let factors):
      guard let position = factors.firstIndex(where: { diagonals[$0] != nil }), let inner = diagonals[factors[position]]
      else { return }
      if let extents, factors.enumerated().contains(where: { $0.offset != position && extents[$0.element] == .matrix })
      {
        return
      }
      var parts = factors.map { known($0) }
      var meeting = factors
      switch inner {
      case .identity:
        parts.remove(at: position)
        meeting.remove(at: position)
      case .of(let vector): parts[position] = vector
      }
      if parts.isEmpty { return }
      let joints = joints(meeting)
      diagonals[id] = .of(parts.count == 1 ? parts[0] : composer.product(parts, joints: joints))
    case .quotient(let a, let b):
      guard let inner = diagonals[a] else { return }
      diagonals[id] = .of(composer.quotient(vector(inner), known(b)))
    case .sum(let terms):
      guard !terms.isEmpty, terms.allSatisfy({ diagonals[$0.node] != nil }) else { return }
      let parts = terms.compactMap { term in diagonals[term.node].map { (term.isNegative, $0) } }
      diagonals[id] = .of(composer.sum(parts.map { ($0.0, vector($0.1)) }))
    default: break
    }
  }

  private mutating func vector(_ diagonal: Diagonal) -> Composed {
    switch diagonal {
    case .identity: composer.number("1")
    case .of(let vector): vector
    }
  }

  /// `diag(v)`, or `I`.
  private mutating func written(_ diagonal: Diagonal) -> Composed {
    switch diagonal {
    case .identity: composer.primary(.word("I"))
    case .of(let vector): composer.call("diag", vector)
    }
  }

  /// A diagonal matrix next to + and =: on the board its vector, 1 for I; nil if the node is none.
  private mutating func term(_ id: NodeID) -> Composed? {
    guard !dropsTimes, let diagonal = diagonals[id] else { return nil }
    return isMatrixNotation ? written(diagonal) : vector(diagonal)
  }

  // MARK: Matrix notation

  /// `v * M` as `diag(v) · M`, `M * vᵀ` as `M · diag(v)`; nil for other products.
  private mutating func scaledProduct(_ factors: [NodeID], _ id: NodeID) -> Composed? {
    guard let extents, extents[id] == .matrix else { return nil }
    var scale: [NodeID] = []
    var columnScales: [NodeID] = []
    var core: NodeID?
    for factor in factors {
      switch extents[factor] {
      case .matrix:
        guard core == nil else { return nil }
        core = factor
      case .row:
        guard case .transpose(let vector) = store[factor] else { return nil }
        columnScales.append(vector)
      default: scale.append(factor)
      }
    }
    guard let core else { return nil }
    let inner = scalings[core]
    let isScaledByVector = inner != nil || scale.contains { extents[$0] == .vector }
    guard isScaledByVector || !columnScales.isEmpty else { return nil }
    var result: Composed
    if isScaledByVector {
      var parts = scale.map { known($0) }
      var meetings = joints(scale)
      if let inner {
        if !parts.isEmpty { meetings.append(.elementwise) }
        parts.append(inner.scale)
      }
      let vector = parts.count == 1 ? parts[0] : composer.product(parts, joints: meetings)
      let matrix = inner?.core ?? known(core)
      result = columnScales.isEmpty ? scaled(id, vector, matrix) : diagonalTimes(vector, matrix)
    } else if scale.isEmpty {
      result = known(core)
    } else {
      result = composer.product((scale + [core]).map { known($0) }, joints: joints(scale + [core]))
    }
    for vector in columnScales {
      let diagonal = composer.call("diag", known(vector))
      result = composer.matrixProduct(result, diagonal, joint: .map)
    }
    return result
  }

  private mutating func scaled(_ id: NodeID, _ scale: Composed, _ core: Composed) -> Composed {
    scalings[id] = (scale, core)
    return diagonalTimes(scale, core)
  }

  private mutating func diagonalTimes(_ scale: Composed, _ core: Composed) -> Composed {
    let diagonal = composer.call("diag", scale)
    return composer.matrixProduct(diagonal, core, joint: .map, chain: .never)
  }
}

extension Store {
  /// Whether two expressions differ in nothing but the times of what they read.
  fileprivate func isSameWithoutTimes(_ left: NodeID, _ right: NodeID) -> Bool {
    var work = [(left, right)]
    while let (a, b) = work.popLast() {
      if a == b { continue }
      switch (self[a], self[b]) {
      case (.read(let first, _), .read(let second, _)): if first != second { return false }
      case (.named(_, let first, _), .named(_, let second, _)): if first != second { return false }
      case (let first, let second):
        guard first.mapOperands({ _ in left }) == second.mapOperands({ _ in left }) else { return false }
        work += Array(zip(first.operands, second.operands))
      }
    }
    return true
  }
}
