import Algebra
import Kernels

/// Writes the tape of elementwise values of one width.
///
/// Values that lie nowhere are computed where they are read. Sums take up their products as `a * b + c`, and the
/// derivatives of σ and tanh, y * (1 - y) and 1 - y², are one instruction with the factor before them.
struct TapeWriter {
  private let graph: PlanGraph
  private let layout: PlanLayout
  private let columns: Int
  private let slice: (Reading) -> Slice?
  /// The address of a number of the equations.
  private let address: (Double) -> Int
  private var drafts: [Draft] = []
  private var known: [Key: Register] = [:]
  private var written: Set<Int> = []
  private var temporaries = 0
  private(set) var functions: [Operator.ID]
  private let readerCounts: [Int]

  private enum Register: Hashable {
    case memory(Slice, columnStride: Int)
    case temporary(Int)
  }

  private struct Key: Hashable {
    var value: Int
    var shift: Int
  }

  private struct Draft {
    var operation: TapeOperation
    var result: Register
    var operands: [Register]
    var span = 1
    var function = 0
    var factor = 1.0
    var offset = 0.0
  }

  init(
    _ graph: PlanGraph, _ layout: PlanLayout, columns: Int, functions: [Operator.ID],
    slice: @escaping (Reading) -> Slice?, address: @escaping (Double) -> Int, readerCounts: [Int]
  ) {
    self.graph = graph
    self.layout = layout
    self.columns = columns
    self.functions = functions
    self.slice = slice
    self.address = address
    self.readerCounts = readerCounts
  }

  // MARK: Values that are stored

  /// Writes activations that take the place of finished sums of products: neighbours are one instruction.
  mutating func writeActivations(_ values: [Int]) {
    var runs: [(operation: TapeOperation, slice: Slice, span: Int)] = []
    let found = values.compactMap { value -> (value: Int, operation: TapeOperation, slice: Slice)? in
      guard case .elementwise(.unary(let operation, .value(let reading))) = graph.values[value].operation,
        layout.isAffine(reading.value), let own = slice(Reading(value: value, count: columns)),
        own == slice(reading), let instruction = TapeFunctions.unary[OperatorTable[operation].name]
      else { return nil }
      return (value, instruction, own)
    }
    for next in found.sorted(by: { $0.slice.base < $1.slice.base }) {
      written.insert(next.value)
      if let last = runs.last, last.operation == next.operation, last.slice.timeStride == next.slice.timeStride,
        last.slice.rowStride == next.slice.rowStride, last.slice.base + last.span * columns == next.slice.base
      {
        runs[runs.count - 1].span += 1
      } else {
        runs.append((next.operation, next.slice, 1))
      }
    }
    for run in runs {
      let place = Register.memory(run.slice, columnStride: 1)
      drafts.append(Draft(operation: run.operation, result: place, operands: [place], span: run.span))
    }
  }

  /// Writes a value to its place.
  mutating func write(_ value: Int) {
    guard !written.contains(value), case .elementwise(let form) = graph.values[value].operation,
      let place = slice(Reading(value: value, count: graph.values[value].count))
    else { return }
    let result = register(of: form, shift: 0)
    let own = Register.memory(place, columnStride: 1)
    if case .temporary(let number) = result, let last = drafts.indices.last, drafts[last].result == result,
      number == temporaries - 1
    {
      drafts[last].result = own
    } else {
      drafts.append(Draft(operation: .copy, result: own, operands: [result]))
    }
    for (key, register) in known where register == result { known[key] = own }
    known[Key(value: value, shift: 0)] = own
    written.insert(value)
  }

  // MARK: Registers

  private mutating func emit(
    _ operation: TapeOperation, _ operands: [Register], function: Int = 0, factor: Double = 1, offset: Double = 0
  ) -> Register {
    let result = Register.temporary(temporaries)
    temporaries += 1
    drafts.append(
      Draft(
        operation: operation, result: result, operands: operands, function: function, factor: factor, offset: offset))
    return result
  }

  private mutating func register(of factor: Factor, shift: Int) -> Register {
    switch factor {
    case .number(let number):
      return spread(Slice(base: address(number), timeStride: 0, rowStride: 0, count: 1))
    case .lasting(let operand):
      let place = Slice(base: operand.base, timeStride: 0, rowStride: 0, count: operand.count)
      return operand.count == 1 ? spread(place) : .memory(place, columnStride: 1)
    case .value(let reading):
      return register(of: reading.shifted(by: shift))
    }
  }

