import Algebra
import Syntax

/// The lines of a cell that are no equations: `param`, `init`, `learn`.
struct CellSettings {
  private var recurrence: Recurrence
  private let timed: [String: SymbolID]
  private let items: [CellItem]
  private let environment: Environment
  /// The place of each start's value, and of the nodes in it: starts count after the equations.
  private(set) var startPlaces: [Place] = []
  private(set) var places: [ExpressionElaborator.Origin: Place] = [:]
  /// What was set already, with where: nothing is set twice.
  private var setAt: [String: Place] = [:]

  init(recurrence: Recurrence, timed: [String: SymbolID], items: [CellItem], environment: Environment) {
    self.recurrence = recurrence
    self.timed = timed
    self.items = items
    self.environment = environment
  }

  mutating func read() throws -> Recurrence {
    // Starts first: parameters may stand in them alone.
    for item in items {
      if case .initial(let target, let value) = item.form { try start(target, value) }
    }
    for item in items {
      switch item.form {
      case .parameter(let identifier, let dimensions):
        let symbol = try parameter(identifier.name, identifier.place, widthsOf: true)
        try once("param \(identifier.name)", identifier.place)
        try declare(symbol, dimensions)
      case .input(let identifier, let dimensions): try declareInput(identifier, dimensions)
      case .initial(let target, let value): try initialise(target, value)
      case .learn(let target): try learn(target)
      default: break
      }
    }
    return recurrence
  }

  private mutating func once(_ what: String, _ place: Place) throws {
    if let first = setAt[what] { throw ElaborationError.setTwice(what: what, place, first: first) }
    setAt[what] = place
  }

  private func parameter(_ name: String, _ place: Place, widthsOf: Bool = false) throws -> SymbolID {
    if let symbol = recurrence.store.symbol(named: name) {
      switch recurrence.store[symbol].kind {
      case .parameter: return symbol
      case .derivedParameter:
        throw ElaborationError.setting(
          message: "\(name) is made of other parameters by its equation", hint: "speak of those in it", place)
      case .constant:
        throw ElaborationError.setting(
          message: "\(name) is a constant", hint: "its const line gives its value", place)
      default:
        throw ElaborationError.setting(
          message: "\(name) is \(recurrence.store[symbol].kind == .input ? "an input" : "a variable"), not a parameter",
          hint: widthsOf
            ? "widths follow from the equations; what stays open is set with the net: \(recurrence.name)(\(name): 3)"
            : "a start is set by init \(name)[0] = ...",
          place)
      }
    }
    let names = recurrence.parameters.map { recurrence.store[$0].name }
    let near = nearNames(name, among: names)
    throw ElaborationError.setting(
      message: "no equation has a parameter \(name)",
      hint: near.isEmpty
        ? (names.isEmpty ? nil : "it has \(names.joined(separator: ", "))")
        : "did you mean \(near.joined(separator: " or "))?",
      place)
  }

  // MARK: param

  /// `input C: h × h`: what a cell that runs from the end reads of the forward track need not be a vector.
  private mutating func declareInput(_ identifier: Identifier, _ dimensions: [Expression]) throws {
    guard recurrence.isReversed else {
      throw ElaborationError.setting(
        message: "the inputs of a cell are vectors", hint: "widths follow from the equations, or are set with the net",
        identifier.place)
    }
    guard let symbol = timed[identifier.name], recurrence.store[symbol].kind == .input else {
      throw ElaborationError.setting(
        message: "\(recurrence.name) has no input \(identifier.name)", hint: nil, identifier.place)
    }
    try once("input \(identifier.name)", identifier.place)
    try declare(symbol, dimensions)
  }

  private mutating func declare(_ symbol: SymbolID, _ dimensions: [Expression]) throws {
    guard dimensions.count <= 2 else {
      let name = recurrence.store[symbol].name
      let isInput = recurrence.store[symbol].kind == .input
      throw ElaborationError.setting(
        message: "\(isInput ? "an input" : "a parameter") has at most two dimensions",
        hint: "\(isInput ? "input" : "param") \(name): h × h", dimensions[2].place)
    }
    var sides: [DeclaredShape.Side] = []
    for dimension in dimensions {
      var side = DeclaredShape.Side(constant: 0, terms: [])
      try collect(dimension, times: 1, into: &side)
      if side.constant <= 0, side.terms.allSatisfy({ $0.coefficient <= 0 }) {
        throw ElaborationError.setting(message: "a width is 1 or more", hint: nil, dimension.place)
      }
      sides.append(side)
    }
    recurrence.declaredShapes[symbol] = DeclaredShape(sides: sides)
  }

