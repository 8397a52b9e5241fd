internal import CVector

// result = start + left · packed.
//
// The sum over k is cut into blocks, so that the part of a panel that a tile reads (256 × 16 Float32: 16 KB) stays in
// the first-level cache while all rows pass over it. Rows are cut into groups of nearly equal size, at most six: 16 is
// 6 + 5 + 5, for a group of four or fewer leaves part of the processor idle. Few rows take more columns instead.

enum Product<V: Lanes> {
  typealias Scalar = V.Scalar

  static var innerBlock: Int { 256 }

  static func run(
    rows: Int, inner: Int, outer: Int, left: UnsafePointer<Scalar>, leftStride: Int, packed: UnsafePointer<Scalar>,
    result: UnsafeMutablePointer<Scalar>, resultStride: Int, start: ProductStart<Scalar>
  ) {
    guard rows > 0, outer > 0 else { return }
    var job = TileJob<Scalar>(
      left: left, leftStride: leftStride, leftStep: 1, right: packed, panelStride: inner * Scalar.panelWidth,
      firstVector: 0, inner: inner, result: result, resultStride: resultStride, start: nil, startStride: 0,
      columns: outer)
    switch start {
    case .zero: break
    case .accumulate: (job.start, job.startStride) = (UnsafePointer(result), resultStride)
    case .row(let row): job.start = row
    }
    // Up to six rows read every panel once: nothing to keep.
    let block = rows <= 6 ? max(inner, 1) : innerBlock
    var first = 0
    repeat {
      job.inner = min(block, inner - first)
      job.left = left + first
      job.right = packed + first * Scalar.panelWidth
      sweep(job, rows: rows)
      (job.start, job.startStride) = (UnsafePointer(result), resultStride)
      first += block
    } while first < inner
  }

  /// All rows and columns for one block of k.
  static func sweep(_ job: TileJob<Scalar>, rows: Int) {
    let groups = (rows + 5) / 6
    let (height, taller) = rows.quotientAndRemainder(dividingBy: groups)
    let vectors = vectorsAcross(rows: taller > 0 ? height + 1 : height)
    let total = (job.columns + V.count - 1) / V.count
    var vector = 0
    while vector < total {
      let wide = narrowed(vectors, to: total - vector)
      var row = 0
      for group in 0..<groups {
        let count = group < taller ? height + 1 : height
        var tile = job
        let column = vector * V.count
        tile.left += row * job.leftStride
        tile.result += row * job.resultStride + column
        if let start = job.start { tile.start = start + row * job.startStride + column }
        tile.firstVector = vector
        tile.columns -= column
        run(tile, rows: count, vectors: wide)
        row += count
      }
      vector += wide
    }
  }

  /// As many vectors as fill the registers for so many rows.
  static func vectorsAcross(rows: Int) -> Int {
    switch rows {
    case 1: 8
    case 2: 6
    case 3: 4
    case 4: 3
    default: 2
    }
  }

  /// The widest tile there is for what is left over.
  static func narrowed(_ vectors: Int, to rest: Int) -> Int {
    guard rest < vectors else { return vectors }
    return rest >= 4 ? 4 : rest
  }

  static func run(_ job: TileJob<Scalar>, rows: Int, vectors: Int) {
    switch vectors {
    case 1: run(job, rows: rows, OneVector<V>.self)
    case 2: run(job, rows: rows, TwoVectors<V>.self)
    case 3: run(job, rows: rows, ThreeVectors<V>.self)
    case 4:
      switch rows {
      case 1: job.run(OneRow<FourVectors<V>>.self)
      case 2: job.run(TwoRows<FourVectors<V>>.self)
      default: job.run(ThreeRows<FourVectors<V>>.self)
      }
    case 6: job.run(TwoRows<SixVectors<V>>.self)
    default: job.run(OneRow<EightVectors<V>>.self)
    }
  }

  @inline(__always)
  static func run<Row: TileRow>(_ job: TileJob<Scalar>, rows: Int, _: Row.Type) where Row.Vector == V {
    switch rows {
    case 1: job.run(OneRow<Row>.self)
    case 2: job.run(TwoRows<Row>.self)
    case 3: job.run(ThreeRows<Row>.self)
    case 4: job.run(FourRows<Row>.self)
    case 5: job.run(FiveRows<Row>.self)
    default: job.run(SixRows<Row>.self)
    }
  }
}
