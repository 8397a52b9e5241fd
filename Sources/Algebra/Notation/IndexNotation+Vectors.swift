/// Entries of what looks at a whole vector (softmax, LN), and of a split's rows.
extension IndexNotation {
  /// `exp(a_j) / Σ_k exp(a_k)`; `(a_j - mean_k a_k) / sqrt(mean_k (a_k - mean_l a_l)^2 + 0.00001)`.
  mutating func ofVector(
    _ operation: Operator.ID, _ arguments: [NodeID], _ place: Place, _ depth: Int, _ builder: inout MathTreeBuilder
  ) -> Composed? {
    guard let a = arguments.first, arguments.count == 1, builder.extent(a) == .vector, let row = place.row else {
      return nil
    }
    let first = place.next
    func entry(_ index: Int, next: Int, _ notation: inout IndexNotation, _ builder: inout MathTreeBuilder) -> Composed {
      notation.value(a, index, nil, next: next, depth: depth, &builder)
    }
    func call(_ name: String, _ inner: Composed, _ builder: inout MathTreeBuilder) -> Composed {
      guard let function = OperatorTable.find(name, arity: 1) else { return inner }
      return builder.composer.primary(.apply(function, [inner.part]))
    }
    run(first, over: [(a, .rows)])
    switch OperatorTable[operation].name {
    case "softmax":
      let above = call("exp", entry(row, next: first, &self, &builder), &builder)
      let each = call("exp", entry(first, next: first + 1, &self, &builder), &builder)
      return builder.composer.quotient(above, builder.composer.summation("Σ", over: letter(first), each))
    case "LN":
      let second = first + 1
      run(second, over: [(a, .rows)])
      func mean(over index: Int, _ inner: Composed, _ builder: inout MathTreeBuilder) -> Composed {
        builder.composer.summation("mean", over: letter(index), inner)
      }
      let meanOfAll = mean(over: first, entry(first, next: second, &self, &builder), &builder)
      let meanOfEach = mean(over: second, entry(second, next: second + 1, &self, &builder), &builder)
      let above = builder.composer.sum([(false, entry(row, next: first, &self, &builder)), (true, meanOfAll)])
      let each = builder.composer.sum([(false, entry(first, next: second + 1, &self, &builder)), (true, meanOfEach)])
      let square = builder.composer.power(each, builder.composer.number("2"))
      let variance = mean(over: first, square, &builder)
      let spread = builder.composer.sum([(false, variance), (false, builder.composer.number("0.00001"))])
      return builder.composer.quotient(above, call("sqrt", spread, &builder))
    default: return nil
    }
  }

  /// The rows of what a node is made of: of `A · b` the rows of A, of a sum those of its terms; nil of other nodes.
  func pushed(_ id: NodeID, _ rows: (NodeID) -> Node, _ builder: MathTreeBuilder) -> NodeID? {
    var builder = builder
    func cut(_ inner: NodeID) -> NodeID {
      builder.extent(inner).contains(.rows) ? store.insert(rows(inner)) : inner
    }
    switch store[id] {
    case .matrixProduct(let a, let b):
      // Of two vectors it is a number, and a number beside a matrix only scales.
      guard builder.extent(a).contains(.rows), builder.extent(id).contains(.rows) else { return nil }
      let other = builder.extent(a) == .vector && builder.extent(b).contains(.rows) ? cut(b) : b
      return store.insert(.matrixProduct(cut(a), other))
    case .sum(let terms):
      return store.insert(.sum(terms.map { Term(cut($0.node), isNegative: $0.isNegative) }))
    case .product(let factors): return store.insert(.product(factors.map(cut)))
    case .quotient(let a, let b): return store.insert(.quotient(cut(a), cut(b)))
    default: return nil
    }
  }
}

extension Node {
  /// A symbol, or a block of one: an entry of it needs no brackets.
  var isNamed: Bool {
    switch self {
    case .read, .block, .named: true
    default: false
    }
  }
}
