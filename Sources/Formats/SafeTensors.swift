/// A safetensors file (https://github.com/huggingface/safetensors): named tensors, and texts by name.
///
/// ```
/// 8 bytes   n, the length of the header, little-endian
/// n bytes   JSON: {"__metadata__": {"name": "text"}, "W": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}
/// the rest  the numbers of all tensors, little-endian, the last axis fastest; offsets count from here
/// ```
///
/// Every byte after the header belongs to one tensor: files with gaps or overlaps are refused, as are names twice.
public struct SafeTensors: Sendable, Equatable {
  /// In the order of the header; written largest element type first, then by name, so that all are aligned.
  public var tensors: [NamedArray]
  public var metadata: [Text]

  public struct Text: Sendable, Equatable {
    public var name: String
    public var text: String

    public init(_ name: String, _ text: String) {
      self.name = name
      self.text = text
    }
  }

  public init(tensors: [NamedArray], metadata: [Text] = []) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The text of a name; nil if there is none.
  public func text(_ name: String) -> String? { metadata.first { $0.name == name }?.text }

  public func tensor(_ name: String) -> NumericArray? { tensors.first { $0.name == name }?.array }

  // MARK: Reading

  public init(path: String, limits: FormatLimits = FormatLimits()) throws(FormatError) {
    do { self = try SafeTensors(try RegularFile.read(path, limits: limits), limits: limits) } catch {
      throw .within(path, error)
    }
  }

  public init(_ bytes: [UInt8], limits: FormatLimits = FormatLimits()) throws(FormatError) {
    let header = try SafeTensorsHeader(bytes, limits: limits)
    metadata = header.metadata
    tensors = []
    for entry in header.entries {
      var rounded = 0
      let values = try ElementCoding.decode(
        bytes, from: header.start + entry.begin, count: entry.count, entry.type, isBigEndian: false, &rounded, limits)
      var array = NumericArray(shape: entry.shape, values: values, elementType: entry.type)
      if rounded > 0 { array.notes.append(.roundedIntegers(count: rounded)) }
      tensors.append(NamedArray(name: entry.name, array: array))
    }
  }

  // MARK: Writing

  /// Writes the file; the old one stays whole until the new one is.
  public func write(path: String) throws(FormatError) {
    do { try AtomicFile.write(try bytes(), to: path) } catch { throw .within(path, error) }
  }

  /// The bytes of the file; the same tensors and texts give the same bytes.
  public func bytes() throws(FormatError) -> [UInt8] {
    var members: [JSONValue.Member] = []
    if !metadata.isEmpty {
      members.append(.init(SafeTensorsHeader.metadataName, .object(metadata.map { .init($0.name, .text($0.text)) })))
    }
    var names: Set<String> = [SafeTensorsHeader.metadataName]
    var data: [UInt8] = []
    let ordered = tensors.sorted {
      let (first, second) = ($0.array.elementType.size, $1.array.elementType.size)
      return first == second ? $0.name < $1.name : first > second
    }
    for tensor in ordered {
      guard names.insert(tensor.name).inserted else { throw .sameName(tensor.name) }
      let begin = data.count
      do {
        try tensor.array.requireShape()
        for value in tensor.array.values { try ElementCoding.encode(value, tensor.array.elementType, &data) }
      } catch { throw .within(tensor.name, error) }
      members.append(
        .init(
          tensor.name,
          .object([
            .init("dtype", .text(SafeTensorsHeader.name(of: tensor.array.elementType))),
            .init("shape", .list(tensor.array.shape.map { .number(Double($0)) })),
            .init("data_offsets", .list([.number(Double(begin)), .number(Double(data.count))])),
          ])))
    }
    var header = Array(JSONValue.object(members).written.utf8)
    guard header.count <= SafeTensorsHeader.longest else {
      throw .badHeader("it would take \(amount(ofBytes: header.count))")
    }
    // The numbers begin at a multiple of 8.
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    let length = UInt64(header.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + header + data
  }
}
