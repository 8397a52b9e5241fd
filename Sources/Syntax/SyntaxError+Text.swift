import Typography

/// The prose of every error of this room.
extension SyntaxError {
  public var diagnostic: Diagnostic {
    if case .foreign(let name, let pieces) = fact {
      var diagnostic = ForeignHabits[name].diagnostic(at: place, pieces)
      diagnostic.marks = marks
      return diagnostic
    }
    let (message, hint) = prose
    return Diagnostic(message, at: place, hint: hint, marks: marks)
  }

  private var prose: (message: String, hint: String?) {
    switch fact {
    case .unknownCharacter, .unknownGlyph, .accentAlone, .badSubscript, .badSuperscript, .timeNotLast, .ellipsis,
      .reservedWord, .numberPoint, .numberPoints, .numberGroups, .numberBase:
      return wordProse
    case .textUnclosed, .rawTextUnclosed, .unknownEscape, .textBraceUnclosed, .textsTooDeep, .emptyInterpolation:
      return textProse
    case .tooDeep, .unclosed, .mismatched, .unopened, .incomplete, .operandMissing, .unexpected,
      .lineBeginsWithOperator, .elseAlone, .notUnderOperator, .minusInBrackets, .endOutsideIndex, .labelOutside,
      .emptyIndex, .rowsInIndex, .commaOutside, .statementsTogether:
      return structureProse
    case .notAssignable, .callAssigned, .tupleNeedsParentheses, .timeAssigned, .returnOutside, .loopWordOutside,
      .duplicateName, .derivativeRedefined, .emptyBlockValue, .misspelt:
      return statementProse
    default:
      return cellProse
    }
  }

  private var wordProse: (String, String?) {
    switch fact {
    case .unknownCharacter(let scalar):
      return ("\(Self.name(of: scalar)) has no meaning here", Self.instead[scalar])
    case .unknownGlyph(let name):
      if name.isEmpty { return ("a backslash stands before the name of a symbol, as in \\sigma", nil) }
      let near = nearNames(name, among: Glyphs.table.filter { $0.role != .ornament }.map(\.name))
      if let best = near.first, let glyph = Glyphs.named(best) {
        return ("there is no symbol \\\(name)", "\\\(best) is \(glyph.text)")
      }
      return (
        "there is no symbol \\\(name)",
        "functions have no backslash: \(name)(...); LaTeX stands in a text: cell Name(x) -> h = latex \"\"\" ... \"\"\""
      )
    case .accentAlone: return ("an accent stands directly after the letter that it belongs to", "x\\hat is x̂")
    case .badSubscript:
      return ("a subscript in braces is one name, or a time such as t-1", "W_{xi} is W_xi, h_{t-1} is h[t-1]")
    case .badSuperscript: return ("a raised exponent is a whole number or one letter", "x², x⁻¹, xⁿ; else x^(...)")
    case .timeNotLast: return ("the time comes last in a name", "W_{xi} has no time; h_1 at t-1 is h_1[t-1]")
    case .ellipsis: return ("a range has two points", "1..5")
    case .reservedWord(let word):
      return ("\(word) is a word of the language and cannot be a name here", "\(word)_1 is a name")
    case .numberPoint(let digits): return ("a digit is missing after the point", "\(digits).0 or \(digits)")
    case .numberPoints: return ("a number has one point", nil)
    case .numberGroups: return ("digits are written without _ between them", nil)
    case .numberBase(let numeral):
      let value = Int(numeral.dropFirst(2), radix: 16)
      return ("numbers are decimal", value.map { "\(numeral) is \($0)" })
    default: return ("this cannot be read", nil)
    }
  }

  private var textProse: (String, String?) {
    switch fact {
    case .textUnclosed:
      return (
        "this text has no closing quote on its line",
        "several lines stand between \"\"\" and \"\"\"; a line break is \\n"
      )
    case .rawTextUnclosed: return ("this text has no closing \"\"\"", nil)
    case .unknownEscape(let escape):
      return (
        "\(escape) is no escape of a text",
        "\\n \\t \\\" \\\\ \\{ are; between \"\"\" and \"\"\" a backslash is a backslash"
      )
    case .textBraceUnclosed:
      return ("this { has no } in its text", "{expression} shows a value; a brace itself is \\{")
    case .textsTooDeep: return ("texts stand inside texts more than 20 deep", "give parts of it names")
    default: return ("there is no expression between these braces", "{expression} shows a value; a brace itself is \\{")
    }
  }

