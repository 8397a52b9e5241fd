/// What the equations of a recurrence say of its shapes.
public struct ShapeSolution: Sendable {
  public var symbols: [SymbolID: Shape] = [:]
  public var nodes: [NodeID: Shape] = [:]
  /// Names of the widths that the shapes speak of.
  public var widthNames: [String] = []

  public init() {}

  public func name(_ width: Dimension.Width) -> String {
    widthNames.indices.contains(width) ? widthNames[width] : "?"
  }

  public func text(_ shape: Shape) -> String { shape.text(name) }
  public func text(_ dimension: Dimension) -> String { dimension.text(name) }

  /// The widths that are still open, by name.
  public var openWidths: [String] {
    var seen: Set<Dimension.Width> = []
    for shape in symbols.values {
      for dimension in shape.dimensions { for term in dimension.terms { seen.insert(term.width) } }
    }
    return seen.sorted().map(name)
  }
}

/// Why shapes do not fit, as facts; whoever knows the text says where.
public enum ShapeError: Error, Sendable {
  /// A symbol as wide as `shape`, and a body that has another.
  case equation(index: Int, target: SymbolID, shape: String, body: String)
  /// Two operands of one operation.
  case operands(equation: Int, node: NodeID, left: NodeID, leftShape: String, right: NodeID, rightShape: String)
  /// An operand that has the wrong kind: `needs` says what would do.
  case operand(equation: Int, node: NodeID, operand: NodeID, shape: String, needs: String)
  /// Nothing says what shape a parameter has.
  case openParameter(SymbolID)
  /// A width that was set against the equations.
  case width(name: String, value: Int, shape: String)
  /// A width set by a name that the cell does not have.
  case unknownWidth(name: String, known: [String])
  /// A declared shape that the equations contradict.
  case declared(SymbolID, declared: String, needed: String)
  case startShape(index: Int, SymbolID, shape: String, value: String)
}

/// Shapes by linear equations between widths, after ranks are known.
struct ShapeInference {
  private let recurrence: Recurrence
  private let ranks: Ranks
  private var solver = WidthSolver()
  private var symbols: [SymbolID: Shape] = [:]
  private var nodes: [NodeID: Shape] = [:]
  private var named: [String: Dimension] = [:]
  private var equationIndex = 0

  /// Solves for the shapes, with `widths` set besides those of the recurrence.
  static func solve(
    _ recurrence: Recurrence, widths: [(name: String, value: Int)] = [], poll: () throws -> Void
  ) throws -> ShapeSolution {
    do {
      return try solved(recurrence, widths, poll).solution()
    } catch let error as ShapeError {
      throw contradiction(recurrence, widths) ?? error
    }
  }

  /// If the equations fit by themselves: the width that was set against them, which says more than the place where it
  /// came to light.
  private static func contradiction(_ recurrence: Recurrence, _ widths: [(name: String, value: Int)]) -> ShapeError? {
    let all = recurrence.widths + widths
    var free = recurrence
    free.widths = []
    guard !all.isEmpty, var inference = try? solved(free, [], {}) else { return nil }
    do {
      for width in all { try inference.set(width.name, to: width.value) }
    } catch {
      return error as? ShapeError
    }
    return nil
  }

  private static func solved(
    _ recurrence: Recurrence, _ widths: [(name: String, value: Int)], _ poll: () throws -> Void
  ) throws -> ShapeInference {
    let roots = recurrence.equations.map(\.body) + recurrence.starts.map(\.value)
    let order = recurrence.store.closure(of: roots)
    let ranks = try Ranks(recurrence, nodes: order, poll: poll)
    if let open = ranks.openParameters.first { throw ShapeError.openParameter(open) }
    var inference = ShapeInference(recurrence: recurrence, ranks: ranks)
    inference.nameWidths()
    inference.shapeSymbols()
    for width in recurrence.widths + widths { try inference.set(width.name, to: width.value) }
    var done: Set<NodeID> = []
    for (index, equation) in recurrence.equations.enumerated() {
      if index % 64 == 0 { try poll() }
      inference.equationIndex = index
      for id in recurrence.store.closure(of: [equation.body]) where done.insert(id).inserted {
        inference.nodes[id] = try inference.shape(of: id)
      }
      try inference.define(equation)
    }
    try inference.defineStarts(order: order, done: &done)
    return inference
  }

