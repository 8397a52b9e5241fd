internal import CVector

/// How the left side of a tile lies in memory. Two constants of the inner loop: one of the steps is 1.
protocol LeftLayout {
  static func rowStride(_ step: Int) -> Int
  static func innerStride(_ step: Int) -> Int
}

/// The numbers of one row stand together, rows are a step apart: a matrix as it comes.
enum RowsApart: LeftLayout {
  @inline(__always) static func rowStride(_ step: Int) -> Int { step }
  @inline(__always) static func innerStride(_ step: Int) -> Int { 1 }
}

/// The numbers of one k stand together: a packed matrix, or one that is read as its transpose.
enum RowsTogether: LeftLayout {
  @inline(__always) static func rowStride(_ step: Int) -> Int { 1 }
  @inline(__always) static func innerStride(_ step: Int) -> Int { step }
}

/// Everything about some tiles of one size, but the size: `rowGroups` one below another, `columnGroups` side by side.
struct TileJob<Scalar: KernelScalar> {
  var left: UnsafePointer<Scalar>
  /// The stride of the left side that is not 1.
  var leftStep: Int
  /// How far the left side moves on for a group of rows.
  var leftGroupStep: Int
  /// Panels of packed columns, `panelStride` apart; `firstVector` counts vectors, not panels.
  var right: UnsafePointer<Scalar>
  var panelStride: Int
  var firstVector: Int
  var inner: Int
  var result: UnsafeMutablePointer<Scalar>
  var resultStride: Int
  /// What is added to the sums, nil for nothing; a stride of 0 gives every row the same.
  var start: UnsafePointer<Scalar>?
  var startStride: Int
  /// The columns of the result from the first tile's on, at least those of the tiles.
  var columns: Int
  var rowGroups = 1
  var columnGroups = 1
  /// What the next tiles will read of the right side: line after line is sent for while the first of these groups of rows
  /// run.
  var next: UnsafePointer<Scalar>?
  var sendingGroups = 0
  /// Whether the right side comes from beyond the second-level cache, and is sent for ahead of its use. Each such
  /// request takes the place of several loads: it does not pay for what is near.
  var isFar = false
}

extension TileJob {
  /// How many k ahead the right side is sent for.
  static var ahead: Int { 32 }

  static var numbersOfLine: Int { @inline(__always) get { 64 / MemoryLayout<Scalar>.size } }

  /// How many groups of rows send for the next panel, a line in each step of their own sum (with sixteen registers, where
  /// a panel's step is one line, in every fourth).
  static var groupsThatSend: Int { hasManyRegisters ? Scalar.panelWidth / numbersOfLine : 4 }

  /// result = left · right + start, k in order with one accumulator an element.
  @inline(__always)
  func run<T: Tile, Left: LeftLayout>(_: T.Type, _: Left.Type) where T.Row.Vector.Scalar == Scalar {
    typealias Vector = T.Row.Vector
    let vectorsPerPanel = Scalar.panelWidth / Vector.count
    let whole = T.Row.vectorCount * Vector.count
    let width = Scalar.panelWidth
    let rowStride = Left.rowStride(leftStep)
    let innerStride = Left.innerStride(leftStep)
    let distance = Self.ahead &* width
    var group = self
    while group.columnGroups > 0 {
      let sources = T.Row.sources(group.firstVector) { vector in
        right + vector / vectorsPerPanel * panelStride + vector % vectorsPerPanel * Vector.count
      }
      var below = group
      while below.rowGroups > 0 {
        // Where the result lies is sent for now and met at the end: what it holds is added last, for whoever begins with
        // it waits for it.
        T.prefetch(below.result, stride: resultStride)
        var tile = T(zero: ())
        var next = group.sendingGroups > 0 ? group.next : nil
        var column = below.left
        var k = 0
        // A large tile has enough under way in one step: more would only press its registers.
        while T.steps > 1, k &+ T.steps <= inner {
          if isFar {
            for step in 0..<T.steps { T.Row.prefetch(sources, offset: (k &+ step) &* width &+ distance) }
          }
          if let line = next {
            cvector_prefetch(line)
            next = line + Self.numbersOfLine
          }
          for step in 0..<T.steps {
            tile.add(
              column + step &* innerStride, stride: rowStride, times: T.Row(at: sources, offset: (k &+ step) &* width))
          }
          k &+= T.steps
          column += T.steps &* innerStride
        }
        while k < inner {
          if isFar { T.Row.prefetch(sources, offset: k &* width &+ distance) }
          if T.steps == 1, let line = next {
            cvector_prefetch(line)
            next = line + Self.numbersOfLine
          }
          tile.add(column, stride: rowStride, times: T.Row(at: sources, offset: k &* width))
          k &+= 1
          column += innerStride
        }
        if let start = below.start { tile.add(rows: start, stride: startStride) }
        tile.store(to: below.result, stride: resultStride)
        if group.sendingGroups > 0 {
          group.sendingGroups &-= 1
          group.next = next
        }
        below.left += leftGroupStep
        below.result += T.rowCount &* resultStride
        if let start = below.start { below.start = start + T.rowCount &* startStride }
        below.rowGroups &-= 1
      }
      group.firstVector &+= T.Row.vectorCount
      group.result += whole
      if let start = group.start { group.start = start + whole }
      group.columnGroups &-= 1
    }
  }
}
