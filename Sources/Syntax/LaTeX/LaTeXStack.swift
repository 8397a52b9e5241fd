/// Stacked gates: one product for several gates, with a column of functions before it.
extension LaTeXTranslation {
  func stacked(
    _ symbols: [LaTeXSymbol], _ range: Range<Int>, _ equation: LaTeXEquation
  ) throws(LaTeXFault) -> [CellItem] {
    let place = equation.line.place
    var cursor = LaTeXCursor(equation.body)
    var functions: [Expression]?
    if let first = cursor.peek, let cells = LaTeXColumns.cells(first), let names = functionNames(cells) {
      guard names.count == symbols.count else {
        throw fault(.columnHeights(symbols.count, names.count), first.range)
      }
      functions = names
      cursor.advance()
      if let sign = cursor.peek?.sign, ["∘", "⊙", "·"].contains(sign) { cursor.advance() }
      guard cursor.peek != nil else { throw fault(.functionAlone(slice(first.range)), first.range) }
      if cursor.rest.contains(where: { $0.isSign("+") || $0.isSign("-") }) {
        throw fault(.columnArgument, LaTeXAtom.range(of: cursor.rest) ?? first.range)
      }
    }
    let argument = cursor.rest
    dependsOnRow = false
    row = (0, symbols.count)
    defer { row = nil }
    let first = try whole(argument)
    var targets: [Expression] = []
    for symbol in symbols { targets.append(try target(symbol)) }
    if !dependsOnRow {
      return shared(targets, functions, first, range, equation)
    }
    // A row each: `\begin{pmatrix} W_i \\ W_f \end{pmatrix} x_t`.
    var items: [CellItem] = []
    for (index, target) in targets.enumerated() {
      row = (index, symbols.count)
      let term = index == 0 ? first : try whole(argument)
      let body = try functions.map { (all) throws(LaTeXFault) in try term.applied(all[index]) } ?? term
      items.append(CellItem(.equation(target: target, body: body.expression, purpose: nil), place))
    }
    decisions.add(.stacked, range, example: symbols.map(\.name).joined(separator: ", ") + " row by row")
    return items
  }

  /// One result, cut into a part for each gate.
  private func shared(
    _ targets: [Expression], _ functions: [Expression]?, _ body: LaTeXTerm, _ range: Range<Int>,
    _ equation: LaTeXEquation
  ) -> [CellItem] {
    let place = equation.line.place
    func split(_ parts: [Expression], _ body: LaTeXTerm) -> CellItem {
      let target = node(.brackets([parts]), range)
      return CellItem(.equation(target: target, body: body.expression, purpose: equation.line.purpose), place)
    }
    guard let functions else { return [split(targets, body)] }
    let body = body.withoutParentheses
    let names = targets.map { Self.variable($0) }
    let prefix = freshPrefix(names)
    var parts: [Expression] = []
    var items: [CellItem] = []
    for (index, target) in targets.enumerated() where index < functions.count {
      let part = timed(prefix + "_" + names[index].filter { $0 != "_" }, 0, target.place.range)
      parts.append(part)
      let value = LaTeXTerm(part, .vector, level: .postfix, height: 2)
      let call = node(
        .call(functions[index], [Argument(value: value.expression, place: target.place)]), target.place.range)
      items.append(CellItem(.equation(target: target, body: call, purpose: nil), place))
    }
    let whole = LaTeXPhrase.cell(body.expression)
    decisions.add(
      .stacked, range, example: "\(whole) is cut into \(parts.map(LaTeXPhrase.cell).joined(separator: ", "))")
    return [split(parts, body)] + items
  }

  private static func variable(_ target: Expression) -> String {
    if case .index(let base, _) = target.form, case .name(let name) = base.form { return name }
    if case .name(let name) = target.form { return name }
    return ""
  }

  /// Names for the parts that no name of the paper is: a_i, or q_i.
  private func freshPrefix(_ names: [String]) -> String {
    let letters = ["a", "q", "u", "p", "s", "z", "a′", "q′", "a″"]
    return letters.first { letter in
      names.allSatisfy { !survey.names.contains(letter + "_" + $0.filter { $0 != "_" }) }
    } ?? "a‴"
  }

  /// The functions of a column that holds nothing else.
  func functionNames(_ cells: [[LaTeXAtom]]) -> [Expression]? {
    guard !cells.isEmpty else { return nil }
    var names: [Expression] = []
    for cell in cells {
      let atoms = cell.visible
      if let name = functionName(atoms) {
        names.append(name)
      } else {
        return nil
      }
    }
    return names
  }

  private func functionName(_ atoms: [LaTeXAtom]) -> Expression? {
    guard let first = atoms.first, let range = LaTeXAtom.range(of: atoms) else { return nil }
    if atoms.count > 1 {
      // `sigm` as letters.
      let letters = atoms.compactMap(\.bareLetter)
      guard letters.count == atoms.count, let name = survey.functions.name(of: letters.joined()) else { return nil }
      return node(.name(name), range)
    }
    guard let symbol = try? survey.scripts.symbol(first), symbol.time == nil, symbol.power == nil,
      !survey.variables.contains(symbol.name), let name = survey.functions.name(of: symbol.name)
    else { return nil }
    return node(.name(name), range)
  }
}

extension LaTeXTerm {
  fileprivate func applied(_ function: Expression) throws(LaTeXFault) -> LaTeXTerm {
    var inside = self
    if case .parentheses(let expression) = expression.form { inside.expression = expression }
    return try inside.call(function, [], function.place.through(place))
  }
}
