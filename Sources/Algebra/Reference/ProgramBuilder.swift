/// Places values and writes instructions for `Program`.
package struct ProgramBuilder {
  let recurrence: Recurrence
  let shapes: ShapeSolution
  let batch: Int
  package private(set) var size = 0
  package private(set) var scratchSize = 0
  /// What is computed once after parameters change, and what is computed at every step of the phase at hand.
  package private(set) var update: [Instruction] = []
  private var step: [Instruction] = []
  private(set) var totals: [Operand] = []
  private(set) var finish: [Instruction] = []
  package private(set) var location: [SymbolID: Operand] = [:]
  /// Values that do not vary with time.
  private var lasting: [NodeID: Operand] = [:]
  /// Values of the phase at hand.
  private var timed: [NodeID: Operand] = [:]
  /// Numbers that stand in the equations, to be written once.
  package private(set) var constants: [(base: Int, value: Double)] = []
  /// Addresses at or beyond this are in the window, relative to its start.
  private static let windowMark = 1 << 48

  package init(recurrence: Recurrence, shapes: ShapeSolution, batch: Int) {
    self.recurrence = recurrence
    self.shapes = shapes
    self.batch = batch
  }

  // MARK: Sizes

  package func sides(_ shape: Shape?) -> (rows: Int, columns: Int) {
    switch shape ?? .number {
    case .number: (1, 1)
    case .vector(let width): (width.number ?? 0, 1)
    case .matrix(let rows, let columns): (rows.number ?? 0, columns.number ?? 0)
    }
  }

  package func count(_ symbol: SymbolID) -> Int {
    let (rows, columns) = sides(shapes.symbols[symbol])
    let (product, overflow) = rows.multipliedReportingOverflow(by: columns)
    return overflow || product > Program.largestSize ? Program.largestSize : product
  }

  package func checkSize(adding more: Int = 0) throws {
    if size > Program.largestSize || size + more > Program.largestSize {
      throw StorageTooLarge(numbers: Double(size) + Double(more))
    }
  }

  private mutating func allocate(_ shape: Shape?, isBatched: Bool) -> Operand {
    let (rows, columns) = sides(shape)
    let count = min(Double(rows) * Double(columns), Double(Program.largestSize + 1))
    let whole = min(count * Double(isBatched ? batch : 1), Double(Program.largestSize + 1))
    let operand = Operand(
      base: size, rows: rows, columns: columns, rowStride: columns, columnStride: 1,
      batchStride: isBatched ? Int(count) : 0)
    size = min(size + Int(whole), Program.largestSize + 1)
    return operand
  }

  // MARK: Symbols

  package mutating func placeParameters() throws {
    let derived = recurrence.equations.flatMap(\.targets).filter { recurrence.store[$0].kind == .derivedParameter }
    for symbol in recurrence.parameters + derived + recurrence.constants.keys.sorted() {
      location[symbol] = allocate(shapes.symbols[symbol], isBatched: false)
      try checkSize()
    }
  }

  mutating func placeTimed(_ symbols: [SymbolID], offsets: [SymbolID: Int], batch: Int) {
    for symbol in symbols {
      let (rows, columns) = sides(shapes.symbols[symbol])
      location[symbol] = Operand(
        base: ProgramBuilder.windowMark + (offsets[symbol] ?? 0), rows: rows, columns: columns, rowStride: columns,
        columnStride: 1, batchStride: rows * columns, timeStride: rows * columns * batch)
    }
  }

  /// Gives window addresses their final place.
  mutating func moveWindow(to start: Int, phases: inout [Program.Phase]) {
    func moved(_ operand: Operand) -> Operand {
      var result = operand
      if result.timeStride != 0 { result.base += start - ProgramBuilder.windowMark }
      return result
    }
    for symbol in location.keys { location[symbol] = location[symbol].map(moved) }
    for phase in phases.indices {
      for index in phases[phase].instructions.indices {
        phases[phase].instructions[index].operands = phases[phase].instructions[index].operands.map(moved)
        phases[phase].instructions[index].result = moved(phases[phase].instructions[index].result)
      }
    }
  }

  // MARK: Equations

  package mutating func compileDerived(_ equations: [Int]) {
    for index in equations {
      let equation = recurrence.equations[index]
      let body = value(of: equation.body)
      update += writes(of: equation, body).map(\.instruction)
    }
  }

  /// What puts an equation's value where its targets lie: a copy, or each target's rows of a split.
  private func writes(
    of equation: Recurrence.Equation, _ body: Operand
  ) -> [(target: SymbolID, instruction: Instruction)] {
    var result: [(target: SymbolID, instruction: Instruction)] = []
    var row = 0
    for target in equation.targets {
      guard let place = location[target] else { continue }
      if equation.targets.count == 1 {
        result.append((target, elementwise(.copy, [body], place)))
      } else {
        var part = body
        part.rows = place.rows
        result.append((target, Instruction(operation: .part(firstRow: row), operands: [part], result: place)))
        row += place.rows
      }
    }
    return result
  }

  /// Parameters made of sums over all times: a phase that adds up, then what is computed from the sums.
  mutating func compileTotals(_ equations: [Int]) -> Program.Phase? {
    guard !equations.isEmpty else { return nil }
    step = []
    timed = [:]
    let roots = equations.map { recurrence.equations[$0].body }
    for id in recurrence.store.computation(of: roots) {
      guard case .total(let inner) = recurrence.store[id], lasting[id] == nil else { continue }
      let sum = placeTotal(id)
      totals.append(sum)
      step.append(Instruction(operation: .accumulate, operands: [value(of: inner)], result: sum))
    }
    finish = finish(equations)
    return Program.Phase(instructions: step, writes: [], isBackward: false)
  }

  package mutating func compileStarts() -> [(symbol: SymbolID, time: Int, value: Operand)] {
    var result: [(symbol: SymbolID, time: Int, value: Operand)] = []
    for start in recurrence.starts { result.append((start.symbol, start.time, value(of: start.value))) }
    return result
  }

  mutating func compile(_ phase: Schedule.Phase) -> Program.Phase {
    step = []
    timed = [:]
    var writes: [Program.Write] = []
    for index in phase.equations {
      let equation = recurrence.equations[index]
      let body = value(of: equation.body)
      for (target, instruction) in self.writes(of: equation, body) {
        step.append(instruction)
        writes.append(Program.Write(symbol: target, instruction: step.count))
      }
    }
    return Program.Phase(instructions: step, writes: writes, isBackward: phase.isBackward)
  }

  // MARK: Expressions

  /// Emits what computes an expression; values that do not vary with time go to `update`, once.
  private mutating func value(of root: NodeID) -> Operand {
    for id in recurrence.store.computation(of: [root]) {
      if recurrence.store.variation(id) == .withTime {
        if timed[id] == nil { timed[id] = place(id, isTimed: true) }
      } else if lasting[id] == nil {
        lasting[id] = place(id, isTimed: false)
      }
    }
    return operand(root)
  }

  /// What computes a node from operands that lie where `place` was told, without being emitted.
  package mutating func instruction(for id: NodeID, result: Operand, timed operands: [NodeID: Operand]) -> Instruction?
  {
    timed.merge(operands) { _, new in new }
    return instruction(for: recurrence.store[id], result: result)
  }

  /// Where a value lies that does not vary with time; emits what computes it into `update`, once.
  package mutating func lastingValue(of id: NodeID) -> Operand { value(of: id) }

  /// A copy, row by row, of a value that does not vary with time, spread to the given size.
  package mutating func lastingCopy(of source: Operand, rows: Int, columns: Int) -> Operand {
    var result = source
    result.rows = rows
    result.columns = columns
    (result.base, result.rowStride, result.columnStride) = (size, columns, 1)
    size = min(size + rows * columns, Program.largestSize + 1)
    update.append(elementwise(.copy, [source], result))
    return result
  }

  /// A place for a sum over all times.
  package mutating func placeTotal(_ id: NodeID) -> Operand {
    let sum = allocate(shapes.nodes[id], isBatched: false)
    lasting[id] = sum
    return sum
  }

  /// A symbol that is nothing but what stands at a place.
  package mutating func name(_ symbol: SymbolID, _ place: Operand) { location[symbol] = place }

  /// What makes the equations without a time of sums over all times, once these are complete.
  package mutating func finish(_ equations: [Int]) -> [Instruction] {
    let before = update
    update = []
    compileDerived(equations)
    let result = update
    update = before
    return result
  }

  private func operand(_ id: NodeID) -> Operand { timed[id] ?? lasting[id] ?? Operand() }

  /// Where a node's value lies; emits the instruction that computes it, if one is needed.
  private mutating func place(_ id: NodeID, isTimed: Bool) -> Operand {
    let node = recurrence.store[id]
    switch node {
    case .read(let symbol, let shift):
      var place = location[symbol] ?? Operand()
      place.base += shift * place.timeStride
      return place
    case .transpose(let inner): return operand(inner).transposed
    case .block(let matrix, let part, let whole): return columns(of: matrix, part, whole)
    default: break
    }
    var isBatched = isTimed
    if case .time = node { isBatched = false }
    let result = allocate(shapes.nodes[id], isBatched: isBatched)
    switch node {
    case .number(let number): constants.append((result.base, number.value))
    case .constant(let constant): constants.append((result.base, constant.value))
    default:
      guard let instruction = instruction(for: node, result: result) else { break }
      if isTimed { step.append(instruction) } else { update.append(instruction) }
    }
    return result
  }

  /// The columns of a matrix that multiply a part: no copy, a narrower view.
  private func columns(of matrix: NodeID, _ part: NodeID, _ whole: NodeID) -> Operand {
    var result = operand(matrix)
    guard case .concatenate(let parts) = recurrence.store[whole] else { return result }
    var first = 0
    for other in parts {
      let (width, _) = sides(shapes.nodes[other])
      if other == part {
        result.base += first * result.columnStride
        result.columns = width
        break
      }
      first += width
    }
    return result
  }

  private mutating func instruction(for node: Node, result: Operand) -> Instruction? {
    switch node {
    case .time: return Instruction(operation: .time, operands: [], result: result)
    case .identity: return Instruction(operation: .identity, operands: [], result: result)
    case .sum(let terms):
      return elementwise(.sum(isNegative: terms.map(\.isNegative)), terms.map { operand($0.node) }, result)
    case .product(let factors): return elementwise(.product, factors.map(operand), result)
    case .quotient(let a, let b): return elementwise(.quotient, [operand(a), operand(b)], result)
    case .power(let a, let b):
      if case .number(let exponent) = recurrence.store[b], let whole = exponent.whole, abs(whole) <= 8 {
        return elementwise(.power(whole: whole), [operand(a)], result)
      }
      return elementwise(.power(whole: nil), [operand(a), operand(b)], result)
    case .matrixProduct(let a, let b): return matrixProduct(a, b, result)
    case .concatenate(let parts):
      return Instruction(operation: .concatenate, operands: parts.map(operand), result: result)
    case .apply(let operation, let arguments): return apply(operation, arguments.map(operand), result)
    default: return nil
    }
  }

  private func matrixProduct(_ left: NodeID, _ right: NodeID, _ result: Operand) -> Instruction {
    let (a, b) = (operand(left), operand(right))
    switch (shapes.nodes[left]?.rank ?? 0, shapes.nodes[right]?.rank ?? 0) {
    case (0, _), (_, 0): return elementwise(.product, [a, b], result)
    case (1, 1): return Instruction(operation: .matrixProduct, operands: [a.transposed, b], result: result)
    default: return Instruction(operation: .matrixProduct, operands: [a, b], result: result)
    }
  }

  private mutating func apply(
    _ operation: Operator.ID, _ arguments: [Operand], _ result: Operand
  ) -> Instruction {
    switch OperatorTable[operation].meaning {
    case .unary(let function): return elementwise(.unary(function), arguments, result)
    case .binary(let function): return elementwise(.binary(function), arguments, result)
    case .whole(let function):
      scratchSize = max(scratchSize, (arguments.first?.count ?? 0) + result.count)
      return Instruction(operation: .whole(function), operands: arguments, result: result)
    }
  }

  /// An elementwise instruction: operands spread to the result.
  private func elementwise(
    _ operation: Instruction.Operation, _ operands: [Operand], _ result: Operand
  ) -> Instruction {
    Instruction(
      operation: operation, operands: operands.map { $0.spread(rows: result.rows, columns: result.columns) },
      result: result)
  }
}
