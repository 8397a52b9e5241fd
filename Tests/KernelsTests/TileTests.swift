import Kernels
import XCTest

/// Products on the matrix unit, against the definition and against those on vectors.
final class TileTests: XCTestCase {
  override func setUpWithError() throws {
    try XCTSkipUnless(Float.hasMatrixUnit, "no matrix unit")
  }

  /// Weights (o, k) in tiles, by way of strips as the plan makes them.
  private func tiles(_ weights: Guarded<Float>, inner: Int, outer: Int) -> Guarded<Float> {
    let result = Guarded<Float>(Float.tiledCount(inner: inner, outer: outer), aligned: true) { _ in .nan }
    let strip = Guarded<Float>(Float.packedCount(inner: inner, outer: Float.tiledStrip)) { _ in .nan }
    for first in stride(from: 0, to: outer, by: Float.tiledStrip) {
      let columns = min(Float.tiledStrip, outer - first)
      Float.pack(
        weights.pointer + first * inner, outerStride: inner, innerStride: 1, outer: columns, inner: inner, sign: 1,
        into: strip.pointer, packedInner: inner, innerOffset: 0, outerOffset: 0)
      Float.tile(strip.pointer, columns: columns, inner: inner, firstColumn: first, into: result.pointer)
    }
    XCTAssertTrue(strip.isIntact && result.isIntact, "written beside the tiles of \(inner) × \(outer)")
    return result
  }

  private func room(_ count: Int) -> Guarded<Float> { Guarded<Float>(count, aligned: true) { _ in .nan } }

  func testProductsOfOddSizes() {
    var random = Numbers(state: 3)
    var (tiled, plain) = (0.0, 0.0)
    for trial in 0..<160 {
      let rows = random.whole(1...(trial % 4 == 0 ? 150 : 40))
      let inner = trial % 10 == 0 ? random.whole(500...1200) : random.whole(1...130)
      let outer = random.whole(1...(trial % 5 == 0 ? 300 : 100))
      guard rows * inner * outer < 1_500_000 else { continue }
      let leftStride = inner + random.whole(0...9)
      let resultStride = outer + random.whole(0...9)
      let left = Guarded<Float>(rows * leftStride) { _ in random.real() }
      let weights = Guarded<Float>(outer * inner) { _ in random.real() }
      let bias = Guarded<Float>(outer) { _ in random.real() }
      let before = (0..<rows * resultStride).map { _ in random.real() as Float }
      let inTiles = tiles(weights, inner: inner, outer: outer)
      let packed = Guarded<Float>(Float.packedCount(inner: inner, outer: outer)) { _ in 0 }
      Float.pack(
        weights.pointer, outerStride: inner, innerStride: 1, outer: outer, inner: inner, sign: 1, into: packed.pointer,
        packedInner: inner, innerOffset: 0, outerOffset: 0)
      let kind = trial % 3
      let start: ProductStart<Float> = kind == 0 ? .zero : kind == 1 ? .accumulate : .row(bias.pointer)
      let room = room(Float.tiledProductRoom(rows: rows, inner: inner))
      let result = Guarded<Float>(before.count) { before[$0] }
      let onVectors = Guarded<Float>(before.count) { before[$0] }
      Float.tiledProduct(
        rows: rows, inner: inner, outer: outer, left: left.pointer, leftStride: leftStride, tiles: inTiles.pointer,
        result: result.pointer, resultStride: resultStride, start: start, room: room.pointer)
      Float.product(
        rows: rows, inner: inner, outer: outer, left: left.pointer, leftStride: leftStride, packed: packed.pointer,
        result: onVectors.pointer, resultStride: resultStride, start: start)

      let name = "\(rows) × \(inner) × \(outer)"
      func sum(_ r: Int, _ n: Int) -> Double {
        var sum = kind == 0 ? 0 : kind == 1 ? Double(before[r * resultStride + n]) : Double(bias[n])
        for k in 0..<inner { sum += Double(left[r * leftStride + k]) * Double(weights[n * inner + k]) }
        return sum
      }
      let scale = Double(inner).squareRoot()
      let own = differences(
        result, from: before, rows: rows, columns: outer, stride: resultStride, name, sum)
      let others = differences(
        onVectors, from: before, rows: rows, columns: outer, stride: resultStride, name, sum)
      tiled += own.reduce(0) { $0 + $1 * $1 } / scale
      plain += others.reduce(0) { $0 + $1 * $1 } / scale
      let worst = own.reduce(0) { max($0, abs($1)) } / max(1, scale)
      XCTAssertLessThan(worst, 2e-6, name)
      XCTAssertTrue(result.isIntact && room.isIntact, "\(name): written beside a buffer")

      // A row by itself gives the same bits.
      for r in [0, rows / 2, rows - 1] {
        let alone = Guarded<Float>(outer) { kind == 1 ? before[r * resultStride + $0] : 0 }
        Float.tiledProduct(
          rows: 1, inner: inner, outer: outer, left: left.pointer + r * leftStride, leftStride: leftStride,
          tiles: inTiles.pointer, result: alone.pointer, resultStride: outer, start: start, room: room.pointer)
        for n in 0..<outer { XCTAssertEqual(alone[n], result[r * resultStride + n], "\(name): row \(r) alone") }
        XCTAssertTrue(alone.isIntact, "\(name): written beside a row")
      }
    }
    // Sums of thirds round less than a chain of fused products.
    XCTAssertLessThan(tiled, 0.8 * plain)
    XCTAssertGreaterThan(tiled, 0.01 * plain)
  }

