import Algebra
import XCTest

@testable import Runtime

/// Training of small nets on small tasks: what is learned, and what must be the same.
final class FitTests: XCTestCase {
  private static let memory = """
    cell Memory(x) -> y {
      h[t] = tanh(W · x[t] + U · h[t-1] + b)
      y[t] = V · h[t] + c
      param U: h × h
    }
    """
  private static let delayed = """
    cell Delayed(x) -> y {
      h[t] = tanh(W · x[t] + U · h[t-1] + P · h[t-3] + b)
      y[t] = V · h[t] + V2 · x[t-2]
      param U: h × h
      param P: h × h
      init h[-1] = 0.25
      learn h[0]
    }
    """

  private func net(_ text: String = memory, type: NumberType = .float64, h: Int = 4, y: Int = 1) throws -> Net {
    try Net(readCell(text), widths: [("x", 1), ("h", h), ("y", y)], seed: 3, type: type)
  }

  /// The input of two steps ago.
  private func echo(_ count: Int, time: Int, lengths: [Int]? = nil) -> TrainingData {
    var stream = RandomStream(seed: 5)
    let x = (0..<count * time).map { _ in stream.uniform(-1, 1) }
    let y = x.indices.map { $0 % time < 2 ? 0 : x[$0 - 2] }
    return TrainingData(
      count: count, time: time, inputs: [.init(name: "x", values: .numbers(x, width: 1))],
      targets: [.init(name: "y", values: .numbers(y, width: 1))], lengths: lengths)
  }

  private func fit(_ net: Net, _ data: TrainingData, _ change: (inout Fit.Options) -> Void = { _ in }) throws -> Fit {
    var options = Fit.Options()
    options.batch = 8
    options.epochs = 30
    options.optimizer = Optimizer(.adam, rate: 0.03)
    change(&options)
    return try Fit(net, data: data, losses: [(net.recurrence.outputs[0], .meanSquare)], options: options)
  }

  private func trainer(_ net: Net, _ data: TrainingData, _ counting: Counting = .everyStep) throws -> Trainer {
    try Trainer(net, losses: [(net.recurrence.outputs[0], .meanSquare)], data: data, counting: counting)
  }

  private func all(_ data: TrainingData, _ trainer: Trainer) -> MiniBatch {
    MiniBatch(Array(0..<data.count), of: data, fields: trainer.fields, counting: trainer.counting)
  }

  // MARK: Learning

  func testLossesFall() throws {
    let data = echo(32, time: 8)
    for type in NumberType.allCases {
      let net = try net(type: type, h: 8)
      let history = try fit(net, data) { $0.epochs = 40 }.run()
      XCTAssertEqual(history.end, .finished)
      XCTAssertEqual(history.epochs.count, 40)
      XCTAssertEqual(history.steps.count, 160)
      let (first, last) = (history.epochs.first?.loss ?? 0, history.epochs.last?.loss ?? 1)
      XCTAssertLessThan(last, 0.2 * first, type.rawValue)
      if type == .float32 {
        for (symbol, values) in net.parameters {
          XCTAssertTrue(values.allSatisfy { $0 == Double(Float($0)) }, net.recurrence.store[symbol].name)
        }
      }
      // Neither state nor track was touched.
      XCTAssertEqual(net.time, 0)
      XCTAssertNil(net.batch)
    }
  }

  func testEveryOptimizerLearns() throws {
    let data = echo(32, time: 5)
    var optimizers = Optimizer.Method.allCases.map { Optimizer($0, rate: 0.02) }
    optimizers[0].rate = 0.3
    var nesterov = Optimizer(.sgd, rate: 0.05)
    nesterov.momentum = 0.9
    nesterov.isNesterov = true
    for optimizer in optimizers + [nesterov] {
      let history = try fit(try net(), data) {
        $0.optimizer = optimizer
        $0.epochs = 15
        $0.schedule = { RateSchedule(.cosine(to: 0.1), warmup: 10).factor(step: $0, of: $1) }
      }.run()
      XCTAssertLessThan(
        history.epochs.last?.loss ?? 1, 0.7 * (history.epochs.first?.loss ?? 0), "\(optimizer)")
    }
  }

