import Algebra
import Foundation
import XCTest

@testable import Elaboration

/// Every cell of the library on paper: its equations and a derivation of its first state, level by level.
/// `Scripts/latex-check` has it written and runs pdflatex on it.
final class NotationPages: XCTestCase {
  func testPages() throws {
    let folder = ProcessInfo.processInfo.environment["CAROUSEL_WRITE_PAGES"]
    let names = try folder == nil ? ["LSTM"] : LibraryFolder.index().map(\.name)
    for notation in Notation.allCases {
      let document = try NotationPages.document(names, notation)
      XCTAssertTrue(document.contains("\\section{LSTM}"))
      try write(document, "\(notation.rawValue).tex", folder)
    }
    let page = try NotationPages.page(["LSTM", "GRU", "sLSTM"])
    XCTAssertNil(NotationSupport.problem(xml: page))
    try write(page, "page.html", folder)
  }

  private func write(_ text: String, _ name: String, _ folder: String?) throws {
    guard let folder else { return }
    try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
  }

  /// The sheets of a cell with their titles.
  private static func sheets(_ recurrence: Recurrence, _ notation: Notation) throws -> [(String, FormulaSheet)] {
    var result: [(String, FormulaSheet)] = []
    if notation == .elementwise {
      result.append(("equations", NotationSupport.sheet(recurrence)))
      result.append(("backward pass", NotationSupport.sheet(try recurrence.adjoint().recurrence)))
    }
    var seen: Set<String> = []
    for derivation in try NotationSupport.derivations(recurrence).prefix(2) {
      var steps = FormulaSheet(recurrence, notation: notation)
      steps.addSteps(try derivation.steps(), of: derivation)
      let latex = steps.latex()
      if !latex.isEmpty, seen.insert(latex).inserted { result.append(("steps", steps)) }
    }
    for derivation in try NotationSupport.derivations(recurrence) {
      let sheet = NotationSupport.sheet(derivation, notation)
      let cut = derivation.target.cut
      let title =
        "\(recurrence.store[derivation.target.symbol].name) by \(recurrence.store[cut.symbol].name), "
        + "\(-cut.shift) steps back, \(derivation.opened.count) derivatives opened"
      if seen.insert(sheet.latex()).inserted { result.append((title, sheet)) }
    }
    return result
  }

  private static func document(_ names: [String], _ notation: Notation) throws -> String {
    var text = """
      \\documentclass{article}
      \\usepackage{amsmath}
      \\usepackage[T1]{fontenc}
      \\allowdisplaybreaks
      \\begin{document}

      """
    for name in names {
      let recurrence = try LibraryRunner.recurrence(of: LibraryFolder.cell(name))
      text += "\\section{\(name)}\n"
      for (title, sheet) in try sheets(recurrence, notation) {
        let latex = sheet.latex()
        text += "\\paragraph{\(LaTeXProse.plain(title))}\n"
        // A display of its own may run over pages, `aligned` may not.
        text +=
          latex.hasPrefix("\\begin{aligned}")
          ? latex.replacingOccurrences(of: "{aligned}", with: "{align*}") : "\\[ \(latex) \\]"
        text += "\n"
      }
    }
    return text + "\\end{document}\n"
  }

  private static func page(_ names: [String]) throws -> String {
    var text = """
      <html xmlns="http://www.w3.org/1999/xhtml"><head><meta charset="utf-8"/><title>Formulas</title></head><body>

      """
    for name in names {
      let recurrence = try LibraryRunner.recurrence(of: LibraryFolder.cell(name))
      text += "<h1>\(name)</h1>\n"
      for notation in Notation.allCases {
        for (title, sheet) in try sheets(recurrence, notation).prefix(4) {
          text += "<p>\(title)</p>\n" + sheet.mathml() + "\n"
        }
      }
    }
    return text + "</body></html>\n"
  }
}

/// Prose in LaTeX.
private enum LaTeXProse {
  /// Names as a line of text: accents and Greek letters by their names.
  static func plain(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      if scalar.isASCII { result += scalar == "_" ? "\\_" : String(scalar) } else { result += "?" }
    }
  }
}
