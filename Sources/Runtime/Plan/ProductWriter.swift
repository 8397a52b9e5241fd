import Algebra

/// Joins products into few large ones: those that are added to the same place and read neighbours have one inner
/// dimension; those that then read the same and write neighbours have one outer dimension.
struct ProductWriter {
  struct Block {
    var value: Int
    var matrix: Operand
    var isNegative: Bool
    var left: Slice
    /// The time at which `left` is read. One sequence's rows of two times are neighbours too, but are not joined: what
    /// is added in which order does not depend on the batch.
    var shift: Int
    var result: Slice
    /// The affine value that it is added to.
    var target: Int
  }

  /// Blocks that are one product: block (i, j) multiplies the i-th part of `left` into the j-th part of `result`.
  struct Joined {
    var left: Slice
    var result: Slice
    var blocks: [(block: Block, innerOffset: Int, outerOffset: Int)]
    var targets: [Int]
    /// Something was added to the targets before; else the product begins with their biases.
    var isStarted = false
  }

  /// - Parameter started: affine values to which something was added already.
  static func joined(_ blocks: [Block], started: inout Set<Int>) -> [Joined] {
    var result: [Joined] = []
    for var strip in strips(blocks) {
      strip.isStarted = started.contains(strip.targets[0])
      started.formUnion(strip.targets)
      if let last = result.indices.last, result[last].left == strip.left, follows(result[last].result, strip.result),
        result[last].isStarted == strip.isStarted
      {
        let offset = result[last].result.count
        result[last].blocks += strip.blocks.map { ($0.block, $0.innerOffset, offset) }
        result[last].result.count += strip.result.count
        result[last].targets += strip.targets
      } else {
        result.append(strip)
      }
    }
    return result
  }

  /// For each target the runs of neighbours that it reads, sorted so that equal runs into neighbours follow each other.
  private static func strips(_ blocks: [Block]) -> [Joined] {
    var byTarget: [Slice: [Block]] = [:]
    var places: [Slice] = []
    for block in blocks {
      if byTarget[block.result] == nil { places.append(block.result) }
      byTarget[block.result, default: []].append(block)
    }
    var strips: [Joined] = []
    for place in places {
      let sorted = (byTarget[place] ?? []).sorted { ($0.left.base, $0.value) < ($1.left.base, $1.value) }
      var run: Joined?
      for block in sorted {
        if var current = run, current.blocks[0].block.shift == block.shift, follows(current.left, block.left) {
          current.blocks.append((block, current.left.count, 0))
          current.left.count += block.left.count
          run = current
        } else {
          if let run { strips.append(run) }
          run = Joined(left: block.left, result: place, blocks: [(block, 0, 0)], targets: [block.target])
        }
      }
      if let run { strips.append(run) }
    }
    // Equal left sides follow each other in the order in which the equations have them, whatever their places.
    var order: [Slice: Int] = [:]
    func first(_ strip: Joined) -> Int { strip.blocks.map(\.block.value).min() ?? 0 }
    for strip in strips { order[strip.left] = min(order[strip.left] ?? Int.max, first(strip)) }
    return strips.sorted { (order[$0.left] ?? 0, $0.result.base) < (order[$1.left] ?? 0, $1.result.base) }
  }

  /// Whether the second slice begins where the first ends, in the same rows.
  static func follows(_ first: Slice, _ second: Slice) -> Bool {
    first.timeStride == second.timeStride && first.rowStride == second.rowStride
      && first.base + first.count == second.base
  }
}
