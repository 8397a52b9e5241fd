import Algebra
import Syntax

/// An answer as an expression of its cell's store.
public struct Answer {
  public var node: NodeID
  /// Vectors right of `·` that were taken for diagonal matrices, as they were written.
  public var diagonals: [NodeID]
  /// The first place of each operation that was written.
  public var places: [NodeID: Place]
}

/// Reads what a person writes about a cell: claims, answers, and printed derivations.
///
/// A name is first the cell's, then a function that is seen through, then a number of the session.
public struct AnswerReader {
  private let recurrence: Recurrence
  private let environment: Environment
  private let number: (String) -> Double?
  private let blocks: BlockSearch

  /// - Parameters:
  ///   - environment: functions of the session.
  ///   - number: numbers of the session, by name.
  public init(
    _ recurrence: Recurrence, environment: Environment = Environment(),
    number: @escaping (String) -> Double? = { _ in nil }
  ) {
    self.recurrence = recurrence
    self.environment = environment
    self.number = number
    blocks = BlockSearch(recurrence)
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
    var timed: [String: SymbolID] = [:]
    for symbol in recurrence.inputs + recurrence.variables { timed[recurrence.store[symbol].name] = symbol }
    var reader = ExpressionElaborator(
      cellName: recurrence.name, isReversed: true, environment: environment, recurrence: recurrence, timed: timed)
    reader.answer = context
    var node = try reader.elaborate(expression)
    try refuseFarTimes(node, expression.place)
    try refuseTwoReadings(reader, context)
    if let like {
      try context.checkShape(of: like, expression.place)
      node = try fitted(node, to: try context.shape(of: like), context, expression.place)
    } else {
      node = context.settled(node)
    }
    var places: [NodeID: Place] = [:]
    for (origin, place) in reader.places where places[origin.node] == nil { places[origin.node] = place }
    return Answer(node: node, diagonals: context.diagonals, places: places)
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
    case (.number, .vector): return node
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
  /// what is shown. Nil where a line is cut or does not read.
  public func readBack(_ derivation: Derivation) -> [(atom: Atom, expression: NodeID)]? {
    let store = recurrence.store
    var notation = TextNotation(store)
    let subject = AnswerSubject(derivation.target.cut, in: recurrence)
    var result: [(atom: Atom, expression: NodeID)] = []
    for line in [(atom: derivation.target, expression: derivation.expression)] + derivation.definitionExpressions {
      let source = Source(name: "derivation", text: "check t = " + notation.derivative(line.expression))
      guard case .check(_, let right)? = Parser.parse(source, mode: .file).statements.first?.form,
        let expression = right.first,
        let answer = try? read(expression, about: subject, like: store.insert(.atom(line.atom)))
      else { return nil }
      result.append((line.atom, answer.node))
    }
    return result
  }
}
