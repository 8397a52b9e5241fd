import Algebra
import Syntax

/// Sums, products and brackets of answers, in which vectors and numbers may stand for diagonal matrices.
extension AnswerContext {
  func combine(
    _ operation: InfixOperator, _ left: NodeID, _ right: NodeID, isContinued: Bool, _ place: Place
  ) throws -> NodeID {
    do {
      return try combined(operation, left, right, isContinued: isContinued)
    } catch let misfit as AnswerMisfit { throw error(misfit, place) }
  }

  func combined(
    _ operation: InfixOperator, _ left: NodeID, _ right: NodeID, isContinued: Bool
  ) throws -> NodeID {
    switch operation {
    case .plus, .minus:
      let last = Term(right, isNegative: operation == .minus)
      if isContinued, case .sum(let terms) = store[left] { return try sum(writtenTerms(of: left, terms) + [last]) }
      return try sum([Term(left), last])
    case .times:
      if isContinued, case .product(let factors) = store[left] { return try product(factors + [right]) }
      return try product([left, right])
    case .dot: return try matrixProduct(left, right)
    case .divide:
      let divisor = try shape(of: right) == .identity ? settled(right) : right
      let isOpen = try shape(of: left) == .identity && shape(of: divisor) != .number
      return store.insert(.quotient(isOpen ? try sized(left, try shape(of: divisor).rows) : left, divisor))
    case .power: return store.insert(.power(left, right))
    case .range, .and, .or: return left
    }
  }

  /// Next to a matrix, vectors and numbers are multiples of I; not in a sum that is quoted from the equations.
  func sum(_ terms: [Term]) throws -> NodeID {
    guard let (rows, columns) = try common(terms.map(\.node)) else { return store.insert(.sum(terms)) }
    if let phrase = phrase(terms) { return note(terms, in: phrase) }
    do {
      let fitting = try terms.map {
        Term(try placed($0.node, rows: rows, columns: columns), isNegative: $0.isNegative)
      }
      return note(terms, in: store.insert(.sum(fitting)))
    } catch let misfit as AnswerMisfit { return try note(terms, unfit: misfit) }
  }

  /// The size of the matrices among some terms, if a term beside them is not one: rows spread, so others decide.
  func common(_ nodes: [NodeID]) throws -> (rows: Dimension, columns: Dimension)? {
    let shapes = try nodes.map { try shape(of: $0) }
    let sizes = shapes.compactMap { shape -> (rows: Dimension, columns: Dimension)? in
      if case .matrix(let rows, let columns) = shape { (rows, columns) } else { nil }
    }
    guard shapes.contains(where: { !$0.isMatrix || $0 == .identity }), isJacobian || shapes.contains(.identity) else {
      return nil
    }
    if let size = sizes.first(where: { $0.rows != .one }) { return size }
    guard let row = sizes.first else {
      // I beside vectors alone is as large as they are.
      guard shapes.contains(.identity), let vector = shapes.first(where: { $0.rows != .one }) else { return nil }
      return (vector.rows, vector.rows)
    }
    let isBesideNumber = shapes.contains { $0 == .number || $0 == .identity }
    let height = shapes.first { !$0.isMatrix && $0 != .number }?.rows
    // Derivatives by a number are columns.
    if row.columns == .one, let height { return (height, .one) }
    return isBesideNumber || height == row.columns ? (row.columns, row.columns) : row
  }

  /// A term where a matrix of a size is wanted.
  func placed(_ id: NodeID, rows: Dimension, columns: Dimension) throws -> NodeID {
    let shape = try shape(of: id)
    switch shape {
    case .matrix(let ownRows, let ownColumns):
      guard ownColumns == columns, ownRows == rows || ownRows == .one else { throw misfit(id, rows, columns) }
      return id
    case .identity:
      guard rows == columns else { throw misfit(id, rows, columns) }
      return try sized(id, rows)
    case .vector(let width):
      guard width == rows else { throw misfit(id, rows, columns) }
      if rows == columns { return try scaledIdentity(id, rows, nil) }
      if columns == .one { return id }
      throw AnswerMisfit(
        message: "\(words(id)) stands for a diagonal matrix here, and \(text(rows, columns)) is wanted", hint: nil)
    case .number:
      if case .number(let number) = store[id], number.isZero { return id }
      if rows == columns { return try scaledIdentity(id, rows, nil) }
      if columns == .one { return id }
      throw AnswerMisfit(
        message: "a number stands for a multiple of I here, and \(text(rows, columns)) is wanted", hint: nil)
    }
  }

