import Algebra

/// The values of a recurrence with known widths, and who reads whom: shapes are numbers, reads lead to what is read,
/// products of a concatenation are split into one product for each part, and sums of products become one affine value.
///
/// W · [h[t-1], x[t]] + b is the affine value b + W[h] · h[t-1] + W[x] · x[t], whose second product does not wait for
/// the loop.
struct PlanGraph {
  let recurrence: Recurrence
  let shapes: ShapeSolution
  let store: Store
  /// Places and computes what does not vary with time.
  var builder: ProgramBuilder
  var values: [PlanValue] = []
  /// Where inputs and variables are found.
  private(set) var symbols: [SymbolID: Reading] = [:]
  /// The sums over all times.
  private(set) var totals: [Int] = []
  var sources: [NodeID: TimedSource] = [:]
  var consumers: [NodeID: Int] = [:]
  /// The value of the equation whose body a node is.
  var reserved: [NodeID: Int] = [:]
  var spreads: [Spread: Int] = [:]
  /// Nodes that are the same number at all times and in all entries, whatever is read.
  var numbers: [NodeID: Double] = [:]
  let clamped: Set<SymbolID>

  struct Spread: Hashable {
    var reading: Reading
    /// A vector and its transpose lie the same way, and are spread differently.
    var isRow: Bool
    var rows: Int
    var columns: Int
    var isTransposed: Bool
  }

  /// - Parameter clamped: variables that may be held at some times.
  init(_ recurrence: Recurrence, shapes: ShapeSolution, batch: Int, clamped: Set<SymbolID>) throws {
    self.recurrence = recurrence
    self.shapes = shapes
    store = recurrence.store
    builder = ProgramBuilder(recurrence: recurrence, shapes: shapes, batch: batch)
    self.clamped = clamped
    try builder.placeParameters()
    let summed = recurrence.equationsOfTotals
    let schedule = try Schedule(recurrence)
    builder.compileDerived(schedule.derivedParameters.filter { !summed.contains($0) })
    for symbol in recurrence.inputs {
      let (rows, columns) = sides(shapes.symbols[symbol])
      values.append(PlanValue(.input, rows: rows, columns: columns))
      symbols[symbol] = Reading(value: values.count - 1, count: rows * columns)
    }
    let timed = recurrence.equations.indices.filter { index in
      recurrence.equations[index].targets.contains { store[$0].kind == .variable }
    }
    reserve(timed)
    let totalRoots = summed.sorted().map { recurrence.equations[$0].body }
    let roots = timed.map { recurrence.equations[$0].body }
    // What is used at each time before its sum is complete has no order.
    let sums = Set(summed.flatMap { recurrence.equations[$0].targets })
    for id in store.computation(of: roots) {
      if isTotal(id) { throw PlanFailure(node: id) }
      if case .read(let symbol, _) = store[id], sums.contains(symbol) { throw PlanFailure(node: id) }
    }
    let needed = needed(from: roots + totalRoots)
    for id in store.computation(of: roots + totalRoots) where needed.contains(id) { try build(id) }
    for index in timed { try define(recurrence.equations[index]) }
    keepOperands()
    try builder.checkSize()
  }

  func sides(_ shape: Shape?) -> (rows: Int, columns: Int) { builder.sides(shape) }

  func sides(_ id: NodeID) -> (rows: Int, columns: Int) { builder.sides(shapes.nodes[id]) }

  func rank(_ id: NodeID) -> Int { shapes.nodes[id]?.rank ?? 0 }

  func isTimed(_ id: NodeID) -> Bool { store.variation(id) == .withTime }

  // MARK: Equations

  /// Gives each equation's value an index before anything reads it.
  mutating func reserve(_ equations: [Int]) {
    for index in equations {
      let equation = recurrence.equations[index]
      let sum = equation.targets.reduce(0) { $0 + builder.count($1) }
      let (rows, columns) =
        equation.targets.count == 1 ? sides(shapes.symbols[equation.targets[0]]) : (sum, 1)
      let value = values.count
      values.append(PlanValue(.time, rows: rows, columns: columns))
      values[value].isVariable = true
      if clamped.isDisjoint(with: equation.targets), reserved[equation.body] == nil, isTimed(equation.body),
        isOperation(equation.body)
      {
        reserved[equation.body] = value
      }
      var offset = 0
      for target in equation.targets {
        let (rows, columns) = sides(shapes.symbols[target])
        symbols[target] = Reading(value: value, offset: offset, count: rows * columns)
        offset += rows * columns
      }
    }
  }

