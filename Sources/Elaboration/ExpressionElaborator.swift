import Algebra
import Syntax

/// The right sides of a cell's equations: syntax trees to expressions of the store.
///
/// Names are first the arguments of a function that is seen through, then the cell's variables and inputs, then
/// numbers with names of their own; what is left without a time is a parameter.
struct ExpressionElaborator {
  /// Functions within functions are seen through this deep.
  static let deepestFunction = 64
  /// Expressions read, those of functions anew at each call: functions that call functions twice double it.
  static let largestReading = 300_000
  /// Expressions within expressions, those of functions included.
  static let deepestReading = 2_000

  let cellName: String
  let isReversed: Bool
  let environment: Environment
  var recurrence: Recurrence
  /// Variables and inputs by name, known before any body is read.
  let timed: [String: SymbolID]
  /// Where each node first stands in an equation, so that errors of shapes point to the text.
  private(set) var places: [Origin: Place] = [:]
  /// `U · r * h`: read as (U · r) * h if r's factor is a number, an error if not.
  private(set) var suspects: [Suspect] = []
  /// Where parameters were first used.
  private(set) var parameterPlaces: [SymbolID: Place] = [:]
  var equation = 0
  var locals: [[String: NodeID]] = []
  var functionDepth = 0
  private var expressionsRead = 0
  private var depth = 0
  /// Inside a function that is seen through, nodes belong to the place of its call.
  var callPlace: Place?
  var cellCalls: [String: Int] = [:]
  /// Where widths of cells that are called were set.
  var widthPlaces: [String: Place] = [:]
  /// The variable whose whole body is being read, if it is one: names the parts of a cell called there.
  var target: String?
  /// Whether times after now may be read.
  var readsLater: Bool
  /// In a reversed cell: the vectors `[h[t-1], x[t]]` that each parameter multiplies, so that `W[h]` has a meaning.
  var multiplied: [String: [Expression]] = [:]
  /// Equations of cells that were called.
  var calledEquations: [Recurrence.Equation] = []
  /// What an answer may say besides, if it is one that is read: derivatives, blocks, vectors as diagonal matrices.
  var answer: AnswerContext?

  struct Origin: Hashable {
    var equation: Int
    var node: NodeID
  }

  struct Suspect {
    var matrix: NodeID
    var factor: NodeID
    var place: Place
    var written: (matrix: String, vector: String, factor: String)
  }

  init(
    cellName: String, isReversed: Bool, environment: Environment, recurrence: Recurrence, timed: [String: SymbolID]
  ) {
    self.cellName = cellName
    self.isReversed = isReversed
    readsLater = isReversed
    self.environment = environment
    self.recurrence = recurrence
    self.timed = timed
  }

  var store: Store { recurrence.store }

  // MARK: Expressions

  mutating func elaborate(_ expression: Expression) throws -> NodeID {
    expressionsRead += 1
    depth += 1
    defer { depth -= 1 }
    if expressionsRead > ExpressionElaborator.largestReading {
      throw ElaborationError.tooLarge(bound: ExpressionElaborator.largestReading, callPlace ?? expression.place)
    }
    if depth > ExpressionElaborator.deepestReading {
      throw ElaborationError.tooDeep(bound: ExpressionElaborator.deepestReading, callPlace ?? expression.place)
    }
    let id = try node(expression)
    if answer != nil { try checkShape(of: id, expression) }
    notePlace(of: id, callPlace ?? expression.place)
    if store.nodes.count > Store.capacity {
      throw ElaborationError.tooLarge(bound: Store.capacity, callPlace ?? expression.place)
    }
    return id
  }

  /// Of an answer each operation is checked as it is read.
  private mutating func notePlace(of node: NodeID, _ place: Place) {
    guard answer == nil else { return }
    let origin = Origin(equation: equation, node: node)
    if places[origin] == nil { places[origin] = place }
  }

