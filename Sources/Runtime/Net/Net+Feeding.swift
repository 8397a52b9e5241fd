import Algebra

/// Running on: what is fed, in stretches that an engine takes at once, each kept by the track.
///
/// What is small, a step or a few, joins the last segment of the track with all that the engine keeps. A sequence makes
/// segments of its own, which share its inputs with whoever fed them and its outputs with the answer: nothing is
/// copied, and the rest is computed again if it is looked at.
extension Net {
  /// Feeds a stretch of time; answers the outputs, `[steps][batch][width]` each (a sum over all times, `total`, has
  /// neither steps nor batch).
  ///
  /// - Parameter inputs: `[steps][batch][width]` for each input.
  /// - Throws: `NetError.interrupted` if `isInterrupted` said so; the net is then as it was before.
  public func feed(
    _ inputs: [SymbolID: [Double]], steps: Int, batch: Int, isInterrupted: () -> Bool = { false }
  ) throws -> [SymbolID: [Double]] {
    let answers = try run(
      recurrence.inputs.map { inputs[$0] ?? [] }, steps: steps, batch: batch, isInterrupted: isInterrupted)
    return zip(recurrence.outputs, answers).reduce(into: [:]) { $0[$1.0] = $1.1.doubles }
  }

  /// As `feed`, with inputs and answers in the order of the cell's.
  public func run(
    _ inputs: [[Double]], steps: Int, batch: Int, isInterrupted: () -> Bool = { false }
  ) throws -> [Numbers] {
    try check(inputs, steps: steps, batch: batch)
    let before = time
    let wasFresh = self.batch == nil
    self.batch = batch
    do {
      return numbersOfStep * batch * steps <= Net.smallStretch
        ? try runSmall(inputs, steps, batch, isInterrupted) : try runLong(inputs, steps, batch, isInterrupted)
    } catch {
      try? rewind(to: before)
      if wasFresh { self.batch = nil }
      engine = nil
      throw tooLarge(error)
    }
  }

  /// Copying so many numbers costs less than a segment of their own.
  private static let smallStretch = 2048
  /// The track keeps an answer up to this many numbers; more are computed again if they are looked at.
  private static let largestKeptAnswer = 1 << 22

  private var numbersOfStep: Int { inputCounts.reduce(0, +) + variableCounts.reduce(0, +) }

  private func check(_ inputs: [[Double]], steps: Int, batch: Int) throws {
    if let had = self.batch, had != batch { throw NetError.batch(had: had, got: batch) }
    for (place, count) in inputCounts.enumerated() {
      let needed = Double(steps) * Double(batch) * Double(count)
      let got = inputs.indices.contains(place) ? inputs[place].count : 0
      guard steps >= 0, batch >= 1, needed == Double(got) else {
        throw NetError.inputSize(recurrence.inputs[place], needed: needed, got: got)
      }
    }
    for (symbol, place) in zip(recurrence.outputs, outputPlaces) where place != nil {
      let numbers = Double(steps) * Double(batch) * Double(count(symbol))
      guard numbers <= Double(largestAnswer) else {
        throw NetError.tooLarge(numbers: numbers, bound: largestAnswer)
      }
    }
  }

  func tooLarge(_ error: Error) -> Error {
    guard let error = error as? StorageTooLarge else { return error }
    return NetError.tooLarge(numbers: error.numbers, bound: Net.largest)
  }

  // MARK: A few steps

  private func runSmall(
    _ inputs: [[Double]], _ steps: Int, _ batch: Int, _ isInterrupted: () -> Bool
  ) throws -> [Numbers] {
    var answers = recurrence.outputs.map { _ in Numbers(type) }
    var done = 0
    while done < steps {
      let engine = try readyEngine(batch: batch, steps: steps - done)
      let part = min(engine.capacity, steps - done)
      if !joinsLastSegment(part) { openSegment(engine) }
      let index = track.segments.count - 1
      try run(part, of: inputs, from: done, batch, engine, isInterrupted)
      // Only now: a run that was interrupted leaves no trace.
      for (place, count) in inputCounts.enumerated() {
        let slice = inputs[place][done * batch * count..<(done + part) * batch * count]
        track.segments[index].inputs[place].grow { numbers in slice.withUnsafeBufferPointer { numbers.append($0) } }
      }
      let slots = engine.past..<engine.past + part
      var added = 0
      for (place, symbol) in variables.enumerated() where engine.keeps(symbol) {
        if track.segments[index].values[place] == nil { track.segments[index].values[place] = Stretch(type) }
        track.segments[index].values[place]?.grow { engine.append(symbol, slots: slots, to: &$0) }
        added += part * batch * variableCounts[place]
      }
      answer(&answers, slots, engine)
      finish(part, engine)
      track.note(added: added)
      done += part
    }
    return answers
  }

