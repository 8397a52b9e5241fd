import Algebra
import Runtime
import Syntax

/// Backpropagation through time: as a cell, and run along what a net did.
extension BuiltinTable {
  static let backpropagation: [Builtin] = [
    Builtin(
      "backward", theme: .cells, "backward(cell)",
      "backpropagation through time as a cell that runs from the end: δv[t] is ∂L/∂v[t], and ε[t] what L says of the output at t; it answers the gradients by inputs, parameters and learned starts",
      example: "type(backward(linear))", "\"cell\"", .general { call in try backward(&call) }),
    Builtin(
      "gradients", theme: .cells, "gradients(net, E?, ...)",
      "the gradients of the sum of E * output over all that the net was fed, by inputs, parameters and learned starts, as a record; with several outputs E has their names",
      example: "net = linear(x: 1, y: 1); y = feed(net, [1; 2; 3]); gradients(net, 1).W", "[[6]]",
      .netCall(gradients)),
  ]

  private static func backward(_ call: inout Call) throws -> Value {
    guard case .cell(let cell) = call.values[0] else { throw call.wrong(0, needs: "a cell") }
    let interpreter = call.interpreter
    do {
      return .cell(Cell(try cell.recurrence.adjoint(isInterrupted: interpreter.isInterrupted).recurrence))
    } catch {
      throw NetProblem.explained(error, cell.recurrence, at: call.place)
    }
  }

  @Sendable private static func gradients(
    _ given: [GivenArgument], _ interpreter: Interpreter, _ place: Place?
  ) throws -> Value {
    let value = try net(of: given, "gradients", place)
    let recurrence = value.recurrence
    guard value.net.time > 0 else {
      throw SessionError.builtin(
        "gradients go back along what a net was fed, and this one was fed nothing", hint: "feed(net, X)", place)
    }
    let names = recurrence.outputs.map { recurrence.store[$0].name }
    var cotangents: [SymbolID: [Double]] = [:]
    for (position, argument) in given.dropFirst().enumerated() {
      let label = argument.label ?? (names.count == 1 ? names[0] : nil)
      guard let label else {
        throw SessionError.builtin(
          "\(recurrence.name) has several outputs, so each E needs its name", hint: "\(names[0]): E", argument.place)
      }
      guard let index = names.firstIndex(of: label) else {
        throw SessionError.unknownLabel(label, function: "gradients", has: names, argument.place)
      }
      guard argument.label != nil || position == 0 else { throw SessionError.argumentTwice(label, argument.place) }
      let output = recurrence.outputs[index]
      guard cotangents[output] == nil else { throw SessionError.argumentTwice(label, argument.place) }
      cotangents[output] = try cotangent(argument, of: output, value)
    }
    do {
      for output in try value.net.adjoint(isInterrupted: interpreter.isInterrupted).seeds.map(\.output)
      where cotangents[output] == nil {
        let name = recurrence.store[output].name
        throw SessionError.builtin(
          "gradients needs what multiplies \(name) in the sum that is differentiated",
          hint: "gradients(net, \(names.count == 1 ? "" : "\(name): ")1) for the sum of all", place)
      }
      let found = try value.net.gradients(cotangents, isInterrupted: interpreter.isInterrupted)
      return .record(try record(of: found, value))
    } catch let found as ValueProblem {
      throw SessionError.value(found, place)
    } catch { throw NetProblem.explained(error, recurrence, at: place) }
  }

  /// E as `[time][batch][width]`: a number stands for all of them.
  private static func cotangent(
    _ argument: GivenArgument, of output: SymbolID, _ value: NetValue
  ) throws -> [Double] {
    let net = value.net
    let count = net.time * (net.batch ?? 1) * net.count(output)
    if case .number(let number) = argument.value { return [Double](repeating: number, count: count) }
    let lead = value.isBatched ? [net.time, net.batch ?? 1] : [net.time]
    let sides = net.sides(output)
    let shapes = [lead + sides] + (sides == [1] && !value.isBatched ? [lead] : []) + (net.time == 1 ? [sides] : [])
    guard let tensor = argument.value.asTensor, shapes.contains((0..<tensor.rank).map { tensor.shape[$0] }) else {
      throw SessionError.argument(
        of: "gradients", needs: "for \(net.recurrence.store[output].name) a number or \(text(lead + sides))",
        argument.value.described, hint: "E is as the output that the net answered", argument.place)
    }
    return tensor.numbers
  }

  private static func text(_ sides: [Int]) -> String { sides.map(String.init).joined(separator: " × ") }

  /// `g.W_f`, `g.layer1.W_f`, and `g.h_0` of a learned start.
  private static func record(of gradients: Net.Gradients, _ value: NetValue) throws -> Record {
    let net = value.net
    let store = net.recurrence.store
    var fields: [(path: [String], value: Value)] = []
    func tensor(_ values: [Double], _ sides: [Int], isTimed: Bool) throws -> Value {
      sides.isEmpty ? .number(values.first ?? .nan) : .tensor(Tensor(try Shape(sides), values, isTimed: isTimed))
    }
    func path(_ symbol: SymbolID) -> [String] { store[symbol].name.split(separator: ".").map(String.init) }
    let lead = value.isBatched ? [net.time, net.batch ?? 1] : [net.time]
    for (symbol, values) in gradients.inputs where net.time > 0 {
      fields.append((path(symbol), try tensor(values, lead + net.sides(symbol), isTimed: true)))
    }
    for (symbol, values) in gradients.parameters where !values.isEmpty {
      fields.append((path(symbol), try tensor(values, net.sides(symbol), isTimed: false)))
    }
    for (symbol, values) in gradients.starts where !values.isEmpty {
      var names = path(symbol)
      if let last = names.popLast() { names.append(last + "_0") }
      fields.append((names, try tensor(values, net.sides(symbol), isTimed: false)))
    }
    return try nested(fields)
  }

  private static func nested(_ fields: [(path: [String], value: Value)]) throws -> Record {
    var result: [(name: String, value: Value)] = []
    var done: Set<String> = []
    for field in fields {
      guard let first = field.path.first, done.insert(first).inserted else { continue }
      let same = fields.filter { $0.path.first == first }
      if same.contains(where: { $0.path.count == 1 }) {
        // An input x beside a part x: no record, but names with points.
        result += same.map { ($0.path.joined(separator: "."), $0.value) }
      } else {
        let inner = same.map { (path: Array($0.path.dropFirst()), value: $0.value) }
        result.append((first, .record(try nested(inner))))
      }
    }
    return try Record(result.map(\.name), result.map(\.value))
  }
}
