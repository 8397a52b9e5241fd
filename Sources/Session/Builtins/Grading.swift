import Algebra
import Elaboration
import Syntax

/// Answers that are texts: of a file, of a list, typed.
extension BuiltinTable {
  static let grading: [Builtin] = [
    Builtin(
      "grade", theme: .cells, "grade(claim, answer)",
      "judges an answer, a text, as check does, and prints nothing: a record with right, verdict (\"right\", \"wrong\", \"unclear\", \"unreadable\"), condition, mistakes, missing and text; the claim is a derivative, an equation or a text",
      example: "use linear; grade(∂y[t]/∂x[t], \"b\").verdict", "\"unreadable\"", .general { call in try grade(&call) })
  ]

  private static func grade(_ call: inout Call) throws -> Value {
    let interpreter = call.interpreter
    let claim: Expression
    let cell: Cell?
    switch call.values[0] {
    case .derivation, .formula: (claim, cell) = try interpreter.claim(of: call.values[0], call.places[0])
    case .text(let text): (claim, cell) = (try interpreter.symbolic(text: text, nil), nil)
    default:
      throw call.wrong(
        0, needs: "a derivative, an equation or a text", hint: "grade(∂c[t]/∂c[t-1], \"f[t] + ...\")")
    }
    let record = try interpreter.grade(Source(name: "answer", text: try call.text(1)), as: claim, in: cell)
    do { return try record.value() } catch { throw SessionError.value(error, call.place) }
  }
}

extension Interpreter {
  /// What an answer is judged by, as it would be written, with its cell: of a derivative or an equation.
  func claim(of value: Value, _ place: Place?) throws -> (Expression, Cell?) {
    if case .derivation(let asked) = value { return (try claim(asked, place), Cell(asked.derivation.recurrence)) }
    guard case .formula(let formula) = value, let equation = formula.equation, equation.targets.count == 1,
      let target = equation.targets.first
    else {
      throw SessionError.builtin(
        "\(display.oneLine(value, width: 60)): there is no equation to be judged by", hint: nil, place)
    }
    let name = TextNotation.read(equation.recurrence.store[target], shift: equation.shift)
    return (try symbolic(text: name, place), Cell(equation.recurrence))
  }

  /// What a derivative is of, as it would be written.
  func claim(_ value: DerivationValue, _ place: Place?) throws -> Expression {
    var notation = TextNotation(value.derivation.recurrence.store)
    return try symbolic(text: StateProduct.leftSide(value.derivation, &notation), place)
  }

  /// An expression that speaks of a cell.
  fileprivate func symbolic(text: String, _ place: Place?) throws -> Expression {
    switch Parser.expression(Source(name: "claim", text: text), isSymbolic: true) {
    case .success(let expression): return expression
    case .failure(.failed(let diagnostic)): throw diagnostic
    case .failure(.incomplete(let expecting, _)):
      throw SessionError.builtin("the claim ends too early: expecting \(expecting)", hint: nil, place)
    }
  }

  /// What is wrong with the answer is said in the record; what is wrong with the claim is an error.
  func grade(_ source: Source, as claim: Expression, in cell: Cell?) throws -> VerdictRecord {
    func unreadable(_ diagnostic: Diagnostic) -> VerdictRecord {
      VerdictRecord(unreadable: diagnostic, width: options.width, isASCII: options.isASCII)
    }
    let answer: Expression
    switch Parser.expression(source, isSymbolic: true) {
    case .success(let expression): answer = expression
    case .failure(.failed(let diagnostic)): return unreadable(diagnostic)
    case .failure(.incomplete(let expecting, let opened)):
      return unreadable(Diagnostic("the answer ends too early: expecting \(expecting)", at: opened))
    }
    let verdicts: [Verdict]
    do {
      verdicts = try self.verdicts(claim, [answer], of: cell ?? cellInUse)
    } catch let error as any Explained {
      guard error.diagnostic.place?.source === source else { throw error }
      return unreadable(error.diagnostic)
    }
    return record(of: verdicts)
  }

  func record(of verdicts: [Verdict]) -> VerdictRecord {
    var lines: [String] = []
    for (position, verdict) in verdicts.enumerated() {
      var text = VerdictText(verdict, width: options.width, isASCII: options.isASCII)
      text.label = verdicts.count > 1 ? "\(position + 1): " : ""
      lines += text.lines()
    }
    return VerdictRecord(verdicts, lines: lines, width: options.width, isASCII: options.isASCII)
  }
}
