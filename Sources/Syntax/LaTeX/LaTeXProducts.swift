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
    case .sign(let sign): return sign == "∂" && readsDerivatives
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
    for end in terms.indices where end == terms.count - 1 || !joins[end] {
      let run = try matrixProduct(Array(terms[start...end]), Array(links[start..<end]))
      if let before = total {
        total = try joined(before, links[start - 1], run)
      } else {
        total = run
      }
      start = end + 1
    }
    guard let total else { throw fault(.missingOperand, terms[0].range) }
    return total
  }

  /// For each link whether it is a matrix product with the matrix left.
  private func matrixJoins(_ terms: [LaTeXTerm], _ links: [Link]) throws(LaTeXFault) -> [Bool] {
    var joins: [Bool] = []
    for (index, link) in links.enumerated() {
      let left = terms[index]
      let right = terms[index + 1]
      if link == .sign("*"), left.kind == .matrix, right.isTimed, !left.isRow {
        let range = left.range.lowerBound..<right.range.upperBound
        throw fault(.starOfMatrix(slice(left.range), slice(right.range)), range)
      }
      let isRowTimesVector = left.isRow && right.kind == .vector
      let isOuter = left.kind == .vector && !left.isRow && right.isRow
      let multiplies = left.kind == .matrix || isRowTimesVector || isOuter
      joins.append(link.isOpen && multiplies && right.kind != .number)
    }
    return joins
  }

  private func matrixProduct(_ terms: [LaTeXTerm], _ links: [Link]) throws(LaTeXFault) -> LaTeXTerm {
    guard terms.count > 1, let last = terms.last else { return terms[0] }
    var total = terms[0]
    for term in terms.dropFirst() {
      // Elementwise products were bound tighter: W · (a * b).
      total = try .infix(.dot, total, term)
    }
    let isOuter = last.isRow && !terms[0].isRow && terms[0].kind == .vector
    total.kind = isOuter ? .matrix : terms.contains { $0.isTimed } || last.kind == .vector ? .vector : .matrix
    total.isRow = terms[0].isRow && last.kind == .matrix
    if last.kind == .vector { total.lastOperand = last.range }
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

  /// Two factors whose link is no matrix product from the left.
  private func joined(_ left: LaTeXTerm, _ link: Link, _ right: LaTeXTerm) throws(LaTeXFault) -> LaTeXTerm {
    if link.isOpen, left.isTimed || (left.isRow && left.kind == .vector), right.kind == .matrix,
      right.lastOperand == nil
    {
      return try rows(left, right)
    }
    if link == .sign("/") { return try .infix(.divide, left, right) }
    try refuseAmbiguous(left, link, right)
    var product = try LaTeXTerm.infix(.times, left, right)
    note(link, product, left, right)
    if link == .juxtaposed, left.isTimed, right.isTimed { product.firstOperand = nil }
    return product
  }

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
    let whole = min(left.range.lowerBound, right.range.lowerBound)..<max(left.range.upperBound, right.range.upperBound)
    let between = source.slice(left.range.upperBound..<max(left.range.upperBound, right.range.lowerBound))
    if let last = left.lastOperand, right.kind == .vector, last.lowerBound >= left.range.lowerBound {
      let matrix = source.slice(left.range.lowerBound..<last.lowerBound)
      let tail = source.slice(last) + between + source.slice(right.range)
      throw fault(
        .ambiguous(
          slice(whole), LaTeXPhrase.collapsed("\(matrix)(\(tail))"),
          LaTeXPhrase.collapsed("(\(source.slice(left.range)))\(between)\(source.slice(right.range))")), whole)
    }
    if let first = right.firstOperand, left.kind == .vector, first.upperBound <= right.range.upperBound {
      let matrix = source.slice(first.upperBound..<right.range.upperBound)
      let head = source.slice(left.range) + between + source.slice(first)
      throw fault(
        .ambiguous(
          slice(whole), LaTeXPhrase.collapsed("(\(head))\(matrix)"),
          LaTeXPhrase.collapsed("\(source.slice(left.range))\(between)(\(source.slice(right.range)))")), whole)
    }
  }

  private func note(_ link: Link, _ product: LaTeXTerm, _ left: LaTeXTerm, _ right: LaTeXTerm) {
    guard left.kind != .number, right.kind != .number, !readsDerivatives else { return }
    switch link {
    case .juxtaposed:
      let paper = LaTeXPhrase.paper(left.expression) + " " + LaTeXPhrase.paper(right.expression)
      decisions.add(.juxtaposed, product.range, example: paper + "\u{1}" + LaTeXPhrase.cell(product.expression))
    case .sign(let sign):
      if ["*", "·", "×", "⊗", "⋆"].contains(sign) { decisions.add(.elementwise(sign), product.range) }
    }
  }
}
