import Algebra

/// A cell with widths, parameters and a state: what is fed.
///
/// A net changes in place; `copy` makes another. All values are Float64 at its border, rounded to its type inside.
public final class Net {
  public let recurrence: Recurrence
  /// All of whose widths are numbers.
  public let shapes: ShapeSolution
  public let type: NumberType
  public let seed: UInt64
  /// The time reached; 0 before the first feed.
  public private(set) var time = 0
  /// The sequences fed side by side; nil until the first feed.
  public private(set) var batch: Int?
  public private(set) var clamps: [Clamp] = []
  private var parameters: [SymbolID: [Double]]
  private var parametersChanged = true
  /// Starts that were written, `net.c[0] = ...`: `[batch or 1][count]`.
  private var writtenStarts: [SymbolID: [Double]] = [:]
  private var track = Track()
  private var engine: (any Engine)?
  /// A segment that was computed again because it was looked at.
  private var revisited: (index: Int, values: [SymbolID: [Double]])?
  private let isCausal: Bool
  private let variables: [SymbolID]

  /// - Parameters:
  ///   - widths: by name, besides those that the cell has set.
  ///   - constants: other values for the cell's `const`s.
  /// - Throws: `NetError` if a width stays open, the shapes do not fit or it is too large.
  public init(
    _ cell: Recurrence, widths: [(name: String, value: Int)] = [], constants: [SymbolID: Decimal] = [:],
    seed: UInt64 = 0, type: NumberType = .float32
  ) throws {
    var recurrence = cell
    recurrence.constants.merge(constants) { _, new in new }
    let shapes: ShapeSolution
    do {
      shapes = try recurrence.solvedShapes(widths: widths)
    } catch let error as ShapeError {
      throw NetError.shape(error)
    }
    let open = shapes.openWidths
    guard open.isEmpty else { throw NetError.openWidths(open, cell: cell.name) }
    recurrence.shapes = shapes
    let numbers = shapes.symbols.values.reduce(0.0) { total, shape in
      total + shape.dimensions.reduce(1.0) { $0 * Double($1.number ?? 1) }
    }
    guard numbers <= Double(Net.largest) else { throw NetError.tooLarge(numbers: numbers, bound: Net.largest) }
    self.recurrence = recurrence
    self.shapes = shapes
    self.seed = seed
    self.type = type
    variables = recurrence.variables
    isCausal = try Schedule(recurrence).isCausal
    parameters = try Initialization(recurrence, shapes: shapes, seed: seed).values()
    for (symbol, value) in recurrence.constants { parameters[symbol] = [value.value] }
    parameters = parameters.mapValues { $0.map(rounded) }
    try beginLearnedStarts()
  }

  /// A start that is learned begins as its `init` line says.
  private func beginLearnedStarts() throws {
    let begun = recurrence.learnedStarts.filter { symbol in
      recurrence.starts.contains { $0.symbol == symbol && $0.time == 0 }
    }
    guard !begun.isEmpty else { return }
    let engine = try makeEngine(batch: 1, capacity: 1)
    for symbol in begun { parameters[symbol] = engine.start(symbol, time: 0) ?? parameters[symbol] }
  }

  private init(copying other: Net) {
    recurrence = other.recurrence
    shapes = other.shapes
    type = other.type
    seed = other.seed
    time = other.time
    batch = other.batch
    clamps = other.clamps
    parameters = other.parameters
    writtenStarts = other.writtenStarts
    track = other.track
    isCausal = other.isCausal
    variables = other.variables
  }

  /// The most numbers that one feed may answer.
  public static let largestAnswer = 1 << 25
  /// The most numbers that a net or one stretch of its time may hold.
  public static let largest = 48_000_000

  /// Numbers of variables that are kept; what is beyond is computed again when it is looked at.
  var keptNumbers: Int {
    get { track.keptNumbers }
    set { track.keptNumbers = newValue }
  }

  public func copy() -> Net { Net(copying: self) }

  private func rounded(_ value: Double) -> Double { type == .float32 ? Double(Float(value)) : value }

  /// How many numbers a symbol has at one time, in one sequence.
  public func count(_ symbol: SymbolID) -> Int {
    (shapes.symbols[symbol] ?? .number).dimensions.reduce(1) { $0 * ($1.number ?? 1) }
  }

  /// The sides of a symbol: none for a number, the width of a vector, rows and columns.
  public func sides(_ symbol: SymbolID) -> [Int] {
    (shapes.symbols[symbol] ?? .number).dimensions.map { $0.number ?? 0 }
  }

  /// How many numbers are learned.
  public var parameterCount: Int {
    (recurrence.parameters + recurrence.learnedStarts).reduce(0) { $0 + count($1) }
  }

  // MARK: Parameters

