import Glibc

extension BuiltinTable {
  static let statistics: [Builtin] = [
    reduction(
      "sum", "the sum of all numbers; over: 1 of each column, kept as a row", "sum([1, 2; 3, 4], over: 1)", "[[4, 6]]",
      ofEmpty: 0, Statistics.sum),
    reduction("prod", "the product of all numbers", "prod(1..5)", "120", ofEmpty: 1, Statistics.product),
    reduction(
      "mean", "the mean; over: 1 of each column, kept as a row", "mean([1, 2; 3, 6], over: 1)", "[[2, 4]]",
      Statistics.mean),
    reduction("median", "the middle number", "median([3, 1, 10])", "3", Statistics.median),
    reduction(
      "variance", "the mean squared distance from the mean (1/n)", "variance([1, 3])", "1", Statistics.variance),
    reduction(
      "deviation", "the standard deviation, √ of the variance (1/n)", "deviation([1, 3])", "1",
      Statistics.deviation),
    Builtin(
      "max", theme: .statistics, "max(x, ..., over: axes)", "the largest number; of several values elementwise",
      example: "max([1, 5], 3)", "[3, 5]", .general { try extreme(&$0, Statistics.maximum) { larger($0, $1) } }),
    Builtin(
      "min", theme: .statistics, "min(x, ..., over: axes)", "the smallest number; of several values elementwise",
      example: "min([3, 1, 2])", "1", .general { try extreme(&$0, Statistics.minimum) { -larger(-$0, -$1) } }),
    Builtin(
      "argmax", theme: .statistics, "argmax(X, over: axis)",
      "the index of the largest number; over: 2 of each row, kept as a column", example: "argmax([3, 9, 2])", "2",
      .general { try position(of: Statistics.maximum, &$0) }),
    Builtin(
      "argmin", theme: .statistics, "argmin(X, over: axis)",
      "the index of the smallest number; over: 2 of each row, kept as a column", example: "argmin([3, 9, 2])", "3",
      .general { try position(of: Statistics.minimum, &$0) }),
    Builtin(
      "cumsum", theme: .statistics, "cumsum(x, over: axis)", "the sums so far, along the first axis",
      example: "cumsum([1, 2, 3])", "[1, 3, 6]", .general { try cumulative(&$0, +) }),
    Builtin(
      "cumprod", theme: .statistics, "cumprod(x, over: axis)", "the products so far, along the first axis",
      example: "cumprod([1, 2, 3])", "[1, 2, 6]", .general { try cumulative(&$0, *) }),
    Builtin(
      "all", theme: .statistics, "all(mask)", "whether every number is other than 0, or every item true",
      example: "all([1, 2, 3] > 0)", "true", .general { .truth(try !truths(&$0).contains(false)) }),
    Builtin(
      "any", theme: .statistics, "any(mask)", "whether some number is other than 0, or some item true",
      example: "any([1, 2, 3] > 2)", "true", .general { .truth(try truths(&$0).contains(true)) }),
  ]

  private static func reduction(
    _ name: String, _ summary: String, _ example: String, _ result: String, ofEmpty: Double? = nil,
    _ body: @escaping @Sendable ([Double], Tensor.Poll) throws -> Double
  ) -> Builtin {
    Builtin(
      name, theme: .statistics, "\(name)(X, over: axes)", summary, example: example, result,
      .general { call in
        let tensor = try call.tensor(0)
        if tensor.count == 0 {
          guard let ofEmpty, call.label("over") == nil else {
            throw call.problem("\(name) of no numbers has no meaning")
          }
          return .number(ofEmpty)
        }
        if let axes = try call.axes(of: tensor) {
          return .tensor(try tensor.reduced(over: axes, poll: call.poll, body))
        }
        return .number(try body(tensor.numbers, call.poll))
      })
  }

  /// The larger number; NaN if one is.
  private static func larger(_ a: Double, _ b: Double) -> Double { a.isNaN || b.isNaN ? .nan : Swift.max(a, b) }

  private static func extreme(
    _ call: inout Call, _ ofAll: @escaping Statistics.Reduction, _ ofTwo: (Double, Double) -> Double
  ) throws -> Value {
    if call.count == 1 {
      if case .list(let list) = call.values[0] {
        let numbers = list.items.compactMap { if case .number(let number) = $0 { number } else { nil } }
        guard numbers.count == list.count, !numbers.isEmpty else { throw call.wrong(0, needs: "numbers") }
        return .number(try ofAll(numbers, call.poll))
      }
      let tensor = try call.tensor(0)
      guard tensor.count > 0 else { throw call.problem("\(call.builtin.name) of no numbers has no meaning") }
      if let axes = try call.axes(of: tensor) { return .tensor(try tensor.reduced(over: axes, poll: call.poll, ofAll)) }
      return .number(try ofAll(tensor.numbers, call.poll))
    }
    var result = call.values[0]
    for position in 0..<call.count {
      guard call.values[position].isNumeric else { throw call.wrong(position, needs: "numbers and tensors") }
      if position > 0 {
        result = try Arithmetic.elementwise(result, call.values[position], .adding, poll: call.poll, ofTwo)
      }
    }
    return result
  }

  private static func position(of extreme: @escaping Statistics.Reduction, _ call: inout Call) throws -> Value {
    func index(_ numbers: [Double], _ poll: Tensor.Poll) throws -> Double {
      let wanted = try extreme(numbers, poll)
      // A NaN is found where it stands: it is what the extreme answers.
      return Double((numbers.firstIndex { $0 == wanted || (wanted.isNaN && $0.isNaN) } ?? 0) + 1)
    }
    if call.label("over") != nil {
      let tensor = try call.tensor(0)
      guard tensor.count > 0 else { throw call.problem("\(call.builtin.name) of no numbers has no meaning") }
      let axes = try call.axes(of: tensor) ?? []
      guard axes.count == 1 else { throw call.problem("\(call.builtin.name) is over one axis") }
      return .tensor(try tensor.reduced(over: axes, poll: call.poll, index))
    }
    let numbers = try call.vector(0).numbers
    guard !numbers.isEmpty else { throw call.problem("\(call.builtin.name) of no numbers has no meaning") }
    return .number(try index(numbers, call.poll))
  }

  private static func cumulative(_ call: inout Call, _ body: (Double, Double) -> Double) throws -> Value {
    let tensor = try call.tensor(0)
    let axis = try call.axes(of: tensor)?.first ?? 0
    let inner = ((axis + 1)..<3).reduce(1) { $0 * tensor.shape[$1] }
    let length = tensor.shape[axis]
    var result = tensor.numbers
    for offset in result.indices where (offset / max(inner, 1)) % max(length, 1) > 0 {
      if offset & 0xFFFF == 0 { try call.poll() }
      result[offset] = body(result[offset - inner], result[offset])
    }
    return .tensor(Tensor(tensor.shape, result, isTimed: tensor.isTimed))
  }

  private static func truths(_ call: inout Call) throws -> [Bool] {
    switch call.values[0] {
    case .truth(let truth): return [truth]
    case .list(let list):
      return try list.items.map {
        guard case .truth(let truth) = $0 else { throw call.wrong(0, needs: "a tensor, or a list of truths") }
        return truth
      }
    default: return try call.tensor(0).numbers.map { $0 != 0 }
    }
  }
}
