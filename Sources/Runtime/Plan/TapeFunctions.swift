import Algebra
import Kernels

/// Which instruction of the tape carries out a function of the operator table. A function without a row here is
/// applied number by number.
enum TapeFunctions {
  static let unary: [String: TapeOperation] = [
    "σ": .sigmoid, "tanh": .tanh, "relu": .relu, "exp": .exp, "log": .log, "sqrt": .squareRoot, "abs": .absolute,
    "sign": .sign, "step": .step,
  ]

  static let binary: [String: TapeOperation] = ["max": .maximum, "min": .minimum]
}
