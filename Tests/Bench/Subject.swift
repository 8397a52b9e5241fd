import Algebra
import Elaboration
import Glibc
import Kernels
import Runtime
import Syntax

/// A cell of the library (or of a file) at one shape, made ready to be timed.
final class Subject {
  struct Failure: Error { var message: String }

  private let executor: PlanExecutor<Float>
  private let inputs: [(place: Slice, values: [Float])]
  private let outputs: [Slice]
  private var answer: [Float]
  private let steps: Int
  /// Steps of one run: all for training, else as many as a net feeds at a time.
  private let part: Int
  private let isTraining: Bool

  /// - Parameters:
  ///   - layers: so many of it in a stack, all as wide.
  ///   - isTraining: forward and backward to all parameters and inputs, for a given cotangent of the output, as the
  ///     peers have it.
  init(
    text: String, name: String, steps: Int, batch: Int, x: Int, h: Int, layers: Int, isTraining: Bool, threads: Int
  ) throws {
    self.steps = steps
    self.isTraining = isTraining
    let net = try Subject.net(text: text, name: name, x: x, h: h, layers: layers)
    var recurrence = net.recurrence
    var kept = Set(recurrence.outputs)
    var values: [SymbolID: [Double]] = [:]
    for symbol in recurrence.parameters { values[symbol] = net.parameter(symbol) }
    for (symbol, value) in recurrence.constants { values[symbol] = [value.value] }
    part = isTraining ? steps : min(steps, net.chunk(batch: batch))
    if isTraining {
      let training = try GradientRecurrence(recurrence)
      let timed = Set(recurrence.inputs)
      recurrence = training.recurrence
      kept = Set(training.gradients.filter { timed.contains($0.symbol) }.map(\.gradient))
    }
    let plan = try Plan(
      recurrence, shapes: recurrence.shapes, batch: batch, slots: part, kept: kept, machine: PlanMachine(Float.self))
    executor = try PlanExecutor(plan)
    executor.threads = threads
    for (symbol, numbers) in values {
      guard let place = plan.parameters[symbol] else { continue }
      for (index, number) in numbers.enumerated() { executor.storage[place.base + index] = Float(number) }
    }
    executor.update()
    var state: UInt64 = 7
    func chance() -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / Float(1 << 24) - 0.5
    }
    inputs = recurrence.inputs.compactMap { symbol in
      guard let slice = plan.locations[symbol]?.slice else { return nil }
      return (slice, (0..<steps * batch * slice.count).map { _ in chance() * 0.2 })
    }
    outputs = kept.sorted().compactMap { plan.locations[$0]?.slice }
    answer = [Float](repeating: 0, count: outputs.reduce(0) { max($0, $1.count) } * steps * batch)
  }

  static func net(text: String, name: String, x: Int, h: Int, layers: Int) throws -> Net {
    var cell = try recurrence(text, name)
    guard layers > 1 else { return try Net(cell, widths: [("x", x), ("h", h)], seed: 1) }
    cell.widths.append(("h", h))
    cell.shapes = try cell.solvedShapes()
    let stacked = try Composition.stack((1...layers).map { ("layer\($0)", cell) })
    return try Net(stacked, widths: [("x", x)], seed: 1)
  }

  private static func recurrence(_ text: String, _ name: String) throws -> Recurrence {
    let outcome = Parser.parse(Source(name: name, text: text), mode: .file)
    for statement in outcome.statements {
      guard case .cell(let definition) = statement.form, definition.name.name == name,
        case .items(let items) = definition.body
      else { continue }
      return try CellElaborator.elaborate(definition, items: items, environment: Environment())
    }
    throw Failure(message: "no cell \(name)")
  }

  /// One whole call: inputs in, run, answers out; in training weights are packed anew.
  func run() {
    if isTraining { executor.update() }
    executor.clearPast()
    for first in stride(from: 0, to: steps, by: part) {
      let some = min(part, steps - first)
      for (place, values) in inputs { executor.write(values, from: first, to: place) }
      executor.clearFuture(steps: some)
      _ = executor.run(steps: some, firstTime: 1 + first, isInterrupted: { false })
      for place in outputs { executor.read(place, steps: some, into: &answer, from: first) }
      executor.advance(steps: some)
    }
  }

  /// Seconds of calls within a budget of seconds.
  func times(budget: Double) -> [Double] {
    Subject.times(budget: budget, run)
  }

  static func times(budget: Double, _ run: () -> Void) -> [Double] {
    var result: [Double] = []
    let end = Subject.now() + budget
    run()
    while result.count < 4 || Subject.now() < end {
      let start = Subject.now()
      run()
      result.append(Subject.now() - start)
    }
    return result
  }

  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
