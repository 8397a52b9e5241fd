import Algebra

/// Backpropagation through time along what a net did.
extension Net {
  public struct Gradients: Sendable {
    /// ∂L/∂x, `[steps][batch][width]`, of each input.
    public var inputs: [(symbol: SymbolID, values: [Double])] = []
    /// ∂L/∂W of each parameter, summed over times and sequences.
    public var parameters: [(symbol: SymbolID, values: [Double])] = []
    /// ∂L/∂h[0] of each learned start, summed over sequences.
    public var starts: [(symbol: SymbolID, values: [Double])] = []
  }

  /// The gradients of L = Σ E · y over all times from 1 to the time reached, by the backward pass in Float64.
  ///
  /// - Parameter cotangents: E, `[steps][batch][width]` for each output; none if the cell has a loss of its own.
  /// - Throws: `AdjointFailure`; `NetError` if the track is not one run of the net as it is, E is of another size, or it
  ///   is too long to be held at once; `NetError.interrupted` if `isInterrupted` said so.
  public func gradients(
    _ cotangents: [SymbolID: [Double]], isInterrupted: () -> Bool = { false }
  ) throws -> Gradients {
    let adjoint = try adjoint()
    let batch = batch ?? 1
    try requireOneRun()
    for (output, _) in adjoint.seeds {
      let needed = time * batch * count(output)
      let got = cotangents[output]?.count ?? 0
      guard needed == got else { throw NetError.inputSize(output, needed: Double(needed), got: got) }
    }
    guard time > 0 else { return Gradients() }
    let evaluator: Evaluator<Double>
    do {
      evaluator = try Evaluator(adjoint.recurrence, shapes: adjoint.recurrence.shapes, batch: batch, capacity: time)
    } catch {
      throw tooLarge(error)
    }
    try prepare(evaluator, adjoint, batch: batch)
    for (output, seed) in adjoint.seeds {
      (cotangents[output] ?? []).withUnsafeBufferPointer { evaluator.write(seed, slot: evaluator.past, $0) }
    }
    guard evaluator.run(steps: time, firstTime: 1, isInterrupted: isInterrupted) else { throw NetError.interrupted }
    var result = Gradients()
    let factors = Set(heldFactors.values)
    for (symbol, gradient) in adjoint.gradients where !factors.contains(symbol) {
      if recurrence.store[symbol].kind == .input {
        let slots = evaluator.past..<evaluator.past + time
        result.inputs.append((symbol, Array(evaluator.values(gradient, slots: slots))))
      } else {
        result.parameters.append((symbol, evaluator.parameter(gradient)))
      }
    }
    for (state, gradient) in adjoint.starts { result.starts.append((state, evaluator.parameter(gradient))) }
    return result
  }

  /// The backward pass of the net's cell, with its widths.
  public func adjoint(isInterrupted: @escaping () -> Bool = { false }) throws -> Adjoint {
    if let knownAdjoint { return knownAdjoint }
    guard let held = try recurrence.held(heldSymbols) else {
      throw NetError.notOneRun("a part of a split vector is held")
    }
    heldFactors = held.factors
    let made = try (held.factors.isEmpty ? recurrence : held.recurrence).adjoint(isInterrupted: isInterrupted)
    knownAdjoint = made
    return made
  }

  /// Parameters, and the forward track with what was before it.
  private func prepare(_ evaluator: Evaluator<Double>, _ adjoint: Adjoint, batch: Int) throws {
    let reversed = adjoint.recurrence
    for symbol in reversed.parameters {
      guard let own = recurrence.store.symbol(named: reversed.store[symbol].name) else { continue }
      evaluator.setParameter(symbol, parameter(own))
    }
    for (symbol, value) in reversed.constants { evaluator.setParameter(symbol, [value.value]) }
    evaluator.update()
    let engine = try readyEngine(batch: batch, steps: time)
    let held = Dictionary(uniqueKeysWithValues: heldFactors.map { ($0.value, $0.key) })
    for (symbol, input) in adjoint.track {
      if let variable = held[symbol] {
        free(variable, batch: batch).withUnsafeBufferPointer { evaluator.write(input, slot: evaluator.past, $0) }
        continue
      }
      for slot in 0..<evaluator.past {
        value(symbol, at: slot + 1 - evaluator.past, batch: batch, engine)
          .withUnsafeBufferPointer { evaluator.write(input, slot: slot, $0) }
      }
      try values(symbol, times: 1...time).withUnsafeBufferPointer {
        evaluator.write(input, slot: evaluator.past, $0)
      }
    }
  }

  /// Variables that are held at some times, each once.
  private var heldSymbols: [SymbolID] { Set(clamps.map(\.symbol)).sorted() }

  /// 0 at the times at which a variable is held, 1 else, `[steps][batch]`.
  private func free(_ symbol: SymbolID, batch: Int) -> [Double] {
    (1...max(time, 1)).flatMap { at in
      [Double](repeating: isHeld(symbol, at: at) ? 0 : 1, count: batch)
    }
  }

  func isHeld(_ symbol: SymbolID, at time: Int) -> Bool {
    clamps.contains { $0.symbol == symbol && $0.times.contains(time) }
  }

  /// Derivatives over time go along one run of the net as it is, from time 1 or a later one on.
  func requireOneRun(from time: Int = 1) throws {
    let segments = track.segments.drop { $0.lastTime < time }
    if segments.contains(where: { !$0.written.isEmpty }) {
      throw NetError.notOneRun("a state was written after it began")
    }
    if !isCausal, segments.count > 1 {
      throw NetError.notOneRun("a cell that runs from the end begins anew with each sequence")
    }
    if segments.contains(where: { $0.parameters != parameters }) {
      throw NetError.notOneRun("parameters were written after it ran")
    }
  }
}
