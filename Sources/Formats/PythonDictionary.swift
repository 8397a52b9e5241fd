/// The one Python literal that is read: the dictionary of a `.npy` header, with its three keys in any order.
struct PythonDictionary {
  private let bytes: [UInt8]
  private var index = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func header() throws(FormatError) -> NumPyHeader {
    var header = NumPyHeader()
    var keys: Set<String> = []
    try expect("{")
    while !take("}") {
      let key = try text()
      guard keys.insert(key).inserted else { throw .badHeader("\(quoted(key)) twice") }
      try expect(":")
      switch key {
      case "descr": (header.elementType, header.isBigEndian) = try elementType()
      case "fortran_order": header.isFortranOrder = try truth()
      case "shape": header.shape = try shape()
      default: throw .badHeader("unknown key \(quoted(key))")
      }
      if !take(",") {
        try expect("}")
        break
      }
    }
    for key in ["descr", "fortran_order", "shape"] where !keys.contains(key) { throw .badHeader("no '\(key)'") }
    skipBlanks()
    guard index == bytes.count else { throw .badHeader("something follows its closing brace") }
    return header
  }

  /// `'<f4'`: order, kind, size.
  private mutating func elementType() throws(FormatError) -> (ElementType, isBigEndian: Bool) {
    skipBlanks()
    if index < bytes.count, bytes[index] == UInt8(ascii: "[") { throw .unsupportedType("records of several fields") }
    let description = try text()
    var name = Substring(description)
    let order = name.first.flatMap { "<>|=".contains($0) ? name.removeFirst() : nil }
    if name == "?" { name = "b1" }
    if let type = ElementType(rawValue: String(name)), type != .bfloat16 { return (type, order == ">") }
    switch name.first {
    case "O": throw .unsupportedType("Python objects (pickled)")
    case "c": throw .unsupportedType("complex numbers")
    case "S", "a", "U": throw .unsupportedType("texts")
    case "M", "m": throw .unsupportedType("dates or times")
    case "V": throw .unsupportedType("raw bytes")
    case "f", "i", "u": throw .unsupportedType("of type \(quoted(description))")
    default: throw .badHeader("unknown type \(quoted(description))")
    }
  }

  private mutating func truth() throws(FormatError) -> Bool {
    if take("True") { return true }
    if take("False") { return false }
    throw .badHeader("'fortran_order' is neither True nor False")
  }

  /// `(3, 4)`, `(3,)`, `()`; Python 2 wrote `(3L,)`.
  private mutating func shape() throws(FormatError) -> [Int] {
    var lengths: [Int] = []
    try expect("(")
    while !take(")") {
      lengths.append(try length())
      if !take(",") {
        try expect(")")
        if lengths.count == 1 { throw .badHeader("the shape is no tuple") }
        break
      }
    }
    return lengths
  }

  private mutating func length() throws(FormatError) -> Int {
    skipBlanks()
    var value = 0
    let start = index
    while index < bytes.count, bytes[index] &- UInt8(ascii: "0") < 10 {
      let (product, isTooBig) = value.multipliedReportingOverflow(by: 10)
      let (sum, isTooBigStill) = product.addingReportingOverflow(Int(bytes[index] - UInt8(ascii: "0")))
      guard !isTooBig, !isTooBigStill else { throw .badHeader("a length in its shape is above 2^63") }
      value = sum
      index += 1
    }
    guard index > start else { throw .badHeader("the shape is no tuple of lengths") }
    _ = take("L")
    return value
  }

  private mutating func text() throws(FormatError) -> String {
    skipBlanks()
    guard index < bytes.count, bytes[index] == UInt8(ascii: "'") || bytes[index] == quote else {
      throw .badHeader("a text in quotes was expected")
    }
    let mark = bytes[index]
    let start = index + 1
    guard let end = bytes[start...].firstIndex(of: mark) else { throw .badHeader("a quote is not closed") }
    index = end + 1
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  private mutating func expect(_ mark: String) throws(FormatError) {
    guard take(mark) else { throw .badHeader("\(mark) was expected") }
  }

  private mutating func take(_ mark: String) -> Bool {
    skipBlanks()
    guard bytes[index...].starts(with: mark.utf8) else { return false }
    index += mark.utf8.count
    return true
  }

  private mutating func skipBlanks() {
    while index < bytes.count, isBlank(bytes[index]) || SeparatedText.isLineEnd(bytes[index]) { index += 1 }
  }
}
