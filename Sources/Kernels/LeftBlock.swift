internal import CVector

/// A part of the left side of a product, packed on the stack: the rows of one tile side by side for every k, so that
/// the inner loop reads one stream without gaps, and rows a power of two apart do not push each other from the cache.
struct LeftBlock<V: Lanes> {
  typealias Scalar = V.Scalar

  /// The rows of so many k that the room holds; it stays in the second-level cache.
  static func rows(inner: Int) -> Int {
    // A store may pass the last row by a vector.
    max(Sweep<V>.tallest, (Int(cvector_block_bytes) / MemoryLayout<Scalar>.size - V.count) / max(inner, 1))
  }

  /// Calls the body with room for a block.
  @inline(__always)
  static func withRoom(_ body: (UnsafeMutablePointer<Scalar>) -> Void) {
    withStackRoom { body($0.assumingMemoryBound(to: Scalar.self)) }
  }

  /// Packs rows × inner numbers, rows `stride` apart.
  static func packRows(
    _ source: UnsafePointer<Scalar>, stride: Int, rows: Int, inner: Int, into room: UnsafeMutablePointer<Scalar>
  ) {
    forEachGroup(of: rows) { row, count in
      let target = room + row * inner
      let first = source + row * stride
      switch count {
      case 8: interleave(8, first, stride: stride, inner: inner, into: target)
      case 7: interleave(7, first, stride: stride, inner: inner, into: target)
      case 6: interleave(6, first, stride: stride, inner: inner, into: target)
      case 5: interleave(5, first, stride: stride, inner: inner, into: target)
      case 4: interleave(4, first, stride: stride, inner: inner, into: target)
      default: interleave(count, first, stride: stride, inner: inner, into: target)
      }
    }
  }

  /// Packs rows × inner numbers, the rows of one k side by side and the next k `stride` on.
  static func packColumns(
    _ source: UnsafePointer<Scalar>, stride: Int, rows: Int, inner: Int, into room: UnsafeMutablePointer<Scalar>
  ) {
    var from = source
    for k in 0..<inner {
      forEachGroup(of: rows) { row, count in
        let target = room + (row &* inner &+ k &* count)
        // A whole vector, its surplus written over by the next k; the last k have no room for one, nor the last rows a
        // surplus.
        if (inner &- k) &* count >= V.count &+ count, row &+ Sweep<V>.tallest + V.count <= rows {
          V(at: from + row).store(to: target)
          if V.count < count { V(at: from + (row &+ V.count)).store(to: target + V.count) }
        } else {
          for index in 0..<count { target[index] = from[row &+ index] }
        }
      }
      from += stride
    }
  }

  @inline(__always)
  private static func interleave(
    _ count: Int, _ source: UnsafePointer<Scalar>, stride: Int, inner: Int, into target: UnsafeMutablePointer<Scalar>
  ) {
    var to = target
    for k in 0..<inner {
      for row in 0..<count { to[row] = source[row &* stride &+ k] }
      to += count
    }
  }

  /// The first row and the number of rows of every group of a sweep.
  @inline(__always)
  private static func forEachGroup(of rows: Int, _ body: (_ row: Int, _ count: Int) -> Void) {
    let groups = Sweep<V>.groups(of: rows)
    var row = 0
    for group in 0..<groups.count {
      let count = group < groups.taller ? groups.height + 1 : groups.height
      body(row, count)
      row += count
    }
  }
}

/// Calls the body with `cvector_block_bytes` of the stack.
private func withStackRoom(_ body: (UnsafeMutableRawPointer) -> Void) {
  typealias Body = (UnsafeMutableRawPointer) -> Void
  withoutActuallyEscaping(body) { body in
    var body = body
    withUnsafeMutablePointer(to: &body) { pointer in
      cvector_with_block(
        { room, context in
          guard let room, let context else { return }
          context.assumingMemoryBound(to: Body.self).pointee(room)
        }, pointer)
    }
  }
}
