import Algebra

/// The way back of a `GradientFlow`: rows of derivatives by the states of ever earlier times.
struct FlowWalk {
  /// ∂v[T]/∂(a member of S[t]), of paths that passed through some groups.
  private struct Key: Hashable, Comparable {
    var state: Int
    var member: Int
    var visited: StepPaths.Visited

    static func < (a: Key, b: Key) -> Bool { (a.state, a.member, a.visited) < (b.state, b.member, b.visited) }
  }

  private let net: Net
  private let paths: StepPaths
  private let observe: ((SymbolID, Int, StepPaths.Visited, [Double]) -> Void)?
  /// States whose value of now is read later: all of them.
  private let symbols: [SymbolID]
  private let widths: [Int]
  private var rows: [Key: [Double]] = [:]
  private var norms: [[Double]]
  private var classes: [[StepPaths.Visited: (norms: [Double], solver: SpectralNorm)]]
  private var solvers: [SpectralNorm]
  private var mean: MeanJacobian
  private var directSums: [Double]
  private var directCounts: [Int]
  private var isDirectDiagonal: [Bool]

  init(
    _ net: Net, _ paths: StepPaths, observe: ((SymbolID, Int, StepPaths.Visited, [Double]) -> Void)?
  ) {
    self.net = net
    self.paths = paths
    self.observe = observe
    symbols = paths.members.filter { $0.delay == 0 }.map(\.symbol).filter {
      net.recurrence.store[$0].kind == .variable
    }
    widths = paths.members.map { net.count($0.symbol) }
    mean = MeanJacobian(paths.members, widths: widths)
    norms = symbols.map { _ in [] }
    classes = symbols.map { _ in [:] }
    solvers = symbols.map { _ in SpectralNorm() }
    directSums = symbols.map { _ in 0 }
    directCounts = symbols.map { _ in 0 }
    isDirectDiagonal = symbols.map { _ in true }
    for (state, symbol) in symbols.enumerated() {
      guard let member = paths.members.firstIndex(of: .init(symbol: symbol, delay: 0)) else { continue }
      let width = widths[member]
      var identity = [Double](repeating: 0, count: width * width)
      for index in 0..<width { identity[index * width + index] = 1 }
      rows[Key(state: state, member: member, visited: 0)] = identity
    }
  }

  mutating func run(from time: Int, steps: Int, isInterrupted: () -> Bool) throws {
    for back in 0...steps {
      if isInterrupted() { throw Interruption() }
      let moment = moment(at: time - back)
      try measure(back, moment)
      if back < steps { try step(moment, isInterrupted) }
    }
  }

  private func moment(at time: Int) -> StepPaths.Moment {
    let net = net
    return paths.moment(
      at: time, shapes: net.shapes, multiply: FlowProduct.product, isHeld: { net.isHeld($0, at: $1) }
    ) { symbol, at in
      net.matrix(symbol, at: at)
    }
  }

  // MARK: One step back

  private mutating func step(_ moment: StepPaths.Moment, _ isInterrupted: () -> Bool) throws {
    let parts = try paths.parts(moment)
    note(parts)
    var next: [Key: [Double]] = [:]
    // Always in the same order, so that sums are the same to the last bit.
    let rows = rows.sorted { $0.key < $1.key }
    for part in parts {
      let (row, column) = (part.row, part.column)
      let entering = part.visited | paths.bit(of: paths.members[column].symbol)
      if isInterrupted() { throw Interruption() }
      var packed: FlowProduct.Right?
      for (key, left) in rows where key.member == row {
        let own = paths.bit(of: symbols[key.state])
        let after = Key(state: key.state, member: column, visited: (key.visited | entering) & ~own)
        let height = left.count / max(widths[row], 1)
        let empty = height * widths[column]
        var result = next.removeValue(forKey: after) ?? [Double](repeating: 0, count: empty)
        switch part.map {
        case .diagonal(let factors): Self.add(left, scaledBy: factors, to: &result)
        case .dense(let matrix):
          let right = packed ?? FlowProduct.Right(matrix.values, inner: matrix.rows, outer: matrix.columns)
          packed = right
          right.add(left, rows: height, to: &result)
        }
        next[after] = result
      }
    }
    // Values that are carried over from the step before.
    for (key, left) in rows where paths.members[key.member].delay > 0 {
      let member = paths.members[key.member]
      guard let earlier = paths.members.firstIndex(of: .init(symbol: member.symbol, delay: member.delay - 1)) else {
        continue
      }
      let own = paths.bit(of: symbols[key.state])
      let after = Key(
        state: key.state, member: earlier, visited: (key.visited | paths.bit(of: member.symbol)) & ~own)
      if var known = next.removeValue(forKey: after) {
        for index in known.indices { known[index] += left[index] }
        next[after] = known
      } else {
        next[after] = left
      }
    }
    self.rows = next
  }

