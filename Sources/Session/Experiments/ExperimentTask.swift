import Runtime
import Syntax

/// A task of the library as an experiment needs it: sequences to learn from, others that are held out, a loss, and what
/// whoever has learned nothing reaches.
///
/// | task | data | without memory |
/// |---|---|---|
/// | adding | drawn, 100 steps | 1/6: always 1 |
/// | copy | drawn, 5 of 8 symbols, 20 steps of silence | 5 · ln 8 / 30: knows when, and guesses what |
/// | parity | drawn, 20 steps | ln 2: guesses |
/// | sunspots | stretches of 40 years up to 1949; held out are the years after | the mean of the years before |
/// | digits | 8 × 8 pixels row by row; a quarter is held out | ln 10: guesses |
/// | shakespeare | stretches of 50 characters; the last 500 are held out | ln 65: guesses |
struct ExperimentTask {
  let name: String
  let file: String
  let steps: Int
  /// What is drawn anew for every seed: the text of a call, `n` sequences of `T` steps. Nil for data that is as it is.
  let drawn: String?
  /// Statements that leave `all`, and the texts of `n` sequences to learn from and of those held out.
  var fixed: (all: String, count: String, train: String, held: String)?
  let loss: String
  /// Of one who learned nothing, given the steps; nil: of always answering 0 to what is held out.
  let baseline: (@Sendable (_ steps: Int) -> Double)?
  let baselineWords: String

  /// Sequences that are held out of tasks that are drawn.
  static let heldCount = 1000

  static let rows: [ExperimentTask] = [
    ExperimentTask(
      name: "adding", file: "adding", steps: 100, drawn: "adding(n, T)", loss: "mse", baseline: { _ in 1 / 6 },
      baselineWords: "always answering 1"),
    ExperimentTask(
      name: "copy", file: "copy", steps: 20, drawn: "copy_task(n, 5, 8, T)", loss: "crossentropy",
      baseline: { 5 * 2.0794415416798357 / Double($0 + 10) }, baselineWords: "knowing when to speak, and guessing"),
    ExperimentTask(
      name: "parity", file: "parity", steps: 20, drawn: "parity(n, T)", loss: "crossentropy",
      baseline: { _ in 0.6931471805599453 }, baselineWords: "guessing"),
    ExperimentTask(
      name: "sunspots", file: "sunspots", steps: 40, drawn: nil,
      fixed: (
        "all = sunspots_ahead(T, 1949)", "length(all.train.x[:, 1, 1])",
        "{x: all.train.x[1..n, :, :], y: all.train.y[1..n, :, :]}",
        "windows(all.series[all.count - T + 1..end], T, step: 1)"
      ), loss: "mse", baseline: nil, baselineWords: "always answering the mean of the years before"),
    ExperimentTask(
      name: "digits", file: "digits", steps: 8, drawn: nil,
      fixed: (
        "all = digits_by_rows()", "1347", "{x: all.x[1..n, :, :], y: all.y[1..n], classes: 10}",
        "{x: all.x[1348..1797, :, :], y: all.y[1348..1797], classes: 10}"
      ), loss: "crossentropy", baseline: { _ in 2.302585092994046 }, baselineWords: "guessing"),
    ExperimentTask(
      name: "shakespeare", file: "shakespeare", steps: 50, drawn: nil,
      fixed: (
        "all = shakespeare(T); last_ = length(all.x[:, 1])", "last_ - 500",
        "{x: all.x[1..n, :], y: all.y[1..n, :], alphabet: all.alphabet}",
        "{x: all.x[last_ - 499..last_, :], y: all.y[last_ - 499..last_, :], alphabet: all.alphabet}"
      ), loss: "crossentropy", baseline: { _ in 4.174387269895637 }, baselineWords: "guessing among 65 characters"),
  ]

  static func named(_ name: String) -> ExperimentTask? { rows.first { $0.name == name } }

  /// Its name as a word of the language, where nothing else has that name: `task: adding`.
  static func isWord(_ name: String) -> Bool { named(name) != nil }
}

/// Draws and cuts the data of a task, in a session of its own: names and random numbers of the user's stay as they are.
final class ExperimentData {
  private let task: ExperimentTask
  private let steps: Int
  private let interpreter: Interpreter
  /// The most sequences there are to learn from; nil if they are drawn.
  private(set) var most: Int?

  init(_ task: ExperimentTask, steps: Int, _ outer: Interpreter) throws {
    self.task = task
    self.steps = steps
    interpreter = Interpreter()
    interpreter.options = outer.options
    interpreter.options.echoesValues = false
    interpreter.output = { _ in }
    interpreter.isInterrupted = outer.isInterrupted
    try run("import \"tasks/\(task.file).cell\"; T = \(steps); set seed 0")
    if let fixed = task.fixed {
      try run("\(fixed.all); count_ = \(fixed.count)")
      if case .number(let count)? = interpreter.value(of: "count_") { most = Int(exactly: count) }
    }
  }

  private func run(_ text: String) throws {
    let outcome = Parser.parse(Source(name: "tasks", text: text), mode: .file)
    if case .failed(let diagnostic) = outcome.problem { throw diagnostic }
    try interpreter.run(outcome.statements)
  }

  private func value(_ text: String, count: Int) throws -> Value {
    try run("n = \(count); answer_ = \(text)")
    return interpreter.value(of: "answer_") ?? .nothing
  }

  /// The first `count` sequences to learn from, drawn anew for each seed where they are drawn: a larger set with the
  /// same seed is not a longer one of the same.
  func train(_ count: Int, seed: Int) throws -> Value {
    guard let drawn = task.drawn else { return try value(task.fixed?.train ?? "nothing", count: count) }
    try run("set seed \(seed)")
    return try value(drawn, count: count)
  }

  /// Those that nothing is learned from: the same for all.
  func held() throws -> Value {
    guard let drawn = task.drawn else { return try value(task.fixed?.held ?? "nothing", count: 1) }
    // A seed that no run has.
    try run("set seed 4000000000")
    return try value(drawn, count: ExperimentTask.heldCount)
  }

  /// The loss of one who learned nothing.
  func baseline() throws -> Double {
    if let baseline = task.baseline { return baseline(steps) }
    guard case .record(let record) = try held(), let targets = record["y"]?.asTensor, targets.count > 0 else {
      return .nan
    }
    return targets.numbers.reduce(0) { $0 + $1 * $1 } / Double(targets.count)
  }
}
