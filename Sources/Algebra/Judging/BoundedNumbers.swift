/// Float64 with a bound on its error, which runs along: |true value − value| ≤ bound.
///
/// Each operation adds its own rounding (half a unit in the last place, u·|result|, u = 2^−53; four units for a
/// function of the C library) to what its operands' errors can do. Where a function jumps within an operand's error,
/// the bound is as large as the jump, so a judgement there is withheld.
public struct BoundedNumbers: NumberSystem {
  public struct Number: Sendable {
    public var value: Double
    public var bound: Double
  }

  private static let unit = 0x1p-53

  public init() {}

  private func rounded(_ value: Double, _ inherited: Double, units: Double = 1) -> Number {
    Number(value: value, bound: inherited + units * BoundedNumbers.unit * abs(value) + 0x1p-1070)
  }

  public func exact(_ value: Double) -> Number { Number(value: value, bound: 0) }

  public var zero: Number { exact(0) }
  public var one: Number { exact(1) }

  public func number(_ decimal: Decimal) -> Number {
    decimal.exponent == 0 && decimal.significand.magnitude < 1 << 53
      ? exact(decimal.value) : rounded(decimal.value, 0)
  }

  public func constant(_ constant: NamedNumber) -> Number { rounded(constant.value, 0) }
  public func sum(_ a: Number, _ b: Number) -> Number { rounded(a.value + b.value, a.bound + b.bound) }
  public func difference(_ a: Number, _ b: Number) -> Number { rounded(a.value - b.value, a.bound + b.bound) }

  public func product(_ a: Number, _ b: Number) -> Number {
    rounded(a.value * b.value, abs(a.value) * b.bound + abs(b.value) * a.bound + a.bound * b.bound)
  }

  public func quotient(_ a: Number, _ b: Number) -> Number {
    let value = a.value / b.value
    let least = abs(b.value) - b.bound
    guard least > 0 else { return Number(value: value, bound: .infinity) }
    return rounded(value, (a.bound + abs(value) * b.bound) / least)
  }

  public func power(_ a: Number, _ b: Number) -> Number {
    through(Power.of(a.value, b.value), [a, b]) { Power.of($0[0], $0[1]) }
  }

  public func apply(_ row: Operator, _ a: Number) -> Number {
    guard case .unary(let function) = row.meaning else { return Number(value: .nan, bound: .infinity) }
    return through(function(a.value), [a]) { function($0[0]) }
  }

  public func apply(_ row: Operator, _ a: Number, _ b: Number) -> Number {
    guard case .binary(let function) = row.meaning else { return Number(value: .nan, bound: .infinity) }
    return through(function(a.value, b.value), [a, b]) { function($0[0], $0[1]) }
  }

  /// A function's value, with what it does at the ends of its arguments' errors, one argument after the other.
  private func through(_ value: Double, _ arguments: [Number], _ function: ([Double]) -> Double) -> Number {
    var inherited = 0.0
    for (position, argument) in arguments.enumerated() where argument.bound > 0 {
      var point = arguments.map(\.value)
      point[position] = argument.value + argument.bound
      let above = abs(function(point) - value)
      point[position] = argument.value - argument.bound
      let below = abs(function(point) - value)
      // Between the ends of so short a way a smooth function hardly does more.
      inherited += 1.001 * max(above, below)
    }
    // Its own error, here and at the ends.
    return rounded(value, inherited.isNaN ? .infinity : inherited, units: 12)
  }

  public func apply(_ row: Operator, to vector: [Number]) -> [Number] {
    switch row.name {
    case "sum": return [total(vector)]
    case "mean": return [quotient(total(vector), exact(Double(vector.count)))]
    default: break
    }
    let real = RealNumbers()
    let values = vector.map(\.value)
    let results = real.apply(row, to: values)
    var bounds = results.map { 16 * BoundedNumbers.unit * Double(vector.count) * max(abs($0), 1e-300) }
    for (position, entry) in vector.enumerated() where entry.bound > 0 {
      for step in [entry.bound, -entry.bound] {
        var point = values
        point[position] += step
        for (index, moved) in real.apply(row, to: point).enumerated() {
          bounds[index] += 2 * abs(moved - results[index])
        }
      }
    }
    return zip(results, bounds).map { Number(value: $0, bound: $1.isNaN ? .infinity : $1) }
  }

  private func total(_ vector: [Number]) -> Number { vector.reduce(exact(0), sum) }
}
