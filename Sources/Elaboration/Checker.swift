import Algebra
import Syntax

/// Judges what a person claims of a cell: `check claim = answer`.
///
/// An answer may use the cell's equations, be expanded or not, and mix elementwise and matrix form: it is right if it
/// has the claim's value. If it has not, the conditions under which it would have are tried, and what the mistake is.
public final class Checker {
  private let recurrence: Recurrence
  private let reader: AnswerReader
  private let judge: Judge
  private let isInterrupted: () -> Bool

  /// - Parameters:
  ///   - environment: functions of the session.
  ///   - number: numbers of the session, by name.
  public init(
    _ recurrence: Recurrence, environment: Environment = Environment(),
    number: @escaping (String) -> Double? = { _ in nil }, isInterrupted: @escaping () -> Bool = { false }
  ) throws {
    self.recurrence = recurrence
    reader = AnswerReader(recurrence, environment: environment, number: number)
    self.isInterrupted = isInterrupted
    judge = try Judge(recurrence, isInterrupted: isInterrupted)
  }

  private var store: Store { recurrence.store }

  /// One verdict for each link of `claim = answer = answer`.
  /// - Throws: `ElaborationError` for what cannot be read or has another shape, `DerivativeFailure` for derivatives that
  ///   are not known, `Interruption`.
  public func check(_ claim: Expression, _ answers: [Expression]) throws -> [Verdict] {
    let question = try DerivativeReader(recurrence).question(claim)
    let subject =
      question.map { AnswerSubject($0.cut, in: recurrence) } ?? subject(of: [claim] + answers)
    var last = try reader.read(claim, about: subject).node
    var lastText = claim
    var isLastRight = question != nil
    var verdicts: [Verdict] = []
    for answer in answers {
      let verdict = try self.verdict(
        lastText, last, answer, about: subject, derivative: isLastRight ? question : nil)
      verdicts.append(verdict)
      isLastRight = isLastRight && verdict.isRight
      // A link is judged against the one before it, as it was meant.
      if !verdict.isRight || question == nil {
        last = try reader.read(answer, about: subject, like: last).node
      }
      lastText = answer
    }
    return verdicts
  }

  /// The derivative that a claim which is none itself speaks of first.
  private func subject(of expressions: [Expression]) -> AnswerSubject {
    for expression in expressions {
      if let cut = expression.firstCut(recurrence) { return AnswerSubject(cut, in: recurrence) }
    }
    return AnswerSubject(cut: nil, isJacobian: false)
  }

  // MARK: One link

  private func verdict(
    _ claim: Expression, _ right: NodeID, _ text: Expression, about subject: AnswerSubject,
    derivative question: DerivativeReader.Question?
  ) throws -> Verdict {
    var verdict = Verdict(outcome: .wrong, claim: claim, answer: text, recurrence: recurrence)
    if let cut = question?.cut, let seed = try rightAsFactor(text, of: cut, right, subject) {
      verdict.outcome = .right
      verdict.condition = .differential(seed)
      return verdict
    }
    let answer = try readAnswer(text, about: subject, like: right)
    if question != nil, store.closure(of: [answer.node]).contains(right) {
      verdict.isCircular = true
      return verdict
    }
    if answer.diagonals.isEmpty {
      switch try judge.compare(right, answer.node) {
      case .equal(let isNumerical):
        verdict.outcome = .right
        verdict.isNumerical = isNumerical
        return verdict
      case .unknown(let reason):
        verdict.outcome = .unknown(reason)
        return verdict
      case .different: break
      }
    }
    if let diagonal = try rightAsDiagonal(text, right, subject) {
      verdict.outcome = .right
      verdict.condition = .diagonal(diagonal)
      return verdict
    }
    verdict.counterexample = try judge.counterexample(right: right, answer: answer.node)
    if let question {
      try explain(&verdict, question, right, answer, about: subject)
    } else if let body = body(of: right) {
      try findMistakes(&verdict, right, answer, forms: [body], about: subject)
    }
    if verdict.condition == nil, verdict.mistakes.isEmpty, try judge.isEqualAtWidthOne(right, answer.node) {
      verdict.condition = .widthOne
    }
    return verdict
  }

  /// As it stands; or, if that has no shape, with vectors right of `·` as diagonal matrices.
  private func readAnswer(_ text: Expression, about subject: AnswerSubject, like right: NodeID) throws -> Answer {
    do {
      return try reader.read(text, about: subject, like: right)
    } catch let error as ElaborationError {
      guard case .shape = error, subject.isJacobian,
        let answer = try? reader.read(text, about: subject, like: right, readsVectorsAsDiagonals: true),
        !answer.diagonals.isEmpty
      else { throw error }
      return answer
    }
  }

  private func rightAsDiagonal(_ text: Expression, _ right: NodeID, _ subject: AnswerSubject) throws -> [NodeID]? {
    guard subject.isJacobian,
      let answer = try? reader.read(text, about: subject, like: right, readsVectorsAsDiagonals: true),
      !answer.diagonals.isEmpty, try judge.compare(right, answer.node).isEqual
    else { return nil }
    return answer.diagonals
  }

  /// By a parameter, a derivative is a differential: `f[t] * db`. One who leaves out the db means a Jacobian, which
  /// multiplies it: a vector elementwise, a matrix from the left.
  private func rightAsFactor(
    _ text: Expression, of cut: Cut, _ right: NodeID, _ subject: AnswerSubject
  ) throws -> NodeID? {
    guard !subject.isJacobian, recurrence.shapes.symbols[cut.symbol].map({ $0.rank < 2 }) == true else { return nil }
    let name = Expression(.name("d" + store[cut.symbol].name), text.place)
    let seed = store.insert(.seed(cut.symbol))
    for mark in [InfixOperator.times, .dot] {
      let whole = Expression(.infix(mark, Expression(.parentheses(text), text.place), name), text.place)
      guard let answer = try? reader.read(whole, about: subject, like: right),
        store.closure(of: [answer.node]).count(where: { $0 == seed }) == 1,
        let own = try? reader.read(text, about: subject), !store.closure(of: [own.node]).contains(where: isOpen)
      else { continue }
      if try judge.compare(right, answer.node).isEqual { return seed }
    }
    return nil
  }

