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
    if case .figure(.paths(let paths)) = call.values[0], paths.sheet(call.interpreter.settings.notation) == nil {
      throw call.problem(
        at: 0, "these are classes of paths, which have no formula", hint: "fewer steps have few paths")
    }
    if case .formula(let formula) = call.values[0], formula.equation == nil {
      throw call.problem(at: 0, "\(formula.text), so it has no equation to write")
    }
    guard let sheet = try call.interpreter.sheet(of: call.values[0]) else {
      throw call.wrong(
        0, needs: "a derivative, its steps, a cell or an equation", hint: "\(call.builtin.name)(∂c[t]/∂c[t-1])")
    }
    return sheet
  }
}

extension Interpreter {
  /// A value as equations to be typeset; nil for one that has none.
  func sheet(of value: Value) throws -> FormulaSheet? {
    switch value {
    case .derivation(let question): return question.sheet(settings.notation)
    case .figure(.product(let product)): return product.sheet(settings.notation)
    case .figure(.paths(let paths)): return paths.sheet(settings.notation)
    case .figure(.steps(let steps)): return steps.sheet(settings.notation)
    case .cell(let cell):
      var sheet = FormulaSheet(cell.recurrence)
      for equation in cell.recurrence.equations {
        try poll()
        sheet.addEquation(equation.targets, equation.body)
      }
      return sheet
    case .formula(let formula):
      guard let equation = formula.equation else { return nil }
      var sheet = FormulaSheet(equation.recurrence)
      sheet.addEquation(equation.targets, equation.body, shift: equation.shift)
      return sheet
    default: return nil
    }
  }
}
