/// A cell whose widths are all 1, as equations between numbers: `W_f · [h[t-1], x[t]]` becomes
/// `W_f[h] * h[t-1] + W_f[x] * x[t]`, and `W_f[h]` is a parameter of its own.
///
/// Derivatives of its derivatives have no indices, so they are taken as all others are, by the same rules.
struct NumberCell {
  private let cell: Recurrence
  private var result: Recurrence
  private var symbols: [SymbolID: Grid<SymbolID>] = [:]
  private var known: [NodeID: Grid<NodeID>] = [:]

  /// - Throws: `DerivativeFailure.wide` if a variable or input is no number, `noDerivative` for operations on
  ///   whole vectors that do not come down to numbers.
  static func make(_ cell: Recurrence) throws -> Recurrence {
    var maker = NumberCell(cell)
    try maker.addSymbols()
    try maker.addEquations()
    maker.result.shapes = try maker.result.solvedShapes()
    return maker.result
  }

  private init(_ cell: Recurrence) {
    self.cell = cell
    result = Recurrence(name: cell.name)
    result.isReversed = cell.isReversed
  }

  private var store: Store { result.store }

  // MARK: Symbols

  private var wide: DerivativeFailure {
    let names = cell.shapes.openWidths + cell.widths.map(\.name)
    return .wide(widths: names.sorted { $0 == "x" && $1 != "x" }, cell: cell.name)
  }

  private func sides(_ shape: Shape?) throws -> (rows: Int, columns: Int) {
    let sides = (shape?.dimensions ?? []).map(\.number)
    guard sides.allSatisfy({ $0 != nil }) else { throw wide }
    return ((sides.first ?? 1) ?? 1, sides.count > 1 ? sides[1] ?? 1 : 1)
  }

  private mutating func addSymbols() throws {
    for symbol in cell.inputs + cell.variables {
      let name = cell.store[symbol].name
      guard try sides(cell.shapes.symbols[symbol]) == (1, 1) else { throw wide }
      let number = add(name, cell.store[symbol].kind)
      symbols[symbol] = Grid(number)
      if cell.inputs.contains(symbol) { result.inputs.append(number) }
      if cell.outputs.contains(symbol) { result.outputs.append(number) }
    }
    let derived = cell.equations.flatMap(\.targets).filter { cell.store[$0].kind == .derivedParameter }
    for symbol in cell.parameters + derived + cell.constants.keys.sorted() {
      let kind = cell.store[symbol].kind
      let (rows, columns) = try sides(cell.shapes.symbols[symbol])
      let names = entryNames(symbol, rows: rows, columns: columns)
      var numbers: [SymbolID] = []
      for (position, name) in names.enumerated() {
        let number = add(name, kind)
        numbers.append(number)
        if kind == .parameter { result.parameters.append(number) }
        if let value = cell.constants[symbol] { result.constants[number] = value }
        result.entries[number] = Recurrence.Entry(
          parameter: cell.store[symbol].name, row: position / columns, column: position % columns)
      }
      symbols[symbol] = Grid(rows: rows, columns: columns, values: numbers)
    }
  }

  private mutating func add(_ name: String, _ kind: Symbol.Kind) -> SymbolID {
    let symbol = store.add(Symbol(name: name, kind: kind))
    result.declaredShapes[symbol] = DeclaredShape(sides: [DeclaredShape.Side(constant: 1, terms: [])])
    return symbol
  }

  /// `W_f[h]`, `W_f[x]` by what the columns multiply; by row and column where that says too little.
  private func entryNames(_ symbol: SymbolID, rows: Int, columns: Int) -> [String] {
    let name = cell.store[symbol].name
    if rows * columns == 1 { return [name] }
    if rows == 1, let parts = multiplied(by: symbol), parts.count == columns, Set(parts).count == columns {
      return parts.map { "\(name)[\($0)]" }
    }
    return (0..<rows * columns).map { position in
      columns == 1 ? "\(name)[\(position + 1)]" : "\(name)[\(position / columns + 1), \(position % columns + 1)]"
    }
  }

