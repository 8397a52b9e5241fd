import Foundation
import Syntax
import XCTest

@testable import Algebra
@testable import Elaboration

/// Right answers in varied form are accepted, all of them; wrong ones are refused, all of them.
final class AnswerJudgingTests: XCTestCase {
  static let cells = [
    "RNN", "LSTM", "CIFG", "PeepholeLSTM", "GRU", "GRUAfter", "MGU", "UGRNN", "JANET", "LiGRU", "RAN", "SRU", "minGRU",
    "LEM", "LayerNormLSTM", "coRNN",
  ]

  /// A question about a cell, opened to some level, with its right side in one piece.
  private struct Question {
    var recurrence: Recurrence
    var judge: Judge
    var claim: NodeID
    var subject: AnswerSubject
    var claimText: String
    var forms: [NodeID]
  }

  private func questions() throws -> [Question] {
    var result: [Question] = []
    for name in Self.cells {
      let recurrence = try LibraryRunner.recurrence(of: LibraryFolder.cell(name))
      let judge = try Judge(recurrence)
      var notation = TextNotation(recurrence.store)
      for target in recurrence.states {
        for other in recurrence.states {
          let cut = Cut(symbol: other, shift: -1)
          let atom = recurrence.store.insert(.atom(Atom(symbol: target, shift: 0, cut: cut)))
          let question = DerivativeReader.Question(symbol: target, shift: 0, cut: cut)
          let forms = try Levels(recurrence, question).forms
          result.append(
            Question(
              recurrence: recurrence, judge: judge, claim: atom, subject: AnswerSubject(cut, in: recurrence),
              claimText: notation.text(atom), forms: forms))
        }
      }
    }
    return result
  }

  private func read(_ text: String, _ question: Question) throws -> NodeID {
    try AnswerReader(question.recurrence).read(
      AnswerText.expression(text), about: question.subject, like: question.claim
    ).node
  }

  func testRightAnswersInVariedFormAreAccepted() throws {
    let questions = try questions()
    var accepted = 0
    var texts: Set<String> = []
    var seed: UInt64 = 0
    while accepted < 500, seed < 3000 {
      seed += 1
      let question = questions[Int(seed) % questions.count]
      var variation = AnswerVariation(question.recurrence, seed: seed)
      let form = question.forms[Int(variation.stream.below(UInt64(question.forms.count)))]
      var notation = TextNotation(question.recurrence.store)
      let text = notation.derivative(variation.vary(form))
      guard texts.insert(question.claimText + text).inserted, text.utf8.count < 4000 else { continue }
      do {
        let judgement = try question.judge.compare(question.claim, try read(text, question))
        XCTAssertEqual(
          judgement, Judge.Judgement.equal(isNumerical: false),
          "\(question.recurrence.name) \(question.claimText) = \(text)")
      } catch let error as ElaborationError {
        XCTFail("\(question.recurrence.name) \(question.claimText) = \(text): \(error.diagnostic.message)")
      }
      accepted += 1
    }
    XCTAssertEqual(accepted, 500)
  }

  /// A mutated derivation is wrong if plain Float64 at another random net says so: an oracle that shares neither field
  /// nor error bounds with the judge. Each of the 500 is also told what is wrong with it; without
  /// optimization every fifteenth.
  func testMutatedAnswersAreRefused() throws {
    #if DEBUG
      let every = 15
    #else
      let every = 1
    #endif
    let questions = try questions()
    var refused = 0
    var named = 0
    var looked = 0
    var seed: UInt64 = 0
    while refused < 500, seed < 4000 {
      seed += 1
      let question = questions[Int(seed) % questions.count]
      var stream = RandomStream(seed: seed)
      let form = question.forms[Int(stream.below(UInt64(question.forms.count)))]
      let mutants = MutationMaker(question.recurrence).single(form)
      guard !mutants.isEmpty else { continue }
      let mutant = mutants[Int(stream.below(UInt64(mutants.count)))]
      guard try differ(question, mutant.node, seed: seed) else { continue }
      var notation = TextNotation(question.recurrence.store)
      let text = notation.derivative(mutant.node)
      guard text.utf8.count < 4000, let node = try? read(text, question) else { continue }
      refused += 1
      let judgement = try question.judge.compare(question.claim, node)
      XCTAssertEqual(
        judgement, Judge.Judgement.different, "\(question.recurrence.name) \(question.claimText) = \(text)")
      if refused % every == 0 {
        looked += 1
        let verdict = try XCTUnwrap(
          Checker(question.recurrence).check(
            AnswerText.expression(question.claimText), [AnswerText.expression(text)]
          ).first)
        XCTAssertFalse(verdict.isRight)
        if !verdict.mistakes.isEmpty || verdict.condition != nil || !verdict.missing.isEmpty {
          named += 1
        } else {
          print("not named: \(question.recurrence.name) \(question.claimText) = \(text.prefix(400))")
        }
      }
    }
    print("\(named) of \(looked) mistakes named")
    XCTAssertEqual(refused, 500)
    // Mutations of deep levels may need more levels than are looked through.
    XCTAssertGreaterThanOrEqual(named * 10, looked * 9, "\(named) of \(looked) named")
  }

