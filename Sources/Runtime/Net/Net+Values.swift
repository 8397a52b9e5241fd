import Algebra

/// Looking back: values of any variable at any time, computed again where they were dropped.
extension Net {
  /// The values of an input or variable at some times, `[times][batch][count]`. Time 0 and before are the start.
  /// - Throws: `NetError.noSuchTime` beyond the time reached.
  public func values(_ symbol: SymbolID, times: ClosedRange<Int>) throws -> [Double] {
    let earliest = 1 - max(recurrence.longestDelay, 1)
    guard times.upperBound <= time, times.lowerBound >= earliest else {
      let wrong = times.lowerBound < earliest ? times.lowerBound : times.upperBound
      throw NetError.noSuchTime(time: wrong, reached: time, earliest: earliest)
    }
    var result: [Double] = []
    var at = times.lowerBound
    while at <= times.upperBound {
      guard at >= 1 else {
        let engine = try readyEngine(batch: batch ?? 1, steps: max(1, self.engine?.capacity ?? 1))
        result += value(symbol, at: at, batch: batch ?? 1, engine)
        at += 1
        continue
      }
      guard let index = track.segment(at: at) else { break }
      let width = (batch ?? 1) * count(symbol)
      let segment = track.segments[index]
      let last = min(times.upperBound, segment.lastTime)
      let part = (at - segment.firstTime) * width..<(last - segment.firstTime + 1) * width
      if let kept = kept(symbol, segment) {
        guard part.upperBound <= kept.count else { break }
        kept.append(part, to: &result)
      } else {
        let values = try computedAgain(index)[symbol] ?? []
        guard part.upperBound <= values.count else { break }
        result += values[part]
      }
      if last == segment.lastTime, let written = segment.written[symbol], written.count == width {
        result.replaceSubrange(result.count - width..<result.count, with: written)
      }
      at = last + 1
    }
    return result
  }

  /// The values of an input, or of a variable if they are kept.
  private func kept(_ symbol: SymbolID, _ segment: Track.Segment) -> Stretch? {
    if let place = recurrence.inputs.firstIndex(of: symbol) { return segment.inputs[place] }
    return variables.firstIndex(of: symbol).flatMap { segment.values[$0] }
  }

  func computedAgain(_ index: Int) throws -> [SymbolID: [Double]] {
    if let revisited, revisited.index == index { return revisited.values }
    let segment = track.segments[index]
    let engine = try revisitor(steps: segment.count)
    engine.setParameters(segment.parameters)
    for (symbol, values) in zip(history, segment.before) { engine.write(symbol, slot: 0, values[...]) }
    for (symbol, values) in zip(recurrence.inputs, segment.inputs) {
      engine.write(symbol, slot: engine.past, values.doubles()[...])
    }
    _ = engine.run(steps: segment.count, firstTime: segment.firstTime, clamps: clamps, isInterrupted: { false })
    var values: [SymbolID: [Double]] = [:]
    for symbol in variables {
      engine.read(symbol, slots: engine.past..<engine.past + segment.count, into: &values[symbol, default: []])
    }
    revisited = (index, values)
    return values
  }

  /// An engine that keeps all variables.
  private func revisitor(steps: Int) throws -> any Engine {
    let batch = batch ?? 1
    if let revisitor, revisitor.batch == batch, isCausal ? revisitor.capacity >= steps : revisitor.capacity == steps {
      return revisitor
    }
    let new = try makeEngine(batch: batch, capacity: steps)
    revisitor = new
    return new
  }
}
