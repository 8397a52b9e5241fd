/// Derivatives in the lines that are no equations of the cell.
extension LaTeXTranslation {
  /// `\frac{\partial c_t}{\partial c_{t-1}}`, and `\frac{\partial}{\partial c_{t-1}} (…)`.
  func derivative(
    _ above: [LaTeXAtom], _ below: [LaTeXAtom], _ atom: LaTeXAtom, _ cursor: inout LaTeXCursor
  ) throws(LaTeXFault) -> LaTeXTerm {
    guard let head = above.visible.first, let foot = below.visible.first, !head.hasScripts, !foot.hasScripts else {
      throw fault(.exponent(slice(atom.range)), atom.range)
    }
    let by = try whole(Array(below.visible.dropFirst())).parenthesisedUnlessClosed()
    let numerator = Array(above.visible.dropFirst())
    if !numerator.isEmpty {
      return try derivative(of: try whole(numerator), by: by, atom.range)
    }
    let operand = try factor(&cursor, after: nil)
    let place = Place(source, atom.range.through(operand.range))
    let form = Form.derivative(of: nil, by: by.expression, operand: operand.expression)
    return LaTeXTerm(
      Expression(form, place), .vector, level: .postfix,
      height: try LaTeXTerm.height(max(by.height, operand.height), place))
  }

  /// `∂c_t/∂c_{t-1}` on the line.
  func slashedDerivative(_ cursor: inout LaTeXCursor) throws(LaTeXFault) -> LaTeXTerm {
    let start = cursor.peek?.range ?? cursor.end
    cursor.advance()
    let above = try factor(&cursor, after: nil)
    guard let slash = cursor.peek, slash.isSign("/") else { throw fault(.unexpected("∂"), start) }
    cursor.advance()
    guard let foot = cursor.peek, foot.isSign("∂") else { throw fault(.unexpected(slice(slash.range)), slash.range) }
    cursor.advance()
    let below = try factor(&cursor, after: nil)
    return try derivative(of: above, by: below, start.through(below.range))
  }

  private func derivative(
    of above: LaTeXTerm, by below: LaTeXTerm, _ range: Range<Int>
  ) throws(LaTeXFault) -> LaTeXTerm {
    let above = try above.parenthesisedUnlessClosed()
    let place = Place(source, range)
    let form = Form.derivative(of: above.expression, by: below.expression, operand: nil)
    return LaTeXTerm(
      Expression(form, place), .vector, level: .postfix,
      height: try LaTeXTerm.height(max(above.height, below.height), place))
  }
}