  /// Whether a node computes something of its own, rather than naming something else.
  func isOperation(_ id: NodeID) -> Bool {
    switch store[id] {
    case .read, .transpose: false
    default: true
    }
  }

  /// An equation whose body is no operation of its own gets a copy of what it reads.
  mutating func define(_ equation: Recurrence.Equation) throws {
    guard let first = equation.targets.first, let value = symbols[first]?.value else { return }
    if reserved[equation.body] == value { return }
    let (rows, columns) = (values[value].rows, values[value].columns)
    let form = try factor(equation.body, rows: rows, columns: columns)
    guard !clamped.isDisjoint(with: equation.targets) else {
      values[value].operation = .elementwise(.copy(form))
      return
    }
    let parts = equation.targets.compactMap { target in
      symbols[target].map { (symbol: target, offset: $0.offset, count: $0.count) }
    }
    if case .value(let reading) = form, reading.count == rows * columns {
      values[value].operation = .clamped(reading, parts: parts)
    } else {
      values.append(PlanValue(.elementwise(.copy(form)), rows: rows, columns: columns))
      values[value].operation = .clamped(Reading(value: values.count - 1, count: rows * columns), parts: parts)
    }
  }

  /// Only an elementwise operation computes what it reads itself; all others need it in memory.
  mutating func keepOperands() {
    for value in values {
      if case .elementwise = value.operation { continue }
      for reading in value.readings { values[reading.value].isInline = false }
    }
  }

  // MARK: What is needed

  /// The nodes that need a value: those that no operation takes apart.
  mutating func needed(from roots: [NodeID]) -> Set<NodeID> {
    let all = store.computation(of: roots)
    for root in roots { consumers[root, default: 0] += 1 }
    for id in all {
      if case .block(let matrix, _, _) = store[id] {
        consumers[matrix, default: 0] += 1
      } else {
        for operand in store[id].operands { consumers[operand, default: 0] += 1 }
      }
    }
    var result = Set(roots)
    for id in all.reversed() where result.contains(id) { result.formUnion(operands(of: id)) }
    return result
  }

  /// What a node's operation reads once it has taken apart what it can.
  func operands(of id: NodeID) -> [NodeID] {
    switch store[id] {
    case .matrixProduct(_, let right) where isProduct(id): return parts(of: right)
    case .sum(let terms) where isAffine(id):
      return terms.flatMap { isAbsorbed($0.node, by: id) ? operands(of: $0.node) : [$0.node] }
    case .total(let inner):
      guard let terms = outerTerms(of: inner) else { return [inner] }
      return terms.flatMap { [$0.left] + parts(of: $0.right) }
    case .block(let matrix, _, _): return [matrix]
    case let node: return node.operands
    }
  }

  /// A · v with A the same at all times.
  func isProduct(_ id: NodeID) -> Bool {
    guard case .matrixProduct(let left, let right) = store[id] else { return false }
    return rank(left) == 2 && rank(right) == 1 && !isTimed(left) && isTimed(right)
  }

  /// A product that only one sum reads, as tall as the sum: a row's product with a vector is one number, to be spread.
  func isAbsorbed(_ id: NodeID, by sum: NodeID) -> Bool {
    isProduct(id) && consumers[id] == 1 && sides(id) == sides(sum)
  }

  func isAffine(_ id: NodeID) -> Bool {
    guard rank(id) == 1, case .sum(let terms) = store[id] else { return false }
    return terms.contains { isAbsorbed($0.node, by: id) }
  }

  /// The parts of a vector that is written as a concatenation of vectors with a time.
  func parts(of id: NodeID) -> [NodeID] {
    if case .concatenate(let parts) = store[id], parts.allSatisfy(isTimed) { return parts }
    return [id]
  }

  /// Σ u · vᵀ, if a sum over all times sums nothing else.
  func outerTerms(of inner: NodeID) -> [(left: NodeID, right: NodeID)]? {
    var terms = [inner]
    if case .sum(let all) = store[inner], consumers[inner] == 1 {
      guard !all.contains(where: \.isNegative) else { return nil }
      terms = all.map(\.node)
    }
    var result: [(left: NodeID, right: NodeID)] = []
    for term in terms {
      guard case .matrixProduct(let left, let row) = store[term], case .transpose(let right) = store[row],
        consumers[term] == 1, rank(left) == 1, rank(right) == 1, isTimed(left), isTimed(right)
      else { return nil }
      result.append((left, right))
    }
    return result
  }

