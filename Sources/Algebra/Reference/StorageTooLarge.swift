/// A recurrence with its widths and batch needs more numbers than `bound`.
public struct StorageTooLarge: Error, Sendable {
  public var numbers: Double

  public init(numbers: Double) { self.numbers = numbers }

  public static let bound = 48_000_000
}
