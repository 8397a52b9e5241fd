import Algebra
import Runtime

/// `predict(net, data)` and `test(net, data, loss: crossentropy)`: a net on data that is laid out as for `fit`, each
/// sequence from its start.
enum Prediction {
  // MARK: Answers

  /// `[count, time, width]`, or with `on: last` `[count, width]`; of several outputs a tuple.
  @Sendable static func predict(_ call: inout Call) throws -> Value {
    let net = try call.net(0).net
    let isOnLast = try LossReader.isOnLast(call)
    let data = try reader(call, net, usesClasses: false, isOnLast).inputs(call.values[1])
    try requireSameAlphabet(data, net, call)
    let answers = try predict(net, data, call)
    let outputs = try net.recurrence.outputs.compactMap { symbol in
      try answers[symbol].map { try tensor($0, width: net.count(symbol), data, isOnLast: isOnLast) }
    }
    return outputs.count == 1 ? outputs[0] : .list(try List(outputs))
  }

  private static func predict(_ net: Net, _ data: TrainingData, _ call: Call) throws -> [SymbolID: [Double]] {
    do { return try net.predict(data, isInterrupted: call.interpreter.isInterrupted) } catch {
      throw TrainingProblem.explained(error, net.recurrence, call)
    }
  }

  private static func tensor(_ numbers: [Double], width: Int, _ data: TrainingData, isOnLast: Bool) throws -> Value {
    guard isOnLast else { return .tensor(Tensor(try Shape([data.count, data.time, width]), numbers)) }
    var last: [Double] = []
    last.reserveCapacity(data.count * width)
    for sequence in 0..<data.count {
      let step = sequence * data.time + (data.lengths?[sequence] ?? data.time) - 1
      last += numbers[step * width..<(step + 1) * width]
    }
    return .tensor(Tensor(try Shape([data.count, width]), last))
  }

  private static func reader(_ call: Call, _ net: Net, usesClasses: Bool, _ isOnLast: Bool) -> TrainingDataReader {
    TrainingDataReader(
      recurrence: net.recurrence, width: { net.count($0) }, usesClasses: usesClasses, isOnLast: isOnLast,
      caller: call.builtin.name, place: call.places[1])
  }

  /// The same number stands for the same character.
  private static func requireSameAlphabet(_ data: TrainingData, _ net: Net, _ call: Call) throws {
    guard let own = net.alphabet, let given = data.alphabet, own != given else { return }
    throw call.problem(
      at: 1, "the net was trained on \(counted(own.count, "character")), and the classes here stand for others",
      hint: "windows(text, length, alphabet: data.alphabet), of the data that it was trained on")
  }

  // MARK: Tests

  /// The loss, and where targets are classes the share of those that the net finds likeliest.
  @Sendable static func test(_ call: inout Call) throws -> Value {
    let net = try call.net(0).net
    let loss = try LossReader.loss(call)
    let isOnLast = try LossReader.isOnLast(call)
    let data = try reader(call, net, usesClasses: LossReader.usesClasses(loss), isOnLast).read(call.values[1])
    try requireSameAlphabet(data, net, call)
    let isInterrupted = call.interpreter.isInterrupted
    do {
      let counting: Counting = isOnLast || data.hasOneTarget ? .lastStep : .everyStep
      let losses = LossReader.losses(loss, net.recurrence, data)
      let trainer = try Trainer(net, losses: losses, data: data, counting: counting)
      let batch = min(data.count, 64)
      try trainer.requireRoom(for: batch, of: data)
      var fields: [(String, Value)] = [
        ("loss", .number(try trainer.loss(of: data, batch: batch, isInterrupted: isInterrupted)))
      ]
      if let share = try accuracy(net, data, counting, call) { fields.append(("accuracy", .number(share))) }
      return .record(try Record(fields.map(\.0), fields.map(\.1)))
    } catch { throw TrainingProblem.explained(error, net.recurrence, call) }
  }

  private static func accuracy(_ net: Net, _ data: TrainingData, _ counting: Counting, _ call: Call) throws -> Double? {
    var (right, all) = (0, 0)
    for symbol in net.recurrence.outputs {
      let width = net.count(symbol)
      guard width > 1, let field = data.targets.first(where: { $0.name == net.recurrence.store[symbol].name }),
        case .classes(let classes, _) = field.values, let numbers = try predict(net, data, call)[symbol]
      else { continue }
      for sequence in 0..<data.count {
        let length = data.lengths?[sequence] ?? data.time
        for time in (counting == .lastStep ? length - 1 : 0)..<length {
          let step = sequence * data.time + time
          let output = numbers[step * width..<(step + 1) * width]
          let likeliest = output.indices.max { output[$0] < output[$1] } ?? 0
          all += 1
          if likeliest - output.startIndex + 1 == Int(classes[data.hasOneTarget ? sequence : step]) { right += 1 }
        }
      }
    }
    return all > 0 ? Double(right) / Double(all) : nil
  }
}
