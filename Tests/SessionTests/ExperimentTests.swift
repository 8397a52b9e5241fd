import XCTest

@testable import Algebra
@testable import Figures
@testable import Session

/// Experiments, flows and comparisons as data and on narrow and wide terminals.
final class ExperimentTests: XCTestCase {
  private let small =
    "experiment(RNN, GRU, task: parity, steps: 4, numbers: 150, data: (30, 60), seeds: 2, epochs: 4, batch: 10)"

  private func figure(_ text: String, _ session: Session) throws -> Figure {
    _ = session.printed("found_ = " + text)
    guard case .figure(let figure)? = session.interpreter.value(of: "found_") else {
      throw XCTSkip("no figure: \(session.printed(text))")
    }
    return figure
  }

  func testTheSameTwice() {
    let (one, other) = (librarySession(), librarySession())
    _ = other.printed("set seed 9; x = uniform(0, 1, 3)")
    let first = one.printed(small + ".runs")
    XCTAssertEqual(first, other.printed(small + ".runs"))
    XCTAssertEqual(first.count, 9)
    // The session's own random numbers are not drawn from.
    XCTAssertEqual(one.printed("uniform(0, 1, 3)"), librarySession().printed("uniform(0, 1, 3)"))
    XCTAssertEqual(one.printed("T"), librarySession().printed("T"))
  }

  func testEqualNumbers() throws {
    let session = librarySession()
    guard case .experiment(let experiment) = try figure(small, session) else { return XCTFail("no experiment") }
    XCTAssertEqual(experiment.runs.count, 8)
    // 150 wanted: neither a unit more nor a unit fewer would be nearer. RNN: h·h + h + h + 2·h + 2 with x = 1.
    func rnn(_ h: Int) -> Int { h * (h + 1) + h + 2 * h + 2 }
    let run = try XCTUnwrap(experiment.runs.first { $0.cell == 0 })
    XCTAssertEqual(run.numbers, rnn(run.width))
    for other in [run.width - 1, run.width + 1] {
      XCTAssertGreaterThanOrEqual(abs(rnn(other) - 150), abs(run.numbers - 150))
    }
    let chart = experiment.chart
    XCTAssertEqual(
      chart.series.map(\.name),
      ["RNN, 30 sequences", "GRU, 30 sequences", "RNN, 60 sequences", "GRU, 60 sequences", "guessing"])
    XCTAssertTrue(chart.y.isLogarithmic)
    // The curve is the mean of the runs.
    let own = experiment.runs.filter { $0.cell == 1 && $0.size == 60 }
    XCTAssertEqual(chart.series[3].points.map(\.y), (0..<4).map { (own[0].losses[$0] + own[1].losses[$0]) / 2 })
    XCTAssertEqual(session.printed("found_.sentences").last?.isEmpty, false)
  }

  func testInterruptKeepsWhatIsDone() {
    let session = librarySession()
    var isPressed = false
    session.isInterrupted = { isPressed }
    session.endInterrupt = { isPressed = false }
    session.options.width = 200
    var shown: [String] = []
    session.status = { text in
      shown.append(text)
      if text.hasPrefix("run 3/") { isPressed = true }
    }
    let lines = session.printed(
      "found = experiment(RNN, GRU, task: parity, steps: 30, numbers: 400, data: 200, seeds: 5, epochs: 20, batch: 10)")
    XCTAssertEqual(lines, [])
    XCTAssertEqual(shown.last, "")
    XCTAssertTrue(shown.first?.hasPrefix("run 1/10: RNN, seed 1  epoch 1/20  batch 1/20  loss 0.") == true, "\(shown)")
    XCTAssertEqual(session.printed("found.runs.cell"), ["(\"RNN\", \"GRU\")"])
    XCTAssertTrue(
      session.printed("found.sentences[end]").joined().contains("it was interrupted after 2 runs of 10"),
      "\(session.printed("found.sentences"))")
    // Nothing done: the statement is interrupted.
    session.status = nil
    isPressed = true
    XCTAssertEqual(session.printed("experiment(RNN, task: parity)"), ["interrupted"])
  }

