import Glibc

/// Runs instructions over a storage of numbers, plainly: loops over the batch, the rows and the columns.
///
/// This is the reference that every fast path is compared with, so it prefers the obvious to the clever; the only
/// concession is a contiguous inner loop.
package enum Executor {
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package static func run<Scalar: BinaryFloatingPoint>(
    _ program: [Instruction], storage: UnsafeMutablePointer<Scalar>, scratch: UnsafeMutableBufferPointer<Double>,
    slot: Int, time: Int, batch: Int
  ) {
    for instruction in program {
      let result = instruction.result
      let sequences = result.batchStride == 0 ? 1 : batch
      switch instruction.operation {
      case .copy:
        map1(instruction, storage, slot, sequences) { $0 }
      case .sum(let isNegative):
        sum(instruction, isNegative, storage, slot, sequences)
      case .product:
        fold(instruction, storage, slot, sequences) { $0 * $1 }
      case .quotient:
        fold(instruction, storage, slot, sequences) { $0 / $1 }
      case .power(let whole):
        if let whole {
          map1(instruction, storage, slot, sequences) { power($0, whole) }
        } else {
          fold(instruction, storage, slot, sequences) { Scalar(pow(Double($0), Double($1))) }
        }
      case .unary(let function):
        map1(instruction, storage, slot, sequences) { Scalar(function(Double($0))) }
      case .binary(let function):
        fold(instruction, storage, slot, sequences) { Scalar(function(Double($0), Double($1))) }
      case .matrixProduct:
        matrixProduct(instruction, storage, slot, sequences)
      case .whole(let function):
        whole(instruction, function, storage, scratch, slot, sequences)
      case .concatenate:
        concatenate(instruction, storage, slot, sequences)
      case .part(let firstRow):
        var shifted = instruction
        shifted.operands[0].base += firstRow * shifted.operands[0].rowStride
        map1(shifted, storage, slot, sequences) { $0 }
      case .identity:
        for row in 0..<result.rows {
          for column in 0..<result.columns {
            storage[result.base + row * result.rowStride + column * result.columnStride] = row == column ? 1 : 0
          }
        }
      case .time:
        storage[result.base] = Scalar(time)
      case .accumulate:
        accumulate(instruction, storage, slot, batch)
      }
    }
  }

  @inline(__always)
  private static func start(_ operand: Operand, _ slot: Int, _ sequence: Int) -> Int {
    operand.base + slot * operand.timeStride + sequence * operand.batchStride
  }

  @inline(__always)
  private static func map1<Scalar: BinaryFloatingPoint>(
    _ instruction: Instruction, _ storage: UnsafeMutablePointer<Scalar>, _ slot: Int, _ sequences: Int,
    _ body: (Scalar) -> Scalar
  ) {
    let (a, result) = (instruction.operands[0], instruction.result)
    for sequence in 0..<sequences {
      let (from, to) = (start(a, slot, sequence), start(result, slot, sequence))
      for column in 0..<result.columns {
        for row in 0..<result.rows {
          storage[to + row * result.rowStride + column * result.columnStride] =
            body(storage[from + row * a.rowStride + column * a.columnStride])
        }
      }
    }
  }

  /// ((a ∘ b) ∘ c) ∘ ..., elementwise.
  @inline(__always)
  private static func fold<Scalar: BinaryFloatingPoint>(
    _ instruction: Instruction, _ storage: UnsafeMutablePointer<Scalar>, _ slot: Int, _ sequences: Int,
    _ body: (Scalar, Scalar) -> Scalar
  ) {
    let result = instruction.result
    for sequence in 0..<sequences {
      let to = start(result, slot, sequence)
      for (position, operand) in instruction.operands.enumerated() {
        let from = start(operand, slot, sequence)
        for column in 0..<result.columns {
          for row in 0..<result.rows {
            let target = to + row * result.rowStride + column * result.columnStride
            let value = storage[from + row * operand.rowStride + column * operand.columnStride]
            storage[target] = position == 0 ? value : body(storage[target], value)
          }
        }
      }
    }
  }

  @inline(__always)
  private static func sum<Scalar: BinaryFloatingPoint>(
    _ instruction: Instruction, _ isNegative: [Bool], _ storage: UnsafeMutablePointer<Scalar>, _ slot: Int,
    _ sequences: Int
  ) {
    let result = instruction.result
    for sequence in 0..<sequences {
      let to = start(result, slot, sequence)
      for (position, operand) in instruction.operands.enumerated() {
        let from = start(operand, slot, sequence)
        let negative = isNegative[position]
        for column in 0..<result.columns {
          for row in 0..<result.rows {
            let target = to + row * result.rowStride + column * result.columnStride
            let value = storage[from + row * operand.rowStride + column * operand.columnStride]
            let signed = negative ? -value : value
            storage[target] = position == 0 ? signed : storage[target] + signed
          }
        }
      }
    }
  }

  @inline(__always)
  private static func matrixProduct<Scalar: BinaryFloatingPoint>(
    _ instruction: Instruction, _ storage: UnsafeMutablePointer<Scalar>, _ slot: Int, _ sequences: Int
  ) {
    let (a, b, result) = (instruction.operands[0], instruction.operands[1], instruction.result)
    for sequence in 0..<sequences {
      let (left, right, to) = (start(a, slot, sequence), start(b, slot, sequence), start(result, slot, sequence))
      for row in 0..<result.rows {
        for column in 0..<result.columns {
          var total: Scalar = 0
          var from = left + row * a.rowStride
          var other = right + column * b.columnStride
          for _ in 0..<a.columns {
            total += storage[from] * storage[other]
            from += a.columnStride
            other += b.rowStride
          }
          storage[to + row * result.rowStride + column * result.columnStride] = total
        }
      }
    }
  }

  @inline(__always)
  private static func whole<Scalar: BinaryFloatingPoint>(
    _ instruction: Instruction,
    _ function: (UnsafeBufferPointer<Double>, UnsafeMutableBufferPointer<Double>) -> Void,
    _ storage: UnsafeMutablePointer<Scalar>, _ scratch: UnsafeMutableBufferPointer<Double>, _ slot: Int,
    _ sequences: Int
  ) {
    let (a, result) = (instruction.operands[0], instruction.result)
    for sequence in 0..<sequences {
      let (from, to) = (start(a, slot, sequence), start(result, slot, sequence))
      for column in 0..<a.columns {
        for row in 0..<a.rows {
          scratch[column * a.rows + row] = Double(storage[from + row * a.rowStride + column * a.columnStride])
        }
      }
      let output = UnsafeMutableBufferPointer(rebasing: scratch[a.count..<a.count + result.count])
      function(UnsafeBufferPointer(rebasing: scratch[0..<a.count]), output)
      for column in 0..<result.columns {
        for row in 0..<result.rows {
          storage[to + row * result.rowStride + column * result.columnStride] =
            Scalar(output[column * result.rows + row])
        }
      }
    }
  }

  @inline(__always)
  private static func concatenate<Scalar: BinaryFloatingPoint>(
    _ instruction: Instruction, _ storage: UnsafeMutablePointer<Scalar>, _ slot: Int, _ sequences: Int
  ) {
    for sequence in 0..<sequences {
      var to = start(instruction.result, slot, sequence)
      for part in instruction.operands {
        let from = start(part, slot, sequence)
        for row in 0..<part.rows {
          storage[to] = storage[from + row * part.rowStride]
          to += instruction.result.rowStride
        }
      }
    }
  }

  @inline(__always)
  private static func accumulate<Scalar: BinaryFloatingPoint>(
    _ instruction: Instruction, _ storage: UnsafeMutablePointer<Scalar>, _ slot: Int, _ batch: Int
  ) {
    let (a, result) = (instruction.operands[0], instruction.result)
    for sequence in 0..<(a.batchStride == 0 ? 1 : batch) {
      let from = start(a, slot, sequence)
      for row in 0..<result.rows {
        for column in 0..<result.columns {
          storage[result.base + row * result.rowStride + column * result.columnStride] +=
            storage[from + row * a.rowStride + column * a.columnStride]
        }
      }
    }
  }

  @inline(__always)
  private static func power<Scalar: BinaryFloatingPoint>(_ base: Scalar, _ exponent: Int) -> Scalar {
    var result: Scalar = 1
    for _ in 0..<Swift.abs(exponent) { result *= base }
    return exponent < 0 ? 1 / result : result
  }
}
