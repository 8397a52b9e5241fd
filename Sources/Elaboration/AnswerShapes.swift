import Algebra

/// The shapes of an answer's operations from those of their operands; what does not fit is said in words.
struct AnswerShapes {
  let recurrence: Recurrence
  let isJacobian: Bool

  private var store: Store { recurrence.store }

  func shape(of id: NodeID, _ of: (NodeID) -> AnswerShape) throws -> AnswerShape {
    let node = store[id]
    switch node {
    case .number, .constant, .time: return .number
    case .identity: return recurrence.shapes.nodes[id].map(AnswerShape.init) ?? .identity
    case .read(let symbol, _): return AnswerShape(recurrence.shapes.symbols[symbol] ?? .number)
    case .seed(let symbol):
      let shape = recurrence.shapes.symbols[symbol] ?? .number
      guard isTimed(symbol) else { return AnswerShape(shape) }
      let width = shape.dimensions.first ?? .one
      return .matrix(rows: width, columns: width)
    case .atom(let atom): return try shape(of: atom)
    case .derivative(let a, let cut):
      guard isTimed(cut.symbol) else { return of(a) }
      let by = recurrence.shapes.symbols[cut.symbol] ?? .number
      let isVector = !of(a).isMatrix || of(a) == .matrix(rows: .one, columns: .one)
      guard isVector, by.rank < 2 else {
        throw AnswerMisfit(
          message: "this derivative has three indices", hint: "take it by a parameter, as a differential")
      }
      return .matrix(rows: of(a).rows, columns: by.dimensions.first ?? .one)
    case .zeros(let like):
      return isJacobian ? .matrix(rows: of(like).rows, columns: .one) : .vector(of(like).rows)
    case .sum(let terms): return try common(terms.map(\.node), of, spreads: isJacobian, what: "added")
    case .product(let factors): return try common(factors, of, spreads: true, what: "multiplied")
    case .quotient(let a, let b): return try common([a, b], of, spreads: true, what: "divided")
    case .power(let a, let b):
      // Elsewhere a power is elementwise, as in the equations.
      if of(a).isMatrix, isJacobian {
        throw AnswerMisfit(
          message: "a power of a matrix can be read in two ways", hint: "M · M is the product, M * M elementwise")
      }
      return try common([a, b], of, spreads: false, what: "a base and its exponent")
    case .matrixProduct(let a, let b): return try matrixProduct(a, b, of)
    case .transpose(let a):
      switch of(a) {
      case .number: return .number
      case .identity: return .identity
      case .vector(let width): return .matrix(rows: .one, columns: width)
      case .matrix(let rows, let columns): return .matrix(rows: columns, columns: rows)
      }
    case .concatenate(let parts): return try concatenation(parts, of)
    case .apply(let operation, let arguments):
      let row = OperatorTable[operation]
      guard let first = arguments.first else { return .number }
      switch row.shape {
      case .elementwise: return try common(arguments, of, spreads: false, what: "arguments of \(row.name)")
      case .vector:
        if of(first).isMatrix {
          throw AnswerMisfit(message: "\(row.name) takes a vector, and this is \(words(of(first)))")
        }
        return of(first)
      case .reduction: return .number
      case .rows: return .vector(of(first).rows)
      }
    case .reduced(_, let a):
      guard case .matrix(_, let columns) = of(a) else { return of(a) }
      return .matrix(rows: .one, columns: columns)
    case .total(let a), .named(let a, _, _): return of(a)
    case .block(let matrix, let part, _):
      guard case .matrix(let rows, _) = of(matrix) else { return of(matrix) }
      return .matrix(rows: rows, columns: of(part).rows)
    case .rows(let a, let target, _):
      let height = recurrence.shapes.symbols[target]?.dimensions.first ?? .one
      if case .matrix(_, let columns) = of(a) { return .matrix(rows: height, columns: columns) }
      return .vector(height)
    }
  }

  private func isTimed(_ symbol: SymbolID) -> Bool {
    store[symbol].kind == .variable || store[symbol].kind == .input
  }

  private func words(_ shape: AnswerShape) -> String { shape.words(recurrence.shapes) }

  private func shape(of atom: Atom) throws -> AnswerShape {
    let own = recurrence.shapes.symbols[atom.symbol] ?? .number
    guard isTimed(atom.cut.symbol) else { return AnswerShape(own) }
    let by = recurrence.shapes.symbols[atom.cut.symbol] ?? .number
    guard own.rank < 2, by.rank < 2 else {
      throw AnswerMisfit(
        message: "this derivative has three indices", hint: "take it by a parameter, as a differential")
    }
    return .matrix(rows: own.dimensions.first ?? .one, columns: by.dimensions.first ?? .one)
  }

