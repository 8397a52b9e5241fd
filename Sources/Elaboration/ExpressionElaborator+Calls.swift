import Algebra
import Syntax

/// Calls in equations: operators, functions that are seen through, cells.
extension ExpressionElaborator {
  mutating func call(_ callee: Expression, _ arguments: [Argument], _ place: Place) throws -> NodeID {
    if case .primed(let function) = callee.form, let name = function.dottedName {
      throw ElaborationError.notInEquation(
        what: "the derivative \(name)'", hint: "write it out: σ'(z) is σ(z) * (1 - σ(z))", place)
    }
    guard let name = callee.dottedName else {
      throw ElaborationError.notInEquation(what: "a call of \(callee.place.text)", hint: nil, place)
    }
    if locals.last?[name] != nil {
      throw ElaborationError.notFunction(name: name, kind: "an argument", callee.place)
    }
    if let symbol = timed[name] {
      let kind = store[symbol].kind == .input ? "an input" : "a variable"
      throw ElaborationError.notFunction(name: name, kind: kind, callee.place)
    }
    if isDeclared(name), environment.function(name) == nil {
      throw ElaborationError.notFunction(name: name, kind: "a parameter", callee.place)
    }
    if name == "total" {
      guard arguments.count == 1 else { throw argumentCount(name, "one argument", arguments, place) }
      return store.insert(.total(try elaborate(arguments[0].value)))
    }
    if let answer, name == "diag", arguments.count == 1 {
      return try answer.diagonal(try elaborate(arguments[0].value), arguments[0].place)
    }
    switch environment.function(name) {
    case .defined(let function): return try seeThrough(function, arguments, place)
    case .operation(let spelling): return try apply(spelling, arguments, callee.place, place)
    case nil: break
    }
    if !OperatorTable.all(named: name).isEmpty { return try apply(name, arguments, callee.place, place) }
    if answer == nil, let cell = environment.cell(name) { return try callCell(cell, arguments, place) }
    let known = OperatorTable.rows.flatMap { [$0.name] + $0.spellings } + environment.knownNames()
    throw ElaborationError.unknownFunction(name: name, callee.place, near: nearNames(name, among: known))
  }

  private func argumentCount(_ name: String, _ expected: String, _ arguments: [Argument], _ place: Place) -> Error {
    ElaborationError.argumentCount(name: name, expected: expected, got: arguments.count, place)
  }

  private mutating func apply(
    _ name: String, _ arguments: [Argument], _ namePlace: Place, _ place: Place
  ) throws -> NodeID {
    if let reduced = try reduction(name, arguments) { return reduced }
    if let labelled = arguments.first(where: { $0.label != nil }), let label = labelled.label {
      throw ElaborationError.argumentLabel(name: name, label: label, known: [], labelled.place)
    }
    guard let operation = OperatorTable.find(name, arity: arguments.count) else {
      let arities = OperatorTable.all(named: name).map { OperatorTable[$0].arity }
      let expected =
        arities.contains(1) ? (arities.contains(2) ? "one or two arguments" : "one argument") : "two arguments"
      throw argumentCount(name, expected, arguments, place)
    }
    let values = try arguments.map { try elaborate($0.value) }
    return store.insert(.apply(operation, answer.map { values.map($0.settled) } ?? values))
  }

  /// In an answer `mean(M, over: 1)` acts on each column of a Jacobian, as it does in what a derivation prints; so does
  /// `mean(M)` if M speaks of derivatives.
  private mutating func reduction(_ name: String, _ arguments: [Argument]) throws -> NodeID? {
    guard let answer, answer.isJacobian, let operation = OperatorTable.find(name, arity: 1),
      case .reduction = OperatorTable[operation].shape, let first = arguments.first, first.label == nil
    else { return nil }
    let isOver = arguments.count == 2 && arguments[1].label == "over" && arguments[1].value.form == .number("1")
    guard isOver || arguments.count == 1 else { return nil }
    let value = answer.settled(try elaborate(first.value))
    let isTangent = store.closure(of: [value]).contains { id in
      switch store[id] {
      case .seed, .atom, .block, .identity: true
      default: false
      }
    }
    let isOfColumns = isOver || isTangent && !answer.isReducedInEquation(value)
    return store.insert(isOfColumns ? .reduced(operation, value) : .apply(operation, [value]))
  }

