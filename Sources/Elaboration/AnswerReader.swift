import Algebra
import Syntax

/// An answer as an expression of its cell's store.
public struct Answer {
  public var node: NodeID
  /// Vectors right of `·` that were taken for diagonal matrices, as they were written.
  public var diagonals: [NodeID]
  /// Sums of matrices and numbers that stand so in the equations, and were read as there.
  public var quoted: Set<NodeID>
}

/// Reads what a person writes about a cell: claims, answers, and printed derivations.
///
/// A name is first the cell's, then a function that is seen through, then a number of the session.
public struct AnswerReader {
  private let recurrence: Recurrence
  private let environment: Environment
  private let number: (String) -> Double?
  private let blocks: BlockSearch
  /// Variables and inputs by name.
  private let timed: [String: SymbolID]
  private let isInterrupted: () -> Bool

  /// - Parameters:
  ///   - environment: functions of the session.
  ///   - number: numbers of the session, by name.
  ///   - isInterrupted: asked at each of many lines.
  public init(
    _ recurrence: Recurrence, environment: Environment = Environment(),
    number: @escaping (String) -> Double? = { _ in nil }, isInterrupted: @escaping () -> Bool = { false }
  ) {
    self.isInterrupted = isInterrupted
    self.recurrence = recurrence
    self.environment = environment
    self.number = number
    blocks = BlockSearch(recurrence)
    timed = Dictionary(
      (recurrence.inputs + recurrence.variables).map { (recurrence.store[$0].name, $0) }, uniquingKeysWith: { $1 })
  }

  /// Reads an expression.
  ///
  /// - Parameters:
  ///   - subject: the derivative that it is about.
  ///   - like: an expression of the shape it must have: `v` then is `v * I` where a matrix is wanted.
  ///   - readsVectorsAsDiagonals: also right of `·`.
  /// - Throws: `ElaborationError` for names that are unknown and shapes that do not fit, with places.
  public func read(
    _ expression: Expression, about subject: AnswerSubject, like: NodeID? = nil, readsVectorsAsDiagonals: Bool = false
  ) throws -> Answer {
    let context = AnswerContext(
      recurrence, subject, blocks: blocks, readsVectorsAsDiagonals: readsVectorsAsDiagonals, number: number)
    var reader = ExpressionElaborator(
      cellName: recurrence.name, isReversed: true, environment: environment, recurrence: recurrence, timed: timed)
    reader.answer = context
    var node = try reader.elaborate(expression)
    try refuseFarTimes(node, expression.place)
    try refuseTwoReadings(reader, context)
    if let like {
      // What nothing reaches may have three indices: it is 0.
      if context.isZero(node) { return Answer(node: node, diagonals: [], quoted: []) }
      try context.checkShape(of: like, expression.place)
      node = try fitted(node, to: try context.shape(of: like), context, expression.place)
    } else {
      node = context.settled(node)
    }
    return Answer(node: node, diagonals: context.diagonals, quoted: context.quoted)
  }

  /// What is judged is computed over all the steps that an answer looks back.
  private func refuseFarTimes(_ root: NodeID, _ place: Place) throws {
    let store = recurrence.store
    let furthest = store.closure(of: [root]).reduce(UInt(0)) { furthest, id in
      switch store[id] {
      case .read(_, let shift), .named(_, _, let shift): max(furthest, shift.magnitude)
      case .atom(let atom): max(furthest, atom.shift.magnitude, atom.cut.shift.magnitude)
      case .derivative(_, let cut): max(furthest, cut.shift.magnitude)
      default: furthest
      }
    }
    guard furthest <= UInt(Derivation.longest) else {
      throw ElaborationError.setting(
        message: "this looks \(furthest) steps away, and a derivative goes back at most \(Derivation.longest) steps",
        hint: nil, place)
    }
  }

  private func fitted(
    _ node: NodeID, to wanted: AnswerShape, _ context: AnswerContext, _ place: Place
  ) throws -> NodeID {
    let own = try context.shape(of: node)
    if own == wanted { return node }
    func error(_ hint: String?) -> ElaborationError {
      .shape(
        message:
          "this is \(own.words(recurrence.shapes)), and what it is to equal is \(wanted.words(recurrence.shapes))",
        place, marks: [], hint: hint)
    }
    switch (own, wanted) {
    case (_, .matrix(let rows, let columns)):
      do {
        return try context.placed(node, rows: rows, columns: columns)
      } catch let misfit as AnswerMisfit {
        if case .matrix(columns, rows) = own { throw error("its transpose would fit") }
        throw error(misfit.hint)
      }
    case (.number, .vector), (.vector(.one), .number), (.matrix(.one, .one), .number): return node
    default: throw error(nil)
    }
  }

  private func refuseTwoReadings(_ reader: ExpressionElaborator, _ context: AnswerContext) throws {
    for suspect in reader.suspects {
      guard try context.shape(of: suspect.matrix) != .number, try context.shape(of: suspect.factor) != .number else {
        continue
      }
      let written = suspect.written
      throw ElaborationError.twoReadings(
        written: suspect.place.text, first: "\(written.matrix) · (\(written.vector) * \(written.factor))",
        second: "(\(written.matrix) · \(written.vector)) * \(written.factor)", suspect.place)
    }
  }
}

extension AnswerReader {
  /// The lines of a derivation as they read when they are printed: what a certificate evaluates, so that it speaks of
  /// what is shown. Nil where a line is cut or does not read, or says by chance what an equation says.
  /// - Throws: `Interruption`.
  public func readBack(_ derivation: Derivation) throws -> [(atom: Atom, expression: NodeID)]? {
    let store = recurrence.store
    var notation = TextNotation(store)
    let subject = AnswerSubject(derivation.target.cut, in: recurrence)
    // Lines that say the same of different times are read once: a text means at every time what it means at t.
    var known: [Atom: [NodeID: NodeID]] = [:]
    var result: [(atom: Atom, expression: NodeID)] = []
    for line in [(atom: derivation.target, expression: derivation.expression)] + derivation.definitionExpressions {
      if isInterrupted() { throw Interruption() }
      var claim = line.atom
      claim.shift = 0
      let now = store.shifted(line.expression, by: 0 &- line.atom.shift, movesDerivatives: true)
      if known[claim]?[now] == nil {
        let source = Source(name: "derivation", text: notation.derivative(now))
        guard case .success(let expression) = Parser.expression(source, isSymbolic: true),
          let answer = try? read(expression, about: subject, like: store.insert(.atom(claim))),
          answer.quoted.isEmpty || answer.quoted.isSubset(of: store.closure(of: [now]))
        else { return nil }
        known[claim, default: [:]][now] = answer.node
      }
      guard let read = known[claim]?[now] else { return nil }
      result.append((line.atom, store.shifted(read, by: line.atom.shift, movesDerivatives: true)))
    }
    return result
  }
}
