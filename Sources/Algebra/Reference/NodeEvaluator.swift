/// One operation of an expression on matrices of numbers: numbers are 1 × 1, vectors one column, Jacobians have a
/// column for each entry of what they are by.
///
/// Shapes decide what `·` means, which they can: a side of 1 makes the readings the same. What does not fit was refused
/// when the expression was read.
struct NodeEvaluator<Numbers: NumberSystem> {
  typealias Value = Grid<Numbers.Number>

  let recurrence: Recurrence
  let numbers: Numbers
  /// With all widths known: how large an identity matrix of an equation is.
  let shapes: ShapeSolution
  /// The value of a symbol at an absolute time; parameters at any.
  let read: (SymbolID, Int) -> Value

  private var store: Store { recurrence.store }

  /// - Parameter time: what `t` is.
  func value(of id: NodeID, time: Int, _ of: (NodeID) -> Value) -> Value {
    switch store[id] {
    case .number(let number): return Grid(numbers.number(number))
    case .constant(let constant): return Grid(numbers.constant(constant))
    case .time: return Grid(numbers.whole(time))
    case .read(let symbol, let shift): return read(symbol, time + shift)
    case .identity: return identity(shapes.nodes[id]?.dimensions.first?.number ?? 1)
    case .seed, .atom, .zeros, .derivative: return Grid(numbers.zero)
    case .sum(let terms): return sum(terms, of)
    case .product(let factors):
      guard let first = factors.first else { return Grid(numbers.one) }
      return factors.dropFirst().reduce(of(first)) { $0.combined(of($1), numbers.product) }
    case .quotient(let a, let b): return of(a).combined(of(b), numbers.quotient)
    case .power(let a, let b): return power(a, b, of)
    case .matrixProduct(let a, let b): return product(of(a), of(b))
    case .transpose(let a): return of(a).transposed
    case .concatenate(let parts):
      let blocks = parts.map(of)
      let columns = blocks.map(\.columns).max() ?? 1
      return Grid(
        rows: blocks.reduce(0) { $0 + $1.rows }, columns: columns,
        values: blocks.flatMap { $0.columns == columns ? $0.values : spread($0, columns).values })
    case .apply(let operation, let arguments):
      return apply(OperatorTable[operation], arguments.map(of))
    case .reduced(let operation, let a): return reduced(OperatorTable[operation], of(a))
    case .total(let a), .named(let a, _, _): return of(a)
    case .block(let matrix, let part, let whole):
      guard case .concatenate(let parts) = store[whole] else { return of(matrix) }
      var start = 0
      for other in parts {
        let width = of(other).rows
        if other == part { return of(matrix).columnRange(start..<start + width) }
        start += width
      }
      return of(matrix)
    case .rows(let a, let target, let targets):
      var start = 0
      for other in targets {
        let width = read(other, time).rows
        if other == target { return of(a).rowRange(start..<start + width) }
        start += width
      }
      return of(a)
    }
  }

  func identity(_ size: Int) -> Value {
    var result = Grid(rows: size, columns: size, repeating: numbers.zero)
    for index in 0..<size { result[index, index] = numbers.one }
    return result
  }

  private func spread(_ value: Value, _ columns: Int) -> Value {
    value.combined(Grid(rows: 1, columns: columns, repeating: numbers.zero)) { a, _ in a }
  }

  private func sum(_ terms: [Term], _ of: (NodeID) -> Value) -> Value {
    guard let first = terms.first else { return Grid(numbers.zero) }
    let start = first.isNegative ? of(first.node).map { numbers.difference(numbers.zero, $0) } : of(first.node)
    return terms.dropFirst().reduce(start) { result, term in
      result.combined(of(term.node), term.isNegative ? numbers.difference : numbers.sum)
    }
  }

  /// By repeated multiplication if the exponent is a small whole number; powers of e by exp.
  private func power(_ a: NodeID, _ b: NodeID, _ of: (NodeID) -> Value) -> Value {
    if case .number(let exponent) = store[b], let whole = exponent.whole, abs(whole) <= 64 {
      let power = of(a).map { numbers.power($0, whole: abs(whole)) }
      return whole < 0 ? Grid(numbers.one).combined(power, numbers.quotient) : power
    }
    if case .constant(.euler) = store[a], let exp = OperatorTable.find("exp", arity: 1) {
      return of(b).map { numbers.apply(OperatorTable[exp], $0) }
    }
    return of(a).combined(of(b), numbers.power)
  }

  /// `A · b`: numbers scale, two vectors have an inner product.
  private func product(_ a: Value, _ b: Value) -> Value {
    if a.columns == b.rows { return times(a, b) }
    if !a.isNumber, !b.isNumber, a.columns == 1, b.columns == 1 { return times(a.transposed, b) }
    return a.combined(b, numbers.product)
  }

  private func times(_ a: Value, _ b: Value) -> Value {
    var result: [Numbers.Number] = []
    result.reserveCapacity(a.rows * b.columns)
    for row in 0..<a.rows {
      for column in 0..<b.columns {
        var total = numbers.zero
        for inner in 0..<min(a.columns, b.rows) {
          total = numbers.sum(total, numbers.product(a[row, inner], b[inner, column]))
        }
        result.append(total)
      }
    }
    return Grid(rows: a.rows, columns: b.columns, values: result)
  }

  private func apply(_ row: Operator, _ arguments: [Value]) -> Value {
    guard let a = arguments.first else { return Grid(numbers.zero) }
    switch (row.meaning, arguments.count) {
    case (.unary, _): return a.map { numbers.apply(row, $0) }
    case (.binary, 2): return a.combined(arguments[1]) { numbers.apply(row, $0, $1) }
    case (.binary, _): return a
    case (.whole, _) where row.shape.rank == 1 && row.name == "rowsum":
      return Grid(
        rows: a.rows, columns: 1,
        values: (0..<a.rows).map { index in
          (0..<a.columns).reduce(numbers.zero) { numbers.sum($0, a[index, $1]) }
        })
    case (.whole, _):
      let result = numbers.apply(row, to: a.values)
      return row.isReduction
        ? Grid(rows: 1, columns: 1, values: result) : Grid(rows: a.rows, columns: a.columns, values: result)
    }
  }

  /// A function of a vector on each column: a row.
  private func reduced(_ row: Operator, _ a: Value) -> Value {
    let results = (0..<a.columns).map { column in numbers.apply(row, to: (0..<a.rows).map { a[$0, column] }) }
    return Grid(rows: 1, columns: a.columns, values: results.map { $0.first ?? numbers.zero })
  }
}