  private var structureProse: (String, String?) {
    switch fact {
    case .tooDeep(let limit):
      return (
        "this is nested more than \(limit) levels deep", "give parts of it names; long sums go into a vector: sum(...)"
      )
    case .unclosed(let opener): return ("this \(opener) is never closed", nil)
    case .mismatched(let opener, let closer): return ("\(closer) does not close \(opener)", nil)
    case .unopened(let closer): return ("\(closer) closes nothing", nil)
    case .incomplete(let expecting): return ("the text ends here, expecting \(expecting)", nil)
    case .operandMissing(let before?, nil): return ("something is missing before \(before)", nil)
    case .operandMissing(nil, let after?): return ("something is missing after \(after)", nil)
    case .operandMissing(let before?, let after?): return ("something is missing between \(after) and \(before)", nil)
    case .operandMissing: return ("an expression is missing here", nil)
    case .unexpected(let found, let expecting?): return ("expecting \(expecting), not \(found)", nil)
    case .unexpected(let found, nil): return ("\(found) cannot stand here", nil)
    case .lineBeginsWithOperator(let mark):
      return (
        "a line at the prompt cannot begin with \(mark): the line before was complete",
        "end the line before with \(mark), or put the whole in parentheses"
      )
    case .elseAlone: return ("else follows the } of its if on the same line", "if a { b } else { c }")
    case .notUnderOperator(let mark): return ("not after \(mark) needs parentheses", "\(mark) (not ...)")
    case .minusInBrackets(let left, let right):
      return (
        "\(left) -\(right) can be read in two ways", "[\(left) - \(right)] is one element, [\(left), -\(right)] are two"
      )
    case .endOutsideIndex: return ("end stands only in an index", "x[end] is the last element; blocks end with }")
    case .labelOutside(let name):
      return ("\(name): ... stands only in a call or a record", "\(name) = ... assigns")
    case .commaOutside:
      return ("a comma separates things in brackets", "(a, b) is a tuple; statements on one line are separated by ;")
    case .statementsTogether:
      return ("two statements stand on one line", "separate them by ; or begin a new line")
    case .emptyIndex: return ("an index is missing between the brackets", "x[1], x[2..4], x[end], M[1, :]")
    default: return ("indices are separated by commas", "M[1, 2]")
    }
  }

  private var statementProse: (String, String?) {
    switch fact {
    case .notAssignable(let what):
      return (
        "\(what) cannot be assigned to", "names, fields and elements can: a = ..., r.b = ..., x[2] = ...; equal: =="
      )
    case .callAssigned(let text): return ("a call cannot be assigned to", "to define a function: fn \(text) = ...")
    case .tupleNeedsParentheses(let names): return ("several names stand in parentheses", "(\(names)) = ...")
    case .timeAssigned:
      return ("t is time and cannot be assigned", "use another name; a loop may use it: for t in 1..5 { … }")
    case .returnOutside: return ("return stands only in a function", nil)
    case .loopWordOutside(let word): return ("\(word) stands only in a loop", nil)
    case .duplicateName(let name, let what): return ("\(name) stands twice among the \(what)", nil)
    case .derivativeRedefined:
      return ("D is the derivative, as in D(y, x)", "give the function another name")
    case .misspelt(let word, let near):
      return (
        "\(word) begins no statement",
        "did you mean \(near.joined(separator: " or "))? else an operator is missing behind \(word)"
      )
    default: return ("an if that is a value has one expression in each brace", "if a { b } else { c }")
    }
  }

  private var cellProse: (String, String?) {
    switch fact {
    case .notAnEquation(let found):
      return (
        "a cell holds equations, and \(found) is none",
        "h[t] = ..., A = ..., param, const, init, learn, or a text that says what a variable is for"
      )
    case .comparisonAsEquation: return ("an equation has one =", nil)
    case .badEquationTarget(let what):
      return (
        "an equation cannot define \(what)", "v[t] = ..., A = ... for a parameter, [a[t], b[t]] = ... for a split"
      )
    case .purposeWithoutEquation:
      return ("a text says what an equation is for, and stands after it", "elsewhere write a comment: # ...")
    case .secondPurpose: return ("this equation has its text already", nil)
    case .cellAssigned(let name):
      return ("a cell has its inputs in parentheses", "cell \(name)(x) -> h { ... }, or \(name) = stack(...)")
    case .timeInHeader(let name): return ("inputs and outputs are named without a time", name)
    case .timeMinusNumber(let name, let sign, let number):
      let variable = TimedName.split(name) ?? name
      let word = sign == "-" ? "minus" : "plus"
      let (reading, difference) = sign == "-" ? ("earlier", "difference") : ("later", "sum")
      return (
        "\(name)\(sign)\(number) is \(variable)[t] \(word) \(number)",
        "the \(reading) state is \(variable)[t\(sign)\(number)] or \(variable)_{t\(sign)\(number)};"
          + " for the \(difference) write \(name) \(sign) \(number)"
      )
    case .derivativeUnfinished: return ("a derivative has two ∂", "∂y/∂x, or ∂/∂x (...)")
    case .derivativeOrder:
      return ("a higher derivative has the same order above and below", "∂²y/∂x² is ∂/∂x (∂y/∂x)")
    case .derivativePostfix(let text): return ("this needs the derivative in parentheses", "(\(text)")
    case .ambiguousProduct(let text, let readings):
      return ("\(text) can be read in two ways", readings.joined(separator: " or "))
    default: return ("this cannot stand here", nil)
    }
  }

  /// Marks of mathematics that are no operators here.
  private static let instead: [Unicode.Scalar: String] = [
    "∑": "sum(...), and in a reversed cell total(...)", "∏": "prod(...)", "⊕": "a + b", "±": "a + b or a - b",
    "∇": "∂y/∂x, D(y, x), or backward(LSTM)", "‖": "norm(...)", "°": "angles are in radians",
  ]

  private static func name(of scalar: Unicode.Scalar) -> String {
    let code = String(scalar.value, radix: 16, uppercase: true)
    let number = "U+" + String(repeating: "0", count: max(0, 4 - code.count)) + code
    let isSeen = scalar.displayWidth > 0 && !scalar.properties.isWhitespace
    return isSeen ? "\(scalar) (\(number))" : "the character \(number)"
  }
}
