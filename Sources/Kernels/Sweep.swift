// All rows and columns of a product for one block of k: which tiles, in which order.
//
// Rows are cut into groups of nearly equal size, at most six (eight with AVX-512, which has twice the registers): 16 is
// 6 + 5 + 5 (8 + 8), for a group of three leaves part of the processor idle. Few rows take more columns instead. All
// rows pass over one group of columns before the next, so that the packed columns are read from far once; where these
// are so few that they stay near, all columns pass over one group of rows.

/// Rows cut into groups of nearly equal size.
struct RowGroups {
  var count: Int
  /// Of the lower groups.
  var height: Int
  /// How many groups, the first ones, have one row more.
  var taller: Int

  @inline(__always) func row(_ group: Int) -> Int { group &* height &+ min(group, taller) }
  @inline(__always) func height(_ group: Int) -> Int { group < taller ? height &+ 1 : height }
}

struct Sweep<V: Lanes> {
  typealias Scalar = V.Scalar

  /// How the left side of a whole sweep lies.
  enum Left {
    /// Rows so far apart, the numbers of a row together.
    case rows(stride: Int)
    /// The numbers of one k together, those of the next k so far on.
    case columns(stride: Int)
    /// As `LeftBlock` packs it: group by group, the numbers of one k together.
    case packed
  }

  var job: TileJob<Scalar>
  var left: Left
  var rows: Int

  /// The rows of the tallest tile.
  static var tallest: Int { @inline(__always) get { hasManyRegisters ? 8 : 6 } }

  @inline(__always)
  static func groups(of rows: Int) -> RowGroups {
    let count = max(1, (rows + tallest - 1) / tallest)
    return RowGroups(count: count, height: rows / count, taller: rows % count)
  }

  func run() {
    let cut = Self.groups(of: rows)
    let vectors = Self.vectorsAcross(rows: cut.height(0))
    let total = job.columns / V.count
    let whole = total / vectors
    let packedBytes = job.inner * job.columns * MemoryLayout<Scalar>.size
    let areColumnsNear = packedBytes <= 20 << 10

    if cut.count == 1 || areColumnsNear {
      for group in 0..<cut.count { run(cut, group..<group + 1, vectors: vectors, firstVector: 0, columnGroups: whole) }
    } else {
      for group in 0..<whole { run(cut, vectors: vectors, firstVector: group * vectors) }
    }
    // What is left over, in the widest tiles there are for it.
    var vector = whole * vectors
    while vector < total {
      let wide = min(total - vector, vectors > 3 ? 4 : 3)
      run(cut, vectors: wide, firstVector: vector)
      vector += wide
    }
    if job.columns > total * V.count { run(cut, vectors: 1, firstVector: total) }
  }

  /// All rows over one group of columns.
  private func run(_ cut: RowGroups, vectors: Int, firstVector: Int) {
    if cut.taller > 0 { run(cut, 0..<cut.taller, vectors: vectors, firstVector: firstVector, columnGroups: 1) }
    run(cut, cut.taller..<cut.count, vectors: vectors, firstVector: firstVector, columnGroups: 1)
  }

  /// Some groups of rows of one height over some groups of columns.
  private func run(_ cut: RowGroups, _ groups: Range<Int>, vectors: Int, firstVector: Int, columnGroups: Int) {
    let (firstRow, height) = (cut.row(groups.lowerBound), cut.height(groups.lowerBound))
    let column = firstVector * V.count
    var tiles = job
    tiles.result += firstRow * job.resultStride + column
    if let start = job.start { tiles.start = start + firstRow * job.startStride + column }
    tiles.firstVector = firstVector
    tiles.columns -= column
    tiles.rowGroups = groups.count
    tiles.columnGroups = columnGroups
    switch left {
    case .rows(let stride):
      tiles.left += firstRow * stride
      (tiles.leftStep, tiles.leftGroupStep) = (stride, height * stride)
    case .columns(let stride):
      tiles.left += firstRow
      (tiles.leftStep, tiles.leftGroupStep) = (stride, height)
    case .packed:
      tiles.left += LeftBlock<V>.place(of: groups.lowerBound, firstRow, inner: job.inner)
      (tiles.leftStep, tiles.leftGroupStep) = (height, LeftBlock<V>.place(of: 1, height, inner: job.inner))
    }
    sendForRightSide(&tiles, vectors: vectors, isFirst: groups.lowerBound == 0)
    if tiles.columns >= columnGroups * vectors * V.count {
      runWhole(tiles, height: height, vectors: vectors)
      return
    }
    // The last vector is not whole.
    tiles.rowGroups = 1
    for _ in groups {
      runEdge(tiles, height: height)
      tiles.left += tiles.leftGroupStep
      tiles.result += height * tiles.resultStride
      if let start = tiles.start { tiles.start = start + height * tiles.startStride }
    }
  }

