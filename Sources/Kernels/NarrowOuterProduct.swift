// Σ_r wide[r, :] * narrow[r, n] for one or two n: the gradient of weights by an input or read-out of one number. A tile
// of the general sum would leave all but two of its columns unused, and packing would take longer than the sum.

enum NarrowOuterProduct<V: Lanes> {
  typealias Scalar = V.Scalar

  /// The most columns of the narrow side.
  static var mostColumns: Int { 2 }

  /// Rows of numbers, so far apart, and how many of each are multiplied.
  struct Side {
    var numbers: UnsafePointer<Scalar>
    var stride: Int
    var count: Int
  }

  /// result[w * resultStep + n * resultStride] = Σ_r wide[r, w] * narrow[r, n], added to what is there if `accumulate`;
  /// in the blocks of the general sum, so that the numbers are the same.
  static func run(
    rows: Int, wide: Side, narrow: Side, result: UnsafeMutablePointer<Scalar>, resultStep: Int, resultStride: Int,
    accumulate: Bool
  ) {
    var first = 0
    repeat {
      let count = min(OuterProduct<V>.innerBlock, rows - first)
      let some = Side(numbers: wide.numbers + first * wide.stride, stride: wide.stride, count: wide.count)
      for n in 0..<narrow.count {
        let factors = narrow.numbers + (first * narrow.stride + n)
        addRows(
          count, some, factors, factorStride: narrow.stride, to: result + n * resultStride, step: resultStep,
          accumulate: accumulate || first > 0)
      }
      first += OuterProduct<V>.innerBlock
    } while first < rows
  }

  private static func addRows(
    _ rows: Int, _ wide: Side, _ factors: UnsafePointer<Scalar>, factorStride: Int,
    to result: UnsafeMutablePointer<Scalar>, step: Int, accumulate: Bool
  ) {
    var column = 0
    func take<Row: TileRow>(_: Row.Type) where Row.Vector == V {
      let width = Row.vectorCount &* V.count
      while column &+ width <= wide.count {
        let sources = Row.sources(0) { wide.numbers + (column &+ $0 &* V.count) }
        var sum = Row(zero: ())
        for r in 0..<rows { sum.add(V(factors[r &* factorStride]), times: Row(at: sources, offset: r &* wide.stride)) }
        store(sum, width, to: result + column &* step, step: step, accumulate: accumulate)
        column &+= width
      }
    }
    take(EightVectors<V>.self)
    take(FourVectors<V>.self)
    take(OneVector<V>.self)
    while column < wide.count {
      var sum: Scalar = 0
      for r in 0..<rows { sum.addProduct(factors[r &* factorStride], wide.numbers[r &* wide.stride &+ column]) }
      let place = result + column &* step
      place.pointee = accumulate ? place.pointee + sum : sum
      column &+= 1
    }
  }

  @inline(__always)
  private static func store<Row: TileRow>(
    _ sum: Row, _ count: Int, to result: UnsafeMutablePointer<Scalar>, step: Int, accumulate: Bool
  ) where Row.Vector == V {
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: count) { room in
      guard let room = room.baseAddress else { return }
      sum.store(to: room)
      for index in 0..<count {
        let place = result + index &* step
        place.pointee = accumulate ? place.pointee + room[index] : room[index]
      }
    }
  }
}
