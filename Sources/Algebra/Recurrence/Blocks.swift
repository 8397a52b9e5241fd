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

/// How a block is named: by a variable in what it multiplies, or by the whole operand, as `r * h` or `x[t-1]`.
public enum BlockName: Sendable {
  case variable(SymbolID)
  case operand(String)
}

extension Recurrence {
  /// The block of a parameter that multiplies what `name` says.
  ///
  /// - Parameters:
  ///   - rows: the target of a split whose rows are meant (`W[f, h]`); nil for all.
  ///   - shapes: with all widths known.
  public func block(
    of parameter: SymbolID, multiplying name: BlockName, rows target: SymbolID? = nil, shapes: ShapeSolution
  ) throws -> Block {
    let parameterName = store[parameter].name
    guard case .matrix(let rows, let columns) = shapes.symbols[parameter] ?? .number, let height = rows.number,
      let width = columns.number
    else { throw BlockError.notMultiplied(parameter: parameterName, by: text(name), multiplies: []) }
    var found: Set<Block> = []
    var operands: [String] = []
    var notation = TextNotation(store)
    for (index, equation) in equations.enumerated() {
      let range = try splitRows(target, in: index, height: height, shapes: shapes)
      for id in store.closure(of: [equation.body]) {
        guard case .matrixProduct(let left, let right) = store[id],
          let isTransposed = side(of: parameter, in: left)
        else { continue }
        for part in parts(of: right, shapes: shapes) {
          let text = notation.text(part.node)
          if !operands.contains(text) { operands.append(text) }
          guard names(name, part.node, text), let range else { continue }
          found.insert(
            isTransposed
              ? Block(rows: part.range.clamped(to: 0..<height), columns: 0..<width)
              : Block(rows: range, columns: part.range.clamped(to: 0..<width)))
        }
      }
    }
    guard let block = found.first else {
      throw BlockError.notMultiplied(parameter: parameterName, by: text(name), multiplies: operands)
    }
    guard found.count == 1 else {
      throw BlockError.several(parameter: parameterName, by: text(name), operands: operands)
    }
    return block
  }

  private func text(_ name: BlockName) -> String {
    switch name {
    case .variable(let symbol): store[symbol].name
    case .operand(let text): text
    }
  }

  /// Whether a node is the parameter (false) or its transpose (true); nil if neither.
  private func side(of parameter: SymbolID, in node: NodeID) -> Bool? {
    switch store[node] {
    case .read(parameter, _): return false
    case .transpose(let inner):
      if case .read(parameter, _) = store[inner] { return true }
      return nil
    default: return nil
    }
  }

  private func names(_ name: BlockName, _ part: NodeID, _ text: String) -> Bool {
    switch name {
    case .variable(let symbol): return reads(part, symbol)
    case .operand(let wanted):
      let plain = wanted.filter { $0 != " " }
      return plain == text.filter { $0 != " " } || plain == text.withoutTimes.filter { $0 != " " }
    }
  }

  /// The rows that a split gives to one of its targets; all rows if none is asked for; nil in other equations.
  private func splitRows(
    _ target: SymbolID?, in equation: Int, height: Int, shapes: ShapeSolution
  ) throws -> Range<Int>? {
    guard let target else { return 0..<height }
    var start = 0
    for part in equations[equation].targets {
      let width = shapes.symbols[part]?.dimensions.first?.number ?? 1
      if part == target { return (start..<start + width).clamped(to: 0..<height) }
      start += width
    }
    return nil
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

extension String {
  /// `r[t] * h[t-1]` without its times: `r * h`.
  var withoutTimes: String {
    var result = ""
    var rest = Substring(self)
    while let open = rest.firstIndex(of: "[") {
      result += rest[..<open]
      guard let close = rest[open...].firstIndex(of: "]") else { return result + rest[open...] }
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }
}
