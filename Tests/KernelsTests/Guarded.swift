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

/// Compares a result of rows × columns, its rows `stride` apart, with sums in Float64; what lies beyond the columns is as
/// before. Answers the differences of the finite sums; what is not finite must be the same.
func differences<Scalar: KernelScalar>(
  _ result: Guarded<Scalar>, from before: [Scalar], rows: Int, columns: Int, stride: Int, _ name: String,
  file: StaticString = #filePath, line: UInt = #line, _ sum: (_ row: Int, _ column: Int) -> Double
) -> [Double] {
  var found: [Double] = []
  for row in 0..<rows {
    for column in 0..<stride {
      let index = row * stride + column
      guard column < columns else {
        XCTAssertEqual(result[index], before[index], "\(name): beyond the columns", file: file, line: line)
        continue
      }
      let (expected, own) = (sum(row, column), Double(result[index]))
      if expected.isFinite {
        found.append(expected - own)
      } else {
        let isSame = own == expected || own.isNaN && expected.isNaN
        XCTAssertTrue(isSame, "\(name), row \(row), column \(column): \(own), not \(expected)", file: file, line: line)
      }
    }
  }
  return found
}
