/// Cuts a domain into tiles and runs all instructions over one tile before the next, so that temporaries stay in the
/// first-level cache.
struct TapeRunner<V: Lanes> {
  typealias Scalar = V.Scalar

  let tape: UnsafeBufferPointer<TapeInstruction>
  let operands: UnsafeBufferPointer<TapeOperand<Scalar>>
  let functions: UnsafeBufferPointer<@Sendable (Double) -> Double>
  let scratch: UnsafeMutablePointer<Scalar>
  /// The columns of the whole domain: what slices of a span are apart.
  let columns: Int
  let time: Int
  let firstRow: Int

  @inline(__always)
  func run(rows: Int, columns: Int) {
    guard rows > 0, columns > 0 else { return }
    if rows == 1, columns <= Scalar.tileCount { return runShortRow(columns) }
    if rows > 1, isGapless { return runTiles(rows: 1, columns: rows * columns) }
    runTiles(rows: rows, columns: columns)
  }

  private func runTiles(rows: Int, columns: Int) {
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
    guard var place = tape.baseAddress else { return }
    for _ in 0..<tape.count {
      defer { place += 1 }
      let instruction = place.pointee
      let operandCount = instruction.operation.operandCount
      let result = operands[Int(instruction.result)]
      let a = operands[Int(instruction.a)]
      let from = UnsafePointer(address(a, row: row, column: column))
      var pass = TapePass<Scalar>(
        rows: rows, columns: columns,
        result: address(result, row: row, column: column), resultStride: rowStride(result, columns: columns),
        a: from, aStride: rowStride(a, columns: columns), b: from, bStride: 0, c: from, cStride: 0, d: from,
        dStride: 0)
      if operandCount > 1 {
        let b = operands[Int(instruction.b)]
        pass.b = UnsafePointer(address(b, row: row, column: column))
        pass.bStride = rowStride(b, columns: columns)
        if operandCount > 2 {
          let c = operands[Int(instruction.c)]
          pass.c = UnsafePointer(address(c, row: row, column: column))
          pass.cStride = rowStride(c, columns: columns)
          if operandCount > 3 {
            let d = operands[Int(instruction.d)]
            pass.d = UnsafePointer(address(d, row: row, column: column))
            pass.dStride = rowStride(d, columns: columns)
          }
        }
      }
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
      pass.joinRows(operandCount: operandCount)
      repeat {
        pass.run(place, functions: functions, V.self)
        pass.result += sliceStride(result)
        pass.a += sliceStride(a)
        slices &-= 1
      } while slices > 0
    }
  }

  /// One row in one tile, the step of a small cell: no address depends on a row or a column, so that each is found once
  /// and there is little to do before the work itself.
  @inline(__always)
  private func runShortRow(_ columns: Int) {
    withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<Scalar>.self, capacity: operands.count) { addresses in
      guard let addresses = addresses.baseAddress, var place = tape.baseAddress else { return }
      for index in 0..<operands.count { addresses[index] = shortAddress(operands[index]) }
      var pass = TapePass<Scalar>(row: scratch, columns: columns)
      for _ in 0..<tape.count {
        defer { place += 1 }
        let instruction = place.pointee
        pass.columns = columns
        pass.result = addresses[Int(instruction.result)]
        pass.a = UnsafePointer(addresses[Int(instruction.a)])
        pass.b = UnsafePointer(addresses[Int(instruction.b)])
        pass.c = UnsafePointer(addresses[Int(instruction.c)])
        pass.d = UnsafePointer(addresses[Int(instruction.d)])
        let a = operands[Int(instruction.a)]
        if a.columnStride == 0 {
          pass.spread()
        } else if instruction.span <= 1 || (a.pointer != nil && operands[Int(instruction.result)].pointer != nil) {
          // Slices of a row follow each other.
          pass.columns &*= max(1, Int(instruction.span))
          pass.perform(place, functions: functions, V.self)
        } else {
          for _ in 0..<instruction.span {
            pass.run(place, functions: functions, V.self)
            pass.result += sliceStride(operands[Int(instruction.result)])
            pass.a += sliceStride(a)
          }
        }
      }
    }
  }

  @inline(__always)
  private func shortAddress(_ operand: TapeOperand<Scalar>) -> UnsafeMutablePointer<Scalar> {
    guard let pointer = operand.pointer else { return scratch + Int(operand.slot) &* Scalar.tileCount }
    return pointer + (time &* operand.timeStride &+ firstRow &* operand.rowStride)
  }

  @inline(__always)
  private func address(_ operand: TapeOperand<Scalar>, row: Int, column: Int) -> UnsafeMutablePointer<Scalar> {
    guard let pointer = operand.pointer else { return scratch + Int(operand.slot) &* Scalar.tileCount }
    return pointer
      + (time &* operand.timeStride &+ (firstRow &+ row) &* operand.rowStride &+ column &* Int(operand.columnStride))
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
