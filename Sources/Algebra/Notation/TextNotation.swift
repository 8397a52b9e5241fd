/// Expressions as text in the language, so that what is printed reads back as the same expression.
public struct TextNotation {
  /// How tightly a printed expression holds together; the grammar's levels.
  enum Level: Int, Comparable {
    case sum, product, sign, power, primary
    static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  struct Printed {
    var text: String
    var level: Level
    var isMatrixProduct = false
    var isQuotient = false
  }

  /// Texts longer than this (by functions seen through many times) are cut.
  static let longest = 100_000

  private let store: Store
  private var printed: [NodeID: Printed] = [:]

  public init(_ store: Store) { self.store = store }

  /// The text of an expression, on one line.
  public mutating func text(_ root: NodeID) -> String {
    for id in store.closure(of: [root]) where printed[id] == nil {
      var result = print(store[id])
      if result.text.utf8.count > TextNotation.longest {
        result = Printed(text: "…", level: .primary)
      }
      printed[id] = result
    }
    return printed[root]?.text ?? ""
  }

  /// `c[t]`, `c[t-1]`, `W_f`.
  public static func read(_ symbol: Symbol, shift: Int) -> String {
    switch symbol.kind {
    case .input, .variable:
      shift == 0 ? "\(symbol.name)[t]" : "\(symbol.name)[t\(shift < 0 ? "-" : "+")\(shift.magnitude)]"
    default: symbol.name
    }
  }

  private func of(_ id: NodeID) -> Printed { printed[id] ?? Printed(text: "…", level: .primary) }

  private func operand(_ id: NodeID, atLeast level: Level) -> String {
    let inner = of(id)
    return inner.level < level ? "(\(inner.text))" : inner.text
  }

  private func print(_ node: Node) -> Printed {
    switch node {
    case .number(let number):
      return Printed(text: number.description, level: number.isNegative ? .sign : .primary)
    case .constant(let constant): return Printed(text: constant.rawValue, level: .primary)
    case .time: return Printed(text: "t", level: .primary)
    case .read(let symbol, let shift):
      return Printed(text: TextNotation.read(store[symbol], shift: shift), level: .primary)
    case .identity: return Printed(text: "I", level: .primary)
    case .sum(let terms): return sum(terms)
    case .product(let factors): return product(factors)
    case .quotient(let a, let b):
      return Printed(
        text: operand(a, atLeast: .product) + " / " + operand(b, atLeast: .sign), level: .product,
        isQuotient: true)
    case .power(let a, let b):
      return Printed(text: operand(a, atLeast: .primary) + "^" + operand(b, atLeast: .power), level: .power)
    case .matrixProduct(let a, let b):
      let left = of(a).isMatrixProduct ? of(a).text : operand(a, atLeast: .sign)
      return Printed(
        text: left + " · " + rightOperand(b), level: .product, isMatrixProduct: true)
    case .transpose(let a): return Printed(text: operand(a, atLeast: .primary) + "ᵀ", level: .primary)
    case .concatenate(let parts):
      return Printed(text: "[" + parts.map { of($0).text }.joined(separator: ", ") + "]", level: .primary)
    case .apply(let operation, let arguments):
      let inner = arguments.map { of($0).text }.joined(separator: ", ")
      return Printed(text: "\(OperatorTable[operation].name)(\(inner))", level: .primary)
    case .total(let a): return Printed(text: "total(\(of(a).text))", level: .primary)
    case .seed(let symbol):
      return isJacobianSeed(symbol)
        ? Printed(text: "I", level: .primary) : Printed(text: "d\(store[symbol].name)", level: .primary)
    case .atom(let atom): return atomText(atom)
    case .block(let matrix, let part, let whole):
      return Printed(text: operand(matrix, atLeast: .primary) + "[\(blockName(part, of: whole))]", level: .primary)
    case .rows(let a, let target, _):
      return Printed(text: operand(a, atLeast: .primary) + "[\(store[target].name)]", level: .primary)
    case .zeros: return Printed(text: "0", level: .primary)
    case .named(_, let name, let shift):
      let time = shift == 0 ? "t" : "t\(shift < 0 ? "-" : "+")\(shift.magnitude)"
      return Printed(text: "\(name)[\(time)]", level: .primary)
    case .derivative(let a, let cut):
      guard isJacobianSeed(cut.symbol) else {
        if case .read = store[a] { return Printed(text: "d\(of(a).text)", level: .primary) }
        return Printed(text: "d(\(of(a).text))", level: .primary)
      }
      let by = TextNotation.read(store[cut.symbol], shift: cut.shift)
      if case .read = store[a] { return Printed(text: "∂\(of(a).text)/∂\(by)", level: .primary) }
      return Printed(text: "∂/∂\(by) (\(of(a).text))", level: .primary)
    }
  }

