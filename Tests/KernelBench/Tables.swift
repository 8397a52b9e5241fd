import Kernels

/// Numbers between -1/16 and 1/16 at a place the cache lines begin.
func numbers<Scalar: KernelScalar>(_ count: Int) -> UnsafeMutablePointer<Scalar> {
  let raw = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * MemoryLayout<Scalar>.stride, alignment: 64)
  let pointer = raw.bindMemory(to: Scalar.self, capacity: max(count, 1))
  var state: UInt64 = 1
  for index in 0..<count {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    pointer[index] = Scalar(Double(state >> 33) / Double(1 << 30) - 1) / 16
  }
  return pointer
}

func text(_ value: Double, _ digits: Int) -> String {
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  let rounded = (value * scale).rounded() / scale
  return digits == 0 ? String(Int(rounded)) : "\(rounded)"
}

/// One row of a table: GFLOP/s of the work and of the peak at their best, and the middle of their quotients, measured in
/// turn.
func rate<Scalar: KernelScalar>(_: Scalar.Type, flops: Double, _ work: @escaping () -> Void) -> String {
  let times = interleave(rounds: 41, [{ _ = fusedProducts(50_000) }, work])
  let peak = fusedProducts(50_000) * 4 / Double(MemoryLayout<Scalar>.size)
  let (best, bestPeak) = (flops / times[1].best / 1e9, peak / times[0].best / 1e9)
  let median = flops / peak * times[0].median(over: times[1])
  return "\(text(best, 1)) | \(text(bestPeak, 1)) | \(text(best / bestPeak, 3)) | \(text(median, 3)) |"
}

/// Numbers that are given back with the last closure that holds them.
final class Room<Scalar: KernelScalar> {
  let pointer: UnsafeMutablePointer<Scalar>

  init(_ count: Int) { pointer = numbers(count) }

  deinit { pointer.deallocate() }
}

/// - Parameter product: makes ready a product into `result`, its weights included.
func productTable<Scalar: KernelScalar>(
  _ title: String, inners: [Int], rows: [Int],
  _ product: (_ rows: Int, _ inner: Int, _ outer: Int, _ left: Room<Scalar>, _ result: Room<Scalar>) -> () -> Void
) {
  print("\n### \(title): rows × inner by inner × outer, outer = 4 · inner\n")
  print("| inner | rows | GFLOP/s | peak of vectors | of it | medians |\n| ---: | ---: | ---: | ---: | ---: | ---: |")
  for inner in inners {
    for rows in rows {
      let outer = 4 * inner
      let work = product(rows, inner, outer, Room<Scalar>(rows * inner), Room<Scalar>(rows * outer))
      print("| \(inner) | \(rows) | \(rate(Scalar.self, flops: 2 * Double(rows * inner * outer), work))")
    }
  }
}

func productTable<Scalar: KernelScalar>(_: Scalar.Type, inners: [Int], rows: [Int]) {
  productTable("Products in \(Scalar.self)", inners: inners, rows: rows) {
    rows, inner, outer, left, result in
    let right = Room<Scalar>(Scalar.packedCount(inner: inner, outer: outer))
    return {
      Scalar.product(
        rows: rows, inner: inner, outer: outer, left: left.pointer, leftStride: inner, packed: right.pointer,
        result: result.pointer, resultStride: outer, start: .zero)
    }
  }
}

func tiledTable(inners: [Int], rows: [Int]) {
  productTable("Products of Float on the matrix unit", inners: inners, rows: rows) {
    rows, inner, outer, left, result in
    let tiles = Room<Float>(Float.tiledCount(inner: inner, outer: outer))
    let strip = Room<Float>(Float.packedCount(inner: inner, outer: Float.tiledStrip))
    let room = Room<Float>(Float.tiledProductRoom(rows: rows, inner: inner))
    for column in stride(from: 0, to: outer, by: Float.tiledStrip) {
      Float.tile(
        strip.pointer, columns: min(Float.tiledStrip, outer - column), inner: inner, firstColumn: column,
        into: tiles.pointer)
    }
    return {
      Float.tiledProduct(
        rows: rows, inner: inner, outer: outer, left: left.pointer, leftStride: inner, tiles: tiles.pointer,
        result: result.pointer, resultStride: outer, start: .zero, room: room.pointer)
    }
  }
}

func vectorTable<Scalar: KernelScalar>(_: Scalar.Type) {
  print("\n### One row in \(Scalar.self): weights read\n")
  print("| inner | KB of weights | GB/s |\n| ---: | ---: | ---: |")
  for inner in [16, 32, 44, 64, 100, 128, 180, 256, 512, 1024] {
    let outer = 4 * inner
    let bytes = Scalar.packedCount(inner: inner, outer: outer) * MemoryLayout<Scalar>.size
    let left: UnsafeMutablePointer<Scalar> = numbers(inner)
    let right: UnsafeMutablePointer<Scalar> = numbers(Scalar.packedCount(inner: inner, outer: outer))
    let result: UnsafeMutablePointer<Scalar> = numbers(outer)
    defer {
      left.deallocate()
      right.deallocate()
      result.deallocate()
    }
    let times = interleave(
      rounds: 31,
      [
        {
          Scalar.product(
            rows: 1, inner: inner, outer: outer, left: left, leftStride: inner, packed: right, result: result,
            resultStride: outer, start: .zero)
        }
      ])
    print("| \(inner) | \(bytes / 1024) | \(text(Double(bytes) / times[0].best / 1e9, 1)) |")
  }
}

