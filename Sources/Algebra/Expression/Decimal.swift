/// A number as it was written: a whole significand and a power of ten. Exact, so that `0.1` is one tenth in a proof
/// and the nearest floating-point number in a run.
public struct Decimal: Hashable, Sendable {
  /// Without trailing zeros (zero is 0·10⁰).
  public let significand: Int64
  public let exponent: Int32

  public init(_ whole: Int) {
    self.init(significand: Int64(whole), exponent: 0)
  }

  public init(significand: Int64, exponent: Int32) {
    var digits = significand
    var power = exponent
    while digits != 0, digits % 10 == 0 {
      digits /= 10
      power &+= 1
    }
    self.significand = digits
    self.exponent = digits == 0 ? 0 : power
  }

  /// Reads a numeral such as `3`, `0.5`, `.5`, `1e-3`. More than 18 digits are first rounded to the nearest Float64.
  /// Nil if it is no numeral, or outside the range of Float64.
  public init?(numeral: String) {
    guard let value = Double(numeral), value.isFinite else { return nil }
    if let exact = Decimal(exactly: numeral) { self = exact } else { self.init(value) }
  }

  /// The shortest decimal that rounds to `value`; nil for NaN and infinities.
  public init?(_ value: Double) {
    guard value.isFinite, let exact = Decimal(exactly: value.description) else { return nil }
    self = exact
  }

  private init?(exactly numeral: String) {
    var digits: Int64 = 0
    var power: Int64 = 0
    var isNegative = false
    var isFraction = false
    var exponentText: Substring = ""
    for (position, character) in numeral.utf8.enumerated() {
      switch character {
      case UInt8(ascii: "-") where position == 0: isNegative = true
      case UInt8(ascii: "."): isFraction = true
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let (shifted, overflow) = digits.multipliedReportingOverflow(by: 10)
        let (added, carry) = shifted.addingReportingOverflow(Int64(character - UInt8(ascii: "0")))
        guard !overflow, !carry else { return nil }
        digits = added
        if isFraction { power -= 1 }
      case UInt8(ascii: "e"), UInt8(ascii: "E"):
        let index = numeral.utf8.index(numeral.utf8.startIndex, offsetBy: position + 1)
        exponentText = numeral[index...]
      default: return nil
      }
      if !exponentText.isEmpty { break }
    }
    if !exponentText.isEmpty {
      guard let written = Int64(exponentText), abs(written) < 10_000 else { return nil }
      power += written
    }
    guard let exponent = Int32(exactly: power) else { return nil }
    self.init(significand: isNegative ? -digits : digits, exponent: exponent)
  }

  public var isZero: Bool { significand == 0 }
  public var isNegative: Bool { significand < 0 }
  public var isOne: Bool { significand == 1 && exponent == 0 }

  /// The nearest Float64.
  public var value: Double {
    if exponent == 0, let exact = Double(exactly: significand) { return exact }
    return Double("\(significand)e\(exponent)") ?? .nan
  }

  /// The value if it is whole and fits.
  public var whole: Int? {
    guard exponent >= 0, exponent < 18 else { return nil }
    var result = significand
    for _ in 0..<exponent {
      let (next, overflow) = result.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      result = next
    }
    return Int(exactly: result)
  }

  public var negated: Decimal { Decimal(significand: 0 &- significand, exponent: exponent) }
}

extension Decimal: CustomStringConvertible {
  /// As a numeral that reads back the same: `3`, `0.5`, `1e-20`.
  public var description: String {
    let sign = significand < 0 ? "-" : ""
    let digits = String(significand.magnitude)
    if exponent >= 0 {
      if exponent + Int32(digits.count) <= 16 { return sign + digits + String(repeating: "0", count: Int(exponent)) }
      return "\(sign)\(digits)e\(exponent)"
    }
    let places = Int(-exponent)
    if digits.count > places {
      let split = digits.index(digits.endIndex, offsetBy: -places)
      return sign + digits[..<split] + "." + digits[split...]
    }
    if places <= 7 { return sign + "0." + String(repeating: "0", count: places - digits.count) + digits }
    return "\(sign)\(digits)e\(exponent)"
  }
}
