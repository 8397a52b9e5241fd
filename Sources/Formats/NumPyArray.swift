/// The content of a `.npy` file.
enum NumPyArray {
  static func read(_ bytes: [UInt8], limits: FormatLimits) throws(FormatError) -> NumericArray {
    let (header, start) = try NumPyHeader.read(bytes, limits: limits)
    let count = header.count
    let size = count * header.elementType.size
    guard bytes.count - start >= size else { throw .truncated(expected: size, found: bytes.count - start) }
    var rounded = 0
    var values = try ElementCoding.decode(
      bytes, from: start, count: count, header.elementType, isBigEndian: header.isBigEndian, &rounded, limits)
    if header.isFortranOrder { values = lastAxisFastest(values, header.shape) }
    var array = NumericArray(shape: header.shape, values: values, elementType: header.elementType)
    if rounded > 0 { array.notes.append(.roundedIntegers(count: rounded)) }
    let rest = bytes.count - start - size
    if rest > 0 { array.notes.append(.bytesAfterArray(count: rest)) }
    return array
  }

  static func write(_ array: NumericArray) throws(FormatError) -> [UInt8] {
    try array.requireShape()
    guard array.elementType != .bfloat16 else { throw .unsupportedType("of type bfloat16, which NumPy has not") }
    var bytes = NumPyHeader(elementType: array.elementType, shape: array.shape).bytes()
    bytes.reserveCapacity(bytes.count + array.values.count * array.elementType.size)
    for value in array.values { try ElementCoding.encode(value, array.elementType, &bytes) }
    return bytes
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
}
