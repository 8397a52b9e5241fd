import Algebra

/// Losses and gradients of mini-batches: a net, its loss, and the engines that run them.
public final class Trainer {
  let net: Net
  let training: TrainingRecurrence
  let counting: Counting
  let fields: MiniBatch.Fields
  private var engines: [EngineKey: SequenceEngine] = [:]
  /// Steps of the longest sequence: an engine that holds them runs the shorter ones too.
  private let longest: Int

  private struct EngineKey: Hashable {
    var isTraining: Bool
    var batch: Int
    var capacity: Int
  }

  /// - Parameters:
  ///   - losses: for each output that has a target.
  ///   - data: says the names and widths of inputs and targets.
  /// - Throws: `TrainingError` if the data does not fit the net, `LossFailure`, `AdjointFailure`.
  public init(
    _ net: Net, losses: [(output: SymbolID, loss: Loss)], data: TrainingData, counting: Counting
  ) throws {
    do { try data.check() } catch let error as TrainingDataError { throw TrainingError.data(error) }
    self.net = net
    longest = data.time
    self.counting = data.hasOneTarget ? .lastStep : counting
    let masked = data.lengths == nil ? nil : try net.recurrence.masked()
    let objective = try Objective(masked?.recurrence ?? net.recurrence, losses: losses)
    training = try TrainingRecurrence(objective)
    fields = try Trainer.fields(net, objective, mask: masked?.mask, data)
  }

  var objective: Objective { training.objective }

  /// Symbols whose values are learned.
  var learned: [(symbol: SymbolID, gradient: SymbolID)] { training.parameters + training.starts }

  // MARK: Data and symbols

  /// Which symbol takes which field of some data.
  /// - Throws: `TrainingError` if one is missing or has another width.
  private static func fields(
    _ net: Net, _ objective: Objective, mask: SymbolID?, _ data: TrainingData
  ) throws -> MiniBatch.Fields {
    let store = net.recurrence.store
    let inputs = try inputs(of: net, data)
    let targets = try objective.targets.map { pair in
      let width = net.count(pair.output)
      return (pair.target, try field(store[pair.output].name, among: data.targets, width: width), width)
    }
    return MiniBatch.Fields(inputs: inputs, targets: targets, weight: objective.weight, mask: mask)
  }

  static func inputs(
    of net: Net, _ data: TrainingData
  ) throws -> [(symbol: SymbolID, field: TrainingData.Field, width: Int)] {
    try net.recurrence.inputs.map { symbol in
      let width = net.count(symbol)
      return (symbol, try field(net.recurrence.store[symbol].name, among: data.inputs, width: width), width)
    }
  }

  private static func field(
    _ name: String, among fields: [TrainingData.Field], width: Int
  ) throws -> TrainingData.Field {
    guard let field = fields.first(where: { $0.name == name }) else {
      throw TrainingError.missing(name, has: fields.map(\.name))
    }
    switch field.values {
    case .numbers(_, let own):
      guard own == width else { throw TrainingError.width(name, needed: width, got: own) }
    case .classes(_, let classes):
      guard width == 1 || classes <= width else {
        throw TrainingError.classes(name, width: width, classes: classes)
      }
    }
    return field
  }

  /// The fields of other data, which must be as the first.
  func fields(of other: TrainingData) throws -> MiniBatch.Fields {
    do { try other.check() } catch let error as TrainingDataError { throw TrainingError.data(error) }
    return try Trainer.fields(net, objective, mask: fields.mask, other)
  }

  /// - Throws: `NetError.tooLarge` if mini-batches of so many sequences hold more numbers than may be held at once.
  public func requireRoom(for size: Int, of data: TrainingData) throws {
    let widths = fields.inputs.map(\.width) + fields.targets.map(\.width)
    // The weight and the mask are numbers.
    let numbers = Double(min(size, data.count)) * Double(data.time) * widths.reduce(2) { $0 + Double($1) }
    guard numbers <= Double(Net.largest) else { throw NetError.tooLarge(numbers: numbers, bound: Net.largest) }
  }

  // MARK: Engines

  func engine(isTraining: Bool, batch: Int, capacity: Int) throws -> SequenceEngine {
    let key = EngineKey(isTraining: isTraining, batch: batch, capacity: capacity)
    if let known = engines[key] { return known }
    // The last mini-batch of an epoch may be smaller: two sizes are kept.
    if engines.count > 3 { engines.removeAll() }
    let recurrence = isTraining ? training.recurrence : objective.recurrence
    let made = try SequenceEngine(recurrence, cell: net, batch: batch, capacity: capacity)
    engines[key] = made
    return made
  }

  // MARK: Gradients

  struct Step {
    var loss: Double
    var gradients: [SymbolID: [Double]]
  }

