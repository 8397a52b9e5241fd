/// Numbers as the bytes that a file stores them in.
enum ElementCoding {
  /// `count` numbers from an offset on; the caller has seen that there are so many bytes.
  ///
  /// - Parameter rounded: counts the integers that Float64 cannot hold exactly.
  static func decode(
    _ bytes: [UInt8], from start: Int, count: Int, _ type: ElementType, isBigEndian: Bool, _ rounded: inout Int,
    _ limits: FormatLimits
  ) throws(FormatError) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(count)
    for first in stride(from: 0, to: count, by: 1 << 18) {
      try limits.poll()
      values += decode(
        bytes, from: start, first..<min(count, first + 1 << 18), type, isBigEndian: isBigEndian, &rounded)
    }
    return values
  }

  private static func decode(
    _ bytes: [UInt8], from start: Int, _ range: Range<Int>, _ type: ElementType, isBigEndian: Bool,
    _ rounded: inout Int
  ) -> [Double] {
    bytes.withUnsafeBytes { buffer in
      /// Every number of a width, through its bits; the bounds are those that the caller checked, and loads check again.
      func load<Bits: FixedWidthInteger>(_: Bits.Type, _ value: (Bits) -> Double) -> [Double] {
        range.map { index in
          let bits = buffer.loadUnaligned(fromByteOffset: start + index * (Bits.bitWidth / 8), as: Bits.self)
          return value(isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits))
        }
      }
      switch type {
      case .float64: return load(UInt64.self) { Double(bitPattern: $0) }
      case .float32: return load(UInt32.self) { Double(Float(bitPattern: $0)) }
      case .float16: return load(UInt16.self) { Double(Float16(bitPattern: $0)) }
      case .bfloat16: return load(UInt16.self) { Double(Float(bitPattern: UInt32($0) << 16)) }
      case .int8: return load(Int8.self) { Double($0) }
      case .int16: return load(Int16.self) { Double($0) }
      case .int32: return load(Int32.self) { Double($0) }
      case .uint8: return load(UInt8.self) { Double($0) }
      case .uint16: return load(UInt16.self) { Double($0) }
      case .uint32: return load(UInt32.self) { Double($0) }
      case .truth: return load(UInt8.self) { $0 == 0 ? 0 : 1 }
      case .int64:
        return load(Int64.self) {
          if Double(exactly: $0) == nil { rounded += 1 }
          return Double($0)
        }
      case .uint64:
        return load(UInt64.self) {
          if Double(exactly: $0) == nil { rounded += 1 }
          return Double($0)
        }
      }
    }
  }

  /// Appends a number, little-endian. Floating-point numbers are rounded to their type.
  static func encode(_ value: Double, _ type: ElementType, _ bytes: inout [UInt8]) throws(FormatError) {
    func append<Bits: FixedWidthInteger>(_ bits: Bits) {
      withUnsafeBytes(of: bits.littleEndian) { bytes.append(contentsOf: $0) }
    }
    func integer<Bits: FixedWidthInteger>(_: Bits.Type) throws(FormatError) {
      guard let bits = Bits(exactly: value) else { throw .valueDoesNotFit(value: value, type: type) }
      append(bits)
    }
    switch type {
    case .float64: append(value.bitPattern)
    case .float32: append(Float(value).bitPattern)
    case .float16: append(Float16(value).bitPattern)
    case .bfloat16: append(bfloat16(Float(value)))
    case .int8: try integer(Int8.self)
    case .int16: try integer(Int16.self)
    case .int32: try integer(Int32.self)
    case .int64: try integer(Int64.self)
    case .uint8: try integer(UInt8.self)
    case .uint16: try integer(UInt16.self)
    case .uint32: try integer(UInt32.self)
    case .uint64: try integer(UInt64.self)
    case .truth:
      guard value == 0 || value == 1 else { throw .valueDoesNotFit(value: value, type: type) }
      bytes.append(value == 0 ? 0 : 1)
    }
  }

  /// The upper half of a Float32, rounded to the nearest, ties to even; not-a-number stays so.
  private static func bfloat16(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    guard !value.isNaN else { return UInt16(bits >> 16) | 0x40 }
    return UInt16((bits &+ 0x7fff &+ (bits >> 16 & 1)) >> 16)
  }
}
