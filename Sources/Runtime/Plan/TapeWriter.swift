import Algebra
import Kernels

/// Writes the tape of elementwise values of one width.
///
/// Values that lie nowhere are computed where they are read. Sums take up their products as `a * b + c`, and the
/// derivatives of σ and tanh, y * (1 - y) and 1 - y², are one instruction with the factor before them.
struct TapeWriter {
  let graph: PlanGraph
  let layout: PlanLayout
  let columns: Int
  let slice: (Reading) -> Slice?
  /// The address of a number of the equations.
  let address: (Double) -> Int
  var drafts: [Draft] = []
  var known: [Key: Register] = [:]
  var written: Set<Int> = []
  var temporaries = 0
  private(set) var functions: [Operator.ID]
  let readerCounts: [Int]

  enum Register: Hashable {
    case memory(Slice, columnStride: Int)
    case temporary(Int)
  }

  struct Key: Hashable {
    var value: Int
    var shift: Int
  }

  struct Draft {
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

  mutating func emit(
    _ operation: TapeOperation, _ operands: [Register], function: Int = 0, factor: Double = 1, offset: Double = 0
  ) -> Register {
    let result = Register.temporary(temporaries)
    temporaries += 1
    drafts.append(
      Draft(
        operation: operation, result: result, operands: operands, function: function, factor: factor, offset: offset))
    return result
  }

  mutating func register(of factor: Factor, shift: Int) -> Register {
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

  mutating func register(of reading: Reading) -> Register {
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
  mutating func spread(_ place: Slice) -> Register {
    if columns == 1 { return .memory(place, columnStride: 1) }
    return emit(.copy, [.memory(place, columnStride: 0)])
  }

  // MARK: Forms

  mutating func register(of form: ElementwiseForm, shift: Int) -> Register {
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
  mutating func power(_ base: Register, _ whole: Int) -> Register {
    if whole == 0 { return emit(.affine, [base], factor: 0, offset: 1) }
    var result = base
    switch abs(whole) {
    case 1: break
    case 2: result = emit(.square, [base])
    default: for _ in 1..<abs(whole) { result = emit(.multiply, [result, base]) }
    }
    return whole < 0 ? emit(.reciprocal, [result]) : result
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
