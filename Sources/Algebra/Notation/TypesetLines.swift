/// Typeset formulas as what the line breaker takes apart.
extension Typesetter {
  /// Brackets nested deeper than this are not opened.
  private static var deepest: Int { 60 }

  /// The terms of a part.
  func terms(_ id: MathTree.ID, depth: Int = 0) -> [Breakable.Term] {
    guard case .sum(let parts) = tree[id] else { return [Breakable.Term(factors: factors(id, depth))] }
    return parts.enumerated().map { position, part in
      let sign = writer.sign(isNegative: part.isNegative, isFirst: position == 0)
      return Breakable.Term(
        sign: piece(sign), leadingSign: leading(sign), factors: factors(part.part, depth))
    }
  }

  private func piece(_ typeset: Typeset) -> Breakable.Piece {
    Breakable.Piece(text: typeset.text, width: typeset.width)
  }

  /// As a line begins with it: without the blanks before it.
  private func leading(_ typeset: Typeset) -> Breakable.Piece {
    Breakable.Piece(text: String(typeset.text.drop { $0 == " " }), width: typeset.width)
  }

  private func factors(_ id: MathTree.ID, _ depth: Int) -> [Breakable.Factor] {
    guard case .product(let parts, let joints) = tree[id], depth < Self.deepest else {
      return [Breakable.Factor(piece: piece(id, depth))]
    }
    var result: [Breakable.Factor] = []
    for (position, part) in parts.enumerated() {
      var inner = factors(part, depth + 1)
      if position > 0, let first = inner.first {
        let mark = writer.joint(joints[position - 1], parts[position - 1], part, in: tree)
        inner[0] = Breakable.Factor(joint: piece(mark), leadingJoint: leading(mark), piece: first.piece)
      }
      result += inner
    }
    return result
  }

  private func piece(_ id: MathTree.ID, _ depth: Int) -> Breakable.Piece {
    let whole = self[id]
    return Breakable.Piece(text: whole.text, width: whole.width, group: depth < Self.deepest ? group(id, depth) : nil)
  }

  private func group(_ id: MathTree.ID, _ depth: Int) -> Breakable.Group? {
    switch tree[id] {
    case .fence(let inner, isOnlyInLine: false): return group(nil, "(", [inner], ")", depth)
    case .brackets(let elements): return group(nil, "[", elements, "]", depth)
    case .apply(let operation, let arguments):
      let row = OperatorTable[operation]
      if row.name == "sqrt" || row.name == "abs" { return nil }
      return group(writer.functionName(row.name, operation), "(", arguments, ")", depth)
    case .call(let name, let arguments): return group(writer.functionName(name, nil), "(", arguments, ")", depth)
    default: return nil
    }
  }

  private func group(
    _ name: Typeset?, _ open: String, _ content: [MathTree.ID], _ close: String, _ depth: Int
  ) -> Breakable.Group? {
    let isTall = content.contains { self[$0].isTall }
    let opening = writer.bracket(open, isOpening: true, isTall: isTall)
    let head = Breakable.Piece(text: (name?.text ?? "") + opening.text, width: (name?.width ?? 0) + opening.width)
    return Breakable.Group(
      head: head, content: content.map { terms($0, depth: depth + 1) },
      tail: piece(writer.bracket(close, isOpening: false, isTall: isTall)))
  }
}
