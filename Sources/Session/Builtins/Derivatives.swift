import Algebra
import Runtime
import Syntax

extension BuiltinTable {
  /// `evaluate(d, net, t: 5)`.
  static func evaluate(_ call: inout Call) throws -> Value {
    guard case .derivation(let question) = call.values[0] else {
      throw SessionError.argument(
        of: "evaluate", needs: "a derivative", call.values[0].described, hint: "evaluate(∂c[t]/∂c[t-1], net, t: 3)",
        call.places[0])
    }
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
    let derivation = question.derivation
    let store = derivation.recurrence.store
    switch store[derivation.target.cut.symbol].kind {
    case .variable, .input: break
    default:
      throw SessionError.builtin(
        "a derivative by a parameter is a differential: it has a value only for a given d\(store[derivation.target.cut.symbol].name)",
        hint: nil, call.places[0])
    }
    for symbol in store.symbols where net.recurrence.store.symbol(named: symbol.name) == nil {
      throw SessionError.builtin(
        "the derivative is of \(derivation.recurrence.name), and the net has no \(symbol.name)", hint: nil,
        call.places[1])
    }
    let matrix = try derivation.value(at: time, shapes: net.net.shapes) { symbol, at in
      Self.value(store[symbol].name, at: at, net.net)
    }
    let shape: Shape
    do { shape = try Shape([matrix.rows, matrix.columns]) } catch let found {
      throw SessionError.value(found, call.place)
    }
    return .tensor(Tensor(shape, matrix.values))
  }

  /// A symbol of a net as a matrix: vectors are columns.
  private static func value(_ name: String, at time: Int, _ net: Net) -> Matrix {
    guard let symbol = net.recurrence.store.symbol(named: name) else { return Matrix(rows: 1, columns: 1, values: [0]) }
    let sides = net.sides(symbol)
    let (rows, columns) = (sides.first ?? 1, sides.count > 1 ? sides[1] : 1)
    let values: [Double]
    switch net.recurrence.store[symbol].kind {
    case .input, .variable: values = (try? net.values(symbol, times: time...time)) ?? []
    default: values = net.parameter(symbol)
    }
    let whole = values.count == rows * columns ? values : [Double](repeating: 0, count: rows * columns)
    return Matrix(rows: rows, columns: columns, values: whole)
  }

  /// `steps(d)`.
  static func steps(_ call: inout Call) throws -> Value {
    guard case .derivation(let question) = call.values[0] else {
      throw SessionError.argument(
        of: "steps", needs: "a derivative", call.values[0].described, hint: "steps(∂c[t]/∂c[t-1])", call.places[0])
    }
    return .figure(.steps(try Steps(question.derivation)))
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
