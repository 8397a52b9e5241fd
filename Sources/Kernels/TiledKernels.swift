// The kernels of the matrix unit, for Float32; without one they are those of KernelScalar.

#if LEVEL4
  extension Float {
    public static var hasMatrixUnit: Bool { MatrixUnit.isAvailable }

    public static func isFasterTiled(rows: Int, inner: Int, outer: Int) -> Bool {
      guard hasMatrixUnit, inner >= 24, outer >= 64 else { return false }
      return rows >= (inner * outer > 3 << 16 ? 24 : 8)
    }

    public static func isFasterTiled(rows: Int, left: Int, right: Int) -> Bool {
      hasMatrixUnit && rows >= 48 && left >= 48 && right >= 48
    }

    public static func tiledCount(inner: Int, outer: Int) -> Int { MatrixUnit.count(inner: inner, outer: outer) }

    public static func tile(
      _ strip: UnsafePointer<Float>, columns: Int, inner: Int, firstColumn: Int,
      into tiles: UnsafeMutablePointer<Float>
    ) {
      let width = panelWidth
      let step = MatrixUnit.steps(inner) * MatrixUnit.stepCount
      let target = tiles + (MatrixUnit.headCount + firstColumn / MatrixUnit.side * step)
      let isFinite = RightTiles.pack(
        { strip + ($1 / width * inner * width + $0 * width + $1 % width) }, columns: columns, inner: inner,
        into: UnsafeMutableRawPointer(target))
      if firstColumn == 0 { tiles.pointee = 0 }
      if !isFinite { tiles.pointee = 1 }
    }

    public static func tiledProduct(
      rows: Int, inner: Int, outer: Int, left: UnsafePointer<Float>, leftStride: Int, tiles: UnsafePointer<Float>,
      result: UnsafeMutablePointer<Float>, resultStride: Int, start: ProductStart<Float>,
      room: UnsafeMutablePointer<Float>
    ) {
      TiledProduct.run(
        rows: rows, inner: inner, outer: outer, left: left, leftStride: leftStride, tiles: tiles, result: result,
        resultStride: resultStride, start: start, room: room)
    }

    public static func tiledOuterProduct(
      rows: Int, left: UnsafePointer<Float>, leftStride: Int, leftCount: Int, right: UnsafePointer<Float>,
      rightStride: Int, rightCount: Int, result: UnsafeMutablePointer<Float>, resultStride: Int, accumulate: Bool,
      room: UnsafeMutablePointer<Float>
    ) {
      TiledOuterProduct.run(
        rows: rows, left: left, leftStride: leftStride, leftCount: leftCount, right: right, rightStride: rightStride,
        rightCount: rightCount, result: result, resultStride: resultStride, accumulate: accumulate, room: room)
    }

    public static func tiledProductRoom(rows: Int, inner: Int) -> Int {
      TiledProduct.roomCount(rows: rows, inner: inner)
    }

    public static func tiledOuterProductRoom(rows: Int, rightCount: Int) -> Int {
      TiledOuterProduct.roomCount(rows: rows, rightCount: rightCount)
    }
  }
#endif
