/// Formulas as LaTeX, for the mathematics mode of any document with amsmath.
struct LaTeXWriter: TypesettingWriter {
  // MARK: Parts

  func typeset(_ part: MathTree.Part, in tree: MathTree, _ known: (MathTree.ID) -> Typeset) -> Typeset {
    switch part {
    case .number(let numeral): return number(numeral)
    case .word(let word): return LaTeXWriter.word(word)
    case .identifier(let identifier): return LaTeXWriter.identifier(identifier)
    case .sum(let terms):
      var result = Typeset(text: "", width: 0)
      for (position, term) in terms.enumerated() {
        result.append(sign(isNegative: term.isNegative, isFirst: position == 0))
        result.append(known(term.part))
      }
      return result
    case .product(let factors, let joints):
      var result = Typeset(text: "", width: 0)
      for (position, factor) in factors.enumerated() {
        if position > 0 { result.append(joint(joints[position - 1], factors[position - 1], factor, in: tree)) }
        let isClosed = tree.isTotal(factor) && position < factors.count - 1
        result.append(isClosed ? fenced("(", known(factor), ")") : known(factor))
      }
      return result
    case .fraction(let above, let below): return fraction(known(above), known(below))
    case .power(let base, let exponent): return power(base, known(exponent), in: tree, known)
    case .transpose(let base):
      if case .block(let matrix, let part) = tree[base], isFree(matrix, in: tree) {
        let name = known(part)
        let text = "\(known(matrix).text)^{(\(name.text))\\top}"
        return Typeset(text: text, width: known(matrix).width + name.width + 10)
      }
      return raised(base, Typeset(text: "\\top", width: 5), in: tree, known)
    case .brackets(let elements): return fenced("[", list(elements, known), "]")
    case .apply(let operation, let arguments): return apply(operation, arguments, known, exponent: nil)
    case .total(let inner):
      return prefixed("\\sum_{t} ", 16, tree.isSum(inner) ? fenced("(", known(inner), ")") : known(inner)).tall
    case .reduced(let operation, let inner):
      let name = functionName(OperatorTable[operation].name, operation)
      return joined(
        Typeset(text: name.text + "_{\\mathrm{rows}}", width: name.width + 16), fenced("(", known(inner), ")"))
    case .call(let name, let arguments):
      let inner = list(arguments, known)
      return joined(functionName(name, nil), fenced("(", inner, ")"))
    case .derivative(let above, let below, let held): return derivative(known(above), known(below), held, known)
    case .derivativeOperator(let by, let inner):
      return joined(derivativeOperator(by: known(by)), fenced("(", known(inner), ")"))
    case .block(let matrix, let part):
      let name = known(part)
      return raised(matrix, Typeset(text: "(\(name.text))", width: name.width + 8), in: tree, known)
    case .rows(let whole, let name):
      let base = known(whole)
      let mark = LaTeXWriter.identifier(MathTree.Identifier(name: name))
      return Typeset(text: "{\(base.text)}_{[\(mark.text)]}", width: base.width + mark.width, isTall: base.isTall)
    case .fence(let inner, let isOnlyInLine): return isOnlyInLine ? known(inner) : fenced("(", known(inner), ")")
    case .entry(let whole, let indices): return entry(whole, indices, in: tree, known)
    case .summation(let name, let index, let inner):
      let mark = name == "Σ" ? "\\sum" : "\\operatorname{\(name)}"
      return prefixed("\(mark)_{\(index)} ", 16 + 4 * name.count, known(inner)).tall
    }
  }

  func sign(isNegative: Bool, isFirst: Bool) -> Typeset {
    if isFirst { return isNegative ? Typeset(text: "-", width: 8) : Typeset(text: "", width: 0) }
    return Typeset(text: isNegative ? " - " : " + ", width: 12)
  }

  func joint(
    _ joint: MathTree.Joint, _ left: MathTree.ID, _ right: MathTree.ID, in tree: MathTree
  ) -> Typeset {
    switch joint {
    case .elementwise, .dot: return mark(joint)
    case .scaling:
      // 2 · 3, and 2 after a name, would run together.
      if tree.beginsWithDigit(right) { return mark(joint) }
      return tree.endsBare(left) && tree.beginsWithBracket(right)
        ? Typeset(text: " \\, ", width: 2) : Typeset(text: " ", width: 1)
    case .map:
      // W (r ⊙ h) would read as a function of r ⊙ h.
      if tree.endsBare(left), tree.beginsWithBracket(right) { return mark(joint) }
      return tree.isPlainIdentifier(left) && tree.isPlainIdentifier(right)
        ? Typeset(text: " ", width: 0) : Typeset(text: " \\, ", width: 2)
    }
  }

