import Algebra
import Runtime
import Syntax

/// `net.W_f = …`, `net.W_f[h] = 0.02`, `net.c[0] = …`. Shapes are checked; a number fills.
struct NetWrite {
  let net: NetValue
  let interpreter: Interpreter
  let value: Value
  let valuePlace: Place?
  let place: Place

  private var recurrence: Recurrence { net.recurrence }

  /// Writes what the steps after the net's name say.
  func write(_ steps: ArraySlice<PartTarget.Step>, prefix: String, _ frame: Frame) throws {
    guard case .field(let name, let fieldPlace)? = steps.first else {
      throw SessionError.builtin("the parts of a net have names", hint: "net.W = …, net.h[0] = …", place)
    }
    let rest = steps.dropFirst()
    guard let symbol = recurrence.store.symbol(named: prefix + name) else {
      if recurrence.store.symbols.contains(where: { $0.name.hasPrefix(prefix + name + ".") }), !rest.isEmpty {
        return try write(rest, prefix: prefix + name + ".", frame)
      }
      throw SessionError.noField(
        name, of: "the net", has: Interpreter.fieldNames(net, prefix: prefix), fieldPlace)
    }
    switch recurrence.store[symbol].kind {
    case .variable: try writeState(symbol, name, rest, frame)
    case .input:
      throw SessionError.builtin("\(name) is an input, so it is fed, not written", hint: "feed(net, …)", place)
    case .derivedParameter:
      throw SessionError.builtin(
        "\(name) is made of other parameters by its equation", hint: "write those", place)
    default: try writeParameter(symbol, name, rest, prefix: prefix, frame)
    }
  }

  // MARK: Parameters

  private func writeParameter(
    _ symbol: SymbolID, _ name: String, _ steps: ArraySlice<PartTarget.Step>, prefix: String, _ frame: Frame
  ) throws {
    let sides = net.net.sides(symbol)
    var whole = Tensor(try shape(sides), net.net.parameter(symbol))
    switch steps.first {
    case nil: whole = try filled(name, sides)
    case .index(let indices, let base, let expressions, let indexPlace)? where steps.count == 1:
      if let block = try interpreter.block(expressions, of: symbol, net, prefix: prefix, indexPlace) {
        let axes: [AxisIndex] = [.span(block.rows), .span(block.columns)]
        let part = try filled("\(name)[\(expressions[0].place.text)]", [block.rows.count, block.columns.count])
        try whole.setPart(axes, to: .tensor(part))
      } else {
        let axes = try indices.axes(sides, written: base.text, typeName: "matrix", frame, indexPlace)
        do { try whole.setPart(axes, to: value) } catch let found {
          throw SessionError.assignedPart(found, value.described, valuePlace, place)
        }
      }
    default: throw SessionError.partNotWritable(Value.number(0).described, written: name, place)
    }
    net.net.setParameter(symbol, whole.numbers)
  }

  private func shape(_ sides: [Int]) throws -> Shape {
    do { return try Shape(sides.isEmpty ? [1] : sides) } catch let found { throw SessionError.value(found, place) }
  }

  /// The value in a shape: a number fills; a vector also fits a matrix of one row or one column.
  private func filled(_ name: String, _ sides: [Int]) throws -> Tensor {
    let shape = try shape(sides)
    if case .number(let number) = value { return Tensor(shape, repeating: number) }
    let tensor: Tensor
    do {
      guard let found = try value.tensorOrProblem() else {
        throw SessionError.argument(of: name, needs: "numbers", value.described, hint: nil, valuePlace)
      }
      tensor = found
    } catch let found as ValueProblem { throw SessionError.value(found, valuePlace) }
    let isLine = tensor.isVector && shape.rank == 2 && (shape[0] == 1 || shape[1] == 1) && tensor.count == shape.count
    guard !sides.isEmpty, tensor.shape == shape || isLine else {
      let needed = sides.isEmpty ? "a number" : shape.description
      var hint = "a number fills it"
      if tensor.rank == 2, shape.rank == 2, tensor.rows == shape[1], tensor.columns == shape[0] {
        hint = "the transpose would fit"
      }
      throw SessionError.builtin(
        "\(name) is \(needed), and this is \(tensor.shape.description)", hint: hint, valuePlace)
    }
    return tensor.reshaped(shape)
  }

  // MARK: States

  private func writeState(
    _ symbol: SymbolID, _ name: String, _ steps: ArraySlice<PartTarget.Step>, _ frame: Frame
  ) throws {
    guard case .index(let indices, _, _, let indexPlace)? = steps.first, steps.count == 1, indices.nodes.count == 1,
      let time = try interpreter.timeIndex(indices, net, name, frame), time.isSingle
    else {
      throw SessionError.builtin(
        "\(name) is a variable: a state is written with its time", hint: "net.\(name)[0] = … or net.\(name)[end] = …",
        place)
    }
    guard recurrence.states.contains(symbol) else {
      throw SessionError.builtin(
        "\(name) is no state: nothing reads it at a later time",
        hint: "states of \(recurrence.name): \(listed(recurrence.states.map { recurrence.store[$0].name }))", indexPlace
      )
    }
    let sides = net.net.sides(symbol)
    let isBatch = net.isBatched && (value.asTensor?.rank ?? 0) > max(sides.count, 1)
    let tensor =
      isBatch
      ? try filled(name, [net.net.batch ?? 1] + (sides.isEmpty ? [1] : sides)) : try filled(name, sides)
    do {
      try net.net.setState(symbol, time: time.range.lowerBound, tensor.numbers)
    } catch { throw NetProblem.explained(error, recurrence, at: indexPlace) }
  }
}
