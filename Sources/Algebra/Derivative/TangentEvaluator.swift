/// The tangent equations of atoms as expressions, for every cut that an expression speaks of; found once, evaluated
/// at many points.
final class AtomEquations {
  private let recurrence: Recurrence
  private var tangents: [Cut: TangentEquations] = [:]
  private var known: [Atom: NodeID?] = [:]
  private var orders: [NodeID: [NodeID]] = [:]

  private let isInterrupted: () -> Bool

  init(_ recurrence: Recurrence, isInterrupted: @escaping () -> Bool = { false }) {
    self.recurrence = recurrence
    self.isInterrupted = isInterrupted
  }

  /// With the equations of one cut, which were found already.
  init(_ known: TangentEquations) {
    recurrence = known.recurrence
    isInterrupted = known.isInterrupted
    tangents[known.cut] = known
  }

  func poll() throws { if isInterrupted() { throw Interruption() } }

  private func equations(_ cut: Cut) throws -> TangentEquations {
    if let found = tangents[cut] { return found }
    let equations = try TangentEquations(recurrence, cut: cut, isInterrupted: isInterrupted)
    tangents[cut] = equations
    return equations
  }

  /// The right side of an atom's own equation; nil if it is 0.
  func equation(of atom: Atom) throws -> NodeID? {
    if let found = known[atom] { return found }
    let body = try equations(atom.cut).equation(of: atom.symbol, shift: atom.shift)
    let node = body.isZero ? nil : TangentWriter(recurrence, cut: atom.cut).node(body)
    known[atom] = .some(node)
    return node
  }

  /// What an expression is made of, operands first.
  func order(_ root: NodeID) -> [NodeID] {
    if let order = orders[root] { return order }
    let order = recurrence.store.closure(of: [root])
    orders[root] = order
    return order
  }

  /// The tangent of an expression; nil if it is 0.
  func tangent(of expression: NodeID, by cut: Cut) throws -> NodeID? {
    let expression =
      recurrence.store.holdsDerivatives(expression)
      ? try recurrence.withoutDerivatives(expression, isInterrupted: isInterrupted) : expression
    let tangent = try equations(cut).tangentsOfNodes(expression, shift: 0)[expression] ?? .zero
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
  /// After this nothing follows anything either: a sequence ends.
  private let lastTime: Int
  private var known = NodeMap<Value>()

  init(
    _ evaluator: NodeEvaluator<Numbers>, equations: AtomEquations, time: Int, firstTime: Int = 1,
    lastTime: Int = .max, direction: @escaping (SymbolID) -> Value
  ) {
    store = evaluator.recurrence.store
    recurrence = evaluator.recurrence
    self.evaluator = evaluator
    self.equations = equations
    self.time = time
    self.direction = direction
    self.firstTime = firstTime
    self.lastTime = lastTime
  }

  /// An expression of the store, at the evaluator's time. What was evaluated is known for the next.
  func evaluate(_ root: NodeID) throws -> Value {
    if let value = known[root] { return value }
    try equations.poll()
    for id in equations.order(root) where known[id] == nil {
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
    if isTimed(atom.symbol), time + atom.shift < firstTime || time + atom.shift > lastTime {
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
  /// - Parameters:
  ///   - lastTime: the end of the sequence, for cells that read later times.
  ///   - value: a symbol at an absolute time; parameters at any.
  public func value(
    at time: Int, lastTime: Int = .max, shapes: ShapeSolution, along value: @escaping (SymbolID, Int) -> Matrix
  ) throws -> Matrix {
    let evaluator = TangentEvaluator(
      NodeEvaluator(recurrence: recurrence, numbers: RealNumbers(), shapes: shapes, read: value),
      equations: AtomEquations(tangents), time: time, lastTime: lastTime
    ) { symbol in value(symbol, time).map { _ in 0 } }
    return try evaluator.evaluate(recurrence.store.insert(.atom(target)))
  }
}
