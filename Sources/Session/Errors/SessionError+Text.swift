import Syntax
import Typography

/// The words of the errors, in one place.
extension SessionError: Explained {
  var diagnostic: Diagnostic {
    switch self {
    case .value(let problem, let place): return problem.diagnostic(place)
    case .operands(let problem, let operation, let left, let right, let place):
      return problem.diagnostic(operation.rawValue, left, right, place)
    case .comparison(let problem, let operation, let left, let right, let place):
      return problem.diagnostic(operation.rawValue, left, right, place)
    case .bracketShapes(let first, let other, let isBeside, let place):
      var diagnostic = Diagnostic(
        isBeside ? "what stands side by side has as many rows" : "rows that are stacked are as wide as each other",
        at: place)
      if let a = first.place, let b = other.place { diagnostic.marks = [(a, first.value.mark), (b, other.value.mark)] }
      return diagnostic
    case .operand(let problem, let operation, let operand):
      if case .kind = problem {
        return Diagnostic(
          "\(operation) takes numbers and tensors, and this is \(operand.value.kind)", at: operand.place)
      }
      return problem.diagnostic(operand.place)
    case .within(let error, let function, let call):
      var diagnostic = error.diagnostic
      diagnostic.marks.append((call, "where \(function) was called"))
      return diagnostic
    default:
      let (message, hint, place) = words
      return Diagnostic(message, at: place, hint: hint)
    }
  }

  private var words: (message: String, hint: String?, place: Place?) {
    nameWords ?? kindWords ?? indexWords ?? callWords ?? assignmentWords ?? statementWords ?? ("this failed", nil, nil)
  }

  private var nameWords: (String, String?, Place?)? {
    switch self {
    case .unknownName(let name, let near, let place):
      return ("\(name) is not known here", ForeignNames.hint(for: name) ?? didYouMean(near), place)
    case .unsetName(let name, let isOutside, let place):
      return isOutside
        ? (
          "\(name) is the function's own name here, and has no value yet",
          "a fn writes only its own names; what it needs of outside under that name is given as an argument", place
        )
        : ("\(name) has no value yet", nil, place)
    case .noField(let name, let owner, let has, let place):
      let near = nearNames(name, among: has)
      let list = has.isEmpty ? "it has none" : "it has " + listed(has)
      return ("\(owner) has no field \(name)", near.isEmpty ? list : didYouMean(near), place)
    case .noFields(let value, let name, let written, let isFunction, let place):
      return ("\(value.kind) has no fields", fieldHint(name, written, isFunction), place)
    default: return nil
    }
  }

  private var kindWords: (String, String?, Place?)? {
    switch self {
    case .twoReadings(let a, let b, let c, let place):
      return ("\(a) · \(b) * \(c) can be read in two ways", "\(a) · (\(b) * \(c)) or (\(a) · \(b)) * \(c)", place)
    case .notTruth(let value, let written, let place):
      return ("a condition is true or false, and this is \(value.kind)", truthHint(value, written), place)
    case .notNumber(let value, let place): return ("a number is needed here, and this is \(value.kind)", nil, place)
    case .notInBrackets(let value, let place):
      return ("[ ] holds numbers and tensors, and this is \(value.kind)", "a list of anything: (a, b)", place)
    case .notFunction(let value, let written, let argument, let place):
      return ("\(written) is \(value.kind), not a function", productHint(value, written, argument), place)
    case .notSequence(let value, let place):
      return (
        "for goes through a range, a tensor, a list, a text or a table, and this is \(value.kind)",
        value.typeName == "number" ? "for i in 1..n { … }" : nil, place
      )
    case .rangeNotWhole(let range, let place):
      return (
        "the ends of \(rangeText(range)) are not whole numbers, so it has no steps",
        "linspace(\(number(range.lower)), \(number(range.upper)), 10) gives ten numbers from end to end", place
      )
    case .badNumeral(let numeral, let place): return ("\(numeral) is not a number", nil, place)
    case .numeralTooLarge(let numeral, let place):
      return ("\(numeral) is beyond the largest number, 1.8e308", "∞ (inf) is written so", place)
    default: return nil
    }
  }

  private var indexWords: (String, String?, Place?)? {
    switch self {
    case .notIndexable(let value, let written, let place):
      return ("\(value.kind) has no parts\(written.isEmpty ? "" : ", so \(written)[…] has no meaning")", nil, place)
    case .tooManyIndices(let count, let value, let written, let place):
      let most = max(1, value.shape?.rank ?? 1)
      return ("\(written) is \(value.kind) and takes \(counted(most, "index", "indices")), not \(count)", nil, place)
    case .indexNotWhole(let index, let subject, let place):
      return ("an index is a whole number, and this is \(number(index))", roundHint(subject), place)
    case .badIndex(let value, _, let place):
      return (
        "an index is a number, a range or a vector of numbers, and this is \(value.kind)", nil, place
      )
    case .indexOutside(let position, let subject, let place):
      return (outside(position, subject), outsideHint(position, subject), place)
    case .endOutside(let place): return ("end stands for a size inside of [ ] only", nil, place)
    case .colonOutside(let place): return (": alone stands inside of [ ] only", "M[1, :] is the first row", place)
    default: return nil
    }
  }

