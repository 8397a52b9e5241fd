import Algebra
import Typography

/// `product(d)`: a derivative over several steps as a product of state Jacobians, each block written once.
final class StateProduct {
  let derivation: Derivation
  let jacobian: StateJacobian
  /// How far it is from the derivative itself on random nets.
  private let error: Double
  /// The blocks, opened.
  private let rows: [Derivation]
  private let exits: [Derivation]
  private let entries: [Derivation]

  /// - Throws: `DerivativeFailure`, `Interrupted`.
  init(_ derivation: Derivation, _ interpreter: Interpreter) throws {
    self.derivation = derivation
    let jacobian = try StateJacobian(derivation)
    self.jacobian = jacobian
    rows = try jacobian.blocks.map { try jacobian.opened($0.atom) }
    exits = try jacobian.targetIsState ? [] : jacobian.exits.map { try jacobian.opened($0.atom) }
    let shift = derivation.target.cut.shift
    entries = try jacobian.entries.filter { !jacobian.isSource($0.atom) }.map { entry in
      try jacobian.opened(
        Atom(
          symbol: entry.atom.symbol, shift: shift,
          cut: Cut(symbol: entry.atom.cut.symbol, shift: shift, held: entry.atom.cut.held)))
    }
    let isInterrupted = interpreter.isInterrupted
    guard let error = try jacobian.error(of: derivation, isInterrupted: isInterrupted) else { throw Interrupted() }
    self.error = error
  }

  /// No path leads from what it is by to what it is of.
  var isZero: Bool { derivation.isZero }

  func lines(width: Int, _ form: Notation = .elementwise) -> [String] {
    let store = derivation.recurrence.store
    var notation = TextNotation(store)
    let left = StateProduct.leftSide(derivation, &notation)
    if isZero { return ["\(left) = 0: no path leads there"] }
    var lines = EquationLayout.lines(left, factors, width: width)
    let states = jacobian.members.map { TextNotation.read(store[$0.symbol], shift: -$0.delay) }
    lines += Wrapping.wrap("  S[t] = [\(states.joined(separator: ", "))]", width: width)
    if factors.contains("M") {
      let blocks = states.count > 1 ? ", block by block with the rest held" : ""
      lines += Wrapping.wrap("  M[t] = ∂S[t]/∂S[t-1]" + blocks, width: width)
      lines += self.blocks(rows, width, form)
      let late = jacobian.members.indices.filter { jacobian.members[$0].delay > 0 }.map { states[$0] }
      if !late.isEmpty {
        lines += Wrapping.wrap("    \(late.joined(separator: ", ")): carried over from S[t-1]", width: width)
      }
    }
    lines += Wrapping.wrap("  R = \(names(of: jacobian.exits, isColumn: false, &notation))", width: width)
    lines += blocks(exits, width, form)
    lines += Wrapping.wrap("  E = \(names(of: jacobian.entries, isColumn: true, &notation))", width: width)
    lines += blocks(entries, width, form)
    var names = FormulaSheet(derivation.recurrence, notation: form)
    addNames(to: &names)
    lines += names.text(width: width)
    lines += Wrapping.wrap("  " + agreement, width: width, indent: 4)
    return lines
  }

  /// `∂c[t]/∂c[t-3] holding h`.
  static func leftSide(_ derivation: Derivation, _ notation: inout TextNotation) -> String {
    let store = derivation.recurrence.store
    let held = derivation.target.cut.held.map { item -> String in
      item.shift.map { TextNotation.read(store[item.symbol], shift: $0) } ?? store[item.symbol].name
    }
    let cut = Cut(symbol: derivation.target.cut.symbol, shift: derivation.target.cut.shift)
    let atom = notation.text(
      store.insert(derivation.subject.map { .derivative($0, by: cut) } ?? .atom(derivation.target)))
    if held.isEmpty { return atom }
    return "\(atom) holding " + (held.count == 1 ? held[0] : "(" + held.joined(separator: ", ") + ")")
  }

