import Syntax
import XCTest

@testable import Algebra
@testable import Elaboration

/// Gates are found from the structure; random cells keep what is said of them.
final class GateTests: XCTestCase {
  private func gates(_ text: String) throws -> [String: Gate] {
    try cell(text).gates.reduce(into: [:]) { $0[$1.name] = $1 }
  }

  func testWhatTheyControl() throws {
    let found = try gates(
      """
      cell C(x) -> (h, y) {
        a[t] = σ(W · x[t] + V · h[t-1])
        k[t] = a[t]
        old[t] = k[t] * s[t-1]
        s[t] = old[t] + (1 - k[t]) * x[t]
        m[t] = min(max(0.2 * (U · x[t]) + 0.5, 0), 1)
        q[t] = hardsigmoid(Q · s[t])
        w[t] = tanh(R · (m[t] * s[t]))
        h[t] = h[t-1] + q[t] * (w[t] - h[t-1])
        y[t] = σ(P · x[t]) * h[t]
      }
      """)
    XCTAssertEqual(Set(found.keys), ["k", "m", "q", "σ(P · x[t])"])
    XCTAssertEqual(
      found["k"]?.controls, ["how much of s[t-1] stays in s[t]", "1 - k: how much of x[t] is written into s[t]"])
    XCTAssertEqual(found["k"]?.activation, "σ")
    XCTAssertEqual(found["k"]?.reads, ["x[t]", "h[t-1]"])
    XCTAssertEqual(found["m"]?.controls, ["how much of s[t] reaches w[t]"])
    XCTAssertEqual(found["m"]?.activation, "min(max(…, 0), 1)")
    XCTAssertEqual(found["m"]?.range, "[0, 1]")
    XCTAssertEqual(found["q"]?.controls, ["how far h[t] goes from h[t-1] to w[t]"])
    XCTAssertEqual(found["σ(P · x[t])"]?.controls, ["how much of h[t] is shown in y[t]"])
    XCTAssertNil(found["σ(P · x[t])"]?.symbol ?? nil)
  }

  func testNoGates() throws {
    // Scaled beyond 1, of both signs, of parameters alone, or multiplying none that varies.
    for text in [
      "cell C(x) -> h { a[t] = 2 * tanh(W · x[t]); h[t] = a[t] * h[t-1] }",
      "cell C(x) -> h { h[t] = tanh(W · x[t]) * h[t-1] }",
      "cell C(x) -> h { param p: h; g = σ(p); h[t] = g * h[t-1] + W · x[t] }",
      "cell C(x) -> h { a[t] = σ(W · x[t]); h[t] = p * a[t] + h[t-1] }",
    ] { XCTAssertEqual(try cell(text).gates.map(\.name), [], text) }
  }

  /// Whatever is called a gate lies between 0 and 1 along random tracks.
  func testRandomCells() throws {
    var count = 0
    for seed in 0..<RandomCellCount.of(debug: 150, release: 600) {
      let text = RandomCellText.text(RandomCellMaker.make(seed: UInt64(seed)))
      let outcome = Parser.parse(Source(name: "test", text: text), mode: .file)
      guard case .cell(let definition) = outcome.statements.first?.form, case .items(let items) = definition.body else {
        return XCTFail(text)
      }
      let recurrence = try CellElaborator.elaborate(definition, items: items, environment: RandomCellCheck.environment)
      let gates = recurrence.gates
      guard !gates.isEmpty else { continue }
      let (trajectory, end) = try RandomTrack.make(recurrence, steps: 6, seed: UInt64(seed))
      for gate in gates {
        XCTAssertFalse(gate.multiplies.isEmpty || gate.controls.isEmpty, text)
        guard let symbol = gate.symbol else { continue }
        for time in 1...end {
          for number in trajectory.value(symbol, time).values where number.isFinite {
            XCTAssertTrue((0...1).contains(number), "\(gate.name) = \(number)\n\(text)")
          }
        }
        count += 1
      }
    }
    XCTAssertGreaterThan(count, 5)
  }
}
