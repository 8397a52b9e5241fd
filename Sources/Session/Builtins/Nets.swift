import Algebra
import Figures
import Runtime
import Syntax

extension BuiltinTable {
  static let nets: [Builtin] = [
    Builtin(
      "feed", theme: .cells, "feed(net, X?, ...)",
      "runs the net on a step, a sequence [time, width] or a batch [time, batch, width]; answers the outputs",
      example: "feed(linear(x: 2, y: 1), [0, 0])", "[0]", .netCall(feed)),
    Builtin(
      "reset", theme: .cells, "reset(net)", "back to time 0: no track, no batch, the starts of the cell",
      example: "net = linear(x: 1, y: 1); y = feed(net, 1); reset(net); net.t", "0",
      .general { call in
        let value = try call.net(0)
        value.net.reset()
        value.isBatched = false
        return .nothing
      }),
    Builtin(
      "rewind", theme: .cells, "rewind(net, t)", "forgets what came after a time",
      example: "net = linear(x: 1, y: 1); y = feed(net, [1; 2; 3]); rewind(net, 2); net.t", "2",
      .general { call in
        let value = try call.net(0)
        let time = try call.integer(1, needs: "a time")
        do { try value.net.rewind(to: time) } catch {
          throw NetProblem.explained(error, value.recurrence, at: call.places[1])
        }
        return .nothing
      }),
    Builtin(
      "clamp", theme: .cells, "clamp(net, at: times, ...)",
      "a copy of the net, run again with variables held: clamp(net, f: 1, at: 5..9); of a cell, the cell without that gate (or parameter)",
      example: "net = linear(x: 1, y: 1); y = feed(net, [1; 2]); held = clamp(net, y: 5, at: 2); held.y[2]", "[5]",
      .netCall(clamp)),
    Builtin(
      "bounds", theme: .cells, "bounds(cell, ...)",
      "where each variable lies, with the reason, whatever is fed; bounds(LSTM, f: 0..0.9) with assumptions; of a net, with its widths and parameters; of a derivative, how large it can be",
      example: "bounds(linear(x: 1, y: 1), x: -1..1, W: 0..2, b: 0).range[1]", "\"[-2, 2]\"", .netCall(bounds)),
    Builtin(
      "equivalent", theme: .cells, "equivalent(A, B)",
      "whether two cells are the same up to names, order, merged biases and complemented gates; says what corresponds to what, or where they differ",
      example: "equivalent(linear, linear)", "✓ the same\ntrue", .netCall(equivalent)),
    Builtin(
      "evaluate", theme: .cells, "evaluate(derivative, net, t: time)",
      "the value of a derivative along what the net did, with t at a time: rows by the numerator",
      example: "use linear; net = linear(x: 1, y: 1); net.W = 3; y = feed(net, 2); evaluate(∂y[t]/∂x[t], net, t: 1)",
      "[[3]]", .general { call in try evaluate(&call) }),
    Builtin(
      "expand", theme: .cells, "expand(derivative, levels?)",
      "a derivative with the derivatives that stand in it opened, so many levels deep (∞: all)",
      example: "use linear; expand(∂y[t]/∂x[t])", "∂y[t]/∂x[t] = W", .general { call in try expand(&call) }),
    Builtin(
      "steps", theme: .cells, "steps(derivative)",
      "how a derivative was found: each rule, and the equation after it with what is new marked",
      example: "use linear; d = steps(∂y[t]/∂x[t]); type(d)", "\"figure\"", .general { call in try steps(&call) }),
    Builtin(
      "product", theme: .cells, "product(derivative)",
      "a derivative over several steps as a product of state Jacobians, each block written once",
      example: "type(product)", "\"function\"",
      .general { call in try product(&call) }),
    Builtin(
      "paths", theme: .cells, "paths(derivative)",
      "a derivative as the sum over the paths that lead there, beyond 64 by classes; evaluate(paths(d), net, t: 5) says what each carries",
      example: "type(paths)", "\"function\"",
      .general { call in try paths(&call) }),
    Builtin(
      "stack", theme: .cells, "stack(...)",
      "one cell after the other: stack(LSTM(h: 8), linear(2)), or with names for the parts",
      example: "feed(stack(linear(3), linear(2), x: 1), 0)", "[0, 0]", .netCall(stack)),
    Builtin(
      "residual", theme: .cells, "residual(cell)", "the cell's output plus its input",
      example: "type(residual(linear))", "\"cell\"",
      .general { call in try composed(&call) { try Composition.residual($0) } }),
    Builtin(
      "bidirectional", theme: .cells, "bidirectional(cell)",
      "the cell run in both directions of time; the outputs joined (parts ahead, back)",
      example: "type(bidirectional(linear))", "\"cell\"",
      .general { call in try composed(&call) { try Composition.bidirectional($0) } }),
    Builtin(
      "f32", theme: .cells, "f32", "single precision, in which nets compute by default", example: "f32", "\"f32\"",
      .word("f32")),
    Builtin(
      "f64", theme: .cells, "f64", "double precision: LSTM(x: 2, h: 3, dtype: f64)", example: "f64", "\"f64\"",
      .word("f64")),
  ]

