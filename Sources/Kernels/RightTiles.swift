#if LEVEL4
  internal import CVector

  /// Panels of 32 columns of a right side, in thirds.
  enum RightTiles {
    /// Writes panels from rows of k, a row's columns side by side; columns and k beyond `columns` and `inner` are zero.
    /// Answers false if a number has no thirds; the sum of those written is then still each finite number.
    static func pack(
      _ source: (_ k: Int, _ column: Int) -> UnsafePointer<Float>, columns: Int, inner: Int,
      into room: UnsafeMutableRawPointer
    ) -> Bool {
      if pack(source, columns: columns, inner: inner, isRounded: true, into: room) { return true }
      _ = pack(source, columns: columns, inner: inner, isRounded: false, into: room)
      return false
    }

    @inline(__always)
    private static func pack(
      _ source: (_ k: Int, _ column: Int) -> UnsafePointer<Float>, columns: Int, inner: Int, isRounded: Bool,
      into room: UnsafeMutableRawPointer
    ) -> Bool {
      var largest = cvector_words(repeating: 0)
      let steps = MatrixUnit.steps(inner)
      for panel in 0..<MatrixUnit.steps(columns) {
        for step in 0..<steps {
          for half in 0..<2 {
            let column = 32 * panel + 16 * half
            let count = min(16, columns - column)
            let to =
              room + ((panel * steps + step) * Int(cvector_pair_bytes) + half * Int(cvector_tile_bytes))
            for pair in 0..<16 {
              let k = 32 * step + pair
              let first = load(source, k, column, count, inner)
              let second = load(source, k + 16, column, count, inner)
              cvector_store_thirds(first, second, isRounded, to + 64 * pair)
              largest = cvector_larger_pattern(cvector_larger_pattern(largest, first), second)
            }
          }
        }
      }
      return !cvector_has_no_thirds(largest)
    }

    @inline(__always)
    private static func load(
      _ source: (_ k: Int, _ column: Int) -> UnsafePointer<Float>, _ k: Int, _ column: Int, _ count: Int, _ inner: Int
    ) -> float_vector {
      if k >= inner || count <= 0 { return float_splat(0) }
      let from = source(k, column)
      return count == 16 ? float_load(from) : float_load_part(from, count)
    }
  }
#endif
