import Algebra
import Syntax

/// Identity matrices of answers: each takes its size from what it meets.
extension AnswerContext {
  /// v * I, and n * I.
  func scaledIdentity(_ id: NodeID, _ width: Dimension, _ place: Place?) throws -> NodeID {
    let seed = try identity(width)
    if case .number(let number) = store[id], number.isOne { return seed }
    return store.insert(.product([id, seed]))
  }

  /// I of a size: the derivative of a variable that is so wide by itself.
  func identity(_ width: Dimension) throws -> NodeID {
    func isSo(_ symbol: SymbolID) -> Bool {
      switch recurrence.shapes.symbols[symbol] {
      case .vector(width): true
      case .number: width == .one
      default: false
      }
    }
    let timed = recurrence.variables + recurrence.inputs
    let candidates = (subject.cut.map { [$0.symbol] } ?? []).filter(timed.contains) + timed
    if let symbol = candidates.first(where: isSo) { return store.insert(.seed(symbol)) }
    if width == .one { return store.insert(.number(Decimal(1))) }
    throw AnswerMisfit(
      message:
        "nothing in \(recurrence.name) is \(recurrence.shapes.text(width)) wide, so its identity matrix has no name",
      hint: nil)
  }

  /// Whether an equation takes the sum, mean or maximum of the same: the I in `max(U - I)` is none of a derivative there.
  func isReducedInEquation(_ argument: NodeID) -> Bool {
    var notation = TextNotation(store)
    let text = notation.text(argument)
    return store.closure(of: recurrence.equations.map(\.body)).contains { id in
      guard case .apply(let operation, let arguments) = store[id], case .reduction = OperatorTable[operation].shape
      else {
        return false
      }
      return arguments.first.map { notation.text($0) } == text
    }
  }

  /// A multiple of I whose size is known now.
  func sized(_ id: NodeID, _ width: Dimension) throws -> NodeID {
    let seed = try identity(width)
    let image = store.rewrite([id], into: store) { [openIdentity, store] node in
      if case .identity(-1) = node, store.insert(node) == openIdentity { seed } else { nil }
    }
    return image[id] ?? id
  }

  /// An I of open size where nothing says how large: as what is derived by.
  func settled(_ id: NodeID) -> NodeID {
    guard (try? shape(of: id)) == .identity, let cut = subject.cut, isJacobian,
      let width = recurrence.shapes.symbols[cut.symbol].map({ $0.dimensions.first ?? .one })
    else { return id }
    return (try? sized(id, width)) ?? id
  }
}
