import Algebra

/// Running on: what is fed, in stretches that an engine takes at once, each kept by the track.
extension Net {
  /// Feeds a stretch of time; answers the outputs, `[steps][batch][width]` each (a sum over all times, `total`, has
  /// neither steps nor batch).
  ///
  /// - Parameter inputs: `[steps][batch][width]` for each input.
  /// - Throws: `NetError.interrupted` if `isInterrupted` said so; the net is then as it was before.
  public func feed(
    _ inputs: [SymbolID: [Double]], steps: Int, batch: Int, isInterrupted: () -> Bool = { false }
  ) throws -> [SymbolID: [Double]] {
    if let had = self.batch, had != batch { throw NetError.batch(had: had, got: batch) }
    for symbol in recurrence.inputs {
      let needed = Double(steps) * Double(batch) * Double(count(symbol))
      let got = inputs[symbol]?.count ?? 0
      guard steps >= 0, batch >= 1, needed == Double(got) else {
        throw NetError.inputSize(symbol, needed: needed, got: got)
      }
    }
    for symbol in recurrence.outputs {
      let numbers = Double(steps) * Double(batch) * Double(count(symbol))
      guard numbers <= Double(Net.largestAnswer) else {
        throw NetError.tooLarge(numbers: numbers, bound: Net.largestAnswer)
      }
    }
    let before = time
    let wasFresh = self.batch == nil
    self.batch = batch
    var outputs: [SymbolID: [Double]] = [:]
    for symbol in recurrence.outputs { outputs[symbol, default: []].reserveCapacity(steps * batch * count(symbol)) }
    do {
      var done = 0
      while done < steps {
        let engine = try readyEngine(batch: batch, steps: steps - done)
        let part = min(engine.capacity, steps - done)
        try feed(part, of: inputs, from: done, batch: batch, engine, isInterrupted, into: &outputs)
        done += part
      }
    } catch {
      try? rewind(to: before)
      if wasFresh { self.batch = nil }
      engine = nil
      if error is StorageTooLarge { throw tooLarge(error) }
      throw error
    }
    return outputs
  }

  func tooLarge(_ error: Error) -> Error {
    guard let error = error as? StorageTooLarge else { return error }
    return NetError.tooLarge(numbers: error.numbers, bound: Net.largest)
  }

  func feed(
    _ steps: Int, of inputs: [SymbolID: [Double]], from first: Int, batch: Int, _ engine: any Engine,
    _ isInterrupted: () -> Bool, into outputs: inout [SymbolID: [Double]]
  ) throws {
    openSegment(engine, steps: steps)
    let index = track.segments.count - 1
    for (symbol, values) in inputs {
      let width = batch * count(symbol)
      let slice = values[first * width..<(first + steps) * width]
      engine.write(symbol, slot: engine.past, slice)
    }
    guard engine.run(steps: steps, firstTime: time + 1, clamps: clamps, isInterrupted: isInterrupted) else {
      throw NetError.interrupted
    }
    // Only now: a run that was interrupted leaves no trace.
    for (symbol, values) in inputs {
      let width = batch * count(symbol)
      track.segments[index].inputs[symbol, default: []]
        .append(contentsOf: values[first * width..<(first + steps) * width])
    }
    let slots = engine.past..<engine.past + steps
    var added = 0
    revisited = nil
    for symbol in variables where engine.keeps(symbol) {
      engine.read(symbol, slots: slots, into: &track.segments[index].values[symbol, default: []])
      added += steps * batch * count(symbol)
    }
    for symbol in recurrence.outputs {
      if recurrence.store[symbol].kind == .variable {
        engine.read(symbol, slots: slots, into: &outputs[symbol, default: []])
      } else {
        outputs[symbol] = engine.derived(symbol)
      }
    }
    engine.advance(steps: steps)
    track.segments[index].count += steps
    time += steps
    track.note(added: added)
  }

