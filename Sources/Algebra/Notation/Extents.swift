/// Whether a value has rows, columns or both.
struct Extent: OptionSet, Hashable, Sendable {
  let rawValue: UInt8
  static let rows = Extent(rawValue: 1)
  static let columns = Extent(rawValue: 2)
  static let number: Extent = []
  static let vector: Extent = [.rows]
  /// A transposed vector, or what is left of a Jacobian when its rows are summed.
  static let row: Extent = [.columns]
  static let matrix: Extent = [.rows, .columns]

  init(rawValue: UInt8) { self.rawValue = rawValue }
  init(rank: Int) { self = rank == 0 ? .number : rank == 1 ? .vector : .matrix }

  var transposed: Extent {
    self == .rows ? .row : self == .columns ? .vector : self
  }
}

/// The extents of nodes, those that derivations make included, from the shapes of symbols.
///
/// A derivative has rows if what is derived is a vector, and columns if what it is by is one; sums and means of a
/// derivative go column by column, so that a row stays.
struct Extents {
  let store: Store
  let shapes: ShapeSolution
  private var known: [NodeID: Extent] = [:]

  init(_ recurrence: Recurrence) {
    store = recurrence.store
    shapes = recurrence.shapes
  }

  subscript(_ id: NodeID) -> Extent { known[id] ?? .number }

  /// Nil for a node that was not measured.
  func known(_ id: NodeID) -> Extent? { known[id] }

  /// Finds the extents of nodes, operands first.
  mutating func measure(_ order: [NodeID]) {
    for id in order where known[id] == nil { known[id] = extent(of: store[id]) }
  }

  func rank(_ symbol: SymbolID) -> Int { shapes.symbols[symbol]?.rank ?? 0 }

  /// What is derived by a variable gets a column for each of its entries; a differential is as what it is of.
  private func derivative(of extent: Extent, by cut: SymbolID) -> Extent {
    store[cut].isTimed && rank(cut) > 0 ? extent.union(.columns) : extent
  }

  private func extent(of node: Node) -> Extent {
    switch node {
    case .number, .constant, .time: return .number
    case .identity, .block: return .matrix
    case .read(let symbol, _): return Extent(rank: rank(symbol))
    case .seed(let symbol): return derivative(of: Extent(rank: rank(symbol)), by: symbol)
    case .atom(let atom): return derivative(of: Extent(rank: rank(atom.symbol)), by: atom.cut.symbol)
    case .derivative(let a, let cut): return derivative(of: self[a], by: cut.symbol)
    case .transpose(let a): return self[a].transposed
    case .reduced(_, let a): return self[a].intersection(.columns)
    case .total(let a), .rows(let a, _, _), .zeros(let a), .named(let a, _, _): return self[a]
    case .concatenate(let parts): return parts.reduce(.vector) { $0.union(self[$1]) }
    case .sum, .product, .quotient, .power: return node.operands.reduce(.number) { $0.union(self[$1]) }
    case .matrixProduct(let a, let b): return Extents.product(self[a], self[b])
    case .apply(let operation, let arguments):
      let joined = arguments.reduce(Extent.number) { $0.union(self[$1]) }
      switch OperatorTable[operation].shape {
      case .reduction: return .number
      case .rows: return joined.intersection(.rows)
      case .elementwise, .vector: return joined
      }
    }
  }

  /// `A · b`: a number scales, two vectors make a number.
  static func product(_ a: Extent, _ b: Extent) -> Extent {
    if a == .number { return b }
    if b == .number { return a }
    if a == .vector, b == .vector { return .number }
    if a == .vector, b == .matrix { return .matrix }
    return a.intersection(.rows).union(b.intersection(.columns))
  }
}

extension Symbol {
  /// Varies with time, so that a derivative by it has columns.
  package var isTimed: Bool { kind == .variable || kind == .input }
}