  private func differ(_ question: Question, _ mutant: NodeID, seed: UInt64) throws -> Bool {
    let recurrence = question.recurrence
    let widths = recurrence.shapes.openWidths.enumerated().map { (name: $1, value: 3 + $0 % 3) }
    let shapes = try recurrence.solvedShapes(widths: widths)
    let stream = Box(RandomStream(seed: seed &+ 77))
    let point = try JudgePoint(
      recurrence, shapes: shapes, numbers: RealNumbers(), equations: AtomEquations(recurrence), time: 8, end: 12
    ) { stream.value.uniform(-0.8, 0.8) }
    do {
      let right = try point.value(question.claim)
      let other = try point.value(mutant)
      guard right.rows == other.rows, right.columns == other.columns else { return false }
      let gap = right.distance(to: other)
      return gap.isFinite && gap > 1e-6
    } catch is DerivativeFailure { return false }
  }
}

/// The identities that the field's functions keep, and the bounds that floating point must not break.
final class NumberSystemTests: XCTestCase {
  private func apply(_ name: String, _ a: UInt64, _ field: PrimeField) throws -> UInt64 {
    field.apply(OperatorTable[try XCTUnwrap(OperatorTable.find(name, arity: 1))], a)
  }

  func testFieldIdentities() throws {
    let field = PrimeField(key: 9)
    var stream = RandomStream(seed: 4)
    for _ in 0..<200 {
      let a = stream.below(PrimeField.order)
      let b = stream.below(PrimeField.order)
      XCTAssertEqual(field.product(field.quotient(a, b), b), a)
      XCTAssertEqual(field.difference(field.sum(a, b), b), a)
      XCTAssertEqual(field.product(a, field.sum(b, 1)), field.sum(field.product(a, b), a))
      let minus = field.negated(a)
      XCTAssertEqual(field.sum(try apply("σ", a, field), try apply("σ", minus, field)), 1)
      XCTAssertEqual(
        try apply("tanh", a, field),
        field.difference(field.product(2, try apply("σ", field.product(2, a), field)), 1))
      XCTAssertEqual(field.product(try apply("exp", a, field), try apply("exp", minus, field)), 1)
      XCTAssertEqual(field.sum(try apply("step", a, field), try apply("step", minus, field)), 1)
      XCTAssertEqual(
        try apply("relu", a, field), field.product(a, try apply("step", a, field)))
      let (sine, cosine) = (try apply("sin", a, field), try apply("cos", a, field))
      XCTAssertEqual(field.sum(field.product(sine, sine), field.product(cosine, cosine)), 1)
      XCTAssertEqual(
        field.difference(try apply("softplus", a, field), try apply("softplus", minus, field)), a)
      XCTAssertEqual(try apply("log", field.inverse(a), field), field.negated(try apply("log", a, field)))
    }
    XCTAssertEqual(field.quotient(1, 0), PrimeField.undefined)
    XCTAssertEqual(field.sum(PrimeField.undefined, 1), PrimeField.undefined)
    XCTAssertEqual(field.product(field.number(try XCTUnwrap(Decimal(numeral: "0.125"))), 8), 1)
    XCTAssertEqual(field.number(Decimal(-1)), PrimeField.order - 1)
  }

  /// Sums that cancel: the bound covers what is lost.
  func testBoundsHold() {
    let numbers = BoundedNumbers()
    var stream = RandomStream(seed: 8)
    for _ in 0..<200 {
      let big = stream.uniform(1e7, 1e8)
      let small = stream.uniform(1e-3, 1)
      let sum = numbers.difference(numbers.sum(numbers.exact(big), numbers.exact(small)), numbers.exact(big))
      XCTAssertLessThanOrEqual(abs(sum.value - small), sum.bound)
      XCTAssertLessThan(sum.bound, 1e-6)
    }
  }
}
