/// The equations of a reversed cell as they are read: common factors out, names that are used once put in their
/// place, each equation after those that it reads at the same time.
struct AdjointTidying {
  typealias Line = AdjointBuilder.Line
  let store: Store
  let writer: ShareWriter
  let ranks: NodeRanks

  func tidied(_ lines: [Line], poll: () throws -> Void, keeping outputs: Set<SymbolID>) throws -> [Line] {
    var result = lines
    var count = 0
    // What was put in its place may have a factor in common with what stands there.
    repeat {
      count = result.count
      for index in result.indices {
        try poll()
        result[index].shares = collected(result[index].shares)
        result[index].summed = collected(result[index].summed)
      }
      result = try inlined(result, poll: poll, keeping: outputs)
    } while result.count < count
    return try ordered(result, poll: poll, outputs: outputs)
  }

  // MARK: Common factors

  /// `δh * h̃ - δh * h⁻` is `δh * (h̃ - h⁻)`.
  func collected(_ shares: [Share]) -> [Share] {
    let shares = counted(shares.map(writer.withoutOnes))
    guard shares.count > 1 else { return shares }
    var result: [Share] = []
    var isUsed = [Bool](repeating: false, count: shares.count)
    for (index, share) in shares.enumerated() where !isUsed[index] {
      let same = shares.indices.filter { $0 >= index && isRead(shares[$0].factors.first, share.factors.first) }
      guard same.count > 1, let factor = share.factors.first, fits(same.map { shares[$0] }, factor) else {
        result.append(share)
        continue
      }
      for other in same { isUsed[other] = true }
      let rests = same.map { Share(isNegative: shares[$0].isNegative, factors: Array(shares[$0].factors.dropFirst())) }
      if rests.allSatisfy(\.isNegative) {
        result.append(Share(isNegative: true, factors: [factor, writer.node(rests.map(\.negated))]))
      } else {
        result.append(Share(factors: [factor, writer.node(rests)]))
      }
    }
    return result
  }

  /// `a + a` is `2 * a`, and `a - a` nothing, unless nothing else is left.
  private func counted(_ shares: [Share]) -> [Share] {
    guard shares.count > 1 else { return shares }
    var result: [Share] = []
    var counts: [[NodeID]: Int] = [:]
    for share in shares { counts[share.factors, default: 0] += share.isNegative ? -1 : 1 }
    var done: Set<[NodeID]> = []
    for share in shares where done.insert(share.factors).inserted {
      let count = counts[share.factors] ?? 0
      if count == 0 { continue }
      let number = abs(count) == 1 ? [] : [store.insert(.number(Decimal(abs(count))))]
      result.append(Share(isNegative: count < 0, factors: number + share.factors))
    }
    return result.isEmpty ? shares : result
  }

  private func isRead(_ a: NodeID?, _ b: NodeID?) -> Bool {
    guard let a, a == b, case .read = store[a] else { return false }
    return true
  }

  /// Whether the other factors can be added up, and do not grow beyond the common one.
  private func fits(_ shares: [Share], _ factor: NodeID) -> Bool {
    let others = shares.map { share in share.factors.dropFirst().map { ranks[$0] }.max() ?? 0 }
    guard let largest = others.max(), largest <= ranks[factor] else { return false }
    return largest < 2 || others.allSatisfy { $0 == 2 }
  }

  // MARK: Names used once

  private func inlined(
    _ lines: [Line], poll: () throws -> Void, keeping outputs: Set<SymbolID>
  ) throws -> [Line] {
    var result = lines
    let definition = definitions(lines)
    var uses: [SymbolID: Int] = [:]
    var user: [SymbolID: Int] = [:]
    for (index, line) in lines.enumerated() {
      try poll()
      for (symbol, count) in reads(of: line) where definition[symbol] != nil {
        uses[symbol, default: 0] += count
        user[symbol] = index
      }
    }
    // Where the body of a line has gone to.
    var movedTo = Array(lines.indices)
    var isGone = [Bool](repeating: false, count: lines.count)
    for (index, line) in lines.enumerated() {
      guard line.targets.count == 1, let symbol = line.targets.first, !outputs.contains(symbol), uses[symbol] == 1,
        line.summed.isEmpty, var place = user[symbol]
      else { continue }
      while movedTo[place] != place { place = movedTo[place] }
      guard place != index, put(symbol, result[index].shares, into: &result[place]) else { continue }
      movedTo[index] = place
      isGone[index] = true
    }
    return result.indices.filter { !isGone[$0] }.map { result[$0] }
  }