  private mutating func register(of reading: Reading) -> Register {
    if let place = slice(reading) {
      return place.count == 1 && columns != 1 ? spread(place) : .memory(place, columnStride: 1)
    }
    let key = Key(value: reading.value, shift: reading.shift)
    if let register = known[key] { return register }
    guard case .elementwise(let form) = graph.values[reading.value].operation else { return .temporary(0) }
    let result = register(of: form, shift: reading.shift)
    known[key] = result
    return result
  }

  /// One number for each row, as wide as the tape.
  private mutating func spread(_ place: Slice) -> Register {
    if columns == 1 { return .memory(place, columnStride: 1) }
    return emit(.copy, [.memory(place, columnStride: 0)])
  }

  // MARK: Forms

  private mutating func register(of form: ElementwiseForm, shift: Int) -> Register {
    switch form {
    case .sum(let terms): return sum(terms, shift)
    case .product(let factors): return product(factors, shift)
    case .quotient(.number(let number), let b):
      let reciprocal = emit(.reciprocal, [register(of: b, shift: shift)])
      return number == 1 ? reciprocal : emit(.affine, [reciprocal], factor: number)
    case .quotient(let a, let b):
      return emit(.divide, [register(of: a, shift: shift), register(of: b, shift: shift)])
    case .power(let a, let whole): return power(register(of: a, shift: shift), whole)
    case .unary(let operation, let a):
      let argument = register(of: a, shift: shift)
      if let instruction = TapeFunctions.unary[OperatorTable[operation].name] { return emit(instruction, [argument]) }
      let index = functions.firstIndex(of: operation) ?? functions.count
      if index == functions.count { functions.append(operation) }
      return emit(.function, [argument], function: index)
    case .binary(let operation, let a, let b):
      let instruction = TapeFunctions.binary[OperatorTable[operation].name] ?? .maximum
      return emit(instruction, [register(of: a, shift: shift), register(of: b, shift: shift)])
    case .copy(let a):
      let source = register(of: a, shift: shift)
      return emit(.copy, [source])
    }
  }

  /// x^n as products, as the plain evaluator has them.
  private mutating func power(_ base: Register, _ whole: Int) -> Register {
    if whole == 0 { return emit(.affine, [base], factor: 0, offset: 1) }
    var result = base
    switch abs(whole) {
    case 1: break
    case 2: result = emit(.square, [base])
    default: for _ in 1..<abs(whole) { result = emit(.multiply, [result, base]) }
    }
    return whole < 0 ? emit(.reciprocal, [result]) : result
  }

  // MARK: Sums

  private mutating func sum(_ terms: [(isNegative: Bool, factor: Factor)], _ shift: Int) -> Register {
    var constant = 0.0
    var simple: [(isNegative: Bool, register: Register)] = []
    var products: [(isNegative: Bool, factors: [Factor], shift: Int)] = []
    for (isNegative, factor) in terms {
      if case .number(let number) = factor {
        constant += isNegative ? -number : number
      } else if let (factors, later) = fusable(factor, shift) {
        products.append((isNegative, factors, later))
      } else {
        simple.append((isNegative, register(of: factor, shift: shift)))
      }
    }
    var total: Register?
    if let first = simple.firstIndex(where: { !$0.isNegative }) { total = simple.remove(at: first).register }
    if total == nil, let blended = blend(&products) { total = blended }
    if total == nil, simple.isEmpty, let pairs = sumOfTwo(&products) { total = pairs }
    if total == nil, let first = products.firstIndex(where: { !$0.isNegative }) {
      let term = products.remove(at: first)
      total = product(term.factors, term.shift)
    }
    if total == nil, !simple.isEmpty {
      let term = simple.removeFirst()
      total = emit(.affine, [term.register], factor: -1, offset: constant)
      constant = 0
    }
    if total == nil, !products.isEmpty {
      let term = products.removeFirst()
      total = emit(.affine, [product(term.factors, term.shift)], factor: -1, offset: constant)
      constant = 0
    }
    guard var result = total else { return register(of: .number(constant), shift: 0) }
    for term in simple { result = emit(term.isNegative ? .subtract : .add, [result, term.register]) }
    for term in products {
      if let (a, b) = pair(term.factors, term.shift) {
        result = emit(term.isNegative ? .negativeMultiplyAdd : .multiplyAdd, [a, b, result])
      } else {
        result = emit(term.isNegative ? .subtract : .add, [result, product(term.factors, term.shift)])
      }
    }
    if constant != 0 { result = emit(.affine, [result], offset: constant) }
    return result
  }

