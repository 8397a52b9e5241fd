import Algebra
import Syntax

/// Names of answers: differentials, derivatives, blocks, `diag`.
extension AnswerContext {
  /// `q_h[t-1]`: what derivations give a name.
  func abbreviation(_ name: String, shift: Int) -> NodeID? {
    blocks.abbreviations[name].map { store.shifted($0, by: shift) }
  }

  /// `dW_f` and `dh[t-1]`, in a derivative by a parameter.
  func differential(_ name: String, shift: Int?) -> NodeID? {
    guard name.hasPrefix("d"), let cut = subject.cut, !isJacobian,
      let symbol = store.symbol(named: String(name.dropFirst()))
    else { return nil }
    switch (store[symbol].kind, shift) {
    case (.variable, let shift?): return store.insert(.atom(Atom(symbol: symbol, shift: shift, cut: cut)))
    case (.derivedParameter, nil) where symbol != cut.symbol:
      return store.insert(.atom(Atom(symbol: symbol, shift: 0, cut: cut)))
    case (_, nil) where symbol == cut.symbol: return store.insert(.seed(symbol))
    default: return nil
    }
  }

  /// A name that is not the cell's: a differential, or a number of the session.
  func unknown(_ name: String, _ place: Place) throws -> NodeID {
    if let differential = differential(name, shift: nil) { return differential }
    if let value = number(name) {
      guard let decimal = Decimal(value) else { throw ElaborationError.numberOutOfRange(name, place) }
      return store.insert(.number(decimal))
    }
    let own = store.symbols.map(\.name)
    let near = nearNames(name, among: own)
    throw ElaborationError.setting(
      message: "\(recurrence.name) has no \(name), and no number of the session is called so",
      hint: near.isEmpty ? "it has \(own.joined(separator: ", "))" : "did you mean \(near.joined(separator: " or "))?",
      place)
  }

  /// `∂f[t]/∂c[t-1]`, with what it holds; `∂/∂c[t-1] (E)`.
  func derivative(_ expression: Expression, _ elaborate: (Expression) throws -> NodeID) throws -> NodeID {
    let reader = DerivativeReader(recurrence)
    guard var cut = try reader.cut(of: expression) else {
      throw ElaborationError.setting(
        message: "in an answer a derivative is of a variable or an expression, by a variable or parameter",
        hint: "∂h[t-1]/∂c[t-1]", expression.place)
    }
    if cut.held.isEmpty { cut.held = subject.held }
    if let question = try reader.question(expression) {
      return store.insert(.atom(Atom(symbol: question.symbol, shift: question.shift, cut: cut)))
    }
    var inner = expression
    while true {
      switch inner.form {
      case .parentheses(let next), .holding(let next, _):
        inner = next
        continue
      case .derivative(of: nil, _, operand: let operand?):
        return store.insert(.derivative(try elaborate(operand), by: cut))
      default: return try elaborate(inner)
      }
    }
  }

  /// `W_f[h]` of a cell of numbers, where it is a parameter of its own.
  func entry(_ expression: Expression) -> NodeID? {
    recurrence.entry(expression).map { store.insert(.read($0, shift: 0)) }
  }

  /// `W_f[h]`, `W[r * h]`, `W_z[x[t-1]]`, `W[f, h]`, `dW[h]`, `(…)[f]`.
  /// - Parameter isWhole: the matrix stands in parentheses, so that rows of it are meant.
  func block(of base: NodeID, _ indices: [Expression], isWhole: Bool, _ place: Place) throws -> NodeID {
    var matrix = base
    if case .seed(let symbol) = store[base], subject.cut?.symbol == symbol {
      matrix = store.insert(.read(symbol, shift: 0))
    }
    guard let last = indices.last, indices.count <= 2 else {
      throw ElaborationError.setting(message: "a block has one or two names", hint: "W[h] or W[f, h]", place)
    }
    if indices.count == 2 {
      return try rows(try block(of: base, [last], isWhole: false, place), indices[0])
    }
    if isWhole, try isAsTall(base, asSplitOf: last) { return try rows(base, last) }
    let found = blocks.parts(of: matrix, named: last)
    guard let first = found.matches.first else {
      if isSplitTarget(last) { return try rows(base, last) }
      let hint =
        found.names.isEmpty
        ? "a block W[h] is the columns of W that multiply h"
        : "it multiplies \(found.names.joined(separator: ", "))"
      throw ElaborationError.setting(
        message: "\(place.text) is no block: that matrix does not multiply \(last.place.text)", hint: hint, place)
    }
    guard found.matches.count == 1 else {
      throw ElaborationError.setting(
        message: "\(place.text) can be read in several ways",
        hint: "say which: \(found.matches.map { "[\($0.name)]" }.joined(separator: ", "))", place)
    }
    return first.isWhole ? base : store.insert(.block(matrix: base, part: first.part, whole: first.whole))
  }

  func split(_ name: Expression) -> (target: SymbolID, targets: [SymbolID])? {
    guard let name = name.dottedName, let symbol = store.symbol(named: name),
      let equation = recurrence.equation(of: symbol), equation.targets.count > 1
    else { return nil }
    return (symbol, equation.targets)
  }

  /// Whether a split to a variable could be of this: of so many rows.
  private func isAsTall(_ base: NodeID, asSplitOf name: Expression) throws -> Bool {
    guard let split = split(name) else { return false }
    var height = Dimension(0)
    for target in split.targets { height.add(recurrence.shapes.symbols[target]?.dimensions.first ?? .one) }
    return try shape(of: base).rows == height
  }

  func isSplitTarget(_ name: Expression) -> Bool { split(name) != nil }

  func rows(_ base: NodeID, _ name: Expression) throws -> NodeID {
    guard let split = split(name) else {
      throw ElaborationError.setting(
        message: "\(name.place.text) is no part of a split", hint: "W[f, h]: the rows that [f[t], …] = … gives to f",
        name.place)
    }
    return store.insert(.rows(base, target: split.target, targets: split.targets))
  }

  func diagonal(_ id: NodeID, _ place: Place) throws -> NodeID {
    switch try shape(of: id) {
    case .number: return store.insert(.product([id, openIdentity]))
    case .vector(let width):
      if let matrix = try? scaledIdentity(id, width, place) { return matrix }
      // No variable is as wide, so I has no name; left of a matrix the vector alone says as much.
      unnamedDiagonals.insert(id)
      return id
    case .matrix, .identity:
      throw ElaborationError.shape(
        message: "diag takes a vector, and this is \(words(id))", place, marks: [], hint: "diag(f[t])")
    }
  }
}

extension Recurrence {
  /// The parameter of a cell of numbers that is written as a block.
  func entry(_ expression: Expression) -> SymbolID? {
    guard !entries.isEmpty, case .index = expression.form else { return nil }
    let written = TreePrinter().text(expression).filter { $0 != " " }
    return entries.keys.first { store[$0].name.filter { $0 != " " } == written }
  }
}
