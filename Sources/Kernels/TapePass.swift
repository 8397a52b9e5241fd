/// One instruction over one tile: addresses and steps of its operands.
struct TapePass<Scalar: KernelScalar> {
  var rows: Int
  var columns: Int
  var result: UnsafeMutablePointer<Scalar>
  var resultStride: Int
  var a: UnsafePointer<Scalar>
  var aStride: Int
  var b: UnsafePointer<Scalar>
  var bStride: Int
  var c: UnsafePointer<Scalar>
  var cStride: Int
  var d: UnsafePointer<Scalar>
  var dStride: Int

  /// Rows that follow each other without a gap in every operand are one long row.
  @inline(__always)
  mutating func joinRows(operandCount: Int) {
    guard rows > 1, resultStride == columns, aStride == columns else { return }
    guard operandCount < 2 || bStride == columns, operandCount < 3 || cStride == columns,
      operandCount < 4 || dStride == columns
    else { return }
    columns &*= rows
    rows = 1
  }

  @inline(__always)
  mutating func advance() {
    result += resultStride
    a += aStride
    b += bStride
    c += cStride
    d += dStride
  }
}

extension TapePass {
  /// One row, its operands still to be put in.
  @inline(__always)
  init(row: UnsafeMutablePointer<Scalar>, columns: Int) {
    self.init(
      rows: 1, columns: columns, result: row, resultStride: 0, a: row, aStride: 0, b: row, bStride: 0, c: row,
      cStride: 0, d: row, dStride: 0)
  }

  /// The last numbers of a row go through the same vector function as the others: a number's value does not depend on
  /// where a tile or a thread's part ends.
  @inline(__always)
  func apply<F: VectorFunction>(_: F.Type) where F.Vector.Scalar == Scalar {
    if hasManyRegisters {
      apply(F.self, by: Twofold<Twofold<F.Vector>>.self)
    } else {
      apply(F.self, by: Twofold<F.Vector>.self)
    }
  }

  /// As many vectors at a time as `Wide` has, then one at a time.
  @inline(__always)
  private func apply<F: VectorFunction, Wide: Lanes>(_: F.Type, by _: Wide.Type)
  where F.Vector.Scalar == Scalar, Wide.Scalar == Scalar {
    typealias V = F.Vector
    var pass = self
    while pass.rows > 0 {
      var column = 0
      while column &+ Wide.count <= pass.columns {
        F.value(Wide(at: pass.a + column), F.readsTwo ? Wide(at: pass.b + column) : .zero)
          .store(to: pass.result + column)
        column &+= Wide.count
      }
      while column < pass.columns {
        let rest = pass.columns &- column
        if rest >= V.count {
          F.value(V(at: pass.a + column), F.readsTwo ? V(at: pass.b + column) : .zero).store(to: pass.result + column)
        } else {
          F.value(V(at: pass.a + column, count: rest), F.readsTwo ? V(at: pass.b + column, count: rest) : .zero)
            .store(to: pass.result + column, count: rest)
        }
        column &+= V.count
      }
      pass.rows &-= 1
      pass.advance()
    }
  }

  @inline(__always)
  func unary<V: Lanes>(_: V.Type, _ function: (V) -> V) where V.Scalar == Scalar {
    var pass = self
    while pass.rows > 0 {
      var column = 0
      while column &+ V.count <= pass.columns {
        function(V(at: pass.a + column)).store(to: pass.result + column)
        column &+= V.count
      }
      let rest = pass.columns &- column
      if rest > 0 { function(V(at: pass.a + column, count: rest)).store(to: pass.result + column, count: rest) }
      pass.rows &-= 1
      pass.advance()
    }
  }

  @inline(__always)
  func binary<V: Lanes>(_: V.Type, _ function: (V, V) -> V) where V.Scalar == Scalar {
    var pass = self
    while pass.rows > 0 {
      var column = 0
      while column &+ V.count <= pass.columns {
        function(V(at: pass.a + column), V(at: pass.b + column)).store(to: pass.result + column)
        column &+= V.count
      }
      let rest = pass.columns &- column
      if rest > 0 {
        function(V(at: pass.a + column, count: rest), V(at: pass.b + column, count: rest))
          .store(to: pass.result + column, count: rest)
      }
      pass.rows &-= 1
      pass.advance()
    }
  }