  private init(recurrence: Recurrence, ranks: Ranks) {
    self.recurrence = recurrence
    self.ranks = ranks
  }

  // MARK: Widths and symbols

  private mutating func nameWidths() {
    let states = Set(recurrence.states)
    let outputs = Set(recurrence.outputs)
    // Variables before inputs, so that sums read h + x.
    for symbol in recurrence.variables {
      addWidth(of: symbol, priority: outputs.contains(symbol) ? 3 : states.contains(symbol) ? 2 : 1)
    }
    // Of the inputs of a reversed cell the forward states are those that are read earlier.
    let earlier = recurrence.isReversed ? recurrence.readEarlier : []
    for symbol in recurrence.inputs where earlier.contains(symbol) { addWidth(of: symbol, priority: 5) }
    for symbol in recurrence.inputs where !earlier.contains(symbol) { addWidth(of: symbol, priority: 5) }
    for symbol in recurrence.inputs + recurrence.parameters {
      for side in recurrence.declaredShapes[symbol]?.sides ?? [] {
        for part in side.terms where named[part.name] == nil {
          named[part.name] = solver.add(part.name, priority: 4)
        }
      }
    }
  }

  private mutating func addWidth(of symbol: SymbolID, priority: Int) {
    guard ranks.ofSymbol[symbol] == 1 else { return }
    let name = recurrence.store[symbol].name
    named[name] = solver.add(name, priority: priority)
  }

  private mutating func fresh() -> Dimension { solver.add("?", priority: 0) }

  private mutating func shapeSymbols() {
    for symbol in recurrence.inputs + recurrence.variables {
      let declared = (recurrence.declaredShapes[symbol]?.sides ?? []).map(dimension)
      switch ranks.ofSymbol[symbol] ?? 0 {
      case 0: symbols[symbol] = .number
      case 1:
        let width = named[recurrence.store[symbol].name] ?? fresh()
        if let side = declared.first { _ = solver.unify(width, side) }
        symbols[symbol] = .vector(width)
      default:
        let sides = declared.count == 2 ? declared : [fresh(), fresh()]
        symbols[symbol] = .matrix(rows: sides[0], columns: sides[1])
      }
    }
    let derived = recurrence.equations.flatMap(\.targets).filter { recurrence.store[$0].kind == .derivedParameter }
    for symbol in recurrence.parameters + derived + Array(recurrence.constants.keys) {
      let declared = (recurrence.declaredShapes[symbol]?.sides ?? []).map(dimension)
      switch ranks.ofSymbol[symbol] ?? 0 {
      case 0: symbols[symbol] = .number
      case 1: symbols[symbol] = .vector(declared.first ?? fresh())
      default:
        let sides = declared.count == 2 ? declared : [fresh(), fresh()]
        symbols[symbol] = .matrix(rows: sides[0], columns: sides[1])
      }
    }
  }

  private func dimension(_ side: DeclaredShape.Side) -> Dimension {
    var result = Dimension(side.constant)
    for part in side.terms { if let width = named[part.name] { result.add(width, times: part.coefficient) } }
    return result
  }

  private mutating func set(_ name: String, to value: Int) throws {
    guard let width = named[name] else {
      throw ShapeError.unknownWidth(name: name, known: named.keys.sorted())
    }
    let before = text(width)
    guard value > 0, solver.unify(width, Dimension(value)) else {
      throw ShapeError.width(name: name, value: value, shape: before)
    }
  }

  // MARK: Equations

  private mutating func define(_ equation: Recurrence.Equation) throws {
    guard let body = nodes[equation.body], let target = equation.targets.first else { return }
    if equation.targets.count > 1 {
      var whole = Dimension(0)
      for part in equation.targets { whole.add(symbols[part]?.dimensions.first ?? .one) }
      guard case .vector(let width) = body, solver.unify(whole, width) else {
        throw ShapeError.equation(
          index: equationIndex, target: target, shape: text(whole), body: text(body))
      }
      return
    }
    let shape = symbols[target] ?? .number
    guard unify(shape, body) else {
      throw ShapeError.equation(index: equationIndex, target: target, shape: text(shape), body: text(body))
    }
  }

