/// The content of a `.npy` file.
enum NumPyArray {
  static func read(_ bytes: [UInt8], limits: FormatLimits) throws(FormatError) -> NumericArray {
    let (header, start) = try NumPyHeader.read(bytes, limits: limits)
    let count = header.count
    let size = count * header.elementType.size
    guard bytes.count - start >= size else { throw .truncated(expected: size, found: bytes.count - start) }
    var rounded = 0
    var values = try decode(bytes, from: start, count: count, header, &rounded, limits)
    if header.isFortranOrder { values = lastAxisFastest(values, header.shape) }
    var array = NumericArray(shape: header.shape, values: values, elementType: header.elementType)
    if rounded > 0 { array.notes.append(.roundedIntegers(count: rounded)) }
    let rest = bytes.count - start - size
    if rest > 0 { array.notes.append(.bytesAfterArray(count: rest)) }
    return array
  }

  static func write(_ array: NumericArray) throws(FormatError) -> [UInt8] {
    try requireShape(array)
    var bytes = NumPyHeader(elementType: array.elementType, shape: array.shape).bytes()
    bytes.reserveCapacity(bytes.count + array.values.count * array.elementType.size)
    for value in array.values { try encode(value, array.elementType, &bytes) }
    return bytes
  }

  /// The shape's product is the number of values.
  static func requireShape(_ array: NumericArray) throws(FormatError) {
    var count = 1
    for length in array.shape {
      let (product, isTooBig) = count.multipliedReportingOverflow(by: length)
      guard length >= 0, !isTooBig else {
        throw .shapeMismatch(shape: array.shape, values: array.values.count)
      }
      count = product
    }
    guard count == array.values.count else {
      throw .shapeMismatch(shape: array.shape, values: array.values.count)
    }
  }

  private static func decode(
    _ bytes: [UInt8], from start: Int, count: Int, _ header: NumPyHeader, _ rounded: inout Int, _ limits: FormatLimits
  ) throws(FormatError) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(count)
    for first in stride(from: 0, to: count, by: 1 << 18) {
      try limits.poll()
      values += decode(bytes, from: start, first..<min(count, first + 1 << 18), header, &rounded)
    }
    return values
  }

  private static func decode(
    _ bytes: [UInt8], from start: Int, _ range: Range<Int>, _ header: NumPyHeader, _ rounded: inout Int
  ) -> [Double] {
    bytes.withUnsafeBytes { buffer in
      /// Every number of a width, through its bits; the bounds are those that `read` checked, and loads check again.
      func load<Bits: FixedWidthInteger>(_: Bits.Type, _ value: (Bits) -> Double) -> [Double] {
        range.map { index in
          let bits = buffer.loadUnaligned(fromByteOffset: start + index * (Bits.bitWidth / 8), as: Bits.self)
          return value(header.isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits))
        }
      }
      switch header.elementType {
      case .float64: return load(UInt64.self) { Double(bitPattern: $0) }
      case .float32: return load(UInt32.self) { Double(Float(bitPattern: $0)) }
      case .float16: return load(UInt16.self) { Double(Float16(bitPattern: $0)) }
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

  /// From the order in which the first axis runs fastest to the one in which the last does.
  private static func lastAxisFastest(_ values: [Double], _ shape: [Int]) -> [Double] {
    guard shape.count > 1, !values.isEmpty else { return values }
    var strides = [1]
    for length in shape.dropLast() { strides.append(strides[strides.count - 1] * length) }
    var position = [Int](repeating: 0, count: shape.count)
    var source = 0
    var result: [Double] = []
    result.reserveCapacity(values.count)
    for _ in values {
      result.append(values[source])
      // The position counts up as a clock does, its last axis first.
      var axis = shape.count - 1
      while axis >= 0 {
        position[axis] += 1
        source += strides[axis]
        if position[axis] < shape[axis] { break }
        source -= strides[axis] * shape[axis]
        position[axis] = 0
        axis -= 1
      }
    }
    return result
  }

  private static func encode(_ value: Double, _ type: ElementType, _ bytes: inout [UInt8]) throws(FormatError) {
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
}
