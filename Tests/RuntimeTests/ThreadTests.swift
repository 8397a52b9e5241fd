import Algebra
import Synchronization
import XCTest

@testable import Runtime

/// Several threads: every part once, the same bits, and stopped as soon as one is.
final class ThreadTests: XCTestCase {
  // MARK: Workers

  private final class Counts: Shareable {
    let counts: [Counter]
    init(_ count: Int) { counts = (0..<count).map { _ in Counter() } }
    func doPart(_ part: Int) { counts[part].value.add(1, ordering: .relaxed) }
  }

  private final class Counter: Sendable { let value = Atomic<Int>(0) }

  func testEveryPartIsDoneOnce() {
    for parts in [1, 2, 3, 8, Workers.mostParts] {
      for _ in 0..<300 {
        let task = Counts(parts)
        Workers.shared.share(parts: parts, of: task, whileWaiting: {}, own: task.doPart)
        XCTAssertEqual(task.counts.map { $0.value.load(ordering: .relaxed) }, Array(repeating: 1, count: parts))
      }
    }
  }

  func testTasksFromSeveralThreadsAreAllDone() {
    let done = Counter()
    DispatchQueue.concurrentPerform(iterations: 6) { _ in
      for _ in 0..<200 {
        let task = Counts(4)
        Workers.shared.share(parts: 4, of: task, whileWaiting: {}, own: task.doPart)
        if task.counts.allSatisfy({ $0.value.load(ordering: .relaxed) == 1 }) { done.value.add(1, ordering: .relaxed) }
      }
    }
    XCTAssertEqual(done.value.load(ordering: .relaxed), 1200)
  }

  // MARK: Bits

  private static let cells = [
    SampleCells.gated, SampleCells.delayed,
    """
    cell Convolved(x) -> h {
      u[t] = tanh(W · x[t] + W1 · x[t-1] + b)
      v[t] = tanh(V · u[t] + V2 · u[t-2])
      h[t] = softmax(A · v[t] + B · v[t-1])
      param V: u × u
      param A: u × u
    }
    """,
    """
    cell Both(x) -> h {
      a[t] = tanh(W · x[t] + U · a[t-1])
      m[t] = max(a[t], 0.1 * t)
      h[t] = LN(P · m[t]) + sum(a[t])
      param U: a × a
      param P: a × a
    }
    """,
  ]

  private func net(_ text: String, _ type: NumberType, width: Int) throws -> Net {
    let cell = try readCell(text)
    let widths = cell.shapes.openWidths.map { (name: $0, value: $0 == "x" ? 24 : width) }
    return try Net(cell, widths: widths, seed: 5, type: type)
  }

  func testFeedingGivesTheSameBitsWithAnyNumberOfThreads() throws {
    let before = Workers.shared.number
    defer { XCTAssertGreaterThan(Workers.shared.number, before + 8, "nothing was shared") }
    for text in ThreadTests.cells {
      for type in NumberType.allCases {
        for batch in [1, 9, 32] {
          let nets = try [1, 2, 3, 5].map { threads in
            let net = try net(text, type, width: 40)
            net.threads = threads
            return net
          }
          let input = sequence(60 * batch * 24)
          let answers = try nets.map { try $0.feed(input, batch: batch) }
          for (threads, answer) in zip(nets.map(\.threads), answers) {
            XCTAssertTrue(answer == answers[0], "\(nets[0].recurrence.name) \(type) \(batch): \(threads) threads")
          }
        }
      }
    }
  }

  func testTrainingGivesTheSameBitsWithAnyNumberOfThreads() throws {
    let before = Workers.shared.number
    defer { XCTAssertGreaterThan(Workers.shared.number, before + 8, "nothing was shared") }
    for text in ThreadTests.cells {
      for batch in [5, 16] {
        let (time, count) = (30, batch)
        let shape = try net(text, .float32, width: 48)
        let output = shape.recurrence.outputs[0]
        let data = TrainingData(
          count: count, time: time,
          inputs: [.init(name: "x", values: .numbers(sequence(count * time * 24), width: 24))],
          targets: [
            .init(
              name: shape.recurrence.store[output].name,
              values: .numbers(sequence(count * time * shape.count(output), phase: 1), width: shape.count(output)))
          ])
        let steps = try [1, 2, 3, 4].map { threads in
          let net = try net(text, .float32, width: 48)
          net.threads = threads
          let trainer = try Trainer(net, losses: [(output, .meanSquare)], data: data, counting: .everyStep)
          return try trainer.gradients(of: data)
        }
        for (index, step) in steps.enumerated() {
          XCTAssertEqual(step.loss, steps[0].loss, "\(shape.recurrence.name), \(index + 1) threads")
          XCTAssertTrue(step.gradients == steps[0].gradients, "\(shape.recurrence.name), \(index + 1) threads")
        }
      }
    }
  }

  // MARK: Stopping

  func testARunOfSeveralThreadsIsInterrupted() throws {
    let net = try net(ThreadTests.cells[0], .float32, width: 64)
    net.threads = 3
    _ = try net.feed(sequence(10 * 32 * 24), batch: 32)
    let before = try net.track("h", 1...10)
    var questions = 0
    XCTAssertThrowsError(
      try net.feed(sequence(4000 * 32 * 24), batch: 32) {
        questions += 1
        return questions > 3
      })
    XCTAssertEqual(net.time, 10)
    XCTAssertEqual(try net.track("h", 1...10), before)
    XCTAssertEqual(try net.feed(sequence(32 * 24), batch: 32).count, 32 * 64)
  }

  // MARK: Sections

  /// A job that reads at another time what one before it wrote waits for it; one of the same time does not.
  func testWhereAllMustBeDoneBeforeAnyGoesOn() throws {
    let recurrence = try net(ThreadTests.cells[2], .float32, width: 40).recurrence
    let plan = try Plan(
      recurrence, shapes: recurrence.shapes, batch: 4, slots: 20, kept: Set(recurrence.outputs),
      machine: PlanMachine(bytesOfNumber: 4))
    let sections = plan.groups.flatMap(\.phases).flatMap { PlanSections(isLoop: $0.isLoop, $0.items, plan).all }
    XCTAssertGreaterThan(sections.count, 1)
    XCTAssertTrue(sections.contains { $0.split == .rows && $0.jobs.count > 1 })
  }
}
