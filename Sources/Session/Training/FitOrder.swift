import Algebra
import Elaboration
import Runtime
import Syntax

/// `fit(model, data, loss: crossentropy, optimizer: adam(lr: 2e-3), ...)`: what a call asks for.
struct FitOrder {
  private let call: Call
  private let value: NetValue
  /// The model was a cell, of which a net was made.
  private let cell: Cell?
  private let data: TrainingData
  private let losses: [(output: SymbolID, loss: Loss)]
  private let options: Fit.Options

  init(_ call: Call) throws {
    self.call = call
    let loss = try LossReader.loss(call)
    let isOnLast = try LossReader.isOnLast(call)
    let recurrence: Recurrence
    switch call.values[0] {
    case .cell(let cell): recurrence = cell.recurrence
    case .net(let net): recurrence = net.recurrence
    default: throw call.wrong(0, needs: "a net or a cell", hint: "model = stack(LSTM(h: 16), linear(1))")
    }
    let reader = TrainingDataReader(
      recurrence: recurrence, width: { recurrence.shapes.symbols[$0].flatMap { $0.knownCount } },
      usesClasses: LossReader.usesClasses(loss), isOnLast: isOnLast, place: call.places[1])
    var data = try reader.read(call.values[1])
    var options = Fit.Options()
    options.counting = isOnLast ? .lastStep : .everyStep
    options.validation = try FitOrder.validation(call, reader, &data)
    try FitOrder.read(call, count: data.count, &options)
    switch call.values[0] {
    case .cell(let cell):
      self.cell = cell
      value = try FitOrder.net(of: cell, data, call)
    case .net(let net):
      cell = nil
      value = net
    default: throw call.wrong(0, needs: "a net or a cell")
    }
    if call.label("seed") == nil { options.seed = value.net.seed }
    losses = LossReader.losses(loss, recurrence, data)
    self.data = data
    self.options = options
  }

  // MARK: Running

  private var threads: Int? {
    get throws {
      try call.label("threads").map { value, place in try call.interpreter.threads(value, place) }
    }
  }

  /// Trains, and answers the history.
  func run() throws -> Value {
    let interpreter = call.interpreter
    var line = ProgressLine(interpreter)
    defer { line.clear() }
    value.net.engineKind = interpreter.settings.engine
    value.net.threads = try threads ?? interpreter.settings.threads
    do {
      let fit = try Fit(value.net, data: data, losses: losses, options: options)
      let history = try fit.run(progress: { line.show($0) }, isInterrupted: interpreter.isInterrupted)
      line.clear()
      bind()
      if history.end == .interrupted {
        interpreter.endInterrupt()
        interpreter.say(
          "interrupted in epoch \(min((value.net.training?.epoch ?? 0) + 1, options.epochs)) of \(options.epochs): "
            + "the net keeps what it has learned")
      }
      return .record(try HistoryRecord.record(history, value))
    } catch let found as ValueProblem {
      throw SessionError.value(found, call.place)
    } catch { throw TrainingProblem.explained(error, value.recurrence, call) }
  }

  /// `fit(model, …)` with a name for a cell leaves the trained net under that name; a cell keeps its own.
  private func bind() {
    guard let cell, let name = call.places[0]?.text, name != cell.name else { return }
    let binding = call.interpreter.binding(name)
    guard case .cell(let bound)? = binding.value, bound === cell else { return }
    call.interpreter.assign(.net(value), to: binding)
    guard call.interpreter.options.echoesValues else { return }
    call.interpreter.say("\(name) is a net now, of \(counted(value.net.parameterCount, "number"))")
  }

  // MARK: Settings