  private var callWords: (String, String?, Place?)? {
    switch self {
    case .unknownLabel(let label, let function, let has, let place):
      let near = nearNames(label, among: has)
      let takes = has.isEmpty ? "\(function) takes no names" : "\(function) takes " + listed(has)
      return ("\(function) has no argument \(label)", near.isEmpty ? takes : didYouMean(near.map { $0 + ":" }), place)
    case .argumentTwice(let name, let place): return ("\(name) is given twice", nil, place)
    case .argumentCount(let signature, let expected, let given, let place):
      return (
        "\(signature) takes \(expected == 0 ? "no arguments" : counted(expected, "argument")), and got \(given)", nil,
        place
      )
    case .argumentMissing(let name, let signature, let place):
      return ("\(signature) needs \(name)", nil, place)
    case .tooDeep(let name, let depth, let place):
      return (
        "\(name) calls itself too deeply: \(depth) calls are open",
        "a recursion needs an end: if n == 0 { return … }", place
      )
    case .argument(let function, let needs, let value, let hint, let place):
      let hint = hint ?? (needs.contains("number") ? value.useHint : nil)
      return ("\(function) takes \(needs), and this is \(value.kind)", hint, place)
    case .builtin(let message, let hint, let place): return (message, hint, place)
    case .noDerivative(let message, let place): return (message, "f' is for functions of one number", place)
    default: return nil
    }
  }

  private var assignmentWords: (String, String?, Place?)? {
    switch self {
    case .destructuring(let value, let count, let place):
      return ("\(counted(count, "name")) on the left, and on the right \(value.kind)", nil, place)
    case .partOfUnknown(let name, let isBuiltin, let place):
      return isBuiltin
        ? ("\(name) is built in and has no parts to write", nil, place)
        : ("\(name) has no value yet, so it has no parts to write", "first the whole: \(name) = …", place)
    case .outsideFunction(let name, let place):
      return (
        "\(name) is not the function's own name",
        "a fn writes only its own names: take \(name) as an argument and return it",
        place
      )
    case .listSliceAssigned(let place): return ("of a list, one item at a time can be written", nil, place)
    case .partNotWritable(let value, let written, let place):
      return ("\(written) is \(value.kind), whose parts cannot be written", nil, place)
    case .assignedPart(let problem, let value, let valuePlace, let place):
      return partWords(problem, value, valuePlace, place)
    case .columnValue(let value, let rows, let place):
      return ("a column of this table is \(counted(rows, "number")) or texts, and this is \(value.kind)", nil, place)
    case .derivativeAssigned(let place):
      return (
        "a derivative is not a name to assign to", place.map { "to have an answer judged: check \($0.text) = …" }, place
      )
    case .timedAssigned(let place):
      return (
        "a variable at a time is not a name to assign to",
        "it is defined inside a cell: cell Name(x) -> h { … }; to have an equation judged: check", place
      )
    case .underscoreAssigned(let place): return ("_ is the last value, and cannot be assigned", nil, place)
    case .timeAssigned(let place):
      return ("t is time and cannot be assigned", "use another name; a loop may use it: for t in 1..5 { … }", place)
    case .notAssignable(let place):
      return ("only a name, a field or an indexed part can stand left of =", "to compare, write ==", place)
    case .fieldTwice(let name, let place): return ("the field \(name) is given twice", nil, place)
    case .parameterTwice(let function, let names, let place):
      return ("\(function)(\(names.joined(separator: ", "))) has an argument twice", nil, place)
    default: return nil
    }
  }

  private var statementWords: (String, String?, Place?)? {
    switch self {
    case .outsideLoop(let word, let place): return ("\(word) stands inside of a loop only", nil, place)
    case .returnOutside(let place): return ("return stands inside of a function only", nil, place)
    case .notInFunction(let place): return ("this cannot be done inside a function", "write it outside", place)
    case .assertionFailed(let text, let written, let place):
      return ("assertion failed: \(text ?? written)", nil, place)
    case .unknownSetting(let name, let near, let place):
      return ("there is no setting \(name)", didYouMean(near) ?? "there are \(listed(Settings.names))", place)
    case .badSetting(let name, let allowed, let value, let place):
      return ("\(name) is \(allowed), and this is \(value.shown)", nil, place)
    case .nothingToForget(let name, let near, let isBuiltin, let place):
      return isBuiltin
        ? ("\(name) is built in and nothing hides it", nil, place)
        : ("\(name) is not known here", didYouMean(near), place)
    case .noHelp(let name, let near, let place):
      return ("there is no help on \(name)", didYouMean(near) ?? "?\"words\" searches", place)
    case .importPath(let value, let place):
      return ("import takes the path of a file in quotes, and this is \(value.kind)", nil, place)
    case .importCycle(let chain, let place):
      return ("files import each other in a circle: " + chain.joined(separator: " → "), nil, place)
    case .file(let message, let hint, let place): return (message, hint, place)
    case .notCell(let value, let place): return ("a cell is needed here, and this is \(value.kind)", nil, place)
    case .notSymbol(let text, let place):
      return ("\(text) is symbolic, and only a variable with its time can be shown", "c[t]", place)
    case .notVariable(let name, let cell, let has, let place):
      let near = nearNames(name, among: has)
      return ("\(name) is no variable of \(cell)", didYouMean(near) ?? "it has \(listed(has))", place)
    case .noCellInUse(let text, let place):
      return ("\(text) belongs to a cell, and none is in use", "use LSTM, or define a cell", place)
    default: return nil
    }
  }
}