  /// One vector across of which the result has only the first columns: by way of a whole one.
  private func runEdge(_ job: TileJob<Scalar>, height: Int) {
    let width = V.count
    // At most eight rows of 64 bytes: on the stack.
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 512 / MemoryLayout<Scalar>.size) { room in
      guard let room = room.baseAddress else { return }
      var tile = job
      tile.result = room
      tile.resultStride = width
      if let start = job.start {
        for row in 0..<height {
          for column in 0..<width {
            room[row * width + column] = column < job.columns ? start[row * job.startStride + column] : 0
          }
        }
        tile.start = UnsafePointer(room)
        tile.startStride = width
      }
      runWhole(tile, height: height, vectors: 1)
      for row in 0..<height {
        for column in 0..<job.columns { job.result[row * job.resultStride + column] = room[row * width + column] }
      }
    }
  }

  private func runWhole(_ tiles: TileJob<Scalar>, height: Int, vectors: Int) {
    if case .rows = left {
      Self.runRowsApart(tiles, rows: height, vectors: vectors)
    } else {
      Self.runRowsTogether(tiles, rows: height, vectors: vectors)
    }
  }

  /// Packed columns are sent for before they are needed: where several groups of rows pass over them, during the passes
  /// over the columns before; else, if they come from beyond the second-level cache, while they are read.
  private func sendForRightSide(_ tiles: inout TileJob<Scalar>, vectors: Int, isFirst: Bool) {
    let vectorsPerPanel = Scalar.panelWidth / V.count
    let groups = Self.groups(of: rows).count
    let sendsAhead = hasManyRegisters ? groups > 1 : job.isFar && groups > 2
    guard sendsAhead, vectors == vectorsPerPanel, tiles.columns > 2 * Scalar.panelWidth else {
      tiles.isFar = job.isFar && isFirst
      return
    }
    // A group of rows sends for so many parts of the next panel.
    let passed = isFirst ? 0 : groups - tiles.rowGroups
    let parts = TileJob<Scalar>.groupsThatSend
    tiles.isFar = false
    tiles.sendingGroups = max(0, parts - passed)
    tiles.next =
      job.right + (tiles.firstVector / vectorsPerPanel + 1) * job.panelStride
      + passed * (job.inner * Scalar.panelWidth / parts)
  }

  /// As many vectors as fill the registers for so many rows.
  static func vectorsAcross(rows: Int) -> Int {
    switch (rows, hasManyRegisters) {
    case (1, _), (2, true): 8
    case (2, false): 4
    case (3, false), (4, false), (_, true): 3
    default: 2
    }
  }

  static func runRowsApart(_ job: TileJob<Scalar>, rows: Int, vectors: Int) {
    choose(job, rows: rows, vectors: vectors, RowsApart.self)
  }

  static func runRowsTogether(_ job: TileJob<Scalar>, rows: Int, vectors: Int) {
    choose(job, rows: rows, vectors: vectors, RowsTogether.self)
  }

  @inline(__always)
  static func choose<Left: LeftLayout>(_ job: TileJob<Scalar>, rows: Int, vectors: Int, _ left: Left.Type) {
    switch (rows, vectors) {
    case (1, 1): job.run(OneRow<OneVector<V>>.self, left)
    case (1, 2): job.run(OneRow<TwoVectors<V>>.self, left)
    case (1, 3): job.run(OneRow<ThreeVectors<V>>.self, left)
    case (1, 4): job.run(OneRow<FourVectors<V>>.self, left)
    case (1, _): job.run(OneRow<EightVectors<V>>.self, left)
    case (2, 1): job.run(TwoRows<OneVector<V>>.self, left)
    case (2, 2): job.run(TwoRows<TwoVectors<V>>.self, left)
    case (2, 3): job.run(TwoRows<ThreeVectors<V>>.self, left)
    case (2, 4): job.run(TwoRows<FourVectors<V>>.self, left)
    case (3, 1): job.run(ThreeRows<OneVector<V>>.self, left)
    case (3, 2): job.run(ThreeRows<TwoVectors<V>>.self, left)
    case (3, 3): job.run(ThreeRows<ThreeVectors<V>>.self, left)
    case (4, 1): job.run(FourRows<OneVector<V>>.self, left)
    case (4, 2): job.run(FourRows<TwoVectors<V>>.self, left)
    case (4, 3): job.run(FourRows<ThreeVectors<V>>.self, left)
    case (5, 1): job.run(FiveRows<OneVector<V>>.self, left)
    case (5, 2): job.run(FiveRows<TwoVectors<V>>.self, left)
    case (6, 1): job.run(SixRows<OneVector<V>>.self, left)
    case (6, 2): job.run(SixRows<TwoVectors<V>>.self, left)
    default: if hasManyRegisters { chooseLarge(job, rows: rows, vectors: vectors, left) }
    }
  }

  /// The tiles that only thirty-two registers hold.
  @inline(__always)
  private static func chooseLarge<Left: LeftLayout>(
    _ job: TileJob<Scalar>, rows: Int, vectors: Int, _ left: Left.Type
  ) {
    switch (rows, vectors) {
    case (2, _): job.run(TwoRows<EightVectors<V>>.self, left)
    case (5, _): job.run(FiveRows<ThreeVectors<V>>.self, left)
    case (6, _): job.run(SixRows<ThreeVectors<V>>.self, left)
    case (7, 1): job.run(SevenRows<OneVector<V>>.self, left)
    case (7, 2): job.run(SevenRows<TwoVectors<V>>.self, left)
    case (7, _): job.run(SevenRows<ThreeVectors<V>>.self, left)
    case (_, 1): job.run(EightRows<OneVector<V>>.self, left)
    case (_, 2): job.run(EightRows<TwoVectors<V>>.self, left)
    case (_, _): job.run(EightRows<ThreeVectors<V>>.self, left)
    }
  }
}
