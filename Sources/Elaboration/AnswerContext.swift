import Algebra
import Syntax

/// What answers may say besides what equations may: derivatives, blocks, differentials, and vectors and numbers that
/// stand for diagonal matrices.
///
/// In a Jacobian's context a vector v next to `+ - =` with a matrix is `v * I`, a number n is `n * I`; left of `·` with
/// a matrix on its right v is diag(v), which is `v * M`, since a vector scales rows. Right of `·` a vector is a vector,
/// unless `readsVectorsAsDiagonals` tries the other reading.
final class AnswerContext {
  let recurrence: Recurrence
  let subject: AnswerSubject
  private let blocks: BlockSearch
  /// Numbers of the session.
  private let number: (String) -> Double?
  private let readsVectorsAsDiagonals: Bool
  /// Vectors right of `·` that were taken for diagonal matrices.
  private(set) var diagonals: [NodeID] = []
  /// Vectors that were written in `diag`, of a width for which there is no I.
  private var unnamedDiagonals: Set<NodeID> = []
  private var shapes: [NodeID: AnswerShape] = [:]
  /// `I`, before it is known how large.
  let openIdentity: NodeID

  init(
    _ recurrence: Recurrence, _ subject: AnswerSubject, blocks: BlockSearch, readsVectorsAsDiagonals: Bool,
    number: @escaping (String) -> Double?
  ) {
    self.recurrence = recurrence
    self.subject = subject
    self.blocks = blocks
    self.readsVectorsAsDiagonals = readsVectorsAsDiagonals
    self.number = number
    openIdentity = recurrence.store.insert(.identity(equation: -1))
  }

  var store: Store { recurrence.store }
  var isJacobian: Bool { subject.isJacobian }

