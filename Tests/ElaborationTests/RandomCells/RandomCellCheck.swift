import Algebra
import Runtime
import Syntax

@testable import Elaboration

/// What a random cell must satisfy; each check answers what is wrong, or nil.
struct RandomCellCheck {
  struct Failure {
    /// The check that failed: a smaller cell counts only if it fails the same.
    var kind: String
    var detail: String
  }

  static let steps = 20
  private static let functions: [String: FunctionDefinition] = {
    let outcome = Parser.parse(Source(name: "functions", text: RandomCellText.functions), mode: .file)
    var functions: [String: FunctionDefinition] = [:]
    for statement in outcome.statements {
      if case .function(let definition) = statement.form { functions[definition.name] = definition }
    }
    return functions
  }()
  static var environment: Environment {
    Environment(function: { name in functions[name].map { .defined($0) } })
  }

  let cell: RandomCell
  let text: String

  init(_ cell: RandomCell) {
    self.cell = cell
    text = RandomCellText.text(cell)
  }

  func failure() -> Failure? {
    let recurrence: Recurrence
    do {
      recurrence = try read(text)
    } catch {
      let message = RandomCellCheck.message(error)
      return Failure(kind: "read: " + message.split(separator: "\n")[0].suffix(12), detail: message)
    }
    return printing(recurrence) ?? shapes(recurrence) ?? values(recurrence)
  }

  /// The cell as the program reads it.
  func recurrence() throws -> Recurrence { try read(text) }

  func read(_ text: String) throws -> Recurrence {
    let outcome = Parser.parse(Source(name: "test", text: text), mode: .file)
    if let problem = outcome.problem { throw problem }
    guard case .cell(let definition) = outcome.statements.first?.form, case .items(let items) = definition.body else {
      throw Failure.noCell
    }
    return try CellElaborator.elaborate(definition, items: items, environment: RandomCellCheck.environment)
  }

  static func message(_ error: any Error) -> String {
    switch error {
    case let error as Explained: DiagnosticRenderer().text(error.diagnostic)
    case Parser.Problem.failed(let diagnostic): DiagnosticRenderer().text(diagnostic)
    default: "\(error)"
    }
  }

  // MARK: Printing

  private func printing(_ recurrence: Recurrence) -> Failure? {
    var printer = CellText(recurrence)
    let printed = printer.lines().joined(separator: "\n")
    let again: Recurrence
    do {
      again = try read(printed)
    } catch {
      return Failure(kind: "printed text reads", detail: printed + "\n" + RandomCellCheck.message(error))
    }
    var second = CellText(again)
    let reprinted = second.lines().joined(separator: "\n")
    if reprinted != printed { return Failure(kind: "printed text is stable", detail: printed + "\n\n" + reprinted) }
    let (first, other) = (RecurrenceDump.text(recurrence), RecurrenceDump.text(again))
    guard first != other else { return nil }
    let lines = zip(first.split(separator: "\n"), other.split(separator: "\n")).first { $0.0 != $0.1 }
    return Failure(
      kind: "printed text has the same structure",
      detail: printed + "\n" + (lines.map { "\($0.0)\n\($0.1)" } ?? "\(first)\n\n\(other)"))
  }

  // MARK: Shapes

  /// The inferred shapes, in the widths of the construction, must be those of the construction.
  private func shapes(_ recurrence: Recurrence) -> Failure? {
    let inferred = recurrence.shapes
    for index in cell.symbols.indices {
      guard let symbol = recurrence.store.symbol(named: cell.symbols[index].name) else { continue }
      guard let shape = inferred.symbols[symbol] else {
        return Failure(kind: "shapes", detail: "\(cell.symbols[index].name) has none")
      }
      let forms = shape.dimensions.map { dimension in
        dimension.terms.reduce(FormOfWidths(constant: dimension.constant)) { sum, term in
          sum + width(named: inferred.name(term.width)).times(term.coefficient)
        }
      }
      if forms != cell.symbols[index].shape.forms {
        return Failure(
          kind: "shapes",
          detail: "\(cell.symbols[index].name) is \(inferred.text(shape)), should be \(cell.symbols[index].shape.forms)"
        )
      }
    }
    return nil
  }

  private func width(named name: String) -> FormOfWidths {
    if let symbol = cell.symbols.first(where: { $0.name == name }), case .vector(let width) = symbol.shape {
      return width
    }
    return FormOfWidths(name)
  }

  // MARK: Values