  func testSeenAndNotSeen() throws {
    let session = librarySession()
    guard case .experiment(let made) = try figure(small, session) else { return XCTFail("no experiment") }
    func sentences(_ finals: [[Double]], seeds: Int) -> [String] {
      var plan = made.plan
      plan.sizes = [30]
      plan.seeds = seeds
      plan.epochs = 1
      let runs = finals.enumerated().flatMap { cell, losses in
        losses.enumerated().map { seed, loss in
          ExperimentRun(cell: cell, size: 30, seed: seed + 1, width: 3, numbers: 9, losses: [loss], seconds: 1)
        }
      }
      return ExperimentFigure(plan, runs, wasInterrupted: false).sentences
    }
    let apart = sentences([[0.5, 0.51, 0.52], [0.1, 0.12, 0.11]], seeds: 3)
    XCTAssertEqual(
      apart.dropLast(),
      ["seen: GRU (0.11 ± 0.01) is far below guessing (0.693); GRU below RNN"])
    let close = sentences([[0.5, 0.1, 0.3], [0.2, 0.4, 0.5]], seeds: 3)
    XCTAssertEqual(close.dropLast(), ["not seen: a difference between RNN and GRU"])
    let alone = sentences([[0.65], [0.1]], seeds: 1)
    XCTAssertTrue(
      alone.contains("not seen: that RNN (0.65) gets below guessing (0.693); a difference between RNN and GRU"),
      "\(alone)")
    XCTAssertTrue(alone.last?.contains("one seed says nothing of chance") == true)
    XCTAssertTrue(sentences([[0.5], [.nan]], seeds: 1).contains { !$0.contains("nan") })
  }

  /// For equally long, each run ends soon after its time.
  func testEqualTime() throws {
    let session = librarySession()
    guard
      case .experiment(let made) = try figure(
        "experiment(RNN, GRU, task: parity, steps: 4, numbers: 60, data: 40, seeds: 1, seconds: 0.3, batch: 20)",
        session)
    else { return XCTFail("no experiment") }
    XCTAssertEqual(made.runs.count, 2)
    for run in made.runs {
      XCTAssertGreaterThan(run.losses.count, 1)
      XCTAssertGreaterThanOrEqual(run.seconds, 0.3)
      XCTAssertLessThan(run.seconds, 5)
    }
    XCTAssertTrue(made.sentences.last?.contains("differ from machine to machine") == true)
  }

  func testErrors() {
    let session = wideSession()
    for (text, message) in [
      ("experiment()", "error: experiment(cell, …) needs cell"),
      ("experiment(3)", "error: experiment takes cells, and this is a number"),
      (
        "experiment(LSTM, task: 3)",
        "error: task is adding, copy, parity, sunspots, digits or shakespeare, and this is 3"
      ),
      (
        "experiment(LSTM, task: sin)",
        "error: task is adding, copy, parity, sunspots, digits or shakespeare, and this is a function"
      ),
      (
        "experiment(LSTM, task: digits, data: 5000)",
        "error: data is a number of sequences from 1 to 1347, or up to 8 of them, and this is 5000"
      ),
      ("experiment(LSTM, seeds: 0)", "error: seeds is a whole number from 1 to 1000, and this is 0"),
      (
        "experiment(LSTM, seconds: 2, epochs: 3)",
        "error: a run ends after so many epochs or so many seconds: one of the two"
      ),
      ("experiment(LSTM, lr: -1)", "error: lr is a number above 0, and this is -1"),
      (
        "flow(LSTM, x: 1000000, h: 1, steps: 100)",
        "error: 120000000 numbers are more than the 48000000 that a net may hold"
      ), ("flow(RNN, h: 2100, steps: 2)", "error: the Jacobians of RNN are about 70560000 numbers, more than 67108864"),
      (
        "compare(RNN, x: 1000000, h: 1, time: true)",
        "error: 1024000000 numbers are more than the 48000000 that a net may hold"
      ), ("experiment(LSTM, budget: 2)", "error: experiment has no argument budget"),
    ] { XCTAssertEqual(session.printed(text).first, message, text) }
    XCTAssertEqual(session.printed("adding"), ["\"adding\""])
    XCTAssertEqual(session.printed("import \"tasks/adding.cell\"; type(adding)"), ["\"function\""])
  }