  /// a * b + c * d of the first two products, if the first to be computed is no more than two factors.
  private mutating func sumOfTwo(
    _ products: inout [(isNegative: Bool, factors: [Factor], shift: Int)]
  ) -> Register? {
    guard products.count > 1, !products[0].isNegative, !products[1].isNegative else { return nil }
    let (number, steps) = steps(products[0].factors, products[0].shift)
    guard number == 1, steps.count == 2, case .multiply(let c) = steps[0], case .multiply(let d) = steps[1],
      self.steps(products[1].factors, products[1].shift).steps.count > 1,
      let (a, b) = pair(products[1].factors, products[1].shift)
    else { return nil }
    let shift = products[0].shift
    products.removeFirst(2)
    return emit(.sumOfProducts, [a, b, register(of: c, shift: shift), register(of: d, shift: shift)])
  }

  /// A product that only this sum reads and that lies nowhere. That of a variable is rounded first, so that its value
  /// is the same whether it is kept or not.
  private func fusable(_ factor: Factor, _ shift: Int) -> ([Factor], Int)? {
    guard case .value(let reading) = factor, slice(reading) == nil, !graph.values[reading.value].isInline,
      case .elementwise(.product(let factors)) = graph.values[reading.value].operation,
      known[Key(value: reading.value, shift: reading.shift + shift)] == nil, readerCounts[reading.value] == 1,
      !graph.values[reading.value].isVariable
    else { return nil }
    return (factors, shift + reading.shift)
  }

  /// a * b + (1 - a) * c
  private mutating func blend(_ products: inout [(isNegative: Bool, factors: [Factor], shift: Int)]) -> Register? {
    for (index, term) in products.enumerated() where !term.isNegative && term.factors.count == 2 {
      for (side, factor) in term.factors.enumerated() {
        guard let gate = complement(of: factor, term.shift) else { continue }
        for (other, partner) in products.enumerated()
        where other != index && !partner.isNegative && partner.factors.count == 2 {
          guard let match = partner.factors.firstIndex(where: { reading(of: $0, partner.shift) == gate }) else {
            continue
          }
          let b = register(of: partner.factors[1 - match], shift: partner.shift)
          let c = register(of: term.factors[1 - side], shift: term.shift)
          let a = register(of: gate)
          products.remove(at: max(index, other))
          products.remove(at: min(index, other))
          return emit(.blend, [a, b, c])
        }
      }
    }
    return nil
  }

  // MARK: Products

  private func reading(of factor: Factor, _ shift: Int) -> Reading? {
    if case .value(let reading) = factor { reading.shifted(by: shift) } else { nil }
  }

  /// y, if a factor is 1 - y.
  private func complement(of factor: Factor, _ shift: Int) -> Reading? {
    guard let reading = reading(of: factor, shift), graph.values[reading.value].isInline,
      case .elementwise(.sum(let terms)) = graph.values[reading.value].operation, terms.count == 2,
      case .number(1) = terms[0].factor, !terms[0].isNegative, terms[1].isNegative,
      case .value(let inner) = terms[1].factor
    else { return nil }
    return inner.shifted(by: reading.shift)
  }

  /// y, if a reading is of y².
  private func squareRoot(of reading: Reading) -> Reading? {
    guard graph.values[reading.value].isInline,
      case .elementwise(.power(.value(let inner), whole: 2)) = graph.values[reading.value].operation
    else { return nil }
    return inner.shifted(by: reading.shift)
  }

  private enum Step {
    case multiply(Factor)
    case sigmoidSlope(Reading)
    case tanhSlope(Reading)
    case complement(Reading)
  }

  /// A product as steps of one instruction each, plain factors first.
  private func steps(_ factors: [Factor], _ shift: Int) -> (number: Double, steps: [Step]) {
    var number = 1.0
    var plain: [Factor] = []
    var slopes: [Step] = []
    var complements: [Reading] = []
    for factor in factors {
      if case .number(let value) = factor {
        number *= value
      } else if let y = complement(of: factor, shift) {
        if let root = squareRoot(of: y) { slopes.append(.tanhSlope(root)) } else { complements.append(y) }
      } else {
        plain.append(factor)
      }
    }
    for y in complements {
      if let index = plain.firstIndex(where: { reading(of: $0, shift) == y }) {
        plain.remove(at: index)
        slopes.append(.sigmoidSlope(y))
      } else {
        slopes.append(.complement(y))
      }
    }
    return (number, plain.map { .multiply($0) } + slopes)
  }

  private mutating func product(_ factors: [Factor], _ shift: Int) -> Register {
    let (number, steps) = steps(factors, shift)
    guard let result = run(steps[...], shift) else { return register(of: .number(number), shift: 0) }
    return number == 1 ? result : emit(.affine, [result], factor: number)
  }

