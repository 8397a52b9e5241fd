import XCTest

@testable import Session

/// Training as the prompt sees it: what Ctrl-C leaves, and the live line.
final class TrainingTests: XCTestCase {
  private func prepared() -> Session {
    let session = librarySession()
    XCTAssertEqual(
      session.printed("X = uniform(-1, 1, 20, 6, 1); model = stack(LSTM(h: 4), linear(1))"), [])
    return session
  }

  /// Ctrl-C ends training early and no more: what was learned stays, and the next statements run.
  func testInterruptedTrainingKeepsWhatItLearned() {
    let session = prepared()
    let clock = ContinuousClock()
    var isPressed = true
    var start = clock.now
    session.isInterrupted = { isPressed && clock.now - start > .milliseconds(700) }
    session.endInterrupt = { isPressed = false }
    start = clock.now
    let lines = session.printed("h = fit(model, (X, X), loss: mse, epochs: 100000); print(h.end); print(type(model))")
    XCTAssertLessThan(clock.now - start, .seconds(4))
    XCTAssertEqual(lines.count, 4)
    XCTAssertEqual(lines.first, "model is a net now, of 101 numbers")
    XCTAssertTrue(lines.dropFirst().first?.hasPrefix("interrupted in epoch ") == true, "\(lines)")
    XCTAssertEqual(lines.suffix(2), ["interrupted", "net"])
    XCTAssertEqual(session.printed("length(h.batches) > 0"), ["true"])
    // It goes on to the end.
    XCTAssertEqual(session.printed("fit(model, (X, X), loss: mse, epochs: 2).end"), ["\"finished\""])
  }

  /// A line in one place on a terminal; nothing elsewhere.
  func testTheLiveLine() {
    let session = prepared()
    var shown: [String] = []
    session.status = { shown.append($0) }
    session.options.width = 100
    XCTAssertEqual(
      session.printed("h = fit(model, (X, X), loss: mse, epochs: 3, batch: 9, validation: 0.1);").count, 1)
    XCTAssertEqual(shown.last, "", "the line is taken away")
    XCTAssertTrue(shown.first?.hasPrefix("epoch 1/3  batch 1/2  loss 0.") == true, "\(shown)")
    XCTAssertTrue(shown.first?.hasSuffix(" left") == true, "\(shown)")
    XCTAssertTrue(shown.dropLast().allSatisfy { $0.count < 100 })
    // An error takes it away too.
    shown = []
    session.options.width = 20
    XCTAssertEqual(
      session.printed("fit(model, (X, X), loss: mse, optimizer: sgd(1e30), epochs: 50)").first?.hasPrefix("error: "),
      true)
    XCTAssertEqual(shown.last, "")
    XCTAssertTrue(shown.allSatisfy { $0.count < 20 })
  }

  func testSpeed() {
    for (speed, text) in [
      (0.123456, "0.123"), (99.96, "100"), (999.7, "1,000"), (12_374, "12,400"), (1_996_000, "2,000,000"),
      (1_234_567, "1,230,000"), (.infinity, "?"),
    ] { XCTAssertEqual(ProgressLine.speed(speed), text) }
  }

  func testClock() {
    for (seconds, text) in [(0.2, "0:01"), (41.0, "0:41"), (725, "12:05"), (12_000, "3:20:00"), (.infinity, "?")] {
      XCTAssertEqual(ProgressLine.clock(seconds), text)
    }
  }
}
