/// Parentheses, and columns: a group, or several vectors as one.
extension LaTeXTranslation {
  func fenced(
    _ fence: String, _ inside: [LaTeXAtom], _ atom: LaTeXAtom, after: LaTeXTerm?
  ) throws(LaTeXFault) -> LaTeXTerm {
    guard fence == "(" || fence == "[" || fence == "{" else {
      throw fault(.unreadSign(slice(atom.range), hint: "write parentheses"), atom.range)
    }
    if LaTeXColumns.isGrid(atom), let grid = inside.visible.first { return try column(grid, after: after) }
    let parts = inside.split(atSigns: [",", ";", "‖"])
    if parts.count > 1 {
      let term = try joined(parts, atom)
      if fence != "[" || inside.contains(where: { $0.isSign("‖") }) {
        decisions.add(.joined, atom.range, example: "\(slice(atom.range))\u{1}\(LaTeXPhrase.cell(term.expression))")
      }
      return term
    }
    let visible = inside.visible
    if visible.isEmpty { throw fault(.missingOperand, atom.range) }
    if fence == "[", visible.count > 1, visible.allSatisfy(isTimedName) {
      throw fault(.missingComma(slice(atom.range)), atom.range)
    }
    let term = try whole(inside)
    if term.level >= .postfix { return term.closed(Place(source, atom.range)) }
    return try term.parenthesised(Place(source, atom.range))
  }

  func isTimedName(_ atom: LaTeXAtom) -> Bool {
    guard let symbol = try? survey.scripts.symbol(atom) else { return false }
    return symbol.time != nil
  }

  /// Parts one under or after the other are one vector; what is itself joined is taken apart.
  func joined(_ parts: [[LaTeXAtom]], _ atom: LaTeXAtom) throws(LaTeXFault) -> LaTeXTerm {
    var elements: [Expression] = []
    var height = 0
    var isParameter = true
    var isOfMatrices = true
    for part in parts {
      if part.visible.isEmpty { throw fault(.missingOperand, LaTeXAtom.range(of: part) ?? atom.range) }
      let term = try whole(part)
      height = max(height, term.height)
      isParameter = isParameter && term.isParameter
      isOfMatrices = isOfMatrices && term.kind == .matrix
      if case .brackets(let rows) = term.expression.form, rows.count == 1 {
        elements += rows[0]
      } else {
        elements.append(term.expression)
      }
    }
    let place = Place(source, atom.range)
    return LaTeXTerm(
      Expression(.brackets([elements]), place), isOfMatrices ? .matrix : .vector,
      height: try LaTeXTerm.height(height, place), isParameter: isParameter)
  }

  /// A column: one of several gates' rows, or parts of one vector.
  func column(_ grid: LaTeXAtom, after: LaTeXTerm?) throws(LaTeXFault) -> LaTeXTerm {
    if case .grid(let kind, _) = grid.nucleus, kind.hasSuffix("cases") { throw fault(.cases, grid.range) }
    guard let cells = LaTeXColumns.cells(grid), !cells.isEmpty else { throw fault(.columnShape, grid.range) }
    if cells.count == 1 {
      let term = try whole(cells[0])
      let place = Place(source, grid.range)
      return term.level >= .postfix ? term.closed(place) : try term.parenthesised(place)
    }
    if functionNames(cells) != nil { throw fault(.columnElsewhere, grid.range) }
    guard let row else { return try joined(cells, grid) }
    let isOfParameters = cells.allSatisfy(isParameters)
    let isOperand = after?.kind == .matrix
    if isOfParameters || (!isOperand && cells.count == row.count) {
      guard cells.count == row.count else { throw fault(.columnHeights(row.count, cells.count), grid.range) }
      dependsOnRow = true
      return try whole(cells[row.index]).parenthesisedUnlessClosed()
    }
    return try joined(cells, grid)
  }

  func isParameters(_ atoms: [LaTeXAtom]) -> Bool {
    !LaTeXVisit.first(atoms) { atom in
      guard let symbol = try? survey.scripts.symbol(atom) else { return false }
      return symbol.time != nil || survey.variables.contains(symbol.name) || survey.inputs.contains(symbol.name)
    }
  }
}
