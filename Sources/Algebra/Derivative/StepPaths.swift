/// One step between the states of a recurrence, M[t] = ∂S[t]/∂S[t-1] as in `StateJacobian`, split by what its paths
/// pass through: the parts of a block add up to the block, so the classes of paths of many steps partition the
/// derivative exactly, whatever the number of steps.
///
/// A path goes from a member of S[t-1] through variables at time t to a member of S[t], and each of its edges is the
/// derivative of one equation by one of its operands. What it passes through is a set of groups of `PathClasses`; sets
/// of steps that follow each other are joined.
public final class StepPaths {
  public typealias Visited = UInt64
  public typealias Member = StateJacobian.Member

  public struct Part: Sendable {
    public var row: Int
    public var column: Int
    /// The groups that the paths enter, from after the column's member up to the row's.
    public var visited: Visited
    public var map: Map
  }

  /// What one block, or one block of E, is computed by.
  private struct Block {
    var row: Int
    /// A member of the step before; of E nil.
    var column: Int?
    var source: Atom
    var target: Atom
    /// Atoms in order after the source, each with its edges: operands and what they are multiplied by.
    var edges: [(atom: Atom, from: [(operand: Atom, factor: NodeID)])]
  }

  public let recurrence: Recurrence
  /// All values that a later step reads: of a state with delays up to D those of D times.
  public let members: [Member]
  private let blocks: [Block]
  /// By the state that E is by.
  private let entries: [SymbolID: [Block]]
  private let classes: PathClasses
  private let equations: AtomEquations
  /// By each state, the text of what one step multiplies by along the path through no other variable: `f[t]`.
  public let direct: [SymbolID: String]

  /// - Throws: `DerivativeFailure` if a state is a matrix, or later times are read; `Interruption`.
  public init(_ recurrence: Recurrence, isInterrupted: @escaping () -> Bool = { false }) throws {
    guard recurrence.longestLead == 0 else { throw DerivativeFailure.noProduct(.readsLater) }
    self.recurrence = recurrence
    let members = StateJacobian.delays(recurrence).flatMap { entry in
      (0..<entry.delay).map { Member(symbol: entry.symbol, delay: $0) }
    }
    self.members = members
    let fresh = members.indices.filter { members[$0].delay == 0 }
    var direct: [SymbolID: String] = [:]
    var blocks: [Block] = []
    for (column, member) in members.enumerated() {
      let held = members.filter { $0 != member }.map { Held(symbol: $0.symbol, shift: -1 - $0.delay) }
      let cut = Cut(symbol: member.symbol, shift: -1 - member.delay, held: held)
      for row in fresh {
        if isInterrupted() { throw Interruption() }
        var reach = Reach(recurrence, cut: cut)
        guard reach.reaches(members[row].symbol, shift: 0) else { continue }
        guard let graph = try Self.graph(recurrence, of: members[row].symbol, cut, isInterrupted) else { continue }
        blocks.append(try Self.block(graph, row: row, column: column))
        let target = graph.derivation.target
        if row == column, graph.operands[target]?.contains(graph.source) == true {
          var notation = TextNotation(recurrence.store)
          direct[member.symbol] = notation.derivative(try graph.expression(of: [graph.source, target]))
        }
      }
    }
    var entries: [SymbolID: [Block]] = [:]
    for source in fresh.map({ members[$0].symbol }) {
      let cut = Cut(symbol: source, shift: 0)
      for row in fresh where members[row].symbol != source {
        var reach = Reach(recurrence, cut: cut)
        guard reach.reaches(members[row].symbol, shift: 0),
          let graph = try Self.graph(recurrence, of: members[row].symbol, cut, isInterrupted)
        else { continue }
        entries[source, default: []].append(try Self.block(graph, row: row, column: nil))
      }
    }
    self.blocks = blocks
    self.entries = entries
    self.direct = direct
    equations = AtomEquations(recurrence, isInterrupted: isInterrupted)
    let met = Set((blocks + entries.values.joined()).flatMap { $0.edges.map(\.atom.symbol) })
    let fine = PathClasses(recurrence, met: met, ends: [], isCoarse: false)
    let moves = Self.moves(blocks, members, fine)
    let isFine =
      fine.groups.count <= 60
      && fresh.allSatisfy { index in
        Self.sets(at: index, members, moves, fine, most: Self.mostSets) != nil
      }
    classes = isFine ? fine : PathClasses(recurrence, met: met, ends: [], isCoarse: true)
  }

  /// Where paths may pass through more sets of groups than this, they are told apart only by whether they pass through
  /// other states, and through gates.
  private static let mostSets = 12

  private static func graph(
    _ recurrence: Recurrence, of symbol: SymbolID, _ cut: Cut, _ isInterrupted: @escaping () -> Bool
  ) throws -> TangentGraph? {
    let derivation = try Derivation(recurrence, of: symbol, shift: 0, cut: cut, isInterrupted: isInterrupted)
    return derivation.isZero ? nil : try TangentGraph(derivation)
  }

  private static func block(_ graph: TangentGraph, row: Int, column: Int?) throws -> Block {
    let edges = try graph.order.filter { $0 != graph.source }.map { atom in
      (atom, try (graph.operands[atom] ?? []).map { ($0, try graph.factor(to: atom, from: $0)) })
    }
    return Block(row: row, column: column, source: graph.source, target: graph.derivation.target, edges: edges)
  }

  // MARK: Classes

