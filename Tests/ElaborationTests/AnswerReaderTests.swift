import Algebra
import Foundation
import Syntax
import XCTest

@testable import Elaboration

/// Expressions as answers are read.
enum AnswerText {
  static func expression(_ text: String) throws -> Syntax.Expression {
    let outcome = Parser.parse(Source(name: "test", text: "check a = " + text), mode: .file)
    guard case .check(_, let answers)? = outcome.statements.first?.form, let answer = answers.first else {
      throw LibraryRunner.Failure(message: "not read: \(text): \(String(describing: outcome.problem))")
    }
    return answer
  }
}

/// What is printed reads back as an expression of equal value.
final class PrintedFormTests: XCTestCase {
  /// Each line of a derivation: `∂f[t]/∂c[t-1]` and its right side.
  static func lines(_ derivation: Derivation) -> [(atom: Atom, expression: NodeID)] {
    [(derivation.target, derivation.expression)] + derivation.definitionExpressions
  }

  private var linesRead = 0
  private var linesTooLong = 0
  /// Lines that do not read back, where some may not: of strange cells.
  private var unread: [String]?

  private func check(_ derivation: Derivation, _ judge: Judge, _ name: String) throws {
    let store = derivation.recurrence.store
    var notation = TextNotation(store)
    for line in Self.lines(derivation) {
      let text = notation.derivative(line.expression)
      if text.utf8.count > 20_000 || text.contains("…") {
        linesTooLong += 1
        continue
      }
      do {
        let answer = try AnswerReader(derivation.recurrence).read(
          AnswerText.expression(text), about: AnswerSubject(line.atom.cut, in: derivation.recurrence),
          like: store.insert(.atom(line.atom)))
        linesRead += 1
        let verdict = try judge.compare(store.insert(.atom(line.atom)), answer.node)
        // A random cell may divide by what is 0 in the field.
        XCTAssertTrue(unread == nil ? verdict == .equal(isNumerical: false) : verdict.isEqual, "\(name): \(text)")
      } catch let error as ElaborationError {
        let message = "\(name): \(text): \(error.diagnostic.message)"
        if unread == nil { XCTFail(message) } else { unread?.append(message) }
      }
    }
  }

  private func check(
    _ recurrence: Recurrence, levels: Int, steps: [Int] = [1, 3], byParameters: Bool = true, _ name: String
  ) throws {
    let judge = try Judge(recurrence)
    let states = recurrence.states.prefix(4)
    for state in states {
      for other in states + recurrence.inputs.prefix(1) {
        for back in steps {
          let cut = Cut(symbol: other, shift: -back)
          try check(recurrence, state, cut, levels, judge, name)
        }
      }
      for parameter in recurrence.parameters.prefix(byParameters ? 3 : 0) {
        try check(recurrence, state, Cut(symbol: parameter, shift: 0), min(levels, 2), judge, name)
      }
    }
  }

  private func check(
    _ recurrence: Recurrence, _ state: SymbolID, _ cut: Cut, _ levels: Int, _ judge: Judge, _ name: String
  ) throws {
    let title = "\(name): ∂\(recurrence.store[state].name)/∂\(recurrence.store[cut.symbol].name) \(cut.shift)"
    do {
      var derivation = try Derivation(recurrence, of: state, shift: 0, cut: cut)
      for _ in 1...levels {
        try check(derivation, judge, title)
        try derivation.expand()
      }
    } catch DerivativeFailure.threeIndices { return } catch DerivativeFailure.noDerivative { return }
  }

  func testLibrary() throws {
    for entry in try LibraryFolder.index() {
      try check(LibraryRunner.recurrence(of: LibraryFolder.cell(entry.name)), levels: 4, entry.name)
    }
    XCTAssertGreaterThan(linesRead, 1000)
  }

  /// `CAROUSEL_RANDOM_CELLS` says how many, as for the other checks of random cells.
  func testRandomCells() throws {
    unread = []
    let environment = ProcessInfo.processInfo.environment
    let cells = RandomCellCount.of(debug: 60, release: 300)
    let first = environment["CAROUSEL_RANDOM_SEED"].flatMap { UInt64($0) } ?? 0
    for seed in first..<first + cells {
      let cell = RandomCellMaker.make(seed: seed)
      guard let recurrence = try? RandomCellCheck(cell).recurrence() else { continue }
      try check(recurrence, levels: 2, steps: [1], byParameters: seed % 4 == 0, "seed \(seed)")
    }
    print("\(cells) random cells: \(linesRead) lines read back, \(linesTooLong) too long")
    XCTAssertEqual(unread ?? [], [])
  }
}

/// Answers that cannot be read, and what is said of them.
final class AnswerErrorTests: XCTestCase {
  static let cases: [(cell: String, claim: String, answer: String, message: String)] = [
    ("LSTM", "∂c[t]/∂c[t-1]", "W_q", "LSTM has no W_q, and no number of the session is called so"),
    ("LSTM", "∂c[t]/∂c[t-1]", "f", "f is a variable of LSTM, so it needs its time"),
    ("LSTM", "∂c[t]/∂c[t-1]", "q[t]", "q has a time, but it is neither an input nor defined by an equation"),
    ("LSTM", "∂c[t]/∂c[t-1]", "x[t]", "this is x wide, and what it is to equal is h × h"),
    ("LSTM", "∂c[t]/∂c[t-1]", "W_f", "this is h × (h + x), and what it is to equal is h × h"),
    ("LSTM", "∂c[t]/∂x[t]", "W_f[x]ᵀ", "this is x × h, and what it is to equal is h × x"),
    ("LSTM", "∂c[t]/∂c[t-1]", "f[t] + x[t]", "h wide and x wide cannot be added"),
    ("LSTM", "∂c[t]/∂c[t-1]", "f[t] * x[t]", "h wide and x wide cannot be multiplied"),
    ("LSTM", "∂c[t]/∂c[t-1]", "W_f[q]", "W_f[q] is no block: that matrix does not multiply q"),
    ("LSTM", "∂c[t]/∂c[t-1]", "sum(1, 2, 3)", "sum takes one argument, not 3"),
    ("LSTM", "∂c[t]/∂c[t-1]", "spam(f[t])", "spam is not a function known here"),
    ("LSTM", "∂c[t]/∂c[t-1]", "diag(W_f[h])", "diag takes a vector, and this is h × h"),
    ("LSTM", "∂c[t]/∂c[t-1]", "W_f[h]^2", "a power of a matrix can be read in two ways"),
    ("LSTM", "∂c[t]/∂c[t-1]", "W_f[h] · h[t-1] * f[t]", "W_f[h] · h[t-1] * f[t] can be read in two ways"),
    ("LSTM", "h[t]", "W_f", "this is h × (h + x), and what it is to equal is h wide"),
    ("LSTM", "h[t]", "f[1]", "in an equation a time is t, t-1, t-2, ..., not 1"),
    ("LSTM", "∂c[t]/∂c[t-1]", "true", "true has no place in an equation"),
  ]

  func testMessages() throws {
    for item in Self.cases {
      let recurrence = try LibraryRunner.recurrence(of: LibraryFolder.cell(item.cell))
      do {
        _ = try Checker(recurrence).check(
          AnswerText.expression(item.claim), [AnswerText.expression(item.answer)])
        XCTFail("\(item.answer) was read")
      } catch let error as ElaborationError {
        XCTAssertEqual(error.diagnostic.message, item.message)
        XCTAssertNotNil(error.diagnostic.place)
      }
    }
  }
}
