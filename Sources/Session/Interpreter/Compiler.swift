import Syntax

/// Makes statements ready to run: names become slots or bindings, numerals numbers. It evaluates nothing.
struct Compiler {
  let interpreter: Interpreter

  /// A statement at the session's level, and how many slots its loops need.
  func compile(_ statement: Statement) throws -> (StatementNode, slotCount: Int) {
    let scope = Scope(code: nil, parent: nil)
    let node = try self.statement(statement, scope, isOutermost: true)
    return (node, scope.slotCount)
  }

  func statement(_ statement: Statement, _ scope: Scope, isOutermost: Bool = false) throws -> StatementNode {
    switch statement.form {
    case .expression(let expression):
      return ExpressionStatement(
        try node(expression, scope), isQuiet: statement.isQuiet, isOutermost: isOutermost,
        isInFunction: scope.isFunction)
    case .assignment(let target, let value):
      let compiled = try self.target(target, scope)
      return AssignmentStatement(compiled, try node(value, scope))
    case .function(let definition): return try function(definition, statement.place, scope)
    case .conditional(let branches, let otherwise):
      return ConditionalStatement(
        try branches.map { (try node($0.condition, scope), try block($0.body, scope)) },
        otherwise: try otherwise.map { try block($0, scope) })
    case .forLoop(let target, let sequence, let body): return try loop(target, sequence, body, scope)
    case .whileLoop(let condition, let body):
      let condition = try node(condition, scope)
      scope.enterLoop([])
      defer { scope.leaveLoop(0) }
      return WhileStatement(condition, try block(body, scope))
    case .break, .continue:
      guard scope.loopDepth > 0 else {
        throw SessionError.outsideLoop(statement.form == .break ? "break" : "continue", statement.place)
      }
      return LeaveStatement(statement.form == .break ? .leaveLoop : .nextTurn)
    case .return(let value):
      guard scope.isFunction else { throw SessionError.returnOutside(statement.place) }
      return ReturnStatement(try value.map { try node($0, scope) })
    case .assertion(let condition, let message):
      return AssertStatement(try node(condition, scope), try message.map { try node($0, scope) })
    default: return try sessionStatement(statement, scope)
    }
  }

  /// What only the session can do: not inside a function.
  private func sessionStatement(_ statement: Statement, _ scope: Scope) throws -> StatementNode {
    guard !scope.isFunction else { throw SessionError.notInFunction(statement.place) }
    let place = statement.place
    switch statement.form {
    case .import(let expression):
      let path = try node(expression, scope)
      return SessionStatement { try $0.interpreter.importFile(try path.evaluate($0), expression.place) }
    case .set(let name, let value):
      return SessionStatement { [value = settingNode(name, value, scope)] in
        try $0.interpreter.set(name, to: try value().evaluate($0), place)
      }
    case .command(let word, let argument):
      return SessionStatement { try $0.interpreter.command(word, argument, place) }
    case .use(let expression):
      return SessionStatement { try $0.interpreter.use(expression, place) }
    case .check(let claim, let answers):
      return SessionStatement { try $0.interpreter.check(claim, answers, place) }
    case .cell(let definition):
      return SessionStatement { try $0.interpreter.define(definition, place) }
    default: throw SessionError.notInFunction(place)
    }
  }

  /// In `set notation matrix` the word is a text; in `set seed n` a value.
  private func settingNode(_ name: String, _ value: Expression, _ scope: Scope) -> () throws -> Node {
    if name != "seed", case .name(let word) = value.form {
      return { ConstantNode(.text(word), value.place) }
    }
    return { try self.node(value, scope) }
  }

  func block(_ statements: [Statement], _ scope: Scope) throws -> Block {
    Block(statements: try statements.map { try statement($0, scope) })
  }

  private func loop(
    _ target: Expression, _ sequence: Expression, _ body: [Statement], _ scope: Scope
  ) throws -> StatementNode {
    let sequence = try node(sequence, scope)
    let names = try loopNames(target)
    let variables = names.map { (name: $0, slot: scope.newSlot()) }
    scope.enterLoop(variables)
    defer { scope.leaveLoop(variables.count) }
    let slots = variables.map(\.slot)
    let isSingle = if case .name = target.form { true } else { false }
    return ForStatement(
      isSingle ? .one(slot: slots[0]) : .several(slots: slots, target.place), over: sequence, try block(body, scope))
  }

  private func loopNames(_ target: Expression) throws -> [String] {
    switch target.form {
    case .name(let name): return [name]
    case .tuple(let parts):
      return try parts.flatMap { part -> [String] in
        guard case .name(let name) = part.form else { throw SessionError.notAssignable(part.place) }
        return [name]
      }
    default: throw SessionError.notAssignable(target.place)
    }
  }

  private func function(
    _ definition: FunctionDefinition, _ place: Place, _ scope: Scope
  ) throws -> StatementNode {
    let code = FunctionCode(definition, place)
    let inner = Scope(code: code, parent: scope)
    for parameter in definition.parameters { inner.declare(parameter) }
    guard inner.slotCount == definition.parameters.count else {
      throw SessionError.parameterTwice(definition.name, definition.parameters, definition.namePlace)
    }
    let target = try nameTarget(definition.name, definition.namePlace, scope)
    switch definition.body {
    case .expression(let expression): code.body = .expression(try node(expression, inner))
    case .block(let statements):
      for name in AssignedNames.of(statements) { inner.declare(name) }
      code.body = .block(try statements.map { try statement($0, inner) })
    }
    code.slotCount = inner.slotCount
    code.capturedSlots = inner.captures.map(\.inner)
    return FunctionStatement(code, captures: inner.captures.map(\.outer), target: target)
  }
}
