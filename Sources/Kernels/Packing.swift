// Weights into panels. Repacked at every training step, so both ways that weights lie are fast: outer numbers side by
// side are copied, inner ones are turned in squares that stay in registers.

enum Packing<V: Lanes> {
  typealias Scalar = V.Scalar

  static func run(
    _ source: UnsafePointer<Scalar>, outerStride: Int, innerStride: Int, outer: Int, inner: Int, sign: Scalar,
    into packed: UnsafeMutablePointer<Scalar>, packedInner: Int, innerOffset: Int, outerOffset: Int
  ) {
    let width = Scalar.panelWidth
    var o = 0
    while o < outer {
      // As much of the block as stands in one panel.
      let place = (o + outerOffset) % width
      let count = min(width - place, outer - o)
      let target = packed + (o + outerOffset) / width * packedInner * width + innerOffset * width + place
      let from = source + o * outerStride
      if outerStride == 1 {
        copy(from, innerStride: innerStride, count: count, inner: inner, sign: sign, to: target)
      } else {
        turn(
          from, outerStride: outerStride, innerStride: innerStride, count: count, inner: inner, sign: sign, to: target)
      }
      o += count
    }
  }

  /// Outer numbers side by side.
  private static func copy(
    _ source: UnsafePointer<Scalar>, innerStride: Int, count: Int, inner: Int, sign: Scalar,
    to target: UnsafeMutablePointer<Scalar>
  ) {
    let factor = V(sign)
    var from = source
    var to = target
    for _ in 0..<inner {
      var index = 0
      while index &+ V.count <= count {
        (V(at: from + index) * factor).store(to: to + index)
        index &+= V.count
      }
      if index < count {
        (V(at: from + index, count: count &- index) * factor).store(to: to + index, count: count &- index)
      }
      from += innerStride
      to += Scalar.panelWidth
    }
  }

  /// Outer numbers apart: some k of all of a panel's columns at a time, so that each line of both sides is met while it
  /// is in the cache.
  private static func turn(
    _ source: UnsafePointer<Scalar>, outerStride: Int, innerStride: Int, count: Int, inner: Int, sign: Scalar,
    to target: UnsafeMutablePointer<Scalar>
  ) {
    let width = Scalar.panelWidth
    var k = 0
    while k < inner {
      let end = min(k + 16, inner)
      var o = 0
      let side = V.squareSide
      if innerStride == 1, sign == 1, side > 0, (end - k) % side == 0 {
        while o &+ side <= count {
          for step in stride(from: k, to: end, by: side) {
            V.turn(
              source + (o &* outerStride &+ step), stride: outerStride, to: target + (step &* width &+ o),
              stride: width)
          }
          o &+= side
        }
      }
      while o < count {
        let from = source + o &* outerStride
        let to = target + o
        for step in k..<end { to[step &* width] = sign * from[step &* innerStride] }
        o &+= 1
      }
      k = end
    }
  }
}