  /// The loss of a mini-batch and the gradients by all that is learned.
  /// - Throws: `TrainingError.interrupted`, or `NetError.tooLarge`.
  func step(_ batch: MiniBatch, isInterrupted: () -> Bool) throws -> Step {
    let engine = try engine(isTraining: true, batch: batch.size, capacity: max(batch.steps, longest))
    engine.begin(net.parameters)
    guard engine.run(batch, 0..<batch.steps, isInterrupted: isInterrupted) else { throw TrainingError.interrupted }
    return Step(loss: engine.number(objective.loss), gradients: gradients(engine))
  }

  func gradients(_ engine: SequenceEngine) -> [SymbolID: [Double]] {
    var result: [SymbolID: [Double]] = [:]
    for (symbol, gradient) in learned { result[symbol] = engine.engine.derived(gradient) }
    return result
  }

  /// Truncated backpropagation through time (Williams and Peng 1990): the mini-batch in parts of `length` steps, each
  /// with an update of its own; states are carried from part to part, gradients end where a part begins.
  ///
  /// Each part's loss is the mean over its own steps; the answer is the mean over all.
  ///
  /// - Parameters:
  ///   - begun: where an earlier call was left; updated after every part, nil at the end.
  ///   - update: makes a step of the parameters.
  ///   - note: told after every part.
  func truncatedSteps(
    _ batch: MiniBatch, length: Int, _ begun: inout TrainingState.Parts?, isInterrupted: () -> Bool,
    update: (Step) throws -> Void, note: (TrainingState.Parts) -> Void = { _ in }
  ) throws -> Double {
    let engine = try engine(isTraining: true, batch: batch.size, capacity: min(length, longest))
    engine.begin(net.parameters)
    var parts = TrainingState.Parts(length: length, sequences: batch.size, steps: 0, loss: 0, past: [:])
    if let begun, engine.fits(begun), begun.length == length, begun.steps < batch.steps {
      parts = begun
      engine.write(past: begun.past)
    }
    for first in stride(from: parts.steps, to: batch.steps, by: length) {
      if isInterrupted() { throw TrainingError.interrupted }
      let times = first..<min(first + length, batch.steps)
      let own = Array(batch.slice(objective.weight, times))
      let share = own.reduce(0, +)
      let weights = (symbol: objective.weight, values: share > 0 ? own.map { $0 / share } : own)
      guard engine.run(batch, times, weights: weights, isInterrupted: isInterrupted) else {
        throw TrainingError.interrupted
      }
      if share > 0 {
        let step = Step(loss: engine.number(objective.loss), gradients: gradients(engine))
        try update(step)
        parts.loss += step.loss * share
      }
      engine.advance(times.count)
      engine.engine.setParameters(net.parameters)
      parts.steps = times.upperBound
      parts.past = engine.past()
      begun = parts
      note(parts)
    }
    begun = nil
    return parts.loss
  }

  // MARK: Losses

  /// The steps of a part, where only losses are asked for.
  private static let longestPart = 256

  /// The loss of a mini-batch alone.
  func loss(_ batch: MiniBatch, isInterrupted: () -> Bool) throws -> Double {
    let length = net.isCausal ? min(batch.steps, Trainer.longestPart) : batch.steps
    let capacity = net.isCausal ? length : max(length, longest)
    let engine = try engine(isTraining: false, batch: batch.size, capacity: capacity)
    engine.begin(net.parameters)
    var total = 0.0
    for first in stride(from: 0, to: batch.steps, by: max(length, 1)) {
      let times = first..<min(first + length, batch.steps)
      guard engine.run(batch, times, isInterrupted: isInterrupted) else { throw TrainingError.interrupted }
      total += engine.number(objective.loss)
      engine.advance(times.count)
    }
    return total
  }

  /// The mean loss over some data, in mini-batches of `size`.
  public func loss(of data: TrainingData, batch size: Int, isInterrupted: () -> Bool = { false }) throws -> Double {
    let fields = try fields(of: data)
    var total = 0.0
    var items = 0
    for first in stride(from: 0, to: data.count, by: max(size, 1)) {
      let batch = MiniBatch(
        Array(first..<min(first + size, data.count)), of: data, fields: fields, counting: counting)
      total += try loss(batch, isInterrupted: isInterrupted) * Double(batch.items)
      items += batch.items
    }
    return total / Double(max(items, 1))
  }

  /// The loss of all the data as one mini-batch, with its gradients by parameters and learned starts.
  public func gradients(
    of data: TrainingData, isInterrupted: () -> Bool = { false }
  ) throws -> (loss: Double, gradients: [SymbolID: [Double]]) {
    let batch = MiniBatch(Array(0..<data.count), of: data, fields: try fields(of: data), counting: counting)
    let step = try step(batch, isInterrupted: isInterrupted)
    return (step.loss, step.gradients)
  }
}
