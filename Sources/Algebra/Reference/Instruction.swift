/// Where an operand's numbers lie: element (row, column) of sequence `b` of the batch at slot `t` of the window stands
/// at `base + t·timeStride + b·batchStride + row·rowStride + column·columnStride`.
///
/// A transpose is an operand with its strides exchanged; a number that is spread has strides of 0. So neither needs an
/// instruction.
package struct Operand: Sendable {
  package var base = 0
  package var rows = 1
  package var columns = 1
  package var rowStride = 0
  package var columnStride = 0
  package var batchStride = 0
  package var timeStride = 0

  package init(
    base: Int = 0, rows: Int = 1, columns: Int = 1, rowStride: Int = 0, columnStride: Int = 0, batchStride: Int = 0,
    timeStride: Int = 0
  ) {
    self.base = base
    self.rows = rows
    self.columns = columns
    self.rowStride = rowStride
    self.columnStride = columnStride
    self.batchStride = batchStride
    self.timeStride = timeStride
  }

  package var count: Int { rows * columns }

  package var transposed: Operand {
    var result = self
    swap(&result.rows, &result.columns)
    swap(&result.rowStride, &result.columnStride)
    return result
  }

  /// This operand as part of an elementwise operation with a result of the given size.
  package func spread(rows wantedRows: Int, columns wantedColumns: Int) -> Operand {
    var result = self
    if rows == 1, wantedRows != 1 { result.rowStride = 0 }
    if columns == 1, wantedColumns != 1 { result.columnStride = 0 }
    result.rows = wantedRows
    result.columns = wantedColumns
    return result
  }
}

/// One operation on operands, written to a result.
package struct Instruction: Sendable {
  package enum Operation: Sendable {
    case copy
    case sum(isNegative: [Bool])
    case product
    case quotient
    /// By repeated multiplication if the exponent is a small whole number.
    case power(whole: Int?)
    case matrixProduct
    case unary(@Sendable (Double) -> Double)
    case binary(@Sendable (Double, Double) -> Double)
    case whole(@Sendable (UnsafeBufferPointer<Double>, UnsafeMutableBufferPointer<Double>) -> Void)
    /// Parts one below the other.
    case concatenate
    /// Rows of the operand from the given one on.
    case part(firstRow: Int)
    case identity
    case time
    /// Adds the operand, summed over the batch, to the result.
    case accumulate
  }

  package var operation: Operation
  package var operands: [Operand]
  package var result: Operand

  package init(operation: Operation, operands: [Operand], result: Operand) {
    self.operation = operation
    self.operands = operands
    self.result = result
  }
}
