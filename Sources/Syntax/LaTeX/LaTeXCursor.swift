/// A place in a list of atoms; space is passed over.
struct LaTeXCursor {
  private let atoms: [LaTeXAtom]
  private var index = 0

  init(_ atoms: [LaTeXAtom]) {
    self.atoms = atoms
    skipSpace()
  }

  private mutating func skipSpace() {
    while index < atoms.count, atoms[index].isSpacing { index += 1 }
  }

  var peek: LaTeXAtom? { index < atoms.count ? atoms[index] : nil }

  mutating func advance() {
    index += 1
    skipSpace()
  }

  /// The atoms from here on, a few at most.
  func ahead(_ count: Int) -> ArraySlice<LaTeXAtom> { atoms[min(index, atoms.count)..<min(index + count, atoms.count)] }

  /// The atoms up to the next such sign, which is passed too; nil if there is none.
  mutating func take(upTo sign: String) -> [LaTeXAtom]? {
    guard let end = atoms[min(index, atoms.count)...].firstIndex(where: { $0.isSign(sign) }) else { return nil }
    let taken = Array(atoms[index..<end])
    index = end
    advance()
    return taken
  }

  /// What is left.
  var rest: [LaTeXAtom] { Array(atoms[min(index, atoms.count)...]) }

  /// Just behind the last atom, or the atom itself, to point at what is missing.
  var end: Range<Int> {
    if let peek { return peek.range }
    let offset = atoms.last?.range.upperBound ?? 0
    return max(offset - 1, 0)..<offset
  }
}