  /// Whether the next steps belong to the last segment: unless it is full or something has changed.
  private func joinsLastSegment(_ steps: Int) -> Bool {
    guard let last = track.segments.indices.last, isCausal else { return false }
    return !track.segments[last].isClosed && track.segments[last].count + steps <= Track.longestSegment
  }

  // MARK: A sequence

  private func runLong(
    _ inputs: [[Double]], _ steps: Int, _ batch: Int, _ isInterrupted: () -> Bool
  ) throws -> [Numbers] {
    let firstTime = time + 1
    let firstSegment = track.segments.count
    let fed = inputs.map { Numbers.double($0) }
    var answers = zip(recurrence.outputs, outputPlaces).map { symbol, place in
      Numbers(type, reserving: place == nil ? 0 : steps * batch * count(symbol))
    }
    var done = 0
    while done < steps {
      let engine = try readyEngine(batch: batch, steps: steps - done)
      let part = min(engine.capacity, steps - done)
      if track.segments.count == firstSegment || !joinsLastSegment(part) {
        openSegment(engine)
        let index = track.segments.count - 1
        for (place, count) in inputCounts.enumerated() {
          let start = done * batch * count
          track.segments[index].inputs[place] = Stretch(fed[place], start..<start)
        }
      }
      try run(part, of: inputs, from: done, batch, engine, isInterrupted)
      let index = track.segments.count - 1
      for (place, count) in inputCounts.enumerated() {
        track.segments[index].inputs[place].extend(by: part * batch * count)
      }
      answer(&answers, engine.past..<engine.past + part, engine)
      finish(part, engine)
      done += part
    }
    share(answers, batch, since: firstTime, segments: firstSegment..<track.segments.count)
    return answers
  }

  /// The segments of a sequence hold its answer, if that is not so large that it would stay only for them, and take
  /// nothing more.
  private func share(_ answers: [Numbers], _ batch: Int, since firstTime: Int, segments: Range<Int>) {
    for index in segments { track.segments[index].isClosed = true }
    var added = 0
    for (answer, place) in zip(answers, outputPlaces) where answer.count <= Net.largestKeptAnswer {
      guard let place else { continue }
      let width = batch * variableCounts[place]
      for index in segments {
        let segment = track.segments[index]
        let start = (segment.firstTime - firstTime) * width
        track.segments[index].values[place] = Stretch(answer, start..<start + segment.count * width)
      }
      added += answer.count
    }
    track.note(added: added)
  }

  // MARK: Steps of an engine

  private func run(
    _ steps: Int, of inputs: [[Double]], from first: Int, _ batch: Int, _ engine: any Engine,
    _ isInterrupted: () -> Bool
  ) throws {
    for (place, symbol) in recurrence.inputs.enumerated() {
      let width = batch * inputCounts[place]
      engine.write(symbol, slot: engine.past, inputs[place][first * width..<(first + steps) * width])
    }
    guard engine.run(steps: steps, firstTime: time + 1, clamps: clamps, isInterrupted: isInterrupted) else {
      throw NetError.interrupted
    }
  }

  private func answer(_ answers: inout [Numbers], _ slots: Range<Int>, _ engine: any Engine) {
    for (index, symbol) in recurrence.outputs.enumerated() {
      if outputPlaces[index] != nil {
        engine.append(symbol, slots: slots, to: &answers[index])
      } else {
        answers[index] = .double(engine.derived(symbol))
      }
    }
  }

  private func finish(_ steps: Int, _ engine: any Engine) {
    engine.advance(steps: steps)
    let index = track.segments.count - 1
    track.segments[index].count += steps
    time += steps
    if let revisited, revisited.index >= index { self.revisited = nil }
  }

  private func openSegment(_ engine: any Engine) {
    let before = history.map { symbol in
      var values: [Double] = []
      engine.read(symbol, slots: 0..<engine.past, into: &values)
      return values
    }
    track.segments.append(
      Track.Segment(
        firstTime: time + 1, inputs: inputCounts.map { _ in Stretch(.float64) }, before: before, parameters: parameters,
        values: [Stretch?](repeating: nil, count: variables.count)))
  }

  func closeSegment() {
    if let last = track.segments.indices.last { track.segments[last].isClosed = true }
  }

  // MARK: Engines

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
    closeSegment()
    parametersChanged = false
    isPastLost = false
    loadPast(into: new, batch: batch, isNew: true)
    engine = new
    return new
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
    new.threads = threads
    new.setParameters(parameters)
    return new
  }

  /// The variables that a run keeps; the others are computed again when they are looked at. Of a small net all are.
  private func kept(batch: Int) -> Set<SymbolID>? {
    let width = variableCounts.reduce(0, +)
    guard width * batch > 256 else { return nil }
    return Set(recurrence.outputs + history).intersection(variables)
  }

  /// Steps at a time: a window that stays in the second-level cache.
  package func chunk(batch: Int) -> Int { min(max((1 << 18) / max(numbersOfStep * batch, 1), 1), 256) }

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
