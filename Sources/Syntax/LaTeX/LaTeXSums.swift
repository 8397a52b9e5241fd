/// Products written out over units: `\sum_j U_{i,j} x_j` is U · x.
enum LaTeXSums {
  /// The letter that a sum runs over: `\sum_j`, `\sum_{j=1}^n`.
  static func letter(_ sum: LaTeXAtom) -> String? {
    guard let script = sum.subscripts.first?.visible, sum.subscripts.count == 1,
      let letter = script.first?.bareLetter, script.count == 1 || script[1].isSign("=")
    else { return nil }
    return letter
  }
}

extension LaTeXTranslation {
  /// A sum, if it is the product of a matrix and a vector.
  func summed(_ cursor: inout LaTeXCursor) throws(LaTeXFault) -> LaTeXTerm {
    guard let sum = cursor.peek else { throw fault(.missingOperand, cursor.end) }
    guard let letter = LaTeXSums.letter(sum), let unit = survey.scripts.unitLetter, letter != unit else {
      throw unexpected(sum)
    }
    cursor.advance()
    var symbols: [LaTeXSymbol] = []
    while symbols.count < 2, let atom = cursor.peek, let symbol = try survey.scripts.symbol(atom) {
      symbols.append(symbol)
      cursor.advance()
    }
    guard symbols.count == 2, let matrix = symbols.first(where: { $0.units.count == 2 }),
      let vector = symbols.first(where: { $0.units == [letter] }), matrix.power == nil, vector.power == nil
    else { throw unexpected(sum) }
    var left = try name(matrix)
    left.kind = .matrix
    // `w_{ji} x_j`: the rows are summed over.
    if matrix.units == [letter, unit] {
      left = try left.transposed(left.place)
    } else if matrix.units != [unit, letter] {
      throw unexpected(sum)
    }
    var product = try LaTeXTerm.infix(.dot, left, try name(vector))
    product.kind = .vector
    product.isParameter = false
    let range = symbols.reduce(sum.range) { $0.through($1.range) }
    product.expression.place = Place(source, range)
    decisions.add(.sums, range, example: "\(slice(range))\u{1}\(LaTeXPhrase.cell(product.expression))")
    return product
  }
}
