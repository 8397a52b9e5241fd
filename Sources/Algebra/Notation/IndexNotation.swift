/// Derivations per unit, for reading: `∂c[t]_j/∂c[t-1]_k = f[t]_j * I_jk + Σ_l W_f[h]_jl * ...`.
///
/// Every node is asked for one of its entries: elementwise operations pass the indices on, `A · B` sums over one of its
/// own, I is 1 where its two are equal. What has no entries to speak of by themselves is written elementwise, in
/// brackets, with the indices behind.
struct IndexNotation {
  typealias Composed = MathComposer.Composed

  /// Which entry of which node, and the first letter that is free for sums within it.
  struct Place: Hashable {
    var node: NodeID
    var row: Int?
    var column: Int?
    var next: Int
  }

  /// Formulas nested deeper are written elementwise: nobody reads them per unit.
  private static let deepest = 150

  private let recurrence: Recurrence
  private let letters: [String]
  /// `δ_jk`, or `I_jk` in a cell that has a δ.
  private let identity: String
  private var known: [Place: [Composed]] = [:]
  /// What each letter runs over.
  private var runs: [(letter: Int, over: Dimension)] = []

  init(_ recurrence: Recurrence) {
    self.recurrence = recurrence
    let names = Set(recurrence.store.symbols.map(\.name))
    let free = ["j", "k", "l", "m", "n", "p", "q", "r", "s", "u", "v"].filter { !names.contains($0) }
    letters = free + (1...99).map { "i\($0)" }
    identity = names.contains("δ") ? "I" : "δ"
  }

  var store: Store { recurrence.store }

  func letter(_ index: Int) -> String { letters[min(index, letters.count - 1)] }

  /// `jk`, or `j,i1` with letters that ran out.
  private func entry(_ row: Int?, _ column: Int?) -> String {
    let indices = [row, column].compactMap { $0.map(letter) }
    return indices.joined(separator: indices.contains { $0.count > 1 } ? "," : "")
  }

  // MARK: Equations

  /// `∂c[t]_j/∂c[t-1]_k`, and the entry of what it is equal to.
  mutating func derivative(
    _ atom: Atom, _ expression: NodeID, _ builder: inout MathTreeBuilder
  ) -> (left: MathTree.ID, right: MathTree.ID) {
    let (row, column) = indices(of: store.insert(.atom(atom)), builder)
    let left = derivative(atom, row, column, held: builder.held(atom), &builder)
    let right = value(expression, row, column, next: 2, depth: 0, &builder)
    return (left.part, right.part)
  }

  /// `q_h[t]_j`, and the entry of what it stands for.
  mutating func name(
    _ id: NodeID, _ inner: NodeID, _ builder: inout MathTreeBuilder
  ) -> (left: MathTree.ID, right: MathTree.ID) {
    let (row, column) = indices(of: id, builder)
    let left = value(id, row, column, next: 2, depth: 0, &builder)
    let right = value(inner, row, column, next: 2, depth: 0, &builder)
    return (left.part, right.part)
  }

  private mutating func indices(of id: NodeID, _ builder: MathTreeBuilder) -> (row: Int?, column: Int?) {
    var builder = builder
    let extent = builder.extent(id)
    let row = extent.contains(.rows) ? 0 : nil
    let column = extent.contains(.columns) ? 1 : nil
    if let row { run(row, over: [(id, .rows)]) }
    if let column { run(column, over: [(id, .columns)]) }
    return (row, column)
  }

  /// What the letters run over, those of one width together: `j, k = 1..h`.
  var ranges: [(letters: [String], widths: [Dimension])] {
    var groups: [(letters: [String], widths: [Dimension])] = []
    for index in Set(runs.map(\.letter)).sorted() {
      var widths: [Dimension] = []
      for run in runs where run.letter == index && !widths.contains(run.over) { widths.append(run.over) }
      if let group = groups.firstIndex(where: { $0.widths == widths }) {
        groups[group].letters.append(letter(index))
      } else {
        groups.append(([letter(index)], widths))
      }
    }
    return groups
  }

  mutating func run(_ letter: Int, over sides: [(NodeID, Extent)]) {
    for (id, side) in sides {
      guard let width = width(id, side, depth: 0) else { continue }
      if !runs.contains(where: { $0.letter == letter && $0.over == width }) { runs.append((letter, width)) }
      return
    }
  }

