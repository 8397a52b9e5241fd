extension Diagram {
  /// Numbers of names lowered and of powers raised, as in a book: `T_1` is T₁.
  var withSubscripts: Diagram {
    var result = self
    for index in nodes.indices {
      let isRead = nodes[index].role == .earlier || nodes[index].role == .result
      let label = isRead ? Self.withMinus(nodes[index].label) : nodes[index].label
      result.nodes[index].label = Self.typeset(label)
      result.nodes[index].value = nodes[index].value.map(Self.withMinus)
      result.nodes[index].name = nodes[index].name.map(Self.typeset)
    }
    for index in captions.indices {
      result.captions[index].name = Self.typeset(captions[index].name)
      result.captions[index].text = Self.typeset(captions[index].text)
    }
    result.scale = scale.map { (Self.withMinus($0.low), Self.withMinus($0.high)) }
    return result
  }

  /// A hyphen is too short for a minus.
  private static func withMinus(_ text: String) -> String { text.replacing("-", with: "−") }

  private static func typeset(_ text: String) -> String {
    var result = ""
    var digits: [Character] = []
    for character in text {
      if let digit = character.wholeNumberValue, character.isASCII, digits.indices.contains(digit) {
        result.append(digits[digit])
      } else if character == "_" || character == "^" {
        digits = Array(character == "_" ? "₀₁₂₃₄₅₆₇₈₉" : "⁰¹²³⁴⁵⁶⁷⁸⁹")
        result.append(character)
      } else {
        digits = []
        result.append(character)
      }
    }
    for (sign, lifted) in [("_", "₀₁₂₃₄₅₆₇₈₉"), ("^", "⁰¹²³⁴⁵⁶⁷⁸⁹")] {
      for digit in lifted { result = result.replacing("\(sign)\(digit)", with: String(digit)) }
    }
    return result
  }
}
