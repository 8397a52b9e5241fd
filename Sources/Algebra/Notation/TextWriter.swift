/// Formulas as text of the language, on one line.
struct TextWriter {
  /// Texts longer than this (by functions seen through many times) are cut.
  static let longest = 100_000

  private var texts: [String] = []

  /// The text of a part; what was written before is known still, as long as it is the same tree that grows.
  mutating func text(_ id: MathTree.ID, in tree: MathTree) -> String {
    while texts.count <= id.index {
      let text = write(tree.parts[texts.count])
      texts.append(text.utf8.count > TextWriter.longest ? "…" : text)
    }
    return texts[id.index]
  }

  private func write(_ part: MathTree.Part) -> String {
    switch part {
    case .number(let numeral): return numeral
    case .word(let word): return word
    case .identifier(let identifier): return TextWriter.text(identifier)
    case .sum(let terms):
      var text = ""
      for (position, term) in terms.enumerated() {
        if position > 0 { text += term.isNegative ? " - " : " + " } else if term.isNegative { text += "-" }
        text += self[term.part]
      }
      return text
    case .product(let factors, let joints):
      var text = ""
      for (position, factor) in factors.enumerated() {
        if position > 0 { text += joints[position - 1].isMatrixProduct ? " · " : " * " }
        text += self[factor]
      }
      return text
    case .fraction(let above, let below): return self[above] + " / " + self[below]
    case .power(let base, let exponent): return self[base] + "^" + self[exponent]
    case .transpose(let base): return self[base] + "ᵀ"
    case .brackets(let elements): return "[" + list(elements) + "]"
    case .apply(let operation, let arguments): return OperatorTable[operation].name + "(" + list(arguments) + ")"
    case .reduced(let operation, let inner): return OperatorTable[operation].name + "(" + self[inner] + ", over: 1)"
    case .total(let inner): return "total(" + self[inner] + ")"
    case .call(let name, let arguments): return name + "(" + list(arguments) + ")"
    case .derivative(let above, let below, _): return "∂" + self[above] + "/∂" + self[below]
    case .derivativeOperator(let by, let inner): return "∂/∂" + self[by] + " (" + self[inner] + ")"
    case .block(let matrix, let part): return self[matrix] + "[" + self[part] + "]"
    case .rows(let whole, let name): return self[whole] + "[" + name + "]"
    case .fence(let inner, _): return "(" + self[inner] + ")"
    case .entry(let whole, let indices): return self[whole] + "_" + indices
    case .summation(let name, let index, let inner): return name + "_" + index + " " + self[inner]
    }
  }

  private subscript(_ id: MathTree.ID) -> String { texts[id.index] }

  private func list(_ ids: [MathTree.ID]) -> String { ids.map { self[$0] }.joined(separator: ", ") }

  /// `c[t-1]`, `dh[t]`, `f[t]_j`, `U_f,jk`.
  static func text(_ identifier: MathTree.Identifier) -> String {
    var text = (identifier.isDifferential ? "d" : "") + identifier.name
    if let shift = identifier.shift { text += "[" + time(shift) + "]" }
    if !identifier.entry.isEmpty {
      text += (identifier.shift == nil && identifier.name.contains("_") ? "," : "_") + identifier.entry
    }
    return text
  }

  /// `t`, `t-1`.
  static func time(_ shift: Int) -> String { shift == 0 ? "t" : "t\(shift < 0 ? "-" : "+")\(shift.magnitude)" }
}

extension MathTree.Joint {
  var isMatrixProduct: Bool { self == .dot || self == .map }
}
