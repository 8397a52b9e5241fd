import Algebra
import Kernels

/// Elementwise operations, and what they read spread to their size.
extension PlanGraph {
  /// The elementwise operation of a node; nil if it has none.
  mutating func form(of node: Node, rows: Int, columns: Int) throws -> ElementwiseForm? {
    switch node {
    case .sum(let terms):
      return .sum(try terms.map { ($0.isNegative, try factor($0.node, rows: rows, columns: columns)) })
    case .product(let factors): return .product(try factors.map { try factor($0, rows: rows, columns: columns) })
    case .matrixProduct(let a, let b) where rank(a) == 0 || rank(b) == 0:
      return .product([try factor(a, rows: rows, columns: columns), try factor(b, rows: rows, columns: columns)])
    case .quotient(let a, let b):
      return .quotient(try factor(a, rows: rows, columns: columns), try factor(b, rows: rows, columns: columns))
    case .power(let a, let b):
      guard case .number(let exponent) = store[b], let whole = exponent.whole, abs(whole) <= 8 else { return nil }
      return .power(try factor(a, rows: rows, columns: columns), whole: whole)
    case .apply(let operation, let arguments):
      switch OperatorTable[operation].meaning {
      case .unary: return .unary(operation, try factor(arguments[0], rows: rows, columns: columns))
      case .binary where PlanGraph.isTaped(operation):
        return .binary(
          operation, try factor(arguments[0], rows: rows, columns: columns),
          try factor(arguments[1], rows: rows, columns: columns))
      default: return nil
      }
    default: return nil
    }
  }

  /// The number that a node with a time is whatever it reads: v^0, its sum, which is the width of v, and what is computed
  /// from these, as in the derivative of a mean.
  func number(of node: Node) -> Double? {
    func known(_ id: NodeID) -> Double? {
      if case .number(let number) = store[id] { number.value } else { numbers[id] }
    }
    switch node {
    case .power(_, let exponent):
      if case .number(let number) = store[exponent], number.isZero { return 1 }
    case .quotient(let a, let b):
      if let a = known(a), let b = known(b) { return a / b }
    case .product(let factors):
      let numbers = factors.compactMap(known)
      if numbers.count == factors.count { return numbers.reduce(1, *) }
    case .apply(let operation, let arguments):
      guard arguments.count == 1, let entry = known(arguments[0]), rank(arguments[0]) > 0 else { return nil }
      let (rows, columns) = sides(arguments[0])
      switch OperatorTable[operation].name {
      case "sum": return entry * Double(rows * columns)
      case "mean": return entry
      default: break
      }
    default: break
    }
    return nil
  }

  static func isTaped(_ operation: Operator.ID) -> Bool {
    TapeFunctions.binary[OperatorTable[operation].name] != nil
  }

  /// A node as an operand of an elementwise operation whose result has the given size.
  mutating func factor(_ id: NodeID, rows: Int, columns: Int) throws -> Factor {
    if let number = numbers[id] { return .number(number) }
    let own = sides(id)
    let fits = own == (rows, columns) || own.rows * own.columns == 1
    guard isTimed(id) else {
      switch store[id] {
      case .number(let number): return .number(number.value)
      case .constant(let constant): return .number(constant.value)
      default: break
      }
      let operand = builder.lastingValue(of: id)
      let liesRowByRow =
        operand.columns == 1
        ? operand.rowStride == 1 || operand.rows == 1
        : operand.columnStride == 1 && operand.rowStride == operand.columns
      return .lasting(fits && liesRowByRow ? operand : builder.lastingCopy(of: operand, rows: rows, columns: columns))
    }
    guard let source = sources[id] else { throw PlanFailure(node: id) }
    if fits, !source.isTransposed { return .value(source.reading) }
    let key = Spread(
      reading: source.reading, isRow: source.rows == 1, rows: rows, columns: columns,
      isTransposed: source.isTransposed)
    let value = spreads[key] ?? values.count
    if value == values.count { values.append(PlanValue(.spread(source), rows: rows, columns: columns)) }
    spreads[key] = value
    return .value(Reading(value: value, count: rows * columns))
  }
}
