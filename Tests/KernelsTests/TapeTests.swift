import Glibc
import Kernels
import XCTest

final class TapeTests: XCTestCase {
  /// What an operation means, in Float64.
  static func meaning(_ operation: TapeOperation, _ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Double {
    switch operation {
    case .copy: a
    case .affine: a * 1.5 - 0.25
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .multiplyAdd: a * b + c
    case .sumOfProducts: a * b + c * d
    case .multiplySubtract: a * b - c
    case .negativeMultiplyAdd: c - a * b
    case .maximum: a.isNaN || b.isNaN ? .nan : a >= b ? a : b
    case .minimum: a.isNaN || b.isNaN ? .nan : a <= b ? a : b
    case .greaterOrEqual: a >= b ? 1 : 0
    case .sigmoid: a >= 0 ? 1 / (1 + Glibc.exp(-a)) : Glibc.exp(a) / (1 + Glibc.exp(a))
    case .tanh: Glibc.tanh(a)
    case .relu: a > 0 ? a : a.isNaN ? a : 0
    case .exp: Glibc.exp(a)
    case .log: Glibc.log(a)
    case .squareRoot: a.squareRoot()
    case .absolute: abs(a)
    case .sign: a > 0 ? 1 : a < 0 ? -1 : a
    case .step: a > 0 ? 1 : a.isNaN ? a : 0
    case .reciprocal: 1 / a
    case .square: a * a
    case .multiplyTanh: a * Glibc.tanh(b)
    case .sigmoidSlope: a * b * (1 - b)
    case .tanhSlope: a * (1 - b * b)
    case .sigmoidSlopeOfProduct: a * c * b * (1 - b)
    case .tanhSlopeOfProduct: a * c * (1 - b * b)
    case .complementTimes: (1 - a) * b
    case .blend: a * b + (1 - a) * c
    case .function: Glibc.sin(a)
    }
  }

  func testEveryOperationOnEveryShape() {
    check(Float.self, tolerance: 2e-6)
    check(Double.self, tolerance: 4e-15)
  }

  private func check<Scalar: KernelScalar>(_: Scalar.Type, tolerance: Double) {
    var random = Numbers(state: 21)
    for operation in TapeOperation.allCases {
      for (rows, columns) in [(1, 1), (1, 32), (3, 7), (5, 50), (2, 33), (2, 1100), (70, 9)] {
        let strides = (0..<5).map { _ in columns + random.whole(0...1) * random.whole(1...9) }
        let inputs = strides.dropFirst().map { stride in
          Guarded<Scalar>(rows * stride) { index in
            // Ends and ties among them.
            switch index % 23 {
            case 5: .nan
            case 7: .infinity
            case 11: 0
            case 13: 0.5
            default: random.real() * 2
            }
          }
        }
        let result = Guarded<Scalar>(rows * strides[0]) { _ in 77 }
        var operands: [TapeOperand<Scalar>] = [.memory(result.pointer, rowStride: strides[0])]
        for (input, stride) in zip(inputs, strides.dropFirst()) {
          operands.append(.memory(input.pointer, rowStride: stride))
        }
        run(
          [TapeInstruction(operation, result: 0, a: 1, b: 2, c: 3, d: 4, factor: 1.5, offset: -0.25)], operands,
          slots: 0,
          rows: rows, columns: columns)
        for row in 0..<rows {
          for column in 0..<strides[0] {
            let found = result[row * strides[0] + column]
            guard column < columns else {
              XCTAssertEqual(found, 77, "\(operation): beyond the columns")
              continue
            }
            let values = (0..<4).map { Double(inputs[$0][row * strides[$0 + 1] + column]) }
            let right = Self.meaning(operation, values[0], values[1], values[2], values[3])
            let isRight =
              right.isNaN
              ? found.isNaN : abs(right - Double(found)) <= tolerance * max(1, abs(right)) || right == Double(found)
            XCTAssertTrue(isRight, "\(Scalar.self) \(operation) of \(values): \(found), not \(right)")
          }
        }
        XCTAssertTrue(result.isIntact, "\(operation): written beside the result")
      }
    }
  }

  private func run<Scalar: KernelScalar>(
    _ tape: [TapeInstruction], _ operands: [TapeOperand<Scalar>], slots: Int, rows: Int, columns: Int
  ) {
    let scratch = Guarded<Scalar>(Scalar.tapeScratchCount(slots: slots)) { _ in .nan }
    tape.withUnsafeBufferPointer { tape in
      operands.withUnsafeBufferPointer { operands in
        let functions: [@Sendable (Double) -> Double] = [{ Glibc.sin($0) }]
        functions.withUnsafeBufferPointer { functions in
          Scalar.runTape(
            tape, operands, functions: functions, scratch: scratch.pointer, time: 0, row: 0, rows: rows,
            columns: columns)
        }
      }
    }
    XCTAssertTrue(scratch.isIntact, "written beside the scratch")
  }

  /// The step of an LSTM: gates [i f o g] side by side, three of them one instruction, into temporaries and in place.
  func testSpansTemporariesAndNumbersForARow() {
    checkStep(Float.self, tolerance: 2e-6)
    checkStep(Double.self, tolerance: 4e-15)
  }

  private func checkStep<Scalar: KernelScalar>(_: Scalar.Type, tolerance: Double) {
    var random = Numbers(state: 31)
    for (rows, columns) in [(1, 32), (1, 50), (4, 3), (9, 64), (2, 700)] {
      for inTemporaries in [false, true] {
        let gates = Guarded<Scalar>(rows * 4 * columns) { _ in random.real() * 3 }
        let old = (0..<gates.count).map { Double(gates[$0]) }
        let cell = Guarded<Scalar>(rows * columns) { _ in random.real() }
        let oldCell = (0..<cell.count).map { Double(cell[$0]) }
        let scale = Guarded<Scalar>(rows) { _ in random.real() }
        let hidden = Guarded<Scalar>(rows * (columns + 3)) { _ in 5 }
        func gate(_ index: Int) -> TapeOperand<Scalar> {
          .memory(gates.pointer + index * columns, rowStride: 4 * columns)
        }
        let operands: [TapeOperand<Scalar>] = [
          gate(0), gate(1), gate(2), gate(3),
          inTemporaries ? .temporary(0) : gate(0), inTemporaries ? .temporary(1) : gate(1),
          inTemporaries ? .temporary(2) : gate(2), inTemporaries ? .temporary(3) : gate(3),
          .memory(cell.pointer, rowStride: columns), .temporary(4),
          .memory(hidden.pointer, rowStride: columns + 3),
          .memory(scale.pointer, rowStride: 1, columnStride: 0), .temporary(5),
        ]
        let tape = [
          TapeInstruction(.sigmoid, result: 4, a: 0, span: 3),
          TapeInstruction(.tanh, result: 7, a: 3),
          TapeInstruction(.multiply, result: 9, a: 4, b: 7),
          TapeInstruction(.multiplyAdd, result: 8, a: 5, b: 8, c: 9),
          TapeInstruction(.tanh, result: 9, a: 8),
          TapeInstruction(.copy, result: 12, a: 11),
          TapeInstruction(.multiply, result: 9, a: 9, b: 12),
          TapeInstruction(.multiply, result: 10, a: 6, b: 9),
        ]
        run(tape, operands, slots: 6, rows: rows, columns: columns)
        for row in 0..<rows {
          for column in 0..<columns {
            let z = (0..<4).map { old[row * 4 * columns + $0 * columns + column] }
            let s = z.map { 1 / (1 + Glibc.exp(-$0)) }
            let c = s[1] * oldCell[row * columns + column] + s[0] * Glibc.tanh(z[3])
            let h = s[2] * Glibc.tanh(c) * Double(scale[row])
            XCTAssertEqual(Double(cell[row * columns + column]), c, accuracy: tolerance)
            XCTAssertEqual(Double(hidden[row * (columns + 3) + column]), h, accuracy: tolerance)
          }
          for column in columns..<columns + 3 { XCTAssertEqual(hidden[row * (columns + 3) + column], 5) }
        }
        XCTAssertTrue(gates.isIntact && cell.isIntact && hidden.isIntact)
      }
    }
  }

  /// A row repeated for every row (a bias), and the same bits however a domain is cut.
  func testARowForAllAndCutsAnywhere() {
    let columns = 37
    var random = Numbers(state: 41)
    let bias = Guarded<Float>(columns) { _ in random.real() }
    let source = Guarded<Float>(6 * columns) { _ in random.real() * 4 }
    func result(cutAt cut: Int) -> [Float] {
      let result = Guarded<Float>(6 * columns) { _ in 0 }
      for (first, count) in [(0, cut), (cut, columns - cut)] where count > 0 {
        run(
          [TapeInstruction(.sigmoid, result: 3, a: 1), TapeInstruction(.add, result: 0, a: 3, b: 2)],
          [
            .memory(result.pointer + first, rowStride: columns), .memory(source.pointer + first, rowStride: columns),
            .memory(bias.pointer + first, rowStride: 0), .temporary(0),
          ], slots: 1, rows: 6, columns: count)
      }
      return (0..<result.count).map { result[$0] }
    }
    let whole = result(cutAt: columns)
    for index in 0..<whole.count {
      let right = 1 / (1 + exp(-Double(source[index]))) + Double(bias[index % columns])
      XCTAssertEqual(Double(whole[index]), right, accuracy: 1e-6)
    }
    for cut in [1, 5, 8, 20, 36] { XCTAssertEqual(result(cutAt: cut), whole, "cut at \(cut)") }
  }

  func testTheProcessorIsSupportedHere() {
    XCTAssertTrue(Processor.isSupported)
  }
}
