import Algebra
import Figures
import Typography

/// Values as parts of a document.
extension Interpreter {
  /// Columns of what stands in a document as it is printed.
  private static let documentWidth = 80
  /// Columns of what can be broken anywhere: a phone has room for them.
  private static let narrowWidth = 46
  /// A table in a document is cut to so many rows, in the way that the terminal cuts it.
  private static let mostRows = 100

  func blocks(of value: Value) -> [Handout.Block] {
    var display = Display(width: Self.documentWidth)
    display.notation = settings.notation
    let printed = { Handout.Block.output(display.lines(value)) }
    switch value {
    case .derivation(let derivation):
      let notes = derivation.notes(settings.notation)
      return formula(value, display) + (notes.isEmpty ? [] : [.output(notes)])
    case .cell(let cell): return blocks(of: cell, display)
    case .formula(let formula) where formula.equation != nil: return self.formula(value, display)
    case .figure(.experiment(let experiment)):
      return [.table(Self.table(experiment.shown, digits: display.digits)), figure(experiment.picture)]
    case .figure(let drawn) where drawn.drawn != nil: return drawn.drawn.map { [figure($0)] } ?? []
    case .figure(.product(let product)):
      let lines = product.lines(width: Self.documentWidth, settings.notation)
      return [.output(lines.filter { !$0.hasPrefix("    ") })] + formula(value, display)
    case .figure(.steps), .figure(.paths):
      let blocks = formula(value, display)
      return blocks.isEmpty ? [printed()] : blocks
    case .table(let table) where table.rowCount <= Self.mostRows && !table.headings.isEmpty:
      return [.table(Self.table(table, digits: display.digits))]
    default: return [printed()]
    }
  }

  private func figure(_ picture: some Picture) -> Handout.Block {
    .figure(picture.drawing(), lines: picture.lines(width: Self.documentWidth, ink: .blocks))
  }

  private func formula(_ value: Value, _ display: Display) -> [Handout.Block] {
    guard let sheet = try? sheet(of: value) else { return [.output(display.lines(value))] }
    return [.formula(.init(mathml: sheet.mathml(), latex: sheet.latex(), text: sheet.text(width: display.width)))]
  }

  /// A cell: its equations, what they are for, its parameters.
  private func blocks(of cell: Cell, _ display: Display) -> [Handout.Block] {
    let recurrence = cell.recurrence
    var blocks = formula(.cell(cell), display)
    var captions = recurrence.equations.flatMap(\.targets).compactMap { target -> Handout.Caption? in
      let name = recurrence.store[target].name
      return recurrence.purposes[target].map { Handout.Caption(name: "\(name)[t]", text: $0) }
    }
    if let purpose = recurrence.purpose { captions.insert(Handout.Caption(name: cell.name, text: purpose), at: 0) }
    if !captions.isEmpty { blocks.append(.captions(captions)) }
    let parameters = recurrence.parameterSummary(width: Self.narrowWidth)
    if !parameters.isEmpty { blocks.append(.output(parameters)) }
    return blocks
  }

  private static func table(_ table: Table, digits: Int) -> Handout.Table {
    let columns = table.columns.map { column -> [String] in
      switch column {
      case .numbers(let numbers): numbers.map { NumberText.significant($0, digits: digits) }
      case .texts(let texts): texts
      }
    }
    let isNumeric = table.columns.map { if case .numbers = $0 { true } else { false } }
    let rows = (0..<table.rowCount).map { row in columns.map { $0.indices.contains(row) ? $0[row] : "" } }
    return Handout.Table(headings: table.headings, isNumeric: isNumeric, rows: rows)
  }
}
