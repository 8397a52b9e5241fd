/// Cells built of cells: equations copied with a prefix before their names, inputs replaced by expressions.
public enum Composition {
  public struct Copy {
    /// To be added to the recurrence at the place that is right for them.
    public var equations: [Recurrence.Equation]
    /// What the outputs of the copied cell are, as expressions at time t.
    public var outputs: [NodeID]
  }

  /// Copies a cell into a recurrence: its symbols with `prefix` before their names; its parameters, starts and
  /// settings are added, its equations answered.
  ///
  /// - Parameters:
  ///   - inputs: an expression of the recurrence for each input of the cell. Where the cell reads its input earlier
  ///     the expression is read earlier.
  ///   - isReversed: the copy runs against time (all its shifts negated).
  public static func copy(
    _ cell: Recurrence, prefix: String, inputs: [SymbolID: NodeID], isReversed: Bool = false,
    into recurrence: inout Recurrence
  ) -> Copy {
    let store = recurrence.store
    let direction = isReversed ? -1 : 1
    var image: [SymbolID: SymbolID] = [:]
    func symbol(_ old: SymbolID) -> SymbolID {
      if let known = image[old] { return known }
      let source = cell.store[old]
      let new = store.add(Symbol(name: prefix + source.name, kind: source.kind))
      image[old] = new
      return new
    }
    let equationOffset = recurrence.equations.count * 1000 + store.symbols.count
    let roots = cell.equations.map(\.body) + cell.starts.map(\.value)
    let nodes = cell.store.rewrite(roots, into: store) { node in
      switch node {
      case .read(let old, let shift):
        if let input = inputs[old] { return store.shifted(input, by: shift * direction) }
        return store.insert(.read(symbol(old), shift: shift * direction))
      case .identity(let equation): return store.insert(.identity(equation: equationOffset + equation))
      default: return nil
      }
    }
    func node(_ old: NodeID) -> NodeID { nodes[old] ?? old }

    let equations = cell.equations.map { equation in
      Recurrence.Equation(targets: equation.targets.map(symbol), body: node(equation.body))
    }
    recurrence.cellOfPart[String(prefix.dropLast())] = cell.name
    for (part, name) in cell.cellOfPart { recurrence.cellOfPart[prefix + part] = name }
    recurrence.parameters += cell.parameters.map(symbol)
    for (old, value) in cell.constants { recurrence.constants[symbol(old)] = value }
    for (old, shape) in cell.declaredShapes {
      recurrence.declaredShapes[symbol(old)] = DeclaredShape(
        sides: shape.sides.map { side in
          DeclaredShape.Side(
            constant: side.constant,
            terms: side.terms.map { .init(name: prefix + $0.name, coefficient: $0.coefficient) })
        })
    }
    recurrence.starts += cell.starts.map {
      Recurrence.Start(symbol: symbol($0.symbol), time: $0.time, value: node($0.value))
    }
    recurrence.learnedStarts += cell.learnedStarts.map(symbol)
    recurrence.initials += cell.initials.map { initial in
      Recurrence.Initial(
        parameter: symbol(initial.parameter), block: initial.block.filter { inputs[$0] == nil }.map(symbol),
        initializer: initial.initializer)
    }
    for (old, purpose) in cell.purposes where inputs[old] == nil { recurrence.purposes[symbol(old)] = purpose }
    for width in cell.widths {
      if let old = cell.store.symbol(named: width.name), let input = inputs[old] {
        // A width set for an input is a width of what feeds it.
        if case .read(let feeding, _) = store[input] {
          recurrence.widths.append((store[feeding].name, width.value))
        }
      } else {
        recurrence.widths.append((prefix + width.name, width.value))
      }
    }
    let outputs = cell.outputs.map { store.insert(.read(symbol($0), shift: 0)) }
    return Copy(equations: equations, outputs: outputs)
  }

  /// `stack(a, b, ...)`: each part is fed the output of the one before.
  ///
  /// - Parameter parts: with the name that comes before the names of their variables: `layer1`, `enc`.
  public static func stack(_ parts: [(name: String, cell: Recurrence)], name: String = "stack") throws -> Recurrence {
    var result = Recurrence(name: name)
    let input = result.store.add(Symbol(name: "x", kind: .input))
    result.inputs = [input]
    var signal = result.store.insert(.read(input, shift: 0))
    for part in parts {
      try requireOneInOneOut(part.cell)
      let copy = Composition.copy(
        part.cell, prefix: part.name + ".", inputs: [part.cell.inputs[0]: signal], into: &result)
      result.equations += copy.equations
      signal = copy.outputs[0]
    }
    if case .read(let output, _) = result.store[signal] { result.outputs = [output] }
    result.shapes = try result.solvedShapes()
    return result
  }

  /// A function of a vector as a cell: y[t] = f(x[t]).
  public static func apply(_ operation: Operator.ID) -> Recurrence {
    var result = Recurrence(name: OperatorTable[operation].name)
    let input = result.store.add(Symbol(name: "x", kind: .input))
    let output = result.store.add(Symbol(name: "y", kind: .variable))
    let argument = result.store.insert(.read(input, shift: 0))
    result.inputs = [input]
    result.outputs = [output]
    result.equations = [.init(targets: [output], body: result.store.insert(.apply(operation, [argument])))]
    return result
  }

