import Kernels

/// What a plan must know of the numbers and the processor that it is made for.
package struct PlanMachine {
  /// Columns of one panel of packed weights.
  var panelWidth: Int
  var bytesOfNumber: Int
  /// Whether there is a matrix unit for this type; and the numbers of a matrix in tiles.
  var hasMatrixUnit = false
  var tiledCount: (_ inner: Int, _ outer: Int) -> Int = { $0 * $1 }

  package init<Scalar: KernelScalar>(_: Scalar.Type) {
    panelWidth = Scalar.panelWidth
    bytesOfNumber = MemoryLayout<Scalar>.stride
    hasMatrixUnit = Scalar.hasMatrixUnit
    tiledCount = Scalar.tiledCount
  }

  /// Packed weights without what fills up their last panel, which is another on every kind of processor.
  init(bytesOfNumber: Int) {
    panelWidth = 1
    self.bytesOfNumber = bytesOfNumber
  }

  /// Whether a product of so many rows is faster on the matrix unit. Its weights take half as much again: where they come
  /// from beyond the second-level cache, few rows do not pay for them.
  func usesTiles(rows: Int, inner: Int, outer: Int) -> Bool {
    guard hasMatrixUnit, inner >= 24, outer >= 64 else { return false }
    return rows >= (inner * outer > 3 << 16 ? 24 : 8)
  }

  /// Whether a sum of outer products over so many rows is.
  func usesTiles(rows: Int, left: Int, right: Int) -> Bool {
    hasMatrixUnit && rows >= 48 && left >= 48 && right >= 48
  }
}
