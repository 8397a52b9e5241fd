internal import CVector

// result = left · packed + start of one row: the step of a single sequence, where nothing may stand between the call and
// the first fused product. Eight vectors of columns at a time are under way, each a chain over k in order, in the blocks
// that a row of any product is summed in.

enum RowProduct<V: Lanes> {
  typealias Scalar = V.Scalar

  /// One block of the sum.
  struct Block {
    var left: UnsafePointer<Scalar>
    var right: UnsafePointer<Scalar>
    var panelStride: Int
    var inner: Int
    var isFar: Bool
  }

  static func run(
    inner: Int, outer: Int, left: UnsafePointer<Scalar>, packed: UnsafePointer<Scalar>,
    result: UnsafeMutablePointer<Scalar>, start: UnsafePointer<Scalar>?
  ) {
    let panelStride = inner * Scalar.panelWidth
    let isFar = inner * outer * MemoryLayout<Scalar>.size >= Product<V>.farBytes
    var start = start
    var first = 0
    repeat {
      let block = Block(
        left: left + first, right: packed + first * Scalar.panelWidth, panelStride: panelStride,
        inner: min(Product<V>.innerBlock, inner - first), isFar: isFar)
      run(block, outer: outer, result: result, start: start)
      start = UnsafePointer(result)
      first += Product<V>.innerBlock
    } while first < inner
  }

  @inline(__always)
  private static func run(
    _ block: Block, outer: Int, result: UnsafeMutablePointer<Scalar>, start: UnsafePointer<Scalar>?
  ) {
    let total = outer / V.count
    var vector = 0
    while vector &+ 8 <= total {
      sum(EightVectors<V>.self, block, from: vector, result, start)
      vector &+= 8
    }
    if vector &+ 4 <= total {
      sum(FourVectors<V>.self, block, from: vector, result, start)
      vector &+= 4
    }
    if vector &+ 2 <= total {
      sum(TwoVectors<V>.self, block, from: vector, result, start)
      vector &+= 2
    }
    if vector < total {
      sum(OneVector<V>.self, block, from: vector, result, start)
      vector &+= 1
    }
    let column = vector &* V.count
    if column < outer {
      // Panels are filled up with zeros to their end.
      let rest = outer &- column
      var row = chains(OneVector<V>.self, block, from: vector).vector
      if let start { row = row + V(at: start + column, count: rest) }
      row.store(to: result + column, count: rest)
    }
  }

  @inline(__always)
  private static func sum<Row: TileRow>(
    _: Row.Type, _ block: Block, from vector: Int, _ result: UnsafeMutablePointer<Scalar>,
    _ start: UnsafePointer<Scalar>?
  ) where Row.Vector == V {
    let column = vector &* V.count
    var row = chains(Row.self, block, from: vector)
    if let start { row.add(Row(from: start + column)) }
    row.store(to: result + column)
  }

  @inline(__always)
  private static func chains<Row: TileRow>(_: Row.Type, _ block: Block, from vector: Int) -> Row where Row.Vector == V {
    let vectorsPerPanel = Scalar.panelWidth / V.count
    let width = Scalar.panelWidth
    let sources = Row.sources(vector) {
      block.right + $0 / vectorsPerPanel * block.panelStride + $0 % vectorsPerPanel * V.count
    }
    var row = Row(zero: ())
    var k = 0
    while k &+ 4 <= block.inner {
      if block.isFar {
        for step in 0..<4 { Row.prefetch(sources, offset: (k &+ step &+ TileJob<Scalar>.ahead) &* width) }
      }
      for step in 0..<4 {
        row.add(V(block.left[k &+ step]), times: Row(at: sources, offset: (k &+ step) &* width))
      }
      k &+= 4
    }
    while k < block.inner {
      row.add(V(block.left[k]), times: Row(at: sources, offset: k &* width))
      k &+= 1
    }
    return row
  }
}
