/// Reads JSON from bytes: nothing but JSON, no deeper than a bound, no name twice in an object.
struct JSONReader {
  /// Values within values, at most.
  private static let deepest = 32

  private let bytes: [UInt8]
  private let limits: FormatLimits
  private var index = 0
  private var count = 0

  init(_ bytes: [UInt8], limits: FormatLimits) {
    self.bytes = bytes
    self.limits = limits
  }

  mutating func whole() throws(FormatError) -> JSONValue {
    let value = try value(depth: 0)
    skipBlanks()
    guard index == bytes.count else { throw problem("something follows its end") }
    return value
  }

  private func problem(_ text: String) -> FormatError { .badHeader("\(text) (at byte \(index + 1) of its JSON)") }

  // MARK: Values

  private mutating func value(depth: Int) throws(FormatError) -> JSONValue {
    guard depth <= JSONReader.deepest else { throw problem("it is nested deeper than \(JSONReader.deepest)") }
    count &+= 1
    if count & 0xfff == 0 { try limits.poll() }
    skipBlanks()
    guard index < bytes.count else { throw problem("it ends early") }
    switch bytes[index] {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try list(depth: depth)
    case quote: return .text(try text())
    case UInt8(ascii: "t"): return try word("true", .truth(true))
    case UInt8(ascii: "f"): return try word("false", .truth(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  private mutating func object(depth: Int) throws(FormatError) -> JSONValue {
    index += 1
    var members: [JSONValue.Member] = []
    var names: Set<String> = []
    if take("}") { return .object([]) }
    while true {
      skipBlanks()
      guard index < bytes.count, bytes[index] == quote else { throw problem("a name in quotes was expected") }
      let name = try text()
      // Swift's strings are equal if they look the same; names here are if their bytes are.
      guard names.insert(name).inserted else { throw .badHeader("\(quoted(name)) twice") }
      guard take(":") else { throw problem(": was expected") }
      members.append(.init(name, try value(depth: depth + 1)))
      if take("}") { return .object(members) }
      guard take(",") else { throw problem(", or } was expected") }
    }
  }

  private mutating func list(depth: Int) throws(FormatError) -> JSONValue {
    index += 1
    var items: [JSONValue] = []
    if take("]") { return .list([]) }
    while true {
      items.append(try value(depth: depth + 1))
      if take("]") { return .list(items) }
      guard take(",") else { throw problem(", or ] was expected") }
    }
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(FormatError) -> JSONValue {
    guard take(word) else { throw problem("a value was expected") }
    return value
  }

  /// `-?(0|[1-9][0-9]*)(.[0-9]+)?([eE][+-]?[0-9]+)?`
  private mutating func number() throws(FormatError) -> Double {
    let start = index
    _ = skip("-")
    let first = index
    guard digits() > 0 else { throw problem("a value was expected") }
    if index - first > 1, bytes[first] == UInt8(ascii: "0") { throw problem("a number begins with 0") }
    if skip("."), digits() == 0 { throw problem("digits were expected") }
    if skip("e") || skip("E") {
      _ = skip("+") || skip("-")
      guard digits() > 0 else { throw problem("digits were expected") }
    }
    guard index - start <= 400, let value = Double(String(decoding: bytes[start..<index], as: UTF8.self)) else {
      throw problem("a number is too long")
    }
    return value
  }

  private mutating func digits() -> Int {
    let start = index
    while index < bytes.count, bytes[index] &- UInt8(ascii: "0") < 10 { index += 1 }
    return index - start
  }

  // MARK: Texts

  private mutating func text() throws(FormatError) -> String {
    index += 1
    var result: [UInt8] = []
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case quote:
        guard let text = String(validating: result, as: UTF8.self) else { throw problem("a text is not UTF-8") }
        return text
      case UInt8(ascii: "\\"): result.append(contentsOf: try escape())
      case 0..<0x20: throw problem("a text has a control character")
      default: result.append(byte)
      }
    }
    throw problem("a quote is not closed")
  }

  private mutating func escape() throws(FormatError) -> [UInt8] {
    guard index < bytes.count else { throw problem("a quote is not closed") }
    let byte = bytes[index]
    index += 1
    switch byte {
    case quote, UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "n"): return [newline]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "r"): return [0x0d]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0c]
    case UInt8(ascii: "u"):
      var code = UInt32(try fourDigits())
      if 0xd800..<0xdc00 ~= code {
        guard skip("\\"), skip("u") else { throw problem("half a character") }
        let low = UInt32(try fourDigits())
        guard 0xdc00..<0xe000 ~= low else { throw problem("half a character") }
        code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw problem("half a character") }
      return Array(String(Character(scalar)).utf8)
    default: throw problem("an unknown escape")
    }
  }

  private mutating func fourDigits() throws(FormatError) -> UInt16 {
    let end = index + 4
    guard end <= bytes.count, bytes[index..<end].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt16(String(decoding: bytes[index..<end], as: UTF8.self), radix: 16)
    else { throw problem("four hexadecimal digits were expected") }
    index = end
    return value
  }

  // MARK: Marks

  private mutating func skip(_ mark: Unicode.Scalar) -> Bool {
    guard index < bytes.count, bytes[index] == UInt8(ascii: mark) else { return false }
    index += 1
    return true
  }

  private mutating func take(_ mark: String) -> Bool {
    skipBlanks()
    guard bytes[index...].starts(with: mark.utf8) else { return false }
    index += mark.utf8.count
    return true
  }

  private mutating func skipBlanks() {
    while index < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[index]) { index += 1 }
  }
}