  private func common(
    _ operands: [NodeID], _ of: (NodeID) -> AnswerShape, spreads: Bool, what: String
  ) throws -> AnswerShape {
    var result = AnswerShape.number
    for operand in operands {
      let shape = of(operand)
      guard let joined = join(result, shape, spreads: spreads) else {
        let pair = "\(words(result)) and \(words(shape))"
        throw AnswerMisfit(
          message: what == "added" || what == "multiplied" || what == "divided"
            ? "\(pair) cannot be \(what)" : "\(pair) do not fit as \(what)",
          hint: hint(result, shape))
      }
      result = joined
    }
    return result
  }

  private func hint(_ left: AnswerShape, _ right: AnswerShape) -> String? {
    switch (left, right) {
    case (.vector, .matrix), (.matrix, .vector):
      isJacobian ? nil : "a matrix makes a vector of v by M · v; diag(v) is a matrix"
    default: nil
    }
  }

  private func join(_ left: AnswerShape, _ right: AnswerShape, spreads: Bool) -> AnswerShape? {
    switch (left, right) {
    case (.number, let other), (let other, .number): return other
    case (.identity, .identity): return .identity
    case (.vector(let a), .vector(let b)): return a == b ? left : nil
    case (.matrix(let rows, let columns), .matrix(let otherRows, let otherColumns)):
      guard let r = side(rows, otherRows, spreads), let c = side(columns, otherColumns, spreads) else { return nil }
      return .matrix(rows: r, columns: c)
    case (.vector(let a), .matrix(let rows, let columns)), (.matrix(let rows, let columns), .vector(let a)):
      // Both are columns.
      if !isJacobian, a == rows, columns == .one { return .vector(a) }
      guard spreads else { return nil }
      if a == rows { return .matrix(rows: rows, columns: columns) }
      return rows == .one ? .matrix(rows: a, columns: columns) : nil
    case (.identity, .vector(let width)), (.vector(let width), .identity):
      return .matrix(rows: width, columns: width)
    case (.identity, .matrix), (.matrix, .identity): return nil
    }
  }

  private func side(_ a: Dimension, _ b: Dimension, _ spreads: Bool) -> Dimension? {
    if a == b { return a }
    if spreads, a == .one { return b }
    if spreads, b == .one { return a }
    return nil
  }

  private func matrixProduct(_ a: NodeID, _ b: NodeID, _ of: (NodeID) -> AnswerShape) throws -> AnswerShape {
    let (left, right) = (of(a), of(b))
    func misfit(_ hint: String?) -> AnswerMisfit {
      AnswerMisfit(message: "\(words(left)) · \(words(right)) does not fit", hint: hint)
    }
    switch (left, right) {
    case (.matrix(let rows, .one), .number) where !isJacobian: return rows == .one ? .number : .vector(rows)
    case (.number, let other), (let other, .number): return other
    case (.identity, let other), (let other, .identity): return other
    case (.vector(let n), .vector(let m)):
      guard n == m else { throw misfit(nil) }
      return .number
    case (.matrix(let rows, let columns), .vector(let n)):
      guard columns == n else { throw misfit("A · b needs as many columns in A as b is wide") }
      return rows == .one ? .number : .vector(rows)
    case (.matrix(let rows, let columns), .matrix(let otherRows, let otherColumns)):
      guard columns == otherRows else { throw misfit("A · B needs as many columns in A as B has rows") }
      return .matrix(rows: rows, columns: otherColumns)
    case (.vector(let rows), .matrix(let otherRows, let columns)):
      guard otherRows == .one else {
        throw misfit(isJacobian ? "diag(v) · M needs v as wide as M is tall" : "a vector stands right of ·")
      }
      return .matrix(rows: rows, columns: columns)
    }
  }

  private func concatenation(_ parts: [NodeID], _ of: (NodeID) -> AnswerShape) throws -> AnswerShape {
    var height = Dimension(0)
    var width: Dimension?
    for part in parts {
      height.add(of(part).rows)
      guard case .matrix(_, let columns) = of(part) else { continue }
      if case .zeros = store[part] { continue }
      if let width, width != columns { throw AnswerMisfit(message: "what stands in brackets has as many columns") }
      width = columns
    }
    return width.map { .matrix(rows: height, columns: $0) } ?? .vector(height)
  }
}
