/// How factors side by side are read: matrix products, elementwise products, row vectors.
///
/// A matrix multiplies what stands right of it, first of all. A vector that changes in time, left of a matrix that has
/// nothing on its right, is a row vector. All else is elementwise. Two readings that differ are an error.
extension LaTeXTranslation {
  private enum Link: Equatable {
    case juxtaposed
    case sign(String)

    /// A sign that can be either product, or none.
    var isOpen: Bool {
      switch self {
      case .juxtaposed: return true
      case .sign(let sign): return sign == "·" || sign == "×" || sign == "⊗"
      }
    }
  }

  private static let signs: Set<String> = ["*", "·", "⊙", "∘", "×", "⊗", "/", "⋆"]

  /// Factors with signs between them.
  func product(_ cursor: inout LaTeXCursor) throws(LaTeXFault) -> LaTeXTerm {
    var terms = [try chain(&cursor, after: nil)]
    var links: [Link] = []
    while let next = cursor.peek, let sign = next.sign, Self.signs.contains(sign), !next.hasScripts {
      cursor.advance()
      links.append(.sign(sign))
      var minus: LaTeXAtom?
      if let after = cursor.peek, after.isSign("-") {
        minus = after
        cursor.advance()
      }
      var term = try chain(&cursor, after: terms.last)
      if let minus { term = try term.negated(Place(source, minus.range)) }
      terms.append(term)
    }
    return try resolved(terms, links)
  }

  /// Factors without signs between them.
  func chain(_ cursor: inout LaTeXCursor, after: LaTeXTerm?) throws(LaTeXFault) -> LaTeXTerm {
    var terms: [LaTeXTerm] = []
    while let next = cursor.peek, terms.isEmpty || startsFactor(next) {
      terms.append(try factor(&cursor, after: terms.last ?? after))
    }
    guard !terms.isEmpty else { throw fault(.missingOperand, cursor.end) }
    return try resolved(terms, Array(repeating: .juxtaposed, count: terms.count - 1))
  }

  private func startsFactor(_ atom: LaTeXAtom) -> Bool {
    switch atom.nucleus {
    case .sign(let sign): return sign == "∂" && readsDerivatives && !atom.hasScripts
    case .unknown, .text: return false
    default: return true
    }
  }

  // MARK: Reading the links

  private func resolved(_ terms: [LaTeXTerm], _ links: [Link]) throws(LaTeXFault) -> LaTeXTerm {
    if terms.count == 1 { return terms[0] }
    let joins = try matrixJoins(terms, links)
    var total: LaTeXTerm?
    var start = 0
    // The factors as the paper has them, where side by side means elementwise.
    var paper: [String] = []
    for end in terms.indices where end == terms.count - 1 || !joins[end] {
      let run = try matrixProduct(Array(terms[start...end]), Array(links[start..<end]))
      if let before = total {
        let isElementwise = try join(&total, before, links[start - 1], run)
        if links[start - 1] == .juxtaposed, isElementwise {
          if paper.isEmpty { paper = [LaTeXPhrase.paper(before.expression)] }
          paper.append(LaTeXPhrase.paper(run.expression))
        }
      } else {
        total = run
      }
      start = end + 1
    }
    guard let total else { throw fault(.missingOperand, terms[0].range) }
    if !paper.isEmpty, !readsDerivatives {
      let example = paper.joined(separator: " ") + "\u{1}" + LaTeXPhrase.cell(total.expression)
      decisions.add(.juxtaposed, total.range, example: example)
    }
    return total
  }

  /// For each link whether it is a matrix product with the matrix left.
  private func matrixJoins(_ terms: [LaTeXTerm], _ links: [Link]) throws(LaTeXFault) -> [Bool] {
    var joins: [Bool] = []
    for (index, link) in links.enumerated() {
      let left = terms[index]
      let right = terms[index + 1]
      if link == .sign("*"), left.kind == .matrix, right.isTimed, !left.isRow {
        let range = left.range.through(right.range)
        throw fault(.starOfMatrix(slice(left.range), slice(right.range)), range)
      }
      let isRowTimesVector = left.isRow && right.kind == .vector
      let isOuter = left.kind == .vector && !left.isRow && right.isRow
      // `w [h_{t-1}, x_t]`: nothing is as wide as two vectors joined.
      let isBesideJoined = left.kind == .vector && left.isParameter && right.isJoined
      let multiplies = left.kind == .matrix || isRowTimesVector || isOuter || isBesideJoined
      joins.append(link.isOpen && multiplies && right.kind != .number)
    }
    return joins
  }

  /// A row of matrices and a column of vectors: `[W, U] [x; h]` is W · x + U · h.
  private func blocks(_ left: LaTeXTerm, _ right: LaTeXTerm) throws(LaTeXFault) -> LaTeXTerm? {
    guard left.kind == .matrix, case .brackets(let matrices) = left.expression.form, matrices.count == 1 else {
      return nil
    }
    guard case .brackets(let vectors) = right.expression.form, vectors.count == 1,
      vectors[0].count == matrices[0].count
    else { throw fault(.columnShape, left.range) }
    var total: LaTeXTerm?
    for (matrix, vector) in zip(matrices[0], vectors[0]) {
      let block = LaTeXTerm(matrix, .matrix, level: LaTeXTerm.level(of: matrix), height: left.height, isParameter: true)
      let part = LaTeXTerm(vector, .vector, level: LaTeXTerm.level(of: vector), height: right.height)
      let product = try LaTeXTerm.infix(.dot, block, part)
      total = try total.map { (before) throws(LaTeXFault) in try LaTeXTerm.infix(.plus, before, product) } ?? product
    }
    guard var sum = total else { return nil }
    sum.kind = .vector
    sum.isParameter = false
    let paper = LaTeXPhrase.paper(left.expression) + " " + LaTeXPhrase.paper(right.expression)
    decisions.add(
      .stacked, left.range.through(right.range), example: paper + "\u{1}" + LaTeXPhrase.cell(sum.expression))
    return sum
  }

