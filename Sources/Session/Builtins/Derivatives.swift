import Algebra
import Runtime
import Syntax

extension BuiltinTable {
  /// `evaluate(d, net, t: 5)`, also of a product or of paths.
  static func evaluate(_ call: inout Call) throws -> Value {
    let derivation: Derivation
    switch call.values[0] {
    case .derivation(let value): derivation = value.derivation
    case .figure(.product(let product)): derivation = product.derivation
    case .figure(.paths(let paths)): derivation = paths.derivation
    default:
      throw SessionError.argument(
        of: "evaluate", needs: "a derivative", call.values[0].described, hint: "evaluate(∂c[t]/∂c[t-1], net, t: 3)",
        call.places[0])
    }
    let (net, time) = try point(call, derivation)
    let store = derivation.recurrence.store
    let entries = derivation.recurrence.entries
    let read = { (symbol: SymbolID, at: Int) -> Matrix in
      guard let entry = entries[symbol] else { return Self.value(store[symbol].name, at: at, net) }
      let whole = Self.value(entry.parameter, at: at, net)
      let position = entry.row * whole.columns + entry.column
      return Matrix(rows: 1, columns: 1, values: [whole.values.indices.contains(position) ? whole.values[position] : 0])
    }
    switch call.values[0] {
    case .figure(.product(let product)):
      let track = StateJacobian.Track(product.jacobian, shapes: net.shapes, read: read)
      let interpreter = call.interpreter
      let matrix = try product.jacobian.product(
        at: time + derivation.target.shift, steps: derivation.stepsBack, along: track,
        isInterrupted: interpreter.isInterrupted)
      guard let matrix else {
        try call.poll()
        return .nothing
      }
      return try tensor(matrix, call.place)
    case .figure(.paths(let paths)):
      let interpreter = call.interpreter
      let values = try paths.sum.values(
        at: time, shapes: net.shapes, along: read, isInterrupted: interpreter.isInterrupted)
      guard let values else {
        try call.poll()
        return .nothing
      }
      return .table(paths.table(values))
    default:
      return try tensor(
        derivation.value(at: time, lastTime: net.time, shapes: net.shapes, along: read), call.place)
    }
  }

  private static func tensor(_ matrix: Matrix, _ place: Place?) throws -> Value {
    let shape: Shape
    do { shape = try Shape([matrix.rows, matrix.columns]) } catch let found {
      throw SessionError.value(found, place)
    }
    return .tensor(Tensor(shape, matrix.values))
  }

  /// The net and the time at which a derivative is asked for.
  private static func point(_ call: Call, _ derivation: Derivation) throws -> (Net, Int) {
    let net = try call.net(1)
    guard case .number(let number)? = call.label("t")?.value, let time = Int(exactly: number) else {
      throw SessionError.builtin("evaluate needs a time", hint: "evaluate(d, net, t: 3)", call.place)
    }
    guard time >= 1, time <= net.net.time else {
      throw SessionError.builtin(
        "the net has reached time \(net.net.time), so there is no t = \(time)", hint: nil, call.place)
    }
    guard (net.net.batch ?? 1) == 1 else {
      throw SessionError.builtin("evaluate takes a net that was fed one sequence", hint: nil, call.places[1])
    }
    let store = derivation.recurrence.store
    switch store[derivation.target.cut.symbol].kind {
    case .variable, .input: break
    default:
      throw SessionError.builtin(
        "a derivative by a parameter is a differential: it has a value only for a given d\(store[derivation.target.cut.symbol].name)",
        hint: nil, call.places[0])
    }
    let names = Set(derivation.recurrence.entries.keys.map { store[$0].name })
    for symbol in store.symbols
    where symbol.name != Derivation.expressionName && !names.contains(symbol.name)
      && net.recurrence.store.symbol(named: symbol.name) == nil
    {
      throw SessionError.builtin(
        "the derivative is of \(derivation.recurrence.name), and the net has no \(symbol.name)", hint: nil,
        call.places[1])
    }
    return (net.net, time)
  }

  private static func value(_ name: String, at time: Int, _ net: Net) -> Matrix {
    guard let symbol = net.recurrence.store.symbol(named: name) else { return Matrix(rows: 1, columns: 1, values: [0]) }
    return net.matrix(symbol, at: time)
  }

  /// `steps(d)`.
  static func steps(_ call: inout Call) throws -> Value {
    guard case .derivation(let question) = call.values[0] else {
      throw SessionError.argument(
        of: "steps", needs: "a derivative", call.values[0].described, hint: "steps(∂c[t]/∂c[t-1])", call.places[0])
    }
    return .figure(.steps(try Steps(question.derivation)))
  }

  /// `paths(d)`.
  static func paths(_ call: inout Call) throws -> Value {
    let derivation = try call.derivation(0, hint: "paths(∂c[t]/∂c[t-1])").derivation
    do { return .figure(.paths(try Paths(derivation, call.interpreter))) } catch let failure as DerivativeFailure {
      throw SessionError.builtin(Interpreter.text(of: failure), hint: nil, call.places[0])
    }
  }

  /// `product(d)`.
  static func product(_ call: inout Call) throws -> Value {
    let derivation = try call.derivation(0, hint: "product(∂c[t]/∂c[t-3])").derivation
    do { return .figure(.product(try StateProduct(derivation, call.interpreter))) } catch let failure
      as DerivativeFailure
    {
      throw SessionError.builtin(Interpreter.text(of: failure), hint: nil, call.places[0])
    }
  }

  /// `expand(d, 2)`, `expand(d, ∞)`.
  static func expand(_ call: inout Call) throws -> Value {
    guard case .derivation(let question) = call.values[0] else {
      throw SessionError.argument(
        of: "expand", needs: "a derivative", call.values[0].described, hint: "expand(∂c[t]/∂c[t-1], 2)",
        call.places[0])
    }
    var derivation = question.derivation
    switch call.values.count > 1 ? call.values[1] : .number(1) {
    case .number(let levels) where levels == .infinity: try derivation.expandAll()
    case .number(let levels):
      guard let whole = Int(exactly: levels), whole >= 0, whole <= 100_000 else {
        throw SessionError.builtin("expand takes a number of levels up to 100000, or ∞", hint: nil, call.places[1])
      }
      try derivation.expand(levels: whole)
    default:
      throw SessionError.builtin("expand takes a number of levels, or ∞", hint: nil, call.places[1])
    }
    return .derivation(try DerivationValue(derivation, isOpenedFurther: true))
  }
}

extension Call {
  func derivation(_ position: Int, hint: String) throws -> DerivationValue {
    guard case .derivation(let value) = values[position] else {
      throw wrong(position, needs: "a derivative", hint: hint)
    }
    return value
  }
}