  // MARK: The same

  func testSameSeedSameLosses() throws {
    let data = echo(20, time: 5)
    let first = try fit(try net(type: .float32), data) { $0.epochs = 3 }.run()
    let second = try fit(try net(type: .float32), data) { $0.epochs = 3 }.run()
    XCTAssertEqual(first.steps, second.steps)
    let other = try fit(try net(type: .float32), data) {
      $0.epochs = 3
      $0.seed = 1
    }.run()
    XCTAssertNotEqual(first.steps, other.steps)
  }

  /// An interruption, at whatever step and also in its middle, loses nothing: going on gives the same losses.
  func testInterruptedAndResumed() throws {
    let data = echo(20, time: 6)
    for truncate in [nil, 2] {
      func options(_ options: inout Fit.Options) {
        options.epochs = 4
        options.truncate = truncate
      }
      let whole = try fit(try net(), data, options).run()
      let net = try net()
      var losses: [Double] = []
      var (runs, middles) = (0, 0)
      var end = TrainingHistory.End.interrupted
      while end == .interrupted, runs < 100 {
        var asked = 0
        let part = try fit(net, data) {
          options(&$0)
          $0.resumes = true
        }.run(isInterrupted: {
          asked += 1
          // The first question of a step, and those within it.
          return asked > 3 + runs % 5
        })
        losses += part.steps
        end = part.end
        runs += 1
        if net.training?.parts != nil { middles += 1 }
      }
      XCTAssertGreaterThan(runs, 2)
      XCTAssertEqual(middles > 0, truncate != nil)
      XCTAssertEqual(losses, whole.steps)
    }
  }

  func testInterruptionKeepsWhatWasLearned() throws {
    let net = try net()
    let before = net.parameters
    var asked = 0
    let history = try fit(net, echo(16, time: 5)).run(isInterrupted: {
      asked += 1
      return asked > 20
    })
    XCTAssertEqual(history.end, .interrupted)
    XCTAssertGreaterThan(history.steps.count, 0)
    XCTAssertNotEqual(net.parameters, before)
  }

  // MARK: Gradients that must agree

  private func assertEqual(
    _ a: [SymbolID: [Double]], _ b: [SymbolID: [Double]], accuracy: Double = 1e-13, _ message: String = "",
    line: UInt = #line
  ) {
    XCTAssertEqual(Set(a.keys), Set(b.keys), line: line)
    for (symbol, values) in a {
      XCTAssertEqual(values.count, b[symbol]?.count, line: line)
      for (left, right) in zip(values, b[symbol] ?? []) {
        XCTAssertEqual(left, right, accuracy: accuracy, message, line: line)
      }
    }
  }

  func testCheckpointedGradientsAreTheSame() throws {
    for text in [FitTests.memory, FitTests.delayed] {
      for time in [1, 2, 5, 9, 17] {
        let net = try net(text)
        let data = echo(3, time: time)
        let trainer = try trainer(net, data)
        let batch = all(data, trainer)
        let plain = try trainer.step(batch, isInterrupted: { false })
        let checkpointed = try trainer.checkpointedStep(batch, isInterrupted: { false })
        XCTAssertEqual(plain.loss, checkpointed.loss, accuracy: 1e-14)
        assertEqual(plain.gradients, checkpointed.gradients, "\(time) steps")
      }
    }
  }