  private func definitions(_ lines: [Line]) -> [SymbolID: Int] {
    var result: [SymbolID: Int] = [:]
    for (index, line) in lines.enumerated() { for target in line.targets { result[target] = index } }
    return result
  }

  /// How often each symbol stands in a line.
  private func reads(of line: Line) -> [SymbolID: Int] {
    var result: [SymbolID: Int] = [:]
    for factor in (line.shares + line.summed).flatMap(\.factors) {
      var paths: [NodeID: Int] = [factor: 1]
      for id in store.computation(of: [factor]).reversed() {
        let count = paths[id] ?? 0
        if case .read(let symbol, _) = store[id] { result[symbol, default: 0] += count }
        if case .block(let matrix, _, _) = store[id] {
          paths[matrix, default: 0] += count
        } else {
          for operand in store[id].operands { paths[operand, default: 0] = min(paths[operand, default: 0] + count, 9) }
        }
      }
    }
    return result
  }

  /// Puts the body of a symbol where it is read; false if it would not read well there.
  private func put(_ symbol: SymbolID, _ body: [Share], into line: inout Line) -> Bool {
    put(symbol, body, into: &line.shares) || put(symbol, body, into: &line.summed)
  }

  private func put(_ symbol: SymbolID, _ body: [Share], into shares: inout [Share]) -> Bool {
    for (index, share) in shares.enumerated() {
      for (position, factor) in share.factors.enumerated() {
        guard case .read(symbol, let shift) = store[factor] else { continue }
        guard let new = replacement(share, position, body, shift: shift) else { return false }
        shares.replaceSubrange(index...index, with: new)
        return true
      }
    }
    return false
  }

  private func replacement(_ share: Share, _ position: Int, _ body: [Share], shift: Int) -> [Share]? {
    if shift != 0, body.contains(where: { $0.factors.contains { !FiniteAtZero(store: store).holds(for: $0) } }) {
      return nil
    }
    let moved = body.map { part in
      Share(
        isNegative: part.isNegative != share.isNegative, factors: part.factors.map { store.shifted($0, by: shift) })
    }
    if share.factors.count == 1 { return moved }
    guard moved.count == 1 else { return nil }
    var result = share
    result.isNegative = moved[0].isNegative
    result.factors.replaceSubrange(position...position, with: moved[0].factors)
    return [result]
  }

  // MARK: Order

  /// Each line after those that it reads at the same time, otherwise in the order of the forward equations; outputs
  /// last.
  private func ordered(_ lines: [Line], poll: () throws -> Void, outputs: Set<SymbolID>) throws -> [Line] {
    let definition = definitions(lines)
    var waits: [Set<Int>] = try lines.enumerated().map { index, line in
      try poll()
      var others: Set<Int> = []
      for id in store.computation(of: (line.shares + line.summed).flatMap(\.factors)) {
        if case .read(let symbol, 0) = store[id], let other = definition[symbol], other != index {
          others.insert(other)
        }
      }
      return others
    }
    let ranks = lines.enumerated().map { index, line -> (Int, Int, Int) in
      let isOutput = line.targets.contains(where: outputs.contains)
      return (line.isTimed ? (isOutput ? 1 : 0) : 2, isOutput && !line.isTimed ? 0 : line.equation ?? .max, index)
    }
    var followers = [[Int]](repeating: [], count: lines.count)
    for (index, others) in waits.enumerated() { for other in others { followers[other].append(index) } }
    // The next one stands last.
    var ready = lines.indices.filter { waits[$0].isEmpty }.sorted { ranks[$0] > ranks[$1] }
    var result: [Line] = []
    while let index = ready.popLast() {
      try poll()
      result.append(lines[index])
      for follower in followers[index] {
        waits[follower].remove(index)
        guard waits[follower].isEmpty else { continue }
        var (low, high) = (0, ready.count)
        while low < high {
          let middle = (low + high) / 2
          if ranks[ready[middle]] > ranks[follower] { low = middle + 1 } else { high = middle }
        }
        ready.insert(follower, at: low)
      }
    }
    return result
  }
}