  /// The names of the parts of the vector that a parameter multiplies.
  private func multiplied(by symbol: SymbolID) -> [String]? {
    let matrix = cell.store.insert(.read(symbol, shift: 0))
    var notation = TextNotation(cell.store)
    for id in cell.store.closure(of: cell.equations.map(\.body)) {
      guard case .matrixProduct(matrix, let whole) = cell.store[id], case .concatenate(let parts) = cell.store[whole]
      else { continue }
      _ = notation.text(whole)
      return parts.map { notation.blockName($0, of: whole) }
    }
    return nil
  }

  // MARK: Equations

  private mutating func addEquations() throws {
    for equation in cell.equations {
      let body = try grid(equation.body).values
      let targets = equation.targets.flatMap { symbols[$0]?.values ?? [] }
      for (position, target) in targets.enumerated() where !body.isEmpty {
        let number = body[min(position, body.count - 1)]
        result.equations.append(Recurrence.Equation(targets: [target], body: number))
      }
    }
    for start in cell.starts {
      guard let symbol = symbols[start.symbol]?.values.first, let value = try grid(start.value).values.first else {
        continue
      }
      result.starts.append(Recurrence.Start(symbol: symbol, time: start.time, value: value))
    }
    result.learnedStarts = cell.learnedStarts.compactMap { symbols[$0]?.values.first }
  }

  /// An expression entry by entry.
  private mutating func grid(_ root: NodeID) throws -> Grid<NodeID> {
    for id in cell.store.closure(of: [root]) where known[id] == nil { known[id] = try entries(of: id) }
    return of(root)
  }

  private func of(_ id: NodeID) -> Grid<NodeID> { known[id] ?? Grid(number(0)) }

  private func number(_ value: Int) -> NodeID { store.insert(.number(Decimal(value))) }

  private func entries(of id: NodeID) throws -> Grid<NodeID> {
    switch cell.store[id] {
    case .number, .constant, .time: return Grid(store.insert(cell.store[id]))
    case .read(let symbol, let shift):
      return (symbols[symbol] ?? Grid(rows: 0, columns: 0, values: [])).mapped { store.insert(.read($0, shift: shift)) }
    case .identity:
      let (rows, _) = try sides(cell.shapes.nodes[id])
      return Grid(rows: rows, columns: rows, values: (0..<rows * rows).map { number($0 % (rows + 1) == 0 ? 1 : 0) })
    case .sum(let terms): return sum(terms)
    case .product(let factors):
      guard let first = factors.first else { return Grid(number(1)) }
      return factors.dropFirst().reduce(of(first)) { $0.combined(of($1), product) }
    case .quotient(let a, let b): return of(a).combined(of(b)) { store.insert(.quotient($0, $1)) }
    case .power(let a, let b): return of(a).combined(of(b)) { store.insert(.power($0, $1)) }
    case .matrixProduct(let a, let b): return matrixProduct(of(a), of(b))
    case .transpose(let a): return of(a).transposed
    case .concatenate(let parts):
      return Grid(rows: parts.reduce(0) { $0 + of($1).rows }, columns: 1, values: parts.flatMap { of($0).values })
    case .apply(let operation, let arguments): return try apply(operation, arguments.map(of))
    case .named(let a, _, _): return of(a)
    case .block(let matrix, let part, let whole):
      guard case .concatenate(let parts) = cell.store[whole] else { return of(matrix) }
      let first = parts.prefix { $0 != part }.reduce(0) { $0 + of($1).rows }
      return of(matrix).columnRange(first..<first + of(part).rows)
    case .total: throw DerivativeFailure.noDerivative("a sum over all times")
    case .rows(let a, _, _), .reduced(_, let a), .derivative(let a, _): return of(a)
    case .seed, .atom, .zeros: return Grid(number(0))
    }
  }