  /// A product as a pair of factors, for `a * b + c`; nil if its last step is more than a factor.
  private mutating func pair(_ factors: [Factor], _ shift: Int) -> (Register, Register)? {
    var (number, steps) = steps(factors, shift)
    guard let index = steps.lastIndex(where: { if case .multiply = $0 { true } else { false } }), steps.count > 1,
      case .multiply(let last) = steps[index]
    else { return nil }
    steps.remove(at: index)
    guard var first = run(steps[...], shift) else { return nil }
    if number != 1 { first = emit(.affine, [first], factor: number) }
    number = 1
    return (first, register(of: last, shift: shift))
  }

  /// x, if a factor is a tanh(x) that nothing else reads and that lies nowhere.
  private func tanhArgument(of step: Step, _ shift: Int) -> Reading? {
    guard case .multiply(let factor) = step, let reading = reading(of: factor, shift), slice(reading) == nil,
      !graph.values[reading.value].isInline, !graph.values[reading.value].isVariable,
      readerCounts[reading.value] == 1, known[Key(value: reading.value, shift: reading.shift)] == nil,
      case .elementwise(.unary(let operation, .value(let inner))) = graph.values[reading.value].operation,
      TapeFunctions.unary[OperatorTable[operation].name] == .tanh
    else { return nil }
    return inner.shifted(by: reading.shift)
  }

  private mutating func run(_ given: ArraySlice<Step>, _ shift: Int) -> Register? {
    var result: Register?
    var steps = given
    // A product of two may as well begin with the other.
    if steps.count == 2, let first = steps.first, let last = steps.last, tanhArgument(of: first, shift) != nil,
      case .multiply = last
    {
      steps = [last, first]
    }
    for step in steps {
      switch (step, result) {
      case (.multiply(let factor), nil): result = register(of: factor, shift: shift)
      case (.multiply(let factor), let before?):
        if let argument = tanhArgument(of: step, shift) {
          result = emit(.multiplyTanh, [before, register(of: argument)])
        } else {
          result = emit(.multiply, [before, register(of: factor, shift: shift)])
        }
      case (.sigmoidSlope(let y), nil):
        let y = register(of: y)
        result = emit(.complementTimes, [y, y])
      case (.sigmoidSlope(let y), let before?): result = emit(.sigmoidSlope, [before, register(of: y)])
      case (.tanhSlope(let y), nil):
        let square = emit(.square, [register(of: y)])
        result = emit(.affine, [square], factor: -1, offset: 1)
      case (.tanhSlope(let y), let before?): result = emit(.tanhSlope, [before, register(of: y)])
      case (.complement(let y), nil): result = emit(.affine, [register(of: y)], factor: -1, offset: 1)
      case (.complement(let y), let before?): result = emit(.complementTimes, [register(of: y), before])
      }
    }
    return result
  }

  // MARK: The tape

  /// The tape, temporaries in as few slots as they can share; nil if there is nothing to do.
  func finished() -> TapeItem? {
    guard !drafts.isEmpty else { return nil }
    var lastUse: [Int: Int] = [:]
    for (index, draft) in drafts.enumerated() {
      for case .temporary(let number) in draft.operands + [draft.result] { lastUse[number] = index }
    }
    var slotOf: [Int: Int] = [:]
    var free: [Int] = []
    var slots = 0
    var operands: [TapeItem.Place] = []
    var indexOf: [TapeItem.Place: Int] = [:]
    func index(_ register: Register) -> UInt16 {
      let place: TapeItem.Place =
        switch register {
        case .memory(let slice, let stride): .memory(slice, columnStride: stride)
        case .temporary(let number): .temporary(slotOf[number] ?? 0)
        }
      let index = indexOf[place] ?? operands.count
      if index == operands.count {
        operands.append(place)
        indexOf[place] = index
      }
      return UInt16(truncatingIfNeeded: index)
    }
    var instructions: [TapeInstruction] = []
    for (position, draft) in drafts.enumerated() {
      let read = draft.operands.map(index)
      for case .temporary(let number) in Set(draft.operands) where lastUse[number] == position {
        if let slot = slotOf[number] { free.append(slot) }
      }
      if case .temporary(let number) = draft.result {
        if let slot = free.popLast() {
          slotOf[number] = slot
        } else {
          slotOf[number] = slots
          slots += 1
        }
        if lastUse[number] == position, let slot = slotOf[number] { free.append(slot) }
      }
      let own = index(draft.result)
      instructions.append(
        TapeInstruction(
          draft.operation, result: own, a: read[0], b: read.count > 1 ? read[1] : 0, c: read.count > 2 ? read[2] : 0,
          d: read.count > 3 ? read[3] : 0, span: UInt16(truncatingIfNeeded: draft.span),
          function: UInt16(truncatingIfNeeded: draft.function),
          factor: draft.factor, offset: draft.offset))
    }
    return TapeItem(instructions: instructions, operands: operands, columns: columns, slots: slots)
  }
}
