import Syntax

extension Compiler {
  func node(_ expression: Expression, _ scope: Scope) throws -> Node {
    let place = expression.place
    switch expression.form {
    case .number(let numeral): return ConstantNode(.number(try Self.number(numeral, place)), place)
    case .truth(let truth): return ConstantNode(.truth(truth), place)
    case .nothing: return ConstantNode(.nothing, place)
    case .text(let pieces): return try text(pieces, place, scope)
    case .name(let name): return try self.name(name, place, scope)
    case .parentheses(let inner): return try node(inner, scope)
    case .end: return EndNode(place)
    case .all: throw SessionError.colonOutside(place)
    case .prefix(let operation, let operand): return PrefixNode(operation, try node(operand, scope), place)
    case .infix(let operation, let left, let right): return try infix(operation, left, right, place, scope)
    case .comparison(let operands, let operators):
      return ComparisonNode(try operands.map { try node($0, scope) }, operators, place)
    case .primed(let operand): return PrimedNode(try node(operand, scope), place)
    case .call(let callee, let arguments): return try call(callee, arguments, expression, scope)
    case .index(let base, let indices):
      if isTimed(expression, scope) { return SymbolicNode(expression, place) }
      return IndexNode(try node(base, scope), try indexList(indices, scope), place)
    case .field(let base, let name): return FieldNode(try node(base, scope), name, place)
    case .brackets(let rows): return try brackets(rows, place, scope)
    case .tuple(let items): return ListNode(try items.map { try node($0, scope) }, place)
    case .record(let fields): return try record(fields, place, scope)
    case .conditional(let condition, let then, let otherwise):
      return ConditionalNode(
        try node(condition, scope), then: try node(then, scope), otherwise: try node(otherwise, scope), place)
    case .timed, .derivative, .holding, .within: return SymbolicNode(expression, place)
    }
  }

  private static func number(_ numeral: String, _ place: Place) throws -> Double {
    guard let number = Double(numeral) else { throw SessionError.badNumeral(numeral, place) }
    guard number.isFinite else { throw SessionError.numeralTooLarge(numeral, place) }
    return number
  }

  private func text(_ pieces: [TextPiece], _ place: Place, _ scope: Scope) throws -> Node {
    if pieces.isEmpty { return ConstantNode(.text(""), place) }
    if pieces.count == 1, case .literal(let literal) = pieces[0] { return ConstantNode(.text(literal), place) }
    return TextNode(
      try pieces.map { piece in
        switch piece {
        case .literal(let literal): .literal(literal)
        case .expression(let expression): .value(try node(expression, scope))
        }
      }, place)
  }

  private func name(_ name: String, _ place: Place, _ scope: Scope) throws -> Node {
    if let slot = scope.slot(of: name) { return SlotNode(slot, name, place) }
    if name == "_" { return LastValueNode(place) }
    return GlobalNode(interpreter.binding(name), place)
  }

  private func infix(
    _ operation: InfixOperator, _ left: Expression, _ right: Expression, _ place: Place, _ scope: Scope
  ) throws -> Node {
    switch operation {
    case .and, .or: return LogicNode(isAnd: operation == .and, try node(left, scope), try node(right, scope), place)
    case .times:
      // `U · r * h`: the parser keeps parentheses, so here there were none.
      if case .infix(.dot, let first, let second) = left.form {
        return UnparenthesisedProductNode(
          try node(first, scope), try node(second, scope), try node(right, scope), place)
      }
    default: break
    }
    return InfixNode(operation, try node(left, scope), try node(right, scope), place)
  }

  private func call(
    _ callee: Expression, _ arguments: [Argument], _ expression: Expression, _ scope: Scope
  ) throws -> Node {
    // `X.mean()`: the point is for fields; a record's or net's function may still be called so.
    if case .name("D") = callee.form, scope.slot(of: "D") == nil, interpreter.binding("D").value == nil {
      return SymbolicNode(expression, expression.place)
    }
    return CallNode(
      try node(callee, scope),
      try arguments.map { .init(label: $0.label, node: try node($0.value, scope), place: $0.place) },
      expression.place)
  }

  private func brackets(_ rows: [[Expression]], _ place: Place, _ scope: Scope) throws -> Node {
    let isRowOfBrackets = rows.count == 1 && !rows[0].isEmpty && rows[0].allSatisfy { $0.isBrackets }
    return BracketsNode(try rows.map { try $0.map { try node($0, scope) } }, isRowOfBrackets: isRowOfBrackets, place)
  }

  private func record(_ fields: [RecordField], _ place: Place, _ scope: Scope) throws -> Node {
    var names: Set<String> = []
    for field in fields where !names.insert(field.name).inserted {
      throw SessionError.fieldTwice(field.name, field.place)
    }
    return RecordNode(fields.map(\.name), try fields.map { try node($0.value, scope) }, place)
  }

  func indexList(_ indices: [Expression], _ scope: Scope) throws -> IndexList {
    IndexList(
      nodes: try indices.map { index in
        if case .all = index.form { return ConstantNode(.nothing, index.place) }
        return try node(index, scope)
      },
      usesEnd: indices.map(\.usesEnd),
      isAll: indices.map { if case .all = $0.form { true } else { false } }, expressions: indices)
  }
}

extension Expression {
  fileprivate var isBrackets: Bool { if case .brackets = form { true } else { false } }

  /// Whether `end` stands in it, outside of inner indices.
  fileprivate var usesEnd: Bool {
    switch form {
    case .end: true
    case .parentheses(let inner), .prefix(_, let inner), .primed(let inner), .field(let inner, _): inner.usesEnd
    case .infix(_, let left, let right): left.usesEnd || right.usesEnd
    case .comparison(let operands, _): operands.contains(where: \.usesEnd)
    case .call(let callee, let arguments): callee.usesEnd || arguments.contains { $0.value.usesEnd }
    case .index(let base, _): base.usesEnd
    case .brackets(let rows): rows.contains { $0.contains(where: \.usesEnd) }
    case .tuple(let items): items.contains(where: \.usesEnd)
    case .conditional(let condition, let then, let otherwise):
      condition.usesEnd || then.usesEnd || otherwise.usesEnd
    default: false
    }
  }
}
