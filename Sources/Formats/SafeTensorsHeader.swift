/// The header of a safetensors file, believed only where it was checked.
struct SafeTensorsHeader {
  struct Entry {
    var name: String
    var type: ElementType
    var shape: [Int]
    /// Numbers.
    var count: Int
    /// Bytes after the header.
    var begin: Int
    var end: Int
  }

  static let metadataName = "__metadata__"
  /// Bytes.
  static let longest = 1 << 24

  private static let types: [(name: String, type: ElementType)] = [
    ("F64", .float64), ("F32", .float32), ("F16", .float16), ("BF16", .bfloat16), ("I64", .int64), ("I32", .int32),
    ("I16", .int16), ("I8", .int8), ("U64", .uint64), ("U32", .uint32), ("U16", .uint16), ("U8", .uint8),
    ("BOOL", .truth),
  ]

  static func name(of type: ElementType) -> String { types.first { $0.type == type }?.name ?? "" }

  private(set) var entries: [Entry] = []
  private(set) var metadata: [SafeTensors.Text] = []
  /// The offset of the first number.
  let start: Int

  init(_ bytes: [UInt8], limits: FormatLimits) throws(FormatError) {
    guard bytes.count >= 8 else { throw .notSafeTensors("it has \(counted(bytes.count, "byte"))") }
    let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[$1]) << (8 * UInt64($1)) }
    guard length <= UInt64(bytes.count - 8) else {
      throw .notSafeTensors("its header's length is \(length), and \(counted(bytes.count - 8, "byte")) follow")
    }
    guard length <= UInt64(SafeTensorsHeader.longest) else {
      throw .badHeader("its length is \(length), more than the \(amount(ofBytes: SafeTensorsHeader.longest)) read")
    }
    start = 8 + Int(length)
    guard bytes.count > 8, bytes[8] == UInt8(ascii: "{") else { throw .notSafeTensors("its header is no JSON object") }
    guard case .object(let members) = try JSONValue(bytes: Array(bytes[8..<start]), limits: limits) else {
      throw .notSafeTensors("its header is no JSON object")
    }
    guard members.count <= limits.entries else { throw .tooManyEntries(count: members.count, limit: limits.entries) }
    var room = limits.numbers
    for member in members {
      if member.name == SafeTensorsHeader.metadataName {
        metadata = try SafeTensorsHeader.texts(member.value)
      } else {
        let entry = try SafeTensorsHeader.entry(member, size: bytes.count - start, room: room)
        room -= entry.count
        entries.append(entry)
      }
    }
    try checkCover(size: bytes.count - start)
  }

  private static func texts(_ value: JSONValue) throws(FormatError) -> [SafeTensors.Text] {
    guard case .object(let members) = value else { throw .badHeader("\(metadataName) is no object") }
    var texts: [SafeTensors.Text] = []
    for member in members {
      guard let text = member.value.asText else {
        throw .badHeader("\(quoted(member.name)) of its metadata is no text")
      }
      texts.append(.init(member.name, text))
    }
    return texts
  }

  private static func entry(_ member: JSONValue.Member, size: Int, room: Int) throws(FormatError) -> Entry {
    let name = member.name
    guard case .object = member.value else { throw .badHeader("\(quoted(name)) is no object") }
    guard let word = member.value["dtype"]?.asText else { throw .badHeader("\(quoted(name)) has no dtype") }
    guard let type = types.first(where: { $0.name == word })?.type else {
      throw .within(name, .unsupportedType("of type \(quoted(word))"))
    }
    let shape = try integers(member.value["shape"], "shape", of: name)
    let offsets = try integers(member.value["data_offsets"], "data_offsets", of: name)
    guard shape.count <= 64 else { throw .badHeader("\(quoted(name)) has \(shape.count) axes") }
    guard offsets.count == 2 else { throw .badHeader("\(quoted(name)) needs two data_offsets") }
    guard offsets[0] <= offsets[1], offsets[1] <= size else {
      throw .tensorOffsets(name: name, begin: offsets[0], end: offsets[1], size: size)
    }
    var count = 1
    for length in shape {
      // Also when another axis is 0: nobody else shall loop over 10^18 nothings.
      guard length <= room else { throw .within(name, .tooManyNumbers(shape: shape, limit: room)) }
      let (product, isTooBig) = count.multipliedReportingOverflow(by: length)
      guard !isTooBig, product <= room else { throw .within(name, .tooManyNumbers(shape: shape, limit: room)) }
      count = product
    }
    guard count * type.size == offsets[1] - offsets[0] else {
      throw .tensorSize(name: name, shape: shape, type: type, bytes: offsets[1] - offsets[0])
    }
    return Entry(name: name, type: type, shape: shape, count: count, begin: offsets[0], end: offsets[1])
  }

  /// Whole numbers from 0 on.
  private static func integers(_ value: JSONValue?, _ key: String, of name: String) throws(FormatError) -> [Int] {
    guard let items = value?.asList else { throw .badHeader("\(quoted(name)) has no \(key)") }
    var result: [Int] = []
    for item in items {
      guard let integer = item.asInteger, integer >= 0 else {
        throw .badHeader("the \(key) of \(quoted(name)) are not whole numbers from 0 to 2^53")
      }
      result.append(integer)
    }
    return result
  }

  /// Tensors stand side by side from the first byte to the last.
  private func checkCover(size: Int) throws(FormatError) {
    var reached = 0
    var last = ""
    for entry in entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      guard entry.begin >= reached else { throw .tensorsOverlap(last, entry.name) }
      guard entry.begin == reached else { throw .bytesOfNoTensor(from: reached, to: entry.begin) }
      reached = entry.end
      last = entry.name
    }
    guard reached == size else { throw .bytesOfNoTensor(from: reached, to: size) }
  }
}
