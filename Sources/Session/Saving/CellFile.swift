import Algebra
import Elaboration

/// A cell as the text that stands in a file: functions seen through, cells that were called opened, so that it says
/// all that the cell is.
enum CellFile {
  /// - Throws: a `SessionError` if the text would not read back as the same cell (formulas of more than 100,000
  ///   characters are not written out).
  static func text(of recurrence: Recurrence) throws -> String {
    let written = lines(recurrence)
    guard let again = try? read(written.joined(separator: "\n")), lines(again) == written else {
      throw SessionError.builtin(
        "the equations of \(recurrence.name) are too long to be written to a file", hint: nil, nil)
    }
    return written.joined(separator: "\n")
  }

  /// The cell that a text says, whatever the session calls by the names in it.
  static func read(_ text: String) throws -> Recurrence {
    try Library.read(cell: text, environment: Environment(), readsLater: true)
  }

  // MARK: The order of symbols

  /// The names of all symbols in the order in which the cell came to know them. It has no meaning, but sums over all
  /// parameters go along it, and are to be the same to the last bit.
  static func symbols(of recurrence: Recurrence) -> [String] {
    let known = Set(
      recurrence.inputs + recurrence.equations.flatMap(\.targets) + recurrence.parameters
        + recurrence.constants.keys)
    return known.sorted().map { recurrence.store[$0].name }
  }

  /// The same cell with its symbols in an order by name.
  static func ordered(_ cell: Recurrence, by names: [String]) throws -> Recurrence {
    let own = symbols(of: cell)
    guard own != names else { return cell }
    guard own.count == names.count, Set(own) == Set(names) else {
      throw NetFile.Problem("its symbols are not those of its cell")
    }
    var result = cell
    let store = Store()
    result.store = store
    var image: [SymbolID: SymbolID] = [:]
    for name in names {
      if let symbol = cell.store.symbol(named: name) { image[symbol] = store.add(cell.store[symbol]) }
    }
    func new(_ symbol: SymbolID) -> SymbolID { image[symbol] ?? symbol }
    let nodes = cell.store.rewrite(cell.equations.map(\.body) + cell.starts.map(\.value), into: store) { node in
      if case .read(let symbol, let shift) = node { store.insert(.read(new(symbol), shift: shift)) } else { nil }
    }
    func new(_ node: NodeID) -> NodeID { nodes[node] ?? node }
    result.inputs = cell.inputs.map(new)
    result.outputs = cell.outputs.map(new)
    result.equations = cell.equations.map { .init(targets: $0.targets.map(new), body: new($0.body)) }
    result.parameters = cell.parameters.map(new)
    result.constants = renamed(cell.constants, new)
    result.declaredShapes = renamed(cell.declaredShapes, new)
    result.purposes = renamed(cell.purposes, new)
    result.starts = cell.starts.map { .init(symbol: new($0.symbol), time: $0.time, value: new($0.value)) }
    result.learnedStarts = cell.learnedStarts.map(new)
    result.initials = cell.initials.map {
      .init(parameter: new($0.parameter), block: $0.block.map(new), initializer: $0.initializer)
    }
    result.shapes = try result.solvedShapes()
    return result
  }

  private static func renamed<Content>(
    _ contents: [SymbolID: Content], _ new: (SymbolID) -> SymbolID
  ) -> [SymbolID: Content] {
    contents.reduce(into: [:]) { $0[new($1.key)] = $1.value }
  }

  private static func lines(_ recurrence: Recurrence) -> [String] {
    var text = CellText(recurrence, width: 120)
    return text.lines()
  }
}
