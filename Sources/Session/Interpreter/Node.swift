import Syntax

/// An expression made ready to run: names are resolved to slots or bindings once, so that a loop's turn costs no
/// look-ups. Nodes hold no values of their own; a frame does.
class Node {
  let place: Place?

  init(_ place: Place?) { self.place = place }

  func evaluate(_ frame: Frame) throws -> Value { .nothing }

  /// As an operand of arithmetic: most are numbers.
  final func problem(_ problem: ValueProblem) -> SessionError { .value(problem, place) }
}

/// A statement made ready to run.
class StatementNode {
  func run(_ frame: Frame) throws -> Flow { .next }
}

final class ConstantNode: Node {
  private let value: Value

  init(_ value: Value, _ place: Place?) {
    self.value = value
    super.init(place)
  }

  override func evaluate(_ frame: Frame) -> Value { value }
}

/// A text with its `{expressions}`.
final class TextNode: Node {
  enum Piece {
    case literal(String)
    case value(Node)
  }

  private let pieces: [Piece]

  init(_ pieces: [Piece], _ place: Place) {
    self.pieces = pieces
    super.init(place)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    var text = ""
    for piece in pieces {
      switch piece {
      case .literal(let literal): text += literal
      case .value(let node):
        text += frame.interpreter.display.inText(try node.evaluate(frame))
        guard text.utf8.count <= Texts.bound else { throw problem(.textTooLong(text.utf8.count)) }
      }
    }
    return .text(text)
  }
}

/// A name of the function that runs, or a loop's variable.
final class SlotNode: Node {
  private let slot: Int
  private let name: String

  init(_ slot: Int, _ name: String, _ place: Place) {
    self.slot = slot
    self.name = name
    super.init(place)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    if let value = frame.slots[slot] { return value }
    throw SessionError.unsetName(name, isOutside: frame.interpreter.hasGlobal(name), place)
  }
}

/// A name of the session.
final class GlobalNode: Node {
  let binding: GlobalBinding

  init(_ binding: GlobalBinding, _ place: Place) {
    self.binding = binding
    super.init(place)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    if let value = binding.value ?? binding.builtin { return value }
    return try frame.interpreter.valueOfUnknown(binding.name, place)
  }
}

/// `_`: the last value of an expression statement.
final class LastValueNode: Node {
  override func evaluate(_ frame: Frame) -> Value { frame.interpreter.lastValue }
}

/// `(a, b)`.
final class ListNode: Node {
  private let items: [Node]

  init(_ items: [Node], _ place: Place) {
    self.items = items
    super.init(place)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    do {
      return .list(try List(try items.map { try $0.evaluate(frame) }))
    } catch let found as ValueProblem { throw problem(found) }
  }
}

/// `{lr: 0.1}`.
final class RecordNode: Node {
  private let names: [String]
  private let values: [Node]

  init(_ names: [String], _ values: [Node], _ place: Place) {
    self.names = names
    self.values = values
    super.init(place)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    do {
      return .record(try Record(names, try values.map { try $0.evaluate(frame) }))
    } catch let found as ValueProblem { throw problem(found) }
  }
}

/// `if a { b } else { c }` as a value.
final class ConditionalNode: Node {
  private let condition: Node, then: Node, otherwise: Node

  init(_ condition: Node, then: Node, otherwise: Node, _ place: Place) {
    self.condition = condition
    self.then = then
    self.otherwise = otherwise
    super.init(place)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    try condition.truth(frame) ? try then.evaluate(frame) : try otherwise.evaluate(frame)
  }
}

extension Node {
  /// The value where a truth must stand.
  func truth(_ frame: Frame) throws -> Bool {
    let value = try evaluate(frame)
    guard case .truth(let truth) = value else { throw SessionError.notTruth(value.described, written: text, place) }
    return truth
  }

  func number(_ frame: Frame) throws -> Double {
    let value = try evaluate(frame)
    guard case .number(let number) = value else { throw SessionError.notNumber(value.described, place) }
    return number
  }
}
