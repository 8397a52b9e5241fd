import Algebra
import Elaboration
import Syntax

/// `check claim = answer = answer`: judges, and prints what was found; in scripts too. `_` then is the verdict.
extension Interpreter {
  func check(_ claim: Expression, _ answers: [Expression], _ place: Place) throws {
    var (claim, cell) = (claim, cellInUse)
    // A derivative in a name of the session stands for what it is of.
    if case .name(let name) = claim.form, cell?.recurrence.store.symbol(named: name) == nil,
      case .derivation(let asked)? = value(of: name)
    {
      (claim, cell) = (try self.claim(asked, claim.place), Cell(asked.derivation.recurrence))
    }
    let record = record(of: try verdicts(claim, answers, of: cell))
    for line in record.lines { say(line) }
    do { lastValue = try record.value() } catch { throw SessionError.value(error, place) }
  }

  /// One verdict for each link.
  func verdicts(_ claim: Expression, _ answers: [Expression], of cell: Cell?) throws -> [Verdict] {
    var expressions = [claim] + answers
    var cell = cell
    // `in LSTM` may stand behind the claim or behind the last answer, which is where it ends the line.
    for position in [0, expressions.count - 1] {
      guard case .within(let inner, let name) = expressions[position].form else { continue }
      cell = try self.cell(of: name)
      expressions[position] = inner
    }
    guard let cell else { throw SessionError.noCellInUse(claim.place.text, claim.place) }
    do {
      let checker = try Checker(
        cell.forDerivatives(in: expressions).recurrence, environment: environment,
        number: { [weak self] name in
          if case .number(let number)? = self?.value(of: name) { number } else { nil }
        }, isInterrupted: interruption)
      return try checker.check(expressions[0], Array(expressions.dropFirst()))
    } catch let failure as DerivativeFailure {
      throw SessionError.builtin(Self.text(of: failure), hint: Self.hint(for: failure), claim.place)
    }
  }
}
