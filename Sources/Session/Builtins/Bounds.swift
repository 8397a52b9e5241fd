import Algebra
import Runtime
import Syntax

extension BuiltinTable {
  /// `bounds(LSTM)`, `bounds(LSTM, f: 0..0.9)`, `bounds(net, x: -1..1)`.
  @Sendable static func bounds(
    _ given: [GivenArgument], _ interpreter: Interpreter, _ place: Place?
  ) throws -> Value {
    guard let first = given.first, first.label == nil else {
      throw SessionError.argumentMissing("cell", function: "bounds(cell, …)", place)
    }
    var question: BoundsQuestion
    switch first.value {
    case .cell(let cell): question = BoundsQuestion(cell.recurrence)
    case .net(let net): question = try BoundsQuestion(net.net, first.place)
    case .derivation(let value): question = BoundsQuestion(value.derivation.recurrence)
    default:
      throw SessionError.argument(
        of: "bounds", needs: "a cell, a net or a derivative", first.value.described, hint: nil, first.place)
    }
    for argument in given.dropFirst() { try question.assume(argument) }
    let bounds = try question.bounds(given, interpreter, place)
    if case .derivation(let value) = first.value { return .table(try table(value.derivation, bounds, first.place)) }
    return .table(table(bounds))
  }

  private static func table(_ bounds: Bounds) -> Table {
    let store = bounds.recurrence.store
    let entries = bounds.entries
    return Table(
      headings: ["variable", "range", "why"],
      columns: [
        .texts(entries.map { TextNotation.read(store[$0.symbol], shift: 0) }), .texts(entries.map(\.range)),
        .texts(entries.map(\.reason)),
      ])
  }

  /// Of a derivative as far as it is opened.
  private static func table(_ derivation: Derivation, _ bounds: Bounds, _ place: Place?) throws -> Table {
    let by = bounds.recurrence.store[derivation.target.cut.symbol]
    guard by.kind == .variable || by.kind == .input else {
      throw SessionError.builtin(
        "a derivative by a parameter is a differential: how large it is depends on d\(by.name)", hint: nil, place)
    }
    let rows: [DerivativeBounds.Row]
    do { rows = try DerivativeBounds(derivation, bounds).rows } catch let failure as DerivativeFailure {
      throw SessionError.builtin(Interpreter.text(of: failure), hint: nil, place)
    }
    return Table(
      headings: ["what", "range", "why"],
      columns: [.texts(rows.map(\.part)), .texts(rows.map(\.range)), .texts(rows.map(\.reason))])
  }
}

/// What is asked: of which equations, from which starts, with which assumptions.
struct BoundsQuestion {
  private let recurrence: Recurrence
  private var assumptions: [SymbolID: Interval] = [:]
  private var starts: [SymbolID: Interval] = [:]
  private var named: Set<SymbolID> = []

  init(_ recurrence: Recurrence) { self.recurrence = recurrence }

  /// Of a net: its parameters lie between their least and their largest number, its states start as they do.
  init(_ net: Net, _ place: Place?) throws {
    recurrence = net.recurrence
    guard net.clamps.isEmpty else {
      throw SessionError.builtin(
        "the bounds of a net with held variables are not known", hint: "bounds of the cell: clamp(Cell, f: 1)", place)
    }
    for symbol in recurrence.parameters { assumptions[symbol] = Self.hull(net.parameter(symbol)) }
    for state in recurrence.states {
      let earliest = 1 - max(recurrence.longestDelay, 1)
      if let values = try? net.values(state, times: earliest...0) { starts[state] = Self.hull(values) }
    }
  }

  private static func hull(_ values: [Double]) -> Interval? {
    guard let low = values.min(), let high = values.max(), !values.contains(where: \.isNaN) else { return nil }
    return Interval(low, high)
  }

  /// `f: 0..0.9`, `x: 1`.
  mutating func assume(_ argument: GivenArgument) throws {
    let store = recurrence.store
    let known = recurrence.variables + recurrence.inputs + recurrence.parameters
    let derived = recurrence.equations.flatMap(\.targets).filter { store[$0].kind == .derivedParameter }
    let names = (known + derived).map { store[$0].name }
    guard let label = argument.label else {
      throw SessionError.builtin("an assumption has a name: bounds(LSTM, f: 0..0.9)", hint: nil, argument.place)
    }
    guard let symbol = store.symbol(named: label), names.contains(label) else {
      if let symbol = store.symbol(named: label), recurrence.constants[symbol] != nil {
        throw SessionError.builtin(
          "\(label) is a constant of \(recurrence.name)", hint: "set it first: \(recurrence.name)(\(label): 0.5)",
          argument.place)
      }
      throw SessionError.unknownLabel(label, function: "bounds", has: names, argument.place)
    }
    guard named.insert(symbol).inserted else { throw SessionError.argumentTwice(label, argument.place) }
    switch argument.value {
    case .number(let number) where !number.isNaN: assumptions[symbol] = Interval(number)
    case .range(let range) where range.lower <= range.upper: assumptions[symbol] = Interval(range.lower, range.upper)
    case .range(let range) where range.lower > range.upper:
      throw SessionError.builtin(
        "the range of \(label) has its lower end last", hint: "\(label): -1..1", argument.place)
    default:
      throw SessionError.argument(
        of: "bounds", needs: "a range from the lower to the upper end for \(label)", argument.value.described,
        hint: "\(label): -1..1", argument.place)
    }
  }

  func bounds(_ given: [GivenArgument], _ interpreter: Interpreter, _ place: Place?) throws -> Bounds {
    do {
      return try Bounds(
        recurrence, assumptions: assumptions, starts: starts, isInterrupted: interpreter.isInterrupted)
    } catch Bounds.Failure.interrupted {
      throw Interrupted()
    } catch Bounds.Failure.contradiction(let symbol, let proved, let assumed) {
      let name = recurrence.store[symbol].name
      throw SessionError.builtin(
        "\(name)[t] lies in \(proved.text), so it cannot be in \(assumed.text)", hint: nil,
        given.first { $0.label == name }?.place ?? place)
    }
  }
}
