// result = left · packed + start.
//
// The sum over k is cut into blocks, the same for any number of rows, so that the part of a panel that a tile reads
// (256 × 16 Float32: 16 KB) stays in the first-level cache while all rows pass over it; with AVX-512 (256 × 48: 48 KB) it
// streams from the second-level cache, sent for during the panel before. Many rows are cut too, into as many as stay in
// the second-level cache, and packed where they meet enough columns to pay for it. One row alone is `RowProduct`'s.

enum Product<V: Lanes> {
  typealias Scalar = V.Scalar

  static var innerBlock: Int { 256 }
  /// Weights of this size are not in the second-level cache when they are met again. What is near is not sent for while
  /// it is read: with one row that takes half of the loads and nearly twice the time.
  static var farBytes: Int { 2 << 20 }
  /// From so many columns on packing the left side costs less than it saves, if its rows are so far apart that they
  /// push each other from the first-level cache.
  static var columnsWorthPacking: Int { 512 }
  static var bytesFarApart: Int { 2048 }

  static func run(
    rows: Int, inner: Int, outer: Int, left: UnsafePointer<Scalar>, leftStride: Int, packed: UnsafePointer<Scalar>,
    result: UnsafeMutablePointer<Scalar>, resultStride: Int, start: ProductStart<Scalar>
  ) {
    guard rows > 0, outer > 0 else { return }
    if rows == 1 {
      let first: UnsafePointer<Scalar>? =
        switch start {
        case .zero: nil
        case .accumulate: UnsafePointer(result)
        case .row(let row): row
        }
      return RowProduct<V>.run(inner: inner, outer: outer, left: left, packed: packed, result: result, start: first)
    }
    var job = TileJob<Scalar>(
      left: left, leftStep: leftStride, leftGroupStep: 0, right: packed, panelStride: inner * Scalar.panelWidth,
      firstVector: 0,
      inner: inner, result: result, resultStride: resultStride, start: nil, startStride: 0, columns: outer)
    job.isFar = inner * outer * MemoryLayout<Scalar>.size >= farBytes
    switch start {
    case .zero: break
    case .accumulate: (job.start, job.startStride) = (UnsafePointer(result), resultStride)
    case .row(let row): job.start = row
    }
    if rows > Sweep<V>.tallest, outer >= columnsWorthPacking, leftStride * MemoryLayout<Scalar>.size >= bytesFarApart {
      LeftBlock<V>.withRoom { run(job, rows: rows, room: $0) }
    } else {
      run(job, rows: rows, room: nil)
    }
  }

  private static func run(_ whole: TileJob<Scalar>, rows: Int, room: UnsafeMutablePointer<Scalar>?) {
    var job = whole
    let stride = whole.leftStep
    var first = 0
    repeat {
      job.inner = min(innerBlock, whole.inner - first)
      job.right = whole.right + first * Scalar.panelWidth
      let most = LeftBlock<V>.rows(inner: job.inner)
      let parts = (rows + most - 1) / most
      var row = 0
      for part in 0..<parts {
        let count = (rows - row) / (parts - part)
        var block = job
        block.left += row * stride + first
        block.result += row * job.resultStride
        if let start = job.start { block.start = start + row * job.startStride }
        if let room {
          LeftBlock<V>.packRows(block.left, stride: stride, rows: count, inner: job.inner, into: room)
          block.left = UnsafePointer(room)
          Sweep<V>(job: block, left: .packed, rows: count).run()
        } else {
          Sweep<V>(job: block, left: .rows(stride: stride), rows: count).run()
        }
        row += count
      }
      (job.start, job.startStride) = (UnsafePointer(whole.result), whole.resultStride)
      first += innerBlock
    } while first < whole.inner
  }
}
