/// Builds the adjoint of a recurrence in a store of its own, in which the forward variables are inputs.
final class AdjointBuilder {
  let forward: Recurrence
  /// What its shapes are with the widths that were set; while it is worked on they have their names.
  let settled: ShapeSolution
  let store = Store()
  let ranks: NodeRanks
  let writer: ShareWriter
  let rules: TangentRules
  var names: AdjointNames
  /// The forward symbols, and their copies here.
  private(set) var image: [SymbolID: SymbolID] = [:]
  private(set) var origin: [SymbolID: SymbolID] = [:]
  /// The forward equations and starts, copied.
  private(set) var bodies: [(targets: [SymbolID], root: NodeID)] = []
  private(set) var starts: [(symbol: SymbolID, time: Int, root: NodeID)] = []
  /// The shapes of forward nodes, and the equation in which each first stands.
  private(set) var shapes: [NodeID: Shape] = [:]
  private(set) var owner: [NodeID: Int] = [:]
  /// Whether a node depends on anything that has an adjoint.
  private(set) var varies: Set<NodeID> = []
  /// δv of each symbol, as it is asked for.
  private(set) var adjoints: [SymbolID: SymbolID] = [:]
  /// Names of parts of bodies: of the value, if it is read again, and of its adjoint.
  private(set) var partNames: [NodeID: String] = [:]
  /// The vectors `[h, x]` that a parameter multiplies, and how often a part of each name stands in them.
  private var operands: [NodeID: Set<NodeID>] = [:]
  private var partNumbers: [NodeID: [String: Int]] = [:]

  /// A share of the adjoint of a symbol that an equation reads, before it is shifted.
  struct Record {
    var equation: Int?
    var symbol: SymbolID
    var shift: Int
    /// It stands for each time; else it is a sum over all times, or of such.
    var isTimed: Bool
    var shares: [Share]
  }
  var records: [Record] = []
  /// The symbols on which the result depends.
  var active: Set<SymbolID> = []
  var recordsBySymbol: [SymbolID: [Record]] = [:]

  /// An equation of the reversed cell that is no adjoint of a symbol: a part that is read several times, or split.
  struct Line {
    var targets: [SymbolID]
    var isTimed = true
    /// At each time (or, of a sum over all times, what is added to it).
    var shares: [Share] = []
    /// Summed over all times.
    var summed: [Share] = []
    /// Of a split: what its targets are as wide as.
    var parts: [NodeID] = []
    /// The forward equation that it belongs to.
    var equation: Int?
  }
  var lines: [Line] = []
  /// Values of the forward pass that are named to be read again.
  var recalled: [(symbol: SymbolID, node: NodeID)] = []
  /// The adjoints of starts at a time: of learned ones, and of those that are made of parameters.
  var startAdjoints: [(state: SymbolID, time: Int, symbol: SymbolID, isLearned: Bool)] = []
  /// The equations whose value is what is differentiated, if the cell has any.
  private(set) var losses: [Int] = []

  private let isInterrupted: () -> Bool

  /// - Throws: `Interruption`.
  init(_ cell: Recurrence, isInterrupted: @escaping () -> Bool) throws {
    self.isInterrupted = isInterrupted
    var forward = cell
    forward.widths = []
    do {
      forward.shapes = try forward.solvedShapes { if isInterrupted() { throw Interruption() } }
    } catch let stop as Interruption {
      throw stop
    } catch {
      forward.shapes = cell.shapes
    }
    self.forward = forward
    settled = cell.shapes
    ranks = NodeRanks(store: store, shapes: ShapeSolution())
    writer = ShareWriter(store: store, ranks: ranks)
    rules = TangentRules(store: store, ranks: ranks, isJacobian: false)
    names = AdjointNames(forward.store.symbols.map(\.name))
    ranks.shapes.widthNames = forward.shapes.widthNames
    copySymbols()
    copyBodies()
    losses = findLosses()
  }

  // MARK: The copy

  private func copySymbols() {
    let derived = forward.equations.flatMap(\.targets).filter { forward.store[$0].kind == .derivedParameter }
    for old in forward.inputs + forward.variables + forward.parameters + derived + forward.constants.keys.sorted() {
      var symbol = forward.store[old]
      if symbol.kind == .variable { symbol.kind = .input }
      let new = store.add(symbol)
      image[old] = new
      origin[new] = old
      ranks.shapes.symbols[new] = forward.shapes.symbols[old]
    }
  }

