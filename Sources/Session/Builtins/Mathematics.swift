import Glibc

extension BuiltinTable {
  static let mathematics: [Builtin] = [
    Builtin("π", "pi", theme: .mathematics, "π", "the circle's number", example: "2 * π", "6.2832", .constant(.pi)),
    Builtin("e", theme: .mathematics, "e", "the base of the natural logarithm", example: "e", "2.7183", .constant(M_E)),
    Builtin("∞", "inf", theme: .mathematics, "∞", "infinity", example: "1 / ∞", "0", .constant(.infinity)),
    Builtin(
      "NaN", theme: .mathematics, "NaN", "not a number: what 0/0 gives; equal to nothing, itself included",
      example: "NaN == NaN", "false", .constant(.nan)),
    Builtin(
      "log2", theme: .mathematics, "log2(x)", "logarithm of base 2", example: "log2(8)", "3",
      derivative: "log2' = 1 / (x * log(2))", slope: { 1 / ($0 * M_LN2) }, .elementwise { Glibc.log2($0) }),
    Builtin(
      "log10", theme: .mathematics, "log10(x)", "logarithm of base 10", example: "log10(1000)", "3",
      derivative: "log10' = 1 / (x * log(10))", slope: { 1 / ($0 * M_LN10) }, .elementwise { Glibc.log10($0) }),
    Builtin(
      "tan", theme: .mathematics, "tan(x)", "tangent, of radians", example: "tan(π / 4)", "1",
      derivative: "tan' = 1 + tan²", slope: { 1 + Glibc.tan($0) * Glibc.tan($0) }, .elementwise { Glibc.tan($0) }),
    Builtin(
      "sinh", theme: .mathematics, "sinh(x)", "hyperbolic sine", example: "sinh(1)", "1.1752",
      derivative: "sinh' = cosh",
      slope: { Glibc.cosh($0) }, .elementwise { Glibc.sinh($0) }),
    Builtin(
      "cosh", theme: .mathematics, "cosh(x)", "hyperbolic cosine", example: "cosh(0)", "1", derivative: "cosh' = sinh",
      slope: { Glibc.sinh($0) }, .elementwise { Glibc.cosh($0) }),
    Builtin(
      "floor", theme: .mathematics, "floor(x)", "the next whole number below", example: "floor(-1.5)", "-2",
      .elementwise { $0.rounded(.down) }),
    Builtin(
      "ceil", theme: .mathematics, "ceil(x)", "the next whole number above", example: "ceil(1.2)", "2",
      .elementwise { $0.rounded(.up) }),
    Builtin(
      "round", theme: .mathematics, "round(x, digits?)",
      "the nearest whole number, or with so many digits after the point",
      example: "round(2.71828, 2)", "2.72", .general(round)),
    Builtin(
      "mod", theme: .mathematics, "mod(a, b)", "what is left when b is taken from a; has the sign of b",
      example: "mod(-1, 12)", "11", .general { try pairwise(&$0) { a, b in a - b * (a / b).rounded(.down) } }),
    Builtin(
      "power", theme: .mathematics, "power(x, p)", "x^p of every element, also of a matrix",
      example: "power([1, 2; 3, 4], 2)", "[1, 4; 9, 16]", .general { try pairwise(&$0) { Arithmetic.power($0, $1) } }),
    Builtin(
      "isnan", theme: .mathematics, "isnan(x)", "whether it is NaN; of a tensor 1 or 0 for each number",
      example: "isnan([0 / 0, 1])", "[1, 0]",
      .general { call in
        if case .number(let number) = call.values[0] { return .truth(number.isNaN) }
        return .tensor(try call.tensor(0).map(poll: call.poll) { $0.isNaN ? 1 : 0 })
      }),
  ]

  static let activations: [Builtin] = [
    Builtin(
      "softmax", theme: .mathematics, "softmax(z)", "positive, with sum 1; of a matrix in every row",
      example: "softmax([1, 1, 1, 1])", "[0.25, 0.25, 0.25, 0.25]", equation: "softmax(z) = e^z / sum(e^z)",
      .general(softmax))
  ]

  /// An elementwise function of two values; shapes as for `+`.
  static func pairwise(_ call: inout Call, _ body: (Double, Double) -> Double) throws -> Value {
    let (a, b) = (call.values[0], call.values[1])
    for position in 0...1 where !call.values[position].isNumeric {
      throw call.wrong(position, needs: "numbers and tensors")
    }
    let poll = call.interpreter.poll
    return try call.placed { try Arithmetic.elementwise(a, b, .adding, poll: poll, body) }
  }

  @Sendable private static func round(_ call: inout Call) throws -> Value {
    let digits = call.has(1) ? try call.integer(1, from: -300) : 0
    guard digits <= 300 else { throw call.problem(at: 1, "a number has no more than 300 digits after its point") }
    let scale = Arithmetic.power(10, Double(digits.magnitude))
    func rounded(_ x: Double) -> Double {
      let scaled = digits >= 0 ? x * scale : x / scale
      guard scaled.isFinite else { return x }
      return digits >= 0 ? scaled.rounded() / scale : scaled.rounded() * scale
    }
    return try call.interpreter.map(call.builtin, rounded, call.values[0], call.places[0])
  }

  @Sendable private static func softmax(_ call: inout Call) throws -> Value {
    let tensor = try call.tensor(0)
    let width = tensor.shape[tensor.rank - 1]
    var result = tensor.numbers
    for start in stride(from: 0, to: result.count, by: max(width, 1)) {
      let lane = start..<(start + width)
      let largest = Statistics.maximum(Array(result[lane]))
      for position in lane { result[position] = Glibc.exp(result[position] - largest) }
      let total = Statistics.sum(Array(result[lane]))
      for position in lane { result[position] /= total }
    }
    return .tensor(Tensor(tensor.shape, result, isTimed: tensor.isTimed))
  }
}
