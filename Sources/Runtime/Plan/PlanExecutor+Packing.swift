import Kernels

/// Weights into the order in which products read them.
extension PlanExecutor {
  @inline(__always)
  func pack(_ matrix: PackedMatrix) {
    guard matrix.isTiled else {
      for block in matrix.blocks { pack(block, of: matrix, 0..<matrix.outer, into: storage + matrix.packed) }
      return
    }
    // In strips of panels, which are cut into tiles while they are in the cache.
    let strip = lanes[0].room
    let isWhole = matrix.blocks.reduce(0) { $0 + $1.source.rows * $1.source.columns } == matrix.inner * matrix.outer
    var first = 0
    while first < matrix.outer {
      let columns = first..<min(first + Scalar.tiledStrip, matrix.outer)
      if !isWhole { strip.update(repeating: 0, count: Scalar.packedCount(inner: matrix.inner, outer: columns.count)) }
      for block in matrix.blocks { pack(block, of: matrix, columns, into: strip) }
      Scalar.tile(
        strip, columns: columns.count, inner: matrix.inner, firstColumn: first, into: storage + matrix.packed)
      first = columns.upperBound
    }
  }

  /// What of a block stands in these columns of the matrix, into panels that begin with the first of them.
  @inline(__always)
  private func pack(
    _ block: PackedMatrix.Block, of matrix: PackedMatrix, _ columns: Range<Int>,
    into packed: UnsafeMutablePointer<Scalar>
  ) {
    let source = block.source
    let own = columns.clamped(to: block.outerOffset..<block.outerOffset + source.rows)
    guard !own.isEmpty else { return }
    Scalar.pack(
      storage + source.base + (own.lowerBound - block.outerOffset) * source.rowStride, outerStride: source.rowStride,
      innerStride: source.columnStride, outer: own.count, inner: source.columns, sign: block.isNegative ? -1 : 1,
      into: packed, packedInner: matrix.inner, innerOffset: block.innerOffset,
      outerOffset: own.lowerBound - columns.lowerBound)
  }
}
