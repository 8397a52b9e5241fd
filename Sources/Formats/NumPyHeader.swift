/// The header of a `.npy` file (NumPy's NEP 1): how the numbers that follow it are stored.
///
/// `\x93NUMPY`, version (two bytes), length of the text (two bytes in version 1, four in 2 and 3, little-endian), and
/// a Python dictionary: `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
struct NumPyHeader: Equatable {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  var elementType = ElementType.float64
  var isBigEndian = false
  /// The first axis runs fastest.
  var isFortranOrder = false
  var shape: [Int] = []

  /// The numbers that the shape holds; its lengths are within limits (`read` saw to it).
  var count: Int { shape.reduce(1) { $0 &* $1 } }

  /// The header, and the offset of the first number.
  static func read(_ bytes: [UInt8], limits: FormatLimits) throws(FormatError) -> (header: NumPyHeader, end: Int) {
    guard bytes.starts(with: magic) else { throw .notNumPy }
    guard bytes.count >= 10 else { throw .badHeader("it ends early") }
    let version = Int(bytes[6])
    guard (1...3).contains(version) else { throw .unknownVersion(version) }
    let lengthSize = version == 1 ? 2 : 4
    let start = 8 + lengthSize
    guard bytes.count >= start else { throw .badHeader("it ends early") }
    let length = (0..<lengthSize).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
    guard length <= bytes.count - start else {
      throw .badHeader("its length is \(length), and \(counted(bytes.count - start, "byte")) follow")
    }
    // NumPy itself takes no header above 10,000 bytes.
    guard length <= 1 << 16 else { throw .badHeader("its length is \(length)") }
    var dictionary = PythonDictionary(Array(bytes[start..<start + length]))
    let header = try dictionary.header()
    try check(header.shape, limits: limits)
    return (header, start + length)
  }

  private static func check(_ shape: [Int], limits: FormatLimits) throws(FormatError) {
    guard shape.count <= 64 else { throw .badHeader("it has \(shape.count) axes") }
    var count = 1
    for length in shape {
      // Also when another axis is 0: nobody else shall loop over 10^18 nothings.
      guard length <= limits.numbers else { throw .tooManyNumbers(shape: shape, limit: limits.numbers) }
      count *= max(length, 1)
      guard count <= limits.numbers else { throw .tooManyNumbers(shape: shape, limit: limits.numbers) }
    }
  }

  /// The header as NumPy writes it: padded so that the numbers begin at a multiple of 64.
  func bytes() -> [UInt8] {
    let kind = elementType.size == 1 ? "|" : "<"
    let lengths = shape.map { "\($0)" }.joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let text = "{'descr': '\(kind)\(elementType.rawValue)', 'fortran_order': False, 'shape': (\(lengths)), }"
    let padding = 63 - (10 + text.utf8.count) % 64
    let length = text.utf8.count + padding + 1
    let head = NumPyHeader.magic + [1, 0, UInt8(truncatingIfNeeded: length), UInt8(truncatingIfNeeded: length >> 8)]
    return head + Array(text.utf8) + Array(repeating: UInt8(ascii: " "), count: padding) + [newline]
  }
}