  @inline(__always)
  func ternary<V: Lanes>(_: V.Type, _ function: (V, V, V) -> V) where V.Scalar == Scalar {
    var pass = self
    while pass.rows > 0 {
      var column = 0
      while column &+ V.count <= pass.columns {
        function(V(at: pass.a + column), V(at: pass.b + column), V(at: pass.c + column))
          .store(to: pass.result + column)
        column &+= V.count
      }
      let rest = pass.columns &- column
      if rest > 0 {
        function(
          V(at: pass.a + column, count: rest), V(at: pass.b + column, count: rest), V(at: pass.c + column, count: rest)
        ).store(to: pass.result + column, count: rest)
      }
      pass.rows &-= 1
      pass.advance()
    }
  }

  @inline(__always)
  func quaternary<V: Lanes>(_: V.Type, _ function: (V, V, V, V) -> V) where V.Scalar == Scalar {
    var pass = self
    while pass.rows > 0 {
      var column = 0
      while column &+ V.count <= pass.columns {
        function(
          V(at: pass.a + column), V(at: pass.b + column), V(at: pass.c + column), V(at: pass.d + column)
        ).store(to: pass.result + column)
        column &+= V.count
      }
      let rest = pass.columns &- column
      if rest > 0 {
        function(
          V(at: pass.a + column, count: rest), V(at: pass.b + column, count: rest), V(at: pass.c + column, count: rest),
          V(at: pass.d + column, count: rest)
        ).store(to: pass.result + column, count: rest)
      }
      pass.rows &-= 1
      pass.advance()
    }
  }

  /// The first number of each row, over the whole row.
  @inline(__always)
  func spread() {
    var pass = self
    while pass.rows > 0 {
      (pass.result).update(repeating: pass.a.pointee, count: pass.columns)
      pass.rows &-= 1
      pass.advance()
    }
  }

  /// Number by number, in Float64.
  func scalar(_ function: (Double) -> Double) {
    var pass = self
    while pass.rows > 0 {
      for column in 0..<pass.columns { pass.result[column] = Scalar(function(Double(pass.a[column]))) }
      pass.rows &-= 1
      pass.advance()
    }
  }
}

/// A function that is longer than a few operations. A type and no closure: a closure of that length would be called for
/// every vector, with the vector handed over in pieces.
protocol VectorFunction {
  /// One vector of the machine.
  associatedtype Vector: Lanes
  /// Whether it is one of a and b; known when it is compiled, so that one of a alone loads nothing else.
  static var readsTwo: Bool { get }
  static func value<V: Lanes>(_ a: V, _ b: V) -> V
}

extension VectorFunction {
  static var readsTwo: Bool { @inline(__always) get { false } }
}

enum Sigmoid<Vector: Lanes>: VectorFunction {
  @inline(__always) static func value<V: Lanes>(_ a: V, _ b: V) -> V { V.sigmoid(a) }
}

enum HyperbolicTangent<Vector: Lanes>: VectorFunction {
  @inline(__always) static func value<V: Lanes>(_ a: V, _ b: V) -> V { V.Scalar.tanh(a) }
}

/// a * tanh(b)
enum TimesHyperbolicTangent<Vector: Lanes>: VectorFunction {
  static var readsTwo: Bool { @inline(__always) get { true } }
  @inline(__always) static func value<V: Lanes>(_ a: V, _ b: V) -> V { a * V.Scalar.tanh(b) }
}

enum Exponential<Vector: Lanes>: VectorFunction {
  @inline(__always) static func value<V: Lanes>(_ a: V, _ b: V) -> V { V.exp(a) }
}

enum Logarithm<Vector: Lanes>: VectorFunction {
  @inline(__always) static func value<V: Lanes>(_ a: V, _ b: V) -> V { V.log(a) }
}