  // What only answers do stands apart, so that the frames of deep expressions stay small.

  private func checkShape(of id: NodeID, _ expression: Expression) throws {
    try answer?.checkShape(of: id, callPlace ?? expression.place)
  }

  private mutating func derivative(_ expression: Expression) throws -> NodeID {
    let place = expression.place
    if let answer { return try answer.derivative(expression) { try elaborate($0) } }
    if case .holding = expression.form { throw ElaborationError.notInEquation(what: place.text, hint: nil, place) }
    throw ElaborationError.notInEquation(
      what: "a derivative", hint: "type it by itself, after the cell: ∂c[t]/∂c[t-1]", place)
  }

  private mutating func node(_ expression: Expression) throws -> NodeID {
    let place = expression.place
    switch expression.form {
    case .parentheses: return try elaborate(expression.bare)
    case .number(let numeral):
      guard let number = Decimal(numeral: numeral) else { throw ElaborationError.numberOutOfRange(numeral, place) }
      return store.insert(.number(number))
    case .name, .timed, .index, .field: return try reference(expression)
    case .prefix(let operation, let operand): return try prefix(operation, operand, place)
    case .infix(let operation, let left, let right): return try infix(operation, left, right, expression)
    case .primed(let operand): return store.insert(.transpose(try elaborate(operand)))
    case .call(let callee, let arguments): return try call(callee, arguments, place)
    case .brackets(let rows): return try brackets(rows, place)
    case .derivative, .holding:
      return try derivative(expression)
    case .text: throw ElaborationError.notInEquation(what: "a text", hint: nil, place)
    case .truth:
      throw ElaborationError.notInEquation(what: place.text, hint: "a gate is between 0 and 1", place)
    case .comparison:
      throw ElaborationError.notInEquation(
        what: "a comparison", hint: "max(a, b), relu(a) and abs(a) choose by size", place)
    case .conditional:
      throw ElaborationError.notInEquation(
        what: "if", hint: "an equation is the same at every time; use max, min, relu or a gate", place)
    case .tuple, .record:
      throw ElaborationError.notInEquation(what: "a list or record", hint: "[a, b] joins vectors", place)
    case .nothing, .end, .all, .within:
      throw ElaborationError.notInEquation(what: place.text, hint: nil, place)
    }
  }

  // MARK: Names

  func isTimed(_ name: String) -> Bool { timed[name] != nil }

  private mutating func reference(_ expression: Expression) throws -> NodeID {
    let place = expression.place
    if case .name(let name) = expression.form, let local = locals.last?[name] { return local }
    if let answer, let block = try block(expression, answer) { return block }
    if case .index(let base, let indices) = expression.form, indices.count == 1, let name = base.dottedName,
      !isTimed(name), let vectors = multiplied.removeValue(forKey: name)
    {
      // Not while its own vectors are read, in which it cannot stand.
      defer { multiplied[name] = vectors }
      return try block(of: base, vectors, indices[0], place)
    }
    switch TimedReference.read(expression, isVariable: isTimed) {
    case .timed(let reference): return try read(reference, place)
    case .otherIndex(let name, let index):
      if isTimed(name) { throw ElaborationError.timeForm(name: name, written: index.place.text, index.place) }
      throw ElaborationError.partRead(name: name, isTimed: locals.last?[name] != nil, place)
    case .none: break
    }
    if case .index(let base, _) = expression.form, let name = base.dottedName {
      throw ElaborationError.partRead(name: name, isTimed: isTimed(name) || locals.last?[name] != nil, place)
    }
    guard let name = expression.dottedName else {
      throw ElaborationError.notInEquation(what: place.text, hint: nil, place)
    }
    return try timeless(name, place)
  }

