import Algebra
import Runtime
import Syntax
import Typography

/// What an experiment is to do: which cells, on what, how often and for how long.
struct ExperimentPlan {
  var cells: [(name: String, recurrence: Recurrence, place: Place?)]
  var task: ExperimentTask
  var steps: Int
  /// Numbers to learn that every model has as nearly as its widths allow, read-out included.
  var numbers: Int
  /// Sequences to learn from.
  var sizes: [Int]
  var seeds: Int
  var epochs: Int
  /// Instead of epochs: seconds for each run.
  var seconds: Double?
  var batch: Int
  var rate: Double
  /// The loss of one who learned nothing.
  var baseline: Double

  /// Runs of one cell at one size.
  var runCount: Int { cells.count * sizes.count * seeds }
}

/// One training run.
struct ExperimentRun {
  var cell: Int
  var size: Int
  var seed: Int
  /// The width of the cell, and the numbers that its model learns.
  var width: Int
  var numbers: Int
  /// Of the sequences held out, after each epoch.
  var losses: [Double]
  var seconds: Double
  /// Why it ended before its time: the loss grew beyond bounds.
  var diverged = false
}

/// Makes the runs of an experiment, one after the other; what is done when it is interrupted is kept.
final class ExperimentRunner {
  private let plan: ExperimentPlan
  private let interpreter: Interpreter
  private let data: ExperimentData
  private let held: Value
  private(set) var runs: [ExperimentRun] = []
  private(set) var wasInterrupted = false

  init(_ plan: ExperimentPlan, _ data: ExperimentData, _ interpreter: Interpreter) throws {
    self.plan = plan
    self.data = data
    self.interpreter = interpreter
    held = try data.held()
  }

  /// - Throws: `Interruption` if nothing was done yet.
  func run() throws {
    defer { interpreter.status?("") }
    // A seed after the other, so that what an interrupt leaves has all cells and sizes alike.
    for seed in 1...plan.seeds {
      for size in plan.sizes {
        let train = try data.train(size, seed: seed)
        for cell in plan.cells.indices {
          guard let run = try run(cell, size, seed, train) else {
            if runs.isEmpty { throw Interruption() }
            wasInterrupted = true
            interpreter.endInterrupt()
            return
          }
          runs.append(run)
        }
      }
    }
  }

  /// Nil if it was interrupted.
  private func run(_ cell: Int, _ size: Int, _ seed: Int, _ train: Value) throws -> ExperimentRun? {
    let place = plan.cells[cell].place
    do {
      let (net, data, validation, losses) = try model(cell, train, seed: seed)
      var run = ExperimentRun(
        cell: cell, size: size, seed: seed, width: width(of: net), numbers: net.parameterCount, losses: [], seconds: 0)
      let clock = ContinuousClock()
      let start = clock.now
      func seconds() -> Double {
        let (whole, parts) = (clock.now - start).components
        return Double(whole) + Double(parts) * 1e-18
      }
      var options = Fit.Options()
      options.epochs = plan.seconds == nil ? plan.epochs : 1_000_000
      options.batch = min(plan.batch, data.count)
      options.optimizer = Optimizer(.adam, rate: plan.rate)
      // A time that is not known has no end to fall towards.
      let schedule = RateSchedule(plan.seconds == nil ? .cosine(to: 0.02) : .constant)
      options.schedule = { schedule.factor(step: $0, of: $1) }
      options.clip = 1
      options.validation = validation
      options.seed = UInt64(seed)
      var epoch = 1
      let limit = plan.seconds
      let history: TrainingHistory
      do {
        history = try Fit(net, data: data, losses: losses, options: options).run(
          progress: { [self] progress in
            epoch = progress.epoch
            show(progress, cell, size, seed)
          },
          isInterrupted: { [interpreter] in
            interpreter.isInterrupted() || (limit.map { epoch > 1 && seconds() > $0 } ?? false)
          })
      } catch TrainingError.diverged {
        run.diverged = true
        run.losses = [.nan]
        run.seconds = seconds()
        return run
      }
      if interpreter.isInterrupted() || (history.end == .interrupted && limit == nil) { return nil }
      run.losses = history.epochs.compactMap(\.validation)
      run.seconds = seconds()
      return run
    } catch let error as TrainingError {
      if case .interrupted = error { return nil }
      throw SessionError.builtin(
        "\(plan.cells[cell].name) cannot be trained on \(plan.task.name)", hint: "\(error)", place)
    } catch { throw NetProblem.explained(error, plan.cells[cell].recurrence, at: place) }
  }

