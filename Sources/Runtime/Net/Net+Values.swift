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
      let segment = track.segments[index]
      let width = (batch ?? 1) * count(symbol)
      let last = min(times.upperBound, segment.lastTime)
      let kept = segment.inputs[symbol] ?? (segment.isKept ? segment.values[symbol] : nil)
      let source = try kept ?? computedAgain(index)[symbol] ?? []
      let from = (at - segment.firstTime) * width
      let to = (last - segment.firstTime + 1) * width
      guard to <= source.count else { break }
      result += source[from..<to]
      if last == segment.lastTime, let written = segment.written[symbol], written.count == width {
        result.replaceSubrange(result.count - width..<result.count, with: written)
      }
      at = last + 1
    }
    return result
  }

  func computedAgain(_ index: Int) throws -> [SymbolID: [Double]] {
    if let revisited, revisited.index == index { return revisited.values }
    let segment = track.segments[index]
    let engine = try makeEngine(batch: batch ?? 1, capacity: segment.count)
    engine.setParameters(segment.parameters)
    let width = { (symbol: SymbolID) in (self.batch ?? 1) * self.count(symbol) }
    for (symbol, values) in segment.before {
      for slot in 0..<engine.past {
        engine.write(symbol, slot: slot, values[slot * width(symbol)..<(slot + 1) * width(symbol)])
      }
    }
    for (symbol, values) in segment.inputs { engine.write(symbol, slot: engine.past, values[...]) }
    _ = engine.run(steps: segment.count, firstTime: segment.firstTime, clamps: clamps, isInterrupted: { false })
    var values: [SymbolID: [Double]] = [:]
    for symbol in variables {
      engine.read(symbol, slots: engine.past..<engine.past + segment.count, into: &values[symbol, default: []])
    }
    revisited = (index, values)
    return values
  }
}