  /// Adds a linear form such as `h + x`, `4·h`, `2 * (h + 1)` to a side.
  private func collect(_ expression: Expression, times factor: Int, into side: inout DeclaredShape.Side) throws {
    let failure = ElaborationError.setting(
      message: "a width is a name or a sum such as h + x or 4·h, with whole numbers below a million",
      hint: nil, expression.place)
    guard abs(factor) <= 1_000_000 else { throw failure }
    switch expression.bare.form {
    case .number(let numeral):
      guard let number = Int(numeral), number <= 1_000_000 else { throw failure }
      side.constant += factor * number
    case .name, .field:
      guard let name = expression.bare.dottedName else { throw failure }
      if let index = side.terms.firstIndex(where: { $0.name == name }) {
        side.terms[index].coefficient += factor
      } else {
        side.terms.append(.init(name: name, coefficient: factor))
      }
    case .infix(.plus, let left, let right):
      try collect(left, times: factor, into: &side)
      try collect(right, times: factor, into: &side)
    case .infix(.minus, let left, let right):
      try collect(left, times: factor, into: &side)
      try collect(right, times: -factor, into: &side)
    case .infix(let operation, let left, let right) where operation == .times || operation == .dot:
      if case .number(let numeral) = left.bare.form, let number = Int(numeral), number <= 1_000_000 {
        try collect(right, times: factor * number, into: &side)
      } else if case .number(let numeral) = right.bare.form, let number = Int(numeral), number <= 1_000_000 {
        try collect(left, times: factor * number, into: &side)
      } else {
        throw failure
      }
    default: throw failure
    }
  }

  // MARK: init, learn

  private mutating func initialise(_ target: Expression, _ value: Expression) throws {
    if case .index(let base, let indices) = target.form, let name = base.dottedName {
      if timed[name] != nil { return }
      let symbol = try parameter(name, base.place)
      let block = try indices.map { index -> SymbolID in
        guard let part = index.dottedName, let variable = timed[part] else {
          throw ElaborationError.setting(
            message: "a block of \(name) is named by what it multiplies", hint: "init \(name)[h] = orthogonal",
            index.place)
        }
        return variable
      }
      recurrence.initials.append(
        Recurrence.Initial(parameter: symbol, block: block, initializer: try initializer(value)))
      return
    }
    guard let name = target.dottedName else {
      throw ElaborationError.setting(
        message: "init sets a parameter, a block of one, or a start",
        hint: "init b = 1, init W[h] = orthogonal, init h[0] = 0",
        target.place)
    }
    let symbol = try parameter(name, target.place)
    recurrence.initials.append(Recurrence.Initial(parameter: symbol, initializer: try initializer(value)))
  }

  /// `init h[0] = ...`; any other `init` line is left for later.
  private mutating func start(_ target: Expression, _ value: Expression) throws {
    guard case .index(let base, let indices) = target.form, let name = base.dottedName, let symbol = timed[name] else {
      return
    }
    let place = target.place
    guard indices.count == 1, let time = ConstantExpression.value(indices[0]), time <= 0, time >= -10_000,
      let whole = Int(exactly: time)
    else {
      throw ElaborationError.setting(
        message: "init sets a start: the value at time 0 or before", hint: "init \(name)[0] = ...", place)
    }
    guard recurrence.store[symbol].kind == .variable || recurrence.isReversed else {
      throw ElaborationError.setting(message: "\(name) is an input: before time 1 it is 0", hint: nil, place)
    }
    var reader = ExpressionElaborator(
      cellName: recurrence.name, isReversed: recurrence.isReversed, environment: environment, recurrence: recurrence,
      timed: timed)
    reader.equation = recurrence.equations.count + recurrence.starts.count
    let node = try reader.elaborate(value)
    guard reader.recurrence.store.variation(node) != .withTime else {
      throw ElaborationError.setting(
        message: "a start is made of numbers and parameters", hint: "init \(name)[0] = 0.5", value.place)
    }
    try once("\(name)[\(whole)]", place)
    recurrence = reader.recurrence
    startPlaces.append(value.place)
    places.merge(reader.places) { first, _ in first }
    recurrence.starts.append(Recurrence.Start(symbol: symbol, time: whole, value: node))
  }

  private mutating func learn(_ target: Expression) throws {
    guard case .index(let base, let indices) = target.form, let name = base.dottedName, let symbol = timed[name],
      indices.count == 1, case .number("0") = indices[0].form,
      recurrence.store[symbol].kind == .variable || recurrence.isReversed
    else {
      let isParameter =
        target.dottedName.flatMap { recurrence.store.symbol(named: $0) }.map { timed[recurrence.store[$0].name] == nil }
        ?? false
      throw ElaborationError.setting(
        message: isParameter
          ? "a parameter is learned anyway: learn is for a start" : "learn is for the start of a state",
        hint: "learn h[0]", target.place)
    }
    try once("learn \(name)[0]", target.place)
    recurrence.learnedStarts.append(symbol)
  }

  private func initializer(_ expression: Expression) throws -> Initializer {
    switch expression.bare.form {
    case .name("zeros"): return .number(0)
    case .name("ones"): return .number(1)
    case .name("glorot"): return .glorot
    case .name("orthogonal"): return .orthogonal
    case .name("identity"): return .identity
    case .call(let callee, let arguments):
      let values = arguments.compactMap { ConstantExpression.value($0.value) }
      if case .name("uniform") = callee.form, values.count == 2, arguments.count == 2 {
        return .uniform(values[0], values[1])
      }
      if case .name("normal") = callee.form, values.count == 1, arguments.count == 1 { return .normal(values[0]) }
    default: break
    }
    if let value = ConstantExpression.value(expression), value.isFinite { return .number(value) }
    throw ElaborationError.setting(
      message: "a parameter starts as a number or by an initializer",
      hint: "zeros, ones, glorot, orthogonal, identity, uniform(a, b), normal(s)", expression.place)
  }
}
