import Algebra
import Kernels

/// Sums take up their products, as `a * b + c` and its kin.
extension TapeWriter {
  mutating func sum(_ terms: [(isNegative: Bool, factor: Factor)], _ shift: Int) -> Register {
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
  mutating func sumOfTwo(
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
  func fusable(_ factor: Factor, _ shift: Int) -> ([Factor], Int)? {
    guard case .value(let reading) = factor, slice(reading) == nil, !graph.values[reading.value].isInline,
      case .elementwise(.product(let factors)) = graph.values[reading.value].operation,
      known[Key(value: reading.value, shift: reading.shift + shift)] == nil, readerCounts[reading.value] == 1,
      !graph.values[reading.value].isVariable
    else { return nil }
    return (factors, shift + reading.shift)
  }

  /// a * b + (1 - a) * c
  mutating func blend(_ products: inout [(isNegative: Bool, factors: [Factor], shift: Int)]) -> Register? {
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
}
