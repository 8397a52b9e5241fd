/// A proof by counting that no parameters make one cell another.
///
/// At width 1 the outputs of a cell at some inputs are a function of its parameters. Where the Jacobian of that function
/// has rank r, the cell has at least r dimensions of different behaviour. A cell of n parameters has at most n: with
/// n < r it cannot do all that the other does. The rank is that of an elimination with error bounds, so it is not less
/// than what is found, for all rounding.
public struct RankDifference: Sendable {
  /// The first cell is the one that can do more.
  public var isFirstLarger: Bool
  /// How many parameters of one its outputs follow independently, at least.
  public var rank: Int
  /// How many parameters the other has.
  public var count: Int

  private typealias Number = BoundedNumbers.Number
  /// Cells with more parameters at width 1 are not tried.
  private static let mostEntries = 80
  private static let steps = 8

  /// - Throws: `Interruption`.
  static func find(
    _ first: Recurrence, _ second: Recurrence, isInterrupted: @escaping () -> Bool
  ) throws -> RankDifference? {
    for (larger, smaller, isFirst) in [(first, second, true), (second, first, false)] {
      guard let shapes = widthOne(larger), let count = count(smaller, beside: larger, shapes) else { continue }
      do {
        let rank = try rank(larger, shapes, beyond: count, isInterrupted)
        if rank > count { return RankDifference(isFirstLarger: isFirst, rank: rank, count: count) }
      } catch is DerivativeFailure { continue } catch is ShapeError { continue }
    }
    return nil
  }

  private static func widthOne(_ cell: Recurrence) -> ShapeSolution? {
    // A start that depends on a parameter would have a tangent, which is taken to be 0.
    let isFree = cell.starts.allSatisfy { start in cell.store.variation(start.value) == .never }
    return isFree ? try? Judge.smallShapes(cell, sets: [[1]]).first : nil
  }

  /// How many numbers a cell has at width 1; nil if that is open, or if it has not the same widths there.
  private static func count(_ cell: Recurrence, beside other: Recurrence, _ otherShapes: ShapeSolution) -> Int? {
    let ends = Set((cell.inputs + cell.outputs).map { cell.store[$0].name })
    // Inner widths may be any, so there may be any number of parameters.
    guard cell.shapes.openWidths.allSatisfy(ends.contains), let shapes = widthOne(cell) else { return nil }
    func sides(_ symbol: SymbolID, _ shapes: ShapeSolution) -> [Int] {
      shapes.symbols[symbol]?.dimensions.map { $0.number ?? 1 } ?? []
    }
    let isAlike = zip(cell.inputs + cell.outputs, other.inputs + other.outputs).allSatisfy {
      sides($0, shapes) == sides($1, otherShapes)
    }
    guard isAlike else { return nil }
    return (cell.parameters + cell.learnedStarts).reduce(0) { $0 + sides($1, shapes).reduce(1, *) }
  }

  // MARK: Rank

  /// An entry of a parameter.
  private struct Entry {
    var symbol: SymbolID
    var position: Int
  }

  private static func rank(
    _ cell: Recurrence, _ shapes: ShapeSolution, beyond count: Int, _ isInterrupted: @escaping () -> Bool
  ) throws -> Int {
    let entries = cell.parameters.flatMap { symbol in
      let size = shapes.symbols[symbol]?.dimensions.reduce(1) { $0 * ($1.number ?? 1) } ?? 1
      return (0..<size).map { Entry(symbol: symbol, position: $0) }
    }
    guard entries.count > count, entries.count <= mostEntries else { return 0 }
    let numbers = BoundedNumbers()
    let stream = Box(RandomStream(seed: 61))
    let equations = AtomEquations(cell, isInterrupted: isInterrupted)
    var parameters: [SymbolID: Grid<Number>] = [:]
    var columns = [[Number]](repeating: [], count: entries.count)
    // Several short sequences say more than a long one, at whose end the first inputs are forgotten.
    for _ in 0...(entries.count / steps + 1) {
      let trajectory = try Trajectory(
        cell, shapes: shapes, numbers: numbers, end: steps, starts: .declared,
        given: { symbol, time in parameters[symbol] }
      ) { numbers.exact(stream.value.uniform(-2, 2)) }
      for symbol in cell.parameters { parameters[symbol] = trajectory.value(symbol, 1) }
      for (index, entry) in entries.enumerated() {
        if isInterrupted() { throw Interruption() }
        columns[index] += try slopes(cell, shapes, trajectory, equations, by: entry)
      }
    }
    return rank(of: columns, beyond: count)
  }

  /// The outputs' derivatives by an entry, at every time of a sequence.
  private static func slopes(
    _ cell: Recurrence, _ shapes: ShapeSolution, _ trajectory: Trajectory<BoundedNumbers>, _ equations: AtomEquations,
    by entry: Entry
  ) throws -> [Number] {
    let numbers = trajectory.numbers
    let evaluator = TangentEvaluator(
      NodeEvaluator(recurrence: cell, numbers: numbers, shapes: shapes, read: trajectory.value),
      equations: equations, time: steps, lastTime: steps
    ) { symbol in
      var direction = trajectory.value(symbol, 1).map { _ in numbers.zero }
      direction.values[entry.position] = numbers.one
      return direction
    }
    let cut = Cut(symbol: entry.symbol, shift: 0)
    return try cell.outputs.flatMap { output in
      try (0..<steps).flatMap { back in
        try evaluator.evaluate(cell.store.insert(.atom(Atom(symbol: output, shift: -back, cut: cut)))).values
      }
    }
  }

  /// By elimination, the largest entry that is left being the next pivot, as long as it is surely not 0.
  private static func rank(of columns: [[Number]], beyond count: Int) -> Int {
    let numbers = BoundedNumbers()
    var columns = columns
    var rank = 0
    while rank <= count {
      var best: (column: Int, row: Int, size: Double)?
      for (column, entries) in columns.enumerated() {
        for (row, entry) in entries.enumerated()
        where entry.bound.isFinite && abs(entry.value) > 1000 * entry.bound && abs(entry.value) > best?.size ?? 0 {
          best = (column, row, abs(entry.value))
        }
      }
      guard let best else { return rank }
      rank += 1
      let pivot = columns.remove(at: best.column)
      for column in columns.indices {
        let factor = numbers.quotient(columns[column][best.row], pivot[best.row])
        for row in pivot.indices {
          columns[column][row] = numbers.difference(columns[column][row], numbers.product(factor, pivot[row]))
        }
        columns[column][best.row] = numbers.zero
      }
    }
    return rank
  }
}
