import Algebra

/// First values of parameters, by the initializers of the cell.
struct Initialization {
  private let recurrence: Recurrence
  private let shapes: ShapeSolution
  private let seed: UInt64
  private let isInterrupted: () -> Bool

  init(
    _ recurrence: Recurrence, shapes: ShapeSolution, seed: UInt64, isInterrupted: @escaping () -> Bool = { false }
  ) {
    self.isInterrupted = isInterrupted
    self.recurrence = recurrence
    self.shapes = shapes
    self.seed = seed
  }

  /// Matrices start by Glorot's rule and all else at 0, unless an `init` line says otherwise.
  func values() throws -> [SymbolID: [Double]] {
    var result: [SymbolID: [Double]] = [:]
    for (index, symbol) in recurrence.parameters.enumerated() {
      let (rows, columns) = sides(symbol)
      var stream = RandomStream(seed: seed, stream: UInt64(index))
      let rule: Initializer = shapes.symbols[symbol]?.rank == 2 ? .glorot : .number(0)
      result[symbol] = try matrix(rule, rows: rows, columns: columns, &stream)
    }
    for symbol in recurrence.learnedStarts { result[symbol] = [Double](repeating: 0, count: count(symbol)) }
    for (index, initial) in recurrence.initials.enumerated() {
      var stream = RandomStream(seed: seed, stream: UInt64(1_000_000 + index))
      try fill(initial, &stream, &result)
    }
    return result
  }

  private func sides(_ symbol: SymbolID) -> (rows: Int, columns: Int) {
    let dimensions = shapes.symbols[symbol]?.dimensions.map { $0.number ?? 0 } ?? []
    return (dimensions.first ?? 1, dimensions.count > 1 ? dimensions[1] : 1)
  }

  private func count(_ symbol: SymbolID) -> Int {
    let (rows, columns) = sides(symbol)
    return rows * columns
  }

  private func fill(
    _ initial: Recurrence.Initial, _ stream: inout RandomStream, _ result: inout [SymbolID: [Double]]
  ) throws {
    let (rows, columns) = sides(initial.parameter)
    var block = Block(rows: 0..<rows, columns: 0..<columns)
    if let variable = initial.block.first {
      block = try recurrence.block(of: initial.parameter, multiplying: .variable(variable), shapes: shapes)
    }
    let part = try matrix(initial.initializer, rows: block.rows.count, columns: block.columns.count, &stream)
    guard var whole = result.removeValue(forKey: initial.parameter) else { return }
    for row in 0..<block.rows.count {
      for column in 0..<block.columns.count {
        let target = (block.rows.lowerBound + row) * columns + block.columns.lowerBound + column
        whole[target] = part[row * block.columns.count + column]
      }
    }
    result[initial.parameter] = whole
  }

  // MARK: Rules

  /// `[rows][columns]` by a rule.
  private func matrix(
    _ rule: Initializer, rows: Int, columns: Int, _ stream: inout RandomStream
  ) throws -> [Double] {
    if isInterrupted() { throw NetError.interrupted }
    let count = rows * columns
    switch rule {
    case .number(let value): return [Double](repeating: value, count: count)
    case .glorot:
      let bound = (6 / Double(max(rows + columns, 1))).squareRoot()
      return try drawn(count) { stream.uniform(-bound, bound) }
    case .uniform(let low, let high): return try drawn(count) { stream.uniform(low, high) }
    case .normal(let deviation): return try drawn(count) { deviation * stream.normal() }
    case .identity: return (0..<count).map { $0 / max(columns, 1) == $0 % max(columns, 1) ? 1 : 0 }
    case .orthogonal: return try orthogonal(rows: rows, columns: columns, &stream)
    }
  }

  private func drawn(_ count: Int, _ draw: () -> Double) throws -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(count)
    for index in 0..<count {
      if index & 0xFFFF == 0, isInterrupted() { throw NetError.interrupted }
      values.append(draw())
    }
    return values
  }

  /// Orthonormal rows (or columns, if there are fewer), by modified Gram–Schmidt, twice, on normal vectors.
  private func orthogonal(rows: Int, columns: Int, _ stream: inout RandomStream) throws -> [Double] {
    let (few, many) = (min(rows, columns), max(rows, columns))
    var vectors: [[Double]] = []
    while vectors.count < few {
      if isInterrupted() { throw NetError.interrupted }
      var vector = (0..<many).map { _ in stream.normal() }
      for _ in 0..<2 {
        for other in vectors {
          let overlap = zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }
          for index in vector.indices { vector[index] -= overlap * other[index] }
        }
      }
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if length > 1e-9 { vectors.append(vector.map { $0 / length }) }
    }
    var result = [Double](repeating: 0, count: rows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        result[row * columns + column] = rows <= columns ? vectors[row][column] : vectors[column][row]
      }
    }
    return result
  }
}