  // MARK: Nodes

  mutating func build(_ id: NodeID) throws {
    guard isTimed(id) || isTotal(id) else { return }
    let (rows, columns) = sides(id)
    switch store[id] {
    case .read(let symbol, let shift):
      guard let reading = symbols[symbol] else { throw PlanFailure(node: id) }
      sources[id] = TimedSource(reading: reading.shifted(by: shift), rows: rows, columns: columns)
    case .transpose(let inner):
      guard var source = sources[inner] else { throw PlanFailure(node: id) }
      (source.rows, source.columns) = (source.columns, source.rows)
      // A vector lies the same way as its transpose.
      if source.rows > 1, source.columns > 1 { source.isTransposed.toggle() }
      sources[id] = source
    case .time: add(id, .time)
    case .total(let inner): try addTotal(id, of: inner)
    case .matrixProduct where isProduct(id):
      let value = add(id, .affine(products: [], biases: []))
      try addProducts(of: [Term(id)], to: value, biases: [])
    case .sum(let terms) where isAffine(id): try addAffine(id, terms)
    case .matrixProduct(let left, let right) where rank(left) == 1 && rank(right) == 1:
      try addInnerProduct(id, left, right)
    case let node:
      if let number = number(of: node) {
        numbers[id] = number
        add(id, .elementwise(.copy(.number(number))))
        return
      }
      if case .apply(let operation, let arguments) = node, let argument = arguments.first,
        try addReduction(id, OperatorTable[operation].name, of: argument)
      {
        return
      }
      if let form = try form(of: node, rows: rows, columns: columns) {
        let value = add(id, .elementwise(form))
        values[value].isInline = !values[value].isVariable && PlanGraph.isCheap(form)
      } else {
        try addPlain(id)
      }
    }
  }

  func isTotal(_ id: NodeID) -> Bool { if case .total = store[id] { true } else { false } }

  /// A value of no node.
  mutating func append(_ value: PlanValue) -> Reading {
    values.append(value)
    return Reading(value: values.count - 1, count: value.count)
  }

  @discardableResult
  mutating func add(_ id: NodeID, _ operation: PlanValue.Operation) -> Int {
    let (rows, columns) = sides(id)
    let value: Int
    if let known = reserved[id] {
      value = known
      values[value].operation = operation
    } else {
      value = values.count
      values.append(PlanValue(operation, rows: rows, columns: columns))
    }
    sources[id] = TimedSource(
      reading: Reading(value: value, count: rows * columns), rows: rows, columns: columns)
    return value
  }

  static func isCheap(_ form: ElementwiseForm) -> Bool {
    switch form {
    case .power(.value, whole: 2): return true
    case .sum(let terms):
      let values = terms.filter { if case .value = $0.factor { true } else { false } }
      let numbers = terms.filter { if case .number = $0.factor { true } else { false } }
      return values.count == 1 && numbers.count + 1 == terms.count
    default: return false
    }
  }

  // MARK: All else

  mutating func addPlain(_ id: NodeID) throws {
    let node = store[id]
    switch node {
    case .sum, .product, .quotient, .power, .matrixProduct, .concatenate, .apply: break
    default: throw PlanFailure(node: id)
    }
    var operands: [(node: NodeID, source: TimedSource)] = []
    for operand in node.operands {
      if isTimed(operand) {
        guard let source = sources[operand] else { throw PlanFailure(node: operand) }
        operands.append((operand, source))
      } else {
        _ = builder.lastingValue(of: operand)
      }
    }
    add(id, .plain(id, operands: operands))
  }

  mutating func addTotal(_ id: NodeID, of inner: NodeID) throws {
    let (rows, columns) = sides(id)
    let form: TotalForm
    if let terms = outerTerms(of: inner) {
      var products: [(left: Reading, right: Reading, column: Int)] = []
      for term in terms {
        guard let left = sources[term.left], !left.isTransposed else { throw PlanFailure(node: term.left) }
        var column = 0
        for part in parts(of: term.right) {
          guard let right = sources[part], !right.isTransposed else { throw PlanFailure(node: part) }
          products.append((left.reading, right.reading, column))
          column += right.reading.count
        }
      }
      form = .outer(products)
    } else {
      guard case .value(let reading) = try factor(inner, rows: rows, columns: columns) else {
        throw PlanFailure(node: inner)
      }
      form = .sum(reading)
    }
    totals.append(values.count)
    values.append(PlanValue(.total(id, form), rows: rows, columns: columns))
  }
}