  private func copyBodies() {
    let roots = forward.equations.map(\.body) + forward.starts.map(\.value)
    let nodes = forward.store.rewrite(roots, into: store) { node in
      if case .read(let old, let shift) = node, let new = self.image[old] {
        return self.store.insert(.read(new, shift: shift))
      }
      return nil
    }
    for (old, new) in nodes { shapes[new] = forward.shapes.nodes[old] }
    bodies = forward.equations.map { ($0.targets.compactMap { image[$0] }, nodes[$0.body] ?? $0.body) }
    starts = forward.starts.compactMap { start in
      image[start.symbol].map { ($0, start.time, nodes[start.value] ?? start.value) }
    }
    for (index, body) in (bodies.map(\.root) + starts.map(\.root)).enumerated() {
      for id in store.closure(of: [body]) {
        if owner[id] == nil { owner[id] = index }
        noteParts(of: id)
        if isVarying(id) { varies.insert(id) }
      }
    }
  }

  private func isVarying(_ id: NodeID) -> Bool {
    switch store[id] {
    case .read(let symbol, _): store[symbol].kind != .constant
    case .block(let matrix, _, _): varies.contains(matrix)
    case let node: node.operands.contains(where: varies.contains)
    }
  }

  /// `W[h]` says which columns are meant if one part of all that W multiplies is called h.
  private func noteParts(of id: NodeID) {
    guard case .matrixProduct(let left, let whole) = store[id], case .concatenate(let parts) = store[whole] else {
      return
    }
    // In (V + W) · [h, x] too [h, x] stands in the gradient of W.
    for matrix in store.closure(of: [left]) {
      guard case .read(let symbol, _) = store[matrix], ranks.shapes.symbols[symbol]?.rank == 2,
        operands[matrix, default: []].insert(whole).inserted
      else { continue }
      var notation = TextNotation(store)
      for part in parts { partNumbers[matrix, default: [:]][notation.blockName(part, of: whole), default: 0] += 1 }
    }
  }

  /// Longer ones are no names any more.
  private static let longestPartName = 32

  /// Whether `W[h]` can be written and read back.
  func isNamed(_ matrix: NodeID, _ part: NodeID, of whole: NodeID) -> Bool {
    var notation = TextNotation(store)
    let name = notation.blockName(part, of: whole)
    guard name.count <= AdjointBuilder.longestPartName, partNumbers[matrix]?[name] == 1 else { return false }
    // Without its times a vector in brackets has no text.
    return !store.closure(of: [part]).contains { if case .concatenate = store[$0] { true } else { false } }
  }

  /// Numbers that are sums over all times, and that nothing else is made of: what the cell is trained to make small.
  private func findLosses() -> [Int] {
    let totals = forward.equationsOfTotals
    var read: Set<SymbolID> = []
    for id in store.closure(of: bodies.map(\.root)) { if case .read(let symbol, _) = store[id] { read.insert(symbol) } }
    return bodies.indices.filter { index in
      totals.contains(index)
        && bodies[index].targets.allSatisfy { ranks.shapes.symbols[$0]?.rank == 0 && !read.contains($0) }
    }
  }

  func poll() throws { if isInterrupted() { throw Interruption() } }

  // MARK: Symbols and names

  /// A new variable of the reversed cell (or, without a time, a parameter made of others), with its shape.
  func add(_ name: String, isTimed: Bool, shape: Shape?) -> SymbolID {
    let symbol = store.add(Symbol(name: name, kind: isTimed ? .variable : .derivedParameter))
    ranks.shapes.symbols[symbol] = shape
    return symbol
  }

  func read(_ symbol: SymbolID, shift: Int = 0) -> NodeID { store.insert(.read(symbol, shift: shift)) }

  func isTimed(_ symbol: SymbolID) -> Bool {
    store[symbol].kind == .input || store[symbol].kind == .variable
  }

  /// δv.
  func adjoint(of symbol: SymbolID) -> SymbolID {
    if let known = adjoints[symbol] { return known }
    let new = add(
      names.adjoint(of: store[symbol].name), isTimed: isTimed(symbol), shape: ranks.shapes.symbols[symbol])
    adjoints[symbol] = new
    return new
  }

  /// The name of a part of a body: `a_f` if it is what f's activation is applied to.
  func partName(_ id: NodeID) -> String {
    if let known = partNames[id] { return known }
    let index = owner[id] ?? 0
    let target = index < bodies.count ? bodies[index].targets.first : starts[index - bodies.count].symbol
    let root = index < bodies.count ? bodies[index].root : starts[index - bodies.count].root
    let isArgument = store.closure(of: [root]).contains { node in
      if case .apply(_, let arguments) = store[node] {
        arguments.contains(id) || arguments.contains(negative(of: id))
      } else {
        false
      }
    }
    let name = names.part(of: target.map { store[$0].name } ?? "q", isArgument: isArgument)
    partNames[id] = name
    return name
  }

  private func negative(of id: NodeID) -> NodeID { store.insert(.sum([Term(id, isNegative: true)])) }
}
