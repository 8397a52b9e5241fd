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
      if case .interface = proof { return ["✗ not the same"] + self.proof(proof) }
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
    if states.0 != states.1 {
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
    if let outputs = found.outputs {
      let point = "  width \(outputs.width), \(outputs.fill.words), t = \(outputs.time):"
      let values = "\(NumberText.significant(outputs.first)), and \(NumberText.significant(outputs.second))"
      lines += Wrapping.wrap("\(point) \(values)", width: width, indent: 4)
    }
    return lines
  }

  private func proof(_ proof: DifferenceProof) -> [String] {
    let text =
      switch proof {
      case .interface(let difference): words(difference)
      case .noParameters(let isFirst):
        "\(isFirst ? names.first : names.second) has no parameters that could make it the other"
      case .range(let difference): words(difference)
      case .reach(let difference): words(difference)
      case .rank(let difference): words(difference)
      }
    return Wrapping.wrap("  " + text, width: width, indent: 4)
  }

  private func words(_ difference: InterfaceDifference) -> String {
    if let (first, second) = difference.wide {
      let (a, b) = (found.first.store[first].name, found.second.store[second].name)
      return "\(a) of \(names.first) is \(difference.first) wide, and \(b) of \(names.second) \(difference.second)"
    }
    let what =
      switch difference.part {
      case .inputs: "inputs"
      case .outputs: "outputs"
      }
    return "they have \(difference.first) and \(difference.second) \(what)"
  }

  /// The range that one keeps, and the point where the other leaves it.
  private func words(_ range: RangeDifference) -> String {
    let (bounded, other) = range.isFirstBounded ? (found.first, found.second) : (found.second, found.first)
    let (name, otherName) = range.isFirstBounded ? names : (names.second, names.first)
    let output = TextNotation.read(bounded.store[range.output], shift: 0)
    let otherOutput = other.store[range.otherOutput].name
    return "whatever its parameters are, \(output) of \(name) lies in \(range.range); at width 1, every parameter and "
      + "input \(NumberText.significant(range.fill)), \(otherOutput)[\(range.time)] of \(otherName) is "
      + NumberText.significant(range.value)
  }

  private func words(_ reach: ReachDifference) -> String {
    let (blind, seeing) = reach.isFirstBlind ? (found.first, found.second) : (found.second, found.first)
    let (name, otherName) = reach.isFirstBlind ? names : (names.second, names.first)
    func reads(_ cell: Recurrence) -> (output: String, input: String) {
      (
        TextNotation.read(cell.store[cell.outputs[reach.output]], shift: 0),
        TextNotation.read(cell.store[cell.inputs[reach.input]], shift: -reach.lag)
      )
    }
    let (output, input) = reads(blind)
    let (otherOutput, otherInput) = reads(seeing)
    return "whatever its parameters are, \(output) of \(name) does not follow \(input); \(otherOutput) of \(otherName) "
      + "follows \(otherInput)"
  }

  private func words(_ rank: RankDifference) -> String {
    let (name, otherName) = rank.isFirstLarger ? names : (names.second, names.first)
    let count = rank.count == 1 ? "1 parameter" : "\(rank.count) parameters"
    return
      "at width 1, \(rank.rank) parameters of \(name) change its outputs independently (by the rank of a Jacobian), "
      + "and \(otherName) has \(count)"
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
