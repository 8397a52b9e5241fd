/// Text files: UTF-8, with or without a byte order mark.
enum PlainText {
  static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

  static func decode(_ bytes: [UInt8], _ limits: FormatLimits) throws(FormatError) -> String {
    try validate(bytes, limits)
    return String(decoding: bytes.dropFirst(bytes.starts(with: byteOrderMark) ? 3 : 0), as: UTF8.self)
  }

  /// Throws where the text stops being UTF-8.
  static func validate(_ bytes: [UInt8], _ limits: FormatLimits) throws(FormatError) {
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) { throw .isUTF16 }
    var index = 0
    while index < bytes.count {
      try limits.poll()
      if let offset = firstInvalid(bytes, &index, until: min(bytes.count, index + 1 << 22)) {
        let line = 1 + bytes[..<offset].count { $0 == UInt8(ascii: "\n") }
        throw .notUTF8(line: line, byte: bytes[offset])
      }
    }
  }

  /// The offset of the first byte that is no part of a well-formed sequence (Unicode, table 3-7).
  ///
  /// Goes from `index` to the first character at `end` or behind it.
  private static func firstInvalid(_ bytes: [UInt8], _ index: inout Int, until end: Int) -> Int? {
    while index < end {
      let lead = bytes[index]
      if lead < 0x80 {
        index += 1
        continue
      }
      let length: Int
      var second: ClosedRange<UInt8> = 0x80...0xbf
      switch lead {
      case 0xc2...0xdf: length = 2
      case 0xe0: (length, second) = (3, 0xa0...0xbf)
      case 0xed: (length, second) = (3, 0x80...0x9f)
      case 0xe1...0xef: length = 3
      case 0xf0: (length, second) = (4, 0x90...0xbf)
      case 0xf4: (length, second) = (4, 0x80...0x8f)
      case 0xf1...0xf3: length = 4
      default: return index
      }
      guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return index }
      for offset in 2..<max(2, length) where bytes[index + offset] & 0xc0 != 0x80 { return index }
      index += length
    }
    return nil
  }
}
