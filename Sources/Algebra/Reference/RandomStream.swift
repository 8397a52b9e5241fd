import Glibc

/// Random numbers from a seed and a counter: the same seed gives the same numbers, on every machine.
///
/// The bits are SplitMix64's (Steele, Lea, Flood 2014): a counter in steps of the golden ratio, mixed.
/// So the n-th number is known without the ones before it, and streams of different seeds start far apart.
public struct RandomStream: Sendable {
  public let seed: UInt64
  private let key: UInt64
  private var counter: UInt64 = 0

  public init(seed: UInt64) {
    self.seed = seed
    key = Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15)
  }

  /// A stream of its own for each of several things that a seed fills: what one draws moves no other.
  public init(seed: UInt64, stream: UInt64) {
    self.seed = seed
    key = Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15) ^ Self.mix(stream &* 0xD1B5_4A32_D192_ED03 &+ 1)
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  public mutating func bits() -> UInt64 {
    counter &+= 1
    return Self.mix(key &+ counter &* 0x9E37_79B9_7F4A_7C15)
  }

  /// In [0, 1), of 53 bits.
  public mutating func uniform() -> Double { Double(bits() >> 11) * 0x1p-53 }

  /// In [low, high).
  public mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }

  /// A whole number in 0..<bound, each equally likely (Lemire 2019).
  public mutating func below(_ bound: UInt64) -> UInt64 {
    guard bound > 0 else { return 0 }
    while true {
      let (high, low) = bits().multipliedFullWidth(by: bound)
      if low >= (0 &- bound) % bound { return high }
    }
  }

  /// Of the standard normal distribution, by Box and Muller.
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  /// 0..<count in random order (Fisher and Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, Int(below(UInt64(last) + 1))) }
    return order
  }
}
