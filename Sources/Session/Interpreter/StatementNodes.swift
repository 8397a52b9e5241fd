import Syntax

/// A value alone as a statement.
final class ExpressionStatement: StatementNode {
  private let node: Node
  private let isQuiet: Bool
  /// Not inside a loop, a condition or a function.
  private let isOutermost: Bool
  private let isInFunction: Bool

  init(_ node: Node, isQuiet: Bool, isOutermost: Bool, isInFunction: Bool) {
    self.node = node
    self.isQuiet = isQuiet
    self.isOutermost = isOutermost
    self.isInFunction = isInFunction
  }

  override func run(_ frame: Frame) throws -> Flow {
    let value = try node.evaluate(frame)
    if isOutermost {
      if case .nothing = value {} else { frame.interpreter.lastValue = value }
    }
    if !isQuiet, !isInFunction { frame.interpreter.echo(value, isOutermost: isOutermost) }
    return .next
  }
}

/// `fn` as a statement: makes the function and names it.
final class FunctionStatement: StatementNode {
  private let code: FunctionCode
  private let captures: [Int]
  private let target: NameTarget

  init(_ code: FunctionCode, captures: [Int], target: NameTarget) {
    self.code = code
    self.captures = captures
    self.target = target
  }

  override func run(_ frame: Frame) throws -> Flow {
    let captured = captures.map { frame.slots[$0] }
    do {
      let depth = try Nesting.depth(of: captured.compactMap { $0 })
      let function = Function(.user(UserFunction(code: code, captured: captured, depth: depth)))
      try target.set(.function(function), frame)
    } catch let found as ValueProblem { throw SessionError.value(found, code.place) }
    return .next
  }
}

struct Block {
  let statements: [StatementNode]

  /// Runs until a statement leaves.
  func run(_ frame: Frame) throws -> Flow {
    for statement in statements {
      let flow = try statement.run(frame)
      if case .next = flow { continue }
      return flow
    }
    return .next
  }
}

final class ConditionalStatement: StatementNode {
  private let branches: [(condition: Node, body: Block)]
  private let otherwise: Block?

  init(_ branches: [(condition: Node, body: Block)], otherwise: Block?) {
    self.branches = branches
    self.otherwise = otherwise
  }

  override func run(_ frame: Frame) throws -> Flow {
    for branch in branches where try branch.condition.truth(frame) { return try branch.body.run(frame) }
    return try otherwise?.run(frame) ?? .next
  }
}

final class WhileStatement: StatementNode {
  private let condition: Node
  private let body: Block

  init(_ condition: Node, _ body: Block) {
    self.condition = condition
    self.body = body
  }

  override func run(_ frame: Frame) throws -> Flow {
    while try condition.truth(frame) {
      try frame.interpreter.poll()
      switch try body.run(frame) {
      case .next, .nextTurn: continue
      case .leaveLoop: return .next
      case .answer: return .answer
      }
    }
    return .next
  }
}

/// `for v in xs { }`: over the numbers of a range or vector, the rows of a matrix, the steps of a batch, the items of
/// a list, the characters of a text, the rows of a table, the names and values of a record.
final class ForStatement: StatementNode {
  private let target: LoopTarget
  private let sequence: Node
  private let body: Block

  enum LoopTarget {
    case one(slot: Int)
    case several(slots: [Int], Place)
  }

  init(_ target: LoopTarget, over sequence: Node, _ body: Block) {
    self.target = target
    self.sequence = sequence
    self.body = body
  }

  override func run(_ frame: Frame) throws -> Flow {
    let value = try sequence.evaluate(frame)
    let items = try Items(value, sequence.place)
    defer { forget(frame) }
    for position in 0..<items.count {
      try frame.interpreter.poll()
      try set(try items.item(position), frame)
      switch try body.run(frame) {
      case .next, .nextTurn: continue
      case .leaveLoop: return .next
      case .answer: return .answer
      }
    }
    return .next
  }

  private func set(_ item: Value, _ frame: Frame) throws {
    switch target {
    case .one(let slot): frame.slots[slot] = item
    case .several(let slots, let place):
      let parts = try Destructuring.parts(of: item, count: slots.count, place)
      for (slot, part) in zip(slots, parts) { frame.slots[slot] = part }
    }
  }

  private func forget(_ frame: Frame) {
    switch target {
    case .one(let slot): frame.slots[slot] = nil
    case .several(let slots, _): for slot in slots { frame.slots[slot] = nil }
    }
  }
}

/// What can be gone through, item by item.
struct Items {
  let count: Int
  private let value: Value
  private let characters: [Character]

  init(_ given: Value, _ place: Place?) throws {
    var value = given
    if case .track = given, let tensor = given.asTensor { value = .tensor(tensor) }
    self.value = value
    var characters: [Character] = []
    switch value {
    case .range(let range):
      guard let whole = range.wholeCount else { throw SessionError.rangeNotWhole(range, place) }
      count = whole
    case .tensor(let tensor): count = tensor.shape[0]
    case .list(let list): count = list.count
    case .text(let text):
      characters = Array(text)
      count = characters.count
    case .table(let table): count = table.rowCount
    case .record(let record): count = record.names.count
    default: throw SessionError.notSequence(value.described, place)
    }
    self.characters = characters
  }

  func item(_ position: Int) throws -> Value {
    switch value {
    case .range(let range): return .number(range.lower + Double(position))
    case .tensor(let tensor): return try tensor.part([.one(position)])
    case .list(let list): return list.items[position]
    case .text: return .text(String(characters[position]))
    case .table(let table): return .record(try table.row(position))
    case .record(let record):
      return .list(try List([.text(record.names[position]), record.values[position]]))
    default: return .nothing
    }
  }
}

final class LeaveStatement: StatementNode {
  private let flow: Flow
  init(_ flow: Flow) { self.flow = flow }
  override func run(_ frame: Frame) -> Flow { flow }
}

final class ReturnStatement: StatementNode {
  private let node: Node?

  init(_ node: Node?) { self.node = node }

  override func run(_ frame: Frame) throws -> Flow {
    frame.returned = try node?.evaluate(frame) ?? .nothing
    return .answer
  }
}

final class AssertStatement: StatementNode {
  private let condition: Node
  private let message: Node?

  init(_ condition: Node, _ message: Node?) {
    self.condition = condition
    self.message = message
  }

  override func run(_ frame: Frame) throws -> Flow {
    if try condition.truth(frame) { return .next }
    let text = try message.map { frame.interpreter.display.inText(try $0.evaluate(frame)) }
    throw SessionError.assertionFailed(text, written: condition.text, condition.place)
  }
}

/// A statement that the session itself carries out: `import`, `use`, `set`, `check`, `cell` and commands.
final class SessionStatement: StatementNode {
  private let body: (Frame) throws -> Void

  init(_ body: @escaping (Frame) throws -> Void) { self.body = body }

  override func run(_ frame: Frame) throws -> Flow {
    try body(frame)
    return .next
  }
}
