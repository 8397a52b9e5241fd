import Algebra
import XCTest

@testable import Runtime

/// Gradients of nets with held variables: against central differences of nets that are run again, held as before.
final class HeldGradientTests: XCTestCase {
  func testAgainstDifferences() throws {
    for (text, name) in [(SampleCells.gated, "z"), (SampleCells.gated, "h"), (SampleCells.delayed, "h")] {
      let recurrence = try readCell(text)
      let width = 2
      let widths = recurrence.shapes.openWidths.map { ($0, width) }
      let clamp = { (net: Net) in
        [Clamp(symbol: try net.symbol(name), times: 3...4, values: [0.3, -0.2].map { $0 * 1.5 })]
      }
      let inputs = sequence(7 * width)
      let weights = sequence(7 * width, phase: 0.4)
      let base = try Net(recurrence, widths: widths, seed: 3, type: .float64)
      let output = recurrence.outputs[0]
      func value(_ inputs: [Double], change: (SymbolID, Int, Double)? = nil) throws -> Double {
        let net = try Net(recurrence, widths: widths, seed: 3, type: .float64)
        if let (symbol, index, step) = change {
          var values = net.parameter(symbol)
          values[index] += step
          net.setParameter(symbol, values)
        }
        try net.feed(inputs)
        let held = try net.clamped(clamp(net))
        return zip(try held.values(output, times: 1...7), weights).reduce(0) { $0 + $1.0 * $1.1 }
      }
      try base.feed(inputs)
      let held = try base.clamped(clamp(base))
      var seeds = [output: weights]
      for other in recurrence.outputs.dropFirst() {
        seeds[other] = [Double](repeating: 0, count: 7 * base.count(other))
      }
      let found = try held.gradients(seeds)
      XCTAssertEqual(found.inputs.map(\.symbol), recurrence.inputs)
      let step = 1e-5
      for index in inputs.indices {
        var (up, down) = (inputs, inputs)
        up[index] += step
        down[index] -= step
        let right = (try value(up) - value(down)) / (2 * step)
        XCTAssertEqual(found.inputs[0].values[index], right, accuracy: 1e-8, "\(name), input \(index)")
      }
      for (symbol, gradient) in found.parameters {
        for index in gradient.indices {
          let right =
            (try value(inputs, change: (symbol, index, step)) - value(inputs, change: (symbol, index, -step)))
            / (2 * step)
          XCTAssertEqual(gradient[index], right, accuracy: 1e-8, "\(name), \(recurrence.store[symbol].name)")
        }
      }
      // What is held at all times passes nothing on; without it the gradients are others.
      let free = try base.gradients(seeds)
      XCTAssertNotEqual(found.inputs[0].values, free.inputs[0].values)
    }
  }
}
