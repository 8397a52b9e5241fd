/// The parameters of one cell from those of another, by relations between sums of their blocks.
///
/// Each relation is solved for a block that nothing else has set; other blocks of the same sum become 0 (of two biases
/// that are added only the sum counts). A relation of blocks that are all set already would be a condition on the other
/// cell's parameters, so then there is no map.
struct ParameterMap {
  private struct Assignment {
    var target: CellMatcher.Relation.Item
    var sources: [CellMatcher.Relation.Item]
  }

  private let from: Recurrence
  private let to: Recurrence
  private var assignments: [Assignment] = []

  /// - Parameter relations: sums of the source's blocks, and of the target's.
  init?(
    from: Recurrence, to: Recurrence,
    _ relations: [(source: [CellMatcher.Relation.Item], target: [CellMatcher.Relation.Item])]
  ) {
    self.from = from
    self.to = to
    var taken: Set<Position> = []
    for (source, target) in relations {
      if target.isEmpty {
        // Something of the source has no counterpart.
        guard source.isEmpty else { return nil }
        continue
      }
      if target.count == 1, source.count == 1, Position(target[0].node, in: to) == nil {
        guard let pairs = ParameterMap.corresponding(source[0], target[0], from, to) else { return nil }
        for (a, b) in pairs {
          guard let position = Position(b, in: to), taken.insert(position).inserted else { return nil }
          assignments.append(
            Assignment(
              target: CellMatcher.Relation.Item(factor: 1, node: b),
              sources: [CellMatcher.Relation.Item(factor: 1, node: a)]))
        }
        continue
      }
      var free: CellMatcher.Relation.Item?
      for item in target {
        guard let position = Position(item.node, in: to), taken.insert(position).inserted else { return nil }
        if free == nil { free = item }
      }
      guard let free else { return nil }
      assignments.append(Assignment(target: free, sources: source))
    }
  }

  /// Where a block lies: the same block may be written by several nodes.
  private struct Position: Hashable {
    var symbol: SymbolID
    var columns: [Int]
    var rows: [SymbolID]
    var isTransposed: Bool

    init?(_ node: NodeID, in recurrence: Recurrence) {
      var node = node
      columns = []
      rows = []
      isTransposed = false
      if case .rows(let inner, let target, _) = recurrence.store[node] {
        rows = [target]
        node = inner
      }
      if case .block(let matrix, let part, let whole) = recurrence.store[node] {
        guard case .concatenate(let parts) = recurrence.store[whole], let index = parts.firstIndex(of: part) else {
          return nil
        }
        columns = [index]
        node = matrix
      }
      if case .transpose(let inner) = recurrence.store[node] {
        isTransposed = true
        node = inner
      }
      guard case .read(let symbol, _) = recurrence.store[node], recurrence.store[symbol].kind == .parameter else {
        return nil
      }
      self.symbol = symbol
    }
  }

  /// Parameters at the same places of two expressions of one form.
  private static func corresponding(
    _ source: CellMatcher.Relation.Item, _ target: CellMatcher.Relation.Item, _ from: Recurrence, _ to: Recurrence
  ) -> [(NodeID, NodeID)]? {
    guard source.factor == target.factor else { return nil }
    var pairs: [(NodeID, NodeID)] = []
    var rest = [(source.node, target.node)]
    var seen: Set<NodeID> = []
    while let (a, b) = rest.popLast() {
      guard seen.insert(b).inserted else { continue }
      switch (from.store[a], to.store[b]) {
      case (.read(let symbol, _), .read(let other, _)):
        switch (from.store[symbol].kind, to.store[other].kind) {
        case (.parameter, .parameter): pairs.append((a, b))
        case (.derivedParameter, .derivedParameter):
          guard let own = from.equation(of: symbol), let counterpart = to.equation(of: other),
            own.targets.count == 1, counterpart.targets.count == 1
          else { return nil }
          rest.append((own.body, counterpart.body))
        case (.constant, .constant):
          guard from.constants[symbol] == to.constants[other] else { return nil }
        default: return nil
        }
      case (.block(let matrix, let part, let whole), .block(let other, let otherPart, let otherWhole)):
        guard case .concatenate(let parts) = from.store[whole],
          case .concatenate(let otherParts) = to.store[otherWhole],
          parts.firstIndex(of: part) == otherParts.firstIndex(of: otherPart)
        else { return nil }
        rest.append((matrix, other))
      case (.identity, .identity): continue
      case (let node, let other):
        // The same operation, on operands of its own.
        let none = NodeID(index: 0)
        let counts = (node.operands.count, other.operands.count)
        guard counts.0 == counts.1, node.mapOperands({ _ in none }) == other.mapOperands({ _ in none }) else {
          return nil
        }
        rest += zip(node.operands, other.operands)
      }
    }
    return pairs
  }

  /// All parameters of the target, as matrices.
  func values<Numbers: NumberSystem>(
    _ known: Trajectory<Numbers>, shapes: ShapeSolution, numbers: Numbers
  ) -> [SymbolID: Grid<Numbers.Number>] {
    var result: [SymbolID: Grid<Numbers.Number>] = [:]
    for symbol in to.parameters {
      let sides = shapes.symbols[symbol]?.dimensions.map { $0.number ?? 1 } ?? []
      result[symbol] = Grid(
        rows: sides.first ?? 1, columns: sides.count > 1 ? sides[1] : 1, repeating: numbers.zero)
    }
    for assignment in assignments {
      var total: Grid<Numbers.Number>?
      for item in assignment.sources {
        let factor = Decimal(item.factor / assignment.target.factor).map(numbers.number) ?? numbers.one
        let value = known.evaluate(item.node, time: 1).map { numbers.product(factor, $0) }
        total = total.map { $0.combined(value, numbers.sum) } ?? value
      }
      if let total { place(total, at: assignment.target.node, in: &result, shapes) }
    }
    return result
  }

  private func place<Number>(
    _ value: Grid<Number>, at node: NodeID, in result: inout [SymbolID: Grid<Number>], _ shapes: ShapeSolution
  ) {
    guard let position = Position(node, in: to), var whole = result[position.symbol] else { return }
    func width(_ id: NodeID) -> Int { shapes.nodes[id]?.dimensions.first?.number ?? 1 }
    var (row, column) = (0, 0)
    var inner = node
    if case .rows(let matrix, let target, let targets) = to.store[inner] {
      for other in targets.prefix(while: { $0 != target }) {
        row += shapes.symbols[other]?.dimensions.first?.number ?? 1
      }
      inner = matrix
    }
    if case .block(_, let part, let concatenation) = to.store[inner],
      case .concatenate(let parts) = to.store[concatenation]
    {
      for other in parts.prefix(while: { $0 != part }) { column += width(other) }
    }
    let source = position.isTransposed ? value.transposed : value
    if position.isTransposed { swap(&row, &column) }
    for i in 0..<source.rows where row + i < whole.rows {
      for j in 0..<source.columns where column + j < whole.columns { whole[row + i, column + j] = source[i, j] }
    }
    result[position.symbol] = whole
  }
}