  /// Truncated at the whole length it is plain; where nothing is remembered longer than a part, so is the sum of parts.
  func testTruncatedGradients() throws {
    let data = echo(3, time: 7)
    let net = try net(FitTests.delayed)
    let plainTrainer = try trainer(net, data)
    let plain = try plainTrainer.step(all(data, plainTrainer), isInterrupted: { false })
    var steps: [Trainer.Step] = []
    var parts: TrainingState.Parts?
    let loss = try plainTrainer.truncatedSteps(
      all(data, plainTrainer), length: 7, &parts, isInterrupted: { false }, update: { steps.append($0) })
    XCTAssertNil(parts)
    XCTAssertEqual(steps.count, 1)
    XCTAssertEqual(loss, plain.loss, accuracy: 1e-14)
    assertEqual(plain.gradients, steps.first?.gradients ?? [:])

    let feedforward = "cell Window(x) -> y { h[t] = tanh(W · x[t] + V · x[t-1]); y[t] = U · h[t] }"
    let window = try self.net(feedforward)
    let windowTrainer = try trainer(window, data)
    let whole = try windowTrainer.step(all(data, windowTrainer), isInterrupted: { false })
    var sums: [SymbolID: [Double]] = [:]
    var counts: [Double] = []
    let total = try windowTrainer.truncatedSteps(
      all(data, windowTrainer), length: 3, &parts, isInterrupted: { false },
      update: { step in
        // Each part is a mean over its own 3, 3 and 1 steps.
        let share = [3.0, 3, 1][counts.count] / 7
        counts.append(share)
        for (symbol, values) in step.gradients {
          sums[symbol] = zip(sums[symbol] ?? values.map { _ in 0 }, values).map { $0 + share * $1 }
        }
      })
    XCTAssertEqual(total, whole.loss, accuracy: 1e-14)
    assertEqual(whole.gradients, sums)
  }

  /// The states of a part are those that the part before ended with: the losses are those of the whole.
  func testTruncationCarriesStates() throws {
    let data = echo(3, time: 7)
    let net = try net(FitTests.delayed)
    let trainer = try trainer(net, data)
    let plain = try trainer.loss(of: data, batch: 3)
    var parts: TrainingState.Parts?
    let loss = try trainer.truncatedSteps(
      all(data, trainer), length: 2, &parts, isInterrupted: { false }, update: { _ in })
    XCTAssertEqual(loss, plain, accuracy: 1e-14)
  }

  /// Shorter sequences beside longer ones count as they do alone, also where a part runs from the end.
  func testLengths() throws {
    let gru = try readCell(SampleCells.gated)
    let both = try Composition.stack([
      ("a", Composition.bidirectional(gru)), ("out", readCell("cell Out(x) -> y { y[t] = W · x[t] }")),
    ])
    let lengths = [3, 6, 1, 4]
    for (name, cell, widths) in [
      ("memory", try readCell(FitTests.memory), [("x", 1), ("h", 3), ("y", 1)]),
      ("bidirectional", both, [("x", 1), ("a.ahead.h", 2), ("a.back.h", 2), ("out.y", 1)]),
    ] {
      for counting in [Counting.everyStep, .lastStep] {
        let net = try Net(cell, widths: widths, seed: 2, type: .float64)
        let output = net.recurrence.store[net.recurrence.outputs[0]].name
        var data = echo(4, time: 6, lengths: lengths)
        data.targets[0].name = output
        let trainer = try trainer(net, data, counting)
        let together = try trainer.gradients(of: data)
        let items = counting == .lastStep ? 4.0 : Double(lengths.reduce(0, +))
        var loss = 0.0
        var sums: [SymbolID: [Double]] = [:]
        for (index, length) in lengths.enumerated() {
          let alone = data.alone(index, length)
          let single = try self.trainer(net, alone, counting).gradients(of: alone)
          let share = (counting == .lastStep ? 1 : Double(length)) / items
          loss += single.loss * share
          for (symbol, values) in single.gradients {
            sums[symbol] = zip(sums[symbol] ?? values.map { _ in 0 }, values).map { $0 + share * $1 }
          }
        }
        XCTAssertEqual(together.loss, loss, accuracy: 1e-14, name)
        assertEqual(together.gradients, sums, name)
      }
    }
  }

