import Glibc
import Kernels
import XCTest

/// The elementary functions beside libm's, which is right to less than one unit in the last place.
final class ActivationTests: XCTestCase {
  /// Runs one operation of one operand over numbers.
  static func run<Scalar: KernelScalar>(_ operation: TapeOperation, _ numbers: [Scalar]) -> [Scalar] {
    let source = Guarded<Scalar>(numbers.count) { numbers[$0] }
    let result = Guarded<Scalar>(numbers.count) { _ in 0 }
    let scratch = Guarded<Scalar>(1) { _ in 0 }
    let operands: [TapeOperand<Scalar>] = [
      .memory(source.pointer, rowStride: 0), .memory(result.pointer, rowStride: 0),
    ]
    [TapeInstruction(operation, result: 1, a: 0)].withUnsafeBufferPointer { tape in
      operands.withUnsafeBufferPointer { operands in
        Scalar.runTape(
          tape, operands, functions: UnsafeBufferPointer(start: nil, count: 0), scratch: scratch.pointer, time: 0,
          row: 0, rows: 1, columns: numbers.count)
      }
    }
    XCTAssertTrue(result.isIntact && source.isIntact)
    return (0..<numbers.count).map { result[$0] }
  }

  /// The largest difference in units in the last place of the right result, and where.
  private func worst<Scalar: KernelScalar>(
    _ operation: TapeOperation, _ numbers: [Scalar], _ right: (Double) -> Double
  ) -> (units: Double, at: Scalar) {
    var worst = (units: 0.0, at: Scalar.zero)
    for (number, result) in zip(numbers, Self.run(operation, numbers)) {
      let value = right(Double(number))
      let rounded = Scalar(value)
      if rounded == result || (rounded.isNaN && result.isNaN) { continue }
      let units = abs(Double(result) - value) / Double(rounded.ulp)
      if !(units <= worst.units) { worst = (units, number) }
    }
    return worst
  }

  private func spread<Scalar: KernelScalar>(_: Scalar.Type, _ from: Double, _ to: Double, _ count: Int) -> [Scalar] {
    (0..<count).map { Scalar(from + (to - from) * Double($0) / Double(count - 1)) }
  }

  /// Every binary exponent, both signs.
  private func powers<Scalar: KernelScalar>(_: Scalar.Type, _ from: Int, _ to: Int) -> [Scalar] {
    var random = Numbers(state: 5)
    return (from...to).flatMap { exponent -> [Scalar] in
      (0..<6).map { _ -> Scalar in
        let fraction: Double = random.real()
        return Scalar((fraction < 0 ? -1 : 1) * (1 + abs(fraction)) * pow(2, Double(exponent)))
      }
    }
  }

  func testActivationsOfFloat32() {
    let numbers =
      spread(Float.self, -110, 110, 30_001) + spread(Float.self, -10, 10, 60_001)
      + powers(Float.self, -149, 127)
    let table: [(TapeOperation, (Double) -> Double, Double)] = [
      (.tanh, { tanh($0) }, 5), (.sigmoid, { Self.logistic($0) }, 4), (.exp, { exp($0) }, 2),
    ]
    for (operation, right, bound) in table {
      let found = worst(operation, numbers, right)
      XCTAssertLessThanOrEqual(found.units, bound, "\(operation) of \(found.at)")
    }
    let logarithm = worst(.log, numbers.map { abs($0) }) { log($0) }
    XCTAssertLessThanOrEqual(logarithm.units, 2, "log of \(logarithm.at)")
  }

  func testActivationsOfFloat64() {
    let numbers =
      spread(Double.self, -760, 760, 20_001) + spread(Double.self, -25, 25, 40_001)
      + powers(Double.self, -1074, 1023)
    let table: [(TapeOperation, (Double) -> Double, Double)] = [
      (.tanh, { tanh($0) }, 4), (.sigmoid, { Self.logistic($0) }, 4), (.exp, { exp($0) }, 2),
    ]
    for (operation, right, bound) in table {
      let found = worst(operation, numbers, right)
      XCTAssertLessThanOrEqual(found.units, bound, "\(operation) of \(found.at)")
    }
    let logarithm = worst(.log, numbers.map { abs($0) }) { log($0) }
    XCTAssertLessThanOrEqual(logarithm.units, 2, "log of \(logarithm.at)")
  }

  func testEnds() {
    checkEnds(Float.self)
    checkEnds(Double.self)
  }

  private func checkEnds<Scalar: KernelScalar>(_: Scalar.Type) {
    let odd: Scalar = Scalar.nan
    let numbers: [Scalar] = [.infinity, -.infinity, odd, 0, -0.0]
    let table: [(TapeOperation, [Scalar])] = [
      (.tanh, [1, -1, .nan, 0, 0]), (.sigmoid, [1, 0, .nan, 0.5, 0.5]), (.exp, [.infinity, 0, .nan, 1, 1]),
      (.log, [.infinity, .nan, .nan, -.infinity, -.infinity]),
    ]
    for (operation, expected) in table {
      for (result, right) in zip(Self.run(operation, numbers), expected) {
        XCTAssertTrue(result == right || (result.isNaN && right.isNaN), "\(operation): \(result) for \(right)")
      }
    }
    // Nothing leaves the range, and a NaN with any bits stays one.
    for value in Self.run(.tanh, (0..<4000).map { Scalar($0) / 100 }) { XCTAssertLessThanOrEqual(value, 1) }
    for operation in [TapeOperation.tanh, .sigmoid, .exp, .log] {
      let results = Self.run(operation, [Float(nan: 0x1234, signaling: false), Float(nan: 0x1, signaling: false)])
      XCTAssertTrue(results.allSatisfy(\.isNaN), "\(operation)")
    }
  }

  private static func logistic(_ x: Double) -> Double { x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x)) }
}
