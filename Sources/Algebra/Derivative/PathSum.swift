/// A derivative as the sum over its paths: each by itself if there are few, else by classes.
public final class PathSum {
  public struct Part {
    public var name: String
    /// How many paths it is the sum of.
    public var paths: Double
    /// The expression, for a single path.
    public var expression: NodeID?
    fileprivate var word: [Atom] = []
    fileprivate var visited: PathClasses.Visited = 0
  }

  public let graph: TangentGraph
  public let pathCount: Double
  public let parts: [Part]
  /// The parts are classes of paths.
  public let isByClasses: Bool
  private let classes: PathClasses?

  /// The most paths that are named one by one.
  public static let most = 64
  /// The longest path whose expression is written out.
  private static let longest = 60

  /// - Throws: `DerivativeFailure`.
  public init(_ derivation: Derivation) throws {
    graph = try TangentGraph(derivation)
    pathCount = graph.pathCount
    isByClasses = pathCount > Double(PathSum.most)
    let store = derivation.recurrence.store
    guard isByClasses else {
      classes = nil
      let graph = graph
      parts = try graph.paths().map { word in
        let names = word.map { atom in
          derivation.subject != nil && atom == derivation.target
            ? Derivation.expressionName : TextNotation.read(store[atom.symbol], shift: atom.shift)
        }
        let name = (names.count <= 40 ? names : names.prefix(4) + ["…"] + names.suffix(4)).joined(separator: " → ")
        return Part(
          name: name, paths: 1,
          expression: word.count <= PathSum.longest ? try graph.expression(of: word) : nil, word: word)
      }
      return
    }
    let classes = PathClasses(graph)
    self.classes = classes
    parts = try classes.counts(in: graph).map { [graph] entry in
      var part = Part(name: classes.name(entry.visited), paths: entry.paths, visited: entry.visited)
      if entry.paths == 1, let word = PathSum.onlyWord(of: entry.visited, classes, graph), word.count <= PathSum.longest
      {
        part.expression = try graph.expression(of: word)
      }
      return part
    }
  }

  /// The path of a class that has one, from the target back.
  private static func onlyWord(
    of visited: PathClasses.Visited, _ classes: PathClasses, _ graph: TangentGraph
  ) -> [Atom]? {
    var words: [Atom: [PathClasses.Visited: [Atom]]] = [graph.source: [0: [graph.source]]]
    for atom in graph.order where atom != graph.source {
      for operand in graph.operands[atom] ?? [] {
        for (before, word) in words[operand] ?? [:] where before & ~visited == 0 {
          let after = classes.visited(before, entering: atom)
          if after & ~visited == 0 { words[atom, default: [:]][after] = word + [atom] }
        }
      }
    }
    return words[graph.derivation.target]?[visited]
  }

  // MARK: Numbers

  /// Each part's value along a trajectory, with `t` at a time; they add up to the derivative.
  /// - Parameter isInterrupted: the answer is then nil.
  public func values(
    at time: Int, shapes: ShapeSolution, along read: @escaping (SymbolID, Int) -> Matrix,
    isInterrupted: () -> Bool = { false }
  ) throws -> [Matrix]? {
    let recurrence = graph.derivation.recurrence
    let evaluator = TangentEvaluator(
      NodeEvaluator(recurrence: recurrence, numbers: RealNumbers(), shapes: shapes, read: read),
      equations: AtomEquations(graph.derivation.tangents), time: time
    ) { symbol in read(symbol, time).map { _ in 0 } }
    let target = graph.derivation.target
    let empty = Matrix(
      rows: read(target.symbol, time + target.shift).rows,
      columns: read(graph.source.symbol, time + graph.source.shift).rows)
    let sums = try tables(evaluator, at: time, read, isInterrupted)
    guard let sums else { return nil }
    return parts.indices.map { sums[parts[$0].key(isByClasses, $0)] ?? empty }
  }

