#if LEVEL4
  internal import CVector

  /// All tiles of a product on the matrix unit: result = left · right + start.
  ///
  /// The sums of an element are begun with what it is added to, and its products follow each other in the order of k: a
  /// row's numbers do not depend on how many rows there are.
  struct TileSweep {
    let left: LeftTiles
    /// Steps of k from one panel of the right side to the next: more than the left side's, if it has a part of the sum.
    let panelSteps: Int
    let columns: Int
    let result: UnsafeMutablePointer<Float>
    let resultStride: Int
    /// What is added, nil for nothing; a stride of 0 gives every row the same.
    let start: UnsafePointer<Float>?
    let startStride: Int

    private var panels: Int { MatrixUnit.steps(columns) }
    private var panelBytes: Int { panelSteps * Int(cvector_pair_bytes) }

    /// Panels of this size together come from beyond the second-level cache: the next is sent for while one is read.
    private static var farBytes: Int { 3 << 19 }

    /// - Parameter tiles: the panels of the right side, at the left side's first k.
    func run(_ tiles: UnsafeRawPointer) {
      cvector_tiles_begin(Int32(left.height), left.isStrip)
      if left.isStrip {
        var panel = 0
        while panel < panels {
          let own = tiles + panel * panelBytes
          // Two panels side by side; the last may stand alone and is then taken twice.
          let beside = panel + 1 < panels ? own + panelBytes : own
          block(row: 0, rows: left.height, column: 32 * panel, width: 64) { strip(own, beside, $0, $1, $2, $3) }
          panel += 2
        }
      } else {
        let isFar = panels * panelBytes >= TileSweep.farBytes
        // Lines of the next panel for each of the six products of a step.
        let share = Int(cvector_pair_bytes) / 64 / 6 / left.pairs
        for panel in 0..<panels {
          let own = tiles + panel * panelBytes
          var next = Ahead(line: own + panelBytes, count: isFar && panel + 1 < panels ? share : 0)
          for pair in 0..<left.pairs {
            block(row: 2 * left.height * pair, rows: 2 * left.height, column: 32 * panel, width: 32) {
              square(left.room + pair * left.pairBytes, own, &next, $0, $1, $2, $3)
            }
          }
        }
      }
      cvector_tiles_end()
    }

    /// Lines of the cache that are sent for, a few at a time: many at once would stand in the way of what is read now.
    private struct Ahead {
      var line: UnsafeRawPointer
      var count: Int

      @inline(__always)
      mutating func send() {
        for _ in 0..<count {
          cvector_prefetch(line)
          line += 64
        }
      }
    }

    /// Runs a body on where a block's result and start lie: where they are, or, if the result ends within the block,
    /// by way of a whole one.
    @inline(__always)
    private func block(
      row: Int, rows: Int, column: Int, width: Int,
      _ body: (
        _ result: UnsafeMutablePointer<Float>, _ stride: Int, _ start: UnsafePointer<Float>?, _ startStride: Int
      ) -> Void
    ) {
      let target = result + (row * resultStride + column)
      let from = start.map { $0 + (row * startStride + column) }
      let (height, wide) = (min(rows, left.rows - row), min(width, columns - column))
      if height == rows, wide == width { return body(target, resultStride, from, startStride) }
      withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 64) { room in
        guard let whole = room.baseAddress?.assumingMemoryBound(to: Float.self) else { return }
        if let from {
          for r in 0..<height {
            for c in 0..<wide { whole[r * width + c] = from[r * startStride + c] }
          }
        }
        body(whole, width, from == nil ? nil : UnsafePointer(whole), width)
        for r in 0..<height {
          for c in 0..<wide { target[r * resultStride + c] = whole[r * width + c] }
        }
      }
    }

    @inline(__always)
    private func square(
      _ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ next: inout Ahead,
      _ result: UnsafeMutablePointer<Float>, _ stride: Int,
      _ start: UnsafePointer<Float>?, _ startStride: Int
    ) {
      let height = self.left.height
      if let start {
        cvector_square_load(start, startStride, height * startStride)
      } else {
        cvector_tiles_zero()
      }
      for step in 0..<self.left.steps {
        // The thirds of two tiles of each side; from one product to the next only one side changes.
        let third = 2 * Int(cvector_tile_bytes)
        let (left, right) = (left + step &* Int(cvector_pair_bytes), right + step &* Int(cvector_pair_bytes))
        cvector_square_left(left)
        cvector_square_right(right + 2 * third)
        cvector_square_multiply()
        next.send()
        cvector_square_right(right + third)
        cvector_square_multiply()
        next.send()
        cvector_square_left(left + third)
        cvector_square_multiply()
        next.send()
        cvector_square_right(right)
        cvector_square_multiply()
        next.send()
        cvector_square_left(left + 2 * third)
        cvector_square_multiply()
        next.send()
        cvector_square_left(left)
        cvector_square_multiply()
        next.send()
      }
      cvector_square_store(result, stride, height * stride)
    }

    @inline(__always)
    private func strip(
      _ right: UnsafeRawPointer, _ beside: UnsafeRawPointer, _ result: UnsafeMutablePointer<Float>, _ stride: Int,
      _ start: UnsafePointer<Float>?, _ startStride: Int
    ) {
      if let start { cvector_strip_load(start, startStride) } else { cvector_tiles_zero() }
      let left = UnsafeRawPointer(self.left.room)
      for step in 0..<self.left.steps {
        let offset = step &* Int(cvector_pair_bytes)
        cvector_strip_add(left + offset, right + offset, beside + offset)
      }
      cvector_strip_store(result, stride)
    }
  }
#endif
