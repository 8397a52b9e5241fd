import Algebra
import Syntax

/// A cell's definition to its recurrence.
///
/// In two readings: the left sides say which names are variables and which are parameters made of parameters; then the
/// right sides are read, in which every other name without a time is a parameter. Settings (`param`, `const`, `init`,
/// `learn`) come last, since they speak of both. Then order and shapes are found, or what contradicts them.
public struct CellElaborator {
  private let definition: CellDefinition
  private let items: [CellItem]
  private let environment: Environment
  private var readsLater = false
  private var recurrence: Recurrence
  private var definedAt: [String: Place] = [:]
  private var timed: [String: SymbolID] = [:]
  /// The targets of each equation item, in order.
  private var targets: [[SymbolID]] = []
  /// The place of each equation of the recurrence, which may be inside a cell that was called.
  private var equationPlaces: [Place] = []

  /// - Parameters:
  ///   - items: the definition's own, or what was understood of its LaTeX.
  ///   - readsLater: some equations may read later times: `bidirectional` makes such cells, nobody writes them.
  public static func elaborate(
    _ definition: CellDefinition, items: [CellItem], environment: Environment, readsLater: Bool = false
  ) throws -> Recurrence {
    var elaborator = CellElaborator(definition: definition, items: items, environment: environment)
    elaborator.readsLater = readsLater
    return try elaborator.run()
  }

  private init(definition: CellDefinition, items: [CellItem], environment: Environment) {
    self.definition = definition
    self.items = items
    self.environment = environment
    recurrence = Recurrence(name: definition.name.name)
    recurrence.isReversed = definition.isReversed
  }

  private mutating func run() throws -> Recurrence {
    try readInputs()
    try readLeftSides()
    try readConstants()
    let reader = try readRightSides()
    recurrence = reader.recurrence
    try readOutputs()
    var settings = CellSettings(recurrence: recurrence, timed: timed, items: items, environment: environment)
    recurrence = try settings.read()
    try checkOrder()
    let shapes = ShapeErrors(
      recurrence: recurrence, reader: reader, equationPlaces: equationPlaces + settings.startPlaces,
      startNodePlaces: settings.places)
    recurrence.shapes = try shapes.solve()
    try shapes.refuseTwoReadings(recurrence.shapes)
    return recurrence
  }

  // MARK: Left sides

  private mutating func readInputs() throws {
    for input in definition.inputs {
      if input.name == "t" { throw ElaborationError.timeAssigned(input.place) }
      if let first = definedAt[input.name] {
        throw ElaborationError.definedTwice(name: input.name, input.place, first: first)
      }
      let symbol = recurrence.store.add(Symbol(name: input.name, kind: .input))
      recurrence.inputs.append(symbol)
      timed[input.name] = symbol
      definedAt[input.name] = input.place
    }
  }

  private mutating func readLeftSides() throws {
    for item in items {
      switch item.form {
      case .purpose(let text): recurrence.purpose = text
      case .equation(let target, _, let purpose):
        let parts = try targetParts(target)
        let symbols = try parts.map { try define($0.name, isTimed: $0.isTimed, $0.place) }
        if let purpose, let first = symbols.first { recurrence.purposes[first] = purpose }
        targets.append(symbols)
      default: break
      }
    }
    if recurrence.isReversed == false, !timed.values.contains(where: { recurrence.store[$0].kind == .variable }) {
      throw ElaborationError.noEquations(cell: definition.name.name, definition.name.place)
    }
  }

  private func targetParts(_ target: Expression) throws -> [(name: String, isTimed: Bool, place: Place)] {
    if case .brackets(let rows) = target.form {
      guard rows.count == 1, !rows[0].isEmpty else { throw ElaborationError.notATarget(target.place) }
      return try rows[0].flatMap { part in
        let inner = try targetParts(part)
        // A reversed cell may also split what is summed over all times.
        guard inner.allSatisfy(\.isTimed) || recurrence.isReversed && !inner.contains(where: \.isTimed) else {
          throw ElaborationError.notATarget(part.place)
        }
        return inner
      }
    }
    switch TimedReference.read(target, isVariable: { _ in true }) {
    case .timed(let reference):
      guard reference.shift == 0 else {
        throw ElaborationError.targetNotNow(name: reference.name, written: target.place.text, target.place)
      }
      return [(reference.name, true, target.place)]
    case .otherIndex(let name, _):
      throw ElaborationError.targetNotNow(name: name, written: target.place.text, target.place)
    case .none:
      guard let name = target.dottedName else { throw ElaborationError.notATarget(target.place) }
      if name == "t" { throw ElaborationError.timeAssigned(target.place) }
      return [(name, false, target.place)]
    }
  }

