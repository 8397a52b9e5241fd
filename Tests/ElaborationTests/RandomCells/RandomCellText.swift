/// Writes random cells as text, by itself: random but legal spacing, redundant parentheses, and every spelling that
/// language.md has for the same thing.
struct RandomCellText {
  private let cell: RandomCell
  private var chance: Chance

  static func text(_ cell: RandomCell) -> String {
    var writer = RandomCellText(cell: cell, chance: Chance(cell.spellingSeed))
    return writer.whole()
  }

  /// The functions that cells may call, in the language.
  static let functions = """
    fn swish_2(z, b) = z * σ(b * z)
    fn mix(a, b, c) {
      kept = a * b
      return kept + (1 - a) * c
    }
    """

  private init(cell: RandomCell, chance: Chance) {
    self.cell = cell
    self.chance = chance
  }

  // MARK: Lines

  private mutating func whole() -> String {
    let inputs = cell.inputs.map { name(cell.symbols[$0].name) }.joined(separator: chance.pick([", ", ","]))
    var header = "cell Random(\(inputs))"
    if cell.namesOutputs {
      header +=
        chance.pick([" -> ", " → ", "->"]) + cell.outputs.map { name(cell.symbols[$0].name) }.joined(separator: ", ")
    }
    var lines: [String] = []
    if let purpose = cell.purpose { lines.append(RandomCellText.quoted(purpose)) }
    for index in cell.order { lines.append(equation(cell.equations[index])) }
    lines += settings()
    let isOnOneLine = chance.happens(0.1) && cell.purpose == nil
    if isOnOneLine { return header + " { " + lines.joined(separator: "; ") + " }" }
    let body = lines.map { line in
      "  " + line + (chance.happens(0.1) ? "  # \(chance.pick(["a note", "1 - z", "}", "\"", "σ"]))" : "")
    }
    return ([header + " {"] + body + ["}"]).joined(separator: "\n")
  }

  private mutating func equation(_ equation: RandomCell.Equation) -> String {
    let isTimed = cell.symbols[equation.targets[0]].role == .variable
    let targets = equation.targets.map {
      isTimed ? timed(cell.symbols[$0].name, delay: 0) : name(cell.symbols[$0].name)
    }
    let left = targets.count == 1 ? targets[0] : "[" + targets.joined(separator: ", ") + "]"
    var line = left + chance.pick([" = ", "=", "  = "]) + text(equation.body)
    if let purpose = equation.purpose {
      line += chance.pick(["  ", " ", "\n    "]) + RandomCellText.quoted(purpose)
    }
    return line
  }

  private mutating func settings() -> [String] {
    var lines: [String] = []
    let used = cell.used()
    for index in cell.symbols.indices {
      let symbol = cell.symbols[index]
      if symbol.role == .constant { lines.append("const \(name(symbol.name)) = \(symbol.constant)") }
      if symbol.role == .parameter, symbol.isDeclared, used.contains(index) {
        lines.append("param \(name(symbol.name)): \(dimensions(symbol.shape))")
      }
    }
    lines += cell.initials.map { "init \($0)" }
    for start in cell.starts {
      lines.append("init \(name(cell.symbols[start.variable].name))[\(start.time)] = \(text(start.value))")
    }
    lines += cell.learned.map { "learn \(name(cell.symbols[$0].name))[0]" }
    return lines
  }

  private mutating func dimensions(_ shape: KnownShape) -> String {
    guard shape != .number else { return "1" }
    let isMatrix = shape.forms.count == 2
    return shape.forms.map { form in
      var parts = form.parts.sorted { $0.key < $1.key }.map { part -> String in
        part.value == 1 ? part.key : "\(part.value)" + chance.pick(["·", " * ", "*", " · "]) + part.key
      }
      parts = chance.shuffled(parts)
      if form.constant != 0 { parts.append("\(form.constant)") }
      let sum = parts.joined(separator: chance.pick([" + ", "+"]))
      return isMatrix && parts.count > 1 ? "(\(sum))" : sum
    }.joined(separator: chance.pick([" × ", " x "]))
  }

  static func quoted(_ text: String) -> String {
    "\""
      + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("{", with: "\\{") + "\""
  }

  // MARK: Names

  private mutating func name(_ name: String) -> String {
    var result = name
    let accents: [(String, [String])] = [
      ("\u{303}", ["\u{303}", "~", "\\tilde"]), ("\u{302}", ["\u{302}", "\\hat"]), ("\u{304}", ["\u{304}", "\\bar"]),
    ]
    for (accent, spellings) in accents where result.unicodeScalars.contains(accent.unicodeScalars.first ?? " ") {
      result = RandomCellText.replace(accent, with: chance.pick(spellings), in: result)
    }
    for (letter, spelling) in [
      ("α", "\\alpha"), ("γ", "\\gamma"), ("δ", "\\delta"), ("ω", "\\omega"), ("Θ", "\\Theta"), ("β", "\\beta"),
      ("ζ", "\\zeta"),
    ]
    where result == letter && chance.happens(0.4) { result = spelling }
    if result.hasSuffix("_1"), chance.happens(0.3) { result = String(result.dropLast(2)) + "₁" }
    if result.hasSuffix("_2"), chance.happens(0.3) { result = String(result.dropLast(2)) + chance.pick(["₂", "_{2}"]) }
    if result == "W_xi", chance.happens(0.5) { result = "W_{xi}" }
    if result == "b_α", chance.happens(0.5) { result = "b_\\alpha" }
    return result
  }

  private static func replace(_ old: String, with new: String, in text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if String(scalar) == old { scalars.append(contentsOf: new.unicodeScalars) } else { scalars.append(scalar) }
    }
    return String(scalars)
  }

  private mutating func timed(_ name: String, delay: Int) -> String {
    let spelled = self.name(name)
    let isPlain = !name.contains("_") && !spelled.hasPrefix("\\")
    if delay == 0 {
      switch chance.below(6) {
      case 0 where isPlain: return spelled + "_t"
      case 1 where isPlain: return spelled + "_{t}"
      case 2 where isPlain: return spelled + "ₜ"
      case 3: return spelled + "[ t ]"
      default: return spelled + "[t]"
      }
    }
    switch chance.below(6) {
    case 0 where isPlain: return spelled + "_{t-\(delay)}"
    case 1 where isPlain: return spelled + "ₜ₋" + ["₀", "₁", "₂", "₃"][min(delay, 3)]
    case 2: return spelled + "[t - \(delay)]"
    case 3: return spelled + "[t−\(delay)]"
    default: return spelled + "[t-\(delay)]"
    }
  }

  // MARK: Expressions

  /// How tightly what is written holds together.
  private enum Level: Int, Comparable {
    case sum, product, sign, power, primary
    static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  private mutating func text(_ tree: RandomTree) -> String { write(tree).text }

  private mutating func operand(_ tree: RandomTree, _ level: Level) -> String {
    let inner = write(tree)
    if inner.level < level { return chance.happens(0.1) ? "( \(inner.text) )" : "(\(inner.text))" }
    return chance.happens(0.08) ? "(\(inner.text))" : inner.text
  }

  private mutating func join(_ left: String, _ mark: String, _ right: String) -> String {
    // h_t-1 without spaces means two things; a sign after an operator reads better apart.
    let needsSpace = left.hasSuffix("_t") || left.hasSuffix("ₜ") || right.hasPrefix("-") || right.hasPrefix(".")
    if needsSpace || chance.happens(0.7) { return left + " " + mark + " " + right }
    return chance.happens(0.9) ? left + mark + right : left + "  " + mark + "  " + right
  }

  private mutating func write(_ tree: RandomTree) -> (text: String, level: Level) {
    switch tree {
    case .literal(let text): return (text, .primary)
    case .named("π"): return (chance.pick(["π", "pi", "\\pi"]), .primary)
    case .named(let name): return (name, .primary)
    case .time: return ("t", .primary)
    case .identity: return ("I", .primary)
    case .read(let symbol, let delay): return (timed(cell.symbols[symbol].name, delay: delay), .primary)
    case .parameter(let symbol): return (name(cell.symbols[symbol].name), .primary)
    case .sum(let terms): return sum(terms)
    case .product(let factors): return (product(factors), .product)
    case .quotient(let a, let b):
      let left = if case .matrixProduct = a { "(" + text(a) + ")" } else { operand(a, .product) }
      return (join(left, "/", operand(b, .sign)), .product)
    case .power(let base, let exponent): return power(base, exponent)
    case .matrixProduct(let a, let b):
      return (join(operand(a, .product), chance.pick(["·", "·", "@", "⋅"]), operand(b, .sign)), .product)
    case .transpose(let a): return (operand(a, .primary) + chance.pick(["ᵀ", "'", "ᵀ"]), .primary)
    case .concatenate(let parts):
      return ("[" + parts.map { text($0) }.joined(separator: chance.pick([", ", ",", " ,\n      "])) + "]", .primary)
    case .apply(let name, let arguments): return apply(name, arguments)
    case .call(let name, let arguments):
      return (name + "(" + arguments.map { text($0) }.joined(separator: ", ") + ")", .primary)
    }
  }

  private mutating func sum(_ terms: [RandomTerm]) -> (String, Level) {
    guard let first = terms.first else { return ("0", .primary) }
    if terms.count == 1 { return (first.isNegative ? "-" + operand(first.tree, .sign) : text(first.tree), .sign) }
    var result = first.isNegative ? "-" + operand(first.tree, .sign) : operand(first.tree, .product)
    for term in terms.dropFirst() {
      result = join(result, term.isNegative ? chance.pick(["-", "−"]) : "+", operand(term.tree, .product))
    }
    return (result, .sum)
  }

  private mutating func product(_ factors: [RandomTree]) -> String {
    var result = ""
    for (position, factor) in factors.enumerated() {
      // U · r * h would read two ways.
      let isMatrixProduct = if case .matrixProduct = factor { true } else { false }
      let factorText =
        isMatrixProduct ? "(" + text(factor) + ")" : operand(factor, position == 0 ? .product : .sign)
      result = position == 0 ? factorText : join(result, chance.pick(["*", "*", "⊙", "∘", "\\odot", "∗"]), factorText)
      // A name made of letters must not run into the next.
      if result.contains("\\odot"), !result.contains("\\odot ") {
        result = result.replacing("\\odot", with: "\\odot ")
      }
    }
    return result
  }

  private mutating func power(_ base: RandomTree, _ exponent: RandomTree) -> (String, Level) {
    if case .literal(let digits) = exponent, let mark = ["2": "²", "3": "³"][digits] {
      if case .apply("tanh", let arguments) = base, chance.happens(0.3) {
        return ("tanh" + mark + "(" + text(arguments[0]) + ")", .power)
      }
      if chance.happens(0.4) { return (operand(base, .primary) + mark, .power) }
    }
    return (operand(base, .primary) + chance.pick(["^", " ^ "]) + operand(exponent, .sign), .power)
  }

  private mutating func apply(_ name: String, _ arguments: [RandomTree]) -> (String, Level) {
    let spellings: [String: [String]] = [
      "σ": ["σ", "σ", "sigmoid", "\\sigma"], "log": ["log", "ln"], "sqrt": ["sqrt", "√"], "atan": ["atan", "arctan"],
      "silu": ["silu"], "LN": ["LN", "layernorm"],
    ]
    let spelled = chance.pick(spellings[name] ?? [name])
    let inner = arguments.map { text($0) }.joined(separator: chance.pick([", ", ","]))
    let isWide = chance.happens(0.05)
    return (spelled + (isWide ? "(\n    \(inner)\n  )" : "(\(inner))"), .primary)
  }
}