  func mark(_ joint: MathTree.Joint) -> Typeset {
    joint == .elementwise ? Typeset(text: " \\odot ", width: 12) : Typeset(text: " \\cdot ", width: 8)
  }

  var comma: Typeset { Typeset(text: ", ", width: 5) }
  var slash: Typeset { Typeset(text: " / ", width: 6) }

  func bracket(_ bracket: String, isOpening: Bool, isTall: Bool) -> Typeset {
    let size = isTall ? "\\biggl" : "\\bigl"
    return Typeset(
      text: (isOpening ? size : String(size.dropLast()) + "r") + bracket, width: isTall ? 7 : 5, isTall: isTall)
  }

  func functionName(_ name: String, _ operation: Operator.ID?) -> Typeset {
    if let operation {
      let latex = OperatorTable[operation].latex
      return Typeset(text: latex, width: name.count * 5 + 1)
    }
    return Typeset(text: "\\operatorname{\(name)}", width: name.count * 5)
  }

  func ranges(_ groups: [(letters: [String], widths: [Dimension])], _ shapes: ShapeSolution) -> String {
    func text(_ width: Dimension) -> String {
      let text = width.text { LaTeXWriter.identifier(MathTree.Identifier(name: shapes.name($0))).text }
      return text.map { $0 == "·" ? " \\, " : String($0) }.joined()
    }
    return "\\text{with } "
      + groups.map { group in
        group.letters.joined(separator: ", ") + " = 1, \\ldots, "
          + group.widths.map(text).joined(separator: " \\text{ or } ")
      }.joined(separator: "; \\quad ")
  }

  func derivativeOperator(by variable: Typeset) -> Typeset {
    fraction(Typeset(text: "\\partial", width: 6), prefixed("\\partial ", 6, variable))
  }

  func words(_ words: String) -> Typeset {
    Typeset(text: "\\text{\(LaTeXProse.text(words)) }", width: 5 * words.count + 3)
  }

  // MARK: Pieces

  private func number(_ numeral: String) -> Typeset {
    guard let mark = numeral.firstIndex(of: "e") else { return Typeset(text: numeral, width: 5 * numeral.count) }
    let mantissa = numeral[..<mark]
    let exponent = numeral[numeral.index(after: mark)...]
    let head = mantissa == "1" ? "" : mantissa + " \\cdot "
    return Typeset(text: "\(head)10^{\(exponent)}", width: 5 * numeral.count + 8)
  }

  private static func word(_ word: String) -> Typeset {
    let known = ["π": "\\pi", "∞": "\\infty", "…": "\\ldots"]
    return Typeset(text: known[word] ?? word, width: 6 * word.count)
  }

  private func fraction(_ above: Typeset, _ below: Typeset) -> Typeset {
    Typeset(text: "\\frac{\(above.text)}{\(below.text)}", width: max(above.width, below.width) + 3, isTall: true)
  }

  private func derivative(
    _ above: Typeset, _ below: Typeset, _ held: [MathTree.ID], _ known: (MathTree.ID) -> Typeset
  ) -> Typeset {
    let bar = fraction(prefixed("\\partial ", 6, above), prefixed("\\partial ", 6, below))
    guard !held.isEmpty else { return bar }
    let list = list(held, known)
    return Typeset(text: "\\left.\(bar.text)\\right|_{\(list.text)}", width: bar.width + 3 + list.width, isTall: true)
  }

  /// `\tanh^{2}(z)`, `f_t^{2}`.
  private func power(
    _ base: MathTree.ID, _ exponent: Typeset, in tree: MathTree, _ known: (MathTree.ID) -> Typeset
  ) -> Typeset {
    if case .apply(let operation, let arguments) = tree[base], exponent.text.allSatisfy({ ("0"..."9").contains($0) }) {
      return apply(operation, arguments, known, exponent: exponent)
    }
    return raised(base, exponent, in: tree, known)
  }