  private func isNumber(_ id: NodeID, _ value: Int) -> Bool {
    if case .number(let number) = store[id] { number.whole == value } else { false }
  }

  /// Products become sums, which join with those in which they stand.
  private func sum(_ terms: [Term]) -> Grid<NodeID> {
    let grids = terms.map { of($0.node) }
    let (rows, columns) = (grids.map(\.rows).max() ?? 1, grids.map(\.columns).max() ?? 1)
    let values = (0..<rows * columns).map { position -> NodeID in
      let (row, column) = (position / columns, position % columns)
      let parts = zip(terms, grids).flatMap { term, grid -> [Term] in
        let entry = grid[min(row, grid.rows - 1), min(column, grid.columns - 1)]
        guard case .matrixProduct = cell.store[term.node], case .sum(let inner) = store[entry] else {
          return [Term(entry, isNegative: term.isNegative)]
        }
        return inner.map { Term($0.node, isNegative: $0.isNegative != term.isNegative) }
      }
      return joined(parts)
    }
    return Grid(rows: rows, columns: columns, values: values)
  }

  private func joined(_ terms: [Term]) -> NodeID {
    let kept = terms.filter { !isNumber($0.node, 0) }
    if kept.isEmpty { return number(0) }
    return kept.count == 1 && !kept[0].isNegative ? kept[0].node : store.insert(.sum(kept))
  }

  private func product(_ a: NodeID, _ b: NodeID) -> NodeID {
    if isNumber(a, 0) || isNumber(b, 0) { return number(0) }
    if isNumber(a, 1) { return b }
    if isNumber(b, 1) { return a }
    func factors(_ id: NodeID) -> [NodeID] { if case .product(let factors) = store[id] { factors } else { [id] } }
    return store.insert(.product(factors(a) + factors(b)))
  }

  private func matrixProduct(_ a: Grid<NodeID>, _ b: Grid<NodeID>) -> Grid<NodeID> {
    if a.columns != b.rows {
      return !a.isNumber && !b.isNumber && a.columns == 1 && b.columns == 1
        ? matrixProduct(a.transposed, b) : a.combined(b, product)
    }
    let values = (0..<a.rows * b.columns).map { position -> NodeID in
      let (row, column) = (position / b.columns, position % b.columns)
      return joined((0..<a.columns).map { Term(product(a[row, $0], b[$0, column])) })
    }
    return Grid(rows: a.rows, columns: b.columns, values: values)
  }

  /// Functions of whole vectors come down to numbers where they add up, or where the vector has one entry.
  private func apply(_ operation: Operator.ID, _ arguments: [Grid<NodeID>]) throws -> Grid<NodeID> {
    let row = OperatorTable[operation]
    guard let a = arguments.first else { return Grid(number(0)) }
    if case .elementwise = row.shape {
      if arguments.count == 1 { return a.mapped { store.insert(.apply(operation, [$0])) } }
      return a.combined(arguments[1]) { store.insert(.apply(operation, [$0, $1])) }
    }
    switch row.name {
    case "sum": return Grid(joined(a.values.map { Term($0) }))
    case "mean" where a.values.count > 1:
      return Grid(store.insert(.quotient(joined(a.values.map { Term($0) }), number(a.values.count))))
    case "mean" where a.isNumber, "max" where a.isNumber, "min" where a.isNumber, "rowsum" where a.columns == 1:
      return a
    case "softmax" where a.isNumber: return Grid(number(1))
    case "LN" where a.isNumber: return Grid(number(0))
    default: throw DerivativeFailure.noDerivative("\(row.name) of several numbers, in a derivative's derivative,")
    }
  }
}

extension Grid where Number: Hashable {
  fileprivate func mapped<Result>(_ body: (Number) -> Result) -> Grid<Result> {
    Grid<Result>(rows: rows, columns: columns, values: values.map(body))
  }
}
