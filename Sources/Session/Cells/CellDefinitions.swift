import Algebra
import Elaboration
import Syntax

/// `cell Name(x) -> h { … }`, `cell Name(x) -> h = latex …`, `use Name`.
extension Interpreter {
  func define(_ definition: CellDefinition, _ place: Place) throws {
    let name = definition.name.name
    if name == "t" { throw SessionError.timeAssigned(definition.name.place) }
    switch definition.body {
    case .items(let items):
      let recurrence = try CellElaborator.elaborate(definition, items: items, environment: environment)
      bind(recurrence, name)
      guard options.echoesValues else { return }
      present(.cell(Cell(recurrence)), lines: recurrence.summary(width: options.width))
    case .latex(let text): try defineFromLaTeX(definition, text)
    }
  }

  private func bind(_ recurrence: Recurrence, _ name: String) {
    let cell = Cell(recurrence)
    assign(.cell(cell), to: binding(name))
    cellInUse = cell
  }

  /// What names mean outside the cell: functions are seen through, cells may be used inside.
  var environment: Environment {
    Environment(
      function: { [weak self] name in
        guard case .function(let function) = self?.value(of: name) else { return nil }
        switch function.kind {
        case .user(let user): return .defined(user.code.definition)
        case .builtin(let builtin):
          return builtin.names.first { !OperatorTable.all(named: $0).isEmpty }.map { .operation($0) }
        case .derivative: return nil
        }
      },
      cell: { [weak self] name in (try? self?.cell(named: name))?.recurrence },
      knownNames: { [weak self] in self?.cellAndFunctionNames ?? [] })
  }

  private var cellAndFunctionNames: [String] {
    let user = userNames.filter {
      switch value(of: $0) {
      case .function, .cell: true
      default: false
      }
    }
    return user + library.names
  }

  /// A cell of the session or the library.
  func cell(named name: String) throws -> Cell? {
    if let value = bindings[name]?.value {
      if case .cell(let cell) = value { return cell }
      return nil
    }
    return try library.cell(name, environment: environment)
  }

  /// The cell that symbols are to speak of: one by its name, or that of a net, with its widths.
  func cell(of expression: Expression) throws -> Cell {
    switch try evaluate(expression) {
    case .cell(let cell): return cell
    case .net(let net): return Cell(net.recurrence)
    case let other: throw SessionError.notCell(other.described, expression.place)
    }
  }

  func use(_ expression: Expression, _ place: Place) throws {
    cellInUse = try cell(of: expression)
  }

  // MARK: LaTeX

  private func defineFromLaTeX(_ definition: CellDefinition, _ expression: Expression) throws {
    let (source, range) = try latexSource(expression)
    let operators = OperatorTable.rows.flatMap { [$0.name] + $0.spellings }
    let functions = userNames.filter { if case .function = value(of: $0) { true } else { false } }
    let outcome = try LaTeXReader.read(
      source, range: range, inputs: definition.inputs.map(\.name), outputs: definition.outputs.map(\.name),
      knownFunctions: Set(operators + functions))
    let recurrence = try CellElaborator.elaborate(definition, items: outcome.items, environment: environment)
    bind(recurrence, definition.name.name)
    guard options.echoesValues else { return }
    var text = CellText(recurrence, width: options.width)
    present(.cell(Cell(recurrence)), lines: text.lines() + recurrence.parameterSummary(width: options.width))
    for decision in outcome.decisions { say("  decided: \(decision.text)") }
    for skipped in outcome.skipped { say("  left out: the derivative \(skipped.name); check judges it") }
  }

  /// Where the LaTeX stands: inside the text's own quotes, so that errors point there, or in a file.
  private func latexSource(_ expression: Expression) throws -> (Source, Range<Int>) {
    let place = expression.place
    if case .text = expression.form {
      let marks = place.text.hasPrefix("\"\"\"") ? 3 : 1
      let range = place.range
      if range.count >= 2 * marks {
        return (place.source, (range.lowerBound + marks)..<(range.upperBound - marks))
      }
    }
    guard case .text(let text) = try evaluate(expression) else {
      throw SessionError.builtin(
        "latex takes a text: latex \"\"\"…\"\"\" or latex read(\"file.tex\")", hint: nil, place)
    }
    var name = "latex"
    if case .call(_, let arguments) = expression.form, let first = arguments.first?.value,
      case .text(let path) = try evaluate(first)
    {
      name = path
    }
    let source = Source(name: name, text: text)
    return (source, 0..<source.bytes.count)
  }
}
