import Syntax

/// A call of a built-in: its arguments by place in the signature, with where they stand.
struct Call {
  let builtin: Builtin
  let interpreter: Interpreter
  let place: Place?
  /// The arguments without a name, or named as the signature names them, in order; those left out at the end are
  /// missing.
  private(set) var values: [Value] = []
  private(set) var places: [Place?] = []
  private var labelled: [(label: String, value: Value, place: Place?)] = []

  init(_ builtin: Builtin, _ given: [GivenArgument], _ interpreter: Interpreter, _ place: Place?) throws {
    self.builtin = builtin
    self.interpreter = interpreter
    self.place = place
    let parameters = builtin.parameters
    var named: [Int: GivenArgument] = [:]
    for argument in given {
      guard let label = argument.label else {
        // A function sees a track as the tensor of its values so far.
        if case .track(let track) = argument.value {
          do { values.append(.tensor(try Interpreter.tensor(of: track))) } catch {
            throw SessionError.value(error, argument.place)
          }
        } else {
          values.append(argument.value)
        }
        places.append(argument.place)
        continue
      }
      if parameters.labels.contains(label) {
        guard !labelled.contains(where: { $0.label == label }) else {
          throw SessionError.argumentTwice(label, argument.place)
        }
        labelled.append((label, argument.value, argument.place))
      } else if let position = parameters.positional.firstIndex(of: label) {
        guard named[position] == nil else { throw SessionError.argumentTwice(label, argument.place) }
        named[position] = argument
      } else {
        throw SessionError.unknownLabel(
          label, function: builtin.name, has: parameters.labels + parameters.positional, argument.place)
      }
    }
    for (position, argument) in named.sorted(by: { $0.key < $1.key }) {
      guard position >= values.count else { throw SessionError.argumentTwice(argument.label ?? "", argument.place) }
      guard position == values.count else {
        throw SessionError.argumentMissing(parameters.positional[values.count], function: builtin.signature, place)
      }
      values.append(argument.value)
      places.append(argument.place)
    }
    guard values.count >= parameters.required else {
      throw SessionError.argumentMissing(parameters.positional[values.count], function: builtin.signature, place)
    }
    guard values.count <= parameters.positional.count || parameters.isOpen else {
      throw SessionError.argumentCount(
        builtin.signature, expected: parameters.positional.count, given: values.count, place)
    }
  }

  var count: Int { values.count }

  func poll() throws { try interpreter.poll() }

  func has(_ position: Int) -> Bool { position < values.count }

  func label(_ name: String) -> (value: Value, place: Place?)? {
    labelled.first { $0.label == name }.map { ($0.value, $0.place) }
  }

  // MARK: Arguments as what they must be

  func problem(_ message: String, hint: String? = nil) -> SessionError { .builtin(message, hint: hint, place) }

  func problem(at position: Int, _ message: String, hint: String? = nil) -> SessionError {
    .builtin(message, hint: hint, position < places.count ? places[position] : place)
  }

  func wrong(_ position: Int, needs: String, hint: String? = nil) -> SessionError {
    .argument(of: builtin.name, needs: needs, values[position].described, hint: hint, places[position])
  }

  func number(_ position: Int) throws -> Double {
    guard case .number(let number) = values[position] else { throw wrong(position, needs: "a number") }
    return number
  }

  /// A whole number within bounds.
  func integer(_ position: Int, from least: Int = 0, needs: String = "a whole number") throws -> Int {
    guard case .number(let number) = values[position] else { throw wrong(position, needs: needs) }
    guard let integer = Int(exactly: number) else {
      throw problem(
        at: position, "\(builtin.name) takes \(needs), and this is \(interpreter.display.inText(.number(number)))")
    }
    guard integer >= least else {
      throw problem(at: position, "\(builtin.name) takes \(needs) from \(least) on, and this is \(integer)")
    }
    return integer
  }

  func text(_ position: Int) throws -> String {
    guard case .text(let text) = values[position] else {
      throw wrong(
        position, needs: "a text",
        hint: values[position].isNumber && builtin.theme == .text ? "\"{x}\" makes a text of it" : nil)
    }
    return text
  }

  func function(_ position: Int) throws -> Function {
    guard case .function(let function) = values[position] else { throw wrong(position, needs: "a function") }
    return function
  }