  /// A parameter, constant, or parameter made of parameters, row by row.
  public func parameter(_ symbol: SymbolID) -> [Double] {
    if recurrence.store[symbol].kind != .derivedParameter { return parameters[symbol] ?? [] }
    guard let engine = try? readyEngine(batch: batch ?? 1, steps: 1) else { return [] }
    return engine.derived(symbol)
  }

  /// Writes a parameter, row by row; the track stays.
  public func setParameter(_ symbol: SymbolID, _ values: [Double]) {
    guard values.count == count(symbol) else { return }
    parameters[symbol] = values.map(rounded)
    parametersChanged = true
  }

  // MARK: Feeding

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

  private func tooLarge(_ error: Error) -> Error {
    guard let error = error as? StorageTooLarge else { return error }
    return NetError.tooLarge(numbers: error.numbers, bound: Net.largest)
  }

  private func feed(
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
    for symbol in variables {
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
  private func openSegment(_ engine: any Engine, steps: Int) {
    if let index = track.segments.indices.last, isCausal, !track.segments[index].isClosed,
      track.segments[index].isKept, track.segments[index].count + steps <= Track.longestSegment
    {
      return
    }
    var before: [SymbolID: [Double]] = [:]
    for symbol in recurrence.inputs + variables {
      engine.read(symbol, slots: 0..<engine.past, into: &before[symbol, default: []])
    }
    track.segments.append(
      Track.Segment(firstTime: time + 1, inputs: [:], before: before, parameters: parameters))
  }

  /// An engine that holds the parameters and what came before.
  private func readyEngine(batch: Int, steps: Int) throws -> any Engine {
    if let engine, engine.batch == batch, isCausal || engine.capacity == steps {
      if parametersChanged {
        engine.setParameters(parameters)
        parametersChanged = false
        closeSegment()
      }
      return engine
    }
    let capacity = isCausal ? chunk(batch: batch) : steps
    let new = try makeEngine(batch: batch, capacity: capacity)
    if parametersChanged { closeSegment() }
    parametersChanged = false
    loadPast(into: new, batch: batch)
    engine = new
    return new
  }

  private func closeSegment() {
    if let last = track.segments.indices.last { track.segments[last].isClosed = true }
  }

  private func makeEngine(batch: Int, capacity: Int) throws -> any Engine {
    let new: any Engine
    do {
      switch type {
      case .float32:
        new = try ReferenceEngine<Float>(recurrence, shapes: shapes, batch: batch, capacity: capacity)
      case .float64:
        new = try ReferenceEngine<Double>(recurrence, shapes: shapes, batch: batch, capacity: capacity)
      }
    } catch {
      throw tooLarge(error)
    }
    new.setParameters(parameters)
    return new
  }

  /// Steps at a time: a window of moderate size.
  private func chunk(batch: Int) -> Int {
    let width = (recurrence.inputs + variables).reduce(0) { $0 + count($1) }
    return min(max((1 << 18) / max(width * batch, 1), 1), 256)
  }

  private func loadPast(into engine: any Engine, batch: Int) {
    for slot in 0..<engine.past {
      let at = time - engine.past + 1 + slot
      for symbol in recurrence.inputs + variables {
        let values = value(symbol, at: at, batch: batch, engine)
        engine.write(symbol, slot: slot, values[...])
      }
    }
  }

  /// `[batch][count]` of an input or variable at a time, also before the first.
  private func value(_ symbol: SymbolID, at time: Int, batch: Int, _ engine: any Engine) -> [Double] {
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

  // MARK: Looking

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
      let source = try segment.inputs[symbol] ?? (segment.isKept ? segment.values : computedAgain(index))[symbol] ?? []
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

  private func computedAgain(_ index: Int) throws -> [SymbolID: [Double]] {
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

  // MARK: States

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
    engine = nil
  }

  /// To time 0: no track, no batch, the starts of the cell.
  public func reset() {
    track.removeAll()
    revisited = nil
    writtenStarts = [:]
    engine = nil
    batch = nil
    time = 0
  }

  /// Forgets what came after a time.
  public func rewind(to target: Int) throws {
    guard target >= 0, target <= time else { throw NetError.noSuchTime(time: target, reached: time, earliest: 0) }
    track.truncate(after: target) { (self.batch ?? 1) * self.count($0) }
    time = target
    revisited = nil
    engine = nil
    if target == 0 { track.removeAll() }
  }

  /// A copy that ran again on the same inputs, with values held.
  public func clamped(_ held: [Clamp], isInterrupted: () -> Bool = { false }) throws -> Net {
    let result = copy()
    result.track.removeAll()
    result.time = 0
    result.clamps = clamps + held
    for segment in track.segments {
      result.parameters = segment.parameters
      result.parametersChanged = true
      _ = try result.feed(segment.inputs, steps: segment.count, batch: batch ?? 1, isInterrupted: isInterrupted)
      for (symbol, values) in segment.written { try result.setState(symbol, time: result.time, values) }
    }
    result.parameters = parameters
    result.parametersChanged = true
    return result
  }
}
