import Algebra
import Formats
import Runtime

/// How far a net's training has come, in tensors (what the optimizer remembers, the best parameters) and one JSON
/// object (everything else): going on from it gives the same bits as never having stopped.
enum SavedTraining {
  private static let first = "optimizer/first/"
  private static let second = "optimizer/second/"
  private static let best = "best/"

  /// Whether a tensor of a file belongs to the state of training.
  static func owns(_ name: String) -> Bool { [first, second, best].contains { name.hasPrefix($0) } }

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
          .init(
            "optimizer",
            .object(
              [
                .init("method", .text(optimizer.method.rawValue)), .init("nesterov", .truth(optimizer.isNesterov)),
              ] + numbers)),
        ]).written))
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
