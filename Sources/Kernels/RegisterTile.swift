internal import CVector

// A tile of the result of a product that stays in registers while the sum runs: some rows of some vectors.
//
// Both are built one on top of another at compile time (a row of three vectors is a pair of a pair and one), so every
// size is written once and comes out as straight-line code without an index.
//
// For each k a tile of R rows and N vectors takes R * N fused products, N loads and R broadcasts. Two fused products
// start in a cycle and take four, so at least eight must be under way: 6 × 2, 5 × 2, 4 × 3, 3 × 3, 2 × 4 and 1 × 8 do
// well with sixteen registers; 3 × 4 and 2 × 6 would not fit. With thirty-two, 8 × 3 takes 24 products for eleven loads.

/// Vectors side by side in one row.
protocol TileRow {
  associatedtype Vector: Lanes
  /// Where the vectors of the right side stand for k = 0: one address for each, as panels lie apart.
  associatedtype Sources
  static var vectorCount: Int { get }

  static func sources(_ first: Int, _ address: (Int) -> UnsafePointer<Vector.Scalar>) -> Sources
  /// The right side at `sources`, `offset` numbers on.
  init(at sources: Sources, offset: Int)
  /// Sends for the lines that hold the vectors there.
  static func prefetch(_ sources: Sources, offset: Int)
  init(zero: Void)
  init(from start: UnsafePointer<Vector.Scalar>)
  func store(to result: UnsafeMutablePointer<Vector.Scalar>)
  mutating func add(_ factor: Vector, times right: Self)
  mutating func add(_ other: Self)
  /// Sends for the lines of a row of the result.
  static func prefetch(_ result: UnsafeMutablePointer<Vector.Scalar>)
}

struct OneVector<Vector: Lanes>: TileRow {
  var vector: Vector
  typealias Sources = UnsafePointer<Vector.Scalar>
  static var vectorCount: Int { @inline(__always) get { 1 } }

  @inline(__always)
  static func sources(_ first: Int, _ address: (Int) -> UnsafePointer<Vector.Scalar>) -> Sources { address(first) }

  @inline(__always) init(at sources: Sources, offset: Int) { vector = Vector(at: sources + offset) }
  @inline(__always) static func prefetch(_ sources: Sources, offset: Int) { cvector_prefetch(sources + offset) }
  @inline(__always) init(zero: Void) { vector = .zero }
  @inline(__always) init(from start: UnsafePointer<Vector.Scalar>) { vector = Vector(at: start) }
  @inline(__always) func store(to result: UnsafeMutablePointer<Vector.Scalar>) { vector.store(to: result) }
  @inline(__always) mutating func add(_ factor: Vector, times right: Self) {
    vector = factor.multiplied(by: right.vector, plus: vector)
  }
  @inline(__always) mutating func add(_ other: Self) { vector = vector + other.vector }
  @inline(__always) static func prefetch(_ result: UnsafeMutablePointer<Vector.Scalar>) { cvector_prefetch(result) }
}

struct Beside<Left: TileRow, Right: TileRow>: TileRow where Left.Vector == Right.Vector {
  var left: Left
  var right: Right
  typealias Vector = Left.Vector
  typealias Sources = (Left.Sources, Right.Sources)
  static var vectorCount: Int { @inline(__always) get { Left.vectorCount + Right.vectorCount } }
  @inline(__always) static var leftCount: Int { Left.vectorCount * Vector.count }

  @inline(__always)
  static func sources(_ first: Int, _ address: (Int) -> UnsafePointer<Vector.Scalar>) -> Sources {
    (Left.sources(first, address), Right.sources(first + Left.vectorCount, address))
  }
  @inline(__always) init(at sources: Sources, offset: Int) {
    left = Left(at: sources.0, offset: offset)
    right = Right(at: sources.1, offset: offset)
  }
  @inline(__always) static func prefetch(_ sources: Sources, offset: Int) {
    Left.prefetch(sources.0, offset: offset)
    // Two vectors of 32 bytes are one line.
    if Left.vectorCount % 2 == 0 || MemoryLayout<Vector>.size >= 64 { Right.prefetch(sources.1, offset: offset) }
  }
  @inline(__always) init(zero: Void) {
    left = Left(zero: ())
    right = Right(zero: ())
  }
  @inline(__always) init(from start: UnsafePointer<Vector.Scalar>) {
    left = Left(from: start)
    right = Right(from: start + Self.leftCount)
  }
  @inline(__always) func store(to result: UnsafeMutablePointer<Vector.Scalar>) {
    left.store(to: result)
    right.store(to: result + Self.leftCount)
  }
  @inline(__always) mutating func add(_ factor: Vector, times other: Self) {
    left.add(factor, times: other.left)
    right.add(factor, times: other.right)
  }
  @inline(__always) mutating func add(_ other: Self) {
    left.add(other.left)
    right.add(other.right)
  }
  @inline(__always) static func prefetch(_ result: UnsafeMutablePointer<Vector.Scalar>) {
    Left.prefetch(result)
    Right.prefetch(result + leftCount)
  }
}

