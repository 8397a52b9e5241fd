import Algebra
import Syntax

/// Finds what is wrong with an answer, and where in its text.
///
/// What the mistake is, is found by value alone, however the answer is written. Where it stands is then looked for from
/// the outside in: the part of the text that has the value of the mistaken product, and in it what stands in the place
/// of the right factor.
struct MistakeFinder {
  /// A part of the text, read by itself.
  private struct Part {
    var expression: Expression
    var node: NodeID
  }

  /// Longer answers are judged, but no mistake is looked for.
  static let mostParts = 400

  private let recurrence: Recurrence
  private let reader: AnswerReader
  private let subject: AnswerSubject
  private let text: Expression
  private let answer: NodeID
  private let right: NodeID
  private let diagnosis: Diagnosis?
  private var parts: [Part] = []
  private var terms: [(term: Term, place: Place)] = []

  /// - Parameters:
  ///   - text: the answer, and its node.
  ///   - forms: the right expression in several forms, coarse ones first.
  init(
    _ recurrence: Recurrence, reader: AnswerReader, subject: AnswerSubject, text: Expression, answer: NodeID,
    right: NodeID, forms: [NodeID], isInterrupted: @escaping () -> Bool
  ) throws {
    self.recurrence = recurrence
    self.reader = reader
    self.subject = subject
    self.text = text
    self.answer = answer
    self.right = right
    // Parts are read before mistakes are made, which is in a store of their own.
    let (parts, terms) = MistakeFinder.read(text, reader, subject, like: right)
    self.parts = parts
    self.terms = terms
    diagnosis =
      parts.count <= MistakeFinder.mostParts
      ? try Diagnosis(recurrence, right: right, forms: forms, isInterrupted: isInterrupted) : nil
  }

  /// A term that does not belong, or one mistake, seen the way that fits the text best.
  func single(_ judge: Judge) throws -> [Mistake] {
    if let extra = try extraTerm(judge) { return [extra] }
    guard let diagnosis else { return [] }
    let found = try diagnosis.single(in: answer).map { ($0, try place(of: $0, diagnosis)) }
    let best = found.min { a, b in
      if (a.1 == nil) != (b.1 == nil) { return a.1 != nil }
      if a.0.kind != b.0.kind { return a.0.kind < b.0.kind }
      return (a.1?.range.count ?? 0) < (b.1?.range.count ?? 0)
    }
    return best.map { [mistake($0.0, $0.1, diagnosis)] } ?? []
  }

  /// Two mistakes.
  func pair() throws -> [Mistake] {
    guard let diagnosis, let mutations = try diagnosis.pair(in: answer) else { return [] }
    return try mutations.map { mistake($0, try place(of: $0, diagnosis), diagnosis) }
  }

  // MARK: The text

  private static func read(
    _ text: Expression, _ reader: AnswerReader, _ subject: AnswerSubject, like right: NodeID
  ) -> ([Part], [(term: Term, place: Place)]) {
    (readParts(text, reader, subject), readTerms(text, reader, subject, like: right))
  }

  /// All parts that have a meaning of their own; indices have none.
  private static func readParts(_ text: Expression, _ reader: AnswerReader, _ subject: AnswerSubject) -> [Part] {
    var result: [Part] = []
    var rest = [text]
    while let expression = rest.popLast(), result.count <= MistakeFinder.mostParts {
      if case .parentheses(let inner) = expression.form {
        rest.append(inner)
        continue
      }
      if let node = try? reader.read(expression, about: subject).node {
        result.append(Part(expression: expression, node: node))
      }
      switch expression.form {
      case .index, .derivative, .holding: break
      case .call(_, let arguments): rest += arguments.map(\.value)
      default: rest += expression.operands
      }
    }
    return result
  }

  /// The outermost terms, each as it stands in the sum.
  private static func readTerms(
    _ text: Expression, _ reader: AnswerReader, _ subject: AnswerSubject, like right: NodeID
  ) -> [(term: Term, place: Place)] {
    var result: [(term: Term, place: Place)] = []
    var rest: [(expression: Expression, isNegative: Bool)] = [(text, false)]
    while let next = rest.popLast() {
      switch next.expression.form {
      case .parentheses(let inner): rest.append((inner, next.isNegative))
      case .infix(.plus, let left, let right): rest += [(right, next.isNegative), (left, next.isNegative)]
      case .infix(.minus, let left, let right): rest += [(right, !next.isNegative), (left, next.isNegative)]
      case .prefix(.minus, let inner): rest.append((inner, !next.isNegative))
      default:
        guard let node = try? reader.read(next.expression, about: subject, like: right).node else { return [] }
        result.append((Term(node, isNegative: next.isNegative), next.expression.place))
      }
      if result.count > 40 { return [] }
    }
    return result
  }

  /// A term without which the answer is right.
  private func extraTerm(_ judge: Judge) throws -> Mistake? {
    guard terms.count > 1 else { return nil }
    for (position, extra) in terms.enumerated() {
      let rest = terms.indices.filter { $0 != position }.map { terms[$0].term }
      guard try judge.isEqualInField(recurrence.store.insert(.sum(rest)), right) else { continue }
      return Mistake(kind: .termExtra, right: "0", standing: extra.place.brief, place: extra.place)
    }
    return nil
  }

  // MARK: The place

  private func mistake(_ mutation: Mutation, _ place: Place?, _ diagnosis: Diagnosis) -> Mistake {
    var notation = TextNotation(diagnosis.store)
    var result = Mistake(
      kind: mutation.kind, right: notation.derivative(mutation.right),
      standing: mutation.standing.map { notation.derivative($0) }, activation: mutation.activation, place: place)
    if case .product = diagnosis.store[mutation.within] { result.belongsLeft = true }
    return result
  }

  private func place(of mutation: Mutation, _ diagnosis: Diagnosis) throws -> Place? {
    var region: Expression?
    for node in mutation.chain.reversed() {
      let found = try inside(region).filter { try diagnosis.areAlike(node, $0.node) }
      guard let smallest = found.min(by: { $0.expression.place.range.count < $1.expression.place.range.count }) else {
        continue
      }
      region = smallest.expression
    }
    // A whole sum says no more than the answer itself.
    let whole = region.map { $0.isSum && $0.place.range.count >= text.bare.place.range.count } ?? true
    guard let standing = mutation.standing, mutation.kind != .side else { return whole ? nil : region?.place }
    let found = try inside(region).filter { try diagnosis.areAlike(standing, $0.node) }.map(\.expression.place)
      .sorted { $0.range.lowerBound < $1.range.lowerBound }
    if whole, found.count > 1 { return nil }
    return found.first ?? (whole ? nil : region?.place)
  }

  private func inside(_ region: Expression?) -> [Part] {
    guard let region else { return parts }
    return parts.filter { $0.expression.place.isInside(region.place) }
  }
}

extension Expression {
  fileprivate var isSum: Bool {
    switch bare.form {
    case .infix(.plus, _, _), .infix(.minus, _, _): true
    default: false
    }
  }
}

extension Place {
  fileprivate func isInside(_ other: Place) -> Bool {
    range.lowerBound >= other.range.lowerBound && range.upperBound <= other.range.upperBound
  }
}
