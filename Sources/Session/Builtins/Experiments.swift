import Algebra
import Runtime
import Syntax

/// Cells against each other on the tasks of the library.
extension BuiltinTable {
  static let experiments: [Builtin] = [
    Builtin(
      "experiment", theme: .training,
      "experiment(cell, ..., task: adding, numbers: 5000, data: sizes, seeds: 3, epochs: 16, seconds: each, steps: length, batch: 50, lr: 0.005)",
      "trains cells with equally many numbers to learn (or, with seconds, for equally long) on a task of the library (adding, copy, parity, sunspots, digits, shakespeare), over several seeds and sizes of data; says what was seen and what was not; .table, .runs, .curves and .sentences hold it",
      example: "type(experiment)", "\"function\"", .netCall(experiment))
  ]

  private static let experimentLabels = [
    "task", "numbers", "data", "seeds", "epochs", "seconds", "steps", "batch", "lr",
  ]
  private static let usualData = 10_000

  @Sendable private static func experiment(
    _ given: [GivenArgument], _ interpreter: Interpreter, _ place: Place?
  ) throws -> Value {
    if let unknown = given.first(where: { $0.label.map { !experimentLabels.contains($0) } ?? false }) {
      throw SessionError.unknownLabel(
        unknown.label ?? "", function: "experiment", has: experimentLabels, unknown.place)
    }
    let subjects = try subjects(of: given, "experiment", most: .max, "cells", place)
    var cells = try subjects.map { subject -> (name: String, recurrence: Recurrence, place: Place?) in
      guard case .cell(let cell) = subject.value else {
        throw SessionError.argument(
          of: "experiment", needs: "cells", subject.value.described, hint: "experiment(LSTM, GRU, RNN)", subject.place)
      }
      guard cell.recurrence.inputs.count == 1, cell.recurrence.outputs.count == 1 else {
        throw SessionError.builtin(
          "experiment takes cells with one input and one output", hint: nil, subject.place)
      }
      return (cell.name, cell.recurrence, subject.place)
    }
    for (position, name) in SubjectNames.unique(cells.map { ($0.name, $0.place) }).enumerated() {
      cells[position].name = name
    }
    let task = try task(of: given)
    let steps = try whole("steps", of: given, 1...10_000) ?? task.steps
    let data: ExperimentData
    do { data = try ExperimentData(task, steps: steps, interpreter) } catch let error as any Explained {
      throw SessionError.builtin(
        "the data of \(task.name) cannot be made: \(error.diagnostic.message)", hint: nil, place)
    }
    var plan = ExperimentPlan(
      cells: cells, task: task, steps: steps, numbers: try whole("numbers", of: given, 1...Net.largest) ?? 5000,
      sizes: try sizes(of: given, most: data.most), seeds: try whole("seeds", of: given, 1...1000) ?? 3,
      epochs: try whole("epochs", of: given, 1...1_000_000) ?? 16, seconds: nil,
      batch: try whole("batch", of: given, 1...1_000_000) ?? 50, rate: try positive("lr", of: given) ?? 5e-3,
      baseline: try data.baseline())
    plan.seconds = try positive("seconds", of: given)
    if plan.seconds != nil, let epochs = given.first(where: { $0.label == "epochs" }) {
      throw SessionError.builtin(
        "a run ends after so many epochs or so many seconds: one of the two", hint: nil, epochs.place)
    }
    let runner = try ExperimentRunner(plan, data, interpreter)
    try runner.run()
    return .figure(.experiment(ExperimentFigure(plan, runner.runs, wasInterrupted: runner.wasInterrupted)))
  }

  /// `task: adding`: a word, unless the user has something of that name; `copy` and `digits` are functions too.
  private static func task(of given: [GivenArgument]) throws -> ExperimentTask {
    guard let argument = given.first(where: { $0.label == "task" }) else { return ExperimentTask.rows[0] }
    let name: String?
    switch argument.value {
    case .text(let word): name = word
    case .function(let function): name = function.name
    default: name = nil
    }
    guard let name, let task = ExperimentTask.named(name) else {
      let known = ExperimentTask.rows.map(\.name)
      throw SessionError.badSetting(
        "task", allowed: known.dropLast().joined(separator: ", ") + " or " + (known.last ?? ""),
        argument.value.described, argument.place)
    }
    return task
  }

  /// `data: 1000`, `data: (300, 3000)`.
  private static func sizes(of given: [GivenArgument], most: Int?) throws -> [Int] {
    guard let argument = given.first(where: { $0.label == "data" }) else {
      return [min(usualData, most ?? usualData)]
    }
    let numbers: [Value]
    switch argument.value {
    case .list(let list): numbers = list.items
    case .number: numbers = [argument.value]
    default: numbers = argument.value.asTensor?.numbers.map { .number($0) } ?? []
    }
    let bound = most ?? 1_000_000
    let sizes = numbers.compactMap { value -> Int? in
      guard case .number(let number) = value, let size = Int(exactly: number), (1...bound).contains(size) else {
        return nil
      }
      return size
    }
    guard !sizes.isEmpty, sizes.count == numbers.count, Set(sizes).count == sizes.count, sizes.count <= 8 else {
      throw SessionError.badSetting(
        "data", allowed: "a number of sequences from 1 to \(bound), or up to 8 of them",
        argument.value.described, argument.place)
    }
    return sizes
  }

  private static func positive(_ label: String, of given: [GivenArgument]) throws -> Double? {
    guard let argument = given.first(where: { $0.label == label }) else { return nil }
    guard case .number(let number) = argument.value, number > 0, number.isFinite else {
      throw SessionError.badSetting(
        label, allowed: "a number above 0", argument.value.described, argument.place)
    }
    return number
  }
}