  // MARK: Derivations

  private func isJacobianSeed(_ symbol: SymbolID) -> Bool {
    store[symbol].kind == .variable || store[symbol].kind == .input
  }

  private func atomText(_ atom: Atom) -> Printed {
    let read = TextNotation.read(store[atom.symbol], shift: atom.shift)
    guard isJacobianSeed(atom.cut.symbol) else { return Printed(text: "d" + read, level: .primary) }
    let by = TextNotation.read(store[atom.cut.symbol], shift: atom.cut.shift)
    return Printed(text: "∂\(read)/∂\(by)", level: .primary)
  }

  /// A block is named by what it multiplies, without times where that is enough: `W_f[h]`, `W[r * h]`, `W_z[x[t-1]]`.
  public func blockName(_ part: NodeID, of whole: NodeID) -> String {
    let text = of(part).text
    guard case .concatenate(let parts) = store[whole] else { return text.withoutTimes }
    let isOnly = !parts.contains { $0 != part && of($0).text.withoutTimes == text.withoutTimes }
    return isOnly ? text.withoutTimes : text
  }

  /// `v * I` without I, as it is written next to + and =: nil if the node is no such product, 1 for I alone.
  private func diagonal(_ id: NodeID) -> Printed? {
    switch store[id] {
    case .seed(let symbol) where isJacobianSeed(symbol): return Printed(text: "1", level: .primary)
    case .product(let factors):
      guard let position = factors.firstIndex(where: { diagonal($0) != nil }), let inner = diagonal(factors[position])
      else { return nil }
      var rest = factors
      rest.remove(at: position)
      if inner.text == "1" { return rest.count == 1 ? of(rest[0]) : product(rest) }
      return nil
    case .quotient(let a, let b):
      guard let inner = diagonal(a) else { return nil }
      let above = inner.level < .product ? "(\(inner.text))" : inner.text
      return Printed(
        text: above + " / " + operand(b, atLeast: .sign), level: .product, isQuotient: true)
    default: return nil
    }
  }

  private func term(_ id: NodeID, atLeast level: Level) -> String {
    guard let inner = diagonal(id) else { return operand(id, atLeast: level) }
    // A sum that was a factor keeps its parentheses: (1 - z[t]) + ...
    return inner.level < level ? "(\(inner.text))" : inner.text
  }

  /// Right of `·` a vector is a vector, so a diagonal matrix is written out.
  private func rightOperand(_ id: NodeID) -> String {
    if let inner = diagonal(id), inner.text != "1" { return "diag(\(inner.text))" }
    if case .sum(let terms) = store[id], terms.allSatisfy({ diagonal($0.node) != nil }) {
      return "diag(" + sum(terms).text + ")"
    }
    return operand(id, atLeast: .sign)
  }

  /// The right side of a derivation.
  public mutating func derivative(_ root: NodeID) -> String {
    let text = text(root)
    return diagonal(root)?.text ?? text
  }

  private func sum(_ terms: [Term]) -> Printed {
    var text = ""
    for (position, term) in terms.enumerated() {
      if position == 0 {
        text = term.isNegative ? "-" + self.term(term.node, atLeast: .power) : self.term(term.node, atLeast: .product)
      } else {
        text += (term.isNegative ? " - " : " + ") + self.term(term.node, atLeast: .product)
      }
    }
    return Printed(text: text, level: terms.count == 1 && terms[0].isNegative ? .sign : .sum)
  }

  private func product(_ factors: [NodeID]) -> Printed {
    var texts: [String] = []
    for (position, factor) in factors.enumerated() {
      // a / b * c is (a / b) * c; a product of matrices takes parentheses, since U · r * h reads two ways, and so does
      // a product of its own, since a * b * c is one of three factors.
      let isLeading = position == 0 && of(factor).isQuotient
      texts.append(isLeading ? of(factor).text : operand(factor, atLeast: .sign))
    }
    return Printed(text: texts.joined(separator: " * "), level: .product)
  }
}
