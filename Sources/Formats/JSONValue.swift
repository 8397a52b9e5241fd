/// JSON (RFC 8259), as the headers of files hold it.
public indirect enum JSONValue: Sendable, Equatable {
  case null
  case truth(Bool)
  case number(Double)
  case text(String)
  case list([JSONValue])
  /// In the order written; no name twice.
  case object([Member])

  public struct Member: Sendable, Equatable {
    public var name: String
    public var value: JSONValue

    public init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// - Throws: `FormatError.badHeader` that says what is wrong, and at which byte.
  public init(_ text: String) throws(FormatError) {
    self = try JSONValue(bytes: Array(text.utf8))
  }

  init(bytes: [UInt8], limits: FormatLimits = FormatLimits()) throws(FormatError) {
    var reader = JSONReader(bytes, limits: limits)
    self = try reader.whole()
  }

  /// The value of a member; nil if this is no object or has none of this name.
  public subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  public var asText: String? { if case .text(let text) = self { text } else { nil } }

  public var asList: [JSONValue]? { if case .list(let items) = self { items } else { nil } }

  /// A whole number; nil for any other value and beyond the numbers that JSON readers agree on.
  public var asInteger: Int? {
    guard case .number(let number) = self, abs(number) <= 0x1p53 else { return nil }
    return Int(exactly: number)
  }

  // MARK: Writing

  /// On one line, without blanks.
  public var written: String {
    switch self {
    case .null: "null"
    case .truth(let truth): truth ? "true" : "false"
    // Numbers that JSON has no word for are written as the texts that name them.
    case .number(let number):
      Int(exactly: number).map { "\($0)" } ?? (number.isFinite ? "\(number)" : JSONValue.quoted("\(number)"))
    case .text(let text): JSONValue.quoted(text)
    case .list(let items): "[" + items.map(\.written).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { JSONValue.quoted($0.name) + ":" + $0.value.written }.joined(separator: ",") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
