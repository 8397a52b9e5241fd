import Algebra

/// `==` is one truth for whole values. Things of different kinds are unequal.
enum Equality {
  /// `poll` bounds the time of lists that share parts.
  static func areEqual(_ left: Value, _ right: Value, poll: () throws -> Void) throws -> Bool {
    switch (left, right) {
    case (.nothing, .nothing): return true
    case (.number(let a), .number(let b)): return a == b
    case (.truth(let a), .truth(let b)): return a == b
    case (.text(let a), .text(let b)): return a == b
    case (.tensor(let a), .tensor(let b)): return a == b
    case (.range(let a), .range(let b)): return a == b
    case (.list(let a), .list(let b)):
      return try areEqual(a.items, b.items, poll: poll)
    case (.record(let a), .record(let b)):
      guard a.names.count == b.names.count else { return false }
      for (name, value) in zip(a.names, a.values) {
        guard let other = b[name], try areEqual(value, other, poll: poll) else { return false }
      }
      return true
    case (.function(let a), .function(let b)): return a === b || sameDerivative(a, b)
    case (.table(let a), .table(let b)): return try areEqual(a, b, poll: poll)
    case (.cell(let a), .cell(let b)): return a === b
    case (.net(let a), .net(let b)): return a === b
    case (.derivation(let a), .derivation(let b)): return a.derivation.says(b.derivation)
    case (.formula(let a), .formula(let b)): return a.text == b.text
    case (.track, _), (_, .track):
      guard let a = left.asTensor, let b = right.asTensor else { return false }
      return a == b
    default: return false
    }
  }

  private static func areEqual(_ left: [Value], _ right: [Value], poll: () throws -> Void) throws -> Bool {
    guard left.count == right.count else { return false }
    try poll()
    for (a, b) in zip(left, right) where try !areEqual(a, b, poll: poll) { return false }
    return true
  }

  private static func areEqual(_ left: Table, _ right: Table, poll: () throws -> Void) throws -> Bool {
    guard left.headings == right.headings, left.rowCount == right.rowCount else { return false }
    for (a, b) in zip(left.columns, right.columns) {
      switch (a, b) {
      case (.numbers(let a), .numbers(let b)): guard a == b else { return false }
      case (.texts(let a), .texts(let b)): guard a == b else { return false }
      default: return false
      }
    }
    return true
  }

  private static func sameDerivative(_ left: Function, _ right: Function) -> Bool {
    guard case .derivative(let a, _, _) = left.kind, case .derivative(let b, _, _) = right.kind else { return false }
    return a === b || sameDerivative(a, b)
  }
}

extension Derivation {
  /// The same derivative of the same cell, opened as far.
  fileprivate func says(_ other: Derivation) -> Bool {
    recurrence.store === other.recurrence.store && target == other.target && subject == other.subject
      && expression == other.expression
  }
}