  /// `R · M[t] · M[t-1] · E`, `R · M[t] ··· M[t-99] · E`.
  private var factors: String {
    let first = jacobian.targetIsState ? derivation.target.shift : derivation.target.shift - 1
    let last = derivation.target.cut.shift + 1
    func text(_ shift: Int) -> String { shift == 0 ? "M[t]" : "M[t\(shift < 0 ? "-" : "+")\(shift.magnitude)]" }
    var middle: [String] = []
    if first - last >= 5 {
      middle = ["\(text(first)) ··· \(text(last))"]
    } else if last <= first {
      middle = (last...first).reversed().map(text)
    }
    return (["R"] + middle + ["E"]).joined(separator: " · ")
  }

  /// The blocks of M, R and E as equations, for LaTeX and MathML.
  func sheet(_ form: Notation) -> FormulaSheet {
    var sheet = sheet(of: rows + exits + entries, form)
    addNames(to: &sheet)
    return sheet
  }

  /// Blocks as equations; that the rest is held has been said.
  private func sheet(of derivations: [Derivation], _ form: Notation) -> FormulaSheet {
    var sheet = FormulaSheet(derivation.recurrence, notation: form)
    for block in derivations {
      if let subject = derivation.subject, block.target.symbol == derivation.target.symbol {
        sheet.addDerivative(of: subject, by: StateProduct.bare(block.target).cut, block.expression)
      } else {
        sheet.addDerivative(StateProduct.bare(block.target), block.expression)
      }
      for (atom, expression) in block.definitionExpressions {
        sheet.addDerivative(StateProduct.bare(atom), expression, isWhere: true)
      }
    }
    return sheet
  }

  private func blocks(_ derivations: [Derivation], _ width: Int, _ form: Notation) -> [String] {
    sheet(of: derivations, form).text(width: width - 4).map { "    " + $0 }
  }

  private static func bare(_ atom: Atom) -> Atom {
    Atom(symbol: atom.symbol, shift: atom.shift, cut: Cut(symbol: atom.cut.symbol, shift: atom.cut.shift))
  }

  /// What is spoken of by names that are none of the cell's.
  private func addNames(to sheet: inout FormulaSheet) {
    var told: Set<NodeID> = []
    for id in (rows + exits + entries).flatMap(\.abbreviations) where told.insert(id).inserted { sheet.addName(id) }
  }

  /// The blocks of R or E in the order of S.
  private func names(
    of parts: [(member: Int, atom: Atom)], isColumn: Bool, _ notation: inout TextNotation
  ) -> String {
    let store = derivation.recurrence.store
    let shift = isColumn ? derivation.target.cut.shift : 0
    var texts: [String] = []
    for index in jacobian.members.indices {
      guard let part = parts.first(where: { $0.member == index }) else {
        texts.append("0")
        continue
      }
      if jacobian.isSource(part.atom) {
        texts.append("I")
      } else {
        var atom = part.atom
        atom.shift += shift
        atom.cut.shift += shift
        let isSubject = derivation.subject != nil && atom.symbol == derivation.target.symbol
        texts.append(
          isSubject
            ? "∂/∂\(TextNotation.read(store[atom.cut.symbol], shift: atom.cut.shift)) (…)"
            : notation.text(store.insert(.atom(atom))))
      }
    }
    return "[" + texts.joined(separator: isColumn ? "; " : ", ") + "]"
  }

  private var tried: String {
    derivation.stepsBack > Derivation.triedSteps ? ", tried over \(Derivation.triedSteps) steps" : ""
  }

  private var agreement: String {
    if error > 1e-9 || error.isNaN {
      return "DOES NOT AGREE with the derivative on random nets: this product is wrong; please report it"
    }
    return "agrees with the derivative on 3 random nets to 1e-10\(tried)"
  }
}
