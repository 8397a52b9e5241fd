#if LEVEL4
  internal import CVector

  // result[m, n] (+)= Σ_r left[r, m] * right[r, n] on the matrix unit.
  //
  // The sum is cut into blocks of 512 rows. Of each, as many columns of the right side as stay in the second-level cache
  // are cut into thirds, and the left side, turned, 32 columns at a time.

  enum TiledOuterProduct {
    private static var innerBlock: Int { 512 }

    private static func panelsAtOnce(steps: Int) -> Int {
      max(1, MatrixUnit.nearBytes / (steps * Int(cvector_pair_bytes)))
    }

    /// The numbers of room that a sum over so many rows needs, or over fewer: with fewer steps more panels are near, and
    /// together they may take more, but never more than this.
    static func roomCount(rows: Int, rightCount: Int) -> Int {
      let stepsCount = MatrixUnit.steps(min(rows, innerBlock)) * MatrixUnit.stepCount
      let near = MatrixUnit.nearBytes / MemoryLayout<Float>.size
      return min((1 + MatrixUnit.steps(rightCount)) * stepsCount, near + 2 * stepsCount)
    }

    static func run(
      rows: Int, left: UnsafePointer<Float>, leftStride: Int, leftCount: Int, right: UnsafePointer<Float>,
      rightStride: Int, rightCount: Int, result: UnsafeMutablePointer<Float>, resultStride: Int, accumulate: Bool,
      room: UnsafeMutablePointer<Float>
    ) {
      var first = 0
      repeat {
        let inner = min(innerBlock, rows - first)
        let steps = MatrixUnit.steps(inner)
        let leftRoom = UnsafeMutableRawPointer(room)
        let rightRoom = leftRoom + steps * Int(cvector_pair_bytes)
        let isAdded = accumulate || first > 0
        let most = panelsAtOnce(steps: steps) * 32
        var column = 0
        while column < rightCount {
          let columns = min(most, rightCount - column)
          let from = right + (first * rightStride + column)
          let isFinite = RightTiles.pack(
            { from + ($0 * rightStride + $1) }, columns: columns, inner: inner, into: rightRoom)
          var m = 0
          while m < leftCount {
            let count = min(32, leftCount - m)
            let own = LeftTiles(transposedRows: count, inner: inner, room: leftRoom)
            let source = left + (first * leftStride + m)
            let target = result + (m * resultStride + column)
            if own.packTransposed(source, stride: leftStride), isFinite {
              TileSweep(
                left: own, panelSteps: steps, columns: columns, result: target, resultStride: resultStride,
                start: isAdded ? UnsafePointer(target) : nil, startStride: resultStride
              ).run(UnsafeRawPointer(rightRoom))
            } else {
              // What is not finite has no thirds.
              OuterProduct<FloatLanes>.run(
                rows: inner, left: source, leftStride: leftStride, leftCount: count, right: from,
                rightStride: rightStride, rightCount: columns, result: target, resultStride: resultStride,
                accumulate: isAdded)
            }
            m += count
          }
          column += columns
        }
        first += innerBlock
      } while first < rows
    }
  }
#endif