  /// Something above the end of a base, in braces if the base has something there already.
  private func raised(
    _ base: MathTree.ID, _ above: Typeset, in tree: MathTree, _ known: (MathTree.ID) -> Typeset
  ) -> Typeset {
    let inner = tree.isTotal(base) ? fenced("(", known(base), ")") : known(base)
    let text = isFree(base, in: tree) ? "\(inner.text)^{\(above.text)}" : "{\(inner.text)}^{\(above.text)}"
    return Typeset(text: text, width: inner.width + above.width * 7 / 10, isTall: inner.isTall)
  }

  private func isFree(_ id: MathTree.ID, in tree: MathTree) -> Bool {
    switch tree[id] {
    case .number, .word, .fence, .brackets, .total: true
    case .identifier(let identifier): LaTeXWriter.isFreeAbove(identifier)
    default: false
    }
  }

  /// Nothing stands above the end of it.
  private static func isFreeAbove(_ identifier: MathTree.Identifier) -> Bool {
    let name = MathName(identifier.name)
    return name.primes == 0 && name.owners.isEmpty && !identifier.isDifferential
  }

  private func apply(
    _ operation: Operator.ID, _ arguments: [MathTree.ID], _ known: (MathTree.ID) -> Typeset, exponent: Typeset?
  ) -> Typeset {
    let row = OperatorTable[operation]
    let inner = list(arguments, known)
    let raised = exponent.map { "^{\($0.text)}" } ?? ""
    let width = (exponent?.width ?? 0) + inner.width
    switch row.name {
    case "sqrt" where exponent == nil:
      return Typeset(text: "\\sqrt{\(inner.text)}", width: width + 9, isTall: inner.isTall)
    case "abs":
      return Typeset(text: "\\left|\(inner.text)\\right|\(raised)", width: width + 6, isTall: inner.isTall)
    default:
      let name = functionName(row.name == "sqrt" ? "\\operatorname{sqrt}" : row.name, operation)
      let head = Typeset(text: name.text + raised, width: name.width + (exponent?.width ?? 0))
      return joined(head, fenced("(", inner, ")"))
    }
  }

  /// `W_{f,jl}^{(h)}`, `(A B)_{jk}`.
  private func entry(
    _ whole: MathTree.ID, _ indices: String, in tree: MathTree, _ known: (MathTree.ID) -> Typeset
  ) -> Typeset {
    if case .block(let matrix, let part) = tree[whole], case .identifier(var identifier) = tree[matrix] {
      identifier.entry = indices
      let base = LaTeXWriter.identifier(identifier)
      let name = known(part)
      let text = LaTeXWriter.isFreeAbove(identifier) ? base.text : "{\(base.text)}"
      return Typeset(text: "\(text)^{(\(name.text))}", width: base.width + name.width)
    }
    let base = known(whole)
    return Typeset(
      text: "{\(base.text)}_{\(indices)}", width: base.width + 4 * indices.count, isTall: base.isTall)
  }

  private func fenced(_ open: String, _ inner: Typeset, _ close: String) -> Typeset {
    if inner.isTall {
      return Typeset(text: "\\left\(open)\(inner.text)\\right\(close)", width: inner.width + 14, isTall: true)
    }
    return Typeset(text: open + inner.text + close, width: inner.width + 8)
  }

  private func list(_ ids: [MathTree.ID], _ known: (MathTree.ID) -> Typeset) -> Typeset {
    var result = Typeset(text: "", width: 0)
    for (position, id) in ids.enumerated() {
      if position > 0 { result.append(comma) }
      result.append(known(id))
    }
    return result
  }

  private func joined(_ left: Typeset, _ right: Typeset) -> Typeset {
    var result = left
    result.append(right)
    return result
  }

  private func prefixed(_ text: String, _ width: Int, _ right: Typeset) -> Typeset {
    joined(Typeset(text: text, width: width), right)
  }
}

extension Typeset {
  fileprivate mutating func append(_ other: Typeset) {
    // A command ends before a letter.
    if let last = text.last, last.isLetter, let first = other.text.first, first.isLetter, endsInCommand { text += " " }
    text += other.text
    width += other.width
    isTall = isTall || other.isTall
  }

  private var endsInCommand: Bool {
    guard let mark = text.lastIndex(of: "\\") else { return false }
    return text[text.index(after: mark)...].allSatisfy { $0.isLetter }
  }

  fileprivate var tall: Typeset {
    var result = self
    result.isTall = true
    return result
  }
}
