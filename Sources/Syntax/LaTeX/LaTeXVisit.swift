/// Walks through atoms, their contents and their scripts.
enum LaTeXVisit {
  /// Calls `body` with each atom, outermost first, until it answers true.
  @discardableResult
  static func first(_ atoms: [LaTeXAtom], where body: (LaTeXAtom) -> Bool) -> Bool {
    for atom in atoms {
      if body(atom) { return true }
      switch atom.nucleus {
      case .fenced(_, let inside): if first(inside, where: body) { return true }
      case .fraction(let above, let below): if first(above, where: body) || first(below, where: body) { return true }
      case .root(let inside, let degree):
        if first(inside, where: body) || first(degree ?? [], where: body) { return true }
      case .grid(_, let rows):
        for row in rows { for cell in row where first(cell, where: body) { return true } }
      default: break
      }
      for script in atom.superscripts where first(script, where: body) { return true }
    }
    return false
  }

  static func containsDerivative(_ atoms: [LaTeXAtom]) -> Bool {
    first(atoms) { atom in
      if atom.isSign("∂") || atom.isSign("∇") { return true }
      if case .fraction(let above, let below) = atom.nucleus { return isDifferential(above) && isDifferential(below) }
      return false
    }
  }

  /// `d c_t`, `\mathrm{d} c_t`, `∂c_t`.
  static func isDifferential(_ atoms: [LaTeXAtom]) -> Bool {
    guard let head = atoms.visible.first else { return false }
    return head.isSign("∂") || head.bareLetter == "d"
  }
}
