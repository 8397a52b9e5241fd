import Algebra

/// Sums of products by matrices that do not vary with time: biases, to which the products are added.
extension PlanGraph {
  mutating func addAffine(_ id: NodeID, _ terms: [Term]) throws {
    let (rows, columns) = sides(id)
    var products: [Term] = []
    var biases: [(isNegative: Bool, operand: Operand)] = []
    var rest: [(isNegative: Bool, factor: Factor)] = []
    for term in terms {
      if isAbsorbed(term.node, by: id) {
        products.append(term)
      } else if !isTimed(term.node), rank(term.node) == 1 {
        biases.append((term.isNegative, builder.lastingValue(of: term.node)))
      } else {
        rest.append((term.isNegative, try factor(term.node, rows: rows, columns: columns)))
      }
    }
    if rest.isEmpty {
      let value = add(id, .affine(products: [], biases: biases))
      try addProducts(of: products, to: value, biases: biases)
      return
    }
    let inner = values.count
    values.append(PlanValue(.affine(products: [], biases: biases), rows: rows, columns: columns))
    try addProducts(of: products, to: inner, biases: biases)
    add(id, .elementwise(.sum([(false, .value(Reading(value: inner, count: rows * columns)))] + rest)))
  }

  mutating func addProducts(
    of terms: [Term], to target: Int, biases: [(isNegative: Bool, operand: Operand)]
  ) throws {
    var indices: [Int] = []
    for term in terms {
      guard case .matrixProduct(let left, let right) = store[term.node] else { continue }
      let matrix = builder.lastingValue(of: left)
      var column = 0
      for part in parts(of: right) {
        guard let source = sources[part], !source.isTransposed else { throw PlanFailure(node: part) }
        var columns = matrix
        columns.base += column * matrix.columnStride
        columns.columns = source.reading.count
        column += source.reading.count
        indices.append(values.count)
        values.append(
          PlanValue(
            .product(matrix: columns, operand: source.reading, isNegative: term.isNegative, target: target),
            rows: values[target].rows, columns: 1))
      }
    }
    values[target].operation = .affine(products: indices, biases: biases)
  }
}