  /// The products of edges up to the target, by class (or by path: those are followed as classes of their own).
  private func tables(
    _ evaluator: TangentEvaluator<RealNumbers>, at time: Int, _ read: (SymbolID, Int) -> Matrix,
    _ isInterrupted: () -> Bool
  ) throws -> [PathClasses.Visited: Matrix]? {
    let target = graph.derivation.target
    var waiting: [Atom: Int] = [:]
    for operands in graph.operands.values { for operand in operands { waiting[operand, default: 0] += 1 } }
    let width = read(graph.source.symbol, time + graph.source.shift).rows
    var tables: [Atom: [PathClasses.Visited: Matrix]] = [graph.source: [0: .identity(width)]]
    let followers = isByClasses ? [:] : PathSum.numbers(of: parts)
    for atom in graph.order where atom != graph.source {
      if isInterrupted() { return nil }
      var table: [PathClasses.Visited: Matrix] = [:]
      for operand in graph.operands[atom] ?? [] {
        // Before time 1 nothing follows anything.
        if time + atom.shift >= 1 {
          let factor = try full(evaluator.evaluate(graph.factor(to: atom, from: operand)), atom, operand, time, read)
          for (before, matrix) in tables[operand] ?? [:] {
            let part = factor.timesSparse(matrix)
            for after in next(before, operand, atom, followers) {
              table[after] = table[after].map { $0.combined(part, +) } ?? part
            }
          }
        }
        waiting[operand, default: 0] -= 1
        if waiting[operand] == 0 { tables[operand] = nil }
      }
      tables[atom] = table
    }
    return tables[target]
  }

  /// A factor with its sides of 1 spread.
  private func full(
    _ factor: Matrix, _ atom: Atom, _ operand: Atom, _ time: Int, _ read: (SymbolID, Int) -> Matrix
  ) -> Matrix {
    let (rows, columns) = (read(atom.symbol, time + atom.shift).rows, read(operand.symbol, time + operand.shift).rows)
    if factor.rows == rows, factor.columns == columns { return factor }
    return Matrix(rows: rows, columns: columns).combined(factor) { $1 }
  }

  /// Words as classes: after k letters a path is known by the smallest number of a path that begins so.
  private func next(
    _ before: PathClasses.Visited, _ operand: Atom, _ atom: Atom, _ followers: [[Atom]: PathClasses.Visited]
  ) -> [PathClasses.Visited] {
    guard !isByClasses else { return classes.map { [$0.visited(before, entering: atom)] } ?? [] }
    let word = Array(parts[Int(before)].word.prefix { $0 != operand }) + [operand, atom]
    return followers[word].map { [$0] } ?? []
  }

  /// Every beginning of a path, with the number of the first path that has it.
  private static func numbers(of parts: [Part]) -> [[Atom]: PathClasses.Visited] {
    var result: [[Atom]: PathClasses.Visited] = [:]
    for (number, part) in parts.enumerated() {
      for length in 1...max(part.word.count, 1) {
        let beginning = Array(part.word.prefix(length))
        if result[beginning] == nil { result[beginning] = PathClasses.Visited(number) }
      }
    }
    return result
  }

  /// On random nets, how far the sum of the parts is from the derivative, relative to its largest entry; over at most
  /// `Derivation.triedSteps` steps.
  /// - Parameter isInterrupted: the answer is then nil.
  public func error(nets count: Int = 3, isInterrupted: () -> Bool = { false }) throws -> Double? {
    let derivation = try graph.derivation.shortened(to: Derivation.triedSteps)
    if derivation.stepsBack < graph.derivation.stepsBack {
      return try PathSum(derivation).error(nets: count, isInterrupted: isInterrupted)
    }
    var worst = 0.0
    for draw in 1...max(count, 1) {
      let (trajectory, time) = try RandomTrack.make(
        derivation.recurrence, steps: max(derivation.stepsBack, 0), seed: UInt64(draw))
      let right = try derivation.value(at: time, shapes: trajectory.shapes, along: trajectory.value)
      guard
        let values = try values(
          at: time, shapes: trajectory.shapes, along: trajectory.value, isInterrupted: isInterrupted)
      else { return nil }
      guard right.norm.isFinite else { continue }
      let sum = values.reduce(Matrix(rows: right.rows, columns: right.columns)) { $0.combined($1, +) }
      let distance = sum.distance(to: right)
      worst = max(worst, distance <= 1e-14 ? 0 : distance / right.norm)
    }
    return worst
  }
}

extension PathSum.Part {
  fileprivate func key(_ isByClasses: Bool, _ number: Int) -> PathClasses.Visited {
    isByClasses ? visited : PathClasses.Visited(number)
  }
}

extension Grid where Number == Double {
  /// The matrix product; a diagonal matrix scales rows.
  func timesSparse(_ other: Matrix) -> Matrix {
    guard rows == columns, rows == other.rows, rows > 4 else { return times(other) }
    for row in 0..<rows {
      for column in 0..<columns where row != column && self[row, column] != 0 { return times(other) }
    }
    var result = other
    for row in 0..<rows { for column in 0..<other.columns { result[row, column] *= self[row, row] } }
    return result
  }
}
