/// Vectors, matrices and sequences: numbers in rows, the last axis running fastest. A value: copies share their
/// numbers until one is written.
struct Tensor {
  private final class Storage {
    var shape: Shape
    var numbers: [Double]
    /// The first axis is time: a sequence `[time, width]` or a batch `[time, batch, width]` that a net took or gave.
    var isTimed: Bool

    init(shape: Shape, numbers: [Double], isTimed: Bool) {
      self.shape = shape
      self.numbers = numbers
      self.isTimed = isTimed
      counted = numbers.count
      TensorBudget.take(counted)
    }

    /// What the budget was told.
    private let counted: Int

    deinit { TensorBudget.release(counted) }
  }

  private var storage: Storage

  init(_ shape: Shape, _ numbers: [Double], isTimed: Bool = false) {
    assert(shape.count == numbers.count)
    storage = Storage(shape: shape, numbers: numbers, isTimed: isTimed)
  }

  init(vector numbers: [Double]) {
    self.init(Shape(vector: numbers.count), numbers)
  }

  init(_ shape: Shape, repeating number: Double) {
    self.init(shape, [Double](repeating: number, count: shape.count))
  }

  var shape: Shape { storage.shape }
  var numbers: [Double] { storage.numbers }
  var count: Int { storage.shape.count }
  var rank: Int { storage.shape.rank }
  var isVector: Bool { rank == 1 }
  var isMatrix: Bool { rank == 2 }
  var isTimed: Bool { storage.isTimed }

  /// Rows and columns of a matrix; of a vector, which is a column: its length and 1.
  var rows: Int { storage.shape[0] }
  var columns: Int { storage.shape[1] }

  /// The number at an offset that is known to be inside.
  subscript(offset: Int) -> Double {
    get { storage.numbers[offset] }
    set {
      makeUnique()
      storage.numbers[offset] = newValue
    }
  }

  /// Writes in place, copying first if the numbers are shared.
  mutating func withMutableNumbers(_ body: (inout [Double]) -> Void) {
    makeUnique()
    body(&storage.numbers)
  }

  private mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&storage) {
      storage = Storage(shape: storage.shape, numbers: storage.numbers, isTimed: storage.isTimed)
    }
  }

  /// The same numbers in another shape of as many.
  func reshaped(_ shape: Shape) -> Tensor { Tensor(shape, numbers) }

  /// The same numbers, known to run over time.
  func timed(_ isTimed: Bool = true) -> Tensor { Tensor(shape, numbers, isTimed: isTimed && rank > 1) }

  func map(_ body: (Double) -> Double) -> Tensor {
    let count = count
    let mapped = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      storage.numbers.withUnsafeBufferPointer { source in
        for offset in 0..<count { buffer[offset] = body(source[offset]) }
      }
      initialized = count
    }
    return Tensor(shape, mapped, isTimed: isTimed)
  }
}

extension Tensor: Equatable {
  /// One truth: the same shape and the same numbers.
  static func == (left: Tensor, right: Tensor) -> Bool {
    left.storage === right.storage && !left.storage.numbers.contains { $0.isNaN }
      || left.shape == right.shape && left.storage.numbers == right.storage.numbers
  }
}
