#if LEVEL4
  internal import CVector

  // result = left · right + start on the matrix unit.
  //
  // The left side is cut into thirds at every call, of a block of k as many rows as stay in the second-level cache:
  // rows * inner numbers beside rows * inner * outer products. The right side is cut once for many products. (Where its
  // thirds, half as many bytes again, are more than the cache holds, it could also be cut panel by panel at every
  // product, while the panel before is multiplied: that was tried and takes longer.)

  enum TiledProduct {
    /// The k of one block. Sums go on from block to block, with the same roundings as in one.
    private static var innerBlock: Int { 1024 }

    /// The rows that are cut into thirds at a time.
    private static func rowsAtOnce(inner: Int) -> Int {
      let steps = MatrixUnit.steps(max(min(inner, innerBlock), 1))
      return max(32, MatrixUnit.nearBytes / (steps * Int(cvector_pair_bytes)) * 32)
    }

    /// The numbers of room that a product of so many rows needs.
    static func roomCount(rows: Int, inner: Int) -> Int {
      let count = min(rows, rowsAtOnce(inner: inner))
      return (count + 31) / 32 * MatrixUnit.steps(min(inner, innerBlock)) * MatrixUnit.stepCount
    }

    static func run(
      rows: Int, inner: Int, outer: Int, left: UnsafePointer<Float>, leftStride: Int, tiles: UnsafePointer<Float>,
      result: UnsafeMutablePointer<Float>, resultStride: Int, start: ProductStart<Float>,
      room: UnsafeMutablePointer<Float>
    ) {
      guard rows > 0, outer > 0 else { return }
      let from: UnsafePointer<Float>?
      let fromStride: Int
      switch start {
      case .zero: (from, fromStride) = (nil, 0)
      case .accumulate: (from, fromStride) = (UnsafePointer(result), resultStride)
      case .row(let row): (from, fromStride) = (row, 0)
      }
      let most = rowsAtOnce(inner: inner)
      let parts = (rows + most - 1) / most
      var row = 0
      for part in 0..<parts {
        let count = (rows - row) / (parts - part)
        let target = result + row * resultStride
        var (begin, beginStride) = (from.map { $0 + row * fromStride }, fromStride)
        var first = 0
        repeat {
          let own = LeftTiles(
            rows: count, inner: min(innerBlock, inner - first), room: UnsafeMutableRawPointer(room))
          let source = left + (row * leftStride + first)
          let isFinite = own.pack(source, stride: leftStride)
          let sweep = TileSweep(
            left: own, panelSteps: MatrixUnit.steps(inner), columns: outer, result: target, resultStride: resultStride,
            start: begin, startStride: beginStride)
          let panels =
            UnsafeRawPointer(tiles + MatrixUnit.headCount) + first / MatrixUnit.side * Int(cvector_pair_bytes)
          if isFinite, tiles.pointee == 0 {
            sweep.run(panels)
          } else {
            runOneByOne(sweep, panels, source, leftStride)
          }
          (begin, beginStride) = (UnsafePointer(target), resultStride)
          first += innerBlock
        } while first < inner
        row += count
      }
    }

    /// What is not finite has no thirds, ∞ - ∞ is not a number: such products are added up one by one.
    private static func runOneByOne(
      _ sweep: TileSweep, _ tiles: UnsafeRawPointer, _ left: UnsafePointer<Float>, _ leftStride: Int
    ) {
      for row in 0..<sweep.left.rows {
        for column in 0..<sweep.columns {
          var sum = sweep.start.map { $0[row * sweep.startStride + column] } ?? 0
          for k in 0..<sweep.left.inner {
            sum += left[row * leftStride + k] * weight(tiles, k: k, column: column, steps: sweep.panelSteps)
          }
          sweep.result[row * sweep.resultStride + column] = sum
        }
      }
    }

    /// The sum of a weight's thirds.
    private static func weight(_ tiles: UnsafeRawPointer, k: Int, column: Int, steps: Int) -> Float {
      let pair = (column / 32 * steps + k / 32) * Int(cvector_pair_bytes) + column % 32 / 16 * Int(cvector_tile_bytes)
      let word = tiles + (pair + k % 16 * 64 + column % 16 * 4 + k % 32 / 16 * 2)
      var sum: Float = 0
      for third in 0..<3 {
        let bits = word.loadUnaligned(fromByteOffset: third * 2 * Int(cvector_tile_bytes), as: UInt16.self)
        sum += Float(bitPattern: UInt32(bits) << 16)
        if !sum.isFinite { break }
      }
      return sum
    }
  }
#endif
