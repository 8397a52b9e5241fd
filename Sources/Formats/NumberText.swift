/// Numbers in the cells of a table.
///
/// Goals, in order: the nearest Float64 to what is written, always; nothing depends on the locale; fast, since a file
/// may hold a hundred million. Written out digits up to 2^53 with a power of ten up to 22 are exact in Float64, and so
/// is one product or quotient of them (Clinger 1990). Up to 19 digits are two Float64, and the quotient or product of
/// those with a bound on its error mostly decides how it rounds; all else goes through the standard library.
enum NumberText {
  /// The number that a range of bytes spells, blanks around it allowed; nil if it spells none.
  ///
  /// Read are `3`, `+3.50`, `.5`, `3.`, `1e-5`, `1E+05`, `inf`, `-Infinity`, `nan` (in any case).
  static func parse(_ bytes: [UInt8], _ range: Range<Int>) -> Double? {
    var index = range.lowerBound
    let end = range.upperBound
    guard index < end else { return nil }
    var isNegative = false
    if bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
      isNegative = bytes[index] == UInt8(ascii: "-")
      index += 1
    }
    guard index < end else { return nil }
    if bytes[index] > UInt8(ascii: "9") {
      return word(bytes, index..<end).map { isNegative ? -$0 : $0 }
    }

    var digits: UInt64 = 0
    var digitCount = 0
    var isExact = true
    var scale = 0
    var hasPoint = false
    while index < end {
      let byte = bytes[index]
      if byte &- UInt8(ascii: "0") < 10 {
        digitCount += 1
        if digits < 1_000_000_000_000_000_000 {
          digits = digits * 10 + UInt64(byte &- UInt8(ascii: "0"))
          if hasPoint { scale -= 1 }
        } else {
          isExact = false
        }
      } else if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else {
        break
      }
      index += 1
    }
    guard digitCount > 0 else { return nil }
    if index < end {
      guard let power = exponent(bytes, index..<end) else { return nil }
      scale += power
    }
    guard isExact, abs(scale) <= 22, let magnitude = scaled(digits, scale) else {
      return Double(String(decoding: bytes[range], as: UTF8.self))
    }
    return isNegative ? -magnitude : magnitude
  }

  /// digits · 10^scale, if its rounding is certain.
  private static func scaled(_ digits: UInt64, _ scale: Int) -> Double? {
    let power = powers[abs(scale)]
    let high = Double(digits)
    if digits <= 1 << 53 { return scale < 0 ? high / power : high * power }
    // digits = high + low, exactly: below 10^19, so that high is below 2^64.
    let low = Double(Int64(bitPattern: digits &- UInt64(high)))
    // value = main + rest, where main rounds the quotient or product of high and `left` is what that rounding lost.
    let main = scale < 0 ? high / power : high * power
    let left = scale < 0 ? high.addingProduct(-main, power) : (-main).addingProduct(high, power)
    let rest = scale < 0 ? (left + low) / power : left + low * power
    let size = scale < 0 ? (abs(left) + abs(low)) / power : abs(left) + abs(low * power)
    // Two roundings in rest, each below 2^-53 of what it rounds.
    let doubt = size * 0x1p-50
    let (below, above) = (main + (rest - doubt), main + (rest + doubt))
    return below == above ? below : nil
  }

  private static let powers: [Double] = (0...22).map { power in (0..<power).reduce(1.0) { value, _ in value * 10 } }

  /// `e-5`; an exponent of any length is a number, if not an exact one.
  private static func exponent(_ bytes: [UInt8], _ range: Range<Int>) -> Int? {
    guard bytes[range.lowerBound] | 0x20 == UInt8(ascii: "e") else { return nil }
    var index = range.lowerBound + 1
    var isNegative = false
    if index < range.upperBound, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
      isNegative = bytes[index] == UInt8(ascii: "-")
      index += 1
    }
    guard index < range.upperBound else { return nil }
    var value = 0
    while index < range.upperBound {
      guard bytes[index] &- UInt8(ascii: "0") < 10 else { return nil }
      value = min(value * 10 + Int(bytes[index] - UInt8(ascii: "0")), 1_000_000)
      index += 1
    }
    return isNegative ? -value : value
  }

  private static func word(_ bytes: [UInt8], _ range: Range<Int>) -> Double? {
    guard range.count <= 8 else { return nil }
    switch String(decoding: bytes[range].map { $0 | 0x20 }, as: UTF8.self) {
    case "inf", "infinity": return .infinity
    case "nan": return .nan
    default: return nil
    }
  }

  /// What stands for "no number here": nothing, or one of the words that tables use for it.
  static func isBlank(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    if range.isEmpty { return true }
    guard range.count <= 4 else { return false }
    return ["na", "n/a", "null", "none", "-", "?"].contains(String(decoding: bytes[range], as: UTF8.self).lowercased())
  }

  /// The shortest text that reads back as the same number; whole numbers without a point.
  static func format(_ value: Double) -> String {
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
