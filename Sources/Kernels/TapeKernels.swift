extension TapePass {
  /// As `perform`, which is long, without a copy of it in the caller.
  @inline(never)
  func run<V: Lanes>(
    _ instruction: UnsafePointer<TapeInstruction>, functions: UnsafeBufferPointer<@Sendable (Double) -> Double>,
    _: V.Type
  ) where V.Scalar == Scalar {
    perform(instruction, functions: functions, V.self)
  }

  /// What each operation computes, by vectors. NaN and ties as in the algebra's table of operators. Inlined where a call
  /// for every instruction would take longer than what it does.
  @inline(__always)
  func perform<V: Lanes>(
    _ instruction: UnsafePointer<TapeInstruction>, functions: UnsafeBufferPointer<@Sendable (Double) -> Double>,
    _: V.Type
  ) where V.Scalar == Scalar {
    let one = V(1)
    switch instruction.pointee.operation {
    case .copy: unary(V.self) { $0 }
    case .affine:
      let factor = V(Scalar(instruction.pointee.factor))
      let offset = V(Scalar(instruction.pointee.offset))
      unary(V.self) { $0.multiplied(by: factor, plus: offset) }
    case .add: binary(V.self) { $0 + $1 }
    case .subtract: binary(V.self) { $0 - $1 }
    case .multiply: binary(V.self) { $0 * $1 }
    case .divide: binary(V.self) { $0 / $1 }
    case .multiplyAdd: ternary(V.self) { $0.multiplied(by: $1, plus: $2) }
    case .sumOfProducts: quaternary(V.self) { $0.multiplied(by: $1, plus: $2 * $3) }
    case .multiplySubtract: ternary(V.self) { $0.multiplied(by: $1, plus: -$2) }
    case .negativeMultiplyAdd: ternary(V.self) { $0.multiplied(by: $1, from: $2) }
    case .maximum: binary(V.self) { V.whereNaN($0, then: $0, else: V.whereGreaterOrEqual($0, $1, then: $0, else: $1)) }
    case .minimum: binary(V.self) { V.whereNaN($0, then: $0, else: V.whereGreaterOrEqual($1, $0, then: $0, else: $1)) }
    case .greaterOrEqual: binary(V.self) { V.whereGreaterOrEqual($0, $1, then: one, else: .zero) }
    case .sigmoid: apply(Sigmoid<V>.self)
    case .tanh: apply(HyperbolicTangent<V>.self)
    case .relu: unary(V.self) { V.zero.larger($0) }
    case .exp: apply(Exponential<V>.self)
    case .log: apply(Logarithm<V>.self)
    case .squareRoot: unary(V.self) { $0.squareRoot() }
    case .absolute: unary(V.self) { $0.absolute() }
    case .sign: unary(V.self) { V.whereGreater($0.absolute(), .zero, then: one.withSign(of: $0), else: $0) }
    case .step: unary(V.self) { V.whereNaN($0, then: $0, else: V.whereGreater($0, .zero, then: one, else: .zero)) }
    case .reciprocal: unary(V.self) { one / $0 }
    case .square: unary(V.self) { $0 * $0 }
    case .multiplyTanh: apply(TimesHyperbolicTangent<V>.self)
    case .sigmoidSlope: binary(V.self) { ($0 * $1) * (one - $1) }
    case .tanhSlope: binary(V.self) { $0 * $1.multiplied(by: $1, from: one) }
    case .sigmoidSlopeOfProduct: ternary(V.self) { ($0 * $2 * $1) * (one - $1) }
    case .tanhSlopeOfProduct: ternary(V.self) { ($0 * $2) * $1.multiplied(by: $1, from: one) }
    case .complementTimes: binary(V.self) { (one - $0) * $1 }
    case .blend: ternary(V.self) { $0.multiplied(by: $1, plus: (one - $0) * $2) }
    case .function: scalar(functions[Int(instruction.pointee.function)])
    }
  }
}
