/// The field of 2^61 − 1 elements: sums, products and quotients are exact, and what two different rational functions
/// have in common is one point in 10^18.
///
/// Functions are random ones that keep the identities by which answers are rewritten:
/// - σ(a) = ½ + s(a) and tanh(a) = 2·s(2a) with s odd, so 1 − σ(a) = σ(−a) and tanh(a) = 2σ(2a) − 1;
/// - step(a) is a random bit whose complement is step(−a); max, min, relu, abs and sign are made of it;
/// - exp(−a) = 1 / exp(a), and softmax is made of exp; sin² + cos² = 1, both with their parity;
/// - log(1/a) = −log(a); softplus(a) − softplus(−a) = a; erf, atan odd.
/// Of other identities (sqrt(a)² = a) it knows nothing: where it finds two expressions unequal, they may still be equal.
public struct PrimeField: NumberSystem {
  public static let order: UInt64 = (1 << 61) - 1
  /// What a division by zero gives, and all that is made of it.
  public static let undefined = UInt64.max

  /// Chooses the functions.
  private let key: UInt64

  public init(key: UInt64) { self.key = key }

  // MARK: Arithmetic

  private func reduced(_ value: UInt64) -> UInt64 {
    let folded = (value & PrimeField.order) + (value >> 61)
    return folded >= PrimeField.order ? folded - PrimeField.order : folded
  }

  public func sum(_ a: UInt64, _ b: UInt64) -> UInt64 {
    if a == PrimeField.undefined || b == PrimeField.undefined { return PrimeField.undefined }
    let total = a + b
    return total >= PrimeField.order ? total - PrimeField.order : total
  }

  public func negated(_ a: UInt64) -> UInt64 { a == 0 || a == PrimeField.undefined ? a : PrimeField.order - a }

  public func difference(_ a: UInt64, _ b: UInt64) -> UInt64 { sum(a, negated(b)) }

  public func product(_ a: UInt64, _ b: UInt64) -> UInt64 {
    if a == PrimeField.undefined || b == PrimeField.undefined { return PrimeField.undefined }
    let (high, low) = a.multipliedFullWidth(by: b)
    // 2^61 is 1 here, so the product is the sum of its digits to that base.
    return reduced((low & PrimeField.order) + (low >> 61 | high << 3))
  }

  /// By Fermat: a^(p−2).
  public func inverse(_ a: UInt64) -> UInt64 {
    if a == 0 || a == PrimeField.undefined { return PrimeField.undefined }
    var (result, square, rest): (UInt64, UInt64, UInt64) = (1, a, PrimeField.order - 2)
    while rest > 0 {
      if rest & 1 == 1 { result = product(result, square) }
      square = product(square, square)
      rest >>= 1
    }
    return result
  }

  public func quotient(_ a: UInt64, _ b: UInt64) -> UInt64 { product(a, inverse(b)) }

  public var zero: UInt64 { 0 }
  public var one: UInt64 { 1 }

  public func number(_ decimal: Decimal) -> UInt64 {
    let magnitude = reduced(decimal.significand.magnitude)
    let power = self.power(10, whole: Int(decimal.exponent.magnitude))
    let value = decimal.exponent < 0 ? quotient(magnitude, power) : product(magnitude, power)
    return decimal.isNegative ? negated(value) : value
  }

  public func constant(_ constant: NamedNumber) -> UInt64 {
    constant == .infinity ? PrimeField.undefined : random(constant.rawValue, 0)
  }

  public func power(_ a: UInt64, _ b: UInt64) -> UInt64 {
    if b <= 64 { return power(a, whole: Int(b)) }
    let least = negated(b)
    if least <= 64 { return inverse(power(a, whole: Int(least))) }
    return random("^", a, b)
  }

  // MARK: Functions