  /// `W_f[h]`, `(…)[f]`: an index of an answer that is no time.
  private mutating func block(_ expression: Expression, _ answer: AnswerContext) throws -> NodeID? {
    guard case .index(let base, let indices) = expression.form else { return nil }
    if let entry = answer.entry(expression) { return entry }
    if base.dottedName != nil, indices.count == 1, TimedReference.offset(indices[0]) != nil { return nil }
    if let name = base.dottedName, isTimed(name) { return nil }
    let isWhole = if case .parentheses = base.form { true } else { false }
    return try answer.block(of: try elaborate(base), indices, isWhole: isWhole, expression.place)
  }

  private mutating func read(_ reference: TimedReference, _ place: Place) throws -> NodeID {
    guard let symbol = timed[reference.name] else {
      if let differential = answer?.differential(reference.name, shift: reference.shift) { return differential }
      if let named = answer?.abbreviation(reference.name, shift: reference.shift) { return named }
      if recurrence.store.symbol(named: reference.name) != nil {
        throw ElaborationError.parameterWithTime(name: reference.name, place)
      }
      throw ElaborationError.undefined(
        name: reference.name, place, near: nearNames(reference.name, among: Array(timed.keys)))
    }
    if reference.shift > 0, !readsLater {
      throw ElaborationError.future(name: reference.name, written: place.text, place)
    }
    return store.insert(.read(symbol, shift: reference.shift))
  }

  mutating func timeless(_ name: String, _ place: Place) throws -> NodeID {
    switch name {
    case "t": return store.insert(.time)
    case "I" where !isDeclared(name):
      if let answer { return answer.openIdentity }
      return store.insert(.identity(equation: equation))
    case "e" where !isDeclared(name): return store.insert(.constant(.euler))
    case "π", "pi": return store.insert(.constant(.pi))
    case "∞", "inf": return store.insert(.constant(.infinity))
    default: break
    }
    if isTimed(name) {
      let isInput = timed[name].map { store[$0].kind == .input } ?? false
      throw ElaborationError.missingTime(name: name, cell: cellName, isInput: isInput, place)
    }
    if !isDeclared(name), !OperatorTable.all(named: name).isEmpty {
      throw ElaborationError.functionNotCalled(name: name, place)
    }
    if let answer, !isDeclared(name) { return try answer.unknown(name, place) }
    return store.insert(.read(parameter(name, place), shift: 0))
  }

  func isDeclared(_ name: String) -> Bool { store.symbol(named: name) != nil }

  private mutating func parameter(_ name: String, _ place: Place) -> SymbolID {
    let symbol = store.symbol(named: name) ?? store.add(Symbol(name: name, kind: .parameter))
    if parameterPlaces[symbol] == nil {
      parameterPlaces[symbol] = place
      if store[symbol].kind == .parameter, !recurrence.parameters.contains(symbol) {
        recurrence.parameters.append(symbol)
      }
    }
    return symbol
  }

  // MARK: Operators

  private mutating func prefix(_ operation: PrefixOperator, _ operand: Expression, _ place: Place) throws -> NodeID {
    switch operation {
    case .plus: return try elaborate(operand)
    case .not: throw ElaborationError.notInEquation(what: "not", hint: "1 - z[t] is a gate's complement", place)
    case .minus:
      if case .number(let numeral) = operand.bare.form, let number = Decimal(numeral: numeral) {
        return store.insert(.number(number.negated))
      }
      return store.insert(.sum([Term(try elaborate(operand), isNegative: true)]))
    }
  }

