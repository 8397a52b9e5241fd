// What the plan made from the LSTM's text is measured against: its forward pass written by hand, in the same kernels.
//
//   gates[t] = b + W · x[t]                     for a chunk of times at once, as long as it stays in the cache
//   gates[t] += U · h[t-1]                      step by step
//   c[t] = σ(f) * c[t-1] + σ(i) * tanh(g),  h[t] = σ(o) * tanh(c[t])        in one pass over the row
//
// Nothing passes through memory between σ and h: five activations and the sums of one vector of units are one run of
// instructions. It is compiled together with the kernels (Scripts/bench --hand), since they are inlined into it.

struct LSTMLoop {
  let steps: Int
  let batch: Int
  let x: Int
  let h: Int
  let inputs: UnsafeMutablePointer<Float>  // [time, batch, x]
  let outputs: UnsafeMutablePointer<Float>  // [time + 1, batch, h]; the first is h[0]
  private let cells: UnsafeMutablePointer<Float>  // [batch, h]
  private let gates: UnsafeMutablePointer<Float>  // [time of the chunk, batch, 4·h]: f, i, o, g
  private let inputWeights: Weights
  private let stateWeights: Weights
  private let biases: UnsafeMutablePointer<Float>
  private let chunk: Int

  init(steps: Int, batch: Int, x: Int, h: Int, chance: () -> Float) {
    (self.steps, self.batch, self.x, self.h) = (steps, batch, x, h)
    let most = 1 << 17
    chunk = max(1, min(steps, most / (batch * 4 * h)))
    inputs = LSTMLoop.numbers(steps * batch * x)
    outputs = LSTMLoop.numbers((steps + 1) * batch * h)
    cells = LSTMLoop.numbers(batch * h)
    gates = LSTMLoop.numbers(chunk * batch * 4 * h)
    inputWeights = Weights(rows: steps * batch, inner: x, outer: 4 * h, chance)
    stateWeights = Weights(rows: batch, inner: h, outer: 4 * h, chance)
    biases = LSTMLoop.numbers(4 * h)
    for index in 0..<4 * h { biases[index] = chance() }
  }

  fileprivate static func numbers(_ count: Int) -> UnsafeMutablePointer<Float> {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: (count + 64) * 4, alignment: 64)
    let numbers = memory.bindMemory(to: Float.self, capacity: count + 64)
    numbers.initialize(repeating: 0, count: count + 64)
    return numbers
  }

  /// The whole sequence from zero states; inputs are copied in and outputs out, as for the plan.
  func run(_ values: [Float], into answer: inout [Float]) {
    values.withUnsafeBufferPointer { if let base = $0.baseAddress { inputs.update(from: base, count: $0.count) } }
    cells.update(repeating: 0, count: batch * h)
    outputs.update(repeating: 0, count: batch * h)
    var first = 0
    while first < steps {
      let count = min(chunk, steps - first)
      inputWeights.multiply(rows: count * batch, inputs + first * batch * x, into: gates, .row(biases))
      for step in 0..<count {
        let own = gates + step * batch * 4 * h
        let before = outputs + (first + step) * batch * h
        stateWeights.multiply(rows: batch, before, into: own, .accumulate)
        if h >= 4 * FloatLanes.count {
          elementwise(own, into: before + batch * h, by: Twofold<FloatLanes>.self)
        } else {
          elementwise(own, into: before + batch * h, by: FloatLanes.self)
        }
      }
      first += count
    }
    answer.withUnsafeMutableBufferPointer { answer in
      answer.baseAddress?.update(from: outputs + batch * h, count: steps * batch * h)
    }
  }

  @inline(__always)
  private func elementwise<V: Lanes>(
    _ gates: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>, by _: V.Type
  ) where V.Scalar == Float {
    for row in 0..<batch {
      let (own, cell, output) = (gates + row * 4 * h, cells + row * h, result + row * h)
      var unit = 0
      while unit + V.count <= h {
        let f = V.sigmoid(V(at: own + unit))
        let i = V.sigmoid(V(at: own + h + unit))
        let g = Float.tanh(V(at: own + 3 * h + unit))
        let c = f.multiplied(by: V(at: cell + unit), plus: i * g)
        c.store(to: cell + unit)
        (V.sigmoid(V(at: own + 2 * h + unit)) * Float.tanh(c)).store(to: output + unit)
        unit += V.count
      }
      while unit < h {
        let count = min(FloatLanes.count, h - unit)
        func part(_ source: UnsafePointer<Float>) -> FloatLanes { FloatLanes(at: source, count: count) }
        let (f, i) = (FloatLanes.sigmoid(part(own + unit)), FloatLanes.sigmoid(part(own + h + unit)))
        let c = f.multiplied(by: part(cell + unit), plus: i * Float.tanh(part(own + 3 * h + unit)))
        c.store(to: cell + unit, count: count)
        (FloatLanes.sigmoid(part(own + 2 * h + unit)) * Float.tanh(c)).store(to: output + unit, count: count)
        unit += count
      }
    }
  }
}

/// Weights of a product of rows of `inner` numbers side by side, packed for the unit that is faster for so many rows.
struct Weights {
  private let inner: Int
  private let outer: Int
  private let packed: UnsafeMutablePointer<Float>
  /// For tiles; nil on vectors.
  private let room: UnsafeMutablePointer<Float>?

  init(rows: Int, inner: Int, outer: Int, _ chance: () -> Float) {
    (self.inner, self.outer) = (inner, outer)
    let isTiled = Float.isFasterTiled(rows: rows, inner: inner, outer: outer)
    let source = (0..<inner * outer).map { _ in chance() }
    func pack(_ first: Int, _ columns: Int, into target: UnsafeMutablePointer<Float>) {
      source.withUnsafeBufferPointer {
        guard let base = $0.baseAddress else { return }
        Float.pack(
          base + first * inner, outerStride: inner, innerStride: 1, outer: columns, inner: inner, sign: 1, into: target,
          packedInner: inner, innerOffset: 0, outerOffset: 0)
      }
    }
    if isTiled {
      packed = LSTMLoop.numbers(Float.tiledCount(inner: inner, outer: outer))
      room = LSTMLoop.numbers(Float.tiledProductRoom(rows: rows, inner: inner))
      let strip = LSTMLoop.numbers(Float.packedCount(inner: inner, outer: Float.tiledStrip))
      defer { strip.deallocate() }
      for first in stride(from: 0, to: outer, by: Float.tiledStrip) {
        let columns = min(Float.tiledStrip, outer - first)
        pack(first, columns, into: strip)
        Float.tile(strip, columns: columns, inner: inner, firstColumn: first, into: packed)
      }
    } else {
      packed = LSTMLoop.numbers(Float.packedCount(inner: inner, outer: outer))
      room = nil
      pack(0, outer, into: packed)
    }
  }

  @inline(__always)
  func multiply(
    rows: Int, _ left: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>, _ start: ProductStart<Float>
  ) {
    if let room {
      Float.tiledProduct(
        rows: rows, inner: inner, outer: outer, left: left, leftStride: inner, tiles: packed, result: result,
        resultStride: outer, start: start, room: room)
    } else {
      Float.product(
        rows: rows, inner: inner, outer: outer, left: left, leftStride: inner, packed: packed, result: result,
        resultStride: outer, start: start)
    }
  }
}
