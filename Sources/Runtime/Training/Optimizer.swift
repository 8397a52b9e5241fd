import Algebra

/// How parameters θ follow from gradients g, with learning rate η.
///
/// | method | source | update |
/// |---|---|---|
/// | sgd | Robbins and Monro 1951 | θ ← θ − η g |
/// | … with momentum μ | Polyak 1964, as Sutskever et al. 2013 write it | v ← μ v + g; θ ← θ − η v |
/// | … Nesterov's | Nesterov 1983, as Sutskever et al. 2013 | v ← μ v + g; θ ← θ − η (g + μ v) |
/// | rmsprop | Tieleman and Hinton 2012, lecture 6e | s ← ρ s + (1 − ρ) g²; θ ← θ − η g / (√s + ε) |
/// | adam | Kingma and Ba 2015, algorithm 1 | m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²; θ ← θ − η (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε) |
/// | adamw | Loshchilov and Hutter 2019, algorithm 2 | θ ← θ − η λ θ, then as adam |
///
/// A weight decay λ of any other method than adamw is added to the gradient: g ← g + λ θ.
public struct Optimizer: Sendable, Equatable {
  public enum Method: String, Sendable, CaseIterable {
    case sgd, rmsprop, adam, adamw
  }

  public var method: Method
  /// η.
  public var rate: Double
  /// μ, of sgd and rmsprop.
  public var momentum = 0.0
  public var isNesterov = false
  /// ρ, of rmsprop.
  public var decay = 0.99
  public var beta1 = 0.9
  public var beta2 = 0.999
  public var epsilon = 1e-8
  /// λ.
  public var weightDecay = 0.0

  public init(_ method: Method, rate: Double? = nil) {
    self.method = method
    self.rate = rate ?? (method == .sgd || method == .rmsprop ? 0.01 : 0.001)
    if method == .adamw { weightDecay = 0.01 }
  }

  /// What an optimizer remembers of earlier steps, for each parameter.
  public struct Memory: Sendable {
    /// Steps made.
    public var steps = 0
    /// v of momentum, m of adam.
    public var first: [SymbolID: [Double]] = [:]
    /// s of rmsprop, v of adam.
    public var second: [SymbolID: [Double]] = [:]

    public init() {}
  }

  /// One step of every parameter. Sums are Float64; the parameters are rounded to their type.
  ///
  /// - Parameter factor: what the schedule multiplies the learning rate by.
  func step(
    _ parameters: inout [SymbolID: [Double]], _ gradients: [SymbolID: [Double]], factor: Double, _ memory: inout Memory,
    type: NumberType = .float64
  ) {
    memory.steps += 1
    for (symbol, gradient) in gradients {
      guard var values = parameters.removeValue(forKey: symbol) else { continue }
      if values.count == gradient.count {
        var first = memory.first.removeValue(forKey: symbol) ?? []
        var second = memory.second.removeValue(forKey: symbol) ?? []
        step(&values, gradient, rate: rate * factor, time: memory.steps, &first, &second)
        if type == .float32 { Optimizer.round(&values) }
        if !first.isEmpty { memory.first[symbol] = first }
        if !second.isEmpty { memory.second[symbol] = second }
      }
      parameters[symbol] = values
    }
  }

  private static func round(_ values: inout [Double]) {
    values.withUnsafeMutableBufferPointer { values in
      for index in values.indices { values[index] = Double(Float(values[index])) }
    }
  }

  /// The numbers of one parameter, all arrays as long.
  private typealias Numbers = UnsafeMutableBufferPointer<Double>

  private func step(
    _ values: inout [Double], _ gradient: [Double], rate: Double, time: Int, _ first: inout [Double],
    _ second: inout [Double]
  ) {
    let keepsFirst = method == .adam || method == .adamw || momentum != 0
    if keepsFirst, first.count != values.count { first = [Double](repeating: 0, count: values.count) }
    if method != .sgd, second.count != values.count { second = [Double](repeating: 0, count: values.count) }
    var g = gradient
    // Every parameter passes here at every step: plain loops over plain memory.
    values.withUnsafeMutableBufferPointer { values in
      g.withUnsafeMutableBufferPointer { g in
        first.withUnsafeMutableBufferPointer { first in
          second.withUnsafeMutableBufferPointer { second in
            if weightDecay != 0, method != .adamw {
              for index in g.indices { g[index] += weightDecay * values[index] }
            }
            switch method {
            case .sgd: descend(values, g, rate: rate, first)
            case .rmsprop:
              for index in g.indices {
                second[index] = decay * second[index] + (1 - decay) * g[index] * g[index]
                g[index] /= second[index].squareRoot() + epsilon
              }
              descend(values, g, rate: rate, first)
            case .adam, .adamw:
              if method == .adamw {
                for index in values.indices { values[index] -= rate * weightDecay * values[index] }
              }
              adam(values, g, rate: rate, time: time, first, second)
            }
          }
        }
      }
    }
  }

  /// θ ← θ − η g, with momentum if there is any.
  private func descend(_ values: Numbers, _ g: Numbers, rate: Double, _ first: Numbers) {
    if momentum != 0 {
      for index in g.indices {
        first[index] = momentum * first[index] + g[index]
        g[index] = isNesterov && method == .sgd ? g[index] + momentum * first[index] : first[index]
      }
    }
    for index in g.indices { values[index] -= rate * g[index] }
  }

  private func adam(_ values: Numbers, _ g: Numbers, rate: Double, time: Int, _ first: Numbers, _ second: Numbers) {
    let correction1 = 1 - Power.of(beta1, Double(time))
    let correction2 = 1 - Power.of(beta2, Double(time))
    for index in g.indices {
      first[index] = beta1 * first[index] + (1 - beta1) * g[index]
      second[index] = beta2 * second[index] + (1 - beta2) * g[index] * g[index]
      values[index] -= rate * (first[index] / correction1) / ((second[index] / correction2).squareRoot() + epsilon)
    }
  }
}

/// Gradients whose norm, over all parameters together, is at most a bound: longer ones keep their direction (Pascanu,
/// Mikolov and Bengio 2013).
enum GradientClipping {
  static func norm(_ gradients: [SymbolID: [Double]]) -> Double {
    // In the order of the symbols: the same sum, to the last bit, every time.
    let squares = gradients.sorted { $0.key < $1.key }.reduce(0) { total, entry in
      total + entry.value.reduce(0) { $0 + $1 * $1 }
    }
    return squares.squareRoot()
  }

  static func clip(_ gradients: inout [SymbolID: [Double]], norm: Double, to bound: Double) {
    guard norm > bound else { return }
    let factor = bound / norm
    for symbol in gradients.keys { gradients[symbol] = gradients[symbol]?.map { $0 * factor } }
  }
}
