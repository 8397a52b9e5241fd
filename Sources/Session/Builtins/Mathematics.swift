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
      "sqrt", "√", theme: .mathematics, "sqrt(x)", "square root", example: "sqrt([4, 9])", "[2, 3]",
      derivative: "sqrt' = 1 / (2 * sqrt)", slope: { 0.5 / $0.squareRoot() }, .elementwise { $0.squareRoot() }),
    Builtin(
      "exp", theme: .mathematics, "exp(x)", "the exponential function, e to the power x", example: "exp(1)", "2.7183",
      equation: "exp(x) = e^x", derivative: "exp' = exp", slope: { Glibc.exp($0) }, .elementwise { Glibc.exp($0) }),
    Builtin(
      "log", theme: .mathematics, "log(x)", "natural logarithm", example: "log(e^2)", "2", derivative: "log' = 1 / x",
      slope: { 1 / $0 }, .elementwise { Glibc.log($0) }),
    Builtin(
      "log2", theme: .mathematics, "log2(x)", "logarithm of base 2", example: "log2(8)", "3",
      derivative: "log2' = 1 / (x * log(2))", slope: { 1 / ($0 * M_LN2) }, .elementwise { Glibc.log2($0) }),
    Builtin(
      "log10", theme: .mathematics, "log10(x)", "logarithm of base 10", example: "log10(1000)", "3",
      derivative: "log10' = 1 / (x * log(10))", slope: { 1 / ($0 * M_LN10) }, .elementwise { Glibc.log10($0) }),
    Builtin(
      "sin", theme: .mathematics, "sin(x)", "sine, of radians", example: "sin(π / 2)", "1", derivative: "sin' = cos",
      slope: { Glibc.cos($0) }, .elementwise { Glibc.sin($0) }),
    Builtin(
      "cos", theme: .mathematics, "cos(x)", "cosine, of radians", example: "cos([0, π])", "[1, -1]",
      derivative: "cos' = -sin", slope: { -Glibc.sin($0) }, .elementwise { Glibc.cos($0) }),
    Builtin(
      "tan", theme: .mathematics, "tan(x)", "tangent, of radians", example: "tan(π / 4)", "1",
      derivative: "tan' = 1 + tan²", slope: { 1 + Glibc.tan($0) * Glibc.tan($0) }, .elementwise { Glibc.tan($0) }),
    Builtin(
      "atan", theme: .mathematics, "atan(x)", "the angle whose tangent is x", example: "4 * atan(1)", "3.1416",
      derivative: "atan' = 1 / (1 + x²)", slope: { 1 / (1 + $0 * $0) }, .elementwise { Glibc.atan($0) }),
    Builtin(
      "sinh", theme: .mathematics, "sinh(x)", "hyperbolic sine", example: "sinh(1)", "1.1752",
      derivative: "sinh' = cosh",
      slope: { Glibc.cosh($0) }, .elementwise { Glibc.sinh($0) }),
    Builtin(
      "cosh", theme: .mathematics, "cosh(x)", "hyperbolic cosine", example: "cosh(0)", "1", derivative: "cosh' = sinh",
      slope: { Glibc.sinh($0) }, .elementwise { Glibc.cosh($0) }),
    Builtin(
      "abs", theme: .mathematics, "abs(x)", "the size without the sign", example: "abs([-2, 3])", "[2, 3]",
      derivative: "abs' = sign, and 0 at 0", slope: { sign($0) }, .elementwise { $0.magnitude }),
    Builtin(
      "sign", theme: .mathematics, "sign(x)", "-1, 0 or 1", example: "sign([-2, 0, 3])", "[-1, 0, 1]",
      .elementwise(sign)),
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
        return .tensor(try call.tensor(0).map { $0.isNaN ? 1 : 0 })
      }),
  ]

  static let activations: [Builtin] = [
    Builtin(
      "σ", "sigmoid", theme: .mathematics, "σ(z)", "logistic function, between 0 and 1: a gate's opening",
      example: "σ([-2, 0, 2])", "[0.1192, 0.5, 0.8808]", equation: "σ(z) = 1 / (1 + e^(-z))",
      derivative: "σ' = σ * (1 - σ), at most 1/4",
      slope: {
        let y = sigmoid($0)
        return y * (1 - y)
      }, .elementwise(sigmoid)),
    Builtin(
      "tanh", theme: .mathematics, "tanh(z)", "hyperbolic tangent, between -1 and 1", example: "tanh(1)", "0.76159",
      equation: "tanh(z) = (e^z - e^(-z)) / (e^z + e^(-z))", derivative: "tanh' = 1 - tanh²",
      slope: {
        let y = Glibc.tanh($0)
        return 1 - y * y
      }, .elementwise { Glibc.tanh($0) }),
    Builtin(
      "relu", theme: .mathematics, "relu(z)", "0 below 0, else z", example: "relu([-1, 2])", "[0, 2]",
      equation: "relu(z) = max(z, 0)", derivative: "relu' = 0 below 0, 1 above; 1 at 0",
      slope: { $0 >= 0 ? 1 : $0.isNaN ? .nan : 0 }, .elementwise { $0 < 0 ? 0 : $0 }),
    Builtin(
      "softplus", theme: .mathematics, "softplus(z)", "a smooth relu", example: "softplus(0)", "0.69315",
      equation: "softplus(z) = log(1 + e^z)", derivative: "softplus' = σ", slope: sigmoid,
      .elementwise { $0 > 30 ? $0 + Glibc.exp(-$0) : Glibc.log1p(Glibc.exp($0)) }),
    Builtin(
      "softmax", theme: .mathematics, "softmax(z)", "positive, with sum 1; of a matrix in every row",
      example: "softmax([1, 1, 1, 1])", "[0.25, 0.25, 0.25, 0.25]", equation: "softmax(z) = e^z / sum(e^z)",
      .general(softmax)),
  ]

  @Sendable static func sigmoid(_ z: Double) -> Double {
    // Both forms are exact to rounding on their side: e^(-z) of a large negative z would overflow.
    if z >= 0 { return 1 / (1 + Glibc.exp(-z)) }
    let power = Glibc.exp(z)
    return power / (1 + power)
  }

  @Sendable static func sign(_ x: Double) -> Double { x > 0 ? 1 : x < 0 ? -1 : x.isNaN ? .nan : 0 }

  /// An elementwise function of two values; shapes as for `+`.
  static func pairwise(_ call: inout Call, _ body: (Double, Double) -> Double) throws -> Value {
    let (a, b) = (call.values[0], call.values[1])
    for position in 0...1 where !call.values[position].isNumeric {
      throw call.wrong(position, needs: "numbers and tensors")
    }
    return try call.placed { try Arithmetic.elementwise(a, b, .adding, body) }
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
