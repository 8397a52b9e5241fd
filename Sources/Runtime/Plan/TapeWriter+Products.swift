import Algebra
import Kernels

/// Products as steps of one instruction each: derivatives of σ and tanh, with the product of two before them, and a tanh
/// that only the product reads, are taken up.
extension TapeWriter {
  func reading(of factor: Factor, _ shift: Int) -> Reading? {
    if case .value(let reading) = factor { reading.shifted(by: shift) } else { nil }
  }

  /// y, if a factor is 1 - y.
  func complement(of factor: Factor, _ shift: Int) -> Reading? {
    guard let reading = reading(of: factor, shift), graph.values[reading.value].isInline,
      case .elementwise(.sum(let terms)) = graph.values[reading.value].operation, terms.count == 2,
      case .number(1) = terms[0].factor, !terms[0].isNegative, terms[1].isNegative,
      case .value(let inner) = terms[1].factor
    else { return nil }
    return inner.shifted(by: reading.shift)
  }

  /// y, if a reading is of y².
  func squareRoot(of reading: Reading) -> Reading? {
    guard graph.values[reading.value].isInline,
      case .elementwise(.power(.value(let inner), whole: 2)) = graph.values[reading.value].operation
    else { return nil }
    return inner.shifted(by: reading.shift)
  }

  enum Step {
    case multiply(Factor)
    case sigmoidSlope(Reading)
    case tanhSlope(Reading)
    case complement(Reading)
  }

  /// A product as steps of one instruction each, plain factors first.
  func steps(_ factors: [Factor], _ shift: Int) -> (number: Double, steps: [Step]) {
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

  mutating func product(_ factors: [Factor], _ shift: Int) -> Register {
    let (number, steps) = steps(factors, shift)
    guard let result = run(steps[...], shift) else { return register(of: .number(number), shift: 0) }
    return number == 1 ? result : emit(.affine, [result], factor: number)
  }

  /// A product as a pair of factors, for `a * b + c`; nil if its last step is more than a factor.
  mutating func pair(_ factors: [Factor], _ shift: Int) -> (Register, Register)? {
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
  func tanhArgument(of step: Step, _ shift: Int) -> Reading? {
    guard case .multiply(let factor) = step, let reading = reading(of: factor, shift), slice(reading) == nil,
      !graph.values[reading.value].isInline, !graph.values[reading.value].isVariable,
      readerCounts[reading.value] == 1, known[Key(value: reading.value, shift: reading.shift)] == nil,
      case .elementwise(.unary(let operation, .value(let inner))) = graph.values[reading.value].operation,
      TapeFunctions.unary[OperatorTable[operation].name] == .tanh
    else { return nil }
    return inner.shifted(by: reading.shift)
  }

  mutating func run(_ given: ArraySlice<Step>, _ shift: Int) -> Register? {
    var result: Register?
    var steps = given
    // A product of two may as well begin with the other.
    if steps.count == 2, let first = steps.first, let last = steps.last, tanhArgument(of: first, shift) != nil,
      case .multiply = last
    {
      steps = [last, first]
    }
    // From here on drafts are this product's alone; its first factor may be read elsewhere too.
    var ownFrom = drafts.count
    for step in steps {
      switch (step, result) {
      case (.multiply(let factor), nil):
        result = register(of: factor, shift: shift)
        ownFrom = drafts.count
      case (.multiply(let factor), let before?):
        if let argument = tanhArgument(of: step, shift) {
          result = emit(.multiplyTanh, [before, register(of: argument)])
        } else {
          result = emit(.multiply, [before, register(of: factor, shift: shift)])
        }
      case (.sigmoidSlope(let y), nil):
        let y = register(of: y)
        result = emit(.complementTimes, [y, y])
      case (.sigmoidSlope(let y), let before?):
        result = slope(.sigmoidSlope, ofProduct: .sigmoidSlopeOfProduct, before, register(of: y), ownFrom)
      case (.tanhSlope(let y), nil):
        let square = emit(.square, [register(of: y)])
        result = emit(.affine, [square], factor: -1, offset: 1)
      case (.tanhSlope(let y), let before?):
        result = slope(.tanhSlope, ofProduct: .tanhSlopeOfProduct, before, register(of: y), ownFrom)
      case (.complement(let y), nil): result = emit(.affine, [register(of: y)], factor: -1, offset: 1)
      case (.complement(let y), let before?): result = emit(.complementTimes, [register(of: y), before])
      }
    }
    return result
  }

  /// What stands before a slope, through it: in one instruction with the product before, if that was written just now,
  /// by a draft from `ownFrom` on.
  private mutating func slope(
    _ operation: TapeOperation, ofProduct: TapeOperation, _ before: Register, _ y: Register, _ ownFrom: Int
  ) -> Register {
    guard drafts.count > ownFrom, let last = drafts.last, last.operation == .multiply, last.result == before else {
      return emit(operation, [before, y])
    }
    drafts.removeLast()
    return emit(ofProduct, [last.operands[0], y, last.operands[1]])
  }
}
