/// The equations of the reversed cell: the shares of each symbol put together, each at its time.
extension AdjointBuilder {
  func assembled() throws -> Adjoint {
    let outputs = seeds()
    recordsBySymbol = Dictionary(grouping: records, by: \.symbol)
    for equation in bodies.indices where bodies[equation].targets.count > 1 && isActive(equation) {
      for target in bodies[equation].targets where !active.contains(target) { fillWithZeros(target, equation) }
    }
    for (equation, body) in bodies.enumerated() {
      try poll()
      for symbol in body.targets where forwardKind(symbol) == .variable && active.contains(symbol) {
        let seed = outputs.first { $0.output == symbol }.map { [Share(factors: [read($0.seed)])] } ?? []
        lines.append(
          Line(targets: [adjoint(of: symbol)], shares: seed + timedShares(of: symbol), equation: equation))
      }
    }
    var gradients: [(symbol: SymbolID, gradient: SymbolID)] = []
    for old in forward.inputs {
      guard let symbol = image[old] else { continue }
      let shares = timedShares(of: symbol)
      let target = adjoint(of: symbol)
      lines.append(Line(targets: [target], shares: shares.isEmpty ? [zero(like: read(symbol))] : shares))
      gradients.append((old, target))
    }
    for symbol in image.values.sorted() where forwardKind(symbol) == .derivedParameter && active.contains(symbol) {
      lines.append(sum(of: symbol))
    }
    for old in forward.parameters {
      try poll()
      guard let symbol = image[old] else { continue }
      var line = sum(of: symbol)
      if line.shares.isEmpty, line.summed.isEmpty { line.shares = [zero(like: read(symbol))] }
      lines.append(line)
      gradients.append((old, line.targets[0]))
    }
    var starts: [(state: SymbolID, gradient: SymbolID)] = []
    for start in startAdjoints {
      lines.append(startLine(start))
      if start.isLearned, let old = origin[start.state] { starts.append((old, start.symbol)) }
    }
    let tidied = try AdjointTidying(store: store, writer: writer, ranks: ranks)
      .tidied(lines, poll: poll, keeping: Set(gradients.map(\.gradient) + starts.map(\.gradient)))
    return try finished(withWidths(tidied), seeds: outputs, gradients: gradients, starts: starts)
  }

  func forwardKind(_ symbol: SymbolID) -> Symbol.Kind? { origin[symbol].map { forward.store[$0].kind } }

  /// ε for each output; a cell with a loss of its own has none.
  private func seeds() -> [(output: SymbolID, seed: SymbolID)] {
    guard losses.isEmpty else { return [] }
    let outputs = forward.outputs.compactMap { image[$0] }
    return outputs.map { output in
      let name = names.seed(of: store[output].name, isAlone: outputs.count == 1)
      let symbol = store.add(Symbol(name: name, kind: .input))
      ranks.shapes.symbols[symbol] = ranks.shapes.symbols[output]
      return (output, symbol)
    }
  }

  /// Where several targets of a split are read by nothing, or by gradients of parameters alone, nothing says how wide
  /// each is: then 0 times their product with what they belong to stands beside one that is read.
  private func withWidths(_ lines: [Line]) -> [Line] {
    guard lines.contains(where: { $0.targets.count > 2 || $0.targets.count > 1 && !$0.isTimed }) else { return lines }
    var result = lines
    var readers: [SymbolID: Int] = [:]
    for (index, line) in lines.enumerated() {
      for id in store.computation(of: (line.shares + line.summed).flatMap(\.factors)) {
        if case .read(let symbol, _) = store[id] { readers[symbol] = index }
      }
    }
    for line in lines where line.targets.count > 1 && line.parts.count == line.targets.count {
      let unread = line.targets.indices.filter { readers[line.targets[$0]] == nil || !line.isTimed }
      guard unread.count > 1, let reader = line.targets.compactMap({ readers[$0] }).first else { continue }
      for index in unread {
        let zero = zero(like: product(read(line.targets[index]), line.parts[index]))
        if lines[reader].summed.isEmpty {
          result[reader].shares.append(zero)
        } else {
          result[reader].summed.append(zero)
        }
      }
    }
    return result
  }

  // MARK: What matters

  /// Keeps what belongs to symbols whose adjoint is not zero: outputs, and what an equation of such a symbol has a share
  /// for.
  func keepActive() {
    var readBy: [Int: [SymbolID]] = [:]
    for record in records { if let equation = record.equation { readBy[equation, default: []].append(record.symbol) } }
    var definition: [SymbolID: Int] = [:]
    for (index, body) in bodies.enumerated() { for target in body.targets { definition[target] = index } }
    let outputs = losses.isEmpty ? forward.outputs.compactMap { image[$0] } : losses.flatMap { bodies[$0].targets }
    active = Set(outputs)
    var stack = Array(active)
    while let symbol = stack.popLast() {
      guard let equation = definition[symbol] else { continue }
      for read in readBy[equation] ?? [] where active.insert(read).inserted { stack.append(read) }
    }
    records = records.filter { isActive($0.equation) }
    lines = lines.filter { isActive($0.equation) }
  }