  // MARK: Feeding

  @Sendable private static func feed(
    _ given: [GivenArgument], _ interpreter: Interpreter, _ place: Place?
  ) throws -> Value {
    let value = try net(of: given, "feed", place)
    var feeding = Feeding(value, interpreter)
    try feeding.add(given.dropFirst())
    return try feeding.run(place)
  }

  static func net(of given: [GivenArgument], _ name: String, _ place: Place?) throws -> NetValue {
    guard let first = given.first, first.label == nil else {
      throw SessionError.argumentMissing("net", function: "\(name)(net, …)", place)
    }
    if case .cell(let cell) = first.value {
      let open = cell.recurrence.shapes.openWidths.map { "\($0): 3" }.joined(separator: ", ")
      throw SessionError.builtin(
        "\(cell.name) is a cell; \(name) needs a net of it", hint: "net = \(cell.name)(\(open))", first.place)
    }
    guard case .net(let value) = first.value else {
      throw SessionError.argument(of: name, needs: "a net", first.value.described, hint: nil, first.place)
    }
    return value
  }

  // MARK: Clamps

  @Sendable private static func clamp(
    _ given: [GivenArgument], _ interpreter: Interpreter, _ place: Place?
  ) throws -> Value {
    guard let first = given.first, first.label == nil else {
      throw SessionError.argumentMissing("net", function: "clamp(net, …)", place)
    }
    if case .cell(let cell) = first.value { return try clamp(cell, given.dropFirst(), place) }
    let value = try net(of: given, "clamp", place)
    let times = try clampTimes(given)
    var clamps: [Clamp] = []
    for argument in given.dropFirst() where argument.label != "at" {
      let symbol = try clamped(argument, value.recurrence)
      let width = value.net.count(symbol)
      let numbers: [Double]
      switch argument.value {
      case .number(let number): numbers = [number]
      default:
        guard let tensor = argument.value.asTensor, tensor.isVector, tensor.count == width else {
          throw SessionError.argument(
            of: "clamp", needs: width == 1 ? "a number" : "a number or a vector of \(width)", argument.value.described,
            hint: nil, argument.place)
        }
        numbers = tensor.numbers
      }
      clamps.append(Clamp(symbol: symbol, times: times, values: numbers))
    }
    guard !clamps.isEmpty else {
      throw SessionError.builtin("clamp holds a variable: clamp(net, f: 1)", hint: nil, place)
    }
    do {
      let held = try value.net.clamped(clamps, isInterrupted: interpreter.isInterrupted)
      return .net(NetValue(held, isBatched: value.isBatched))
    } catch { throw NetProblem.explained(error, value.recurrence, at: place) }
  }

  private static func clampTimes(_ given: [GivenArgument]) throws -> ClosedRange<Int> {
    guard let argument = given.first(where: { $0.label == "at" }) else { return 1...Int.max }
    switch argument.value {
    case .number(let number):
      if let time = Int(exactly: number), time >= 1 { return time...time }
    case .range(let range):
      if let count = range.wholeCount, count > 0, let first = Int(exactly: range.lower), first >= 1 {
        return first...(first + (count - 1))
      }
    default: break
    }
    throw SessionError.argument(
      of: "clamp", needs: "a time or a range of times from 1 on in at:", argument.value.described, hint: "at: 5..9",
      argument.place)
  }

