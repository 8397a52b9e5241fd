/// Numbers in which expressions are evaluated: Float64, Float64 with error bounds, a prime field.
public protocol NumberSystem {
  associatedtype Number

  var zero: Number { get }
  var one: Number { get }
  func number(_ decimal: Decimal) -> Number
  func constant(_ constant: NamedNumber) -> Number
  func sum(_ a: Number, _ b: Number) -> Number
  func difference(_ a: Number, _ b: Number) -> Number
  func product(_ a: Number, _ b: Number) -> Number
  func quotient(_ a: Number, _ b: Number) -> Number
  func power(_ a: Number, _ b: Number) -> Number
  /// A function of the operator table, elementwise.
  func apply(_ row: Operator, _ a: Number) -> Number
  func apply(_ row: Operator, _ a: Number, _ b: Number) -> Number
  /// A function of a whole vector: as many numbers, or one.
  func apply(_ row: Operator, to vector: [Number]) -> [Number]
}

extension NumberSystem {
  func whole(_ number: Int) -> Number { self.number(Decimal(number)) }

  /// By repeated squaring, the exponent from 0 on.
  func power(_ a: Number, whole exponent: Int) -> Number {
    var (result, square, rest) = (one, a, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result = product(result, square) }
      rest >>= 1
      if rest > 0 { square = product(square, square) }
    }
    return result
  }
}

/// Float64, as it comes.
public struct RealNumbers: NumberSystem {
  public init() {}

  public var zero: Double { 0 }
  public var one: Double { 1 }
  public func number(_ decimal: Decimal) -> Double { decimal.value }
  public func constant(_ constant: NamedNumber) -> Double { constant.value }
  public func sum(_ a: Double, _ b: Double) -> Double { a + b }
  public func difference(_ a: Double, _ b: Double) -> Double { a - b }
  public func product(_ a: Double, _ b: Double) -> Double { a * b }
  public func quotient(_ a: Double, _ b: Double) -> Double { a / b }
  public func power(_ a: Double, _ b: Double) -> Double { Power.of(a, b) }

  public func apply(_ row: Operator, _ a: Double) -> Double {
    if case .unary(let function) = row.meaning { function(a) } else { .nan }
  }

  public func apply(_ row: Operator, _ a: Double, _ b: Double) -> Double {
    if case .binary(let function) = row.meaning { function(a, b) } else { .nan }
  }

  public func apply(_ row: Operator, to vector: [Double]) -> [Double] {
    guard case .whole(let function) = row.meaning else { return vector }
    var result = [Double](repeating: 0, count: row.isReduction ? 1 : vector.count)
    vector.withUnsafeBufferPointer { input in result.withUnsafeMutableBufferPointer { function(input, $0) } }
    return result
  }
}

extension Operator {
  var isReduction: Bool { if case .reduction = shape { true } else { false } }
}
