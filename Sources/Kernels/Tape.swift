/// One elementwise operation of a tape: result = operation(a, b, c, d) for every element of the domain.
public struct TapeInstruction: Sendable {
  public var operation: TapeOperation
  /// Places in the list of operands.
  public var result: UInt16
  public var a: UInt16
  public var b: UInt16
  public var c: UInt16
  public var d: UInt16
  /// How many adjacent slices `result` and `a` cover, for operations of one operand: slice j starts j * columns after
  /// the first in memory, and is slot + j of a temporary. Equal activations of neighbouring gates are one instruction.
  public var span: UInt16
  /// Which of the functions `TapeOperation.function` applies.
  public var function: UInt16
  /// For `TapeOperation.affine`.
  public var factor: Double
  public var offset: Double

  public init(
    _ operation: TapeOperation, result: UInt16, a: UInt16, b: UInt16 = 0, c: UInt16 = 0, d: UInt16 = 0,
    span: UInt16 = 1, function: UInt16 = 0, factor: Double = 1, offset: Double = 0
  ) {
    self.operation = operation
    self.result = result
    self.a = a
    self.b = b
    self.c = c
    self.d = d
    self.span = span
    self.function = function
    self.factor = factor
    self.offset = offset
  }
}

/// Where an instruction reads or writes.
public struct TapeOperand<Scalar> {
  /// Element (row 0, column 0), or nil for a temporary.
  public var pointer: UnsafeMutablePointer<Scalar>?
  /// From one row to the next; 0 repeats one row.
  public var rowStride: Int
  /// From one time to the next.
  public var timeStride: Int
  /// 1, or 0 for a number that stands for a whole row. 0 only as operand `a` of `TapeOperation.copy`.
  public var columnStride: Int32
  /// The place of a temporary in the scratch.
  public var slot: Int32

  @inlinable
  init(pointer: UnsafeMutablePointer<Scalar>?, rowStride: Int, timeStride: Int, columnStride: Int32, slot: Int32) {
    self.pointer = pointer
    self.rowStride = rowStride
    self.timeStride = timeStride
    self.columnStride = columnStride
    self.slot = slot
  }

  /// Numbers in memory. Operands of one tape may overlap only where they are the same elements.
  @inlinable
  public static func memory(
    _ pointer: UnsafeMutablePointer<Scalar>, rowStride: Int, columnStride: Int = 1, timeStride: Int = 0
  ) -> Self {
    Self(
      pointer: pointer, rowStride: rowStride, timeStride: timeStride,
      columnStride: Int32(truncatingIfNeeded: columnStride), slot: 0)
  }

  /// Numbers that live for one tile only.
  @inlinable
  public static func temporary(_ slot: Int) -> Self {
    Self(
      pointer: nil, rowStride: 0, timeStride: 0, columnStride: 1, slot: Int32(truncatingIfNeeded: slot))
  }
}

/// What a tape can do. NaN, ties and ends are as in the table of operators of the algebra.
public enum TapeOperation: UInt8, CaseIterable, Sendable {
  /// a; the only one that may read a number per row.
  case copy
  /// a * factor + offset
  case affine
  case add, subtract, multiply, divide
  /// a * b + c
  case multiplyAdd
  /// a * b + c * d, the second product rounded first
  case sumOfProducts
  /// a * b - c
  case multiplySubtract
  /// c - a * b
  case negativeMultiplyAdd
  /// The larger of a and b; NaN if one is, a if they are equal.
  case maximum
  /// The smaller of a and b; NaN if one is, a if they are equal.
  case minimum
  /// 1 where a ≥ b, else 0 (NaN included).
  case greaterOrEqual
  case sigmoid, tanh, relu, exp, log, squareRoot, absolute, sign, step, reciprocal, square
  /// a * tanh(b)
  case multiplyTanh
  /// a * b * (1 - b): δ = a through σ with value b
  case sigmoidSlope
  /// a * (1 - b * b): δ = a through tanh with value b
  case tanhSlope
  /// a * c * b * (1 - b)
  case sigmoidSlopeOfProduct
  /// a * c * (1 - b * b)
  case tanhSlopeOfProduct
  /// (1 - a) * b
  case complementTimes
  /// a * b + (1 - a) * c
  case blend
  /// One of the functions given to `runTape`, number by number in Float64.
  case function

  /// How many of a, b, c and d it reads.
  public var operandCount: Int {
    switch self {
    case .add, .subtract, .multiply, .divide, .maximum, .minimum, .greaterOrEqual, .multiplyTanh, .sigmoidSlope,
      .tanhSlope, .complementTimes:
      2
    case .multiplyAdd, .multiplySubtract, .negativeMultiplyAdd, .blend, .sigmoidSlopeOfProduct, .tanhSlopeOfProduct: 3
    case .sumOfProducts: 4
    default: 1
    }
  }
}

extension KernelScalar {
  /// The elements of one tile: several temporaries of 2 KB stay in the first-level cache.
  static var tileCount: Int { 2048 / MemoryLayout<Self>.size }

  /// The numbers that `runTape` needs as scratch for so many temporaries.
  public static func tapeScratchCount(slots: Int) -> Int { slots * tileCount }
}
