import Algebra
import Foundation
import XCTest

@testable import Elaboration

/// Random cells: every state by every state, one and three steps back, at two levels, agrees with central differences.
///
/// `CAROUSEL_RANDOM_CELLS` says how many, `CAROUSEL_RANDOM_SEED` which is the first.
final class RandomDerivativeTests: XCTestCase {
  func testJacobiansOfRandomCells() throws {
    let environment = ProcessInfo.processInfo.environment
    let count = Int(RandomCellCount.of(debug: 120, release: 2000))
    let first = environment["CAROUSEL_RANDOM_SEED"].flatMap { UInt64($0) } ?? 0
    var tally = Tally()
    for seed in first..<first + UInt64(count) {
      let check = RandomCellCheck(RandomCellMaker.make(seed: seed))
      let recurrence = try check.read(check.text)
      for state in recurrence.states {
        for other in recurrence.states {
          for back in [1, 3] {
            try compare(recurrence, state, Cut(symbol: other, shift: -back), seed, check.text, &tally)
          }
        }
      }
    }
    print("\(count) random cells: \(tally)")
    XCTAssertGreaterThan(tally.agreeing, count)
    // Draws that are refused (kinks, values that are not finite) must stay the exception.
    XCTAssertLessThan(tally.unchecked, tally.agreeing / 5)
  }

  /// Why a derivation does not read back: its first line that does not.
  private func reason(_ derivation: Derivation, _ reader: AnswerReader) -> String {
    let store = derivation.recurrence.store
    var notation = TextNotation(store)
    for line in PrintedFormTests.lines(derivation) {
      let text = notation.derivative(line.expression)
      do {
        _ = try reader.read(
          AnswerText.expression(text), about: AnswerSubject(line.atom.cut, in: derivation.recurrence),
          like: store.insert(.atom(line.atom)))
      } catch {
        return "\(text)\n\(RandomCellCheck.message(error))"
      }
    }
    return "it says by chance what an equation says"
  }

  struct Tally {
    var agreeing = 0
    var zero = 0
    var threeIndices = 0
    var unchecked = 0
  }

  private func compare(
    _ recurrence: Recurrence, _ state: SymbolID, _ cut: Cut, _ seed: UInt64, _ text: String, _ tally: inout Tally
  ) throws {
    let reader = AnswerReader(recurrence, environment: RandomCellCheck.environment)
    do {
      var derivation = try Derivation(recurrence, of: state, shift: 0, cut: cut)
      if derivation.isZero {
        tally.zero += 1
        return
      }
      for level in 1...2 {
        // What is evaluated is the text, read back.
        let lines = try reader.readBack(derivation)
        if lines == nil {
          XCTFail("seed \(seed): \(reason(derivation, reader))\n\(text)")
        }
        let certificate = try derivation.certificate(nets: 2, lines: lines)
        if certificate.nets == 0 {
          tally.unchecked += 1
          return
        }
        let names = "∂\(recurrence.store[state].name)/∂\(recurrence.store[cut.symbol].name)[t\(cut.shift)]"
        XCTAssertLessThan(certificate.worst, 1e-6, "seed \(seed), \(names), level \(level)\n\(text)")
        try derivation.expand()
      }
      tally.agreeing += 1
    } catch DerivativeFailure.threeIndices {
      tally.threeIndices += 1
    } catch {
      XCTFail("seed \(seed): \(RandomCellCheck.message(error))\n\(text)")
    }
  }
}