  // MARK: Names

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
        let node = try elaborate(operand)
        let isSecond = store.closure(of: [node]).contains { id in
          switch store[id] {
          case .atom, .derivative, .seed: true
          default: false
          }
        }
        guard !isSecond else {
          throw ElaborationError.setting(
            message: "a second derivative has three indices", hint: "take it in a cell of width 1", expression.place)
        }
        return store.insert(.derivative(node, by: cut))
      default: return try elaborate(inner)
      }
    }
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
    if isWhole, isSplitTarget(last) { return try rows(base, last) }
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

  private func split(_ name: Expression) -> (target: SymbolID, targets: [SymbolID])? {
    guard let name = name.dottedName, let symbol = store.symbol(named: name),
      let equation = recurrence.equation(of: symbol), equation.targets.count > 1
    else { return nil }
    return (symbol, equation.targets)
  }

  private func isSplitTarget(_ name: Expression) -> Bool { split(name) != nil }

  private func rows(_ base: NodeID, _ name: Expression) throws -> NodeID {
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

  // MARK: Operators

  func combine(
    _ operation: InfixOperator, _ left: NodeID, _ right: NodeID, isContinued: Bool, _ place: Place
  ) throws -> NodeID {
    do {
      return try combined(operation, left, right, isContinued: isContinued)
    } catch let misfit as AnswerMisfit { throw error(misfit, place) }
  }

  private func combined(
    _ operation: InfixOperator, _ left: NodeID, _ right: NodeID, isContinued: Bool
  ) throws -> NodeID {
    switch operation {
    case .plus, .minus:
      let last = Term(right, isNegative: operation == .minus)
      if isContinued, case .sum(let terms) = store[left] { return try sum(terms + [last]) }
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

  /// Next to a matrix, vectors and numbers are multiples of I.
  private func sum(_ terms: [Term]) throws -> NodeID {
    guard let (rows, columns) = try common(terms.map(\.node)) else { return store.insert(.sum(terms)) }
    return store.insert(
      .sum(
        try terms.map { Term(try placed($0.node, rows: rows, columns: columns), isNegative: $0.isNegative) }))
  }

  /// The size of the matrices among some terms, if a term beside them is not one: rows spread, so others decide.
  private func common(_ nodes: [NodeID]) throws -> (rows: Dimension, columns: Dimension)? {
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

  private func misfit(_ id: NodeID, _ rows: Dimension, _ columns: Dimension) -> AnswerMisfit {
    AnswerMisfit(message: "this is \(words(id)), and \(text(rows, columns)) is wanted", hint: nil)
  }

  private func product(_ factors: [NodeID]) throws -> NodeID {
    let shapes = try factors.map { try shape(of: $0) }
    guard shapes.contains(.identity) else { return store.insert(.product(factors)) }
    guard let other = shapes.first(where: { $0 != .identity && $0 != .number }) else {
      return store.insert(.product(factors))
    }
    return store.insert(.product(try zip(factors, shapes).map { $1 == .identity ? try sized($0, other.rows) : $0 }))
  }

  private func matrixProduct(_ a: NodeID, _ b: NodeID) throws -> NodeID {
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

  private func isRow(_ id: NodeID) -> Bool { if case .transpose = store[id] { true } else { false } }

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
            guard isMatrix else { return part }
            return try placed(part, rows: shapes[position].isMatrix ? rows(part, width) : width, columns: width)
          }))
    } catch let misfit as AnswerMisfit { throw error(misfit, place) }
  }

  private func isZero(_ id: NodeID) -> Bool {
    if case .number(let number) = store[id] { number.isZero } else { false }
  }

  private func rows(_ id: NodeID, _ width: Dimension) throws -> Dimension {
    if case .matrix(let rows, _) = try shape(of: id) { rows } else { width }
  }

  // MARK: Identity matrices

  /// v * I, and n * I.
  private func scaledIdentity(_ id: NodeID, _ width: Dimension, _ place: Place?) throws -> NodeID {
    let seed = try identity(width)
    if case .number(let number) = store[id], number.isOne { return seed }
    return store.insert(.product([id, seed]))
  }

  /// I of a size: the derivative of a variable that is so wide by itself.
  private func identity(_ width: Dimension) throws -> NodeID {
    func isSo(_ symbol: SymbolID) -> Bool {
      switch recurrence.shapes.symbols[symbol] {
      case .vector(width): true
      case .number: width == .one
      default: false
      }
    }
    let timed = recurrence.variables + recurrence.inputs
    let candidates = (subject.cut.map { [$0.symbol] } ?? []).filter(timed.contains) + timed
    if let symbol = candidates.first(where: isSo) { return store.insert(.seed(symbol)) }
    if width == .one { return store.insert(.number(Decimal(1))) }
    throw AnswerMisfit(
      message:
        "nothing in \(recurrence.name) is \(recurrence.shapes.text(width)) wide, so its identity matrix has no name",
      hint: nil)
  }

  /// A multiple of I whose size is known now.
  private func sized(_ id: NodeID, _ width: Dimension) throws -> NodeID {
    let seed = try identity(width)
    let image = store.rewrite([id], into: store) { [openIdentity, store] node in
      if case .identity(-1) = node, store.insert(node) == openIdentity { seed } else { nil }
    }
    return image[id] ?? id
  }

  /// An I of open size where nothing says how large: as what is derived by.
  func settled(_ id: NodeID) -> NodeID {
    guard (try? shape(of: id)) == .identity, let cut = subject.cut, isJacobian,
      let width = recurrence.shapes.symbols[cut.symbol].map({ $0.dimensions.first ?? .one })
    else { return id }
    return (try? sized(id, width)) ?? id
  }

  // MARK: Shapes

  func checkShape(of id: NodeID, _ place: Place) throws {
    do { _ = try shape(of: id) } catch let misfit as AnswerMisfit { throw error(misfit, place) }
  }

  private func error(_ misfit: AnswerMisfit, _ place: Place) -> ElaborationError {
    .shape(message: misfit.message, place, marks: [], hint: misfit.hint)
  }

  func words(_ id: NodeID) -> String { ((try? shape(of: id)) ?? .number).words(recurrence.shapes) }

  func text(_ rows: Dimension, _ columns: Dimension) -> String {
    recurrence.shapes.text(.matrix(rows: rows, columns: columns))
  }

  func shape(of root: NodeID) throws -> AnswerShape {
    if let shape = shapes[root] { return shape }
    let rules = AnswerShapes(recurrence: recurrence, isJacobian: isJacobian)
    for id in store.closure(of: [root]) where shapes[id] == nil {
      do {
        shapes[id] = try rules.shape(of: id) { shapes[$0] ?? .number }
      } catch {
        // What stands in an equation has the shape that it has there.
        guard let known = recurrence.shapes.nodes[id] else { throw error }
        shapes[id] = AnswerShape(known)
      }
    }
    return shapes[root] ?? .number
  }
}
