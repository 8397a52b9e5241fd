/// Blocks of a parameter: the columns of `W_f` that multiply `h` in `W_f · [h[t-1], x[t]]` are `W_f[h]`.
public struct Block: Hashable, Sendable {
  /// Rows of the parameter, from the first named one on, and how many.
  public var rows: Range<Int>
  public var columns: Range<Int>

  public init(rows: Range<Int>, columns: Range<Int>) {
    self.rows = rows
    self.columns = columns
  }
}

public enum BlockError: Error, Sendable {
  /// Nothing that the parameter multiplies reads the variable.
  case notMultiplied(parameter: String, by: String, multiplies: [String])
  /// It multiplies several operands in which the variable occurs.
  case several(parameter: String, by: String, operands: [String])
}

extension Recurrence {
  /// The block of a parameter that multiplies the operand in which `variable` occurs.
  ///
  /// - Parameters:
  ///   - shapes: with all widths known.
  ///   - operand: the text of the operand, where one variable stands in several (`W[r * h]`).
  public func block(
    of parameter: SymbolID, multiplying variable: SymbolID, shapes: ShapeSolution
  ) throws -> Block {
    var found: Set<Block> = []
    var operands: [String] = []
    var notation = TextNotation(store)
    guard case .matrix(let rows, let columns) = shapes.symbols[parameter] ?? .number, let height = rows.number,
      let width = columns.number
    else { throw BlockError.notMultiplied(parameter: store[parameter].name, by: store[variable].name, multiplies: []) }
    for id in store.closure(of: equations.map(\.body)) {
      guard case .matrixProduct(let left, let right) = store[id] else { continue }
      let isTransposed: Bool
      switch store[left] {
      case .read(parameter, _): isTransposed = false
      case .transpose(let inner):
        guard case .read(parameter, _) = store[inner] else { continue }
        isTransposed = true
      default: continue
      }
      for part in parts(of: right, shapes: shapes) {
        operands.append(notation.text(part.node))
        guard reads(part.node, variable) else { continue }
        found.insert(
          isTransposed
            ? Block(rows: part.range.clamped(to: 0..<height), columns: 0..<width)
            : Block(rows: 0..<height, columns: part.range.clamped(to: 0..<width)))
      }
    }
    guard let block = found.first else {
      throw BlockError.notMultiplied(
        parameter: store[parameter].name, by: store[variable].name, multiplies: operands)
    }
    guard found.count == 1 else {
      throw BlockError.several(parameter: store[parameter].name, by: store[variable].name, operands: operands)
    }
    return block
  }

  private func parts(of operand: NodeID, shapes: ShapeSolution) -> [(node: NodeID, range: Range<Int>)] {
    guard case .concatenate(let parts) = store[operand] else {
      return [(operand, 0..<(shapes.nodes[operand]?.dimensions.first?.number ?? 1))]
    }
    var start = 0
    return parts.map { part in
      let width = shapes.nodes[part]?.dimensions.first?.number ?? 1
      defer { start += width }
      return (part, start..<start + width)
    }
  }

  private func reads(_ root: NodeID, _ variable: SymbolID) -> Bool {
    store.closure(of: [root]).contains { if case .read(variable, _) = store[$0] { true } else { false } }
  }
}
