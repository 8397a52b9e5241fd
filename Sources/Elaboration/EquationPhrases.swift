import Algebra

/// What equations say of matrices beside vectors and numbers, `U - γ`: elementwise there, where the sum of a derivation
/// would be `U - γ * I`. An answer that says it word for word means what the cell means by it; so do printed forms.
final class EquationPhrases {
  private let store: Store
  private let openIdentity: NodeID
  /// The sums by their form with an I that has no size yet, and as they stand in the equations: with the names that
  /// derivations give to what is unnamed, too.
  private let phrases: [(form: NodeID, node: NodeID)]

  init(_ recurrence: Recurrence, openIdentity: NodeID) {
    let store = recurrence.store
    self.store = store
    self.openIdentity = openIdentity
    func rank(_ id: NodeID) -> Int { recurrence.shapes.nodes[id]?.rank ?? 0 }
    var found: [NodeID] = []
    for id in store.closure(of: recurrence.equations.map(\.body)) {
      guard case .sum(let terms) = store[id], rank(id) == 2 else { continue }
      if terms.contains(where: { rank($0.node) < 2 || store.speaksOfIdentity($0.node) }) { found.append(id) }
    }
    found += found.map(recurrence.abbreviated).filter { !found.contains($0) }
    phrases = found.map { (store.withOpenIdentities($0, openIdentity), $0) }
  }

  var isEmpty: Bool { phrases.isEmpty }

  /// The equations' own expression that a sum is, as it reads there or at another time; nil if there is none.
  func phrase(of sum: NodeID) -> NodeID? {
    guard !phrases.isEmpty else { return nil }
    let form = store.withOpenIdentities(sum, openIdentity)
    for phrase in phrases {
      if let steps = store.steps(from: phrase.form, to: form) { return store.shifted(phrase.node, by: steps) }
    }
    return nil
  }
}

extension Store {
  fileprivate func speaksOfIdentity(_ root: NodeID) -> Bool {
    closure(of: [root]).contains { if case .identity = self[$0] { true } else { false } }
  }

  fileprivate func withOpenIdentities(_ root: NodeID, _ open: NodeID) -> NodeID {
    rewrite([root], into: self) { if case .identity = $0 { open } else { nil } }[root] ?? root
  }
}