/// - Parameter sum: makes ready a sum of outer products into `result`.
func outerTable<Scalar: KernelScalar>(
  _ title: String, widths: [Int],
  _ sum: (_ rows: Int, _ width: Int, _ left: Room<Scalar>, _ right: Room<Scalar>, _ result: Room<Scalar>) -> () -> Void
) {
  print("\n### \(title): 4 · h by h, summed over rows\n")
  print("| h | rows | GFLOP/s | peak of vectors | of it | medians |\n| ---: | ---: | ---: | ---: | ---: | ---: |")
  for width in widths {
    for rows in [100, 800, 3200] where rows * width <= 3200 * 512 {
      let work = sum(
        rows, width, Room<Scalar>(rows * 4 * width), Room<Scalar>(rows * width), Room<Scalar>(4 * width * width))
      print("| \(width) | \(rows) | \(rate(Scalar.self, flops: 2 * Double(rows * 4 * width * width), work))")
    }
  }
}

func outerTable<Scalar: KernelScalar>(_: Scalar.Type, widths: [Int]) {
  outerTable("Weight gradients in \(Scalar.self)", widths: widths) {
    (rows, width, left: Room<Scalar>, right: Room<Scalar>, result: Room<Scalar>) in
    {
      Scalar.outerProduct(
        rows: rows, left: left.pointer, leftStride: 4 * width, leftCount: 4 * width, right: right.pointer,
        rightStride: width, rightCount: width, result: result.pointer, resultStride: width, accumulate: false)
    }
  }
}

func tiledOuterTable(widths: [Int]) {
  outerTable("Weight gradients of Float on the matrix unit", widths: widths) {
    (rows, width, left: Room<Float>, right: Room<Float>, result: Room<Float>) in
    let room = Room<Float>(Float.tiledOuterProductRoom(rows: rows, rightCount: width))
    return {
      Float.tiledOuterProduct(
        rows: rows, left: left.pointer, leftStride: 4 * width, leftCount: 4 * width, right: right.pointer,
        rightStride: width, rightCount: width, result: result.pointer, resultStride: width, accumulate: false,
        room: room.pointer)
    }
  }
}

func packTable<Scalar: KernelScalar>(_: Scalar.Type) {
  print("\n### Packing in \(Scalar.self): weights of 4 · h by h\n")
  print("| h | outer side by side, GB/s | inner side by side, GB/s |\n| ---: | ---: | ---: |")
  for width in [32, 128, 256, 512, 1024] {
    let outer = 4 * width
    let source: UnsafeMutablePointer<Scalar> = numbers(outer * width)
    let packed: UnsafeMutablePointer<Scalar> = numbers(Scalar.packedCount(inner: width, outer: outer))
    defer {
      source.deallocate()
      packed.deallocate()
    }
    let times = interleave(
      rounds: 15,
      [(1, outer), (width, 1)].map { outerStride, innerStride in
        {
          Scalar.pack(
            source, outerStride: outerStride, innerStride: innerStride, outer: outer, inner: width, sign: 1,
            into: packed, packedInner: width, innerOffset: 0, outerOffset: 0)
        }
      })
    let bytes = Double(outer * width * MemoryLayout<Scalar>.size)
    print("| \(width) | \(text(bytes / times[0].best / 1e9, 1)) | \(text(bytes / times[1].best / 1e9, 1)) |")
  }
}

func tapeTable<Scalar: KernelScalar>(_: Scalar.Type) {
  print("\n### Tapes in \(Scalar.self): nanoseconds an instruction, elements a nanosecond at 4,096\n")
  print("| operation | 32 elements | 512 | 4,096: elements/ns |\n| --- | ---: | ---: | ---: |")
  let operations: [TapeOperation] = [
    .copy, .affine, .add, .multiply, .multiplyAdd, .divide, .maximum, .greaterOrEqual, .relu, .sigmoid, .tanh, .exp,
    .log, .squareRoot, .sigmoidSlope, .tanhSlope, .sigmoidSlopeOfProduct,
    .tanhSlopeOfProduct, .blend,
  ]
  let sources: [UnsafeMutablePointer<Scalar>] = (0..<4).map { _ in numbers(4096) }
  for source in sources { for index in 0..<4096 { source[index] = abs(source[index]) * 64 + 0.01 } }
  let scratch: UnsafeMutablePointer<Scalar> = numbers(Scalar.tapeScratchCount(slots: 1))
  for operation in operations {
    // Eight in one tape: what a step of a cell has.
    let tape = (0..<8).map { _ in TapeInstruction(operation, result: 3, a: 0, b: 1, c: 2) }
    let works = [32, 512, 4096].map { columns -> () -> Void in
      let operands = sources.map { TapeOperand.memory($0, rowStride: columns) }
      return {
        tape.withUnsafeBufferPointer { tape in
          operands.withUnsafeBufferPointer { operands in
            Scalar.runTape(
              tape, operands, functions: UnsafeBufferPointer(start: nil, count: 0), scratch: scratch, time: 0, row: 0,
              rows: 1, columns: columns)
          }
        }
      }
    }
    let times = interleave(rounds: 15, works)
    print(
      "| \(operation) | \(text(times[0].best * 1e9 / 8, 1)) | \(text(times[1].best * 1e9 / 8, 1)) | "
        + "\(text(8 * 4096 / times[2].best / 1e9, 2)) |")
  }
}