  private mutating func defineStarts(order: [NodeID], done: inout Set<NodeID>) throws {
    for (index, start) in recurrence.starts.enumerated() {
      // Starts count after the equations.
      equationIndex = recurrence.equations.count + index
      for id in recurrence.store.closure(of: [start.value]) where done.insert(id).inserted {
        nodes[id] = try shape(of: id)
      }
      guard let value = nodes[start.value], let shape = symbols[start.symbol] else { continue }
      if value.rank != 0, !unify(shape, value) {
        throw ShapeError.startShape(index: equationIndex, start.symbol, shape: text(shape), value: text(value))
      }
    }
  }

  private mutating func unify(_ left: Shape, _ right: Shape) -> Bool {
    guard left.rank == right.rank else { return false }
    for (a, b) in zip(left.dimensions, right.dimensions) where !solver.unify(a, b) { return false }
    return true
  }

  // MARK: Nodes

  private mutating func shape(of id: NodeID) throws -> Shape {
    let node = recurrence.store[id]
    func of(_ operand: NodeID) -> Shape { nodes[operand] ?? .number }
    switch node {
    case .number, .constant, .time: return .number
    case .identity:
      let side = fresh()
      return .matrix(rows: side, columns: side)
    case .read(let symbol, _): return symbols[symbol] ?? .number
    case .sum(let terms): return try common(terms.map(\.node), of: id, spreadsVectors: false)
    case .product(let factors): return try common(factors, of: id, spreadsVectors: true)
    case .quotient(let a, let b): return try common([a, b], of: id, spreadsVectors: true)
    case .power(let a, let b):
      if of(a).rank == 2 { throw operandError(id, a, needs: "a number or a vector") }
      return try common([a, b], of: id, spreadsVectors: false)
    case .matrixProduct(let a, let b): return try matrixProduct(a, b, of: id)
    case .transpose(let a):
      switch of(a) {
      case .number: return .number
      case .vector(let width): return .matrix(rows: .one, columns: width)
      case .matrix(let rows, let columns): return .matrix(rows: columns, columns: rows)
      }
    case .concatenate(let parts):
      var width = Dimension(0)
      for part in parts {
        switch of(part) {
        case .number: width.add(.one)
        case .vector(let own): width.add(own)
        case .matrix: throw operandError(id, part, needs: "a vector")
        }
      }
      return .vector(width)
    case .apply(let operation, let arguments):
      switch OperatorTable[operation].shape {
      case .elementwise: return try common(arguments, of: id, spreadsVectors: false)
      case .vector:
        guard let argument = arguments.first else { return .number }
        guard of(argument).rank == 1 else { throw operandError(id, argument, needs: "a vector") }
        return of(argument)
      case .reduction:
        guard let argument = arguments.first, of(argument).rank > 0 else {
          throw operandError(id, arguments.first ?? id, needs: "a vector")
        }
        return .number
      case .rows:
        guard let argument = arguments.first, case .matrix(let rows, _) = of(argument) else {
          throw operandError(id, arguments.first ?? id, needs: "a matrix")
        }
        return .vector(rows)
      }
    case .total(let a): return of(a)
    case .block(let matrix, let part, let whole): return try block(matrix, part, whole, of: id)
    case .seed, .atom, .rows, .zeros, .derivative, .named, .reduced: return .number
    }
  }

  /// The shape that operands share: numbers spread; in products and quotients a vector also spreads over the rows of
  /// a matrix, a row over its columns.
  private mutating func common(_ operands: [NodeID], of id: NodeID, spreadsVectors: Bool) throws -> Shape {
    var result = Shape.number
    var widest = operands.first ?? id
    for operand in operands {
      let shape = nodes[operand] ?? .number
      guard let joined = join(result, shape, spreadsVectors: spreadsVectors) else {
        throw ShapeError.operands(
          equation: equationIndex, node: id, left: widest, leftShape: text(result), right: operand,
          rightShape: text(shape))
      }
      if joined.rank > result.rank { widest = operand }
      result = joined
    }
    return result
  }

