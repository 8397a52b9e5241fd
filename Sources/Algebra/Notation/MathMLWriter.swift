import Typography

/// Formulas as Presentation MathML, of the elements that browsers draw (MathML Core).
struct MathMLWriter: TypesettingWriter {
  // MARK: Parts

  func typeset(_ part: MathTree.Part, in tree: MathTree, _ known: (MathTree.ID) -> Typeset) -> Typeset {
    switch part {
    case .number(let numeral): return Typeset(text: "<mn>\(numeral)</mn>", width: 5 * numeral.count)
    case .word(let word): return MathMLWriter.element("mi", word, width: 6 * word.count)
    case .identifier(let identifier): return MathMLWriter.identifier(identifier)
    case .sum(let terms):
      var result = Typeset(text: "", width: 0)
      for (position, term) in terms.enumerated() {
        result += sign(isNegative: term.isNegative, isFirst: position == 0)
        result += known(term.part)
      }
      return row(result)
    case .product(let factors, let joints):
      var result = Typeset(text: "", width: 0)
      for (position, factor) in factors.enumerated() {
        if position > 0 { result += joint(joints[position - 1], factors[position - 1], factor, in: tree) }
        let isClosed = tree.isTotal(factor) && position < factors.count - 1
        result += isClosed ? fenced("(", known(factor), ")") : known(factor)
      }
      return row(result)
    case .fraction(let above, let below): return fraction(known(above), known(below))
    case .power(let base, let exponent):
      let above = known(exponent)
      if case .apply(let operation, let arguments) = tree[base], case .number = tree[exponent] {
        return apply(operation, list(arguments, known), exponent: above)
      }
      return raised(base, above, in: tree, known)
    case .transpose(let base):
      if case .block(let matrix, let part) = tree[base] {
        return raised(matrix, fenced("(", known(part), ")") + mark("⊤", 5), in: tree, known)
      }
      return raised(base, mark("⊤", 5), in: tree, known)
    case .brackets(let elements): return fenced("[", list(elements, known), "]")
    case .apply(let operation, let arguments): return apply(operation, list(arguments, known), exponent: nil)
    case .total(let inner):
      let sum = Typeset(
        text: "<munder><mo movablelimits=\"false\">∑</mo><mi>t</mi></munder>", width: 16, isTall: true)
      return row(sum + (tree.isSum(inner) ? fenced("(", known(inner), ")") : known(inner)))
    case .reduced(let operation, let inner):
      let name = MathMLWriter.element("mi", OperatorTable[operation].name, width: 20)
      let rows = MathMLWriter.element("mtext", "rows", width: 20)
      return row(lowered(name, rows) + mark("\u{2061}", 0) + fenced("(", known(inner), ")"))
    case .call(let name, let arguments): return row(functionName(name, nil) + fenced("(", list(arguments, known), ")"))
    case .derivative(let above, let below, let held):
      let bar = fraction(mark("∂", 6) + known(above), mark("∂", 6) + known(below))
      guard !held.isEmpty else { return bar }
      let list = list(held, known)
      let stem = bar + Typeset(text: "<mo stretchy=\"true\">|</mo>", width: 3)
      return Typeset(
        text: "<msub><mrow>\(stem.text)</mrow><mrow>\(list.text)</mrow></msub>", width: stem.width + list.width,
        isTall: true)
    case .derivativeOperator(let by, let inner):
      return row(derivativeOperator(by: known(by)) + fenced("(", known(inner), ")"))
    case .block(let matrix, let part): return raised(matrix, fenced("(", known(part), ")"), in: tree, known)
    case .rows(let whole, let name):
      return lowered(known(whole), fenced("[", MathMLWriter.identifier(MathTree.Identifier(name: name)), "]"))
    case .fence(let inner, let isOnlyInLine): return isOnlyInLine ? known(inner) : fenced("(", known(inner), ")")
    case .entry(let whole, let indices):
      if case .block(let matrix, let part) = tree[whole], case .identifier(var identifier) = tree[matrix] {
        identifier.entry = indices
        return MathMLWriter.identifier(identifier, raised: fenced("(", known(part), ")"))
      }
      return lowered(known(whole), MathMLWriter.entry(indices))
    case .summation(let name, let index, let inner):
      let mark = name == "Σ" ? "<mo movablelimits=\"false\">∑</mo>" : "<mi>\(name)</mi>"
      let sum = "<munder>\(mark)\(MathMLWriter.entry(index).text)</munder>"
      return row(Typeset(text: sum, width: 16 + 4 * name.count, isTall: true) + known(inner))
    }
  }

  func sign(isNegative: Bool, isFirst: Bool) -> Typeset {
    if isFirst {
      return isNegative ? Typeset(text: "<mo form=\"prefix\">−</mo>", width: 8) : Typeset(text: "", width: 0)
    }
    return Typeset(text: "<mo form=\"infix\">\(isNegative ? "−" : "+")</mo>", width: 12)
  }

