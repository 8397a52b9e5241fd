import Algebra
import Kernels

/// Functions of whole vectors, as reductions of rows and elementwise operations:
///
///     softmax(z) = e / sum(e),  e = exp(z - max(z))
///     logsoftmax(z) = z - max(z) - log(sum(e))
///     LN(z) = d / √(mean(d²) + 1e-5),  d = z - mean(z)
///     u · v = sum(u * v)
extension PlanGraph {
  mutating func addInnerProduct(_ id: NodeID, _ left: NodeID, _ right: NodeID) throws {
    let (rows, columns) = sides(left)
    let factors = [try factor(left, rows: rows, columns: columns), try factor(right, rows: rows, columns: columns)]
    add(id, .reduce(.sum, append(.product(factors), count: rows * columns)))
  }

  /// - Returns: false if the function is no such one, or its argument is no vector with a time.
  mutating func addReduction(_ id: NodeID, _ name: String, of argument: NodeID) throws -> Bool {
    let (rows, columns) = sides(argument)
    let count = rows * columns
    guard isTimed(argument), rank(argument) > 0,
      case .value(let z) = try factor(argument, rows: rows, columns: columns), z.count == count
    else { return false }
    switch (name, rank(id)) {
    case ("sum", 0): add(id, .reduce(.sum, z))
    case ("mean", 0):
      add(id, .elementwise(.product([.value(reduced(.sum, z)), .number(1 / Double(count))])))
    case ("max", 0): add(id, .reduce(.largest, z))
    case ("min", 0): add(id, .reduce(.smallest, z))
    case ("softmax", 1) where rank(argument) == 1:
      let e = append(.unary(try operation("exp"), .value(centred(z))), count: count)
      add(id, .elementwise(.quotient(.value(e), .value(reduced(.sum, e)))))
    case ("logsoftmax", 1) where rank(argument) == 1:
      let d = centred(z)
      let e = append(.unary(try operation("exp"), .value(d)), count: count)
      let logarithm = append(.unary(try operation("log"), .value(reduced(.sum, e))), count: 1)
      add(id, .elementwise(.sum([(false, .value(d)), (true, .value(logarithm))])))
    case ("LN", 1) where rank(argument) == 1:
      let mean = append(.product([.value(reduced(.sum, z)), .number(1 / Double(count))]), count: 1)
      let d = append(.sum([(false, .value(z)), (true, .value(mean))]), count: count)
      let squares = append(.product([.value(d), .value(d)]), count: count)
      let variance = append(.product([.value(reduced(.sum, squares)), .number(1 / Double(count))]), count: 1)
      let padded = append(.sum([(false, .value(variance)), (false, .number(1e-5))]), count: 1)
      let deviation = append(.unary(try operation("sqrt"), .value(padded)), count: 1)
      add(id, .elementwise(.quotient(.value(d), .value(deviation))))
    default: return false
    }
    return true
  }

  /// z less its largest entry: what exp then makes of it never overflows.
  private mutating func centred(_ z: Reading) -> Reading {
    append(.sum([(false, .value(z)), (true, .value(reduced(.largest, z)))]), count: z.count)
  }

  private func operation(_ name: String) throws -> Operator.ID {
    guard let found = OperatorTable.find(name, arity: 1) else { throw PlanFailure() }
    return found
  }

  private mutating func append(_ form: ElementwiseForm, count: Int) -> Reading {
    append(PlanValue(.elementwise(form), rows: count, columns: 1))
  }

  private mutating func reduced(_ reduction: RowReduction, _ reading: Reading) -> Reading {
    append(PlanValue(.reduce(reduction, reading), rows: 1, columns: 1))
  }
}