  func misfit(_ id: NodeID, _ rows: Dimension, _ columns: Dimension) -> AnswerMisfit {
    AnswerMisfit(message: "this is \(words(id)), and \(text(rows, columns)) is wanted", hint: nil)
  }

  func product(_ factors: [NodeID]) throws -> NodeID {
    let shapes = try factors.map { try shape(of: $0) }
    guard shapes.contains(.identity) else { return store.insert(.product(factors)) }
    guard let other = shapes.first(where: { $0 != .identity && $0 != .number }) else {
      return store.insert(.product(factors))
    }
    return store.insert(.product(try zip(factors, shapes).map { $1 == .identity ? try sized($0, other.rows) : $0 }))
  }

  func matrixProduct(_ a: NodeID, _ b: NodeID) throws -> NodeID {
    var (left, right) = (a, b)
    if try shape(of: left) == .identity, try shape(of: right) != .number {
      left = try shape(of: right) == .identity ? left : sized(left, try shape(of: right).rows)
    }
    if try shape(of: right) == .identity, case .matrix(_, let columns) = try shape(of: left) {
      right = try sized(right, columns)
    }
    if isJacobian, readsVectorsAsDiagonals, case .vector(let width) = try shape(of: right),
      try shape(of: left) != .number, !isRow(left)
    {
      diagonals.append(right)
      right = try scaledIdentity(right, width, nil)
    }
    switch (try shape(of: left), try shape(of: right)) {
    case (.number, _), (_, .number): return try product([left, right])
    case (.identity, .identity): return left
    case (.vector, .identity): return try product([left, right])
    case (.vector(let width), .matrix(let rows, _)) where rows == width:
      // diag(v) · M: a vector scales rows.
      guard isJacobian || unnamedDiagonals.contains(left) else { break }
      return store.insert(.product([left, right]))
    default: break
    }
    return store.insert(.matrixProduct(left, right))
  }

  func isRow(_ id: NodeID) -> Bool { if case .transpose = store[id] { true } else { false } }

  /// `[a, b]`: of matrices where one is; a 0 in a derivative is as tall as in the equation that has such parts.
  func concatenation(_ parts: [NodeID], _ place: Place) throws -> NodeID {
    let shapes = try parts.map { try shape(of: $0) }
    let isMatrix = isJacobian && shapes.contains(where: \.isMatrix)
    let hasZeros = subject.cut != nil && parts.contains(where: isZero) && !parts.allSatisfy(isZero)
    guard isMatrix || hasZeros else { return store.insert(.concatenate(parts)) }
    let columns = shapes.compactMap { shape -> Dimension? in
      if case .matrix(_, let columns) = shape { columns } else { nil }
    }
    let width = columns.first ?? subject.cut.flatMap { recurrence.shapes.symbols[$0.symbol]?.dimensions.first } ?? .one
    let whole = blocks.concatenation(of: zip(parts, shapes).map { isZero($0) ? nil : $1 }, width: width)
    do {
      return store.insert(
        .concatenate(
          try parts.enumerated().map { position, part in
            if isZero(part), let whole { return store.insert(.zeros(like: whole[position])) }
            if isMatrix, isMultipleOfZero(part) { return store.insert(.zeros(like: part)) }
            guard isMatrix else { return part }
            return try placed(part, rows: height(shapes[position], beside: width), columns: width)
          }))
    } catch let misfit as AnswerMisfit { throw error(misfit, place) }
  }

  func isZero(_ id: NodeID) -> Bool {
    if case .number(let number) = store[id] { number.isZero } else { false }
  }

  /// `0 * h[t-1]`: zeros as tall as h.
  private func isMultipleOfZero(_ id: NodeID) -> Bool {
    if case .product(let factors) = store[id], let first = factors.first { isZero(first) } else { false }
  }

  /// How tall a part of brackets is: what stands for a diagonal matrix is square; of a derivative by a number each part
  /// is a column.
  private func height(_ shape: AnswerShape, beside width: Dimension) -> Dimension {
    if case .matrix(let rows, _) = shape { return rows }
    return width == .one ? shape.rows : width
  }
}