  /// What has no thirds, and what rounds to infinity in one, comes out as it does on vectors.
  func testProductsOfWhatIsNotFinite() {
    let (rows, inner, outer) = (20, 40, 70)
    var random = Numbers(state: 5)
    let largest = Float.greatestFiniteMagnitude
    for special in [Float.infinity, -.infinity, .nan, largest, -largest] {
      for isWeight in [false, true] {
        let left = Guarded<Float>(rows * inner) { !isWeight && $0 == 3 * inner + 17 ? special : random.real() / 4 }
        let weights = Guarded<Float>(outer * inner) { isWeight && $0 == 33 * inner + 9 ? special : random.real() / 4 }
        let inTiles = tiles(weights, inner: inner, outer: outer)
        let room = room(Float.tiledProductRoom(rows: rows, inner: inner))
        let result = Guarded<Float>(rows * outer) { _ in 0 }
        Float.tiledProduct(
          rows: rows, inner: inner, outer: outer, left: left.pointer, leftStride: inner, tiles: inTiles.pointer,
          result: result.pointer, resultStride: outer, start: .zero, room: room.pointer)
        for r in 0..<rows {
          for n in 0..<outer {
            var sum: Float = 0
            for k in 0..<inner { sum += left[r * inner + k] * weights[n * inner + k] }
            let (own, name) = (result[r * outer + n], "\(special), row \(r), column \(n)")
            if sum.isFinite {
              XCTAssertEqual(own, sum, accuracy: max(1, abs(sum)) * 2e-6, name)
            } else {
              XCTAssertTrue(own == sum || own.isNaN && sum.isNaN, "\(name): \(own), not \(sum)")
            }
          }
        }
      }
    }
  }

  /// Room for many rows is room for fewer: a plan asks once, for all of its chunks.
  func testRoomForManyRowsIsRoomForFewer() {
    for rightCount in [40, 352, 600, 1536, 5000] {
      for rows in [100, 480, 512, 900] {
        let most = Float.tiledOuterProductRoom(rows: rows, rightCount: rightCount)
        let room = Guarded<Float>(most, aligned: true) { _ in 0 }
        for fewer in stride(from: rows, through: 1, by: -31) {
          let left = Guarded<Float>(fewer * 40) { Float($0 % 7) }
          let right = Guarded<Float>(fewer * rightCount) { Float($0 % 5) }
          let result = Guarded<Float>(40 * rightCount) { _ in 0 }
          Float.tiledOuterProduct(
            rows: fewer, left: left.pointer, leftStride: 40, leftCount: 40, right: right.pointer,
            rightStride: rightCount, rightCount: rightCount, result: result.pointer, resultStride: rightCount,
            accumulate: false, room: room.pointer)
          XCTAssertTrue(room.isIntact, "\(fewer) of \(rows) rows, \(rightCount) columns: beyond the room")
        }
        for (inner, fewer) in [(40, 1), (1500, 17), (4096, 33)] {
          XCTAssertLessThanOrEqual(
            Float.tiledProductRoom(rows: min(fewer, rows), inner: inner),
            Float.tiledProductRoom(rows: rows, inner: inner))
        }
      }
    }
  }

  func testSumsOfOuterProducts() {
    var random = Numbers(state: 11)
    for trial in 0..<60 {
      // Now and then more than a block of the sum.
      let rows = trial % 8 == 0 ? random.whole(510...1100) : random.whole(1...120)
      let (leftCount, rightCount) = (random.whole(1...90), random.whole(1...(trial % 6 == 0 ? 400 : 90)))
      guard rows * leftCount * rightCount < 4_000_000 else { continue }
      let (leftStride, rightStride) = (leftCount + random.whole(0...5), rightCount + random.whole(0...5))
      let resultStride = rightCount + random.whole(0...5)
      let special = trial % 7 == 3 ? random.whole(0...rows * leftCount - 1) : -1
      let left = Guarded<Float>(rows * leftStride) { $0 == special ? .infinity : random.real() }
      let right = Guarded<Float>(rows * rightStride) { _ in random.real() }
      let before = (0..<leftCount * resultStride).map { _ in random.real() as Float }
      let result = Guarded<Float>(before.count) { before[$0] }
      let room = room(Float.tiledOuterProductRoom(rows: rows, rightCount: rightCount))
      let accumulate = trial % 2 == 0
      Float.tiledOuterProduct(
        rows: rows, left: left.pointer, leftStride: leftStride, leftCount: leftCount, right: right.pointer,
        rightStride: rightStride, rightCount: rightCount, result: result.pointer, resultStride: resultStride,
        accumulate: accumulate, room: room.pointer)
      let name = "\(leftCount) × \(rightCount) over \(rows) rows"
      let found = differences(
        result, from: before, rows: leftCount, columns: rightCount, stride: resultStride, name
      ) { m, n in
        var sum = accumulate ? Double(before[m * resultStride + n]) : 0
        for r in 0..<rows { sum += Double(left[r * leftStride + m]) * Double(right[r * rightStride + n]) }
        return sum
      }
      let worst = found.reduce(0) { max($0, abs($1)) }
      XCTAssertLessThan(worst, 2e-6 * max(1, Double(rows).squareRoot()), name)
      XCTAssertTrue(result.isIntact && room.isIntact, "\(name): written beside a buffer")
    }
  }
}
