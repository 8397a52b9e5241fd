import Algebra
import Formats
import Runtime

/// How far a net's training has come, in tensors (what the optimizer remembers, the best parameters) and one JSON
/// object (everything else): going on from it gives the same bits as never having stopped.
enum SavedTraining {
  private static let first = "optimizer/first/"
  private static let second = "optimizer/second/"
  private static let best = "best/"
  private static let past = "past/"

  /// Whether a tensor of a file belongs to the state of training.
  static func owns(_ name: String) -> Bool { [first, second, best, past].contains { name.hasPrefix($0) } }

  /// The numbers of an optimizer, by the names they have in the file.
  private static let settings: [(name: String, path: WritableKeyPath<Optimizer, Double> & Sendable)] = [
    ("rate", \.rate), ("momentum", \.momentum), ("decay", \.decay), ("beta1", \.beta1), ("beta2", \.beta2),
    ("epsilon", \.epsilon), ("weightDecay", \.weightDecay),
  ]

  // MARK: Writing

  static func write(_ state: TrainingState, of net: Net, to file: inout SafeTensors) {
    for (symbol, name) in NetFile.stored(net) {
      func add(_ prefix: String, _ values: [Double]?, _ type: ElementType) {
        guard let values else { return }
        let array = NumericArray(shape: net.sides(symbol), values: values, elementType: type)
        file.tensors.append(NamedArray(name: prefix + name, array: array))
      }
      add(first, state.memory.first[symbol], .float64)
      add(second, state.memory.second[symbol], .float64)
      add(best, state.bestParameters?[symbol], net.type == .float32 ? .float32 : .float64)
    }
    if let parts = state.parts { write(parts, of: net, to: &file) }
    let optimizer = state.optimizer
    let numbers = settings.map { JSONValue.Member($0.name, .number(optimizer[keyPath: $0.path])) }
    file.metadata.append(
      .init(
        "training",
        JSONValue.object([
          .init("epoch", .number(Double(state.epoch))), .init("batch", .number(Double(state.batch))),
          .init("steps", .number(Double(state.memory.steps))),
          .init("firstLoss", state.firstLoss.map { .number($0) } ?? .null),
          .init("bestLoss", .number(state.bestLoss)), .init("bestEpoch", .number(Double(state.bestEpoch))),
          .init("parts", state.parts.map(described) ?? .null),
          .init(
            "optimizer",
            .object(
              [
                .init("method", .text(optimizer.method.rawValue)), .init("nesterov", .truth(optimizer.isNesterov)),
              ] + numbers)),
        ]).written))
  }

  /// What comes before the next step of a mini-batch that was left in its middle.
  private static func write(_ parts: TrainingState.Parts, of net: Net, to file: inout SafeTensors) {
    for (symbol, name) in timed(net) {
      guard let values = parts.past[symbol], let row = row(symbol, net, parts.sequences), !values.isEmpty else {
        continue
      }
      let shape = [values.count / row, parts.sequences] + net.sides(symbol)
      let array = NumericArray(
        shape: shape, values: values, elementType: net.type == .float32 ? .float32 : .float64)
      file.tensors.append(NamedArray(name: past + name, array: array))
    }
  }

  private static func described(_ parts: TrainingState.Parts) -> JSONValue {
    .object([
      .init("length", .number(Double(parts.length))), .init("sequences", .number(Double(parts.sequences))),
      .init("steps", .number(Double(parts.steps))), .init("loss", .number(parts.loss)),
    ])
  }

  private static func timed(_ net: Net) -> [(symbol: SymbolID, name: String)] {
    (net.recurrence.inputs + net.recurrence.variables).map { ($0, net.recurrence.store[$0].name) }
  }

  /// Numbers of one time of all sequences; nil if that is none, or beyond what is held.
  private static func row(_ symbol: SymbolID, _ net: Net, _ sequences: Int) -> Int? {
    let (row, overflows) = net.count(symbol).multipliedReportingOverflow(by: sequences)
    return overflows || row <= 0 ? nil : row
  }

  // MARK: Reading

  static func read(from file: SafeTensors, for net: Net) throws -> TrainingState? {
    guard let text = file.text("training") else { return nil }
    let object = try JSONValue(text)
    func count(_ name: String) throws -> Int {
      guard let count = object[name]?.asInteger, count >= 0 else {
        throw NetFile.Problem("\(name) of its training is no count")
      }
      return count
    }
    var state = TrainingState(try optimizer(object["optimizer"]))
    state.epoch = try count("epoch")
    state.batch = try count("batch")
    state.memory.steps = try count("steps")
    if let first = object["firstLoss"], first != .null { state.firstLoss = try number(first, "firstLoss") }
    state.bestLoss = try number(object["bestLoss"], "bestLoss")
    state.bestEpoch = try count("bestEpoch")
    state.memory.first = try memory(first, file, net)
    state.memory.second = try memory(second, file, net)
    state.parts = try parts(object["parts"], file, net)
    let kept = try memory(best, file, net)
    if !kept.isEmpty {
      // All that the net holds, or the rest would be forgotten when training ends with them.
      guard kept.count == NetFile.stored(net).count else {
        throw NetFile.Problem("it has some parameters of the best epoch, and not all")
      }
      state.bestParameters = kept
    }
    return state
  }

  /// Files of before had none.
  private static func parts(_ value: JSONValue?, _ file: SafeTensors, _ net: Net) throws -> TrainingState.Parts? {
    guard let value, value != .null else { return nil }
    func count(_ name: String) throws -> Int {
      guard let count = value[name]?.asInteger, count >= 1 else {
        throw NetFile.Problem("\(name) of its mini-batch is no count")
      }
      return count
    }
    var parts = TrainingState.Parts(
      length: try count("length"), sequences: try count("sequences"), steps: try count("steps"),
      loss: try number(value["loss"], "loss"), past: [:])
    for (symbol, name) in timed(net) {
      guard let array = file.tensor(past + name) else {
        parts.past[symbol] = []
        continue
      }
      guard let row = row(symbol, net, parts.sequences), array.values.count % row == 0 else {
        throw NetFile.Problem("\(past + name) is not as wide as \(name)")
      }
      parts.past[symbol] = array.values
    }
    return parts
  }

  private static func memory(_ prefix: String, _ file: SafeTensors, _ net: Net) throws -> [SymbolID: [Double]] {
    var result: [SymbolID: [Double]] = [:]
    for (symbol, name) in NetFile.stored(net) where file.tensor(prefix + name) != nil {
      result[symbol] = try NetFile.numbers(prefix + name, like: symbol, net, file)
    }
    return result
  }

  private static func optimizer(_ value: JSONValue?) throws -> Optimizer {
    guard let word = value?["method"]?.asText, let method = Optimizer.Method(rawValue: word) else {
      throw NetFile.Problem("the optimizer of its training is none that is known")
    }
    var optimizer = Optimizer(method)
    optimizer.isNesterov = value?["nesterov"] == .truth(true)
    for (name, path) in settings { optimizer[keyPath: path] = try number(value?[name], name) }
    return optimizer
  }

  /// A number, or the text that names one which JSON has no word for.
  private static func number(_ value: JSONValue?, _ name: String) throws -> Double {
    switch value {
    case .number(let number): return number
    case .text(let text): if let number = Double(text) { return number }
    default: break
    }
    throw NetFile.Problem("\(name) of its training is no number")
  }
}
