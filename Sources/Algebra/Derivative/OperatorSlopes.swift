/// Writes the nodes that derivative rules speak of.
struct SlopeBuilder {
  let store: Store

  func number(_ value: Int) -> NodeID { store.insert(.number(Decimal(value))) }
  func decimal(_ numeral: String) -> NodeID { store.insert(.number(Decimal(numeral: numeral) ?? Decimal(0))) }
  func sum(_ terms: (Bool, NodeID)...) -> NodeID {
    store.insert(.sum(terms.map { Term($0.1, isNegative: !$0.0) }))
  }
  func product(_ factors: NodeID...) -> NodeID { store.insert(.product(factors)) }
  func quotient(_ a: NodeID, _ b: NodeID) -> NodeID { store.insert(.quotient(a, b)) }
  func square(_ a: NodeID) -> NodeID { store.insert(.power(a, number(2))) }
  /// `1 - a`.
  func complement(_ a: NodeID) -> NodeID { sum((true, number(1)), (false, a)) }
  func apply(_ name: String, _ arguments: NodeID...) -> NodeID {
    guard let operation = OperatorTable.find(name, arity: arguments.count) else { return number(0) }
    return store.insert(.apply(operation, arguments))
  }
}

/// The derivatives of the operators, in the result y and the argument a: the formal side of `Operator.derivative`.
enum OperatorSlopes {
  /// For an elementwise function of one argument: the factors that scale da.
  static let unary: [String: @Sendable (SlopeBuilder, _ y: NodeID, _ a: NodeID) -> [NodeID]] = [
    "σ": { b, y, _ in [y, b.complement(y)] },
    "tanh": { b, y, _ in [b.complement(b.square(y))] },
    "relu": { b, _, a in [b.apply("step", a)] },
    "exp": { _, y, _ in [y] },
    "log": { b, _, a in [b.quotient(b.number(1), a)] },
    "sqrt": { b, y, _ in [b.quotient(b.number(1), b.product(b.number(2), y))] },
    "abs": { b, _, a in [b.apply("sign", a)] },
    "sin": { b, _, a in [b.apply("cos", a)] },
    "cos": { b, _, a in [b.sum((false, b.apply("sin", a)))] },
    "atan": { b, _, a in [b.quotient(b.number(1), b.sum((true, b.number(1)), (true, b.square(a))))] },
    "softplus": { b, _, a in [b.apply("σ", a)] },
    "hardsigmoid": { b, _, a in
      [b.decimal("0.2"), b.apply("step", b.sum((true, b.decimal("2.5")), (false, b.apply("abs", a))))]
    },
    "softsign": { b, _, a in
      [b.quotient(b.number(1), b.square(b.sum((true, b.number(1)), (true, b.apply("abs", a)))))]
    },
    "elu": { b, _, a in [b.apply("exp", b.apply("min", a, b.number(0)))] },
    "silu": { b, y, a in
      let gate = b.apply("σ", a)
      return [b.sum((true, gate), (true, b.product(y, b.complement(gate))))]
    },
    "gelu": { b, _, a in
      let half = b.quotient(
        b.sum((true, b.number(1)), (true, b.apply("erf", b.quotient(a, b.apply("sqrt", b.number(2)))))), b.number(2))
      let density = b.quotient(
        b.apply("exp", b.quotient(b.sum((false, b.square(a))), b.number(2))),
        b.apply("sqrt", b.product(b.number(2), b.store.insert(.constant(.pi)))))
      return [b.sum((true, half), (true, b.product(a, density)))]
    },
    "erf": { b, _, a in
      [
        b.quotient(
          b.product(b.number(2), b.apply("exp", b.sum((false, b.square(a))))),
          b.apply("sqrt", b.store.insert(.constant(.pi))))
      ]
    },
    "sign": { b, _, _ in [b.number(0)] },
    "step": { b, _, _ in [b.number(0)] },
  ]

  static func tangent(
    _ row: Operator, y: NodeID, arguments: [NodeID], tangents: [Linear], isOfMatrix: Bool = false, _ build: SlopeBuilder
  ) throws(DerivativeFailure) -> Linear {
    guard let a = arguments.first, let da = tangents.first else { return .zero }
    switch (row.name, row.arity, row.shape) {
    case ("sign", _, _), ("step", _, _): return .zero
    case (_, 1, .elementwise):
      guard let factors = unary[row.name]?(build, y, a) else { throw DerivativeFailure.noDerivative(row.name) }
      return da.scaled(before: factors)
    case ("max", 2, _), ("min", 2, _):
      // [a ≥ b] * da + [a < b] * db
      let difference =
        row.name == "max"
        ? build.sum((true, arguments[1]), (false, a)) : build.sum((true, a), (false, arguments[1]))
      let other = build.apply("step", difference)
      return da.scaled(before: [build.complement(other)]) + tangents[1].scaled(before: [other])
    case ("sum", 1, _), ("mean", 1, _), ("rowsum", 1, _):
      guard let operation = OperatorTable.find(row.name, arity: 1) else { return .zero }
      return Linear(.reduced(operation, da))
    case ("softmax", _, _):
      // p * (da − pᵀ · da)
      let inner = da + Linear(.left(build.store.insert(.transpose(y)), da)).negated
      return Linear(.group(inner)).scaled(before: [y])
    case ("logsoftmax", _, _):
      // da − pᵀ · da, p = e^y
      return da + Linear(.left(build.store.insert(.transpose(build.apply("exp", y))), da)).negated
    case ("LN", _, _):
      // (da − mean(da) − y * mean(y * da)) / √(variance + 1e-5)
      guard let mean = OperatorTable.find("mean", arity: 1) else { return .zero }
      let centred = build.sum((true, a), (false, build.apply("mean", a)))
      let deviation = build.apply(
        "sqrt", build.sum((true, build.apply("mean", build.square(centred))), (true, build.decimal("1e-5"))))
      let projected = Linear(.left(y, Linear(.reduced(mean, da.scaled(before: [y])))))
      let inner = da + Linear(.reduced(mean, da)).negated + projected.negated
      return Linear(.group(inner)).divided(by: deviation)
    case ("max", 1, _), ("min", 1, _):
      let largest = build.apply(row.name == "max" ? "largest" : "smallest", a)
      if isOfMatrix, let sum = OperatorTable.find("sum", arity: 1) {
        return Linear(.reduced(sum, da.scaled(before: [largest])))
      }
      return Linear(.left(build.store.insert(.transpose(largest)), da))
    default: throw DerivativeFailure.noDerivative(row.name)
    }
  }
}
