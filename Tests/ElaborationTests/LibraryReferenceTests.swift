import XCTest

/// The second opinion itself gives the numbers that Keras and libtorch give.
final class LibraryReferenceTests: XCTestCase {
  func testTheSecondOpinionReproducesTheKnownResults() throws {
    for known in LibraryNumbers.all {
      let check = try XCTUnwrap(LibraryCases.all.first { $0.name == known.cell })
      for (sequence, input) in known.inputs.enumerated() {
        let start = check.states.mapValues { _ in Vector(Array(repeating: 0, count: known.widths["h"] ?? 0)) }
        let values = check.run(parameters: known.parameters, start: start, inputs: input)
        for (variable, time, expected) in known.expected where sequence < expected.count {
          for (unit, value) in expected[sequence].enumerated() {
            let found = try XCTUnwrap(values[time - 1][variable]).entries[unit]
            XCTAssertEqual(found, value, accuracy: known.accuracy, "\(known.title): \(variable)[\(time), \(unit + 1)]")
          }
        }
      }
    }
  }
}
