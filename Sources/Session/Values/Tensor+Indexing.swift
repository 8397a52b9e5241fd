/// Parts of tensors, read and written. Positions count from 0 here; the language's from 1 are turned by `AxisIndex`.

/// What an index picks along one axis, checked against its size.
enum AxisIndex {
  case one(Int)
  case some([Int])
  case span(Range<Int>)

  var count: Int {
    switch self {
    case .one: 1
    case .some(let positions): positions.count
    case .span(let range): range.count
    }
  }

  func position(_ number: Int) -> Int {
    switch self {
    case .one(let position): position
    case .some(let positions): positions[number]
    case .span(let range): range.lowerBound + number
    }
  }

  /// Whether the axis is gone from the result.
  var isSingle: Bool { if case .one = self { true } else { false } }
}

extension Tensor {
  /// The offsets that an index of each axis picks, in order, and the shape they have: nil for one number.
  func selection(_ indices: [AxisIndex]) throws(ValueProblem) -> (offsets: Offsets, shape: Shape?) {
    var axes = indices
    while axes.count < rank { axes.append(.span(0..<shape[axes.count])) }
    let kept = axes.filter { !$0.isSingle }.map(\.count)
    return (Offsets(axes, shape), kept.isEmpty ? nil : try Shape(kept))
  }

  /// Walks the offsets of a selection, the last axis fastest.
  struct Offsets {
    let axes: [AxisIndex]
    let shape: Shape

    init(_ axes: [AxisIndex], _ shape: Shape) {
      self.axes = axes
      self.shape = shape
    }

    func forEach(_ body: (Int) -> Void) {
      let first = axes[0]
      let second = axes.count > 1 ? axes[1] : .one(0)
      let third = axes.count > 2 ? axes[2] : .one(0)
      for i in 0..<first.count {
        let outer = first.position(i) * shape[1]
        for j in 0..<second.count {
          let inner = (outer + second.position(j)) * shape[2]
          for k in 0..<third.count { body(inner + third.position(k)) }
        }
      }
    }
  }

  /// `a[2]`, `M[1, :]`, `X[2..4]`.
  func part(_ indices: [AxisIndex]) throws(ValueProblem) -> Value {
    if indices.count == 1, rank == 1, case .one(let position) = indices[0] { return .number(self[position]) }
    let (offsets, kept) = try selection(indices)
    guard let kept else {
      var number = 0.0
      offsets.forEach { number = self[$0] }
      return .number(number)
    }
    var result: [Double] = []
    result.reserveCapacity(kept.count)
    offsets.forEach { result.append(self[$0]) }
    let keepsTime = isTimed && !(indices.first?.isSingle ?? false) && kept.rank > 1
    return .tensor(Tensor(kept, result, isTimed: keepsTime))
  }

  /// `a[2] = 5`, `M[1, :] = v`, `X[2..4] = 0`: a number fills; a tensor must have the shape of what it replaces.
  mutating func setPart(_ indices: [AxisIndex], to value: Value) throws(ValueProblem) {
    let (offsets, kept) = try selection(indices)
    switch value {
    case .number(let number):
      withMutableNumbers { numbers in offsets.forEach { numbers[$0] = number } }
    case .tensor(let tensor):
      guard let kept else { throw .partNeedsNumber(tensor.shape) }
      guard kept == tensor.shape else { throw .partShape(part: kept, value: tensor.shape) }
      let source = tensor.numbers
      withMutableNumbers { numbers in
        var next = 0
        offsets.forEach {
          numbers[$0] = source[next]
          next += 1
        }
      }
    default: throw .partNeedsNumbers(value.kind)
    }
  }
}
