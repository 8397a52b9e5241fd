import Kernels

/// What a plan must know of the numbers and the processor that it is made for.
package struct PlanMachine {
  /// Columns of one panel of packed weights.
  var panelWidth: Int
  var bytesOfNumber: Int
  /// The fewest rows of a chunk: fewer are slow products.
  var rowsOfChunk = 48
  /// The fewest where sums over all times are taken of them, as every sum reads and writes all of its entries. So many are
  /// best without the matrix unit; with it more than 128 were not tried.
  var rowsOfSum = 256
  /// What a chunk's rows take, in numbers, if they are more: the second-level cache holds it.
  var numbersOfChunk = 1 << 17
  /// Whether the matrix unit is faster: for a product, for a sum of outer products.
  var isProductTiled: (_ rows: Int, _ inner: Int, _ outer: Int) -> Bool = { _, _, _ in false }
  var isSumTiled: (_ rows: Int, _ left: Int, _ right: Int) -> Bool = { _, _, _ in false }
  /// The numbers of an inner × outer matrix in tiles.
  var tiledCount: (_ inner: Int, _ outer: Int) -> Int = { $0 * $1 }

  package init<Scalar: KernelScalar>(_: Scalar.Type) {
    panelWidth = Scalar.panelWidth
    bytesOfNumber = MemoryLayout<Scalar>.stride
    isProductTiled = Scalar.isFasterTiled(rows:inner:outer:)
    isSumTiled = Scalar.isFasterTiled(rows:left:right:)
    tiledCount = Scalar.tiledCount
    rowsOfSum = Scalar.hasMatrixUnit ? 128 : 256
  }

  /// Packed weights without what fills up their last panel, which is another on every kind of processor.
  init(bytesOfNumber: Int) {
    panelWidth = 1
    self.bytesOfNumber = bytesOfNumber
  }
}
