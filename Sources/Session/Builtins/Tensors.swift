extension BuiltinTable {
  static let tensors: [Builtin] = [
    Builtin(
      "zeros", theme: .tensors, "zeros(size, ...)", "a tensor of zeros", example: "zeros(2, 3)", "[0, 0, 0; 0, 0, 0]",
      .general { .tensor(Tensor(try $0.shape(from: 0), repeating: 0)) }),
    Builtin(
      "ones", theme: .tensors, "ones(size, ...)", "a tensor of ones", example: "ones(3)", "[1, 1, 1]",
      .general { .tensor(Tensor(try $0.shape(from: 0), repeating: 1)) }),
    Builtin(
      "fill", theme: .tensors, "fill(x, size, ...)", "a tensor of one number", example: "fill(0.5, 3)",
      "[0.5, 0.5, 0.5]",
      .general { .tensor(Tensor(try $0.shape(from: 1), repeating: try $0.number(0))) }),
    Builtin(
      "eye", theme: .tensors, "eye(n)", "the identity matrix", example: "eye(2)", "[1, 0; 0, 1]",
      .general { call in
        let n = try call.integer(0, needs: "a size")
        var result = Tensor(try Shape([n, n]), repeating: 0)
        result.withMutableNumbers { numbers in for i in 0..<n { numbers[i * n + i] = 1 } }
        return .tensor(result)
      }),
    Builtin(
      "linspace", theme: .tensors, "linspace(first, last, count)", "numbers at equal distances, both ends included",
      example: "linspace(0, 1, 5)", "[0, 0.25, 0.5, 0.75, 1]", .general(linspace)),
    Builtin(
      "diag", theme: .tensors, "diag(v)", "a matrix with v on its diagonal; of a matrix its diagonal",
      example: "diag([2, 3])", "[2, 0; 0, 3]", .general(diag)),
    Builtin(
      "column", theme: .tensors, "column(v)", "a vector as a matrix of one column", example: "column([1, 2])", "[1; 2]",
      .general { .tensor(try $0.vector(0).asColumn()) }),
    Builtin(
      "transpose", theme: .tensors, "transpose(A)", "rows become columns, as Aᵀ and A'",
      example: "transpose([1, 2; 3, 4])",
      "[1, 3; 2, 4]", .general { .tensor(try $0.tensor(0).transposed()) }),
    Builtin(
      "shape", theme: .tensors, "shape(X)", "the sizes, outer first", example: "shape([1, 2; 3, 4; 5, 6])", "[3, 2]",
      .general { call in
        if case .number = call.values[0] { return .tensor(Tensor(vector: [])) }
        return .tensor(Tensor(vector: try call.tensor(0).shape.sizes.map { Double($0) }))
      }),
    Builtin(
      "length", theme: .tensors, "length(x)", "how many: elements, rows, items, characters",
      example: "length([4, 5, 6])", "3",
      .general { call in
        switch call.values[0] {
        case .tensor(let tensor): return .number(Double(tensor.shape[0]))
        case .text(let text): return .number(Double(text.count))
        case .list(let list): return .number(Double(list.count))
        case .table(let table): return .number(Double(table.rowCount))
        case .record(let record): return .number(Double(record.names.count))
        case .range(let range):
          if let count = range.wholeCount { return .number(Double(count)) }
        default: break
        }
        throw call.wrong(0, needs: "what has parts")
      }),
    Builtin(
      "reshape", theme: .tensors, "reshape(X, size, ...)", "the same numbers in another shape",
      example: "reshape(1..6, 2, 3)", "[1, 2, 3; 4, 5, 6]",
      .general { call in
        let tensor = try call.tensor(0)
        let shape = try call.shape(from: 1)
        guard shape.count == tensor.count else {
          throw call.problem("\(counted(tensor.count, "number")) cannot have the shape \(shape.text)")
        }
        return .tensor(tensor.reshaped(shape))
      }),
    Builtin(
      "concat", theme: .tensors, "concat(a, ..., over: axis)",
      "joins tensors along an axis (the first), or lists, or texts",
      example: "concat([1, 2], [3])", "[1, 2, 3]", .general(concat)),
    Builtin(
      "repeat", theme: .tensors, "repeat(x, n)", "n times over: a vector, a text or a list",
      example: "repeat([1, 2], 2)",
      "[1, 2, 1, 2]", .general(repeated)),
    Builtin(
      "reverse", theme: .tensors, "reverse(x)", "the last first: elements, rows, items, characters",
      example: "reverse([1, 2, 3])", "[3, 2, 1]", .general(reverse)),
    Builtin(
      "sort", theme: .tensors, "sort(x)", "the smallest first; NaN last", example: "sort([3, 1, 2])", "[1, 2, 3]",
      .general(sort)),
    Builtin(
      "order", theme: .tensors, "order(v)", "the indices that sort: v[order(v)] is sort(v)",
      example: "order([30, 10, 20])",
      "[2, 3, 1]",
      .general { call in
        let numbers = try call.vector(0).numbers
        var polls = PolledComparison(call)
        let order = try numbers.indices.sorted { try polls.precedes(numbers[$0], numbers[$1]) }
        return .tensor(Tensor(vector: order.map { Double($0 + 1) }))
      }),
    Builtin(
      "contains", theme: .tensors, "contains(xs, v)", "whether v is among the elements, or a part of a text",
      example: "contains([1, 2, 3], 2)", "true", .general(contains)),
    Builtin(
      "where", theme: .tensors, "where(mask)", "the indices of the numbers that are not 0",
      example: "where([5, 1, 7] > 4)", "[1, 3]",
      .general { call in
        let numbers = try call.vector(0).numbers
        return .tensor(Tensor(vector: numbers.indices.filter { numbers[$0] != 0 }.map { Double($0 + 1) }))
      }),
  ]

  @Sendable private static func linspace(_ call: inout Call) throws -> Value {
    let (first, last) = (try call.number(0), try call.number(1))
    let count = try call.integer(2, needs: "a count")
    let shape = try Shape([count])
    guard count > 1 else { return .tensor(Tensor(shape, [Double](repeating: first, count: count))) }
    let step = (last - first) / Double(count - 1)
    // The end exactly, whatever the rounding of the step.
    return .tensor(Tensor(shape, (0..<count).map { $0 == count - 1 ? last : first + step * Double($0) }))
  }

  @Sendable private static func diag(_ call: inout Call) throws -> Value {
    let tensor = try call.tensor(0)
    switch tensor.rank {
    case 1:
      let n = tensor.count
      var result = Tensor(try Shape([n, n]), repeating: 0)
      let source = tensor.numbers
      result.withMutableNumbers { numbers in for i in 0..<n { numbers[i * n + i] = source[i] } }
      return .tensor(result)
    case 2:
      return .tensor(
        Tensor(vector: (0..<min(tensor.rows, tensor.columns)).map { tensor[$0 * tensor.columns + $0] }))
    default: throw call.wrong(0, needs: "a vector or a matrix")
    }
  }

  @Sendable private static func concat(_ call: inout Call) throws -> Value {
    switch call.values.first {
    case .list:
      var items: [Value] = []
      for position in 0..<call.count { items += try call.list(position).items }
      return .list(try List(items))
    case .text:
      var text = ""
      for position in 0..<call.count { text = try Texts.joined(text, try call.text(position)) }
      return .text(text)
    default: break
    }
    let tensors = try (0..<call.count).map { try call.tensor($0) }
    guard let first = tensors.first else { return .nothing }
    let axis = try call.axes(of: first)?.first ?? 0
    for (position, tensor) in tensors.enumerated() {
      let fits =
        tensor.rank == first.rank && (0..<first.rank).allSatisfy { $0 == axis || tensor.shape[$0] == first.shape[$0] }
      guard fits else {
        throw call.problem(
          at: position, "the shapes do not fit: \(first.shape.description) and \(tensor.shape.description)")
      }
    }
    var sizes = first.shape.sizes
    sizes[axis] = tensors.reduce(0) { $0 + $1.shape[axis] }
    let shape = try Shape(sizes)
    // Blocks of the axes from `axis` on, one of each tensor in turn.
    let outer = sizes[..<axis].reduce(1, *)
    var numbers: [Double] = []
    numbers.reserveCapacity(shape.count)
    for block in 0..<outer {
      for tensor in tensors {
        let size = outer == 0 ? 0 : tensor.count / outer
        numbers += tensor.numbers[(block * size)..<((block + 1) * size)]
      }
    }
    return .tensor(Tensor(shape, numbers, isTimed: first.isTimed))
  }

  @Sendable private static func repeated(_ call: inout Call) throws -> Value {
    let times = try call.integer(1, needs: "a count")
    switch call.values[0] {
    case .text(let text):
      let (length, overflows) = text.utf8.count.multipliedReportingOverflow(by: times)
      guard !overflows, length <= Texts.bound else { throw ValueProblem.textTooLong(overflows ? Int.max : length) }
      return .text(String(repeating: text, count: length == 0 ? 0 : times))
    case .list(let list):
      let (length, overflows) = list.count.multipliedReportingOverflow(by: times)
      guard !overflows, length <= List.bound else { throw ValueProblem.listTooLong(overflows ? Int.max : length) }
      return .list(try List((0..<(length == 0 ? 0 : times)).flatMap { _ in list.items }))
    default:
      let tensor = try call.tensor(0)
      var sizes = tensor.shape.sizes
      let (length, overflows) = sizes[0].multipliedReportingOverflow(by: times)
      sizes[0] = overflows ? Int.max : length
      let shape = try Shape(sizes)
      var numbers: [Double] = []
      numbers.reserveCapacity(shape.count)
      for _ in 0..<(tensor.count == 0 ? 0 : times) { numbers += tensor.numbers }
      return .tensor(Tensor(shape, numbers))
    }
  }

  @Sendable private static func reverse(_ call: inout Call) throws -> Value {
    switch call.values[0] {
    case .text(let text): return .text(String(text.reversed()))
    case .list(let list): return .list(try List(list.items.reversed()))
    default:
      let tensor = try call.tensor(0)
      let rows = tensor.shape[0]
      let size = rows == 0 ? 0 : tensor.count / rows
      let numbers = (0..<rows).reversed().flatMap { tensor.numbers[($0 * size)..<(($0 + 1) * size)] }
      return .tensor(Tensor(tensor.shape, numbers, isTimed: tensor.isTimed))
    }
  }

  @Sendable private static func sort(_ call: inout Call) throws -> Value {
    if case .list(let list) = call.values[0] {
      let texts = list.items.compactMap { if case .text(let text) = $0 { text } else { nil } }
      if texts.count == list.count { return .list(try List(texts.sorted().map { .text($0) })) }
      let numbers = list.items.compactMap { if case .number(let number) = $0 { number } else { nil } }
      guard numbers.count == list.count else { throw call.wrong(0, needs: "numbers, or a list of texts") }
      var polls = PolledComparison(call)
      return .list(try List(try numbers.sorted { try polls.precedes($0, $1) }.map { .number($0) }))
    }
    var polls = PolledComparison(call)
    return .tensor(Tensor(vector: try call.vector(0).numbers.sorted { try polls.precedes($0, $1) }))
  }

  @Sendable private static func contains(_ call: inout Call) throws -> Value {
    let wanted = call.values[1]
    switch call.values[0] {
    case .list(let list):
      for item in list.items where try Equality.areEqual(item, wanted, poll: call.poll) { return .truth(true) }
      return .truth(false)
    case .text(let text):
      let part = try call.text(1)
      return .truth(part.isEmpty || text.contains(part))
    case .record(let record): return .truth(record.position(of: try call.text(1)) != nil)
    case .range(let range):
      let number = try call.number(1)
      return .truth(number >= range.lower && number <= range.upper)
    default:
      let number = try call.number(1)
      return .truth(try call.tensor(0).numbers.contains(number))
    }
  }
}

/// The order of numbers, NaN last; looks now and then whether the user wants to stop.
private struct PolledComparison {
  private let call: Call
  private var count = 0

  init(_ call: Call) { self.call = call }

  mutating func precedes(_ a: Double, _ b: Double) throws -> Bool {
    count &+= 1
    if count & 0xFFFF == 0 { try call.poll() }
    return a.isNaN ? false : b.isNaN ? true : a < b
  }
}
