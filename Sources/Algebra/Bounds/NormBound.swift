/// A bound on the norm of a derivative, made of numbers, sizes of what has no bound, and norms of matrices.
///
/// It holds in every operator norm in which a diagonal matrix has the norm of its largest entry (of rows, of columns,
/// the spectral norm): ‖A + B‖ ≤ ‖A‖ + ‖B‖, ‖A · B‖ ≤ ‖A‖·‖B‖, ‖diag(v)‖ = max |vⱼ|.
public indirect enum NormBound: Hashable, Sendable {
  case number(Double)
  /// ‖W_f[h]‖, of a matrix or of a derivative that stands unopened.
  case norm(NodeID)
  /// The largest |c[t-1]|ⱼ.
  case size(NodeID)
  /// The largest 1 / |v|ⱼ.
  case inverse(NodeID)
  case sum([NormBound])
  case product([NormBound])

  /// The number, if there is nothing else in it.
  public var number: Double? { if case .number(let number) = self { number } else { nil } }

  static func adding(_ terms: [NormBound]) -> NormBound {
    var number = 0.0
    var rest: [NormBound] = []
    for term in terms {
      switch term {
      case .number(let value): number = DirectedRounding.sum(number, value, up: true)
      case .sum(let inner): rest += inner
      default: rest.append(term)
      }
    }
    let all = (number == 0 ? [] : [NormBound.number(number)]) + rest
    return all.count == 1 ? all[0] : all.isEmpty ? .number(0) : .sum(all)
  }

  static func multiplying(_ factors: [NormBound]) -> NormBound {
    var number = 1.0
    var rest: [NormBound] = []
    for factor in factors {
      switch factor {
      case .number(let value): number = DirectedRounding.product(number, value, up: true)
      case .product(let inner):
        for part in inner {
          if let value = part.number {
            number = DirectedRounding.product(number, value, up: true)
          } else {
            rest.append(part)
          }
        }
      default: rest.append(factor)
      }
    }
    if number == 0 { return .number(0) }
    let all = (number == 1 ? [] : [NormBound.number(number)]) + rest
    return all.count == 1 ? all[0] : all.isEmpty ? .number(1) : .product(all)
  }

  /// `1 + 0.25·|c[t-1]|·‖W_f[h]‖`.
  func text(_ name: (NodeID) -> String) -> String {
    switch self {
    case .number(let number): return Interval.number(number, up: true)
    case .norm(let node): return "‖\(name(node))‖"
    case .size(let node): return "|\(name(node))|"
    case .inverse(let node): return "1/|\(name(node))|"
    case .sum(let terms): return terms.map { $0.text(name) }.joined(separator: " + ")
    case .product(let factors):
      return factors.map { factor in
        if case .sum = factor { "(\(factor.text(name)))" } else { factor.text(name) }
      }.joined(separator: "·")
    }
  }

  /// The value where sizes and norms are known.
  public func value(_ size: (NormBound) -> Double) -> Double {
    switch self {
    case .number(let number): number
    case .norm, .size, .inverse: size(self)
    case .sum(let terms): terms.reduce(0) { $0 + $1.value(size) }
    case .product(let factors): factors.reduce(1) { $0 * $1.value(size) }
    }
  }
}