  private func show(_ progress: TrainingProgress, _ cell: Int, _ size: Int, _ seed: Int) {
    guard let status = interpreter.status else { return }
    let done = runs.count + 1
    let head =
      "run \(done)/\(plan.runCount): \(plan.cells[cell].name)"
      + (plan.sizes.count > 1 ? ", \(size) sequences" : "") + (plan.seeds > 1 ? ", seed \(seed)" : "") + "  "
    status(String((head + ProgressLine.text(progress)).prefix(max(interpreter.options.width - 1, 1))))
  }

  // MARK: Models

  private typealias Model = (
    net: Net, train: TrainingData, held: TrainingData, losses: [(output: SymbolID, loss: Loss)]
  )

  /// The cell with a linear read-out, as wide as comes nearest to the numbers wanted.
  private func model(_ cell: Int, _ train: Value, seed: Int) throws -> Model {
    let recurrence = plan.cells[cell].recurrence
    let readOut = try Library.read(cell: "cell linear(x) -> y { y[t] = W · x[t] + b }", environment: .init())
    var stack = try Composition.stack([("cell", recurrence), ("out", readOut)], name: plan.cells[cell].name)
    let loss: Loss = plan.task.loss == "mse" ? .meanSquare : .crossEntropy
    let place = plan.cells[cell].place
    // The read-out's y is the model's output; data calls it y.
    let reader = TrainingDataReader(
      recurrence: ExperimentRunner.named(stack), width: { _ in nil }, usesClasses: LossReader.usesClasses(loss),
      isOnLast: false, caller: "experiment", place: place)
    var data = try reader.read(train)
    var validation = try reader.read(held)
    guard let input = data.inputs.first, let target = data.targets.first else {
      throw SessionError.builtin("\(plan.task.name) has no data", hint: nil, place)
    }
    let output = stack.outputs[0]
    for index in data.targets.indices { data.targets[index].name = stack.store[output].name }
    for index in validation.targets.indices { validation.targets[index].name = stack.store[output].name }
    stack.widths.append(("x", input.values.width))
    stack.widths.append((stack.store[output].name, target.values.width))
    stack.shapes = try stack.solvedShapes()
    let open = stack.shapes.openWidths
    if !open.isEmpty { stack.widths += open.map { ($0, nearest(stack, open)) } }
    let net = try Net(stack, seed: UInt64(seed), isInterrupted: interpreter.isInterrupted)
    net.threads = interpreter.settings.threads
    net.engineKind = interpreter.settings.engine
    return (net, data, validation, LossReader.losses(loss, stack, data))
  }

  /// The model under the name that the data has for its output.
  private static func named(_ stack: Recurrence) -> Recurrence {
    var result = Recurrence(name: stack.name)
    let x = result.store.add(Symbol(name: "x", kind: .input))
    let y = result.store.add(Symbol(name: "y", kind: .variable))
    result.inputs = [x]
    result.outputs = [y]
    return result
  }

  private static let widest = 4096

  /// The width at which a model has the numbers wanted, or a few more or fewer.
  private func nearest(_ stack: Recurrence, _ open: [String]) -> Int {
    func numbers(_ width: Int) -> Int {
      var known = stack
      known.widths += open.map { ($0, width) }
      guard let shapes = try? known.solvedShapes() else { return .max }
      return (known.parameters + known.learnedStarts).reduce(0) { total, symbol in
        total + (shapes.symbols[symbol]?.dimensions.reduce(1) { $0 * ($1.number ?? 1) } ?? 0)
      }
    }
    var (low, high) = (1, ExperimentRunner.widest)
    while low < high {
      let middle = (low + high) / 2
      if numbers(middle) < plan.numbers { low = middle + 1 } else { high = middle }
    }
    guard low > 1 else { return 1 }
    let (below, above) = (plan.numbers - numbers(low - 1), numbers(low) - plan.numbers)
    return below <= above ? low - 1 : low
  }

  private func width(of net: Net) -> Int {
    net.recurrence.store.symbol(named: "out.W").map { net.sides($0).last ?? 0 } ?? 0
  }
}