  /// The segment that the next steps belong to: the last, unless it is full or the parameters have changed.
  func openSegment(_ engine: any Engine, steps: Int) {
    if let index = track.segments.indices.last, isCausal, !track.segments[index].isClosed,
      track.segments[index].isKept, track.segments[index].count + steps <= Track.longestSegment
    {
      return
    }
    var before: [SymbolID: [Double]] = [:]
    for symbol in history {
      engine.read(symbol, slots: 0..<engine.past, into: &before[symbol, default: []])
    }
    track.segments.append(
      Track.Segment(firstTime: time + 1, inputs: [:], before: before, parameters: parameters))
  }

  /// An engine that holds the parameters and what came before.
  func readyEngine(batch: Int, steps: Int) throws -> any Engine {
    if let engine, engine.batch == batch, isCausal || engine.capacity == steps {
      if parametersChanged {
        engine.setParameters(parameters)
        parametersChanged = false
        closeSegment()
      }
      if isPastLost {
        isPastLost = false
        loadPast(into: engine, batch: batch, isNew: false)
      }
      return engine
    }
    let capacity = isCausal ? chunk(batch: batch) : steps
    let new = try makeEngine(batch: batch, capacity: capacity, kept: kept(batch: batch))
    if parametersChanged { closeSegment() }
    parametersChanged = false
    isPastLost = false
    loadPast(into: new, batch: batch, isNew: true)
    engine = new
    return new
  }

  func closeSegment() {
    if let last = track.segments.indices.last { track.segments[last].isClosed = true }
  }

  func makeEngine(batch: Int, capacity: Int, kept: Set<SymbolID>? = nil) throws -> any Engine {
    let new: any Engine
    do {
      new = try Engines.make(
        recurrence, shapes: shapes, type: type, batch: batch, capacity: capacity, kept: kept,
        clamped: Set(clamps.map(\.symbol)), kind: engineKind)
    } catch {
      throw tooLarge(error)
    }
    new.setParameters(parameters)
    return new
  }

  /// The variables that a run keeps; the others are computed again when they are looked at. Of a small net all are.
  private func kept(batch: Int) -> Set<SymbolID>? {
    let width = variables.reduce(0) { $0 + count($1) }
    guard width * batch > 256 else { return nil }
    return Set(recurrence.outputs + history).intersection(variables)
  }

  /// Steps at a time: a window of moderate size.
  func chunk(batch: Int) -> Int {
    let width = (recurrence.inputs + variables).reduce(0) { $0 + count($1) }
    return min(max((1 << 18) / max(width * batch, 1), 1), 256)
  }

  /// Writes what the next step reads of the steps before it; an engine is all 0 when it is new.
  private func loadPast(into engine: any Engine, batch: Int, isNew: Bool) {
    for slot in 0..<engine.past {
      let at = time - engine.past + 1 + slot
      for symbol in history where !isNew || at >= 1 || startsOtherwise(symbol, at: at, engine) {
        let values = value(symbol, at: at, batch: batch, engine)
        engine.write(symbol, slot: slot, values[...])
      }
    }
  }

  /// Whether a state is something else than 0 before the first time: a long delay has many such times.
  private func startsOtherwise(_ symbol: SymbolID, at time: Int, _ engine: any Engine) -> Bool {
    if time == 0, writtenStarts[symbol] != nil || recurrence.learnedStarts.contains(symbol) { return true }
    return recurrence.starts.contains { $0.symbol == symbol && $0.time == time }
  }

  /// `[batch][count]` of an input or variable at a time, also before the first.
  func value(_ symbol: SymbolID, at time: Int, batch: Int, _ engine: any Engine) -> [Double] {
    if time >= 1 { return (try? values(symbol, times: time...time)) ?? [] }
    let count = count(symbol)
    if time == 0, let written = writtenStarts[symbol] {
      return written.count == count ? (0..<batch).flatMap { _ in written } : written
    }
    if time == 0, recurrence.learnedStarts.contains(symbol), let learned = parameters[symbol] {
      return (0..<batch).flatMap { _ in learned }
    }
    let start = engine.start(symbol, time: time) ?? [Double](repeating: 0, count: count)
    return (0..<batch).flatMap { _ in start }
  }
}
