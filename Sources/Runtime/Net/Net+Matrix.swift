import Algebra

extension Net {
  /// A symbol as a matrix, at a time if it has one, of one of the sequences of a batch, counted from 0: vectors are
  /// columns. 0 where nothing is known.
  public func matrix(_ symbol: SymbolID, at time: Int, sequence: Int = 0) -> Matrix {
    let sides = sides(symbol)
    let (rows, columns) = (sides.first ?? 1, sides.count > 1 ? sides[1] : 1)
    let values: [Double]
    switch recurrence.store[symbol].kind {
    case .input, .variable:
      let all = (try? self.values(symbol, times: time...time)) ?? []
      let start = min(max(sequence, 0) * rows * columns, all.count)
      values = Array(all[start..<min(start + rows * columns, all.count)])
    default: values = parameter(symbol)
    }
    let whole = values.count == rows * columns ? values : [Double](repeating: 0, count: rows * columns)
    return Matrix(rows: rows, columns: columns, values: whole)
  }
}
