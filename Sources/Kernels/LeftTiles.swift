#if LEVEL4
  internal import CVector

  /// Some rows of a left side as tiles: two tiles of rows for every 32 k, in thirds, one pair of tiles after another.
  ///
  /// Rows are shared out evenly: 48 are four tiles of twelve.
  struct LeftTiles {
    let rows: Int
    /// The rows of one tile; the last may have fewer.
    let height: Int
    /// One tile alone, for at most 16 rows; else pairs.
    let isStrip: Bool
    let inner: Int
    let room: UnsafeMutableRawPointer

    init(rows: Int, inner: Int, room: UnsafeMutableRawPointer) {
      (self.rows, self.inner, self.room) = (rows, inner, room)
      let tiles = (rows + 15) / 16
      isStrip = tiles == 1
      let all = isStrip ? 1 : (tiles + 1) / 2 * 2
      height = (rows + all - 1) / all
    }

    /// Rows that are columns of the source, at most 32.
    init(transposedRows rows: Int, inner: Int, room: UnsafeMutableRawPointer) {
      (self.rows, self.inner, self.room) = (rows, inner, room)
      isStrip = rows <= 16
      height = 16
    }

    var steps: Int { MatrixUnit.steps(inner) }
    var pairs: Int { isStrip ? 1 : (rows + 2 * height - 1) / (2 * height) }
    var pairBytes: Int { steps * Int(cvector_pair_bytes) }

    /// Writes the thirds; answers false if a number has none.
    func pack(_ source: UnsafePointer<Float>, stride: Int) -> Bool {
      var largest = cvector_words(repeating: 0)
      for row in 0..<rows {
        let tile = row / height
        var to =
          room + (tile / 2 * pairBytes + tile % 2 * Int(cvector_tile_bytes) + (row - tile * height) * 64)
        let from = source + row * stride
        var k = 0
        while k &+ 32 <= inner {
          largest = store(float_load(from + k), float_load(from + (k &+ 16)), to, largest)
          to += Int(cvector_pair_bytes)
          k &+= 32
        }
        if k < inner {
          let rest = inner &- k
          let first = rest < 16 ? float_load_part(from + k, rest) : float_load(from + k)
          let second = rest > 16 ? float_load_part(from + (k &+ 16), rest &- 16) : float_splat(0)
          largest = store(first, second, to, largest)
        }
      }
      return !cvector_has_no_thirds(largest)
    }

    /// Writes the thirds of the transpose: row r of the tiles is column r of the source, whose rows are the k. The source
    /// has `inner` rows; answers false if a number has no thirds.
    func packTransposed(_ source: UnsafePointer<Float>, stride: Int) -> Bool {
      var largest = cvector_words(repeating: 0)
      withUnsafeTemporaryAllocation(byteCount: 2 * Int(cvector_tile_bytes), alignment: 64) { turned in
        guard let first = turned.baseAddress?.assumingMemoryBound(to: Float.self) else { return }
        let second = first + 256
        for step in 0..<steps {
          for tile in 0..<(rows + 15) / 16 {
            let count = min(16, rows - 16 * tile)
            turn(source + (32 * step * stride + 16 * tile), stride, count, inner - 32 * step, into: first)
            turn(source + ((32 * step + 16) * stride + 16 * tile), stride, count, inner - 32 * step - 16, into: second)
            let to =
              room
              + (tile / 2 * pairBytes + step * Int(cvector_pair_bytes) + tile % 2 * Int(cvector_tile_bytes))
            for row in 0..<16 {
              largest = store(float_load(first + 16 * row), float_load(second + 16 * row), to + 64 * row, largest)
            }
          }
        }
      }
      return !cvector_has_no_thirds(largest)
    }

    /// Writes thirds, and answers the largest pattern met.
    @inline(__always)
    private func store(
      _ first: float_vector, _ second: float_vector, _ to: UnsafeMutableRawPointer, _ largest: cvector_words
    ) -> cvector_words {
      cvector_store_thirds(first, second, true, to)
      return cvector_larger_pattern(cvector_larger_pattern(largest, first), second)
    }

    /// 16 × 16 numbers turned, of which so many columns and rows are there and the others zero.
    private func turn(
      _ source: UnsafePointer<Float>, _ stride: Int, _ columns: Int, _ rows: Int,
      into target: UnsafeMutablePointer<Float>
    ) {
      if columns == 16, rows >= 16 { return cvector_turn(source, stride, target, 16) }
      target.update(repeating: 0, count: 256)
      for row in 0..<max(0, min(16, rows)) {
        for column in 0..<columns { target[16 * column + row] = source[row * stride + column] }
      }
    }
  }
#endif
