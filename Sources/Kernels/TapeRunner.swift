/// Cuts a domain into tiles and runs all instructions over one tile before the next, so that temporaries stay in the
/// first-level cache.
struct TapeRunner<V: ElementaryConstants> {
  typealias Scalar = V.Scalar

  let tape: UnsafeBufferPointer<TapeInstruction>
  let operands: UnsafeBufferPointer<TapeOperand<Scalar>>
  let functions: [@Sendable (Double) -> Double]
  let scratch: UnsafeMutablePointer<Scalar>
  /// The columns of the whole domain: what slices of a span are apart.
  let columns: Int

  func run(rows: Int, columns: Int) {
    guard rows > 0, columns > 0 else { return }
    // A narrow domain takes several rows at a time, a wide one a part of a row.
    let tileColumns = min(columns, Scalar.tileCount)
    let tileRows = min(rows, max(1, Scalar.tileCount / columns))
    var row = 0
    while row < rows {
      var column = 0
      while column < columns {
        run(
          row: row, column: column, rows: min(tileRows, rows &- row), columns: min(tileColumns, columns &- column))
        column &+= tileColumns
      }
      row &+= tileRows
    }
  }

  @inline(__always)
  private func run(row: Int, column: Int, rows: Int, columns: Int) {
    for instruction in tape {
      let result = operands[Int(instruction.result)]
      let a = operands[Int(instruction.a)]
      let b = operands[Int(instruction.b)]
      let c = operands[Int(instruction.c)]
      var pass = TapePass<Scalar>(
        rows: rows, columns: columns,
        result: address(result, row: row, column: column), resultStride: rowStride(result, columns: columns),
        a: UnsafePointer(address(a, row: row, column: column)), aStride: rowStride(a, columns: columns),
        b: UnsafePointer(address(b, row: row, column: column)), bStride: rowStride(b, columns: columns),
        c: UnsafePointer(address(c, row: row, column: column)), cStride: rowStride(c, columns: columns))
      if a.columnStride == 0 {
        pass.spread()
        continue
      }
      var slices = Int(instruction.span)
      if slices > 1, columns == self.columns, result.pointer != nil, a.pointer != nil {
        // Slices of whole rows follow each other.
        pass.columns &*= slices
        slices = 1
      }
      repeat {
        pass.run(instruction, functions: functions, V.self)
        pass.result += sliceStride(result)
        pass.a += sliceStride(a)
        slices &-= 1
      } while slices > 0
    }
  }

  @inline(__always)
  private func address(_ operand: TapeOperand<Scalar>, row: Int, column: Int) -> UnsafeMutablePointer<Scalar> {
    guard let pointer = operand.pointer else { return scratch + Int(operand.slot) &* Scalar.tileCount }
    return pointer + (row &* operand.rowStride &+ column &* Int(operand.columnStride))
  }

  /// Temporaries hold the rows of one tile without a gap.
  @inline(__always)
  private func rowStride(_ operand: TapeOperand<Scalar>, columns: Int) -> Int {
    operand.pointer == nil ? columns : operand.rowStride
  }

  @inline(__always)
  private func sliceStride(_ operand: TapeOperand<Scalar>) -> Int {
    operand.pointer == nil ? Scalar.tileCount : columns
  }
}

extension TapeRunner {
  /// Whether every operand is the whole domain without a gap, which is then one long row.
  var isGapless: Bool {
    operands.allSatisfy { $0.pointer == nil || ($0.columnStride == 1 && $0.rowStride == columns) }
      && tape.allSatisfy { $0.span <= 1 }
  }
}
