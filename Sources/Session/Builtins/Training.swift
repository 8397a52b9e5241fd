import Algebra
import Elaboration
import Runtime
import Syntax

/// Training: `fit`, what it takes, and read-outs.
extension BuiltinTable {
  /// Data for the examples.
  private static let line = "set seed 1; X = uniform(-1, 1, 20, 5, 1); "

  static let training: [Builtin] = [
    Builtin(
      "fit", theme: .training,
      "fit(model, data, loss: loss, optimizer: optimizer, epochs: number, batch: number, on: every, validation: data, patience: epochs, schedule: schedule, clip: norm, truncate: steps, checkpoint: truth, shuffle: truth, seed: number, resume: truth, threads: number)",
      "trains a net in place, or makes a net of a cell; data is (X, Y) with X [count, time, width], answers the history; Ctrl-C ends it early and keeps what was learned",
      example: line
        + "history = fit(linear(y: 1), (X, 2 * X), loss: mse, optimizer: sgd(0.5), epochs: 30); history.net.W",
      "[[2]]", .general { call in try FitOrder(call).run() }),
    Builtin(
      "mse", theme: .training, "mse", "the mean of (output - target)^2 over time, sequences and width, a loss of fit",
      example: "mse", "\"mse\"", .word("mse")),
    Builtin(
      "crossentropy", theme: .training, "crossentropy",
      "the mean of -log of the probability of the target's class, in nats; the output gives logits (or is a softmax), the target a class from 1 on, or probabilities",
      example: "crossentropy", "\"crossentropy\"", .word("crossentropy")),
    Builtin(
      "every", theme: .training, "every", "every step counts in the loss: fit(..., on: every)", example: "every",
      "\"every\"", .word("every")),
    Builtin(
      "last", theme: .training, "last", "only the last step of each sequence counts in the loss: fit(..., on: last)",
      example: "last", "\"last\"", .word("last")),
    optimizer(.sgd, "momentum: share, decay: number, nesterov: truth", "steps against the gradient, with momentum"),
    optimizer(
      .rmsprop, "rho: share, momentum: share, epsilon: number, decay: number",
      "steps divided by a running root mean square of the gradient"),
    optimizer(
      .adam, "beta1: share, beta2: share, epsilon: number, decay: number",
      "running means of the gradient and its square, corrected for their start at 0"),
    optimizer(
      .adamw, "beta1: share, beta2: share, epsilon: number, decay: number",
      "adam with a weight decay of its own beside the gradient"),
    Builtin(
      "cosine", theme: .training, "cosine(to: number, warmup: steps)",
      "a learning rate that falls along half a cosine to a share of what it was, after so many steps of warm-up",
      example: "cosine(to: 0.1).to", "0.1",
      .general { call in
        let to = try factor(call, "to") ?? 0
        return .record(try OptimizerReader.record(of: RateSchedule(.cosine(to: to), warmup: try warmup(call))))
      }),
    Builtin(
      "stepped", theme: .training, "stepped(every, by: factor, warmup: steps)",
      "a learning rate that is multiplied by a factor (a half) every so many steps", example: "stepped(1000).by", "0.5",
      .general { call in
        let every = try call.integer(0, from: 1, needs: "how many steps")
        let by = try factor(call, "by") ?? 0.5
        return .record(
          try OptimizerReader.record(of: RateSchedule(.stepped(every: every, by: by), warmup: try warmup(call))))
      }),
    Builtin(
      "warmup", theme: .training, "warmup(steps)",
      "a learning rate that grows linearly over the first steps, then stays", example: "warmup(100).warmup", "100",
      .general { call in
        .record(
          try OptimizerReader.record(of: RateSchedule(warmup: try call.integer(0, from: 1, needs: "how many steps"))))
      }),
    Builtin(
      "predict", theme: .training, "predict(net, data, on: every)",
      "what a net answers to data laid out as for fit, each sequence from its start: [count, time, width], or on: last [count, width]; data is X, or a record whose targets are not looked at",
      example: "shape(predict(linear(x: 1, y: 2), zeros(20, 5, 1)))", "[20, 5, 2]", .general(Prediction.predict)),
    Builtin(
      "test", theme: .training, "test(net, data, loss: loss, on: every)",
      "the loss of a net on data laid out as for fit; where targets are classes also the accuracy, the share of those it finds likeliest",
      example: "net = linear(x: 1, y: 1); net.W = 1; test(net, ([1, 2; 3, 4], [1, 2; 3, 6]), loss: mse)", "{loss: 1}",
      .general(Prediction.test)),
    Builtin(
      "embed", theme: .training, "embed(classes, width)",
      "a cell that looks up a learned vector for each class, given by its number from 1 on",
      example: "shape(feed(embed(5, 3)(x: 1), [2; 5; 2]))", "[3, 3]", .general(embed)),
    Builtin(
      "sample", theme: .training, "sample(net, start, n, temperature: number)",
      "draws n characters that follow a text (or classes that follow some), by the net's probabilities; temperature 0 takes the likeliest",
      example: "net = linear(x: 2, y: 2); net.W = [0, 9; 9, 0]; sample(net, [1], 4, temperature: 0)", "[2, 1, 2, 1]",
      .general { call in try Sampling(call).run() }),
  ]

  private static func optimizer(_ method: Optimizer.Method, _ labels: String, _ summary: String) -> Builtin {
    let name = method.rawValue
    return Builtin(
      name, theme: .training, "\(name)(lr?, \(labels))", "\(summary); for fit(..., optimizer: \(name)(lr: 0.01))",
      example: "\(name)(lr: 0.02).lr", "0.02", .general { call in try OptimizerReader.record(method, call) })
  }

  private static func factor(_ call: Call, _ name: String) throws -> Double? {
    guard let (value, place) = call.label(name) else { return nil }
    guard case .number(let number) = value, number >= 0, number.isFinite else {
      throw SessionError.badSetting(name, allowed: "a number from 0 on", value.described, place)
    }
    return number
  }

  private static func warmup(_ call: Call) throws -> Int {
    guard let (value, place) = call.label("warmup") else { return 0 }
    guard case .number(let number) = value, let steps = Int(exactly: number), steps >= 0 else {
      throw SessionError.badSetting("warmup", allowed: "a whole number of steps", value.described, place)
    }
    return steps
  }

  // MARK: Read-outs

  private static let mostClasses = 20_000

  /// E times the vector that is 1 at the class and 0 elsewhere.
  @Sendable private static func embed(_ call: inout Call) throws -> Value {
    let classes = try call.integer(0, from: 1, needs: "how many classes")
    let width = try call.integer(1, from: 1, needs: "a width")
    guard classes <= mostClasses, width <= Net.largest else {
      throw call.problem(at: 0, "embed takes up to \(mostClasses) classes")
    }
    let numbers = (1...classes).map(String.init).joined(separator: ", ")
    let text = """
      cell embed(x) -> y {
        "a learned vector for each class"
        y[t] = E · step(0.5 - abs([\(numbers)] - x[t] · [1]))
      }
      """
    var recurrence = try Library.read(cell: text, environment: call.interpreter.environment)
    recurrence.widths.append(("y", width))
    do { recurrence.shapes = try recurrence.solvedShapes() } catch {
      throw NetProblem.explained(error, recurrence, at: call.place)
    }
    return .cell(Cell(recurrence))
  }
}
