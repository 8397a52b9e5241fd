internal import CVector

/// A part of the left side of a product, packed on the stack: the rows of one tile side by side for every k, so that
/// the inner loop reads one stream without gaps, and rows a power of two apart do not push each other from the cache.
struct LeftBlock<V: Lanes> {
  typealias Scalar = V.Scalar

  /// A line between groups of rows: a power of two apart, their lines would push each other from the first-level cache
  /// while one k after another is packed.
  private static var gap: Int { 64 / MemoryLayout<Scalar>.size }

  /// How many k ahead the source is sent for.
  static var ahead: Int { 8 }

  /// Where a group stands that begins with a row.
  @inline(__always)
  static func place(of group: Int, _ row: Int, inner: Int) -> Int { row &* inner &+ group &* gap }

  /// The rows of so many k that the room holds; it stays in the second-level cache.
  static func rows(inner: Int) -> Int {
    // A store may pass the last row by a vector.
    let numbers = Int(cvector_block_bytes) / MemoryLayout<Scalar>.size - V.count
    return max(Sweep<V>.tallest, numbers / (max(inner, 1) + gap))
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
    let groups = Sweep<V>.groups(of: rows)
    for group in 0..<groups.count {
      let (row, count) = (groups.row(group), groups.height(group))
      let target = room + place(of: group, row, inner: inner)
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
    let groups = Sweep<V>.groups(of: rows)
    // A whole vector is copied, its surplus written over by the next k: the last k have no room for one, nor the last
    // rows a surplus.
    let wholeSteps = max(0, inner - (V.count + groups.height - 1) / max(groups.height, 1))
    var wholeGroups = groups.count
    while wholeGroups > 0, groups.row(wholeGroups - 1) + Sweep<V>.tallest + V.count > rows { wholeGroups -= 1 }
    let line = 64 / MemoryLayout<Scalar>.size
    var from = source
    for k in 0..<inner {
      // Rows come from far and are short: the processor does not see where the next one is.
      if k &+ ahead < inner {
        var next = from + ahead &* stride
        let end = next + rows
        while next < end {
          cvector_prefetch(next)
          next += line
        }
      }
      let whole = k < wholeSteps ? wholeGroups : 0
      for group in 0..<whole {
        let (row, count) = (groups.row(group), groups.height(group))
        let target = room + (place(of: group, row, inner: inner) &+ k &* count)
        V(at: from + row).store(to: target)
        if V.count < count { V(at: from + (row &+ V.count)).store(to: target + V.count) }
      }
      for group in whole..<groups.count {
        let (row, count) = (groups.row(group), groups.height(group))
        let target = room + (place(of: group, row, inner: inner) &+ k &* count)
        for index in 0..<count { target[index] = from[row &+ index] }
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
