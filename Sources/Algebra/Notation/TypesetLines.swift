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
    if case .fence(let inner, isOnlyInLine: true) = tree[id], depth < Self.deepest { return factors(inner, depth + 1) }
    if case .summation(_, _, let inner) = tree[id], depth < Self.deepest {
      let mark = writer.typeset(tree[id], in: tree) { $0 == inner ? Typeset(text: "", width: 0) : self[$0] }
      var result = factors(inner, depth + 1)
      if let first = result.first { result[0] = Breakable.Factor(piece: first.piece.preceded(by: piece(mark))) }
      return result
    }
    guard case .product(let parts, let joints) = tree[id], depth < Self.deepest else {
      return [Breakable.Factor(piece: piece(id, depth))]
    }
    var result: [Breakable.Factor] = []
    for (position, part) in parts.enumerated() {
      var inner = factors(part, depth + 1)
      if position > 0, let first = inner.first {
        let mark = writer.joint(joints[position - 1], parts[position - 1], part, in: tree)
        // A line begins with a mark, also where none is written between two factors on one line.
        let marked = writer.mark(joints[position - 1])
        inner[0] = Breakable.Factor(joint: piece(mark), leadingJoint: leading(marked), piece: first.piece)
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
    case .reduced(let operation, let inner):
      return group(writer.functionName(OperatorTable[operation].name, operation), "(", [inner], ")", depth)
    case .call(let name, let arguments): return group(writer.functionName(name, nil), "(", arguments, ")", depth)
    case .derivativeOperator(let by, let inner):
      let bar = writer.derivativeOperator(by: self[by])
      return group(bar, "(", [inner], ")", depth)
    case .fraction(let above, let below): return fraction(above, below, depth)
    case .rows(let base, _), .entry(let base, _), .transpose(let base), .power(let base, _), .block(let base, _):
      // What stands at the end of brackets goes with the closing one.
      guard tree.endsInBracket(base), let inner = group(base, depth), inner.after.isEmpty else { return nil }
      let closing = Typeset(text: inner.tail.text, width: inner.tail.width, isTall: self[base].isTall)
      let tail = writer.typeset(tree[id], in: tree) { $0 == base ? closing : self[$0] }
      return Breakable.Group(head: inner.head, content: inner.content, tail: piece(tail))
    default: return nil
    }
  }

  /// A fraction that is too wide: `(above) / below`.
  private func fraction(_ above: MathTree.ID, _ below: MathTree.ID, _ depth: Int) -> Breakable.Group? {
    func unfenced(_ id: MathTree.ID) -> MathTree.ID {
      if case .fence(let inner, isOnlyInLine: true) = tree[id] { inner } else { id }
    }
    guard let group = group(nil, "(", [unfenced(above)], ")", depth) else { return nil }
    var divisor = piece(below, depth)
    if unfenced(below) != below {
      let isTall = self[below].isTall
      let open = writer.bracket("(", isOpening: true, isTall: isTall)
      let close = writer.bracket(")", isOpening: false, isTall: isTall)
      divisor = Breakable.Piece(
        text: open.text + divisor.text + close.text, width: open.width + divisor.width + close.width,
        group: self.group(nil, "(", [unfenced(below)], ")", depth))
    }
    return Breakable.Group(
      head: group.head, content: group.content, tail: group.tail,
      after: [Breakable.Factor(joint: piece(writer.slash), leadingJoint: leading(writer.slash), piece: divisor)])
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

extension Breakable.Piece {
  /// With a mark before it, also if it is opened.
  fileprivate func preceded(by mark: Breakable.Piece) -> Breakable.Piece {
    let head = group.map { Breakable.Piece(text: mark.text + $0.head.text, width: mark.width + $0.head.width) }
    return Breakable.Piece(
      text: mark.text + text, width: mark.width + width,
      group: group.flatMap { group in
        head.map { Breakable.Group(head: $0, content: group.content, tail: group.tail, after: group.after) }
      })
  }
}
