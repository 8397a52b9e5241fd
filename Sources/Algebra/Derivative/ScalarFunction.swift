/// A function of one number as an expression: `f`, and by the derivative rules `f'`, `f''`, ...
public struct ScalarFunction {
  private let store: Store
  private let argument: SymbolID
  private let root: NodeID
  /// The most operations that a derivative may have.
  public static let largest = 200_000

  public init(store: Store, argument: SymbolID, root: NodeID) {
    self.store = store
    self.argument = argument
    self.root = root
  }

  /// A function of the operator table; nil if it is not of one number.
  public init?(operator name: String) {
    guard let operation = OperatorTable.find(name, arity: 1), case .elementwise = OperatorTable[operation].shape else {
      return nil
    }
    store = Store()
    argument = store.add(Symbol(name: "z", kind: .constant))
    root = store.insert(.apply(operation, [store.insert(.read(argument, shift: 0))]))
  }

  /// - Throws: `DerivativeFailure` if an operation has no derivative.
  public func derivative() throws -> ScalarFunction {
    let rules = TangentRules(
      store: store, ranks: NodeRanks(store: store, shapes: ShapeSolution()), isJacobian: false)
    var tangents: [NodeID: Linear] = [:]
    for id in store.closure(of: [root]) {
      if case .read(argument, _) = store[id] {
        tangents[id] = Linear(.seed(argument))
      } else {
        tangents[id] = try rules.tangent(id) { tangents[$0] ?? .zero }
      }
    }
    let written = TangentWriter(store: store).node(tangents[root] ?? .zero)
    guard store.nodes.count <= ScalarFunction.largest else { throw DerivativeFailure.tooLarge(ScalarFunction.largest) }
    return ScalarFunction(store: store, argument: argument, root: written)
  }

  /// `σ(z) * (1 - σ(z))`.
  public var text: String {
    var notation = TextNotation(store)
    return notation.text(root)
  }

  /// The function, ready to be called.
  public var value: @Sendable (Double) -> Double {
    // Only what the root needs, with operands as positions in that list.
    let order = store.closure(of: [root])
    var position: [NodeID: NodeID] = [:]
    for (index, id) in order.enumerated() { position[id] = NodeID(index: UInt32(truncatingIfNeeded: index)) }
    let nodes = order.map { id in store[id].mapOperands { position[$0] ?? $0 } }
    return { z in ScalarFunction.values(nodes, at: z).last ?? .nan }
  }

  /// All nodes of an expression in one variable, operands first.
  private static func values(_ nodes: [Node], at z: Double) -> [Double] {
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
      case .matrixProduct(let a, let b): values[index] = of(a) * of(b)
      case .transpose(let a): values[index] = of(a)
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