  /// A differential, or a derivative that stands.
  private func isOpen(_ id: NodeID) -> Bool {
    switch store[id] {
    case .seed(let symbol): !store[symbol].isTimed
    case .atom, .derivative: true
    default: false
    }
  }

  /// What a claim's variable is by its equation: an answer is compared with that; else with the claim itself.
  private func body(of right: NodeID) -> NodeID? {
    if case .derivative = store[right] { return try? judge.opened(right) }
    guard case .read(let symbol, let shift) = store[right] else { return right }
    guard let equation = recurrence.equation(of: symbol), equation.targets.count == 1 else { return nil }
    return store.shifted(equation.body, by: shift)
  }

  // MARK: What is wrong with it

  private func explain(
    _ verdict: inout Verdict, _ question: DerivativeReader.Question, _ right: NodeID, _ answer: Answer,
    about subject: AnswerSubject
  ) throws {
    let levels = try Levels(recurrence, question, isInterrupted: isInterrupted)
    for held in heldCandidates(question) {
      var cut = question.cut
      cut.held = held
      let atom = store.insert(.atom(Atom(symbol: question.symbol, shift: question.shift, cut: cut)))
      guard try judge.isEqualInField(atom, answer.node) else { continue }
      verdict.condition = .held(held)
      verdict.missing = try missingTerms(levels.first.expression, answer: answer.node) ?? []
      return
    }
    try findMistakes(&verdict, right, answer, forms: levels.forms, about: subject)
  }

  /// One mistake; else several terms that are left out; else two mistakes.
  private func findMistakes(
    _ verdict: inout Verdict, _ right: NodeID, _ answer: Answer, forms: [NodeID], about subject: AnswerSubject
  ) throws {
    let finder = try MistakeFinder(
      recurrence, reader: reader, subject: subject, text: verdict.answer, answer: answer.node, right: right,
      forms: forms, isInterrupted: isInterrupted)
    verdict.mistakes = try finder.single(judge)
    guard verdict.mistakes.isEmpty else { return }
    for form in forms {
      guard let missing = try missingTerms(form, answer: answer.node) else { continue }
      verdict.missing = missing
      return
    }
    verdict.mistakes = try finder.pair()
  }

  /// The states whose holding makes another derivative of it: all others at the time of the cut, each, for all times;
  /// by a parameter, all states of the step before.
  private func heldCandidates(_ question: DerivativeReader.Question) -> [[Held]] {
    guard question.cut.held.isEmpty else { return [] }
    let isTimed = store[question.cut.symbol].kind == .variable
    let others = recurrence.states.filter { $0 != question.cut.symbol }.prefix(8)
    let now = others.map { Held(symbol: $0, shift: isTimed ? question.cut.shift : -1) }
    let always = others.map { Held(symbol: $0, shift: nil) }
    let together = now.count > 1 ? [Array(now)] : []
    guard isTimed else { return together + now.map { [$0] } }
    return together + now.map { [$0] } + (always.count > 1 ? [Array(always)] : []) + always.map { [$0] }
  }

  /// The terms of a derivation that an answer leaves out, if all that is wrong with it is that it leaves them out.
  private func missingTerms(_ form: NodeID, answer: NodeID) throws -> [Term]? {
    guard case .sum(let terms) = store[form], terms.count <= 10 else { return nil }
    // right − answer is the sum of what is left out.
    for count in 1..<max(terms.count, 2) {
      for subset in terms.indices.subsets(of: count) {
        let rest = terms.indices.filter { !subset.contains($0) }.map { terms[$0] }
        guard !rest.isEmpty, try judge.isEqualInField(store.insert(.sum(rest)), answer) else { continue }
        return subset.map { terms[$0] }
      }
    }
    return nil
  }
}

extension Range<Int> {
  /// All ways to choose `count` of them, in order.
  fileprivate func subsets(of count: Int) -> [[Int]] {
    if count == 0 { return [[]] }
    var result: [[Int]] = []
    for first in self {
      result += (first + 1..<Swift.max(upperBound, first + 1)).subsets(of: count - 1).map { [first] + $0 }
    }
    return result
  }
}

extension Expression {
  /// What the first ∂ in it is by.
  fileprivate func firstCut(_ recurrence: Recurrence) -> Cut? {
    if let cut = try? DerivativeReader(recurrence).cut(of: self) { return cut }
    for inner in operands {
      if let cut = inner.firstCut(recurrence) { return cut }
    }
    return nil
  }

  /// Expressions that stand directly in it.
  var operands: [Expression] {
    switch form {
    case .parentheses(let inner), .prefix(_, let inner), .primed(let inner), .field(let inner, _): [inner]
    case .infix(_, let left, let right), .within(let left, let right): [left, right]
    case .comparison(let operands, _), .tuple(let operands): operands
    case .call(let callee, let arguments): [callee] + arguments.map(\.value)
    case .index(let base, let indices): [base] + indices
    case .brackets(let rows): rows.flatMap { $0 }
    case .derivative(let of, let by, let operand): [of, by, operand].compactMap { $0 }
    case .holding(let inner, _): [inner]
    case .conditional(let condition, let then, let otherwise): [condition, then, otherwise]
    default: []
    }
  }
}
