import Kernels
import XCTest

/// Numbers between guard values: a kernel that writes beside its buffer is found out.
final class Guarded<Scalar: KernelScalar> {
  private let whole: UnsafeMutablePointer<Scalar>
  private let margin: Int
  let count: Int
  static var guardValue: Scalar { 12345.5 }

  /// - Parameter aligned: begins with a line of the cache.
  init(_ count: Int, aligned: Bool = false, _ value: (Int) -> Scalar) {
    self.count = count
    margin = aligned ? 128 / MemoryLayout<Scalar>.stride : 40
    whole = UnsafeMutableRawPointer.allocate(
      byteCount: (count + 2 * margin) * MemoryLayout<Scalar>.stride, alignment: 64
    ).bindMemory(to: Scalar.self, capacity: count + 2 * margin)
    whole.initialize(repeating: Self.guardValue, count: count + 2 * margin)
    for index in 0..<count { whole[margin + index] = value(index) }
  }

  deinit { whole.deallocate() }

  var pointer: UnsafeMutablePointer<Scalar> { whole + margin }
  subscript(_ index: Int) -> Scalar { whole[margin + index] }

  var isIntact: Bool {
    (0..<margin).allSatisfy {
      whole[$0] == Self.guardValue && whole[margin + count + $0] == Self.guardValue
    }
  }
}

/// Reproducible numbers.
struct Numbers {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }

  /// Between -1 and 1.
  mutating func real<Scalar: KernelScalar>() -> Scalar { Scalar(Double(next()) / Double(1 << 30) - 1) }
  mutating func whole(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.count))
  }
}