  /// A chain of operators of one level, from left to right: long sums are loops, not deep recursion.
  private mutating func infix(
    _ operation: InfixOperator, _ left: Expression, _ right: Expression, _ whole: Expression
  ) throws -> NodeID {
    var chain: [(InfixOperator, Expression, Expression)] = [(operation, right, whole)]
    var first = left
    let level = ExpressionElaborator.level(operation)
    while case .infix(let next, let inner, let other) = first.form, ExpressionElaborator.level(next) == level,
      operation != .power
    {
      chain.append((next, other, first))
      first = inner
    }
    var result = try elaborate(first)
    var form = first
    for (next, operand, expression) in chain.reversed() {
      try refuseTimeMinus(next, form, operand, expression.place)
      let value = try elaborate(operand)
      noteSuspect(next, form: form, formNode: result, operand: operand, factor: value, expression.place)
      if let answer {
        result = try answer.combine(
          next, result, value, isContinued: form.isInfix(next), callPlace ?? expression.place)
      } else {
        result = combine(next, result, value, isContinued: form.isInfix(next))
      }
      notePlace(of: result, callPlace ?? expression.place)
      form = expression
    }
    switch operation {
    case .range, .and, .or: throw ElaborationError.notInEquation(what: operation.rawValue, hint: nil, whole.place)
    default: return result
    }
  }

  private static func level(_ operation: InfixOperator) -> Int {
    switch operation {
    case .plus, .minus: 1
    case .times, .dot, .divide: 2
    case .power: 3
    case .range, .and, .or: 4
    }
  }

  /// - Parameter isContinued: the left operand is an unparenthesised chain of the same kind, which grows.
  func combine(_ operation: InfixOperator, _ left: NodeID, _ right: NodeID, isContinued: Bool) -> NodeID {
    switch operation {
    case .plus, .minus:
      let last = Term(right, isNegative: operation == .minus)
      if isContinued, case .sum(let terms) = store[left] { return store.insert(.sum(terms + [last])) }
      return store.insert(.sum([Term(left), last]))
    case .times:
      if isContinued, case .product(let factors) = store[left] { return store.insert(.product(factors + [right])) }
      return store.insert(.product([left, right]))
    case .dot: return store.insert(.matrixProduct(left, right))
    case .divide: return store.insert(.quotient(left, right))
    case .power: return store.insert(.power(left, right))
    case .range, .and, .or: return left
    }
  }

  /// `h_t-1` without spaces is h[t] minus 1: both meanings are offered.
  private func refuseTimeMinus(
    _ operation: InfixOperator, _ left: Expression, _ right: Expression, _ whole: Place
  ) throws {
    guard operation == .minus, case .name(let written) = left.form, let name = TimedName.split(written),
      isTimed(name) || locals.isEmpty, case .number(let steps) = right.form,
      right.place.range.lowerBound == left.place.range.upperBound + 1
    else { return }
    throw ElaborationError.minusAfterTime(
      name: name, written: left.place.through(right.place).text, steps: steps, left.place.through(right.place))
  }

  private mutating func noteSuspect(
    _ operation: InfixOperator, form: Expression, formNode: NodeID, operand: Expression, factor: NodeID, _ place: Place
  ) {
    guard operation == .times, case .infix(.dot, let matrix, let vector) = form.form,
      case .matrixProduct(let left, _) = store[formNode]
    else { return }
    suspects.append(
      Suspect(
        matrix: left, factor: factor, place: callPlace ?? form.place.through(operand.place),
        written: (matrix.place.text, vector.place.text, operand.place.text)))
  }

  private mutating func brackets(_ rows: [[Expression]], _ place: Place) throws -> NodeID {
    guard rows.count == 1, let parts = rows.first, !parts.isEmpty else {
      throw ElaborationError.notInEquation(
        what: rows.isEmpty ? "an empty vector" : "a stack of rows", hint: "[a, b] joins vectors", place)
    }
    let nodes = try parts.map { try elaborate($0) }
    if let answer { return try answer.concatenation(nodes, callPlace ?? place) }
    return store.insert(.concatenate(nodes))
  }
}

extension Expression {
  /// An unparenthesised chain that an operator of this kind continues: `a - b` for `+`, `a * b` for `*`.
  fileprivate func isInfix(_ operation: InfixOperator) -> Bool {
    guard case .infix(let own, _, _) = form else { return false }
    switch operation {
    case .plus, .minus: return own == .plus || own == .minus
    default: return own == operation
    }
  }
}
