import Algebra

/// Formulas for papers and pages.
extension BuiltinTable {
  static let formulas: [Builtin] = [
    Builtin(
      "latex", theme: .cells, "latex(x)",
      "LaTeX of a derivation, its steps, a cell's equations or an equation, for mathematics mode with amsmath",
      example: "use linear; latex(y[t])", #""y_t = W x_t + b""#,
      .general { call in .text(try sheet(&call).latex()) }),
    Builtin(
      "mathml", theme: .cells, "mathml(x)",
      "MathML of a derivation, its steps, a cell's equations or an equation: an element that stands by itself in a page",
      example: #"use linear; contains(mathml(y[t]), "<mi>W</mi>")"#, "true",
      .general { call in .text(try sheet(&call).mathml()) }),
  ]

  private static func sheet(_ call: inout Call) throws -> FormulaSheet {
    switch call.values[0] {
    case .derivation(let question): return question.sheet(call.interpreter.settings.notation)
    case .figure(.product(let product)): return product.sheet(call.interpreter.settings.notation)
    case .figure(.paths(let paths)):
      guard let sheet = paths.sheet(call.interpreter.settings.notation) else {
        throw call.problem(
          at: 0, "these are classes of paths, which have no formula", hint: "fewer steps have few paths")
      }
      return sheet
    case .cell(let cell):
      var sheet = FormulaSheet(cell.recurrence)
      for equation in cell.recurrence.equations {
        try call.poll()
        sheet.addEquation(equation.targets, equation.body)
      }
      return sheet
    case .formula(let formula):
      guard let equation = formula.equation else {
        throw call.problem(at: 0, "\(formula.text), so it has no equation to write")
      }
      var sheet = FormulaSheet(equation.recurrence)
      sheet.addEquation(equation.targets, equation.body, shift: equation.shift)
      return sheet
    case .figure(.steps(let steps)): return steps.sheet(call.interpreter.settings.notation)
    default:
      throw call.wrong(
        0, needs: "a derivative, its steps, a cell or an equation", hint: "\(call.builtin.name)(∂c[t]/∂c[t-1])")
    }
  }
}
