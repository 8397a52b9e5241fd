/// Names that other languages have for what is here, with what to write; x stands for the argument.
enum ForeignNames {
  static let table: [String: String] = [
    "len": "length(x)", "size": "shape(x) or length(x)", "numel": "length(x)", "ndim": "length(shape(x))",
    "std": "deviation(x)", "var": "variance(x)", "average": "mean(x)", "avg": "mean(x)", "ln": "log(x)",
    "dot": "u · v", "matmul": "A · B", "mul": "a * b", "outer": "u · vᵀ", "pow": "x^p or power(x, p)",
    "arange": "1..n", "range": "1..n", "append": "[xs, x], or of lists concat(xs, (x,))", "push": "[xs, x]",
    "concatenate": "[u, v], or concat(A, B, over: 1)", "hstack": "[A, B]", "vstack": "[A; B]", "cat": "[u, v]",
    "array": "[1, 2, 3]", "tensor": "[1, 2, 3]", "identity": "eye(n)", "I": "eye(n)", "inv": "inverse(A)",
    "rand": "uniform()", "random": "uniform()", "randn": "normal()", "randint": "floor(uniform(1, n + 1))",
    "shuffle": "permutation(x)", "seed": "set seed 7", "println": "print(x)", "printf": "print(\"{x}\")",
    "echo": "print(x)", "disp": "print(x)", "display": "show(x)", "str": "text(x)", "string": "text(x)",
    "repr": "text(x)", "format": "\"{x}\"", "int": "floor(x), round(x) or number(text)", "float": "number(text)",
    "None": "nothing", "null": "nothing", "nil": "nothing", "undefined": "nothing", "True": "true",
    "False": "false", "TRUE": "true", "FALSE": "false", "Inf": "∞ (inf)", "infinity": "∞ (inf)", "nan": "NaN",
    "diff": "D(y, x) or ∂y/∂x", "grad": "∂y/∂x", "gradient": "∂y/∂x", "backprop": "backward(Cell)",
    "logistic": "σ(x) or sigmoid(x)", "relu6": "min(relu(x), 6)",
    "np": "functions stand by themselves: mean(x)", "numpy": "functions stand by themselves: mean(x)",
    "torch": "functions stand by themselves: mean(x)", "math": "functions stand by themselves: sqrt(x)",
    "lambda": "fn name(x) = …", "def": "fn name(x) = …", "let": "name = …", "quit": ":quit or Ctrl-D",
    "exit": ":quit or Ctrl-D", "open": "read(\"file\")", "load_csv": "read(\"file.csv\")", "typeof": "type(x)",
    "zip": "for i in 1..length(x) { … }", "enumerate": "for i in 1..length(x) { … }",
    "toUpperCase": "upper(x)", "strip": "trim(x)", "T": "xᵀ or x'",
  ]

  static func hint(for name: String) -> String? { table[name].map { "here it is \($0)" } }
}

extension String {
  /// The hint with what was written in place of x.
  func replacingX(with written: String) -> String {
    var result = ""
    let scalars = Array(self)
    for (position, character) in scalars.enumerated() {
      let before = position > 0 ? scalars[position - 1] : " "
      let after = position + 1 < scalars.count ? scalars[position + 1] : " "
      let isAlone = !before.isLetter && !after.isLetter && !before.isNumber && !after.isNumber
      result += character == "x" && isAlone ? written : String(character)
    }
    return result
  }
}
