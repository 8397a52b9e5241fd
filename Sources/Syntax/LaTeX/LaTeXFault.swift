/// What can be wrong with LaTeX: facts here, prose at the edge (`diagnostic`). A class, for small frames on the stack.
final class LaTeXFault: Explained {
  enum Problem: Sendable {
    // The text.
    case empty, onlyDerivatives
    case tooDeep, tooLong, tooManyBytes
    case unclosed(String), stray(String), unclosedEnvironment(String), wrongEnd(String, opened: String?)
    case missingArgument(String)
    case unknownCommand(String), unknownEnvironment(String)
    case macroLoop(String)
    // Lines.
    case noEquation, severalRelations, emptySide
    case leftSide, futureLeft(String), differential(String)
    // Names.
    case unknownFunction(String, example: String)
    case unknownTimed(String, inputs: [String])
    case needsTime(String)
    case twoTimes(String), inputDefined(String)
    case label(String), exponent(String), inverse(String), unreadTime(String, letter: String)
    case sameName(String, String, name: String), twoMeanings(String)
    case layerBelow(String)
    // Products.
    case missingOperand, unexpected(String), unreadSign(String, hint: String)
    case ambiguous(String, String, String)
    case starOfMatrix(String, String)
    case bilinear(String)
    case missingComma(String)
    case functionAlone(String)
    // Stacks.
    case columnHeights(Int, Int), columnShape, cases, columnElsewhere, columnArgument
  }

  let problem: Problem
  let place: Place

  init(_ problem: Problem, _ place: Place) {
    self.problem = problem
    self.place = place
  }

  var diagnostic: Diagnostic {
    let (message, hint) = problem.prose
    return Diagnostic(message, at: place, hint: hint)
  }
}

extension LaTeXFault.Problem {
  /// The message, and what to do.
  var prose: (message: String, hint: String?) {
    switch self {
    case .empty: return ("no equation here", "an equation is h_t = \\tanh(W x_t + U h_{t-1})")
    case .onlyDerivatives:
      return (
        "only derivatives here, and no equation of a cell",
        "add the equations of the cell; a derivative is judged by check"
      )
    case .tooDeep: return ("nested deeper than \(LaTeXReader.deepest)", nil)
    case .tooManyBytes:
      return (
        "LaTeX of more than \(LaTeXReader.longest) bytes is not read", "give only the lines with the cell's equations"
      )
    case .tooLong: return ("longer than this can be read", "split it into several equations")
    case .unclosed(let fence): return ("\(fence) is never closed", nil)
    case .stray(let fence): return ("\(fence) closes nothing", nil)
    case .unclosedEnvironment(let name): return ("\\begin{\(name)} is never ended", "\\end{\(name)} is missing")
    case .wrongEnd(let name, let opened):
      return ("\\end{\(name)} ends nothing", opened.map { "\\begin{\($0)} is open here" })
    case .missingArgument(let command): return ("\(command) needs an argument", nil)
    case .unknownCommand(let name):
      return ("\\\(name) is not known here", "take it out, or write it in plain LaTeX")
    case .unknownEnvironment(let name):
      return ("\\begin{\(name)} is not known here", "equations may stand in align, aligned, gather, split, array")
    case .macroLoop(let name): return ("the macro \\\(name) never ends", nil)
    default: return proseOfReading
    }
  }

  private var proseOfReading: (message: String, hint: String?) {
    switch self {
    case .noEquation: return ("this is no equation: it has no =", nil)
    case .severalRelations: return ("an equation of a cell has one =", "give each side an equation of its own")
    case .emptySide: return ("one side of this = is empty", nil)
    case .leftSide:
      return (
        "the left side of an equation is one variable",
        "as in h_t = …, or \\begin{bmatrix} i_t \\\\ f_t \\end{bmatrix} = …"
      )
    case .futureLeft(let text): return ("the left side is in the past: \(text)", "write the equation for h_t")
    case .differential(let text):
      return ("\(text) is a derivative in time, which is no step", "write the step: h_t = h_{t-1} + …")
    case .unknownFunction(let name, let example):
      return ("\(name) is not a function known here", "say what the paper means by it, e.g. fn \(name)(z) = \(example)")
    case .unknownTimed(let name, let inputs):
      let names = inputs.joined(separator: ", ")
      return (
        "\(name) has a time, but no equation defines it and it is no input",
        inputs.isEmpty
          ? nil : "the inputs are \(names); if \(name) is one, name it in the header: cell Name(\(name)) -> …"
      )
    case .needsTime(let name):
      return ("\(name) is a variable, so it needs its time", "\(name)_t or \(name)_{t-1}?")
    case .twoTimes(let text): return ("\(text) has two times", nil)
    case .inputDefined(let name):
      return ("\(name) is an input, and has an equation", "take it out of the header, or rename it")
    case .label(let text): return ("\(text) cannot be part of a name", "labels are letters and digits: W_{xi}")
    case .exponent(let text): return ("the superscript \(text) cannot be read", "a label is W^{(f)}, a power h_t^2")
    case .inverse(let text):
      return ("the inverse \(text) is not read", "1 / a for a number; there is no inverse of a matrix")
    case .unreadTime(let text, let letter):
      return ("\(text) is no time that can be read", "times are \(letter), \(letter)-1, \(letter)-2, …")
    case .sameName(let one, let other, let name):
      return ("\(one) and \(other) would both be called \(name)", "rename one of them")
    case .twoMeanings(let name):
      return ("\(name) stands with a time and without, in two styles: two things of one name", "rename one of them")
    case .layerBelow(let text):
      return (
        "\(text) is of the layer below", "write it as the input, x_t: a cell is one layer, and stack puts them together"
      )
    default: return proseOfProducts
    }
  }

  private var proseOfProducts: (message: String, hint: String?) {
    switch self {
    case .missingOperand: return ("something is missing here", nil)
    case .unexpected(let text): return ("\(text) was not expected here", nil)
    case .unreadSign(let text, let hint): return ("\(text) is not read", hint)
    case .ambiguous(let text, let one, let other):
      return ("\(text) can be read in two ways", "\(one) or \(other)")
    case .starOfMatrix(let left, let right):
      return (
        "\(left) * \(right): a matrix product, an elementwise one or a convolution?",
        "\(left) \\cdot \(right) is the matrix product, \(left) \\odot \(right) the elementwise one"
      )
    case .bilinear(let text): return ("\(text) cannot be read", "put parentheses where they are meant")
    case .missingComma(let text):
      return ("\(text): joined, or multiplied?", "a comma joins, parentheses or \\odot multiply")
    case .functionAlone(let name): return ("\(name) is a function and has no argument here", nil)
    case .columnHeights(let one, let other):
      return ("a column of \(one) meets a column of \(other)", "stacked gates have a row each on both sides")
    case .columnShape: return ("only a column or a row can be read here", nil)
    case .cases: return ("a choice by cases is not read", "max(…, 0) is relu; a start is h_0 = …")
    case .columnElsewhere: return ("a column of functions belongs to stacked gates on the left", nil)
    case .columnArgument:
      return ("what the column of functions applies to is not clear", "put parentheses around it")
    default: return ("this cannot be read", nil)
    }
  }
}