  /// A random element for each name and arguments.
  private func random(_ name: String, _ a: UInt64, _ b: UInt64 = 0) -> UInt64 {
    if a == PrimeField.undefined || b == PrimeField.undefined { return PrimeField.undefined }
    var state = key
    for byte in name.utf8 { state = PrimeField.mixed(state ^ UInt64(byte)) }
    return PrimeField.mixed(PrimeField.mixed(state ^ a) &+ b &* 0x9E37_79B9_7F4A_7C15) % PrimeField.order
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Of a and −a, the one that stands for both, and whether it is a.
  private func canonical(_ a: UInt64) -> (value: UInt64, isSame: Bool) {
    let other = negated(a)
    return a <= other ? (a, true) : (other, false)
  }

  private func even(_ name: String, _ a: UInt64) -> UInt64 { random(name, canonical(a).value) }

  private func odd(_ name: String, _ a: UInt64) -> UInt64 {
    if a == 0 { return 0 }
    let (value, isSame) = canonical(a)
    let result = random(name, value)
    return isSame ? result : negated(result)
  }

  private func doubled(_ a: UInt64) -> UInt64 { sum(a, a) }
  private func half(_ a: UInt64) -> UInt64 { product(a, 1 << 60) }

  private func logistic(_ a: UInt64) -> UInt64 { sum(half(1), odd("s", a)) }

  /// 1 where a is "positive".
  private func step(_ a: UInt64) -> UInt64 {
    if a == 0 || a == PrimeField.undefined { return a }
    let (value, isSame) = canonical(a)
    let bit = random("step", value) & 1
    return isSame ? bit : 1 - bit
  }

  private func exponential(_ a: UInt64) -> UInt64 {
    if a == 0 { return 1 }
    let (value, isSame) = canonical(a)
    let result = random("exp", value)
    return isSame ? result : inverse(result)
  }

  private func logarithm(_ a: UInt64) -> UInt64 {
    let other = inverse(a)
    if a == 1 { return 0 }
    return a <= other ? random("log", a) : negated(random("log", other))
  }

  private func largerOf(_ a: UInt64, _ b: UInt64) -> UInt64 {
    a == b ? a : sum(b, product(step(difference(a, b)), difference(a, b)))
  }

  private func smallerOf(_ a: UInt64, _ b: UInt64) -> UInt64 { sum(a, difference(b, largerOf(a, b))) }

  private func absolute(_ a: UInt64) -> UInt64 { product(a, sign(a)) }
  private func sign(_ a: UInt64) -> UInt64 { a == 0 ? 0 : difference(doubled(step(a)), 1) }
  private func rectified(_ a: UInt64) -> UInt64 { product(a, step(a)) }

  public func apply(_ row: Operator, _ a: UInt64) -> UInt64 {
    switch row.name {
    case "σ": return logistic(a)
    case "tanh": return doubled(odd("s", doubled(a)))
    case "relu": return rectified(a)
    case "exp": return exponential(a)
    case "log": return logarithm(a)
    case "abs": return absolute(a)
    case "sign": return sign(a)
    case "step": return step(a)
    case "erf", "atan": return odd(row.name, a)
    case "sin":
      let u = odd("sin", half(a))
      return quotient(doubled(u), sum(1, product(u, u)))
    case "cos":
      let square = product(odd("sin", half(a)), odd("sin", half(a)))
      return quotient(difference(1, square), sum(1, square))
    case "softplus": return sum(half(a), even("softplus", a))
    case "hardsigmoid": return smallerOf(largerOf(sum(quotient(a, 5), half(1)), 0), 1)
    case "softsign": return quotient(a, sum(1, absolute(a)))
    case "elu": return sum(rectified(a), difference(exponential(smallerOf(a, 0)), 1))
    case "silu": return product(a, logistic(a))
    case "gelu": return product(a, half(sum(1, odd("erf", quotient(a, random("sqrt", 2))))))
    default: return random(row.name, a)
    }
  }

  public func apply(_ row: Operator, _ a: UInt64, _ b: UInt64) -> UInt64 {
    switch row.name {
    case "max": largerOf(a, b)
    case "min": smallerOf(a, b)
    default: random(row.name, a, b)
    }
  }

  public func apply(_ row: Operator, to vector: [UInt64]) -> [UInt64] {
    let count = UInt64(vector.count)
    func total(_ values: [UInt64]) -> UInt64 { values.reduce(0, sum) }
    func marks(_ best: UInt64?) -> [UInt64] {
      let position = vector.firstIndex { $0 == best }
      return vector.indices.map { $0 == position ? 1 : 0 }
    }
    // An order that has nothing to do with size, but is one.
    let ranked = vector.sorted { random("order", $0) < random("order", $1) }
    switch row.name {
    case "softmax":
      let powers = vector.map(exponential)
      return powers.map { quotient($0, total(powers)) }
    case "logsoftmax":
      let powers = vector.map(exponential)
      return powers.map { logarithm(quotient($0, total(powers))) }
    case "LN":
      let mean = quotient(total(vector), count)
      let centred = vector.map { difference($0, mean) }
      let variance = quotient(total(centred.map { product($0, $0) }), count)
      let deviation = random("sqrt", sum(variance, inverse(100_000)))
      return centred.map { quotient($0, deviation) }
    case "sum": return [total(vector)]
    case "mean": return [quotient(total(vector), count)]
    case "max": return [ranked.last ?? 0]
    case "min": return [ranked.first ?? 0]
    case "largest": return marks(ranked.last)
    case "smallest": return marks(ranked.first)
    default: return vector.map { random(row.name, $0) }
    }
  }
}