  /// `residual(A)`: y = A(x) + x.
  public static func residual(_ cell: Recurrence, name: String = "residual") throws -> Recurrence {
    try requireOneInOneOut(cell)
    var result = Recurrence(name: name)
    let input = result.store.add(Symbol(name: "x", kind: .input))
    result.inputs = [input]
    let signal = result.store.insert(.read(input, shift: 0))
    let copy = Composition.copy(cell, prefix: "inner.", inputs: [cell.inputs[0]: signal], into: &result)
    let output = result.store.add(Symbol(name: "y", kind: .variable))
    let body = result.store.insert(.sum([Term(copy.outputs[0]), Term(signal)]))
    result.equations = copy.equations + [Recurrence.Equation(targets: [output], body: body)]
    result.outputs = [output]
    result.shapes = try result.solvedShapes()
    return result
  }

  /// `bidirectional(A)`: y = [ahead, back], two cells of the same kind that run in the two directions of time.
  public static func bidirectional(_ cell: Recurrence, name: String = "bidirectional") throws -> Recurrence {
    try requireOneInOneOut(cell)
    var result = Recurrence(name: name)
    let input = result.store.add(Symbol(name: "x", kind: .input))
    result.inputs = [input]
    let signal = result.store.insert(.read(input, shift: 0))
    let inputs = [cell.inputs[0]: signal]
    let ahead = Composition.copy(cell, prefix: "ahead.", inputs: inputs, into: &result)
    let back = Composition.copy(cell, prefix: "back.", inputs: inputs, isReversed: true, into: &result)
    let output = result.store.add(Symbol(name: "y", kind: .variable))
    let body = result.store.insert(.concatenate([ahead.outputs[0], back.outputs[0]]))
    result.equations = ahead.equations + back.equations + [Recurrence.Equation(targets: [output], body: body)]
    result.outputs = [output]
    result.shapes = try result.solvedShapes()
    return result
  }

  public enum Failure: Error, Sendable {
    /// Only cells with one input and one output can be put together so.
    case notOneInOneOut(cell: String, inputs: [String], outputs: [String])
  }

  private static func requireOneInOneOut(_ cell: Recurrence) throws {
    guard cell.inputs.count == 1, cell.outputs.count == 1 else {
      throw Failure.notOneInOneOut(
        cell: cell.name, inputs: cell.inputs.map { cell.store[$0].name },
        outputs: cell.outputs.map { cell.store[$0].name })
    }
  }

  /// The cell in which a variable has a fixed value and no equation of its own, or a parameter is a constant; parameters
  /// that nothing needs any more are left out.
  public static func clamp(_ cell: Recurrence, _ symbol: SymbolID, to value: Decimal) throws -> Recurrence {
    var result = cell
    if cell.store[symbol].kind == .parameter { return try setting(symbol, of: cell, to: value) }
    result.store = Store()
    for old in cell.store.symbols { _ = result.store.add(old) }
    let nodes = cell.store.rewrite(cell.equations.map(\.body) + cell.starts.map(\.value), into: result.store) { _ in nil
    }
    result.equations = cell.equations.flatMap { equation -> [Recurrence.Equation] in
      let body = nodes[equation.body] ?? equation.body
      guard equation.targets == [symbol] else { return [.init(targets: equation.targets, body: body)] }
      return [.init(targets: [symbol], body: result.store.insert(.number(value)))]
    }
    result.starts = cell.starts.map { .init(symbol: $0.symbol, time: $0.time, value: nodes[$0.value] ?? $0.value) }
    result.dropUnused()
    result.shapes = try result.solvedShapes()
    return result
  }

  /// The cell in which a parameter is a number that is not learned.
  private static func setting(_ parameter: SymbolID, of cell: Recurrence, to value: Decimal) throws -> Recurrence {
    var result = cell
    result.store = Store()
    for old in cell.store.symbols {
      var symbol = old
      if cell.store.symbol(named: old.name) == parameter { symbol.kind = .constant }
      _ = result.store.add(symbol)
    }
    let roots = cell.equations.map(\.body) + cell.starts.map(\.value)
    let nodes = cell.store.rewrite(roots, into: result.store) { _ in nil }
    for index in result.equations.indices {
      result.equations[index].body = nodes[cell.equations[index].body] ?? cell.equations[index].body
    }
    for index in result.starts.indices {
      result.starts[index].value = nodes[cell.starts[index].value] ?? cell.starts[index].value
    }
    result.parameters.removeAll { $0 == parameter }
    result.initials.removeAll { $0.parameter == parameter }
    result.declaredShapes[parameter] = nil
    result.constants[parameter] = value
    result.shapes = try result.solvedShapes()
    return result
  }
}

extension Recurrence {
  /// Leaves out equations and parameters that no output needs.
  mutating func dropUnused() {
    var needed = Set(outputs)
    var size = -1
    var read: Set<SymbolID> = []
    while size != needed.count {
      size = needed.count
      read = []
      for equation in equations where !needed.isDisjoint(with: equation.targets) {
        for id in store.closure(of: [equation.body]) {
          if case .read(let symbol, _) = store[id] { read.insert(symbol) }
        }
      }
      needed.formUnion(read.filter { store[$0].kind == .variable || store[$0].kind == .derivedParameter })
    }
    equations = equations.filter { !needed.isDisjoint(with: $0.targets) }
    parameters = parameters.filter(read.contains)
    starts = starts.filter { needed.contains($0.symbol) }
    initials = initials.filter { read.contains($0.parameter) }
    constants = constants.filter { read.contains($0.key) }
    declaredShapes = declaredShapes.filter { read.contains($0.key) }
    learnedStarts = learnedStarts.filter(needed.contains)
  }
}
