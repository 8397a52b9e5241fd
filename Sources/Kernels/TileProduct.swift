internal import CVector

/// Everything about one tile of a product but its size.
struct TileJob<Scalar: KernelScalar> {
  /// Numbers of one k stand together: row r of the tile at left[k * leftStep + r * leftStride].
  var left: UnsafePointer<Scalar>
  var leftStride: Int
  var leftStep: Int
  /// Panels of packed columns, `panelStride` apart; `firstVector` counts vectors, not panels.
  var right: UnsafePointer<Scalar>
  var panelStride: Int
  var firstVector: Int
  var inner: Int
  var result: UnsafeMutablePointer<Scalar>
  var resultStride: Int
  /// What the sums begin with, nil for zero; a stride of 0 gives every row the same.
  var start: UnsafePointer<Scalar>?
  var startStride: Int
  /// The columns of the result from this tile's first on; more than the tile has, or fewer.
  var columns: Int
}

extension TileJob {
  /// result = start + left · right over one tile, k in order with one accumulator an element.
  @inline(__always)
  func run<T: Tile>(_: T.Type) where T.Row.Vector.Scalar == Scalar {
    let vectorsPerPanel = Scalar.panelWidth / T.Row.Vector.count
    let sources = T.Row.sources(firstVector) { vector in
      right + vector / vectorsPerPanel * panelStride + vector % vectorsPerPanel * T.Row.Vector.count
    }
    let whole = T.Row.vectorCount * T.Row.Vector.count
    let count: Int? = columns >= whole ? nil : columns

    var tile: T
    if let start {
      tile = T(from: start, stride: startStride, count: count)
    } else {
      tile = T(zero: ())
    }
    var k = 0
    var column = left
    let width = Scalar.panelWidth
    while k &+ 4 <= inner {
      for step in 0..<4 {
        tile.add(
          column + step &* leftStep, stride: leftStride, times: T.Row(at: sources, offset: (k &+ step) &* width))
      }
      k &+= 4
      column += 4 &* leftStep
    }
    while k < inner {
      tile.add(column, stride: leftStride, times: T.Row(at: sources, offset: k &* width))
      k &+= 1
      column += leftStep
    }
    tile.store(to: result, stride: resultStride, count: count)
  }
}