  // MARK: Ends

  func testEarlyStoppingAnswersTheBest() throws {
    let net = try net(h: 8)
    let history = try fit(net, echo(8, time: 5)) {
      $0.epochs = 400
      $0.optimizer.rate = 0.1
      $0.validation = echo(4, time: 7)
      $0.patience = 5
    }.run()
    XCTAssertEqual(history.end, .early)
    XCTAssertEqual(history.epochs.count, history.best + 5)
    let best = try XCTUnwrap(history.epochs.compactMap(\.validation).min())
    let now = try trainer(net, echo(4, time: 7)).loss(of: echo(4, time: 7), batch: 8)
    XCTAssertEqual(now, best, accuracy: 1e-12)
  }

  func testDivergenceSaysWhere() throws {
    let net = try Net(readCell("cell Grow(x) -> h { h[t] = U · h[t-1] + W · x[t] }"), widths: [("x", 1), ("h", 1)])
    net.setParameter(try net.symbol("U"), [1e6])
    net.setParameter(try net.symbol("W"), [1])
    var data = echo(4, time: 30)
    data.targets[0].name = "h"
    XCTAssertThrowsError(
      try fit(net, data) {
        $0.batch = 4
        $0.shuffles = false
      }.run()
    ) { error in
      guard case TrainingError.diverged(let found) = error else { return XCTFail("\(error)") }
      XCTAssertEqual(found.step, 1)
      XCTAssertEqual(found.place?.variable, "h")
      // |x| 1e6^(t-1) leaves Float32 at its 38th power of ten.
      XCTAssertEqual(found.place?.time, 8)
      XCTAssertEqual(net.parameter(net.recurrence.parameters[0]), [1e6])
    }
  }

  func testWhatDoesNotFit() throws {
    let net = try net()
    let data = echo(4, time: 5)
    func assertThrows(_ name: String, _ data: TrainingData, _ change: (inout Fit.Options) -> Void = { _ in }) {
      XCTAssertThrowsError(try fit(net, data, change), name) { XCTAssertTrue($0 is TrainingError, "\(name): \($0)") }
    }
    assertThrows("batch", data)
    var wrong = data
    wrong.inputs[0].name = "z"
    assertThrows("name", wrong) { $0.batch = 2 }
    wrong = data
    wrong.inputs[0].values = .numbers([Double](repeating: 0, count: 40), width: 2)
    assertThrows("width", wrong) { $0.batch = 2 }
    wrong.inputs[0].values = .numbers([0], width: 1)
    assertThrows("size", wrong) { $0.batch = 2 }
    wrong.inputs[0].values = .classes([Int32](repeating: 7, count: 20), of: 3)
    assertThrows("class", wrong) { $0.batch = 2 }
    wrong = echo(4, time: 5, lengths: [1, 2, 3, 6])
    assertThrows("length", wrong) { $0.batch = 2 }
    // A vector for each of so many classes does not fit into memory, and is refused before it is made.
    let wide = try Net(readCell("cell Wide(x) -> y { y[t] = sum(x[t]) }"), widths: [("x", 20_000_000)])
    wrong = data
    wrong.inputs[0].values = .classes([Int32](repeating: 7, count: 20), of: 20_000_000)
    XCTAssertThrowsError(try fit(wide, wrong) { $0.batch = 2 }) {
      guard case NetError.tooLarge = $0 else { return XCTFail("\($0)") }
    }
  }
}

extension TrainingData {
  /// One sequence, as long as it counts.
  fileprivate func alone(_ index: Int, _ length: Int) -> TrainingData {
    func cut(_ field: Field) -> Field {
      guard case .numbers(let numbers, let width) = field.values else { return field }
      let start = index * time * width
      return Field(name: field.name, values: .numbers(Array(numbers[start..<start + length * width]), width: width))
    }
    return TrainingData(count: 1, time: length, inputs: inputs.map(cut), targets: targets.map(cut))
  }
}