  private static func validation(
    _ call: Call, _ reader: TrainingDataReader, _ data: inout TrainingData
  ) throws -> TrainingData? {
    guard let (value, place) = call.label("validation") else { return nil }
    guard case .number(let share) = value else {
      return try TrainingDataReader(
        recurrence: reader.recurrence, width: reader.width, usesClasses: reader.usesClasses,
        isOnLast: reader.isOnLast, place: place
      ).read(value)
    }
    let kept = data.count - Int((share * Double(data.count)).rounded())
    guard share > 0, share < 1, kept > 0, kept < data.count else {
      throw SessionError.builtin(
        "validation takes a share of the \(counted(data.count, "sequence")) between 0 and 1, or data of its own",
        hint: "validation: 0.1 sets the last tenth aside", place)
    }
    let (first, rest) = data.split(after: kept)
    data = first
    return rest
  }

  private static func read(_ call: Call, count: Int, _ options: inout Fit.Options) throws {
    options.epochs = try whole(call, "epochs") ?? options.epochs
    options.batch = try whole(call, "batch") ?? min(options.batch, count)
    options.patience = try whole(call, "patience")
    options.truncate = try whole(call, "truncate")
    options.isCheckpointed = try truth(call, "checkpoint") ?? false
    options.shuffles = try truth(call, "shuffle") ?? true
    options.resumes = try truth(call, "resume") ?? false
    if options.truncate != nil, options.isCheckpointed {
      throw SessionError.builtin(
        "truncate and checkpoint are two ways to save memory: one at a time", hint: nil, call.label("checkpoint")?.place
      )
    }
    if options.patience != nil, call.label("validation") == nil {
      throw SessionError.builtin(
        "patience waits for a lower validation loss, and there is no validation data", hint: "validation: 0.1",
        call.label("patience")?.place)
    }
    if let (value, place) = call.label("clip") {
      guard case .number(let bound) = value, bound > 0, bound.isFinite else {
        throw SessionError.badSetting("clip", allowed: "the largest norm of the gradient", value.described, place)
      }
      options.clip = bound
    }
    if let (value, place) = call.label("seed") {
      guard case .number(let number) = value, let seed = UInt64(exactly: number) else {
        throw SessionError.badSetting("seed", allowed: "a whole number from 0 on", value.described, place)
      }
      options.seed = seed
    }
    if let (value, place) = call.label("optimizer") {
      options.optimizer = try OptimizerReader.optimizer(value, place)
    }
    if let (value, place) = call.label("schedule") {
      options.schedule = try OptimizerReader.schedule(value, call.interpreter, place)
    }
  }

  private static func whole(_ call: Call, _ name: String) throws -> Int? {
    guard let (value, place) = call.label(name) else { return nil }
    guard case .number(let number) = value, let whole = Int(exactly: number), whole >= 1, whole <= Net.largest else {
      throw SessionError.badSetting(name, allowed: "a whole number from 1 on", value.described, place)
    }
    return whole
  }

  private static func truth(_ call: Call, _ name: String) throws -> Bool? {
    guard let (value, place) = call.label(name) else { return nil }
    guard case .truth(let truth) = value else {
      throw SessionError.badSetting(name, allowed: "true or false", value.described, place)
    }
    return truth
  }

  // MARK: Nets

  /// A net of a cell: the data says how wide inputs and outputs are where the cell does not.
  private static func net(of cell: Cell, _ data: TrainingData, _ call: Call) throws -> NetValue {
    var recurrence = cell.recurrence
    do {
      for field in data.inputs + data.targets {
        guard let symbol = recurrence.store.symbol(named: field.name),
          recurrence.shapes.symbols[symbol]?.knownCount == nil
        else { continue }
        recurrence.widths.append((field.name, field.values.width))
        recurrence.shapes = try recurrence.solvedShapes()
      }
      let interpreter = call.interpreter
      let net = try Net(
        recurrence, seed: interpreter.random.seed &+ interpreter.netCount, isInterrupted: interpreter.isInterrupted)
      interpreter.netCount &+= 1
      return NetValue(net)
    } catch { throw NetProblem.explained(error, recurrence, at: call.places[0]) }
  }
}

extension Algebra.Shape {
  /// How many numbers it has, if no width is open.
  fileprivate var knownCount: Int? {
    dimensions.reduce(1) { count, side in count.flatMap { count in side.number.map { count * $0 } } }
  }
}
