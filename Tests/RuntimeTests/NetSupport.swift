import Algebra
import Elaboration
import Syntax
import XCTest

@testable import Runtime

/// Reads a cell from its text.
func readCell(_ text: String) throws -> Recurrence {
  let outcome = Parser.parse(Source(name: "test", text: text), mode: .file)
  if case .failed(let diagnostic) = outcome.problem { throw diagnostic }
  guard case .cell(let definition)? = outcome.statements.first?.form, case .items(let items) = definition.body else {
    throw XCTSkip("no cell in \(text)")
  }
  return try CellElaborator.elaborate(definition, items: items, environment: Environment())
}

/// Cells that remember in different ways: gates, delays of 1 to 3, starts, the time, several outputs.
enum SampleCells {
  static let gated = """
    cell Gated(x) -> h {
      z[t] = σ(W_z · [h[t-1], x[t]] + b_z)
      r[t] = σ(W_r · [h[t-1], x[t]] + b_r)
      c[t] = tanh(W · [r[t] * h[t-1], x[t]])
      h[t] = (1 - z[t]) * h[t-1] + z[t] * c[t]
      init b_z = 0.3
    }
    """
  static let delayed = """
    cell Delayed(x) -> h, s {
      h[t] = tanh(U · h[t-3] + W · x[t-2] + 0.5 * h[t-1] + b)
      s[t] = 0.5 * s[t-2] + mean(h[t]) + sin(t / 3)
      init h[0] = 0.5
      init h[-2] = -0.25
      init s[-1] = 2
      init b = 0.1
    }
    """
  /// h[t] = h[t-1] / 2 + x[t]: exact in binary.
  static let leaky = "cell Leaky(x) -> h { h[t] = 0.5 * h[t-1] + x[t] }"

  static let all = [gated, delayed, leaky]
}

extension Net {
  func symbol(_ name: String) throws -> SymbolID { try XCTUnwrap(recurrence.store.symbol(named: name), name) }

  /// `[times][batch][width]` of a variable or input.
  func track(_ name: String, _ times: ClosedRange<Int>) throws -> [Double] {
    try values(try symbol(name), times: times)
  }

  /// Feeds the one input of a cell.
  @discardableResult
  func feed(_ values: [Double], batch: Int = 1, isInterrupted: () -> Bool = { false }) throws -> [Double] {
    let input = recurrence.inputs[0]
    let steps = values.count / batch / count(input)
    let answer = try feed([input: values], steps: steps, batch: batch, isInterrupted: isInterrupted)
    return answer[recurrence.outputs[0]] ?? []
  }

  /// Every variable at every time so far.
  func everything() throws -> [String: [Double]] {
    guard time > 0 else { return [:] }
    return try (recurrence.variables + recurrence.inputs).reduce(into: [:]) {
      $0[recurrence.store[$1].name] = try values($1, times: 1...time)
    }
  }
}

/// Two nets have the same track; the first difference is told.
func assertSame(
  _ one: Net, _ other: Net, _ message: String = "", file: StaticString = #filePath, line: UInt = #line
) throws {
  XCTAssertEqual(one.time, other.time, message, file: file, line: line)
  let (first, second) = (try one.everything(), try other.everything())
  for (name, values) in first.sorted(by: { $0.key < $1.key }) where values != second[name] {
    let index = zip(values, second[name] ?? []).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    let width = (one.batch ?? 1) * one.count(try one.symbol(name))
    XCTFail("\(name) differs at time \((index ?? 0) / max(width, 1) + 1): \(message)", file: file, line: line)
  }
}

/// A made-up sequence without symmetry.
func sequence(_ count: Int, phase: Double = 0) -> [Double] {
  (0..<count).map { index -> Double in
    let wave: Double = (Double(index) * 0.7 + phase).truncatingRemainder(dividingBy: 2.3)
    return wave - 1 + Double(index % 3) * 0.17
  }
}
