/// Texts with their escapes.
extension TreePrinter {
  func quoted(_ pieces: [TextPiece]) -> String {
    var result = "\""
    for piece in pieces {
      switch piece {
      case .literal(let text): result += escaped(text)
      case .expression(let expression): result += "{" + text(expression) + "}"
      }
    }
    return result + "\""
  }

  func quoted(_ text: String) -> String { "\"" + escaped(text) + "\"" }

  private func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "{": result += "\\{"
      default:
        let isPlain = scalar.value >= 0x20 && scalar.value != 0x7F && (scalar.isASCII || !isASCII)
        if isPlain {
          result.unicodeScalars.append(scalar)
        } else {
          result += "\\u{" + String(scalar.value, radix: 16) + "}"
        }
      }
    }
    return result
  }

  /// A text between `"""`, if it says the same there; LaTeX reads better so.
  func raw(_ text: String) -> String? {
    guard text.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == 0x0A }), !text.contains("\"\"\""),
      !text.hasSuffix("\""), !text.contains("\r"), !isASCII || text.utf8.allSatisfy({ $0 < 0x80 })
    else { return nil }
    let content = text.contains("\n") || text.hasPrefix("\"") ? "\n" + text : text
    return RawText.value(of: content) == text ? "\"\"\"" + content + "\"\"\"" : nil
  }
}
