import Typography

/// What defining a cell answers: its inputs, states and outputs, and its parameters with shapes and count, so that a
/// misspelt parameter is seen.
extension Recurrence {
  public func summary(width: Int = 80) -> [String] {
    ["\(name): \(roles)"] + parameterLines(width: width)
  }

  private func list(_ symbols: [SymbolID]) -> String {
    let names = symbols.map { store[$0].name }
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }

  /// `input x, state and output h, as wide as x`.
  private var roles: String {
    var parts: [String] = []
    if !inputs.isEmpty { parts.append((inputs.count == 1 ? "input " : "inputs ") + list(inputs)) }
    let states = states
    if states == outputs {
      parts.append((states.count == 1 ? "state and output " : "states and outputs ") + list(states))
    } else {
      if !states.isEmpty { parts.append((states.count == 1 ? "state " : "states ") + list(states)) }
      parts.append((outputs.count == 1 ? "output " : "outputs ") + list(outputs))
    }
    var told: Set<SymbolID> = []
    let seen = (inputs + states + outputs).filter { told.insert($0).inserted }
    let isAlone =
      seen.count - inputs.count == 1 && inputs.allSatisfy { shapes.symbols[$0].map(shapes.text) == store[$0].name }
    let others = seen.compactMap { symbol -> String? in
      guard let shape = shapes.symbols[symbol] else { return nil }
      let text = shapes.text(shape)
      switch shape {
      case .number: return "\(store[symbol].name) a number"
      case .matrix: return "\(store[symbol].name) a matrix \(text)"
      case .vector(let width):
        if text == store[symbol].name { return nil }
        let subject = isAlone ? "" : store[symbol].name + " "
        if let number = width.number { return "\(subject)\(number) wide" }
        return subject
          + (width.terms.count == 1 && width.constant == 0 && width.terms[0].coefficient == 1
            ? "as wide as \(text)" : "\(text) wide")
      }
    }
    return (parts + others).joined(separator: ", ")
  }

  /// `W_z, W_r: h × (h + x)   b: h   in all 2·h·(h + x) + h numbers`, broken to the width.
  func parameterLines(width: Int) -> [String] {
    guard !parameters.isEmpty || !learnedStarts.isEmpty else { return ["  no parameters"] }
    var groups: [(shape: String, names: [String])] = []
    for symbol in parameters {
      let shape = shapes.symbols[symbol].map(shapes.text) ?? "?"
      if let index = groups.firstIndex(where: { $0.shape == shape }) {
        groups[index].names.append(store[symbol].name)
      } else {
        groups.append((shape, [store[symbol].name]))
      }
    }
    for symbol in learnedStarts {
      groups.append((shapes.symbols[symbol].map(shapes.text) ?? "?", ["\(store[symbol].name)[0]"]))
    }
    var items = groups.map { "\($0.names.joined(separator: ", ")): \($0.shape)" }
    let count = countFormula
    items.append("in all \(count) number\(count == "1" ? "" : "s")")
    var lines: [String] = []
    for item in items {
      if let last = lines.last, last.displayWidth + 3 + item.displayWidth <= width {
        lines[lines.count - 1] = last + "   " + item
      } else {
        lines.append("  " + item)
      }
    }
    return lines
  }

  /// The lines of parameters alone, as they are shown below a cell that was read from LaTeX.
  public func parameterSummary(width: Int = 80) -> [String] { parameterLines(width: width) }
}