  func joint(
    _ joint: MathTree.Joint, _ left: MathTree.ID, _ right: MathTree.ID, in tree: MathTree
  ) -> Typeset {
    let isMarked =
      switch joint {
      case .elementwise, .dot: true
      case .scaling: tree.beginsWithDigit(right)
      case .map: tree.endsBare(left) && tree.beginsWithBracket(right)
      }
    // The invisible times, which readers aloud say.
    guard isMarked else {
      let isClose = joint == .scaling || tree.isPlainIdentifier(left) && tree.isPlainIdentifier(right)
      let space = isClose ? "" : "<mspace width=\"0.17em\"/>"
      return Typeset(text: "<mo>\u{2062}</mo>\(space)", width: 2)
    }
    return mark(joint)
  }

  func mark(_ joint: MathTree.Joint) -> Typeset { joint == .elementwise ? mark("⊙", 12) : mark("⋅", 8) }

  var comma: Typeset { mark(",", 5) }
  var slash: Typeset { mark("/", 6) }

  func bracket(_ bracket: String, isOpening: Bool, isTall: Bool) -> Typeset {
    let size = isTall ? " minsize=\"2em\"" : ""
    return Typeset(
      text: "<mo form=\"\(isOpening ? "prefix" : "postfix")\" stretchy=\"\(isTall)\"\(size)>\(bracket)</mo>",
      width: isTall ? 7 : 5, isTall: isTall)
  }

  func functionName(_ name: String, _ operation: Operator.ID?) -> Typeset {
    MathMLWriter.element("mi", name, width: 5 * name.count + 1) + Typeset(text: "<mo>\u{2061}</mo>", width: 0)
  }

  func ranges(_ groups: [(letters: [String], widths: [Dimension])], _ shapes: ShapeSolution) -> String {
    let texts = groups.map { group in
      group.letters.joined(separator: ", ") + " = 1, …, " + group.widths.map(shapes.text).joined(separator: " or ")
    }
    return MathMLWriter.element("mtext", "with " + texts.joined(separator: "; "), width: 0).text
  }

  func derivativeOperator(by variable: Typeset) -> Typeset { fraction(mark("∂", 6), mark("∂", 6) + variable) }

  func words(_ words: String) -> Typeset { MathMLWriter.element("mtext", words + "\u{a0}", width: 5 * words.count + 3) }

  // MARK: Pieces

  private func mark(_ text: String, _ width: Int) -> Typeset { Typeset(text: "<mo>\(text)</mo>", width: width) }

  private static func element(_ name: String, _ text: String, width: Int) -> Typeset {
    Typeset(text: "<\(name)>\(escaped(text))</\(name)>", width: width)
  }

  private func row(_ inner: Typeset) -> Typeset {
    Typeset(text: "<mrow>\(inner.text)</mrow>", width: inner.width, isTall: inner.isTall)
  }

  private func fraction(_ above: Typeset, _ below: Typeset) -> Typeset {
    Typeset(
      text: "<mfrac><mrow>\(above.text)</mrow><mrow>\(below.text)</mrow></mfrac>",
      width: max(above.width, below.width) + 3, isTall: true)
  }

  /// Above the end of a base: of a letter above its subscripts.
  private func raised(
    _ base: MathTree.ID, _ above: Typeset, in tree: MathTree, _ known: (MathTree.ID) -> Typeset
  ) -> Typeset {
    if case .identifier(let identifier) = tree[base] { return MathMLWriter.identifier(identifier, raised: above) }
    return raised(tree.isTotal(base) ? fenced("(", known(base), ")") : known(base), above)
  }

  private func raised(_ base: Typeset, _ above: Typeset) -> Typeset {
    Typeset(
      text: "<msup><mrow>\(base.text)</mrow><mrow>\(above.text)</mrow></msup>",
      width: base.width + above.width * 7 / 10, isTall: base.isTall)
  }

  private func lowered(_ base: Typeset, _ below: Typeset) -> Typeset {
    Typeset(
      text: "<msub><mrow>\(base.text)</mrow><mrow>\(below.text)</mrow></msub>",
      width: base.width + below.width * 7 / 10, isTall: base.isTall)
  }

  private func apply(_ operation: Operator.ID, _ inner: Typeset, exponent: Typeset?) -> Typeset {
    let name = OperatorTable[operation].name
    let raised = exponent.map { self.raised(Typeset(text: "", width: 0), $0).width } ?? 0
    switch name {
    case "sqrt" where exponent == nil:
      return Typeset(text: "<msqrt>\(inner.text)</msqrt>", width: inner.width + 9, isTall: inner.isTall)
    case "abs":
      let bars = fenced("|", inner, "|")
      return exponent.map { self.raised(bars, $0) } ?? bars
    default:
      var head = functionName(name, operation)
      if let exponent {
        let letters = MathMLWriter.element("mi", name, width: 0)
        head.text = "<msup>\(letters.text)<mrow>\(exponent.text)</mrow></msup><mo>\u{2061}</mo>"
        head.width += raised
      }
      return row(head + fenced("(", inner, ")"))
    }
  }