  private mutating func join(_ left: Shape, _ right: Shape, spreadsVectors: Bool) -> Shape? {
    switch (left, right) {
    case (.number, let other), (let other, .number): return other
    case (.vector(let a), .vector(let b)): return solver.unify(a, b) ? left : nil
    case (.matrix(let rows, let columns), .matrix(let otherRows, let otherColumns)):
      guard let r = side(rows, otherRows, spreads: spreadsVectors),
        let c = side(columns, otherColumns, spreads: spreadsVectors)
      else { return nil }
      return .matrix(rows: r, columns: c)
    case (.vector(let a), .matrix(let rows, _)):
      return spreadsVectors && solver.unify(a, rows) ? right : nil
    case (.matrix(let rows, _), .vector(let b)):
      return spreadsVectors && solver.unify(rows, b) ? left : nil
    }
  }

  private mutating func side(_ a: Dimension, _ b: Dimension, spreads: Bool) -> Dimension? {
    if spreads, a == .one { return b }
    if spreads, b == .one { return a }
    return solver.unify(a, b) ? a : nil
  }

  private mutating func matrixProduct(_ a: NodeID, _ b: NodeID, of id: NodeID) throws -> Shape {
    let (left, right) = (nodes[a] ?? .number, nodes[b] ?? .number)
    func mismatch() -> ShapeError {
      ShapeError.operands(
        equation: equationIndex, node: id, left: a, leftShape: text(left), right: b, rightShape: text(right))
    }
    switch (left, right) {
    case (.number, let other), (let other, .number): return other
    case (.vector(let n), .vector(let m)):
      guard solver.unify(n, m) else { throw mismatch() }
      return .number
    case (.matrix(let rows, let columns), .vector(let n)):
      guard solver.unify(columns, n) else { throw mismatch() }
      if case .transpose(let operand) = recurrence.store[a], nodes[operand]?.rank == 1 { return .number }
      return .vector(rows)
    case (.matrix(let rows, let inner), .matrix(let otherRows, let columns)):
      guard solver.unify(inner, otherRows) else { throw mismatch() }
      return .matrix(rows: rows, columns: columns)
    case (.vector(let rows), .matrix(let otherRows, let columns)):
      // v · kᵀ, the outer product: a vector is a column.
      guard solver.reduce(otherRows) == .one else {
        throw ShapeError.operand(
          equation: equationIndex, node: id, operand: a, shape: text(left),
          needs: "a matrix: a vector stands right of ·")
      }
      return .matrix(rows: rows, columns: columns)
    }
  }

  /// The columns of a matrix that multiply a part of what it multiplies.
  private mutating func block(_ matrix: NodeID, _ part: NodeID, _ whole: NodeID, of id: NodeID) throws -> Shape {
    let (left, right) = (nodes[matrix] ?? .number, nodes[whole] ?? .number)
    guard case .matrix(let rows, let columns) = left, case .vector(let width) = right, solver.unify(columns, width)
    else {
      throw ShapeError.operands(
        equation: equationIndex, node: id, left: matrix, leftShape: text(left), right: whole, rightShape: text(right))
    }
    return .matrix(rows: rows, columns: nodes[part]?.dimensions.first ?? .one)
  }

  private func operandError(_ node: NodeID, _ operand: NodeID, needs: String) -> ShapeError {
    .operand(
      equation: equationIndex, node: node, operand: operand, shape: text(nodes[operand] ?? .number), needs: needs)
  }

  // MARK: Answer

  private func text(_ form: Dimension) -> String { solver.reduce(form).text { solver.unknowns[$0].name } }
  private func text(_ shape: Shape) -> String {
    shape.mapDimensions(solver.reduce).text { solver.unknowns[$0].name }
  }

  private func solution() -> ShapeSolution {
    var result = ShapeSolution()
    result.widthNames = solver.unknowns.map(\.name)
    result.symbols = symbols.mapValues { $0.mapDimensions(solver.reduce) }
    result.nodes = nodes.mapValues { $0.mapDimensions(solver.reduce) }
    return result
  }
}

extension Recurrence {
  /// Infers all shapes; `widths` are set besides the recurrence's own.
  /// - Parameter poll: asked again and again; what it throws ends the work.
  public func solvedShapes(
    widths: [(name: String, value: Int)] = [], poll: () throws -> Void = {}
  ) throws -> ShapeSolution {
    try ShapeInference.solve(self, widths: widths, poll: poll)
  }
}
