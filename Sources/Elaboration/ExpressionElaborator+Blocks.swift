import Algebra
import Syntax

/// `W[h]` in a reversed cell: the columns of W that multiply the part of a vector in which h occurs.
extension ExpressionElaborator {
  mutating func block(
    of base: Expression, _ vectors: [Expression], _ index: Expression, _ place: Place
  ) throws -> NodeID {
    let matrix = try elaborate(base)
    let wanted = index.place.text.filter { !$0.isWhitespace }
    var found: [(part: NodeID, whole: NodeID)] = []
    var names: [String] = []
    var seen: Set<NodeID> = []
    var notation = TextNotation(store)
    for vector in vectors {
      let whole = try elaborate(vector)
      guard case .concatenate(let parts) = store[whole], seen.insert(whole).inserted else { continue }
      for part in parts {
        let name = notation.blockName(part, of: whole)
        if !names.contains(name) { names.append(name) }
        if name.filter({ !$0.isWhitespace }) == wanted { found.append((part, whole)) }
      }
    }
    guard let block = found.first, found.count == 1 else {
      let written = base.place.text
      throw ElaborationError.setting(
        message: found.isEmpty
          ? "\(written) multiplies nothing that is called \(index.place.text)"
          : "\(written) multiplies several parts that are called \(index.place.text)",
        hint: found.isEmpty && !names.isEmpty ? "it multiplies \(names.joined(separator: ", "))" : nil, place)
    }
    return store.insert(.block(matrix: matrix, part: block.part, whole: block.whole))
  }
}

/// Which vectors each parameter multiplies, as a reversed cell says it: `W · [h, x]`, or, since its own equations hold
/// only parts of W, the sum that is its gradient, `δW = total(δa · [h, x]ᵀ)`.
enum MultipliedVectors {
  static func find(in items: [CellItem]) -> [String: [Expression]] {
    var result: [String: [Expression]] = [:]
    for item in items {
      guard case .equation(let target, let body, _) = item.form else { continue }
      let parameter = target.dottedName.flatMap(adjointOf)
      var stack = [body]
      while let expression = stack.popLast() {
        if case .infix(.dot, let left, let right) = expression.form {
          if let name = left.bare.dottedName, isVector(right.bare) { result[name, default: []].append(right.bare) }
          if let parameter, case .primed(let inner) = right.bare.form, isVector(inner.bare) {
            result[parameter, default: []].append(inner.bare)
          }
        }
        stack += operands(expression)
      }
    }
    return result
  }

  private static func isVector(_ expression: Expression) -> Bool {
    if case .brackets = expression.form { true } else { false }
  }

  /// `W_f` of `δW_f`, `layer1.W_f` of `layer1.δW_f`: the letter of adjoints is the writer's choice.
  private static func adjointOf(_ name: String) -> String? {
    let start = name.lastIndex(of: ".").map { name.index(after: $0) } ?? name.startIndex
    guard start < name.endIndex else { return nil }
    var result = name
    result.remove(at: start)
    return result
  }

  private static func operands(_ expression: Expression) -> [Expression] {
    switch expression.form {
    case .parentheses(let inner), .prefix(_, let inner), .primed(let inner): [inner]
    case .infix(_, let left, let right): [left, right]
    case .call(_, let arguments): arguments.map(\.value)
    case .brackets(let rows): rows.flatMap { $0 }
    default: []
    }
  }
}