/// Rows of vectors, one above another.
protocol Tile {
  associatedtype Row: TileRow
  static var rowCount: Int { get }

  init(zero: Void)
  /// Adds rows `stride` apart.
  mutating func add(rows: UnsafePointer<Row.Vector.Scalar>, stride: Int)
  /// Sends for the lines of the result.
  static func prefetch(_ result: UnsafeMutablePointer<Row.Vector.Scalar>, stride: Int)
  func store(to result: UnsafeMutablePointer<Row.Vector.Scalar>, stride: Int)
  /// Adds a column of the left side, rows `stride` apart, times a row of the right side.
  mutating func add(_ left: UnsafePointer<Row.Vector.Scalar>, stride: Int, times right: Row)
}

extension Tile {
  /// So many steps of the sum at a time.
  static var steps: Int { @inline(__always) get { rowCount * Row.vectorCount > 12 ? 1 : 4 } }
}

struct OneRow<Row: TileRow>: Tile {
  typealias Vector = Row.Vector
  var row: Row
  static var rowCount: Int { @inline(__always) get { 1 } }

  @inline(__always) init(zero: Void) { row = Row(zero: ()) }
  @inline(__always) mutating func add(rows: UnsafePointer<Vector.Scalar>, stride: Int) { row.add(Row(from: rows)) }
  @inline(__always) static func prefetch(_ result: UnsafeMutablePointer<Vector.Scalar>, stride: Int) {
    Row.prefetch(result)
  }
  @inline(__always) func store(to result: UnsafeMutablePointer<Vector.Scalar>, stride: Int) {
    row.store(to: result)
  }
  @inline(__always) mutating func add(_ left: UnsafePointer<Vector.Scalar>, stride: Int, times right: Row) {
    row.add(Vector(left.pointee), times: right)
  }
}

struct Above<Top: Tile, Bottom: Tile>: Tile where Top.Row == Bottom.Row {
  var top: Top
  var bottom: Bottom
  typealias Row = Top.Row
  typealias Vector = Row.Vector
  static var rowCount: Int { @inline(__always) get { Top.rowCount + Bottom.rowCount } }

  @inline(__always) init(zero: Void) {
    top = Top(zero: ())
    bottom = Bottom(zero: ())
  }
  @inline(__always) mutating func add(rows: UnsafePointer<Vector.Scalar>, stride: Int) {
    top.add(rows: rows, stride: stride)
    bottom.add(rows: rows + Top.rowCount * stride, stride: stride)
  }
  @inline(__always) static func prefetch(_ result: UnsafeMutablePointer<Vector.Scalar>, stride: Int) {
    Top.prefetch(result, stride: stride)
    Bottom.prefetch(result + Top.rowCount * stride, stride: stride)
  }
  @inline(__always) func store(to result: UnsafeMutablePointer<Vector.Scalar>, stride: Int) {
    top.store(to: result, stride: stride)
    bottom.store(to: result + Top.rowCount * stride, stride: stride)
  }
  @inline(__always) mutating func add(_ left: UnsafePointer<Vector.Scalar>, stride: Int, times right: Row) {
    top.add(left, stride: stride, times: right)
    bottom.add(left + Top.rowCount * stride, stride: stride, times: right)
  }
}

typealias TwoVectors<V: Lanes> = Beside<OneVector<V>, OneVector<V>>
typealias ThreeVectors<V: Lanes> = Beside<TwoVectors<V>, OneVector<V>>
typealias FourVectors<V: Lanes> = Beside<TwoVectors<V>, TwoVectors<V>>
typealias EightVectors<V: Lanes> = Beside<FourVectors<V>, FourVectors<V>>

typealias TwoRows<Row: TileRow> = Above<OneRow<Row>, OneRow<Row>>
typealias ThreeRows<Row: TileRow> = Above<TwoRows<Row>, OneRow<Row>>
typealias FourRows<Row: TileRow> = Above<TwoRows<Row>, TwoRows<Row>>
typealias FiveRows<Row: TileRow> = Above<FourRows<Row>, OneRow<Row>>
typealias SixRows<Row: TileRow> = Above<FourRows<Row>, TwoRows<Row>>
typealias SevenRows<Row: TileRow> = Above<FourRows<Row>, ThreeRows<Row>>
typealias EightRows<Row: TileRow> = Above<FourRows<Row>, FourRows<Row>>