// MARK: Parts of sentences

func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
  count == 1 ? "1 \(noun)" : "\(count) \(plural ?? noun + "s")"
}

/// `a, b and c`; of many the first ones.
func listed(_ names: [String], most: Int = 12) -> String {
  if names.count > most { return names.prefix(most).joined(separator: ", ") + ", …" }
  guard names.count > 1, let last = names.last else { return names.first ?? "" }
  return names.dropLast().joined(separator: ", ") + " and " + last
}

func didYouMean(_ names: [String]) -> String? {
  guard let last = names.last else { return nil }
  return names.count == 1
    ? "did you mean \(last)?" : "did you mean \(names.dropLast().joined(separator: ", ")) or \(last)?"
}

private func number(_ number: Double) -> String { NumberText.significant(number) }

private func rangeText(_ range: NumberRange) -> String { "\(number(range.lower))..\(number(range.upper))" }

// MARK: Hints

/// `X.mean()`, `X.shape`, `X.T`: other languages' way to ask.
private func fieldHint(_ name: String, _ written: String, _ isFunction: Bool) -> String {
  if name == "T" { return "the transpose is \(written)ᵀ or \(written)'" }
  if let ours = ForeignNames.table[name] { return "functions are called by name: " + ours.replacingX(with: written) }
  if isFunction { return "functions are called by name: \(name)(\(written))" }
  return "the point is for fields of records, tables and nets"
}

private func truthHint(_ value: Described, _ written: String) -> String? {
  switch value.typeName {
  case "vector", "matrix", "batch": "all(…) or any(…) makes one truth of many"
  case "number": "to compare: \(written) ≠ 0"
  default: nil
  }
}

/// `U(r * h)`, `z(1 - z)`: a product needs its sign.
private func productHint(_ value: Described, _ written: String, _ argument: String) -> String? {
  guard !argument.isEmpty else { return nil }
  switch value.typeName {
  case "matrix": return "a product needs its sign: \(written) · (\(argument)) or \(written) * (\(argument))"
  case "number", "vector": return "a product needs its sign: \(written) * (\(argument))"
  default: return nil
  }
}

private func subjectWords(_ subject: IndexSubject) -> String {
  let name = subject.written.isEmpty ? "it" : subject.written
  let unit =
    switch subject.typeName {
    case "matrix": subject.axis == 0 ? ("row", "rows") : ("column", "columns")
    case "batch": [("step", "steps"), ("sequence", "sequences"), ("column", "columns")][min(subject.axis, 2)]
    case "text": ("character", "characters")
    case "table": ("row", "rows")
    case "list": ("item", "items")
    default: ("element", "elements")
    }
  return subject.size == 0 ? "\(name) has no \(unit.1)" : "\(name) has \(counted(subject.size, unit.0, unit.1))"
}

private func outside(_ position: Int, _ subject: IndexSubject) -> String {
  if position == 0 { return "indices start at 1" }
  if position < 0 { return "indices are counted from the front, so \(position) is none" }
  return "\(subjectWords(subject)), so there is no \(position)"
}

private func outsideHint(_ position: Int, _ subject: IndexSubject) -> String? {
  let written = subject.written
  guard subject.axis == 0, !written.isEmpty, subject.size > 0 else { return nil }
  if position == 0 { return "the first is \(written)[1]" }
  if position == -1 { return "the last is \(written)[end]" }
  if position < 0 { return "from the end: \(written)[end - \(-(position + 1))]" }
  return nil
}

private func roundHint(_ subject: IndexSubject) -> String? {
  subject.written.isEmpty ? nil : "round, floor and ceil make whole numbers"
}

private func partWords(
  _ problem: ValueProblem, _ value: Described, _ valuePlace: Place?, _ place: Place?
) -> (String, String?, Place?) {
  let place =
    switch problem {
    case .partNeedsNumber, .partShape, .partNeedsNumbers: valuePlace
    default: place
    }
  let diagnostic = problem.diagnostic(place)
  return (diagnostic.message, diagnostic.hint, place)
}
