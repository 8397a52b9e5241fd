import Algebra

/// Random numbers that depend on a seed and a stream alone (SplitMix64, Steele, Lea and Flood 2014): the same seed
/// gives the same bits, whatever is drawn from other streams in between.
public struct RandomStream {
  private var state: UInt64
  private var spareNormal: Double?

  public init(seed: UInt64, stream: UInt64 = 0) {
    state = RandomStream.mix(seed &+ 0x9E37_79B9_7F4A_7C15) ^ RandomStream.mix(stream &* 0xD1B5_4A32_D192_ED03 &+ 1)
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  public mutating func next() -> UInt64 {
    state = state &+ 0x9E37_79B9_7F4A_7C15
    return RandomStream.mix(state)
  }

  /// Uniform in [0, 1), with 53 bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  public mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }

  /// Normal with mean 0 and deviation 1 (Box and Muller 1958).
  public mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    let (sine, cosine) = Angles.sineAndCosine(2 * .pi * uniform())
    let radius = (-2 * Angles.log(1 - uniform())).squareRoot()
    spareNormal = radius * sine
    return radius * cosine
  }
}
