internal import CVector

// result[m, n] (+)= Σ_r left[r, m] * right[r, n]: a product whose sum runs over the rows of both sides.
//
// The sum is cut into blocks of 256 rows. Of each, the right side is packed into panels, as weights are; the left side
// is read as it comes (its numbers of one r stand together already), or packed where its rows are so far apart that
// the processor does not send for them in time.

enum OuterProduct<V: Lanes> {
  typealias Scalar = V.Scalar

  static var innerBlock: Int { 256 }
  /// The columns of the right side packed at a time.
  static var rightBlock: Int { 2048 / MemoryLayout<Scalar>.size }

  /// Rows of the left side a page apart are not sent for by the processor itself, which does not look beyond the page;
  /// nearer ones come in time, though they push each other from the first-level cache. Measured with AVX2; with AVX-512 it
  /// is half a page, a page was not tried.
  static var bytesFarApart: Int { hasManyRegisters ? 2048 : 4096 }

  static func run(
    rows: Int, left: UnsafePointer<Scalar>, leftStride: Int, leftCount: Int, right: UnsafePointer<Scalar>,
    rightStride: Int, rightCount: Int, result: UnsafeMutablePointer<Scalar>, resultStride: Int, accumulate: Bool
  ) {
    guard leftCount > 0, rightCount > 0 else { return }
    if min(leftCount, rightCount) <= NarrowOuterProduct<V>.mostColumns {
      let (left, right) = (
        NarrowOuterProduct<V>.Side(numbers: left, stride: leftStride, count: leftCount),
        NarrowOuterProduct<V>.Side(numbers: right, stride: rightStride, count: rightCount)
      )
      if rightCount <= leftCount {
        return NarrowOuterProduct<V>.run(
          rows: rows, wide: left, narrow: right, result: result, resultStep: resultStride, resultStride: 1,
          accumulate: accumulate)
      }
      return NarrowOuterProduct<V>.run(
        rows: rows, wide: right, narrow: left, result: result, resultStep: 1, resultStride: resultStride,
        accumulate: accumulate)
    }
    let packedCount = Scalar.packedCount(inner: min(rows, innerBlock), outer: min(rightCount, rightBlock))
    let packed = UnsafeMutablePointer<Scalar>.allocate(capacity: max(packedCount, 1))
    defer { packed.deallocate() }
    let isFarApart = leftStride * MemoryLayout<Scalar>.size >= bytesFarApart && rightCount >= 64

    var first = 0
    repeat {
      let inner = min(innerBlock, rows - first)
      var column = 0
      while column < rightCount {
        let columns = min(rightBlock, rightCount - column)
        pack(right + (first * rightStride + column), stride: rightStride, inner: inner, columns: columns, into: packed)
        let target = result + column
        let job = TileJob<Scalar>(
          left: left + first * leftStride, leftStep: leftStride, leftGroupStep: 0, right: packed,
          panelStride: inner * Scalar.panelWidth, firstVector: 0, inner: inner, result: target,
          resultStride: resultStride, start: accumulate || first > 0 ? UnsafePointer(target) : nil,
          startStride: resultStride, columns: columns)
        if isFarApart {
          LeftBlock<V>.withRoom { run(job, rows: leftCount, room: $0) }
        } else {
          Sweep<V>(job: job, left: .columns(stride: leftStride), rows: leftCount).run()
        }
        column += rightBlock
      }
      first += innerBlock
    } while first < rows
  }

  private static func run(_ job: TileJob<Scalar>, rows: Int, room: UnsafeMutablePointer<Scalar>) {
    let most = LeftBlock<V>.rows(inner: job.inner)
    var row = 0
    while row < rows {
      let count = min(most, rows - row)
      LeftBlock<V>.packColumns(job.left + row, stride: job.leftStep, rows: count, inner: job.inner, into: room)
      var part = job
      part.left = UnsafePointer(room)
      part.result += row * job.resultStride
      if let start = job.start { part.start = start + row * job.startStride }
      Sweep<V>(job: part, left: .packed, rows: count).run()
      row += count
    }
  }

  /// Panels of the right side, their padding zero.
  private static func pack(
    _ source: UnsafePointer<Scalar>, stride: Int, inner: Int, columns: Int, into packed: UnsafeMutablePointer<Scalar>
  ) {
    let width = Scalar.panelWidth
    var target = packed
    var column = 0
    while column < columns {
      let count = min(width, columns - column)
      var from = source + column
      for k in 0..<inner {
        if k &+ LeftBlock<V>.ahead < inner { cvector_prefetch(from + LeftBlock<V>.ahead &* stride) }
        if count == width {
          var part = 0
          while part < width {
            V(at: from + part).store(to: target + part)
            part &+= V.count
          }
        } else {
          for index in 0..<width { target[index] = index < count ? from[index] : 0 }
        }
        from += stride
        target += width
      }
      column += width
    }
  }
}
