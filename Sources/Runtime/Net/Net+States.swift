import Algebra

/// States written, and time turned back.
extension Net {
  /// Writes a state at the time reached (`[batch or 1][count]`): the next step goes on from it.
  public func setState(_ symbol: SymbolID, time at: Int, _ values: [Double]) throws {
    guard at == time else { throw NetError.writeTime(written: at, reached: time) }
    let all = values.map(rounded)
    if at == 0 {
      writtenStarts[symbol] = all
    } else if let last = track.segments.indices.last {
      let batch = batch ?? 1
      let count = count(symbol)
      track.segments[last].written[symbol] =
        all.count == count && batch > 1 ? (0..<batch).flatMap { _ in all } : all
      track.segments[last].isClosed = true
    }
    isPastLost = true
  }

  /// To time 0: no track, no batch, the starts of the cell.
  public func reset() {
    track.removeAll()
    revisited = nil
    writtenStarts = [:]
    isPastLost = true
    batch = nil
    time = 0
  }

  /// What another was when it was copied from this one: parameters, state, track and training.
  public func become(_ earlier: Net) {
    time = earlier.time
    batch = earlier.batch
    clamps = earlier.clamps
    parameters = earlier.parameters
    parametersChanged = true
    writtenStarts = earlier.writtenStarts
    track = earlier.track
    knownAdjoint = earlier.knownAdjoint
    heldFactors = earlier.heldFactors
    training = earlier.training
    alphabet = earlier.alphabet
    threads = earlier.threads
    engineKind = earlier.engineKind
    revisited = nil
    isPastLost = true
  }

  /// Forgets what came after a time.
  public func rewind(to target: Int) throws {
    guard target >= 0, target <= time else { throw NetError.noSuchTime(time: target, reached: time, earliest: 0) }
    let batch = self.batch ?? 1
    track.truncate(after: target, inputs: inputCounts.map { $0 * batch }, variables: variableCounts.map { $0 * batch })
    time = target
    revisited = nil
    isPastLost = true
    if target == 0 { track.removeAll() }
  }

  /// A copy that ran again on the same inputs, with values held.
  public func clamped(_ held: [Clamp], isInterrupted: () -> Bool = { false }) throws -> Net {
    let result = copy()
    result.track.removeAll()
    result.time = 0
    result.clamps = clamps + held
    result.knownAdjoint = nil
    for segment in track.segments {
      result.parameters = segment.parameters
      result.parametersChanged = true
      let inputs = segment.inputs.map { $0.doubles() }
      _ = try result.run(inputs, steps: segment.count, batch: batch ?? 1, isInterrupted: isInterrupted)
      for (symbol, values) in segment.written { try result.setState(symbol, time: result.time, values) }
    }
    result.parameters = parameters
    result.parametersChanged = true
    return result
  }
}