  private func matrixProduct(_ terms: [LaTeXTerm], _ links: [Link]) throws(LaTeXFault) -> LaTeXTerm {
    guard terms.count > 1, let last = terms.last else { return terms[0] }
    if terms.count == 2, let sum = try blocks(terms[0], terms[1]) { return sum }
    var total = terms[0]
    for term in terms.dropFirst() {
      // Elementwise products were bound tighter: W · (a * b).
      total = try .infix(.dot, total, term)
    }
    let isOuter = last.isRow && !terms[0].isRow && terms[0].kind == .vector
    total.kind = isOuter ? .matrix : terms.contains { $0.isTimed } || last.kind == .vector ? .vector : .matrix
    total.isRow = terms[0].isRow && last.kind == .matrix
    // `W (r ⊙ h) ⊙ z`: parentheses tell what W multiplies.
    if last.kind == .vector, last.level != .atom { total.lastOperand = last.range }
    if links.contains(.juxtaposed) {
      decisions.add(
        .matrixProduct, total.range,
        example: LaTeXPhrase.paper(total.expression) + "\u{1}" + LaTeXPhrase.cell(total.expression))
    }
    for case .sign(let sign) in links where sign != "·" {
      decisions.add(.matrixSign(sign), total.range, example: LaTeXPhrase.cell(total.expression))
    }
    return total
  }

  /// Two factors whose link is no matrix product from the left; answers whether it was elementwise and decided so.
  private func join(
    _ total: inout LaTeXTerm?, _ left: LaTeXTerm, _ link: Link, _ right: LaTeXTerm
  ) throws(LaTeXFault) -> Bool {
    let isVector = left.isTimed || (left.isRow && left.kind == .vector)
    if link.isOpen, isVector, right.kind == .matrix, right.isParameter, right.lastOperand == nil {
      total = try rows(left, right)
      return false
    }
    if link == .sign("/") {
      total = try .infix(.divide, left, right)
      return false
    }
    try refuseAmbiguous(left, link, right)
    noteNumber(left, right)
    var product = try LaTeXTerm.infix(.times, left, right)
    product.lastOperand = right.lastOperand
    product.firstOperand = left.firstOperand
    total = product
    guard left.kind != .number, right.kind != .number else { return false }
    if case .sign(let sign) = link, Self.openSigns.contains(sign), !readsDerivatives {
      decisions.add(.elementwise(sign), product.range)
    }
    return true
  }

  /// `γ I`: what scales a matrix is a number; nothing else would say so.
  private func noteNumber(_ left: LaTeXTerm, _ right: LaTeXTerm) {
    guard right.kind == .matrix, right.isParameter, case .name(let name) = left.expression.form, left.kind == .vector,
      !survey.defines(name), numbers[name] == nil, !readsDerivatives
    else { return }
    numbers[name] = left.place
    decisions.add(.numbers, left.range, example: name)
  }

  /// Signs that papers use for more than one product.
  private static let openSigns: Set<String> = ["*", "·", "×", "⊗", "⋆"]

  /// `x W`, the paper's row vectors, is `Wᵀ · x`.
  private func rows(_ left: LaTeXTerm, _ right: LaTeXTerm) throws(LaTeXFault) -> LaTeXTerm {
    let place = left.place.through(right.place)
    // `x^\top W` says the same as `x W`.
    var column = left.isRow ? try left.transposed(left.place) : left
    column.isRow = false
    if case .infix(.times, _, _) = left.expression.form {
      let text = slice(place.range)
      throw fault(
        .ambiguous(text, "put parentheses around the elementwise product", "around the matrix product"), place.range)
    }
    var product = try LaTeXTerm.infix(.dot, try right.transposed(right.place), column)
    product.expression.place = place
    product.kind = .vector
    product.isParameter = false
    product.firstOperand = left.range
    let paper = LaTeXPhrase.paper(left.expression) + " " + LaTeXPhrase.paper(right.expression)
    decisions.add(.rowVectors, place.range, example: paper + "\u{1}" + LaTeXPhrase.cell(product.expression))
    return product
  }

  /// `U r ⊙ h`: U (r ⊙ h), or (U r) ⊙ h?
  private func refuseAmbiguous(_ left: LaTeXTerm, _ link: Link, _ right: LaTeXTerm) throws(LaTeXFault) {
    let whole = left.range.through(right.range)
    let (start, end) = (left.range, right.range)
    let between = source.slice(start.upperBound..<max(start.upperBound, end.lowerBound))
    let parts: (one: String, other: String)
    if let last = left.lastOperand, right.kind == .vector, last.lowerBound >= start.lowerBound {
      parts.one =
        "\(source.slice(start.lowerBound..<last.lowerBound))(\(source.slice(last))\(between)\(source.slice(end)))"
      parts.other = "(\(source.slice(start)))\(between)\(source.slice(end))"
    } else if let first = right.firstOperand, left.kind == .vector, first.upperBound <= end.upperBound {
      parts.one =
        "(\(source.slice(start))\(between)\(source.slice(first)))\(source.slice(first.upperBound..<end.upperBound))"
      parts.other = "\(source.slice(start))\(between)(\(source.slice(end)))"
    } else {
      return
    }
    let readings = (LaTeXPhrase.collapsed(parts.one), LaTeXPhrase.collapsed(parts.other))
    throw fault(.ambiguous(slice(whole), readings.0, readings.1), whole)
  }
}
