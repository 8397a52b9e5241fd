import Algebra
import Syntax
import Typography

extension BuiltinTable {
  /// `equivalent(GRU, GRUAfter)`: a truth; what corresponds to what, or where they differ, is printed.
  @Sendable static func equivalent(
    _ given: [GivenArgument], _ interpreter: Interpreter, _ place: Place?
  ) throws -> Value {
    guard given.count == 2, given.allSatisfy({ $0.label == nil }) else {
      throw SessionError.builtin("equivalent takes two cells", hint: "equivalent(GRU, GRUAfter)", place)
    }
    let cells = try given.map { argument -> Recurrence in
      switch argument.value {
      case .cell(let cell): return cell.recurrence
      case .net(let net): return net.recurrence
      default:
        throw SessionError.argument(
          of: "equivalent", needs: "cells", argument.value.described, hint: nil, argument.place)
      }
    }
    let found = try Equivalence(cells[0], cells[1]) { interpreter.isInterrupted() }
    for line in EquivalenceText(found, width: interpreter.options.width).lines() { interpreter.say(line) }
    return .truth(found.isSame)
  }
}

/// The words for how two cells compare.
struct EquivalenceText {
  private let found: Equivalence
  private let width: Int

  init(_ found: Equivalence, width: Int) {
    self.found = found
    self.width = width
  }

  private var names: (first: String, second: String) {
    let (a, b) = (found.first.name, found.second.name)
    return a == b ? ("the first \(a)", "the second") : (a, b)
  }

  func lines() -> [String] {
    switch found.outcome {
    case .same: return ["✓ the same"] + correspondence()
    case .secondIsSpecial: return ["✗ \(names.second) is \(names.first) with parameters of a kind"] + correspondence()
    case .firstIsSpecial: return ["✗ \(names.first) is \(names.second) with parameters of a kind"] + correspondence()
    case .unknown(let reason): return ["? cannot tell: \(reason)"]
    case .different:
      guard let proof = found.proof else {
        return ["✗ no way was found to read \(names.second) as \(names.first)"] + difference() + tried()
      }
      return ["✗ not the same, with any parameters"] + difference() + self.proof(proof)
    }
  }

  /// `z of GRU is 1 - z of Cho`, then the parameters in columns.
  private func correspondence() -> [String] {
    let isSpecial = if case .firstIsSpecial = found.outcome { true } else { false }
    var items = found.variables.map { "\($0.first) = \($0.second)" }
    items += found.parameters.map { isSpecial ? "\($0.second) = \($0.first)" : "\($0.first) = \($0.second)" }
    guard !items.isEmpty else { return [] }
    let (left, right) = isSpecial ? (names.second, names.first) : (names.first, names.second)
    var lines = ["  \(left) in \(right)'s names:"]
    var line = "   "
    for (position, item) in items.enumerated() {
      let piece = " " + item + (position < items.count - 1 ? "," : "")
      if line.displayWidth + piece.displayWidth > width, line != "   " {
        lines.append(line)
        line = "   "
      }
      line += piece
    }
    return lines + [line]
  }

  private func difference() -> [String] {
    var lines: [String] = []
    let states = (found.first.states.count, found.second.states.count)
    if found.first.inputs.count != found.second.inputs.count {
      lines.append("  they have \(found.first.inputs.count) and \(found.second.inputs.count) inputs")
    } else if states.0 != states.1 {
      lines.append("  the states of \(names.first): \(list(found.first)); of \(names.second): \(list(found.second))")
    }
    if let difference = found.difference {
      for (recurrence, symbol, name) in [
        (found.first, difference.first, names.first), (found.second, difference.second, names.second),
      ] {
        guard let symbol, let equation = recurrence.equation(of: symbol) else { continue }
        var notation = TextNotation(recurrence.store)
        let left = TextNotation.read(recurrence.store[symbol], shift: 0)
        lines += EquationLayout.lines("  \(name): \(left)", notation.text(equation.body), width: width)
      }
    }
    if let outputs = found.outputs, outputs.first != outputs.second {
      lines.append(
        "  width 1, every parameter and input 1, t = 2: \(NumberText.significant(outputs.first)), "
          + "and \(NumberText.significant(outputs.second))")
    }
    return lines
  }

  /// The range that one keeps, and the point where the other leaves it.
  private func proof(_ proof: RangeDifference) -> [String] {
    let (bounded, other) = proof.isFirstBounded ? (found.first, found.second) : (found.second, found.first)
    let (name, otherName) = proof.isFirstBounded ? names : (names.second, names.first)
    let output = TextNotation.read(bounded.store[proof.output], shift: 0)
    let otherOutput = other.store[proof.otherOutput].name
    return [
      "  whatever its parameters are, \(output) of \(name) lies in \(proof.range);",
      "  at width 1, every parameter and input \(NumberText.significant(proof.fill)), "
        + "\(otherOutput)[\(proof.time)] of \(otherName) is \(NumberText.significant(proof.value))",
    ].flatMap { Wrapping.wrap($0, width: width) }
  }

  /// What was looked for: to find nothing is no proof that there is nothing.
  private func tried() -> [String] {
    let ways = found.pairings == 1 ? "one pairing" : "\(found.pairings) pairings"
    guard found.pairings > 0 else { return [] }
    let text =
      "  tried: \(ways) of their states, and each activation as itself, its complement or its negative; "
      + "other ways are not ruled out"
    return Wrapping.wrap(text, width: width, indent: 4)
  }

  private func list(_ recurrence: Recurrence) -> String {
    recurrence.states.map { recurrence.store[$0].name }.joined(separator: ", ")
  }
}
