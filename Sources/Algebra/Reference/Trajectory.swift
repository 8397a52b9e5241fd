/// All values of a recurrence from time 1 on, in any kind of number, by its equations in the order of the schedule.
///
/// It speaks of any t, not of the start: what came before time 1 is drawn as parameters and inputs are, unless the
/// declared starts are asked for.
struct Trajectory<Numbers: NumberSystem> {
  typealias Value = Grid<Numbers.Number>

  enum Starts {
    /// Every state before time 1 is drawn.
    case drawn
    /// As `init` lines say, and 0 where none does.
    case declared
  }

  let recurrence: Recurrence
  let shapes: ShapeSolution
  let numbers: Numbers
  /// The last time.
  let end: Int
  private let past: Int
  private var timeless: [SymbolID: Value] = [:]
  /// `[past + time - 1]`
  private var timed: [SymbolID: [Value]] = [:]

  /// - Parameters:
  ///   - shapes: with all widths known.
  ///   - given: values of parameters (at time 0) and of inputs, where they are not drawn.
  ///   - draw: the next number of a parameter, an input or a start.
  init(
    _ recurrence: Recurrence, shapes: ShapeSolution, numbers: Numbers, end: Int, starts: Starts = .drawn,
    given: (SymbolID, Int) -> Value? = { _, _ in nil }, draw: () -> Numbers.Number
  ) throws {
    self.recurrence = recurrence
    self.shapes = shapes
    self.numbers = numbers
    self.end = end
    past = max(recurrence.longestDelay, 1)
    let future = recurrence.longestLead
    for symbol in recurrence.parameters { timeless[symbol] = given(symbol, 0) ?? filled(symbol, draw) }
    for (symbol, number) in recurrence.constants { timeless[symbol] = Grid(numbers.number(number)) }
    let schedule = try Schedule(recurrence)
    let sums = recurrence.equationsOfTotals
    for index in schedule.derivedParameters where !sums.contains(index) { compute(index, time: 0) }
    for symbol in recurrence.inputs {
      timed[symbol] = (0..<past + end + future).map { slot in
        if slot < past, starts == .declared { return zeros(symbol) }
        return given(symbol, slot + 1 - past) ?? filled(symbol, draw)
      }
    }
    for symbol in recurrence.variables {
      let before = (0..<past).map { slot in
        starts == .drawn ? filled(symbol, draw) : start(symbol, time: slot + 1 - past)
      }
      let after = (0..<future).map { _ in starts == .drawn ? filled(symbol, draw) : zeros(symbol) }
      timed[symbol] = before + [Value](repeating: zeros(symbol), count: end) + after
    }
    for phase in schedule.phases {
      let times = phase.isBackward ? Array((1...end).reversed()) : Array(1...end)
      for time in times { for index in phase.equations { compute(index, time: time) } }
    }
    for index in schedule.derivedParameters where sums.contains(index) { compute(index, time: 0) }
  }

  /// A symbol at a time; 0 where nothing is known.
  func value(_ symbol: SymbolID, _ time: Int) -> Value {
    if let value = timeless[symbol] { return value }
    let slot = past + time - 1
    guard let values = timed[symbol], values.indices.contains(slot) else { return zeros(symbol) }
    return values[slot]
  }

  func isParameter(_ symbol: SymbolID) -> Bool { timeless[symbol] != nil }

  private func size(_ symbol: SymbolID) -> (rows: Int, columns: Int) {
    let sides = shapes.symbols[symbol]?.dimensions.map { max($0.number ?? 1, 0) } ?? []
    return (sides.first ?? 1, sides.count > 1 ? sides[1] : 1)
  }

  private func zeros(_ symbol: SymbolID) -> Value {
    let (rows, columns) = size(symbol)
    return Grid(rows: rows, columns: columns, repeating: numbers.zero)
  }

  private func filled(_ symbol: SymbolID, _ draw: () -> Numbers.Number) -> Value {
    let (rows, columns) = size(symbol)
    return Grid(rows: rows, columns: columns, values: (0..<rows * columns).map { _ in draw() })
  }

  private func start(_ symbol: SymbolID, time: Int) -> Value {
    guard let start = recurrence.starts.last(where: { $0.symbol == symbol && $0.time == time }) else {
      return zeros(symbol)
    }
    return zeros(symbol).combined(evaluate(start.value, time: 0)) { $1 }
  }

  private mutating func compute(_ index: Int, time: Int) {
    let equation = recurrence.equations[index]
    let whole = evaluate(equation.body, time: time)
    var row = 0
    for target in equation.targets {
      let rows = size(target).rows
      let part = equation.targets.count == 1 ? whole : whole.rowRange(row..<row + rows)
      row += rows
      let value = zeros(target).combined(part) { $1 }
      let slot = past + time - 1
      if recurrence.store[target].kind == .derivedParameter {
        timeless[target] = value
      } else if timed[target]?.indices.contains(slot) == true {
        timed[target]?[slot] = value
      }
    }
  }

  /// An expression of the store at a time.
  func evaluate(_ root: NodeID, time: Int) -> Value {
    let evaluator = NodeEvaluator(recurrence: recurrence, numbers: numbers, shapes: shapes, read: value)
    var values: [NodeID: Value] = [:]
    for id in recurrence.store.closure(of: [root]) {
      if case .total(let summand) = recurrence.store[id] {
        let terms = (1...end).map { evaluate(summand, time: $0) }
        values[id] = terms.dropFirst().reduce(terms[0]) { $0.combined($1, numbers.sum) }
      } else {
        values[id] = evaluator.value(of: id, time: time) {
          values[$0] ?? Grid(numbers.zero)
        }
      }
    }
    return values[root] ?? Grid(numbers.zero)
  }
}
