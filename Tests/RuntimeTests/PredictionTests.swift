import Algebra
import XCTest

@testable import Runtime

/// What a net answers to data: what it answers when it is fed each sequence alone.
final class PredictionTests: XCTestCase {
  private func data(_ count: Int, time: Int, lengths: [Int]? = nil) -> TrainingData {
    var stream = RandomStream(seed: 8)
    let x = (0..<count * time * 2).map { _ in stream.uniform(-1, 1) }
    return TrainingData(
      count: count, time: time, inputs: [.init(name: "x", values: .numbers(x, width: 2))], targets: [],
      lengths: lengths)
  }

  private func assertAsFed(_ net: Net, _ data: TrainingData, _ name: String, line: UInt = #line) throws {
    let output = net.recurrence.outputs[0]
    let width = net.count(output)
    let answers = try XCTUnwrap(net.predict(data)[output], name, line: line)
    XCTAssertEqual(answers.count, data.count * data.time * width, name, line: line)
    XCTAssertEqual(net.time, 0)
    guard case .numbers(let x, _) = data.inputs[0].values else { return }
    for sequence in 0..<data.count {
      let length = data.lengths?[sequence] ?? data.time
      let start = sequence * data.time
      let alone = net.copy()
      let fed = try alone.feed(
        [net.recurrence.inputs[0]: Array(x[start * 2..<(start + length) * 2])], steps: length, batch: 1)[output]
      let answer = Array(answers[start * width..<(start + data.time) * width])
      for (left, right) in zip(answer, fed ?? []) {
        XCTAssertEqual(left, right, accuracy: 1e-13, "\(name), sequence \(sequence)", line: line)
      }
      XCTAssertTrue(answer.dropFirst(length * width).allSatisfy { $0 == 0 }, name, line: line)
    }
  }

  func testPredictionsAreWhatFeedingAnswers() throws {
    let gated = try readCell(SampleCells.gated)
    let ahead = try Net(gated, widths: [("x", 2), ("h", 3)], seed: 4, type: .float64)
    let both = try Net(
      Composition.bidirectional(gated), widths: [("x", 2), ("ahead.h", 2), ("back.h", 2)], seed: 4, type: .float64)
    for (name, net) in [("ahead", ahead), ("both", both)] {
      try assertAsFed(net, data(5, time: 7), name)
      try assertAsFed(net, data(5, time: 7, lengths: [7, 1, 4, 6, 2]), name)
      // More sequences than are run side by side, more steps than one part has.
      try assertAsFed(net, data(70, time: 3), name)
      try assertAsFed(net, data(2, time: 300, lengths: [300, 260]), name)
    }
  }

  func testWhatDoesNotFit() throws {
    let net = try Net(readCell(SampleCells.gated), widths: [("x", 3), ("h", 3)], type: .float64)
    XCTAssertThrowsError(try net.predict(data(2, time: 3))) {
      guard case TrainingError.width("x", 3, 2) = $0 else { return XCTFail("\($0)") }
    }
  }
}
