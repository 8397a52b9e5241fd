import Algebra
import Elaboration
import Syntax

/// `check claim = answer = answer`: judges, and prints what was found; in scripts too.
extension Interpreter {
  func check(_ claim: Expression, _ answers: [Expression], _ place: Place) throws {
    let verdicts = try verdicts(claim, answers)
    for (position, verdict) in verdicts.enumerated() {
      var text = VerdictText(verdict, width: options.width, isASCII: options.isASCII)
      text.label = verdicts.count > 1 ? "\(position + 1): " : ""
      for line in text.lines() { say(line) }
    }
  }

  /// One verdict for each link.
  func verdicts(_ claim: Expression, _ answers: [Expression]) throws -> [Verdict] {
    var expressions = [claim] + answers
    var cell = cellInUse
    // `in LSTM` may stand behind the claim or behind the last answer, which is where it ends the line.
    for position in [0, expressions.count - 1] {
      guard case .within(let inner, let name) = expressions[position].form else { continue }
      guard case .cell(let found) = try evaluate(name) else {
        throw SessionError.notCell(try evaluate(name).described, name.place)
      }
      cell = found
      expressions[position] = inner
    }
    guard let cell else { throw SessionError.noCellInUse(claim.place.text, claim.place) }
    do {
      let checker = try Checker(
        cell.recurrence, environment: environment,
        number: { [weak self] name in
          if case .number(let number)? = self?.value(of: name) { number } else { nil }
        }, isInterrupted: { [weak self] in self?.isInterrupted() ?? false })
      return try checker.check(expressions[0], Array(expressions.dropFirst()))
    } catch let failure as DerivativeFailure {
      throw SessionError.builtin(Self.text(of: failure), hint: nil, claim.place)
    } catch is Judge.Interrupted { throw Interrupted() }
  }
}
