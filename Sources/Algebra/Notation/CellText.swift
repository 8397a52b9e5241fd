import Typography

/// A recurrence as the text of a cell, which reads back as the same recurrence.
public struct CellText {
  private let recurrence: Recurrence
  private var notation: TextNotation
  private let width: Int

  /// - Parameter width: columns; a purpose that does not fit beside its equation stands on the line below.
  public init(_ recurrence: Recurrence, width: Int = 80) {
    self.recurrence = recurrence
    self.width = width
    notation = TextNotation(recurrence.store)
  }

  /// The lines from `cell ... {` to `}`.
  public mutating func lines() -> [String] {
    var result = header
    if let purpose = recurrence.purpose { result.append("  " + CellText.quoted(purpose)) }
    let equations = recurrence.equations.map { (sides(of: $0), purpose(of: $0)) }.map { sides, purpose in
      (text: sides.left + " = " + sides.right, sides: sides, purpose: purpose)
    }
    let widest = equations.filter { $0.purpose != nil }.map(\.text.displayWidth).max() ?? 0
    for (text, sides, purpose) in equations {
      guard let purpose else {
        result += EquationLayout.lines(sides.left, sides.right, width: width - 2).map { "  " + $0 }
        continue
      }
      let label = CellText.quoted(purpose)
      if 2 + widest + 2 + label.displayWidth <= width {
        let padding = String(repeating: " ", count: widest - text.displayWidth + 2)
        result.append("  " + text + padding + label)
      } else if 2 + text.displayWidth + 2 + label.displayWidth <= width {
        result.append("  " + text + "  " + label)
      } else {
        result.append("  " + text)
        result.append("    " + label)
      }
    }
    result += settings().map { "  " + $0 }
    return result + ["}"]
  }

  /// On one line if it fits; else lists of names that go on below their parentheses.
  private var header: [String] {
    let start = "\(recurrence.isReversed ? "reversed " : "")cell \(recurrence.name)("
    let inputs = recurrence.inputs.map(name)
    let outputs = recurrence.outputs.map(name)
    let line = start + inputs.joined(separator: ", ") + ") -> " + outputs.joined(separator: ", ") + " {"
    guard line.displayWidth > width else { return [line] }
    var lines = [start]
    func append(_ names: [String], _ closing: String) {
      for (index, name) in names.enumerated() {
        let word = name + (index == names.count - 1 ? closing : ",")
        let last = lines[lines.count - 1]
        let blank = last.hasSuffix("(") ? "" : " "
        if last.displayWidth + blank.count + word.displayWidth <= width {
          lines[lines.count - 1] += blank + word
        } else {
          lines.append("    " + word)
        }
      }
    }
    append(inputs, ")")
    if inputs.isEmpty { lines[lines.count - 1] += ")" }
    lines[lines.count - 1] += " -> ("
    append(outputs, ") {")
    return lines
  }

  private func name(_ symbol: SymbolID) -> String { recurrence.store[symbol].name }

  private func purpose(of equation: Recurrence.Equation) -> String? {
    equation.targets.first.flatMap { recurrence.purposes[$0] }
  }

  private mutating func sides(of equation: Recurrence.Equation) -> (left: String, right: String) {
    let targets = equation.targets.map { TextNotation.read(recurrence.store[$0], shift: 0) }
    let left = targets.count == 1 ? targets[0] : "[" + targets.joined(separator: ", ") + "]"
    return (left, notation.text(equation.body))
  }

  /// `input`, `param`, `const`, `init` and `learn` lines.
  private mutating func settings() -> [String] {
    var result: [String] = []
    for symbol in recurrence.inputs {
      guard let shape = recurrence.declaredShapes[symbol] else { continue }
      result.append("input \(name(symbol)): \(CellText.text(shape))")
    }
    for symbol in recurrence.parameters {
      guard let shape = recurrence.declaredShapes[symbol] else { continue }
      result.append("param \(name(symbol)): \(CellText.text(shape))")
    }
    for symbol in recurrence.constants.keys.sorted() {
      if let value = recurrence.constants[symbol] { result.append("const \(name(symbol)) = \(value)") }
    }
    for initial in recurrence.initials {
      let block = initial.block.isEmpty ? "" : "[" + initial.block.map(name).joined(separator: ", ") + "]"
      result.append("init \(name(initial.parameter))\(block) = \(CellText.text(initial.initializer))")
    }
    for start in recurrence.starts {
      result.append("init \(name(start.symbol))[\(start.time)] = \(notation.text(start.value))")
    }
    result += recurrence.learnedStarts.map { "learn \(name($0))[0]" }
    return result
  }

  static func text(_ shape: DeclaredShape) -> String {
    shape.sides.map { side in
      var parts = side.terms.map { term -> (isNegative: Bool, text: String) in
        let size = term.coefficient.magnitude
        return (term.coefficient < 0, size == 1 ? term.name : "\(size)·\(term.name)")
      }
      if side.constant != 0 || parts.isEmpty { parts.append((side.constant < 0, "\(side.constant.magnitude)")) }
      let ordered = parts.filter { !$0.isNegative } + parts.filter(\.isNegative)
      let sum = ordered.enumerated().map { index, part in
        index == 0 ? (part.isNegative ? "-" : "") + part.text : (part.isNegative ? " - " : " + ") + part.text
      }.joined()
      return parts.count > 1 && shape.sides.count > 1 ? "(\(sum))" : sum
    }.joined(separator: " × ")
  }

  static func text(_ initializer: Initializer) -> String {
    switch initializer {
    case .number(let value): Decimal(value)?.description ?? "\(value)"
    case .glorot: "glorot"
    case .orthogonal: "orthogonal"
    case .identity: "identity"
    case .uniform(let low, let high):
      "uniform(\(Decimal(low)?.description ?? "0"), \(Decimal(high)?.description ?? "0"))"
    case .normal(let deviation): "normal(\(Decimal(deviation)?.description ?? "0"))"
    }
  }

  /// A text as a literal of the language.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for character in text {
      switch character {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "{": result += "\\{"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default: result.append(character)
      }
    }
    return result + "\""
  }
}