  private func fenced(_ open: String, _ inner: Typeset, _ close: String) -> Typeset {
    let stretch = inner.isTall ? "" : " stretchy=\"false\""
    return Typeset(
      text: "<mrow><mo form=\"prefix\"\(stretch)>\(open)</mo>\(inner.text)"
        + "<mo form=\"postfix\"\(stretch)>\(close)</mo></mrow>",
      width: inner.width + (inner.isTall ? 14 : 8), isTall: inner.isTall)
  }

  private func list(_ ids: [MathTree.ID], _ known: (MathTree.ID) -> Typeset) -> Typeset {
    var result = Typeset(text: "", width: 0)
    for (position, id) in ids.enumerated() {
      if position > 0 { result += comma }
      result += known(id)
    }
    return result
  }

  // MARK: Names

  /// - Parameter raised: what stands above besides its own.
  static func identifier(_ identifier: MathTree.Identifier, raised: Typeset? = nil) -> Typeset {
    let name = MathName(identifier.name)
    var base = letters(name.letters)
    if identifier.isDifferential {
      base = Typeset(text: "<mrow><mi mathvariant=\"normal\">d</mi>\(base.text)</mrow>", width: base.width + 5)
    }
    var below = name.subscripts.map { letters($0) }
    if let shift = identifier.shift { below.append(time(shift)) }
    if !identifier.entry.isEmpty { below.append(entry(identifier.entry)) }
    var above: [Typeset] = []
    if name.primes > 0 { above.append(Typeset(text: String(repeating: "<mo>′</mo>", count: name.primes), width: 3)) }
    above += name.owners.map { element("mtext", $0, width: 4 * $0.count) }
    if let raised { above.append(raised) }
    return scripted(base, below: below, above: above)
  }

  private static func scripted(_ base: Typeset, below: [Typeset], above: [Typeset]) -> Typeset {
    func row(_ scripts: [Typeset]) -> String {
      "<mrow>" + scripts.map(\.text).joined(separator: "<mo>,</mo>") + "</mrow>"
    }
    func width(_ scripts: [Typeset]) -> Int { scripts.reduce(2 * max(scripts.count - 1, 0)) { $0 + $1.width * 7 / 10 } }
    let whole = base.width + max(width(below), width(above))
    switch (below.isEmpty, above.isEmpty) {
    case (true, true): return base
    case (false, true): return Typeset(text: "<msub>\(base.text)\(row(below))</msub>", width: whole)
    case (true, false): return Typeset(text: "<msup>\(base.text)\(row(above))</msup>", width: whole)
    case (false, false):
      return Typeset(text: "<msubsup>\(base.text)\(row(below))\(row(above))</msubsup>", width: whole)
    }
  }

  private static func time(_ shift: Int) -> Typeset {
    guard shift != 0 else { return Typeset(text: "<mi>t</mi>", width: 4) }
    return Typeset(
      text: "<mi>t</mi><mo>\(shift < 0 ? "−" : "+")</mo><mn>\(shift.magnitude)</mn>",
      width: 12 + 5 * String(shift.magnitude).count)
  }

  static func entry(_ indices: String) -> Typeset {
    Typeset(text: "<mrow>" + indices.map { "<mi>\($0)</mi>" }.joined() + "</mrow>", width: 5 * indices.count)
  }

  private static func letters(_ letters: [MathName.Letter]) -> Typeset {
    let isGreek = letters.first.map { (0x370...0x3FF).contains($0.base.value) } ?? false
    if letters.contains(where: { !$0.accents.isEmpty }) || isGreek && letters.count > 1 {
      return Typeset(text: "<mrow>" + letters.map(letter).joined() + "</mrow>", width: 6 * letters.count)
    }
    let isNumber = !letters.isEmpty && letters.allSatisfy { ("0"..."9").contains($0.base) }
    return element(
      isNumber ? "mn" : "mi", String(String.UnicodeScalarView(letters.map(\.base))), width: 6 * letters.count)
  }

  private static func letter(_ letter: MathName.Letter) -> String {
    letter.accents.reduce(element("mi", String(letter.base), width: 0).text) { base, accent in
      "<mover accent=\"true\">\(base)<mo stretchy=\"false\">\(spacing[accent] ?? "˙")</mo></mover>"
    }
  }

  /// Accents as characters of their own.
  private static let spacing: [Unicode.Scalar: String] = [
    "\u{302}": "^", "\u{304}": "¯", "\u{303}": "~", "\u{307}": "˙", "\u{308}": "¨", "\u{301}": "´", "\u{300}": "`",
    "\u{30C}": "ˇ", "\u{306}": "˘", "\u{20D7}": "→", "\u{30A}": "˚",
  ]

  static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      default: result.append(character)
      }
    }
  }
}

extension Typeset {
  fileprivate static func + (left: Typeset, right: Typeset) -> Typeset {
    Typeset(text: left.text + right.text, width: left.width + right.width, isTall: left.isTall || right.isTall)
  }

  fileprivate static func += (left: inout Typeset, right: Typeset) {
    left.text += right.text
    left.width += right.width
    left.isTall = left.isTall || right.isTall
  }
}
