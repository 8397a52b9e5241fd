/// The reversed cell in a store of its own, with nothing in it that it does not use.
extension AdjointBuilder {
  func finished(
    _ lines: [Line], seeds: [(output: SymbolID, seed: SymbolID)],
    gradients: [(symbol: SymbolID, gradient: SymbolID)], starts: [(state: SymbolID, gradient: SymbolID)]
  ) throws -> Adjoint {
    var equations = recalled.map { Recurrence.Equation(targets: [$0.symbol], body: $0.node) }
    equations += lines.map { Recurrence.Equation(targets: $0.targets, body: body(of: $0)) }
    equations = needed(equations, for: Set(gradients.map(\.gradient) + starts.map(\.gradient)))
    equations = forwardParameters(readBy: equations) + equations
    let read = reads(of: equations.map(\.body))
    let startsRead = self.starts.filter { start in read[start.symbol].map { $0 < 0 } == true }
    let all = read.merging(reads(of: startsRead.map(\.root))) { min($0, $1) }

    var result = Recurrence(name: forward.name + "_backward")
    result.isReversed = true
    result.purpose = "backpropagation through time in \(forward.name)"
    let renamed = names.inOrder(partNames)
    var copies: [SymbolID: SymbolID] = [:]
    func copy(_ symbol: SymbolID) -> SymbolID {
      if let known = copies[symbol] { return known }
      let source = store[symbol]
      let new = result.store.add(Symbol(name: renamed[source.name] ?? source.name, kind: source.kind))
      copies[symbol] = new
      return new
    }
    let seedsRead = seeds.filter { all[$0.seed] != nil }
    let track = inputs().filter { all[$0] != nil }
    result.inputs = track.map(copy) + seedsRead.map { copy($0.seed) }
    for equation in equations { for target in equation.targets { _ = copy(target) } }
    for (old, value) in forward.constants.sorted(by: { $0.key < $1.key }) {
      if let symbol = image[old], all[symbol] != nil { result.constants[copy(symbol)] = value }
    }
    for (index, equation) in equations.enumerated() {
      if index % 64 == 0 { try poll() }
      result.equations.append(
        Recurrence.Equation(
          targets: equation.targets.map(copy), body: moved(equation.body, into: result.store, copy, equation: index)))
    }
    for (index, start) in startsRead.enumerated() {
      let value = moved(start.root, into: result.store, copy, equation: equations.count + index)
      result.starts.append(Recurrence.Start(symbol: copy(start.symbol), time: start.time, value: value))
    }
    result.parameters = result.parametersAsRead()
    result.learnedStarts = forward.learnedStarts.compactMap { image[$0] }.filter { read[$0].map { $0 < 0 } == true }
      .map(copy)
    result.outputs = (gradients.map(\.gradient) + starts.map(\.gradient)).map(copy)
    var shapes: [SymbolID: Shape] = [:]
    for (symbol, new) in copies { shapes[new] = ranks.shapes.symbols[symbol] }
    do {
      try result.settleShapes(as: shapes, in: forward.shapes, poll: poll)
      result.widths = widths(of: result, as: shapes)
      if !result.widths.isEmpty { result.shapes = try result.solvedShapes(poll: poll) }
    } catch let stop as Interruption {
      throw stop
    } catch {
      throw AdjointFailure.noShapes(cell: forward.name)
    }
    return Adjoint(
      recurrence: result, seeds: seedsRead.compactMap { seed in origin[seed.output].map { ($0, copy(seed.seed)) } },
      track: track.compactMap { symbol in origin[symbol].map { ($0, copy(symbol)) } },
      gradients: gradients.map { ($0.symbol, copy($0.gradient)) }, starts: starts.map { ($0.state, copy($0.gradient)) })
  }

  private func body(of line: Line) -> NodeID {
    var shares = line.shares
    if !line.summed.isEmpty {
      let whole = writer.joined(line.summed)
      shares.insert(Share(isNegative: whole.isNegative, factors: [store.insert(.total(writer.node(whole)))]), at: 0)
      if shares.count == 1, !shares[0].isNegative { return shares[0].factors[0] }
    }
    return writer.node(shares)
  }

