/// Derivatives of derivatives. What is derived again is opened down to the cell's own names; then it is an expression
/// as any other, and `Derivation` takes its derivative by the same rules.
///
/// The derivative of a matrix by a vector has three indices. By a number it has two; and in a cell of numbers
/// (`NumberCell`) none.
extension Recurrence {
  /// An entry of a parameter of the cell that this one says in numbers.
  public struct Entry: Sendable {
    public var parameter: String
    /// From 0.
    public var row: Int
    public var column: Int
  }

  /// All inputs and variables are numbers.
  public var isOfNumbers: Bool { (inputs + variables).allSatisfy { shapes.symbols[$0]?.rank == 0 } }

  /// The cell in which a derivative by a symbol can be taken of an expression that holds derivatives.
  /// - Throws: `DerivativeFailure.wide` if that would have three indices.
  public func forHigherDerivatives(by symbol: String?) throws -> Recurrence {
    if isOfNumbers { return self }
    if let symbol = symbol.flatMap({ store.symbol(named: $0) }), !store[symbol].isTimed,
      shapes.symbols[symbol]?.rank == 0
    {
      return self
    }
    return try NumberCell.make(self)
  }

  /// The most operations that a derivative may have, written out, to be derived again.
  static let largestDerivedAgain = 20_000

  /// An expression with the derivatives in it opened down to the cell's own names.
  /// - Throws: `DerivativeFailure` for one that goes back to the start, or is too large; `Interruption`.
  public func withoutDerivatives(_ root: NodeID, isInterrupted: @escaping () -> Bool = { false }) throws -> NodeID {
    var image: [NodeID: NodeID] = [:]
    func opened(_ derivation: Derivation) throws -> NodeID {
      var derivation = derivation
      try derivation.expandAll()
      let whole = derivation.whole
      for id in store.closure(of: [whole]) {
        guard case .atom = store[id] else { continue }
        var notation = TextNotation(store)
        throw DerivativeFailure.endless(notation.text(store.insert(.atom(derivation.target))))
      }
      return whole
    }
    for id in store.closure(of: [root]) {
      switch store[id] {
      case .atom(let atom):
        image[id] = try opened(
          Derivation(self, of: atom.symbol, shift: atom.shift, cut: atom.cut, isInterrupted: isInterrupted))
      case .derivative(let inner, let cut):
        let expression = try asEquation(image[inner] ?? inner)
        image[id] = try opened(Derivation(self, of: expression, cut: cut, isInterrupted: isInterrupted))
      case let node: image[id] = store.insert(node.mapOperands { image[$0] ?? $0 })
      }
    }
    return image[root] ?? root
  }

  /// As an equation has it: names written out, identity matrices as such.
  /// - Throws: `DerivativeFailure` for what no equation says, or if it is too large.
  public func asEquation(_ root: NodeID) throws -> NodeID {
    var image: [NodeID: NodeID] = [:]
    var sizes: [NodeID: Int] = [:]
    for id in store.closure(of: [root]) {
      let node = store[id]
      sizes[id] = node.operands.reduce(1) { min($0 + (sizes[$1] ?? 1), Recurrence.largestDerivedAgain + 1) }
      switch node {
      case .named(let inner, _, _): image[id] = image[inner]
      case .seed(let symbol) where store[symbol].isTimed:
        image[id] =
          isOfNumbers
          ? store.insert(.number(Decimal(1))) : store.insert(.identity(equation: -2 - Int(symbol.index)))
      // By a number, what multiplies its differential is the derivative.
      case .seed(let symbol) where shapes.symbols[symbol]?.rank == 0: image[id] = store.insert(.number(Decimal(1)))
      case .seed(let symbol): throw DerivativeFailure.noDerivative("d\(store[symbol].name)")
      case .zeros, .reduced, .rows: throw DerivativeFailure.noDerivative("a derivative of parts of vectors")
      default: image[id] = store.insert(node.mapOperands { image[$0] ?? $0 })
      }
    }
    guard (sizes[root] ?? 1) <= Recurrence.largestDerivedAgain else {
      throw DerivativeFailure.tooLarge(Recurrence.largestDerivedAgain)
    }
    return image[root] ?? root
  }
}

extension Store {
  /// Whether an expression holds derivatives that stand unopened.
  public func holdsDerivatives(_ root: NodeID) -> Bool {
    closure(of: [root]).contains { id in
      switch self[id] {
      case .atom, .derivative: true
      default: false
      }
    }
  }
}

extension Derivation {
  /// The right side with what is printed below it put in where it stands.
  public var whole: NodeID {
    let store = recurrence.store
    var image: [Atom: NodeID] = [:]
    func filled(_ root: NodeID) -> NodeID {
      store.rewrite([root], into: store) { node in
        if case .atom(let atom) = node { image[atom] } else { nil }
      }[root] ?? root
    }
    for line in definitionExpressions.reversed() { image[line.atom] = filled(line.expression) }
    return filled(expression)
  }
}
