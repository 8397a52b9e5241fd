import Runtime

/// Vectors, matrices and sequences: numbers in rows, the last axis running fastest. A value: copies share their
/// numbers until one is written.
///
/// What a net in single precision answered stays so until it is computed with.
struct Tensor {
  private final class Storage {
    let shape: Shape
    /// The first axis is time: a sequence `[time, width]` or a batch `[time, batch, width]` that a net took or gave.
    let isTimed: Bool
    private var held: Numbers
    init(shape: Shape, numbers: Numbers, isTimed: Bool) {
      self.shape = shape
      held = numbers
      self.isTimed = isTimed
      // As Float64, since they may become that.
      TensorBudget.take(shape.count)
    }

    deinit { TensorBudget.release(shape.count) }

    /// As Float64, which they are from then on.
    var numbers: [Double] {
      if case .double(let numbers) = held { return numbers }
      let numbers = held.doubles
      held = .double(numbers)
      return numbers
    }

    subscript(offset: Int) -> Double { held[offset] }

    func write(_ body: (inout [Double]) -> Void) {
      var numbers = numbers
      held = .double([])
      body(&numbers)
      held = .double(numbers)
    }
  }

  private var storage: Storage

  init(_ shape: Shape, _ numbers: Numbers, isTimed: Bool = false) {
    assert(shape.count == numbers.count)
    storage = Storage(shape: shape, numbers: numbers, isTimed: isTimed)
  }

  init(_ shape: Shape, _ numbers: [Double], isTimed: Bool = false) {
    self.init(shape, .double(numbers), isTimed: isTimed)
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
    get { storage[offset] }
    set {
      makeUnique()
      storage.write { $0[offset] = newValue }
    }
  }

  /// Writes in place, copying first if the numbers are shared.
  mutating func withMutableNumbers(_ body: (inout [Double]) -> Void) {
    makeUnique()
    storage.write(body)
  }

  private mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&storage) {
      storage = Storage(shape: storage.shape, numbers: .double(storage.numbers), isTimed: storage.isTimed)
    }
  }

  /// The same numbers in another shape of as many.
  func reshaped(_ shape: Shape) -> Tensor { Tensor(shape, numbers) }

  /// The same numbers, known to run over time.
  func timed(_ isTimed: Bool = true) -> Tensor { Tensor(shape, numbers, isTimed: isTimed && rank > 1) }

  /// Asks now and then, as `poll` does, whether to go on.
  func map(poll: Poll, _ body: (Double) -> Double) throws -> Tensor {
    let source = storage.numbers
    let mapped = try Tensor.numbers(shape.count, poll: poll) { target, offsets in
      source.withUnsafeBufferPointer { source in
        for offset in offsets { target[offset] = body(source[offset]) }
      }
    }
    return Tensor(shape, mapped, isTimed: isTimed)
  }

  /// So many numbers, made in pieces, each of which takes about a millisecond.
  static func numbers(
    _ count: Int, poll: Poll, _ make: (UnsafeMutableBufferPointer<Double>, Range<Int>) -> Void
  ) throws -> [Double] {
    try [Double](unsafeUninitializedCapacity: count) { target, initialized in
      let piece = 1 << 16
      for first in stride(from: 0, to: count, by: piece) {
        if first > 0 { try poll() }
        make(target, first..<min(first + piece, count))
      }
      initialized = count
    }
  }
}

extension Tensor: Equatable {
  /// One truth: the same shape and the same numbers.
  static func == (left: Tensor, right: Tensor) -> Bool {
    left.storage === right.storage && !left.storage.numbers.contains { $0.isNaN }
      || left.shape == right.shape && left.storage.numbers == right.storage.numbers
  }
}
