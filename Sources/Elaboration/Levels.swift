import Algebra

/// The levels of a claimed derivative, opened as far as it goes.
struct Levels {
  let derivations: [Derivation]
  var first: Derivation { derivations[0] }
  /// Beyond these an answer would be too long to be written by hand.
  static let deepest = 6

  init(_ recurrence: Recurrence, _ question: DerivativeReader.Question) throws {
    var derivation = try Derivation(
      recurrence, of: question.symbol, shift: question.shift, cut: question.cut)
    var levels = [derivation]
    while levels.count < Levels.deepest, !derivation.standing.isEmpty {
      try derivation.expand()
      levels.append(derivation)
    }
    derivations = levels
  }

  /// The right sides, coarse ones first, with what is printed below put in where it stands.
  var forms: [NodeID] {
    derivations.map { derivation in
      let store = derivation.recurrence.store
      var image: [Atom: NodeID] = [:]
      func whole(_ root: NodeID) -> NodeID {
        store.rewrite([root], into: store) { node in
          if case .atom(let atom) = node { image[atom] } else { nil }
        }[root] ?? root
      }
      for line in derivation.definitionExpressions.reversed() { image[line.atom] = whole(line.expression) }
      return whole(derivation.expression)
    }
  }
}
