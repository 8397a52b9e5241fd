extension OperatorSlopes {
  /// The derivative of an elementwise operator as a function of its argument: the factors of the derivative rule,
  /// evaluated; so the prompt's `σ'` and a derivation cannot differ. Nil if it has none.
  public static func slope(of row: Operator) -> (@Sendable (Double) -> Double)? {
    guard row.arity == 1, case .elementwise = row.shape, let rule = unary[row.name],
      let operation = OperatorTable.find(row.name, arity: 1)
    else { return nil }
    let store = Store()
    let argument = store.add(Symbol(name: "z", kind: .variable))
    let a = store.insert(.read(argument, shift: 0))
    let factors = rule(SlopeBuilder(store: store), store.insert(.apply(operation, [a])), a)
    let root = factors.count == 1 ? factors[0] : store.insert(.product(factors))
    let nodes = store.nodes
    return { z in value(nodes, at: z)[Int(root.index)] }
  }

  /// All nodes of a store in one variable, operands first.
  private static func value(_ nodes: [Node], at z: Double) -> [Double] {
    var values = [Double](repeating: 0, count: nodes.count)
    func of(_ id: NodeID) -> Double { values[Int(id.index)] }
    for (index, node) in nodes.enumerated() {
      switch node {
      case .number(let number): values[index] = number.value
      case .constant(let constant): values[index] = constant.value
      case .read: values[index] = z
      case .sum(let terms): values[index] = terms.reduce(0) { $1.isNegative ? $0 - of($1.node) : $0 + of($1.node) }
      case .product(let factors): values[index] = factors.reduce(1) { $0 * of($1) }
      case .quotient(let a, let b): values[index] = of(a) / of(b)
      case .power(let a, let b): values[index] = Power.of(of(a), of(b))
      case .apply(let operation, let arguments):
        switch OperatorTable[operation].meaning {
        case .unary(let function): values[index] = function(of(arguments[0]))
        case .binary(let function): values[index] = function(of(arguments[0]), of(arguments[1]))
        case .whole: values[index] = .nan
        }
      default: values[index] = .nan
      }
    }
    return values
  }
}
