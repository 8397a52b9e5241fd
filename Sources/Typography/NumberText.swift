/// Numbers as people read them: 5 significant digits, or as many as give the number back.
///
/// Whole numbers below 10^15 are written out (a year is 1957, a count 1115394); others get the digits asked for and,
/// where the point would stand far away, an exponent. Every form but ∞ and NaN is a numeral of the language.
import Glibc

public enum NumberText {
  /// The digits that values are shown with.
  public static let shownDigits = 5
  /// From so many digits on, a number is written so that it reads back the same.
  public static let exactDigits = 17

  /// A number with at most so many significant digits, without trailing zeros.
  public static func significant(_ number: Double, digits: Int = shownDigits) -> String {
    if let plain = special(number) { return plain }
    if digits >= exactDigits { return shortest(number) }
    return layout(scientific(number, digits: max(1, digits)), pointWithin: max(1, digits))
  }

  /// The shortest text that reads back as the same number.
  public static func shortest(_ number: Double) -> String {
    if let plain = special(number) { return plain }
    return layout(Scientific(number.description), pointWithin: exactDigits)
  }

  /// Whole numbers, infinities and NaN.
  private static func special(_ number: Double) -> String? {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-∞" : "∞" }
    if number.magnitude < 1e15, let whole = Int(exactly: number) { return String(whole) }
    return nil
  }

  /// ± 0.d₁d₂d₃… · 10^exponent, without zeros at either end of the digits.
  private struct Scientific {
    var isNegative = false
    var digits: [UInt8] = []
    var exponent = 0

    /// Reads `-12.5e-7` and the like, as the system writes them.
    init(_ text: String) {
      var point: Int?
      var power = 0
      var bytes = Array(text.utf8)[...]
      if bytes.first == UInt8(ascii: "-") {
        isNegative = true
        bytes = bytes.dropFirst()
      }
      while let byte = bytes.first {
        bytes = bytes.dropFirst()
        if byte == UInt8(ascii: ".") {
          point = digits.count
        } else if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
          power = Int(String(decoding: bytes.drop { $0 == UInt8(ascii: "+") }, as: UTF8.self)) ?? 0
          break
        } else {
          digits.append(byte)
        }
      }
      exponent = (point ?? digits.count) + power
      while digits.count > 1, digits.first == UInt8(ascii: "0") {
        digits.removeFirst()
        exponent -= 1
      }
      while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
    }
  }

  private static func scientific(_ number: Double, digits: Int) -> Scientific {
    var buffer = [CChar](repeating: 0, count: 64)
    let written = withVaList([Int32(digits - 1), number]) { vsnprintf(&buffer, buffer.count, "%.*e", $0) }
    let bytes = buffer.prefix(max(0, min(Int(written), buffer.count - 1))).map { UInt8(bitPattern: $0) }
    return Scientific(String(decoding: bytes, as: UTF8.self))
  }

  /// Digits with their point, or with an exponent if the point is left of 0.0001 or right of so many digits.
  private static func layout(_ parts: Scientific, pointWithin: Int) -> String {
    let sign = parts.isNegative ? "-" : ""
    func text(_ digits: some Sequence<UInt8>) -> String { String(decoding: Array(digits), as: UTF8.self) }
    if parts.exponent > pointWithin || parts.exponent < -3 {
      let tail = parts.digits.count > 1 ? "." + text(parts.digits.dropFirst()) : ""
      return sign + text(parts.digits.prefix(1)) + tail + "e" + String(parts.exponent - 1)
    }
    if parts.exponent <= 0 {
      return sign + "0." + String(repeating: "0", count: -parts.exponent) + text(parts.digits)
    }
    if parts.digits.count <= parts.exponent {
      return sign + text(parts.digits) + String(repeating: "0", count: parts.exponent - parts.digits.count)
    }
    return sign + text(parts.digits.prefix(parts.exponent)) + "." + text(parts.digits.dropFirst(parts.exponent))
  }
}
