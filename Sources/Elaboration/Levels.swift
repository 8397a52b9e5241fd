import Algebra

/// The levels of a claimed derivative, opened as far as it goes.
struct Levels {
  let derivations: [Derivation]
  var first: Derivation { derivations[0] }
  /// Beyond these an answer would be too long to be written by hand.
  static let deepest = 6

  init(
    _ recurrence: Recurrence, _ question: DerivativeReader.Question, isInterrupted: @escaping () -> Bool = { false }
  ) throws {
    var derivation = try Derivation(
      recurrence, of: question.symbol, shift: question.shift, cut: question.cut, isInterrupted: isInterrupted)
    var levels = [derivation]
    while levels.count < Levels.deepest, !derivation.standing.isEmpty {
      try derivation.expand()
      levels.append(derivation)
    }
    derivations = levels
  }

  /// The right sides, coarse ones first, with what is printed below put in where it stands.
  var forms: [NodeID] { derivations.map(\.whole) }
}
