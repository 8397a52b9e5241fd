/// The tangent equations of atoms as expressions, for every cut that an expression speaks of; found once, evaluated
/// at many points.
final class AtomEquations {
  private let recurrence: Recurrence
  private var tangents: [Cut: TangentEquations] = [:]
  private var known: [Atom: NodeID?] = [:]

  /// - Parameter known: the equations of one cut, if they were found already.
  init(_ recurrence: Recurrence, known: TangentEquations? = nil) {
    self.recurrence = recurrence
    if let known { tangents[known.cut] = known }
  }

  /// The right side of an atom's own equation; nil if it is 0.
  func equation(of atom: Atom) throws -> NodeID? {
    if let found = known[atom] { return found }
    let equations = try tangents[atom.cut] ?? TangentEquations(recurrence, cut: atom.cut)
    tangents[atom.cut] = equations
    let body = try equations.equation(of: atom.symbol, shift: atom.shift)
    let node = body.isZero ? nil : TangentWriter(recurrence, cut: atom.cut).node(body)
    known[atom] = .some(node)
    return node
  }

  /// The tangent of an expression; nil if it is 0.
  func tangent(of expression: NodeID, by cut: Cut) throws -> NodeID? {
    let equations = try tangents[cut] ?? TangentEquations(recurrence, cut: cut)
    tangents[cut] = equations
    let tangent = try equations.tangentsOfNodes(expression, shift: 0)[expression] ?? .zero
    return tangent.isZero ? nil : TangentWriter(recurrence, cut: cut).node(tangent)
  }
}

/// Evaluates expressions with derivatives along a trajectory: what is printed, with its open derivatives computed from
/// their own tangent equations.
final class TangentEvaluator<Numbers: NumberSystem> {
  typealias Value = Grid<Numbers.Number>

  private let store: Store
  private let recurrence: Recurrence
  /// The time that `t` is.
  private let time: Int
  private let equations: AtomEquations
  private let evaluator: NodeEvaluator<Numbers>
  /// The dW of a differential.
  private let direction: (SymbolID) -> Value
  /// Before this nothing follows anything: states are what they start with.
  private let firstTime: Int
  private var known: [NodeID: Value] = [:]

  init(
    _ evaluator: NodeEvaluator<Numbers>, equations: AtomEquations, time: Int, firstTime: Int = 1,
    direction: @escaping (SymbolID) -> Value
  ) {
    store = evaluator.recurrence.store
    recurrence = evaluator.recurrence
    self.evaluator = evaluator
    self.equations = equations
    self.time = time
    self.direction = direction
    self.firstTime = firstTime
  }

  /// An expression of the store, at the evaluator's time. What was evaluated is known for the next.
  func evaluate(_ root: NodeID) throws -> Value {
    if let value = known[root] { return value }
    for id in store.closure(of: [root]) where known[id] == nil {
      switch store[id] {
      case .atom(let atom):
        known[id] = try evaluate(atom)
      case .derivative(let inner, let cut):
        let node = try equations.tangent(of: inner, by: cut)
        known[id] = try node.map { try evaluate($0) } ?? Grid(evaluator.numbers.zero)
      case .seed(let symbol):
        known[id] = seed(symbol)
      case .zeros(let like):
        // One column is enough: it is spread beside the parts that have more.
        known[id] = Grid(rows: value(like).rows, columns: 1, repeating: evaluator.numbers.zero)
      default:
        known[id] = evaluator.value(of: id, time: time) { value($0) }
      }
    }
    return value(root)
  }

  private func value(_ id: NodeID) -> Value { known[id] ?? Grid(evaluator.numbers.zero) }

  private func evaluate(_ atom: Atom) throws -> Value {
    let point = evaluator.read(atom.symbol, time + atom.shift)
    let by = evaluator.read(atom.cut.symbol, time + atom.cut.shift)
    let width = isJacobian(atom.cut) ? by.rows : point.columns
    if isTimed(atom.symbol), time + atom.shift < firstTime {
      if atom.symbol == atom.cut.symbol, atom.shift == atom.cut.shift { return seed(atom.symbol) }
      return Grid(rows: point.rows, columns: width, repeating: evaluator.numbers.zero)
    }
    guard let equation = try equations.equation(of: atom) else {
      return Grid(rows: point.rows, columns: width, repeating: evaluator.numbers.zero)
    }
    // Sides of 1 may stand for a whole one, as in 1 / n.
    return Grid(rows: point.rows, columns: width, repeating: evaluator.numbers.zero).combined(
      try evaluate(equation)
    ) { $1 }
  }

  private func seed(_ symbol: SymbolID) -> Value {
    if isTimed(symbol) { return evaluator.identity(evaluator.read(symbol, time).rows) }
    return direction(symbol)
  }

  private func isTimed(_ symbol: SymbolID) -> Bool {
    recurrence.store[symbol].kind == .variable || recurrence.store[symbol].kind == .input
  }

  private func isJacobian(_ cut: Cut) -> Bool { isTimed(cut.symbol) }
}

extension Derivation {
  /// The derivative's value along a trajectory, with `t` at a time: rows by the target, columns by what it is by.
  ///
  /// Before time 1 nothing follows anything, so near the start this is not what the opened expression says.
  /// - Parameter value: a symbol at an absolute time; parameters at any.
  public func value(
    at time: Int, shapes: ShapeSolution, along value: @escaping (SymbolID, Int) -> Matrix
  ) throws -> Matrix {
    let evaluator = TangentEvaluator(
      NodeEvaluator(recurrence: recurrence, numbers: RealNumbers(), shapes: shapes, read: value),
      equations: AtomEquations(recurrence), time: time
    ) { symbol in value(symbol, time).map { _ in 0 } }
    return try evaluator.evaluate(recurrence.store.insert(.atom(target)))
  }
}