  /// How many rows or columns a node has, if its symbols say so.
  private func width(_ id: NodeID, _ side: Extent, depth: Int) -> Dimension? {
    guard depth < 40 else { return nil }
    func of(_ symbol: SymbolID, _ position: Int) -> Dimension? {
      let sides = recurrence.shapes.symbols[symbol]?.dimensions ?? []
      return position < sides.count ? sides[position] : nil
    }
    func inner(_ id: NodeID, _ side: Extent) -> Dimension? { width(id, side, depth: depth + 1) }
    switch store[id] {
    case .read(let symbol, _): return of(symbol, side == .rows ? 0 : 1)
    case .seed(let symbol): return of(symbol, store[symbol].isTimed || side == .rows ? 0 : 1)
    case .atom(let atom):
      if store[atom.cut.symbol].isTimed { return of(side == .rows ? atom.symbol : atom.cut.symbol, 0) }
      return of(atom.symbol, side == .rows ? 0 : 1)
    case .derivative(let a, let cut):
      return side == .columns && store[cut.symbol].isTimed ? of(cut.symbol, 0) : inner(a, side)
    case .block(let matrix, let part, _): return side == .rows ? inner(matrix, .rows) : inner(part, .rows)
    case .transpose(let a): return inner(a, side == .rows ? .columns : .rows)
    case .rows(let a, let target, _): return side == .rows ? of(target, 0) : inner(a, side)
    case .matrixProduct(let a, let b):
      return side == .rows ? inner(a, side) ?? inner(b, side) : inner(b, side) ?? inner(a, side)
    case .concatenate(let parts) where side == .rows:
      return recurrence.shapes.nodes[id]?.dimensions.first
        ?? parts.reduce(Optional(Dimension(0))) { total, part in
          guard let total, let width = inner(part, .rows) else { return nil }
          return total + width
        }
    case let node:
      for operand in node.operands { if let width = inner(operand, side) { return width } }
      return nil
    }
  }

  // MARK: Entries

  mutating func value(
    _ id: NodeID, _ row: Int?, _ column: Int?, next: Int, depth: Int, _ builder: inout MathTreeBuilder
  ) -> Composed {
    joined(factors(id, row, column, next: next, depth: depth, &builder), &builder)
  }

  private func joined(_ factors: [Composed], _ builder: inout MathTreeBuilder) -> Composed {
    if factors.isEmpty { return builder.composer.number("1") }
    if factors.count == 1 { return factors[0] }
    return builder.composer.product(
      factors, joints: [MathTree.Joint](repeating: .scaling, count: max(factors.count - 1, 0)))
  }

  /// The entry of a node as factors: numbers all, so products need no parentheses of their own.
  mutating func factors(
    _ id: NodeID, _ row: Int?, _ column: Int?, next: Int, depth: Int, _ builder: inout MathTreeBuilder
  ) -> [Composed] {
    let extent = builder.extent(id)
    let place = Place(
      node: id, row: extent.contains(.rows) ? row : nil, column: extent.contains(.columns) ? column : nil, next: next)
    if let factors = known[place] { return factors }
    let result =
      depth < IndexNotation.deepest ? composed(place, depth + 1, &builder) : [elementwise(place, &builder)]
    known[place] = result
    return result
  }

  private mutating func composed(_ place: Place, _ depth: Int, _ builder: inout MathTreeBuilder) -> [Composed] {
    let (row, column) = (place.row, place.column)
    func one(_ id: NodeID, _ builder: inout MathTreeBuilder) -> Composed {
      value(id, row, column, next: place.next, depth: depth, &builder)
    }
    switch store[place.node] {
    case .read, .named: return [symbol(place, &builder)]
    case .identity: return delta(row, column, &builder)
    case .seed(let symbol):
      return store[symbol].isTimed ? delta(row, column, &builder) : [self.symbol(place, &builder)]
    case .atom(let atom): return [derivative(atom, row, column, held: [], &builder)]
    case .sum(let terms):
      var parts: [(isNegative: Bool, term: Composed)] = []
      for term in terms { parts.append((term.isNegative, one(term.node, &builder))) }
      return [builder.composer.sum(parts)]
    case .product(let parts):
      return parts.flatMap { factors($0, row, column, next: place.next, depth: depth, &builder) }
    case .quotient(let a, let b):
      let (above, below) = (one(a, &builder), one(b, &builder))
      return [builder.composer.quotient(above, below)]
    case .power(let a, let b):
      let (base, exponent) = (one(a, &builder), one(b, &builder))
      return [builder.composer.power(base, exponent)]
    case .matrixProduct(let a, let b): return matrixProduct(a, b, place, depth, &builder)
    case .transpose(let a):
      return factors(a, column, row, next: place.next, depth: depth, &builder)
    case .apply(let operation, let arguments):
      guard case .elementwise = OperatorTable[operation].shape else {
        if case .reduction = OperatorTable[operation].shape, let a = arguments.first, builder.extent(a) == .vector {
          return reduced(operation, a, place, depth, &builder)
        }
        return [ofVector(operation, arguments, place, depth, &builder) ?? elementwise(place, &builder)]
      }
      let inner = arguments.map { one($0, &builder).part }
      return [builder.composer.primary(.apply(operation, inner))]
    case .reduced(let operation, let a): return reduced(operation, a, place, depth, &builder)
    case .block: return [symbol(place, &builder)]
    case .rows(let a, let target, let targets):
      if let inner = pushed(a, { .rows($0, target: target, targets: targets) }, builder) {
        return factors(inner, row, column, next: place.next, depth: depth, &builder)
      }
      return [store[a].isNamed ? symbol(place, &builder) : elementwise(place, &builder)]
    case .derivative(let a, let cut):
      if case .read(let symbol, let shift) = store[a] {
        return [derivative(Atom(symbol: symbol, shift: shift, cut: cut), row, column, held: [], &builder)]
      }
      guard store[cut.symbol].isTimed else { return [elementwise(place, &builder)] }
      let read = builder.read(cut.symbol, shift: cut.shift)
      let by = builder.composer.indexed(read, entry(column, nil)).part
      let inner = one(a, &builder).part
      return [builder.composer.primary(.derivativeOperator(by: by, inner))]
    case .zeros: return [builder.composer.number("0")]
    default: return [elementwise(place, &builder)]
    }
  }