  /// The sets of groups that the paths of each block pass through.
  private static func moves(
    _ blocks: [Block], _ members: [Member], _ classes: PathClasses
  ) -> [(row: Int, column: Int, visited: Set<Visited>)] {
    blocks.compactMap { block in
      guard let column = block.column else { return nil }
      var sets: [Atom: Set<Visited>] = [block.source: [Visited(0)]]
      for (atom, from) in block.edges {
        let before = from.reduce(into: Set<Visited>()) { $0.formUnion(sets[$1.operand] ?? []) }
        sets[atom] = Set(before.map { classes.visited($0, entering: atom) })
      }
      return (block.row, column, sets[block.target] ?? [])
    }
  }

  /// All sets that paths from anywhere to a state may have passed through; nil if they are more than `most`.
  private static func sets(
    at end: Int, _ members: [Member], _ moves: [(row: Int, column: Int, visited: Set<Visited>)],
    _ classes: PathClasses, most: Int
  ) -> Set<Visited>? {
    let own = classes.bit(of: members[end].symbol)
    var sets: [Int: Set<Visited>] = [end: [0]]
    var waiting: [(Int, Visited)] = [(end, 0)]
    while let (row, before) = waiting.popLast() {
      for (column, visited) in steps(from: row, members, moves) {
        let after = (before | visited | classes.bit(of: members[column].symbol)) & ~own
        if sets[column, default: []].insert(after).inserted { waiting.append((column, after)) }
        if sets[column, default: []].count > most { return nil }
      }
    }
    return sets[end]
  }

  private static func steps(
    from row: Int, _ members: [Member], _ moves: [(row: Int, column: Int, visited: Set<Visited>)]
  ) -> [(column: Int, visited: Visited)] {
    if members[row].delay > 0 {
      let earlier = Member(symbol: members[row].symbol, delay: members[row].delay - 1)
      guard let column = members.firstIndex(of: earlier) else { return [] }
      return [(column: column, visited: Visited(0))]
    }
    return moves.filter { $0.row == row }.flatMap { move in move.visited.map { (move.column, $0) } }
  }

  /// What entering a variable adds to a set.
  public func bit(of symbol: SymbolID) -> Visited { classes.bit(of: symbol) }

  /// `c alone`, `through h; f, i or g`.
  public func name(_ visited: Visited, of symbol: SymbolID) -> String {
    classes.name(visited, ends: [recurrence.store[symbol].name])
  }

  // MARK: Numbers

  /// The blocks at one time, along what a net did.
  public struct Moment {
    fileprivate let evaluator: TangentEvaluator<RealNumbers>
    fileprivate let time: Int
    fileprivate let read: (SymbolID, Int) -> Matrix
    fileprivate let multiply: (Matrix, Matrix) -> Matrix
    fileprivate let isHeld: (SymbolID, Int) -> Bool
  }

  /// - Parameters:
  ///   - shapes: with all widths known.
  ///   - multiply: the product of two matrices.
  ///   - isHeld: whether a variable's value is given at an absolute time, whatever its equation says.
  ///   - read: a symbol at an absolute time; parameters at any.
  public func moment(
    at time: Int, shapes: ShapeSolution, multiply: @escaping (Matrix, Matrix) -> Matrix,
    isHeld: @escaping (SymbolID, Int) -> Bool = { _, _ in false },
    read: @escaping (SymbolID, Int) -> Matrix
  ) -> Moment {
    let evaluator = TangentEvaluator(
      NodeEvaluator(recurrence: recurrence, numbers: RealNumbers(), shapes: shapes, read: read),
      equations: equations, time: time
    ) { symbol in read(symbol, time).map { _ in 0 } }
    return Moment(evaluator: evaluator, time: time, read: read, multiply: multiply, isHeld: isHeld)
  }

  /// M[t], in parts. Rows of values that are only carried over have none.
  public func parts(_ moment: Moment) throws -> [Part] {
    try blocks.flatMap { block in
      try tables(block, moment).map { Part(row: block.row, column: block.column ?? 0, visited: $0.0, map: $0.1) }
    }
  }

  /// ∂S[t]/∂w[t] at the same time, in parts, for a state w: w itself is left out. `column` says nothing.
  public func entries(by symbol: SymbolID, _ moment: Moment) throws -> [Part] {
    try (entries[symbol] ?? []).flatMap { block in
      try tables(block, moment).map { Part(row: block.row, column: 0, visited: $0.0, map: $0.1) }
    }
  }

  private func tables(_ block: Block, _ moment: Moment) throws -> [(Visited, Map)] {
    var tables: [Atom: [Visited: Map]] = [:]
    for (atom, from) in block.edges {
      var table: [Visited: Map] = [:]
      for (operand, node) in from {
        let factor = try factor(node, atom, operand, moment)
        let carried: [(Visited, Map)]
        if operand == block.source {
          carried = [(Visited(0), factor)]
        } else {
          carried = Self.ordered(tables[operand]).map { ($0.0, factor.times($0.1, moment.multiply)) }
        }
        for (before, part) in carried {
          let after = classes.visited(before, entering: atom)
          table[after] = table[after].map { $0.plus(part) } ?? part
        }
      }
      tables[atom] = table
    }
    return Self.ordered(tables[block.target])
  }

  /// Always in the same order, so that sums are the same to the last bit.
  private static func ordered(_ table: [Visited: Map]?) -> [(Visited, Map)] {
    (table ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// 0 where the variable is held: nothing moves it.
  private func factor(_ node: NodeID, _ atom: Atom, _ operand: Atom, _ moment: Moment) throws -> Map {
    let rows = moment.read(atom.symbol, moment.time + atom.shift).rows
    let columns = moment.read(operand.symbol, moment.time + operand.shift).rows
    if moment.isHeld(atom.symbol, moment.time + atom.shift) { return Map(Matrix(rows: rows, columns: columns)) }
    let value = try moment.evaluator.evaluate(node)
    let isWhole = value.rows == rows && value.columns == columns
    return Map(isWhole ? value : Matrix(rows: rows, columns: columns).combined(value) { $1 })
  }
}
