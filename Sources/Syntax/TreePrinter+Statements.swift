import Typography

/// Statements and cells, a line each, blocks indented by two.
extension TreePrinter {
  public func text(_ statements: [Statement]) -> String { lines(statements, "") }

  public func text(_ statement: Statement) -> String { form(statement, "") }

  /// A line each; but a statement that begins with a sign would continue the line before, so it stands on that line.
  private func lines(_ statements: [Statement], _ indent: String) -> String {
    var result = ""
    var mayBeContinued = false
    for statement in statements {
      let text = form(statement, indent)
      if mayBeContinued, text.hasPrefix(indent + "-") || text.hasPrefix(indent + "+") {
        result.removeLast()
        result += "; " + text.dropFirst(indent.count)
      } else {
        result += text
      }
      result += "\n"
      mayBeContinued = !statement.isQuiet
    }
    return result
  }

  private func form(_ statement: Statement, _ indent: String) -> String {
    indent + form(statement.form, indent) + (statement.isQuiet ? ";" : "")
  }

  private func form(_ form: StatementForm, _ indent: String) -> String {
    switch form {
    case .expression(let expression): return text(expression)
    case .assignment(let target, let value): return text(target) + " = " + text(value)
    case .function(let function): return self.function(function, indent)
    case .conditional(let branches, let otherwise):
      let first = branches.map { "if " + text($0.condition) + " " + block($0.body, indent) }.joined(separator: " else ")
      return first + (otherwise.map { " else " + block($0, indent) } ?? "")
    case .forLoop(let target, let values, let body):
      return "for " + text(target) + " in " + text(values, .or) + " " + block(body, indent)
    case .whileLoop(let condition, let body): return "while " + text(condition) + " " + block(body, indent)
    case .break: return "break"
    case .continue: return "continue"
    case .return(let value): return "return" + (value.map { " " + text($0) } ?? "")
    case .import(let file): return "import " + text(file)
    case .assertion(let condition, let message):
      return "assert " + text(condition) + (message.map { ", " + text($0) } ?? "")
    case .use(let cell): return "use " + text(cell)
    case .set(let name, let value): return "set " + self.name(name) + " " + text(value)
    case .check(let claim, let answers): return "check " + ([claim] + answers).map { text($0) }.joined(separator: " = ")
    case .cell(let cell): return text(cell, indent)
    case .command(let name, let argument): return name + (argument.map { " " + text($0) } ?? "")
    }
  }

  private func block(_ statements: [Statement], _ indent: String) -> String {
    if statements.isEmpty { return "{ }" }
    return "{\n" + lines(statements, indent + "  ") + indent + "}"
  }

  private func function(_ function: FunctionDefinition, _ indent: String) -> String {
    let head = "fn " + name(function.name) + "(" + function.parameters.map(name).joined(separator: ", ") + ") "
    switch function.body {
    case .expression(let value): return head + "= " + text(value)
    case .block(let statements): return head + block(statements, indent)
    }
  }

  // MARK: Cells

  public func text(_ cell: CellDefinition) -> String { text(cell, "") }

  private func text(_ cell: CellDefinition, _ indent: String) -> String {
    func list(_ names: [Identifier]) -> String { names.map { name($0.name) }.joined(separator: ", ") }
    var head = (cell.isReversed ? "reversed cell " : "cell ") + name(cell.name.name) + "(" + list(cell.inputs) + ") "
    if !cell.outputs.isEmpty { head += "-> " + list(cell.outputs) + " " }
    switch cell.body {
    case .latex(let text):
      if case .text(let pieces) = text.form, pieces.count == 1, case .literal(let literal) = pieces[0],
        let raw = raw(literal)
      {
        return head + "= latex " + raw
      }
      return head + "= latex " + self.text(text)
    case .items(let items): return head + "{\n" + body(items, indent + "  ") + indent + "}"
    }
  }

  /// The equations, their purposes in a column if they fit.
  private func body(_ items: [CellItem], _ indent: String) -> String {
    let equations = items.map { item -> String in
      if case .equation(let target, let body, _) = item.form { return text(target) + " = " + text(body, .or) }
      return ""
    }
    let widths = zip(items, equations).map { $0.0.hasPurpose ? $0.1.displayWidth : 0 }
    let column = widths.filter { $0 <= 48 }.max() ?? 0
    var result = ""
    for (item, equation) in zip(items, equations) {
      result += indent
      if case .equation(_, _, let purpose) = item.form {
        let blank = String(repeating: " ", count: max(column - equation.displayWidth, 0) + 1)
        result += equation + (purpose.map { blank + quoted($0) } ?? "")
      } else {
        result += text(item)
      }
      result += "\n"
    }
    return result
  }

  private func text(_ item: CellItem) -> String {
    switch item.form {
    case .purpose(let purpose): return quoted(purpose)
    case .equation(let target, let body, _): return text(target) + " = " + text(body, .or)
    case .parameter(let parameter, let dimensions):
      let times = isASCII ? " x " : " × "
      return "param " + name(parameter.name) + ": " + dimensions.map { text($0, .sum) }.joined(separator: times)
    case .input(let input, let dimensions):
      let times = isASCII ? " x " : " × "
      return "input " + name(input.name) + ": " + dimensions.map { text($0, .sum) }.joined(separator: times)
    case .constant(let constant, let value): return "const " + name(constant.name) + " = " + text(value, .or)
    case .initial(let target, let value): return "init " + text(target) + " = " + text(value, .or)
    case .learn(let target): return "learn " + text(target)
    }
  }
}

extension CellItem {
  fileprivate var hasPurpose: Bool {
    if case .equation(_, _, .some) = form { return true }
    return false
  }
}