  /// The equations on which outputs depend.
  private func needed(_ equations: [Recurrence.Equation], for outputs: Set<SymbolID>) -> [Recurrence.Equation] {
    var definition: [SymbolID: Int] = [:]
    for (index, equation) in equations.enumerated() { for target in equation.targets { definition[target] = index } }
    var isNeeded = [Bool](repeating: false, count: equations.count)
    var stack = outputs.compactMap { definition[$0] }
    while let index = stack.popLast() {
      if isNeeded[index] { continue }
      isNeeded[index] = true
      stack += reads(of: [equations[index].body]).keys.compactMap { definition[$0] }
    }
    return equations.indices.filter { isNeeded[$0] }.map { equations[$0] }
  }

  /// The parameters made of parameters that are read, with those that they read.
  private func forwardParameters(readBy equations: [Recurrence.Equation]) -> [Recurrence.Equation] {
    var needed = Set(reads(of: equations.map(\.body)).keys)
    var result: [Recurrence.Equation] = []
    for body in bodies.reversed() where body.targets.contains(where: needed.contains) {
      guard body.targets.allSatisfy({ forwardKind($0) == .derivedParameter }) else { continue }
      needed.formUnion(reads(of: [body.root]).keys)
      result.append(Recurrence.Equation(targets: body.targets, body: body.root))
    }
    return result.reversed()
  }

  /// Symbols with the earliest time at which each is read.
  private func reads(of roots: [NodeID]) -> [SymbolID: Int] {
    var result: [SymbolID: Int] = [:]
    for id in store.closure(of: roots) {
      if case .read(let symbol, let shift) = store[id] { result[symbol] = min(result[symbol] ?? shift, shift) }
    }
    return result
  }

  /// The cell's inputs and variables; first those after which widths are called.
  private func inputs() -> [SymbolID] {
    let widths = Set(forward.shapes.openWidths)
    let variables = forward.variables.filter { widths.contains(forward.store[$0].name) }
    let others = forward.variables.filter { !widths.contains(forward.store[$0].name) }
    return (forward.inputs + variables + others).compactMap { image[$0] }
  }

  /// The numbers that the cell's widths were set to, under the names that they have in the reversed cell.
  private func widths(of reversed: Recurrence, as wanted: [SymbolID: Shape]) -> [(name: String, value: Int)] {
    var numbers: [Dimension.Width: Int] = [:]
    for (symbol, shape) in forward.shapes.symbols {
      for (side, number) in zip(shape.dimensions, settled.symbols[symbol]?.dimensions ?? []) {
        if let width = side.alone, let number = number.number { numbers[width] = number }
      }
    }
    var result: [(name: String, value: Int)] = []
    for (symbol, shape) in reversed.shapes.symbols.sorted(by: { $0.key < $1.key }) {
      for (side, form) in zip(shape.dimensions, wanted[symbol]?.dimensions ?? []) {
        guard let width = side.alone, !result.contains(where: { $0.name == reversed.shapes.name(width) }),
          form.terms.allSatisfy({ numbers[$0.width] != nil })
        else { continue }
        let value = form.terms.reduce(form.constant) { $0 + $1.coefficient * (numbers[$1.width] ?? 0) }
        result.append((reversed.shapes.name(width), value))
      }
    }
    return result
  }

  private func moved(
    _ root: NodeID, into target: Store, _ copy: (SymbolID) -> SymbolID, equation: Int
  ) -> NodeID {
    let image = store.rewrite([root], into: target) { node in
      switch node {
      case .read(let symbol, let shift): target.insert(.read(copy(symbol), shift: shift))
      case .identity: target.insert(.identity(equation: equation))
      default: nil
      }
    }
    return image[root] ?? root
  }
}

extension Recurrence {
  /// The parameters in the order in which they are read.
  fileprivate func parametersAsRead() -> [SymbolID] {
    var result: [SymbolID] = []
    var seen: Set<NodeID> = []
    for root in equations.map(\.body) + starts.map(\.value) {
      var stack = [root]
      while let id = stack.popLast() {
        guard seen.insert(id).inserted else { continue }
        if case .read(let symbol, _) = store[id], store[symbol].kind == .parameter { result.append(symbol) }
        if case .block(let matrix, let part, let whole) = store[id] {
          // A block is found by the whole of what its matrix multiplies.
          stack += [part, whole, matrix]
        } else {
          stack += store[id].operands.reversed()
        }
      }
    }
    return result
  }
}

extension Dimension {
  /// The width that it is, if it is one and nothing else.
  fileprivate var alone: Width? {
    constant == 0 && terms.count == 1 && terms[0].coefficient == 1 ? terms[0].width : nil
  }
}
