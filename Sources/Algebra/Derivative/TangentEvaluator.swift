/// Evaluates derivations along a trajectory: the expression that is printed, with its open derivatives computed from
/// their own tangent equations.
final class TangentEvaluator {
  private let store: Store
  private let recurrence: Recurrence
  /// The time that `t` is.
  private let time: Int
  /// The value of a symbol at an absolute time; parameters at any.
  private let value: (SymbolID, Int) -> Matrix
  private let seed: Matrix
  private var tangents: TangentEquations
  private var known: [Atom: Matrix] = [:]

  init(
    _ recurrence: Recurrence, cut: Cut, time: Int, seed: Matrix, value: @escaping (SymbolID, Int) -> Matrix
  ) throws {
    store = recurrence.store
    self.recurrence = recurrence
    self.time = time
    self.seed = seed
    self.value = value
    tangents = try TangentEquations(recurrence, cut: cut)
  }

  /// An expression of the store, at the evaluator's time.
  func evaluate(_ root: NodeID) throws -> Matrix {
    var values: [NodeID: Matrix] = [:]
    for id in store.closure(of: [root]) {
      if case .atom(let atom) = store[id] {
        values[id] = try evaluate(atom)
      } else {
        values[id] = evaluate(store[id], values)
      }
    }
    return values[root] ?? Matrix(0)
  }

  private func evaluate(_ atom: Atom) throws -> Matrix {
    if let matrix = known[atom] { return matrix }
    if store.variation(store.insert(.read(atom.symbol, shift: 0))) == .withTime, time + atom.shift < 1 {
      // Before time 1 nothing follows anything: states are what they start with.
      if atom.symbol == atom.cut.symbol, atom.shift == atom.cut.shift { return seed }
      let start = value(atom.symbol, time + atom.shift)
      return Matrix(rows: start.rows, columns: isJacobian(atom.cut) ? seed.columns : start.columns)
    }
    let equation = try tangents.equation(of: atom.symbol, shift: atom.shift)
    let point = value(atom.symbol, time + atom.shift)
    let result =
      equation.isZero
      ? Matrix(rows: point.rows, columns: isJacobian(atom.cut) ? seed.columns : point.columns)
      : try evaluate(TangentWriter(store: store).node(equation))
    known[atom] = result
    return result
  }

  private func isJacobian(_ cut: Cut) -> Bool {
    switch recurrence.store[cut.symbol].kind {
    case .variable, .input: true
    default: false
    }
  }

  private func evaluate(_ node: Node, _ values: [NodeID: Matrix]) -> Matrix {
    func of(_ id: NodeID) -> Matrix { values[id] ?? Matrix(0) }
    switch node {
    case .number(let number): return Matrix(number.value)
    case .constant(let constant): return Matrix(constant.value)
    case .time: return Matrix(Double(time))
    case .read(let symbol, let shift): return value(symbol, time + shift)
    case .identity: return .identity(1)
    case .seed: return seed
    case .atom, .derivative: return Matrix(0)
    case .zeros(let like): return Matrix(rows: of(like).rows, columns: seed.columns)
    case .sum(let terms):
      return terms.dropFirst().reduce(
        terms.first.map { $0.isNegative ? of($0.node).map { -$0 } : of($0.node) } ?? Matrix(0)
      ) {
        let sign = $1.isNegative ? -1.0 : 1
        return $0.combined(of($1.node)) { $0 + sign * $1 }
      }
    case .product(let factors):
      return factors.dropFirst().reduce(factors.first.map(of) ?? Matrix(1)) { $0.combined(of($1), *) }
    case .quotient(let a, let b): return of(a).combined(of(b), /)
    case .power(let a, let b): return of(a).combined(of(b), Power.of)
    case .matrixProduct(let a, let b): return product(of(a), of(b), ranks: (tangentRank(a), tangentRank(b)))
    case .transpose(let a): return of(a).transposed
    case .concatenate(let parts):
      let blocks = parts.map(of)
      return Matrix(
        rows: blocks.reduce(0) { $0 + $1.rows }, columns: blocks.first?.columns ?? 1, values: blocks.flatMap(\.values))
    case .apply(let operation, let arguments): return apply(OperatorTable[operation], arguments.map(of))
    case .total(let a), .named(let a, _, _): return of(a)
    case .block(let matrix, let part, let whole):
      guard case .concatenate(let parts) = store[whole] else { return of(matrix) }
      var start = 0
      for other in parts {
        let width = of(other).rows
        if other == part { return of(matrix).columnRange(start..<min(start + width, of(matrix).columns)) }
        start += width
      }
      return of(matrix)
    case .rows(let a, let target, let targets):
      var start = 0
      for other in targets {
        let width = value(other, time).rows
        if other == target { return of(a).rowRange(start..<min(start + width, of(a).rows)) }
        start += width
      }
      return of(a)
    }
  }

  private lazy var ranks = NodeRanks(store: store, shapes: recurrence.shapes)

  private func tangentRank(_ id: NodeID) -> Int { ranks[id] }

  /// `A · b`: numbers scale, two vectors have an inner product.
  private func product(_ a: Matrix, _ b: Matrix, ranks: (Int, Int)) -> Matrix {
    if ranks.0 == 0 || ranks.1 == 0 { return a.combined(b, *) }
    if ranks == (1, 1) { return a.transposed.times(b) }
    guard a.columns == b.rows else { return a.combined(b, *) }
    return a.times(b)
  }

  /// Functions act on each column: a tangent has one for each entry of what it is by.
  private func apply(_ row: Operator, _ arguments: [Matrix]) -> Matrix {
    guard let a = arguments.first else { return Matrix(0) }
    switch row.meaning {
    case .unary(let function): return a.map(function)
    case .binary(let function): return arguments.count == 2 ? a.combined(arguments[1], function) : a
    case .whole(let function):
      let height = row.shape == .reduction ? 1 : a.rows
      var result = Matrix(rows: height, columns: a.columns)
      for column in 0..<a.columns {
        let input = (0..<a.rows).map { a[$0, column] }
        var output = [Double](repeating: 0, count: height)
        input.withUnsafeBufferPointer { input in output.withUnsafeMutableBufferPointer { function(input, $0) } }
        for index in 0..<height { result[index, column] = output[index] }
      }
      return result
    }
  }
}

extension Derivation {
  /// The derivative's value along a trajectory, with `t` at a time: rows by the target, columns by what it is by.
  ///
  /// Before time 1 nothing follows anything, so near the start this is not what the opened expression says.
  /// - Parameter value: a symbol at an absolute time; parameters at any.
  public func value(at time: Int, along value: @escaping (SymbolID, Int) -> Matrix) throws -> Matrix {
    let seed = Matrix.identity(value(target.cut.symbol, time + target.cut.shift).rows)
    let evaluator = try TangentEvaluator(recurrence, cut: target.cut, time: time, seed: seed, value: value)
    return try evaluator.evaluate(recurrence.store.insert(.atom(target)))
  }
}
