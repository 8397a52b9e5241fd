import Glibc

extension Heatmap {
  /// Which values the colours stand for.
  public struct Scale: Sendable, Equatable {
    public enum Kind: Sendable {
      /// From little to much.
      case sequential
      /// Below and above the middle, which is 0 unless it was asked for otherwise.
      case diverging
    }

    public var low: Double
    public var high: Double
    public var kind: Kind

    public init(low: Double, high: Double, kind: Kind = .sequential) {
      self.low = low
      self.high = high
      self.kind = kind
    }

    /// Of gates.
    public static let unit = Scale(low: 0, high: 1)

    /// A scale with round ends that holds all values: 0 to 1 for what lies there, from 0 on for what is not negative,
    /// else as far below 0 as above.
    public static func fitted(_ rows: [[Double]]) -> Scale {
      var (least, greatest) = (Double.infinity, -Double.infinity)
      for row in rows {
        for value in row where value.magnitude <= AxisScale.largest {
          least = min(least, value)
          greatest = max(greatest, value)
        }
      }
      guard least <= greatest else { return .unit }
      if least >= 0 { return greatest <= 1 ? .unit : Scale(low: 0, high: rounded(greatest)) }
      return .around(max(greatest, -least))
    }

    /// As far below 0 as above, with round ends.
    public static func around(_ greatest: Double) -> Scale {
      let end = greatest > 0 && greatest <= AxisScale.largest ? rounded(greatest) : 1
      return Scale(low: -end, high: end, kind: .diverging)
    }

    /// The next of a few round numbers times a power of ten.
    private static func rounded(_ value: Double) -> Double {
      let exponent = Int(max(log10(value).rounded(.down), -300))
      for tenths in [10, 12, 15, 20, 25, 30, 40, 50, 60, 80] {
        let end = Ticks.Step(mantissa: tenths, exponent: exponent - 1).value(1)
        if end >= value * (1 - 1e-12) { return end }
      }
      return Ticks.Step(mantissa: 1, exponent: exponent + 1).value(1)
    }

    /// Where a value lies between the ends, 0 to 1; what is beyond has the end's colour. Nil for what is no number.
    func level(_ value: Double) -> Double? {
      guard !value.isNaN else { return nil }
      guard high > low else { return 0 }
      return min(max((value - low) / (high - low), 0), 1)
    }

    func terminalColor(_ level: Double) -> Theme.Color {
      kind == .sequential ? Theme.scale(level) : Theme.terminalDivergingScale(level)
    }

    func paint(_ level: Double) -> Paint { kind == .sequential ? .scale(level) : .diverging(level) }
  }
}