  /// Copies a function's body with its arguments put in: a cell is what its functions were when it was defined.
  private mutating func seeThrough(
    _ function: FunctionDefinition, _ arguments: [Argument], _ place: Place
  ) throws -> NodeID {
    guard functionDepth < ExpressionElaborator.deepestFunction else {
      throw ElaborationError.functionTooDeep(
        name: function.name, bound: ExpressionElaborator.deepestFunction, callPlace ?? place)
    }
    guard arguments.count == function.parameters.count else {
      let count = function.parameters.count
      throw argumentCount(function.name, count == 1 ? "one argument" : "\(count) arguments", arguments, place)
    }
    var scope: [String: NodeID] = [:]
    for (position, argument) in arguments.enumerated() {
      let name = argument.label ?? function.parameters[position]
      if scope[name] != nil {
        throw ElaborationError.argumentTwice(name: function.name, label: name, argument.place)
      }
      guard function.parameters.contains(name) else {
        throw ElaborationError.argumentLabel(
          name: function.name, label: name, known: function.parameters, argument.place)
      }
      scope[name] = try elaborate(argument.value)
    }
    return try body(of: function, scope, place)
  }

  /// A function's body, its arguments given by name.
  mutating func body(
    of function: FunctionDefinition, _ scope: [String: NodeID], _ place: Place
  ) throws -> NodeID {
    let outer = callPlace
    callPlace = outer ?? place
    locals.append(scope)
    functionDepth += 1
    defer {
      locals.removeLast()
      functionDepth -= 1
      callPlace = outer
    }
    switch function.body {
    case .expression(let body): return try elaborate(body)
    case .block(let statements): return try straight(statements, of: function, place)
    }
  }

  /// A block of assignments that ends in a return.
  private mutating func straight(
    _ statements: [Statement], of function: FunctionDefinition, _ place: Place
  ) throws -> NodeID {
    for statement in statements {
      switch statement.form {
      case .assignment(let target, let value):
        guard case .name(let name) = target.form else { break }
        let node = try elaborate(value)
        if !locals.isEmpty { locals[locals.count - 1][name] = node }
        continue
      case .return(let value?): return try elaborate(value)
      default: break
      }
      throw ElaborationError.functionNotSeenThrough(
        name: function.name, reason: "it has more than assignments", callPlace ?? place)
    }
    throw ElaborationError.functionNotSeenThrough(
      name: function.name, reason: "it returns nothing", callPlace ?? place)
  }

  // MARK: Cells in cells

  private mutating func callCell(_ cell: Recurrence, _ arguments: [Argument], _ place: Place) throws -> NodeID {
    var inputs: [SymbolID: NodeID] = [:]
    var inner = cell
    var position = 0
    for argument in arguments {
      if let label = argument.label {
        if let symbol = cell.inputs.first(where: { cell.store[$0].name == label }) {
          inputs[symbol] = try elaborate(argument.value)
        } else {
          inner.widths.append((label, try width(label, of: cell, argument)))
        }
      } else {
        guard position < cell.inputs.count else { break }
        inputs[cell.inputs[position]] = try elaborate(argument.value)
        position += 1
      }
    }
    guard inputs.count == cell.inputs.count, arguments.filter({ $0.label == nil }).count <= cell.inputs.count else {
      let names = cell.inputs.map { cell.store[$0].name }
      let expected = (names.count == 1 ? "one input, " : "the inputs ") + names.joined(separator: ", ")
      throw ElaborationError.argumentCount(
        name: cell.name, expected: expected, got: arguments.filter { $0.label == nil }.count, place)
    }
    guard cell.outputs.count == 1 else {
      throw ElaborationError.severalOutputs(
        cell: cell.name, outputs: cell.outputs.map { cell.store[$0].name }, place)
    }
    var prefix = target ?? cell.name
    let uses = (cellCalls[prefix] ?? 0) + 1
    cellCalls[prefix] = uses
    if uses > 1 { prefix += String(uses) }
    for argument in arguments {
      if let label = argument.label { widthPlaces["\(prefix).\(label)"] = argument.place }
    }
    let copy = Composition.copy(inner, prefix: prefix + ".", inputs: inputs, into: &recurrence)
    calledEquations += copy.equations
    return copy.outputs[0]
  }

  /// `LSTM(x[t], h: 8)`: a width of the cell that is called.
  private func width(_ label: String, of cell: Recurrence, _ argument: Argument) throws -> Int {
    let widths = (try? cell.solvedShapes())?.openWidths ?? []
    let declared = cell.declaredShapes.values.flatMap(\.sides).flatMap(\.terms).map(\.name)
    let inputs = cell.inputs.map { cell.store[$0].name }
    let known = (cell.variables.map { cell.store[$0].name } + declared + widths).filter { !inputs.contains($0) }
    guard known.contains(label) else {
      let free = widths.filter { !inputs.contains($0) }
      throw ElaborationError.argumentLabel(name: cell.name, label: label, known: inputs + free, argument.place)
    }
    guard case .number(let numeral) = argument.value.bare.form, let width = Int(numeral), width >= 1,
      width <= 1_000_000_000
    else {
      throw ElaborationError.setting(
        message: "a width is a whole number from 1 on", hint: "\(label): 8", argument.place)
    }
    return width
  }
}