  /// What is written elementwise, with indices.
  mutating func elementwise(_ place: Place, _ builder: inout MathTreeBuilder) -> Composed {
    let whole = builder.compose(place.node)
    let indices = entry(place.row, place.column)
    return indices.isEmpty ? whole : builder.composer.entry(whole, indices)
  }

  /// A symbol, a block or `dW` with its indices.
  func symbol(_ place: Place, _ builder: inout MathTreeBuilder) -> Composed {
    let whole = builder.compose(place.node)
    return builder.composer.indexed(whole, entry(place.row, place.column))
  }

  /// An entry of I; on the diagonal 1, which is no factor.
  private func delta(_ row: Int?, _ column: Int?, _ builder: inout MathTreeBuilder) -> [Composed] {
    if row == column { return [] }
    return [
      builder.composer.primary(.identifier(MathTree.Identifier(name: identity, entry: entry(row, column))))
    ]
  }

  private func derivative(
    _ atom: Atom, _ row: Int?, _ column: Int?, held: [MathTree.ID], _ builder: inout MathTreeBuilder
  ) -> Composed {
    guard store[atom.cut.symbol].isTimed else {
      let whole = builder.compose(store.insert(.atom(atom)))
      return builder.composer.indexed(whole, entry(row, column))
    }
    let above = builder.read(atom.symbol, shift: atom.shift)
    let below = builder.read(atom.cut.symbol, shift: atom.cut.shift)
    let numerator = builder.composer.indexed(above, entry(row, nil))
    let denominator = builder.composer.indexed(below, entry(column, nil))
    return builder.composer.primary(
      .derivative(of: numerator.part, by: denominator.part, held: held), level: .power)
  }

  // MARK: Sums

  /// `Σ_l A_jl * B_lk`; of a number and anything, and of a column and a row, a product of entries.
  private mutating func matrixProduct(
    _ a: NodeID, _ b: NodeID, _ place: Place, _ depth: Int, _ builder: inout MathTreeBuilder
  ) -> [Composed] {
    let (left, right) = (builder.extent(a), builder.extent(b))
    let isInner = left == .vector && right == .vector
    guard isInner || left.contains(.columns) && right.contains(.rows) else {
      return factors(a, place.row, place.column, next: place.next, depth: depth, &builder)
        + factors(b, place.row, place.column, next: place.next, depth: depth, &builder)
    }
    // Of A · diag(v) only one entry of v meets a column: A_jk * v_k.
    if right == .matrix, builder.isDiagonal(b) {
      return factors(a, place.row, place.column, next: place.next, depth: depth, &builder)
        + factors(b, place.column, place.column, next: place.next, depth: depth, &builder)
    }
    let index = place.next
    run(index, over: [(b, .rows), (a, isInner ? .rows : .columns)])
    var outside: [Composed] = []
    var inside: [Composed] = []
    // What scales the rows of A does not vary in the sum: v_j * Σ_l A_jl * b_l.
    for part in isInner ? [a] : scaled(a) {
      if isInner {
        inside += factors(part, index, nil, next: index + 1, depth: depth, &builder)
      } else if builder.extent(part).contains(.columns) {
        inside += factors(part, place.row, index, next: index + 1, depth: depth, &builder)
      } else {
        outside += factors(part, place.row, nil, next: place.next, depth: depth, &builder)
      }
    }
    inside += factors(b, index, place.column, next: index + 1, depth: depth, &builder)
    return outside + [builder.composer.summation("Σ", over: letter(index), joined(inside, &builder))]
  }

  private func scaled(_ id: NodeID) -> [NodeID] { if case .product(let factors) = store[id] { factors } else { [id] } }

  /// `Σ_l M_lk`, `mean_l M_lk`.
  private mutating func reduced(
    _ operation: Operator.ID, _ a: NodeID, _ place: Place, _ depth: Int, _ builder: inout MathTreeBuilder
  ) -> [Composed] {
    let name = OperatorTable[operation].name
    guard name == "sum" || name == "mean" else { return [elementwise(place, &builder)] }
    let index = place.next
    run(index, over: [(a, .rows)])
    let inner = value(a, index, place.column, next: index + 1, depth: depth, &builder)
    return [builder.composer.summation(name == "sum" ? "Σ" : name, over: letter(index), inner)]
  }
}
