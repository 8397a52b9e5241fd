import Syntax

/// `f(a, k: b)`.
final class CallNode: Node {
  private let callee: Node
  private let arguments: [ArgumentNode]
  private let hasLabels: Bool

  struct ArgumentNode {
    let label: String?
    let node: Node
    let place: Place
  }

  init(_ callee: Node, _ arguments: [ArgumentNode], _ place: Place) {
    self.callee = callee
    self.arguments = arguments
    hasLabels = arguments.contains { $0.label != nil }
    super.init(place)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    let value = try callee.evaluate(frame)
    guard case .function(let function) = value else {
      if case .cell(let cell) = value { return try frame.interpreter.call(cell, try given(frame), place) }
      throw SessionError.notFunction(value.described, written: callee.text, argument: argumentText, place)
    }
    switch function.kind {
    case .user(let user) where !hasLabels && arguments.count == user.code.parameters.count:
      let inner = Frame(frame.interpreter, slotCount: user.code.slotCount)
      for (slot, argument) in arguments.enumerated() { inner.slots[slot] = try argument.node.evaluate(frame) }
      return try frame.interpreter.run(function, user, inner, place)
    case .builtin(let builtin) where !hasLabels && arguments.count == 1:
      if case .elementwise(let body) = builtin.implementation {
        let argument = try arguments[0].node.evaluate(frame)
        if case .number(let number) = argument { return .number(body(number)) }
        return try frame.interpreter.map(builtin, body, argument, arguments[0].place)
      }
    default: break
    }
    return try frame.interpreter.call(function, try given(frame), place)
  }

  private func given(_ frame: Frame) throws -> [GivenArgument] {
    try arguments.map { GivenArgument(label: $0.label, value: try $0.node.evaluate(frame), place: $0.place) }
  }

  private var argumentText: String {
    guard let first = arguments.first?.place, let last = arguments.last?.place else { return "" }
    return first.through(last).text
  }
}

/// An argument as a call gave it.
struct GivenArgument {
  let label: String?
  let value: Value
  let place: Place?
}

extension Interpreter {
  /// The deepest that calls may be nested.
  static let callBound = 1000

  /// Calls a function with arguments that may be labelled with its parameters' names.
  func call(_ function: Function, _ given: [GivenArgument], _ place: Place?) throws -> Value {
    switch function.kind {
    case .user(let user):
      let frame = Frame(self, slotCount: user.code.slotCount)
      try bind(given, to: user.code.parameters, of: function, frame, place)
      return try run(function, user, frame, place)
    case .builtin(let builtin): return try call(builtin, given, place)
    case .derivative(let base, _, let slope): return try callDerivative(of: base, slope, given, place)
    }
  }

  /// Calls a function from a built-in (`map`, `filter`), with values.
  func call(_ function: Function, _ values: [Value], _ place: Place?) throws -> Value {
    try call(function, values.map { GivenArgument(label: nil, value: $0, place: place) }, place)
  }

  private func bind(
    _ given: [GivenArgument], to parameters: [String], of function: Function, _ frame: Frame, _ place: Place?
  ) throws {
    var next = 0
    for argument in given {
      if let label = argument.label {
        guard let slot = parameters.firstIndex(of: label) else {
          throw SessionError.unknownLabel(label, function: function.name, has: parameters, argument.place)
        }
        guard frame.slots[slot] == nil else { throw SessionError.argumentTwice(label, argument.place) }
        frame.slots[slot] = argument.value
      } else {
        guard next < parameters.count else {
          throw SessionError.argumentCount(function.signature, expected: parameters.count, given: given.count, place)
        }
        guard frame.slots[next] == nil else { throw SessionError.argumentTwice(parameters[next], argument.place) }
        frame.slots[next] = argument.value
        next += 1
      }
    }
    for (slot, name) in parameters.enumerated() where frame.slots[slot] == nil {
      throw SessionError.argumentMissing(name, function: function.signature, place)
    }
  }

  /// Runs a user's function whose parameters stand in the frame.
  func run(_ function: Function, _ user: UserFunction, _ frame: Frame, _ place: Place?) throws -> Value {
    let code = user.code
    for (slot, value) in zip(code.capturedSlots, user.captured) { frame.slots[slot] = value }
    if let slot = code.selfSlot { frame.slots[slot] = .function(function) }
    guard callDepth < Self.callBound, !stack.isExhausted else {
      throw SessionError.tooDeep(code.name, callDepth, place)
    }
    guard callDepth > 0 else {
      callDepth += 1
      defer { callDepth -= 1 }
      // An error inside says also where the outermost call stands.
      do { return try runBody(code, frame) } catch let error as any Explained {
        guard let place else { throw error }
        throw SessionError.within(error, function: code.name, call: place)
      }
    }
    callDepth += 1
    defer { callDepth -= 1 }
    return try runBody(code, frame)
  }

  private func runBody(_ code: FunctionCode, _ frame: Frame) throws -> Value {
    try poll()
    switch code.body {
    case .expression(let node): return try node.evaluate(frame)
    case .block(let statements):
      for statement in statements {
        if case .answer = try statement.run(frame) { return frame.returned }
      }
      return .nothing
    }
  }
}
