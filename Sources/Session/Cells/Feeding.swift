import Algebra
import Runtime
import Syntax

/// `feed(net, X)`: a step, a sequence or a batch; answers the outputs.
struct Feeding {
  private let value: NetValue
  private let interpreter: Interpreter
  /// In the order of the cell's inputs.
  private var inputs: [[Double]?]
  /// What the first input was: all others must be the same.
  private var form: Form?

  private struct Form: Equatable {
    var steps: Int
    var batch: Int
    /// A step alone answers a vector, a sequence a matrix, a batch a tensor.
    var isStep: Bool
    var isBatch: Bool
  }

  init(_ value: NetValue, _ interpreter: Interpreter) {
    self.value = value
    self.interpreter = interpreter
    inputs = [[Double]?](repeating: nil, count: value.net.recurrence.inputs.count)
  }

  private var net: Net { value.net }

  private func name(_ symbol: SymbolID) -> String { net.recurrence.store[symbol].name }

  /// Takes the arguments of a call after the net.
  mutating func add(_ given: ArraySlice<GivenArgument>) throws {
    let symbols = net.recurrence.inputs
    var next = 0
    for argument in given {
      if let label = argument.label {
        guard let position = symbols.firstIndex(where: { name($0) == label }) else {
          throw SessionError.unknownLabel(label, function: "feed", has: symbols.map(name), argument.place)
        }
        try add(position, argument.value, argument.place)
      } else {
        guard next < symbols.count else {
          throw SessionError.builtin(
            "\(net.recurrence.name) takes \(counted(symbols.count, "input")), \(listed(symbols.map(name)))", hint: nil,
            argument.place)
        }
        try add(next, argument.value, argument.place)
        next += 1
      }
    }
  }

  /// Takes an input, as a number, vector, matrix or batch.
  private mutating func add(_ position: Int, _ given: Value, _ place: Place?) throws {
    let symbol = net.recurrence.inputs[position]
    guard inputs[position] == nil else { throw SessionError.argumentTwice(name(symbol), place) }
    let (form, numbers) = try read(symbol, given, place)
    if let first = self.form, first != form {
      throw SessionError.builtin(
        "the inputs do not run over the same time: \(text(first)) and \(text(form))", hint: nil, place)
    }
    self.form = form
    inputs[position] = numbers
  }

  private func text(_ form: Form) -> String {
    form.isStep
      ? "one step" : counted(form.steps, "step") + (form.isBatch ? " of \(counted(form.batch, "sequence"))" : "")
  }

  private func read(_ symbol: SymbolID, _ given: Value, _ place: Place?) throws -> (Form, [Double]) {
    let width = net.count(symbol)
    if case .number(let number) = given {
      guard width == 1 else {
        throw SessionError.builtin(
          "\(name(symbol)) is \(width) wide, and this is a number", hint: "a step is a vector of \(width)", place)
      }
      return (Form(steps: 1, batch: 1, isStep: true, isBatch: false), [number])
    }
    let tensor: Tensor
    do {
      guard let found = try given.tensorOrProblem() else {
        throw SessionError.argument(of: "feed", needs: "numbers", given.described, hint: nil, place)
      }
      tensor = found
    } catch let found as ValueProblem { throw SessionError.value(found, place) }
    let last = tensor.shape[tensor.rank - 1]
    switch tensor.rank {
    case 1 where width == 1: return (Form(steps: tensor.count, batch: 1, isStep: false, isBatch: false), tensor.numbers)
    case 1 where last == width: return (Form(steps: 1, batch: 1, isStep: true, isBatch: false), tensor.numbers)
    case 2 where last == width:
      return (Form(steps: tensor.rows, batch: 1, isStep: false, isBatch: false), tensor.numbers)
    case 3 where last == width:
      return (Form(steps: tensor.rows, batch: tensor.columns, isStep: false, isBatch: true), tensor.numbers)
    default: throw wrongWidth(symbol, width, tensor, place)
    }
  }

  private func wrongWidth(_ symbol: SymbolID, _ width: Int, _ tensor: Tensor, _ place: Place?) -> SessionError {
    let last = tensor.shape[tensor.rank - 1]
    let detail =
      switch tensor.rank {
      case 1: ""
      case 2: " (\(counted(tensor.rows, "step")) of \(last))"
      default: " (\(counted(tensor.rows, "step")) of \(counted(tensor.columns, "sequence")), each \(last) wide)"
      }
    var hint: String?
    if width == 1, tensor.rank == 2, tensor.count <= 8 {
      let column = tensor.numbers.map { interpreter.display.inText(.number($0)) }.joined(separator: "; ")
      hint = "\(Self.words(tensor.count)) steps of width 1 are [\(column)]"
    } else if tensor.rank == 2, tensor.rows == width {
      hint = "a sequence is [time, width]: its transpose would fit"
    } else if tensor.rank == 1, width > 1, last % width == 0 {
      hint = "a sequence of \(last / width) steps: reshape(x, \(last / width), \(width))"
    }
    return .builtin("\(name(symbol)) is \(width) wide, and this is \(last) wide\(detail)", hint: hint, place)
  }

  private static func words(_ count: Int) -> String {
    let words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight"]
    return words.indices.contains(count) ? words[count] : String(count)
  }

  // MARK: Running

  func run(_ place: Place?) throws -> Value {
    let given = inputs.compactMap { $0 }
    guard given.count == inputs.count else {
      let names = net.recurrence.inputs.map(name)
      throw SessionError.builtin(
        "the input \(listed(names.indices.filter { inputs[$0] == nil }.map { names[$0] })) of \(net.recurrence.name) is not fed",
        hint: "feed(net, \(names.map { "\($0): …" }.joined(separator: ", ")))", place)
    }
    guard let form else {
      throw SessionError.builtin("\(net.recurrence.name) has no inputs to feed", hint: nil, place)
    }
    if net.batch != nil, net.time > 0, value.isBatched != form.isBatch {
      throw NetProblem.explained(NetError.batch(had: net.batch ?? 1, got: form.batch), net.recurrence, at: place)
    }
    if net.engineKind != interpreter.settings.engine { net.engineKind = interpreter.settings.engine }
    if net.threads != interpreter.settings.threads { net.threads = interpreter.settings.threads }
    do {
      let answers = try net.run(
        given, steps: form.steps, batch: form.batch, isInterrupted: interpreter.isInterrupted)
      value.isBatched = form.isBatch
      let outputs = net.recurrence.outputs
      if outputs.count == 1 { return try tensor(answers[0], outputs[0], form) }
      return .list(try List(zip(answers, outputs).map { try tensor($0, $1, form) }))
    } catch let found as ValueProblem {
      throw SessionError.value(found, place)
    } catch { throw NetProblem.explained(error, net.recurrence, at: place) }
  }

  private func tensor(_ numbers: Numbers, _ symbol: SymbolID, _ form: Form) throws -> Value {
    let sides = net.sides(symbol)
    // A sum over all times has no time of its own.
    if form.isStep || net.recurrence.store[symbol].kind != .variable {
      return sides.isEmpty ? .number(numbers.count > 0 ? numbers[0] : .nan) : .tensor(Tensor(try Shape(sides), numbers))
    }
    let lead = form.isBatch ? [form.steps, form.batch] : [form.steps]
    let isSingle = if case .single = numbers { true } else { false }
    let shape = try Shape(lead + (sides.isEmpty && form.isBatch ? [1] : sides), isSingle: isSingle)
    return .tensor(Tensor(shape, numbers, isTimed: true))
  }
}
