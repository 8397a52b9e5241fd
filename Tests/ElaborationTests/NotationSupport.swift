import Algebra
import Foundation
import Syntax
import XCTest

@testable import Elaboration

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Derivations as sheets of formulas, and what is well formed.
enum NotationSupport {
  static func derivation(_ recurrence: Recurrence, _ question: String, levels: Int) throws -> Derivation {
    let outcome = Parser.parse(Source(name: "test", text: question), mode: .file)
    guard case .expression(let expression)? = outcome.statements.first?.form,
      let asked = try DerivativeReader(recurrence).question(expression)
    else { throw LibraryRunner.Failure(message: "not a question: \(question)") }
    var derivation = try Derivation(recurrence, of: asked.symbol, shift: asked.shift, cut: asked.cut)
    try derivation.expand(levels: levels - 1)
    return derivation
  }

  static func sheet(_ derivation: Derivation, _ notation: Notation) -> FormulaSheet {
    var sheet = FormulaSheet(derivation.recurrence, notation: notation)
    sheet.addDerivative(derivation.target, derivation.expression)
    for (atom, expression) in derivation.definitionExpressions { sheet.addDerivative(atom, expression, isWhere: true) }
    return sheet
  }

  static func sheet(_ recurrence: Recurrence) -> FormulaSheet {
    var sheet = FormulaSheet(recurrence)
    for equation in recurrence.equations { sheet.addEquation(equation.targets, equation.body) }
    return sheet
  }

  /// Every level of the derivative of the first state by the first state before, and of one by a parameter.
  static func derivations(_ recurrence: Recurrence) throws -> [Derivation] {
    guard let state = recurrence.states.first else { return [] }
    var result: [Derivation] = []
    var cuts = [Cut(symbol: state, shift: -1), Cut(symbol: state, shift: -3)]
    if let other = recurrence.states.last, other != state { cuts.append(Cut(symbol: other, shift: -1)) }
    if let parameter = recurrence.parameters.first { cuts.append(Cut(symbol: parameter, shift: 0)) }
    for cut in cuts {
      do {
        var derivation = try Derivation(recurrence, of: state, shift: 0, cut: cut)
        result.append(derivation)
        try derivation.expand()
        result.append(derivation)
        try derivation.expandAll()
        result.append(derivation)
      } catch DerivativeFailure.threeIndices {
        continue
      }
    }
    return result
  }

  /// What an XML parser says against a text; nil if it is well formed.
  static func problem(xml: String) -> String? {
    let parser = XMLParser(data: Data(xml.utf8))
    return parser.parse() ? nil : "\(String(describing: parser.parserError)) in \(xml.prefix(400))"
  }

  /// What does not fit in LaTeX: braces, \left and \right, \begin and \end, two scripts of one kind, bare Unicode.
  static func problem(latex: String) -> String? {
    var braces = 0
    for character in latex {
      if character == "{" { braces += 1 }
      if character == "}" { braces -= 1 }
      if braces < 0 { return "a closing brace too many in \(latex.prefix(400))" }
    }
    if braces != 0 { return "an opening brace too many in \(latex.prefix(400))" }
    for line in latex.components(separatedBy: "\\\\\n") {
      let (left, right) = (line.components(separatedBy: "\\left").count, line.components(separatedBy: "\\right").count)
      if left != right { return "\\left without \\right in \(line)" }
    }
    for (open, close) in [("\\bigl", "\\bigr"), ("\\biggl", "\\biggr"), ("\\begin", "\\end")]
    where latex.components(separatedBy: open).count != latex.components(separatedBy: close).count {
      return "\(open) without \(close) in \(latex.prefix(400))"
    }
    if let bare = latex.unicodeScalars.first(where: { !$0.isASCII }) { return "\(bare) in \(latex.prefix(400))" }
    return nil
  }
}
