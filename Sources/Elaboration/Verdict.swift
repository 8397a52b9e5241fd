import Algebra
import Syntax

/// What is found of an answer, as facts; the words are made where it is shown.
public struct Verdict {
  public enum Outcome {
    case right
    case wrong
    /// With the reason.
    case unknown(String)
  }

  /// Under what an answer is right that is not right by itself.
  public enum Condition {
    /// If states are held: what, and what the answer leaves out because of it.
    case held([Held])
    /// If every width is 1.
    case widthOne
    /// If vectors right of `·` are meant as diagonal matrices: as printed.
    case diagonal([NodeID])
    /// If it is meant as what multiplies the differential of the parameter: which.
    case differential(NodeID)
  }

  public var outcome: Outcome
  /// It was decided in floating point, so it is as certain as rounding errors are.
  public var isNumerical = false
  public var condition: Condition?
  /// Terms of the right derivation that the answer does not have.
  public var missing: [Term] = []
  /// What the mistake is.
  public var mistakes: [Mistake] = []
  /// Where it shows.
  public var counterexample: Counterexample?
  /// The asked derivative itself stands in the answer.
  public var isCircular = false
  /// What was judged, as it was written.
  public var claim: Expression
  public var answer: Expression
  /// Of the cell that it speaks of.
  public var recurrence: Recurrence

  public var isRight: Bool {
    guard case .right = outcome else { return false }
    switch condition {
    case nil, .diagonal, .differential: return true
    case .held, .widthOne: return false
    }
  }
}

/// A mistake in an answer, in the words of the cell.
public struct Mistake: Sendable {
  public var kind: Mutation.Kind
  /// What belongs there.
  public var right: String
  /// What stands there instead.
  public var standing: String?
  /// The function of which the right expression is the derivative.
  public var activation: String?
  /// A diagonal matrix belongs left of what stands left of it.
  public var belongsLeft = false
  /// Where it stands in the answer.
  public var place: Place?
}
