import Glibc

/// Every function that a cell may apply. A new activation is one row.
public enum OperatorTable {
  public static subscript(_ id: Operator.ID) -> Operator { rows[Int(id.index)] }

  /// The row with this spelling and number of arguments (`max` of one vector, or of two).
  public static func find(_ spelling: String, arity: Int) -> Operator.ID? {
    byName[spelling]?.first { rows[Int($0.index)].arity == arity }
  }

  /// All rows with this spelling.
  public static func all(named spelling: String) -> [Operator.ID] { byName[spelling] ?? [] }

  private static let byName: [String: [Operator.ID]] = {
    var table: [String: [Operator.ID]] = [:]
    for (index, row) in rows.enumerated() {
      for name in [row.name] + row.spellings {
        table[name, default: []].append(Operator.ID(index: UInt16(truncatingIfNeeded: index)))
      }
    }
    return table
  }()

  public static let rows: [Operator] = [
    row(
      "σ", ["sigmoid"], "\\sigma", .unary(Operator.logistic), "σ(z) = 1 / (1 + e^(-z))",
      "σ(z) * (1 - σ(z))", .growing(.open(0, 1)), "the logistic function: how much to let through",
      "σ([-2, 0, 2])", "[0.1192, 0.5, 0.8808]"),
    row(
      "tanh", [], "\\tanh", .unary { tanh($0) }, "tanh(z) = (e^z - e^(-z)) / (e^z + e^(-z))",
      "1 - tanh(z)^2", .growing(.open(-1, 1)), "the hyperbolic tangent: a bounded value with a sign",
      "tanh(1)", "0.76159"),
    row(
      "relu", [], "\\operatorname{relu}", .unary { $0 > 0 ? $0 : $0.isNaN ? $0 : 0 }, "relu(z) = max(z, 0)",
      "1 where z > 0, else 0", .steps(Interval(0, .infinity)), "the positive part",
      "relu([-1, 2])", "[0, 2]"),
    row(
      "exp", [], "\\exp", .unary { exp($0) }, "exp(z) = e^z", "exp(z)", .growing(.open(0, .infinity)),
      "the exponential function",
      "exp(1)", "2.7183"),
    row(
      "log", ["ln"], "\\log", .unary { log($0) }, "log(e^z) = z", "1 / z", .growing(.everything),
      "the natural logarithm",
      "log(e^2)", "2"),
    row(
      "sqrt", ["√"], "\\sqrt", .unary { $0.squareRoot() }, "sqrt(z)^2 = z", "1 / (2 * sqrt(z))",
      .growing(Interval(0, .infinity)),
      "the square root",
      "sqrt([4, 9])", "[2, 3]"),
    row(
      "abs", [], "\\operatorname{abs}", .unary { Swift.abs($0) }, "abs(z) = max(z, -z)", "sign(z)",
      .valley(at: 0, lowest: 0, left: .infinity),
      "the absolute value",
      "abs([-2, 3])", "[2, 3]"),
    row(
      "sign", [], "\\operatorname{sign}", .unary { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 },
      "sign(z) = 1 where z > 0, -1 where z < 0", "0", .steps(Interval(-1, 1)), "the sign",
      "sign([-2, 0, 3])", "[-1, 0, 1]"),
    row(
      "step", [], "\\operatorname{step}", .unary { $0 > 0 ? 1 : $0.isNaN ? $0 : 0 },
      "step(z) = 1 where z > 0, else 0", "0", .steps(Interval(0, 1)), "whether a number is positive",
      "step([-1, 0, 2])", "[0, 0, 1]"),
    row(
      "erf", [], "\\operatorname{erf}", .unary { erf($0) },
      "erf(z) = 2 / sqrt(π) * (integral of exp(-s^2) from 0 to z)",
      "2 * exp(-z^2) / sqrt(π)", .growing(.open(-1, 1)), "the error function",
      "erf(1)", "0.8427"),
    row(
      "sin", [], "\\sin", .unary { sin($0) }, "sin(z)", "cos(z)", .within(Interval(-1, 1)),
      "the sine of an angle in radians",
      "sin(π / 2)", "1"),
    row(
      "cos", [], "\\cos", .unary { cos($0) }, "cos(z)", "-sin(z)", .within(Interval(-1, 1)),
      "the cosine of an angle in radians",
      "cos([0, π])", "[1, -1]"),
    row(
      "atan", ["arctan"], "\\arctan", .unary { atan($0) }, "tan(atan(z)) = z", "1 / (1 + z^2)",
      .growing(.open(-.pi / 2, .pi / 2)),
      "the arc tangent",
      "4 * atan(1)", "3.1416"),
    row(
      "softplus", [], "\\operatorname{softplus}", .unary(Operator.softplus), "softplus(z) = log(1 + e^z)", "σ(z)",
      .growing(.open(0, .infinity)), "a smooth relu",
      "softplus(0)", "0.69315"),
    row(
      "hardsigmoid", [], "\\operatorname{hardsigmoid}", .unary { min(max(0.2 * $0 + 0.5, 0), 1) },
      "hardsigmoid(z) = min(max(0.2 * z + 0.5, 0), 1)", "0.2 where -2.5 < z < 2.5, else 0", .steps(Interval(0, 1)),
      "a σ of three straight pieces",
      "hardsigmoid([-5, 0, 5])", "[0, 0.5, 1]"),
    row(
      "softsign", [], "\\operatorname{softsign}", .unary { $0 / (1 + Swift.abs($0)) },
      "softsign(z) = z / (1 + abs(z))", "1 / (1 + abs(z))^2", .growing(.open(-1, 1)), "a tanh with heavy tails",
      "softsign(3)", "0.75"),
    row(
      "elu", [], "\\operatorname{elu}", .unary { $0 > 0 ? $0 : expm1($0) },
      "elu(z) = z where z > 0, else e^z - 1", "1 where z > 0, else e^z", .growing(.open(-1, .infinity)),
      "a relu with a smooth tail",
      "elu(-1)", "-0.63212"),
    row(
      "silu", [], "\\operatorname{silu}", .unary { $0 * Operator.logistic($0) }, "silu(z) = z * σ(z)",
      "σ(z) + z * σ(z) * (1 - σ(z))",
      .valley(at: -1.2784645427610738, lowest: -0.27846454276107385, left: 0), "a relu gated by σ",
      "silu(1)", "0.73106"),
    row(
      "gelu", [], "\\operatorname{gelu}", .unary { 0.5 * $0 * (1 + erf($0 * 0.5.squareRoot())) },
      "gelu(z) = z * (1 + erf(z / sqrt(2))) / 2", "(1 + erf(z / sqrt(2))) / 2 + z * exp(-z^2 / 2) / sqrt(2 * π)",
      .valley(at: -0.7517915246935645, lowest: -0.16997120747990376, left: 0),
      "a relu gated by the normal distribution",
      "gelu(1)", "0.84134"),
    Operator(
      name: "max", spellings: [], latex: "\\max", arity: 2, shape: .elementwise,
      meaning: .binary { $0.isNaN || $1.isNaN ? .nan : $0 >= $1 ? $0 : $1 }, equation: "max(a, b)",
      derivative: "∂a where a ≥ b, else ∂b", bounds: .ofArguments(isLargest: true),
      purpose: "the larger of two, elementwise"),
    Operator(
      name: "min", spellings: [], latex: "\\min", arity: 2, shape: .elementwise,
      meaning: .binary { $0.isNaN || $1.isNaN ? .nan : $0 <= $1 ? $0 : $1 }, equation: "min(a, b)",
      derivative: "∂a where a ≤ b, else ∂b", bounds: .ofArguments(isLargest: false),
      purpose: "the smaller of two, elementwise"),
    Operator(
      name: "softmax", spellings: [], latex: "\\operatorname{softmax}", arity: 1, shape: .vector,
      meaning: .whole(Operator.softmax), equation: "softmax(z) = exp(z) / sum(exp(z))",
      derivative: "p * (∂z - p · ∂z) with p = softmax(z)", bounds: .probabilities,
      purpose: "a vector as probabilities"),
    Operator(
      name: "logsoftmax", spellings: [], latex: "\\operatorname{logsoftmax}", arity: 1, shape: .vector,
      meaning: .whole(Operator.logSoftmax), equation: "logsoftmax(z) = z - log(sum(exp(z)))",
      derivative: "∂z - p · ∂z with p = softmax(z)", bounds: .within(Interval(-.infinity, 0)),
      purpose: "the logarithms of softmax(z), safe whatever the size of z"),
    Operator(
      name: "LN", spellings: ["layernorm"], latex: "\\operatorname{LN}", arity: 1, shape: .vector,
      meaning: .whole(Operator.layerNormalise), equation: "LN(z) = (z - mean(z)) / sqrt(variance(z) + 1e-5)",
      derivative: "(∂z - mean(∂z) - y * mean(y * ∂z)) / sqrt(variance(z) + 1e-5) with y = LN(z)",
      bounds: .normalised, purpose: "layer normalisation, without gain or bias"),
    Operator(
      name: "largest", spellings: [], latex: "\\operatorname{largest}", arity: 1, shape: .elementwise,
      meaning: .whole { Operator.markFirst($0, $1, by: >) },
      equation: "largest(z) = 1 at the first largest entry, else 0",
      derivative: "0", bounds: .within(Interval(0, 1)), purpose: "marks the largest entry"),
    Operator(
      name: "smallest", spellings: [], latex: "\\operatorname{smallest}", arity: 1, shape: .elementwise,
      meaning: .whole { Operator.markFirst($0, $1, by: <) },
      equation: "smallest(z) = 1 at the first smallest entry, else 0", derivative: "0", bounds: .within(Interval(0, 1)),
      purpose: "marks the smallest entry"),
    Operator(
      name: "rowsum", spellings: [], latex: "\\operatorname{rowsum}", arity: 1, shape: .rows,
      meaning: .whole(Operator.sumRows), equation: "rowsum(M)[i] = M[i, 1] + M[i, 2] + ...",
      derivative: "rowsum(∂M)", bounds: .within(.everything), purpose: "the sum of each row of a matrix"),
    reduction("sum", "\\operatorname{sum}", "sum(z) = z_1 + z_2 + ...", "sum(∂z)", .sum, "the sum of the entries") {
      $0.reduce(0, +)
    },
    reduction("mean", "\\operatorname{mean}", "mean(z) = sum(z) / n", "mean(∂z)", .mean, "the mean of the entries") {
      $0.isEmpty ? .nan : $0.reduce(0, +) / Double($0.count)
    },
    reduction(
      "max", "\\max", "max(z): the largest entry", "∂ of the largest entry", .ofArguments(isLargest: true),
      "the largest entry"
    ) {
      $0.reduce(-.infinity) { $0.isNaN || $1.isNaN ? .nan : Swift.max($0, $1) }
    },
    reduction(
      "min", "\\min", "min(z): the smallest entry", "∂ of the smallest entry", .ofArguments(isLargest: false),
      "the smallest entry"
    ) {
      $0.reduce(.infinity) { $0.isNaN || $1.isNaN ? .nan : Swift.min($0, $1) }
    },
  ]

  private static func row(
    _ name: String, _ spellings: [String], _ latex: String, _ meaning: Operator.Meaning, _ equation: String,
    _ derivative: String, _ bounds: RangeRule, _ purpose: String, _ example: String, _ result: String
  ) -> Operator {
    Operator(
      name: name, spellings: spellings, latex: latex, arity: 1, shape: .elementwise, meaning: meaning,
      equation: equation, derivative: derivative, bounds: bounds, purpose: purpose, example: example, result: result)
  }

  private static func reduction(
    _ name: String, _ latex: String, _ equation: String, _ derivative: String, _ bounds: RangeRule, _ purpose: String,
    _ body: @escaping @Sendable (UnsafeBufferPointer<Double>) -> Double
  ) -> Operator {
    Operator(
      name: name, spellings: [], latex: latex, arity: 1, shape: .reduction,
      meaning: .whole { input, output in if !output.isEmpty { output[0] = body(input) } }, equation: equation,
      derivative: derivative, bounds: bounds, purpose: purpose)
  }
}
