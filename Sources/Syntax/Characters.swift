import Typography

/// Which characters may stand where.
enum Characters {
  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }

  static func isWordByte(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_") }

  static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  /// A letter of any script, or `_`.
  static func beginsName(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return isLetter(UInt8(scalar.value)) || scalar == "_" }
    if scalar == "ᵀ" || Scripts.lowered(scalar) != nil || Scripts.raised(scalar) != nil { return false }
    switch scalar.properties.generalCategory {
    case .lowercaseLetter, .uppercaseLetter, .titlecaseLetter, .otherLetter, .modifierLetter: return true
    default: return false
    }
  }

  /// What a name may go on with: letters, digits, `_`, accents, `′`.
  static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
    isDigit(scalar) || scalar == "′" || beginsName(scalar) || isAccent(scalar)
  }

  static func isAccent(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.value >= 0x300 else { return false }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark: return true
    default: return false
    }
  }

  /// Blank, or not to be seen at all.
  static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0B, 0x0C, 0x20, 0xAD, 0xFEFF, 0x200B...0x200D, 0x2060...0x2064: true
    default: scalar.properties.isWhitespace
    }
  }

  /// `u{3c3}`, as after a backslash.
  static func numberedScalar(_ bytes: some Collection<UInt8>) -> (scalar: Unicode.Scalar, length: Int)? {
    let head = Array(bytes.prefix(10))
    guard head.starts(with: "u{".utf8), let close = head.firstIndex(of: UInt8(ascii: "}")), close > 2,
      let value = UInt32(String(decoding: head[2..<close], as: UTF8.self), radix: 16),
      let scalar = Unicode.Scalar(value)
    else { return nil }
    return (scalar, close + 1)
  }
}