  private func isActive(_ equation: Int?) -> Bool {
    guard let equation, equation < bodies.count else { return true }
    return bodies[equation].targets.contains(where: active.contains)
  }

  private func zero(like node: NodeID) -> Share { transposition.zero(like: node) }

  /// A target of a split that nothing depends on.
  private func fillWithZeros(_ target: SymbolID, _ equation: Int) {
    lines.append(Line(targets: [adjoint(of: target)], shares: [zero(like: read(target))], equation: equation))
  }

  // MARK: Shares at their times

  /// A read of v[t-k] sends its share from t+k; those of t come before those of t+1, a variable's own before others.
  private func timedShares(of symbol: SymbolID) -> [Share] {
    let own = bodies.firstIndex { $0.targets.contains(symbol) }
    let ordered = (recordsBySymbol[symbol] ?? []).enumerated().sorted { a, b in
      let (left, right) = (a.element, b.element)
      let order = (abs(left.shift), left.equation == own ? 0 : 1, left.equation ?? -1, a.offset)
      return order < (abs(right.shift), right.equation == own ? 0 : 1, right.equation ?? -1, b.offset)
    }
    return ordered.flatMap { shifted($0.element.shares, by: 0 &- $0.element.shift, of: symbol) }
  }

  private func shifted(_ shares: [Share], by steps: Int, of symbol: SymbolID) -> [Share] {
    guard steps != 0 else { return shares }
    if shares.contains(where: { $0.factors.contains { !isFiniteAtZero($0, store) } }) {
      // Beyond the ends everything is 0, and 0 / 0 is no number: the share is computed where it belongs.
      let name = names.adjoint(of: names.part(of: store[symbol].name, isArgument: false))
      let whole = add(name, isTimed: true, shape: ranks.shapes.symbols[symbol])
      lines.append(Line(targets: [whole], shares: shares, equation: bodies.firstIndex { $0.targets.contains(symbol) }))
      return [Share(factors: [read(whole, shift: steps)])]
    }
    return shares.map { share in
      Share(isNegative: share.isNegative, factors: share.factors.map { store.shifted($0, by: steps) })
    }
  }

  /// δW: summed over all times where it is read at each, once where a parameter made of parameters reads it.
  private func sum(of symbol: SymbolID) -> Line {
    let own = recordsBySymbol[symbol] ?? []
    return Line(
      targets: [adjoint(of: symbol)], isTimed: false, shares: own.filter { !$0.isTimed }.flatMap(\.shares),
      summed: own.filter(\.isTimed).flatMap(\.shares))
  }

  /// δh_0: what reads h[t-k] at t = k reads the start.
  private func startLine(_ start: (state: SymbolID, time: Int, symbol: SymbolID, isLearned: Bool)) -> Line {
    var byTime: [Int: [Share]] = [:]
    for record in recordsBySymbol[start.state] ?? [] where record.shift < 0 && start.time - record.shift >= 1 {
      byTime[start.time - record.shift, default: []] += record.shares
    }
    var line = Line(targets: [start.symbol], isTimed: false)
    for (time, shares) in byTime.sorted(by: { $0.key < $1.key }) {
      let tidying = AdjointTidying(store: store, writer: writer, ranks: ranks)
      var whole = writer.joined(tidying.collected(shares))
      whole.factors.insert(isTime(time), at: 0)
      line.summed.append(whole)
    }
    if line.summed.isEmpty { line.summed = [zero(like: read(start.state))] }
    return line
  }

  /// 1 at one time, else 0: step(2 - t) for the first.
  private func isTime(_ time: Int) -> NodeID {
    let build = SlopeBuilder(store: store)
    let now = store.insert(.time)
    if time == 1 { return build.apply("step", build.sum((true, build.number(2)), (false, now))) }
    let distance = build.apply("abs", build.sum((true, now), (false, build.number(time))))
    return build.apply("step", build.complement(distance))
  }

  /// Whether an expression is a finite number where all that varies with time is 0.
  private func isFiniteAtZero(_ root: NodeID, _ store: Store) -> Bool { FiniteAtZero(store: store).holds(for: root) }
}

/// Whether an expression is a finite number where all that varies with time is 0, as it is beyond the ends: nothing
/// that varies is divided by, raised to a power that is no whole number, or put into a logarithm.
struct FiniteAtZero {
  let store: Store

  func holds(for root: NodeID) -> Bool {
    store.computation(of: [root]).allSatisfy { id in
      switch store[id] {
      case .quotient(_, let divisor): return store.variation(divisor) < .withTime
      case .power(let base, let exponent):
        if store.variation(base) < .withTime, store.variation(exponent) < .withTime { return true }
        if case .number(let number) = store[exponent], let whole = number.whole { return whole >= 0 }
        return store.variation(base) < .withTime
      case .apply(let operation, let arguments):
        return OperatorTable[operation].name != "log" || arguments.allSatisfy { store.variation($0) < .withTime }
      default: return true
      }
    }
  }
}