  func list(_ position: Int) throws -> List {
    guard case .list(let list) = values[position] else { throw wrong(position, needs: "a list") }
    return list
  }

  /// A tensor, a range of whole numbers, or a number as a vector of one.
  func tensor(_ position: Int) throws -> Tensor {
    do {
      if case .number(let number) = values[position] { return Tensor(vector: [number]) }
      guard let tensor = try values[position].tensorOrProblem() else {
        throw wrong(position, needs: "numbers", hint: nil)
      }
      return tensor
    } catch let found as ValueProblem { throw SessionError.value(found, places[position]) }
  }

  func vector(_ position: Int) throws -> Tensor {
    let tensor = try tensor(position)
    guard tensor.isVector else { throw wrong(position, needs: "a vector") }
    return tensor
  }

  func matrix(_ position: Int) throws -> Tensor {
    let tensor = try tensor(position)
    guard tensor.isMatrix else { throw wrong(position, needs: "a matrix") }
    return tensor
  }

  func squareMatrix(_ position: Int) throws -> Tensor {
    let matrix = try matrix(position)
    guard matrix.rows == matrix.columns else { throw wrong(position, needs: "a square matrix") }
    return matrix
  }

  /// `over: 1`, `over: (1, 2)`: axes from 0. Nil if it was not given.
  func axes(of tensor: Tensor) throws -> Set<Int>? {
    guard let (value, place) = label("over") else { return nil }
    let numbers: [Value] = if case .list(let list) = value { list.items } else { [value] }
    var axes: Set<Int> = []
    for item in numbers {
      guard case .number(let number) = item, let axis = Int(exactly: number), axis >= 1, axis <= tensor.rank else {
        throw SessionError.builtin(
          "over: takes an axis from 1 to \(tensor.rank) here", hint: "rows are axis 1, columns axis 2", place)
      }
      axes.insert(axis - 1)
    }
    return axes
  }

  /// A shape from the arguments: `zeros(2, 3)`, `zeros([2, 3])`, `zeros(shape(X))`.
  func shape(from first: Int) throws -> Shape {
    var sizes: [Int] = []
    if count == first + 1, let tensor = values[first].asTensor {
      for number in tensor.numbers {
        guard let size = Int(exactly: number), size >= 0 else { throw wrong(first, needs: "sizes") }
        sizes.append(size)
      }
    } else {
      for position in first..<max(count, first) { sizes.append(try integer(position, needs: "a size")) }
    }
    do { return try Shape(sizes) } catch let found { throw SessionError.value(found, place) }
  }

  /// Runs what can fail without a place, at the place of the call.
  func placed<Answer>(_ body: () throws -> Answer) throws -> Answer {
    do { return try body() } catch let found as ValueProblem { throw SessionError.value(found, place) }
  }
}

extension Interpreter {
  func call(_ builtin: Builtin, _ given: [GivenArgument], _ place: Place?) throws -> Value {
    if case .netCall(let body) = builtin.implementation {
      do { return try body(given, self, place) } catch let found as ValueProblem {
        throw SessionError.value(found, place)
      }
    }
    var call = try Call(builtin, given, self, place)
    switch builtin.implementation {
    case .constant(let number): return .number(number)
    case .word(let word): return .text(word)
    case .netCall: return .nothing
    case .elementwise(let body): return try map(builtin, body, call.values[0], call.places[0])
    case .general(let body):
      guard !stack.isExhausted else { throw SessionError.tooDeep(builtin.name, callDepth, place) }
      return try call.placed { try body(&call) }
    }
  }

  /// Applies a function of one number to every number of a value.
  func map(_ builtin: Builtin, _ body: (Double) -> Double, _ value: Value, _ place: Place?) throws -> Value {
    try map(named: builtin.name, body, value, place)
  }

  /// A function of one number, of every number of a value.
  func map(named name: String, _ body: (Double) -> Double, _ value: Value, _ place: Place?) throws -> Value {
    switch value {
    case .number(let number): return .number(body(number))
    case .tensor(let tensor): return .tensor(try tensor.map(poll: poll, body))
    default:
      do {
        if let tensor = try value.tensorOrProblem() { return .tensor(try tensor.map(poll: poll, body)) }
      } catch let found as ValueProblem { throw SessionError.value(found, place) }
      throw SessionError.argument(
        of: name, needs: "numbers and tensors", value.described, hint: nil, place)
    }
  }
}