  private static func add(_ left: [Double], scaledBy factors: [Double], to result: inout [Double]) {
    let width = factors.count
    guard left.count == result.count, width > 0 else { return }
    left.withUnsafeBufferPointer { left in
      factors.withUnsafeBufferPointer { factors in
        result.withUnsafeMutableBufferPointer { result in
          for row in 0..<left.count / width {
            for column in 0..<width { result[row * width + column] += left[row * width + column] * factors[column] }
          }
        }
      }
    }
  }

  /// Into the mean of M, and of what scales each state by itself.
  private mutating func note(_ parts: [StepPaths.Part]) {
    mean.add(parts)
    for part in parts {
      guard part.row == part.column, let state = symbols.firstIndex(of: paths.members[part.row].symbol),
        part.visited & ~paths.bit(of: symbols[state]) == 0
      else { continue }
      if case .diagonal(let factors) = part.map {
        directSums[state] += factors.reduce(0, +)
        directCounts[state] += factors.count
      } else {
        isDirectDiagonal[state] = false
      }
    }
  }

  // MARK: Norms

  private mutating func measure(_ back: Int, _ moment: StepPaths.Moment) throws {
    let rows = rows.sorted { $0.key < $1.key }
    for (state, symbol) in symbols.enumerated() {
      let own = paths.bit(of: symbol)
      let entries = try paths.entries(by: symbol, moment)
      guard let place = paths.members.firstIndex(of: .init(symbol: symbol, delay: 0)) else { continue }
      let width = widths[place]
      var found: [StepPaths.Visited: [Double]] = [:]
      // What v does to other states of the same time counts only where they are read later: at T nothing is.
      for (key, left) in rows where key.state == state {
        if key.member == place {
          Self.add(left, to: &found[key.visited & ~own, default: [Double](repeating: 0, count: left.count)])
        }
        for entry in entries where entry.row == key.member {
          var result =
            found.removeValue(forKey: (key.visited | entry.visited) & ~own)
            ?? [Double](repeating: 0, count: left.count / max(widths[key.member], 1) * width)
          switch entry.map {
          case .diagonal(let factors): Self.add(left, scaledBy: factors, to: &result)
          case .dense(let matrix):
            FlowProduct.Right(matrix.values, inner: matrix.rows, outer: matrix.columns)
              .add(left, rows: left.count / max(widths[key.member], 1), to: &result)
          }
          found[(key.visited | entry.visited) & ~own] = result
        }
      }
      var whole = [Double](repeating: 0, count: width * width)
      for (visited, matrix) in found.sorted(by: { $0.key < $1.key }) {
        observe?(symbol, back, visited, matrix)
        Self.add(matrix, to: &whole)
        var known = classes[state].removeValue(forKey: visited) ?? ([], SpectralNorm())
        while known.norms.count < back { known.norms.append(0) }
        known.norms.append(known.solver.of(matrix, rows: width, columns: width))
        classes[state][visited] = known
      }
      norms[state].append(solvers[state].of(whole, rows: width, columns: width))
    }
  }

  private static func add(_ values: [Double], to result: inout [Double]) {
    guard values.count == result.count else { return }
    values.withUnsafeBufferPointer { values in
      result.withUnsafeMutableBufferPointer { result in
        for index in result.indices { result[index] += values[index] }
      }
    }
  }

  var states: [GradientFlow.State] {
    symbols.enumerated().map { state, symbol in
      let count = norms[state].count
      let sets = classes[state].sorted {
        ($0.key.nonzeroBitCount, $0.key) < ($1.key.nonzeroBitCount, $1.key)
      }
      let parts = sets.map { visited, known in
        GradientFlow.PathClass(
          visited: visited, name: paths.name(visited, of: symbol),
          norms: known.norms + [Double](repeating: 0, count: count - known.norms.count))
      }
      // What is there at 0 steps alone is the state itself, which no path leads to.
      let kept = parts.filter { $0.norms.dropFirst().contains { $0 != 0 } }
      var direct: (text: String, mean: Double?)?
      if let text = paths.direct[symbol] {
        let isMeant = isDirectDiagonal[state] && directCounts[state] > 0
        direct = (text, isMeant ? directSums[state] / Double(directCounts[state]) : nil)
      }
      return GradientFlow.State(
        symbol: symbol, name: net.recurrence.store[symbol].name, norms: norms[state], classes: kept, direct: direct)
    }
  }

  var meanJacobian: MeanJacobian { mean }
}
