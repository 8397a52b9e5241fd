import Glibc


extension KernelScalar {
  public static func pack(
    _ source: UnsafePointer<Self>, outerStride: Int, innerStride: Int, outer: Int, inner: Int, sign: Self,
    into packed: UnsafeMutablePointer<Self>, packedInner: Int, innerOffset: Int, outerOffset: Int
  ) {
    let width = panelWidth
    for o in 0..<outer {
      let column = o + outerOffset
      let panel = packed + (column / width) * packedInner * width + innerOffset * width + column % width
      for k in 0..<inner { panel[k * width] = sign * source[o * outerStride + k * innerStride] }
    }
  }

  public static func outerProduct(
    rows: Int, left: UnsafePointer<Self>, leftStride: Int, leftCount: Int, right: UnsafePointer<Self>,
    rightStride: Int, rightCount: Int, result: UnsafeMutablePointer<Self>, resultStride: Int, accumulate: Bool
  ) {
    for m in 0..<leftCount {
      for n in 0..<rightCount {
        var sum = accumulate ? result[m * resultStride + n] : 0
        for r in 0..<rows { sum.addProduct(left[r * leftStride + m], right[r * rightStride + n]) }
        result[m * resultStride + n] = sum
      }
    }
  }

  public static func columnSums(
    rows: Int, count: Int, source: UnsafePointer<Self>, stride: Int, result: UnsafeMutablePointer<Self>,
    accumulate: Bool
  ) {
    for c in 0..<count {
      var sum = accumulate ? result[c] : 0
      for r in 0..<rows { sum += source[r * stride + c] }
      result[c] = sum
    }
  }

  public static func runTape(
    _ tape: UnsafeBufferPointer<TapeInstruction>, _ operands: UnsafeBufferPointer<TapeOperand<Self>>,
    functions: [@Sendable (Double) -> Double], scratch: UnsafeMutablePointer<Self>, rows: Int, columns: Int
  ) {
    for row in 0..<rows {
      for first in stride(from: 0, to: columns, by: tileCount) {
        for column in first..<min(first + tileCount, columns) {
          for instruction in tape {
            func place(_ index: UInt16, slice: Int) -> UnsafeMutablePointer<Self> {
              let operand = operands[Int(index)]
              guard let pointer = operand.pointer else {
                return scratch + (Int(operand.slot) + slice) * tileCount + column - first
              }
              return pointer + row * operand.rowStride + column * Int(operand.columnStride) + slice * columns
            }
            for slice in 0..<Int(instruction.span) {
              let value = instruction.value(
                place(instruction.a, slice: slice).pointee, { place(instruction.b, slice: 0).pointee },
                { place(instruction.c, slice: 0).pointee }, functions)
              place(instruction.result, slice: slice).pointee = value
            }
          }
        }
      }
    }
  }
}

extension TapeInstruction {
  fileprivate func value<Scalar: KernelScalar>(
    _ a: Scalar, _ b: () -> Scalar, _ c: () -> Scalar, _ functions: [@Sendable (Double) -> Double]
  ) -> Scalar {
    func wide(_ function: (Double) -> Double) -> Scalar { Scalar(function(Double(a))) }
    switch operation {
    case .copy: return a
    case .affine: return Scalar(offset).addingProduct(a, Scalar(factor))
    case .add: return a + b()
    case .subtract: return a - b()
    case .multiply: return a * b()
    case .divide: return a / b()
    case .multiplyAdd: return c().addingProduct(a, b())
    case .multiplySubtract: return (-c()).addingProduct(a, b())
    case .negativeMultiplyAdd: return c().addingProduct(-a, b())
    case .maximum: return a.isNaN || b().isNaN ? .nan : a >= b() ? a : b()
    case .minimum: return a.isNaN || b().isNaN ? .nan : a <= b() ? a : b()
    case .greaterOrEqual: return a >= b() ? 1 : 0
    case .sigmoid: return wide { 1 / (1 + Glibc.exp(-$0)) }
    case .tanh: return wide(Glibc.tanh)
    case .relu: return a > 0 ? a : a.isNaN ? a : 0
    case .exp: return wide(Glibc.exp)
    case .log: return wide(Glibc.log)
    case .squareRoot: return a.squareRoot()
    case .absolute: return Swift.abs(a)
    case .sign: return a > 0 ? 1 : a < 0 ? -1 : a
    case .step: return a > 0 ? 1 : a.isNaN ? a : 0
    case .reciprocal: return 1 / a
    case .square: return a * a
    case .sigmoidSlope: return a * b() * (1 - b())
    case .tanhSlope: return a * (1 - b() * b())
    case .complementTimes: return (1 - a) * b()
    case .blend: return ((1 - a) * c()).addingProduct(a, b())
    case .function: return wide(functions[Int(function)])
    }
  }
}