  private static func clamped(
    _ argument: GivenArgument, _ recurrence: Recurrence, parameters: [SymbolID] = []
  ) throws -> SymbolID {
    let names = (recurrence.variables + parameters).map { recurrence.store[$0].name }
    guard let label = argument.label else {
      throw SessionError.builtin("what is held is named: clamp(net, f: 1)", hint: nil, argument.place)
    }
    guard let symbol = recurrence.store.symbol(named: label), names.contains(label) else {
      throw SessionError.unknownLabel(label, function: "clamp", has: names + ["at"], argument.place)
    }
    return symbol
  }

  private static func clamp(_ cell: Cell, _ held: ArraySlice<GivenArgument>, _ place: Place?) throws -> Value {
    var recurrence = cell.recurrence
    for argument in held {
      let symbol = try clamped(argument, recurrence, parameters: recurrence.parameters)
      guard case .number(let number) = argument.value, let decimal = Decimal(number) else {
        throw SessionError.argument(
          of: "clamp", needs: "a number for a cell's variable", argument.value.described, hint: nil, argument.place)
      }
      do { recurrence = try Composition.clamp(recurrence, symbol, to: decimal) } catch {
        throw NetProblem.explained(error, recurrence, at: place)
      }
    }
    return .cell(Cell(recurrence))
  }

  // MARK: Cells of cells

  private static func composed(_ call: inout Call, _ body: (Recurrence) throws -> Recurrence) throws -> Value {
    guard case .cell(let cell) = call.values[0] else { throw call.wrong(0, needs: "a cell") }
    do { return .cell(Cell(try body(cell.recurrence))) } catch {
      throw NetProblem.explained(error, cell.recurrence, at: call.place)
    }
  }

  @Sendable private static func stack(
    _ given: [GivenArgument], _ interpreter: Interpreter, _ place: Place?
  ) throws -> Value {
    var parts: [(name: String, cell: Recurrence)] = []
    var settings: [GivenArgument] = []
    for argument in given {
      switch argument.value {
      case .cell(let cell):
        let name = argument.label ?? "layer\(parts.count + 1)"
        guard !parts.contains(where: { $0.name == name }) else {
          throw SessionError.argumentTwice(name, argument.place)
        }
        parts.append((name, cell.recurrence))
      case .function(let function) where readOut(function) != nil:
        guard let cell = readOut(function) else { continue }
        parts.append((argument.label ?? "layer\(parts.count + 1)", cell))
      case .net:
        throw SessionError.builtin(
          "a stack is made of cells, and this is a net", hint: "leave a width open: LSTM(h: 8)", argument.place)
      default:
        guard argument.label != nil else {
          throw SessionError.argument(of: "stack", needs: "cells", argument.value.described, hint: nil, argument.place)
        }
        settings.append(argument)
      }
    }
    guard let first = parts.first else {
      throw SessionError.builtin("stack needs a cell", hint: "stack(LSTM(h: 8), linear(2))", place)
    }
    let stacked: Recurrence
    do { stacked = try Composition.stack(parts) } catch { throw NetProblem.explained(error, first.cell, at: place) }
    let cell = Cell(stacked)
    return settings.isEmpty ? .cell(cell) : try interpreter.call(cell, settings, place)
  }

  /// `stack(..., softmax)`: a function of a vector as a cell.
  private static func readOut(_ function: Function) -> Recurrence? {
    guard case .builtin(let builtin) = function.kind, let operation = OperatorTable.find(builtin.name, arity: 1)
    else { return nil }
    switch OperatorTable[operation].shape {
    case .elementwise, .vector: return Composition.apply(operation)
    case .reduction, .rows: return nil
    }
  }
}

extension Call {
  func net(_ position: Int) throws -> NetValue {
    guard case .net(let value) = values[position] else { throw wrong(position, needs: "a net") }
    return value
  }
}
