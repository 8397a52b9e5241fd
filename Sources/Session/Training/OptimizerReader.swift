import Runtime
import Syntax

/// `adam(lr: 2e-3)` answers a record of what the optimizer is set to, and `fit` reads it back; so with schedules.
enum OptimizerReader {
  /// The numbers of each method, as labels of the language, and where each belongs.
  typealias Setting = (label: String, path: WritableKeyPath<Optimizer, Double>)

  static func settings(of method: Optimizer.Method) -> [Setting] {
    let own: [Setting] =
      switch method {
      case .sgd: [("momentum", \.momentum)]
      case .rmsprop: [("rho", \.decay), ("momentum", \.momentum), ("epsilon", \.epsilon)]
      case .adam, .adamw: [("beta1", \.beta1), ("beta2", \.beta2), ("epsilon", \.epsilon)]
      }
    return [("lr", \.rate)] + own + [("decay", \.weightDecay)]
  }

  // MARK: Calls

  /// The record that `adam(lr: 2e-3)` answers.
  static func record(_ method: Optimizer.Method, _ call: Call) throws -> Value {
    var optimizer = Optimizer(method)
    for (label, path) in settings(of: method) {
      guard let (value, place) = label == "lr" ? rate(call) : call.label(label) else { continue }
      optimizer[keyPath: path] = try number(value, label, method.rawValue, place)
    }
    if let (value, place) = call.label("nesterov") {
      guard case .truth(let truth) = value else {
        throw SessionError.badSetting("nesterov", allowed: "true or false", value.described, place)
      }
      optimizer.isNesterov = truth
    }
    return .record(try record(of: optimizer))
  }

  /// `sgd(0.1)` and `sgd(lr: 0.1)`.
  private static func rate(_ call: Call) -> (value: Value, place: Place?)? {
    call.has(0) ? (call.values[0], call.places[0]) : nil
  }

  /// Rates and decays are at least 0; what is remembered of earlier steps is a share below 1.
  private static func number(_ value: Value, _ label: String, _ name: String, _ place: Place?) throws -> Double {
    let isShare = ["momentum", "rho", "beta1", "beta2"].contains(label)
    guard case .number(let number) = value, number >= 0, number.isFinite, !isShare || number < 1 else {
      throw SessionError.badSetting(
        "\(label) of \(name)", allowed: isShare ? "a number from 0 to below 1" : "a number from 0 on", value.described,
        place)
    }
    return number
  }

  static func record(of optimizer: Optimizer) throws(ValueProblem) -> Record {
    let settings = settings(of: optimizer.method)
    var names = ["optimizer"] + settings.map(\.label)
    var values: [Value] = [.text(optimizer.method.rawValue)] + settings.map { .number(optimizer[keyPath: $0.path]) }
    if optimizer.method == .sgd {
      names.append("nesterov")
      values.append(.truth(optimizer.isNesterov))
    }
    return try Record(names, values)
  }

  // MARK: Reading back

  /// `optimizer: adam(lr: 2e-3)`, or a method by its name alone.
  static func optimizer(_ value: Value, _ place: Place?) throws -> Optimizer {
    let known = Optimizer.Method.allCases.map(\.rawValue)
    switch value {
    case .function(let function):
      if let method = Optimizer.Method(rawValue: function.name) { return Optimizer(method) }
    case .record(let record):
      guard case .text(let name)? = record["optimizer"], let method = Optimizer.Method(rawValue: name) else { break }
      var optimizer = Optimizer(method)
      for (label, path) in settings(of: method) {
        if let value = record[label] { optimizer[keyPath: path] = try number(value, label, name, place) }
      }
      if case .truth(true)? = record["nesterov"] { optimizer.isNesterov = true }
      return optimizer
    default: break
    }
    throw SessionError.badSetting(
      "optimizer", allowed: "one of " + known.map { "\($0)(lr: …)" }.joined(separator: ", "), value.described, place)
  }

  // MARK: Schedules

  static func record(of schedule: RateSchedule) throws(ValueProblem) -> Record {
    let warmup = ("warmup", Value.number(Double(schedule.warmup)))
    let fields: [(String, Value)] =
      switch schedule.form {
      case .constant: [("schedule", .text("warmup")), warmup]
      case .stepped(let every, let by):
        [("schedule", .text("stepped")), ("every", .number(Double(every))), ("by", .number(by)), warmup]
      case .cosine(let to): [("schedule", .text("cosine")), ("to", .number(to)), warmup]
      }
    return try Record(fields.map(\.0), fields.map(\.1))
  }

  /// `schedule: cosine(warmup: 100)`, or a function of the step (and of how many there will be) that answers what the
  /// learning rate is multiplied by.
  static func schedule(
    _ value: Value, _ interpreter: Interpreter, _ place: Place?
  ) throws -> (Int, Int) throws -> Double {
    switch value {
    case .record(let record):
      guard let schedule = schedule(record) else { break }
      return { schedule.factor(step: $0, of: $1) }
    case .function(let function):
      if case .builtin(let builtin) = function.kind, builtin.name == "cosine" {
        return { RateSchedule(.cosine(to: 0)).factor(step: $0, of: $1) }
      }
      guard case .user(let user) = function.kind, (1...2).contains(user.code.parameters.count) else { break }
      let isOfTwo = user.code.parameters.count == 2
      return { step, total in
        let given = [Value.number(Double(step))] + (isOfTwo ? [.number(Double(total))] : [])
        let factor = try interpreter.call(function, given, place)
        guard case .number(let number) = factor, number.isFinite, number >= 0 else {
          throw SessionError.builtin(
            "the schedule \(function.name) answered \(interpreter.display.inText(factor)) at step \(step)",
            hint: "it answers what the learning rate is multiplied by, a number from 0 on", place)
        }
        return number
      }
    default: break
    }
    throw SessionError.badSetting(
      "schedule", allowed: "cosine(…), stepped(…), warmup(…) or a function of the step", value.described, place)
  }

  private static func schedule(_ record: Record) -> RateSchedule? {
    func number(_ name: String) -> Double? { if case .number(let number)? = record[name] { number } else { nil } }
    func whole(_ name: String) -> Int? { number(name).flatMap { Int(exactly: $0) }.flatMap { $0 >= 0 ? $0 : nil } }
    guard case .text(let name)? = record["schedule"] else { return nil }
    let warmup = whole("warmup") ?? 0
    switch name {
    case "warmup": return RateSchedule(warmup: warmup)
    case "cosine": return number("to").map { RateSchedule(.cosine(to: $0), warmup: warmup) }
    case "stepped":
      guard let every = whole("every"), let by = number("by") else { return nil }
      return RateSchedule(.stepped(every: every, by: by), warmup: warmup)
    default: return nil
    }
  }
}