  func testChartOfFlow() throws {
    let session = librarySession()
    guard case .flow(let one) = try figure("flow(LSTM, steps: 12, x: 2, h: 3)", session) else {
      return XCTFail("no flow")
    }
    let chart = one.chart
    XCTAssertEqual(
      chart.series.map(\.name),
      [
        "c", "c: c alone", "c: through h; f, i or g", "c: through h; f, i or g; o", "h", "h: through o",
        "h: through c; f, i or g", "h: through c; f, i or g; o",
      ])
    XCTAssertTrue(chart.y.isLogarithmic)
    XCTAssertEqual(chart.series[0].points.count, 13)
    XCTAssertEqual(chart.series[0].points[0].y, 1, accuracy: 1e-12)
    // No path of one step passes through the output gate and on to c: a gap, not a zero on a logarithmic axis.
    XCTAssertTrue(chart.series[3].points[1].y.isNaN)
    XCTAssertEqual(one.notes.count, 3)
    guard case .flow(let short) = try figure("flow(LSTM, steps: 3, x: 2, h: 3)", session) else {
      return XCTFail("no flow")
    }
    XCTAssertNil(short.chart.y.range)
    XCTAssertEqual(short.chart.notes, short.notes)
    // Over many steps the paths through the output gate alone fade by far the fastest: they leave the plot.
    guard case .flow(let long) = try figure("flow(LSTM, steps: 60, h: 8)", session) else { return XCTFail("no flow") }
    let range = try XCTUnwrap(long.chart.y.range)
    let all = long.curves.filter { $0.paths == nil }.flatMap(\.norms)
    for norm in all { XCTAssertTrue(range.contains(norm), "\(norm) in \(range)") }
    XCTAssertGreaterThan(range.lowerBound, (all.min() ?? .infinity) * 1e-3)
    let output = try XCTUnwrap(long.curves.first { $0.state == "h" && $0.paths == "through o" })
    let last = try XCTUnwrap(output.norms.lastIndex { $0 >= range.lowerBound })
    let note = try XCTUnwrap(long.chart.notes.last)
    XCTAssertTrue(note.hasPrefix("below 1e-") && note.contains("h: through o after \(last) steps"), note)
    guard case .flow(let several) = try figure("flow(LSTM, GRU, RNN, steps: 6, h: 3)", session) else {
      return XCTFail("no flow")
    }
    XCTAssertEqual(several.chart.series.map(\.name), ["LSTM c", "LSTM h", "GRU h", "RNN h"])
    // What decays by half says so.
    XCTAssertEqual(FlowFigure.halving(0.5), "halves every step")
    XCTAssertEqual(FlowFigure.halving(2), "doubles every step")
    XCTAssertEqual(FlowFigure.halving(1), "neither fades nor grows")
    // Only every second step is met: √½ a step.
    XCTAssertEqual(FlowFigure.speed([1, 0, 0.5, 0, 0.25, 0, 0.125]), "halves every 2 steps")
    XCTAssertEqual(FlowFigure.speed([1, 2, .nan, .nan]), "no number any more")
    XCTAssertEqual(FlowFigure.speed([1, 0.5, 0, 0]), "nothing is left after 2 steps")
  }

  /// Nothing is wider than the terminal, and ASCII is ASCII.
  func testWidths() {
    let texts = [
      "gates(LSTM)", "gates(Invented)", "gates(FGR)", "compare(LSTM, GRU, RNN, x: 64, h: 128)",
      "compare(LSTM, GRU, RNN, MGU, CIFG, LEM)", "flow(LSTM, steps: 8, h: 3)", "flow(LSTM, GRU, steps: 8, h: 3)", small,
    ]
    for width in [40, 80, 200] {
      for isASCII in [false, true] {
        let session = librarySession()
        session.options.width = width
        session.options.isASCII = isASCII
        _ = session.printed(
          "cell Invented(x) -> h { gate_with_a_long_name[t] = σ(W · x[t] + V · h[t-1]); h[t] = gate_with_a_long_name[t] * h[t-1] + x[t] }"
        )
        for text in texts {
          let lines = session.printed(text)
          XCTAssertGreaterThanOrEqual(lines.count, 2, text)
          for line in lines {
            XCTAssertLessThanOrEqual(line.displayWidth, width, "\(text) at \(width): \(line)")
            if isASCII { XCTAssertTrue(line.utf8.allSatisfy { $0 < 128 }, "\(text): \(line)") }
          }
        }
      }
    }
  }
}
