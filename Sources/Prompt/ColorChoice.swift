import Session

/// Whether a stream gets colours, and how many: one decision, from facts that can be listed.
///
/// In this order: `--color` and `--no-color`; `NO_COLOR`; `FORCE_COLOR`; whether the stream is a terminal that can.
/// With none, not one escape is written.
public struct ColorChoice: Sendable {
  /// True for `--color`, false for `--no-color`, nil for neither.
  public var option: Bool?
  /// Reads the environment.
  public var variable: @Sendable (String) -> String?

  public init(option: Bool? = nil, variable: @escaping @Sendable (String) -> String? = environmentVariable) {
    self.option = option
    self.variable = variable
  }

  /// The colours for a stream.
  public func depth(isTerminal: Bool) -> Session.ColorDepth {
    if let option { return option ? max(capability, .sixteen) : .none }
    if let value = variable("NO_COLOR"), !value.isEmpty { return .none }
    if let forced = variable("FORCE_COLOR") {
      switch forced {
      case "0", "false": return .none
      case "2": return .palette
      case "3": return .full
      default: return max(capability, .sixteen)
      }
    }
    return isTerminal ? capability : .none
  }

  /// What the terminal says it can.
  private var capability: Session.ColorDepth {
    let terminal = variable("TERM") ?? ""
    if terminal.isEmpty || terminal == "dumb" { return .none }
    switch variable("COLORTERM") {
    case "truecolor", "24bit": return .full
    default: break
    }
    if terminal.hasSuffix("-direct") { return .full }
    return terminal.hasSuffix("256color") ? .palette : .sixteen
  }
}

/// How the prompt itself is coloured, in the digits of the escape.
let promptStyle = "1;32"

/// A text without the escapes that colour it.
func withoutEscapes(_ text: String) -> String {
  guard text.utf8.contains(0x1B) else { return text }
  var kept: [UInt8] = []
  var isEscape = false
  for byte in text.utf8 {
    if byte == 0x1B {
      isEscape = true
    } else if isEscape {
      // ESC [ parameters letter
      if byte != UInt8(ascii: "["), (0x40...0x7E).contains(byte) { isEscape = false }
    } else {
      kept.append(byte)
    }
  }
  return String(decoding: kept, as: UTF8.self)
}
