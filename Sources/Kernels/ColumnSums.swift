/// result[c] (+)= Σ_r source[r, c]: four vectors of columns at a time, rows in order.
enum ColumnSums<V: Lanes> {
  typealias Scalar = V.Scalar

  static func run(
    rows: Int, count: Int, source: UnsafePointer<Scalar>, stride: Int, result: UnsafeMutablePointer<Scalar>,
    accumulate: Bool
  ) {
    var column = 0
    while column &+ 4 * V.count <= count {
      sum(FourVectors<V>.self, rows, source + column, stride, result + column, accumulate)
      column &+= 4 * V.count
    }
    while column &+ V.count <= count {
      sum(OneVector<V>.self, rows, source + column, stride, result + column, accumulate)
      column &+= V.count
    }
    let rest = count &- column
    guard rest > 0 else { return }
    var total = accumulate ? V(at: result + column, count: rest) : .zero
    var row = source + column
    for _ in 0..<rows {
      total = total + V(at: row, count: rest)
      row += stride
    }
    total.store(to: result + column, count: rest)
  }

  @inline(__always)
  private static func sum<Row: TileRow>(
    _: Row.Type, _ rows: Int, _ source: UnsafePointer<Scalar>, _ stride: Int, _ result: UnsafeMutablePointer<Scalar>,
    _ accumulate: Bool
  ) where Row.Vector == V {
    let one = V(1)
    var total = accumulate ? Row(from: result) : Row(zero: ())
    var row = source
    for _ in 0..<rows {
      total.add(one, times: Row(from: row))
      row += stride
    }
    total.store(to: result)
  }
}