  private func values(_ recurrence: Recurrence) -> Failure? {
    var chance = Chance(cell.spellingSeed &+ 1)
    var parameters: [Int: RandomCellEvaluation.Value] = [:]
    for index in cell.symbols.indices where cell.symbols[index].role == .parameter || cell.learned.contains(index) {
      var value = RandomCellEvaluation.zero(cell.symbols[index].shape, cell.widths)
      let bound = value.rank == 2 ? 0.8 / Double(value.columns).squareRoot() : 0.7
      for position in value.numbers.indices { value.numbers[position] = chance.uniform(-bound, bound) }
      parameters[index] = value
    }
    var sequences: [[Int: [[Double]]]] = []
    for _ in 0..<2 {
      var inputs: [Int: [[Double]]] = [:]
      for input in cell.inputs {
        let width = RandomCellEvaluation.zero(cell.symbols[input].shape, cell.widths).rows
        inputs[input] = (0..<RandomCellCheck.steps).map { _ in (0..<width).map { _ in chance.uniform(-1, 1) } }
      }
      sequences.append(inputs)
    }
    do {
      let open = recurrence.shapes.openWidths
      let net = try Net(
        recurrence, widths: open.map { (name: $0, value: width(named: $0).number(cell.widths)) }, type: .float64)
      for (index, value) in parameters {
        guard let symbol = recurrence.store.symbol(named: cell.symbols[index].name) else { continue }
        net.setParameter(symbol, value.numbers)
      }
      var expected: [[Int: [RandomCellEvaluation.Value]]] = []
      for inputs in sequences {
        var evaluation = RandomCellEvaluation(cell, widths: cell.widths, parameters: parameters, inputs: inputs)
        expected.append(try evaluation.run(steps: RandomCellCheck.steps))
      }
      return try compare(net, recurrence, sequences, expected)
    } catch {
      return Failure(kind: "runs", detail: RandomCellCheck.message(error))
    }
  }

  private func compare(
    _ net: Net, _ recurrence: Recurrence, _ sequences: [[Int: [[Double]]]],
    _ expected: [[Int: [RandomCellEvaluation.Value]]]
  ) throws -> Failure? {
    func symbol(_ index: Int) -> SymbolID? { recurrence.store.symbol(named: cell.symbols[index].name) }
    func track(_ net: Net) throws -> [SymbolID: [Double]] {
      try recurrence.variables.reduce(into: [:]) { $0[$1] = try net.values($1, times: 1...RandomCellCheck.steps) }
    }
    func inputs(_ steps: Range<Int>, _ batch: Range<Int>) -> [SymbolID: [Double]] {
      cell.inputs.reduce(into: [:]) { result, input in
        guard let symbol = symbol(input) else { return }
        result[symbol] = steps.flatMap { step in batch.flatMap { sequences[$0][input]?[step] ?? [] } }
      }
    }
    let steps = RandomCellCheck.steps
    // A batch of two at once.
    let whole = net.copy()
    _ = try whole.feed(inputs(0..<steps, 0..<2), steps: steps, batch: 2)
    let values = try track(whole)
    // Step by step, in pieces, and one sequence alone: the same bits.
    let stepwise = net.copy()
    for step in 0..<steps { _ = try stepwise.feed(inputs(step..<step + 1, 0..<2), steps: 1, batch: 2) }
    if try track(stepwise) != values, !hasNaN(values) { return Failure(kind: "step by step", detail: "") }
    let single = net.copy()
    _ = try single.feed(inputs(0..<steps, 1..<2), steps: steps, batch: 1)
    let alone = try track(single)
    for index in cell.variables {
      guard let symbol = symbol(index), let got = values[symbol] else {
        return Failure(kind: "track", detail: cell.symbols[index].name)
      }
      let count = net.count(symbol)
      for time in 0..<steps {
        for sequence in 0..<2 {
          let found = got[(time * 2 + sequence) * count..<(time * 2 + sequence + 1) * count]
          guard let wanted = expected[sequence][index]?[time].numbers, wanted.count == count else {
            return Failure(kind: "track", detail: cell.symbols[index].name)
          }
          if sequence == 1, let other = alone[symbol], !found.elementsEqual(other[time * count..<(time + 1) * count]),
            !wanted.contains(where: \.isNaN)
          {
            return Failure(kind: "batch", detail: "\(cell.symbols[index].name)[\(time + 1)]")
          }
          for (a, b) in zip(found, wanted) where !(abs(a - b) <= 1e-12 * max(1, abs(b))) && !(a.isNaN && b.isNaN) {
            return Failure(
              kind: "values",
              detail: "\(cell.symbols[index].name)[\(time + 1)] is \(a), should be \(b) (sequence \(sequence + 1))")
          }
        }
      }
    }
    return nil
  }

  private func hasNaN(_ values: [SymbolID: [Double]]) -> Bool { values.values.contains { $0.contains(where: \.isNaN) } }
}

extension RandomCellCheck.Failure {
  static var noCell: any Error { NoCell() }
  private struct NoCell: Error {}
}