  private mutating func define(_ name: String, isTimed: Bool, _ place: Place) throws -> SymbolID {
    if name == "t" { throw ElaborationError.timeAssigned(place) }
    if let known = timed[name], recurrence.store[known].kind == .input {
      throw ElaborationError.inputDefined(name: name, place)
    }
    if let first = definedAt[name] { throw ElaborationError.definedTwice(name: name, place, first: first) }
    definedAt[name] = place
    let symbol = recurrence.store.add(Symbol(name: name, kind: isTimed ? .variable : .derivedParameter))
    if isTimed { timed[name] = symbol }
    return symbol
  }

  private mutating func readConstants() throws {
    for item in items {
      guard case .constant(let identifier, let value) = item.form else { continue }
      if let first = definedAt[identifier.name] {
        throw ElaborationError.definedTwice(name: identifier.name, identifier.place, first: first)
      }
      definedAt[identifier.name] = identifier.place
      let symbol = recurrence.store.add(Symbol(name: identifier.name, kind: .constant))
      recurrence.constants[symbol] = try ConstantExpression.decimal(value)
    }
  }

  // MARK: Right sides

  private mutating func readRightSides() throws -> ExpressionElaborator {
    var reader = ExpressionElaborator(
      cellName: definition.name.name, isReversed: definition.isReversed, environment: environment,
      recurrence: recurrence, timed: timed)
    reader.readsLater = readsLater || definition.isReversed
    if recurrence.isReversed { reader.multiplied = MultipliedVectors.find(in: items) }
    var equations: [Recurrence.Equation] = []
    var index = 0
    for item in items {
      guard case .equation(_, let body, _) = item.form else { continue }
      let symbols = targets[index]
      reader.equation = equations.count
      let isWholeCall = if case .call = body.bare.form { true } else { false }
      reader.target = isWholeCall ? symbols.first.map { recurrence.store[$0].name } : nil
      let called = reader.calledEquations.count
      let node = try reader.elaborate(body)
      try refuseVarying(node, of: symbols, reader, body.place)
      // The equations of a cell that is called stand after the one that calls it; their places are the call's.
      equations.append(Recurrence.Equation(targets: symbols, body: node))
      equationPlaces.append(body.place)
      for equation in reader.calledEquations[called...] {
        equations.append(equation)
        equationPlaces.append(body.place)
      }
      index += 1
    }
    reader.recurrence.equations = equations
    return reader
  }

  /// A parameter made of parameters reads no variable, except in a sum over all times.
  private func refuseVarying(
    _ body: NodeID, of targets: [SymbolID], _ reader: ExpressionElaborator, _ place: Place
  ) throws {
    let store = reader.recurrence.store
    guard let target = targets.first, store[target].kind == .derivedParameter, store.variation(body) == .withTime else {
      return
    }
    let reads = store.closure(of: [body]).compactMap { id -> String? in
      guard case .read(let symbol, let shift) = store[id], store.variation(id) == .withTime else { return nil }
      return TextNotation.read(store[symbol], shift: shift)
    }
    throw ElaborationError.derivedVaries(name: store[target].name, written: reads.first ?? "t", place)
  }

  private mutating func readOutputs() throws {
    var outputs: [SymbolID] = []
    for output in definition.outputs {
      guard let symbol = recurrence.store.symbol(named: output.name),
        recurrence.store[symbol].kind == .variable
          || recurrence.isReversed && recurrence.store[symbol].kind == .derivedParameter
      else {
        let isDefined = definedAt[output.name] != nil && timed[output.name] == nil
        throw ElaborationError.outputUndefined(name: output.name, isDefined: isDefined, output.place)
      }
      outputs.append(symbol)
    }
    if outputs.isEmpty {
      let own = targets.last { list in list.contains { recurrence.store[$0].kind == .variable } }
      outputs = own?.last.map { [$0] } ?? []
    }
    recurrence.outputs = outputs
  }

  // MARK: Order

  private func checkOrder() throws {
    do {
      _ = try Schedule(recurrence)
    } catch Schedule.Failure.loop(let path) {
      let isTimed = path.contains { recurrence.store[$0].kind == .variable }
      throw ElaborationError.loop(
        path: path.map { recurrence.store[$0].name }, isTimed: isTimed, place(of: path.first))
    } catch Schedule.Failure.bothDirections(let symbols) {
      throw ElaborationError.bothDirections(
        names: symbols.map { recurrence.store[$0].name }, place(of: symbols.first))
    }
  }

  private func place(of symbol: SymbolID?) -> Place? {
    guard let symbol, let index = recurrence.equations.firstIndex(where: { $0.targets.contains(symbol) }) else {
      return definition.name.place
    }
    return equationPlaces[index]
  }
}
