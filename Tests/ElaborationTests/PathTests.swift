import Syntax
import XCTest

@testable import Algebra
@testable import Elaboration

/// A derivative as the sum over its paths: named one by one, or by classes that partition it.
final class PathTests: XCTestCase {
  private func derivation(_ recurrence: Recurrence, _ target: String, _ source: String, back: Int) throws -> Derivation
  {
    guard let target = recurrence.store.symbol(named: target), let source = recurrence.store.symbol(named: source)
    else {
      throw XCTSkip("no such symbols")
    }
    return try Derivation(recurrence, of: target, shift: 0, cut: Cut(symbol: source, shift: -back))
  }

  func testPathsOfLSTM() throws {
    let recurrence = try cell(CellTests.lstm)
    let sum = try PathSum(derivation(recurrence, "c", "c", back: 1))
    var notation = TextNotation(recurrence.store)
    let output = "diag(o[t-1] * (1 - tanh(c[t-1])^2))"
    XCTAssertEqual(
      sum.parts.map(\.name),
      [
        "c[t-1] → c[t]", "c[t-1] → h[t-1] → f[t] → c[t]", "c[t-1] → h[t-1] → i[t] → c[t]",
        "c[t-1] → h[t-1] → g[t] → c[t]",
      ])
    XCTAssertEqual(
      sum.parts.compactMap(\.expression).map { notation.derivative($0) },
      [
        "f[t]", "(c[t-1] * f[t] * (1 - f[t]) * W_f[h]) · \(output)",
        "(g[t] * i[t] * (1 - i[t]) * W_i[h]) · \(output)", "(i[t] * (1 - g[t]^2) * W_g[h]) · \(output)",
      ])
  }

  func testClassesOfLSTM() throws {
    let recurrence = try cell(CellTests.lstm)
    let sum = try PathSum(derivation(recurrence, "c", "c", back: 10))
    XCTAssertTrue(sum.isByClasses)
    XCTAssertEqual(
      sum.parts.map(\.name), ["c alone", "through h; f, i or g", "through h; f, i or g; o"])
    XCTAssertEqual(sum.parts.first?.paths, 1)
    XCTAssertEqual(sum.parts.reduce(0) { $0 + $1.paths }, sum.pathCount)
    var notation = TextNotation(recurrence.store)
    let carousel = (0..<10).map { $0 == 0 ? "f[t]" : "f[t-\($0)]" }.joined(separator: " * ")
    XCTAssertEqual(sum.parts.first?.expression.map { notation.derivative($0) }, carousel)
  }

  /// Paths are counted as an independent count does: words over the equations' reads.
  func testCounts() throws {
    let recurrence = try cell("cell C(x) -> h { a[t] = tanh(U · h[t-1] + W · x[t]); h[t] = a[t] * h[t-1] }")
    // Each step goes by h directly or through a: 2 to the power of the steps.
    for back in [1, 3, 6, 30] {
      XCTAssertEqual(try PathSum(derivation(recurrence, "h", "h", back: back)).pathCount, Power.of(2, Double(back)))
    }
  }

  func testLibrary() throws {
    var compared = 0
    for entry in try LibraryFolder.index() {
      let recurrence = try LibraryRunner.recurrence(of: LibraryFolder.cell(entry.name))
      for target in recurrence.states {
        for source in recurrence.states + recurrence.inputs {
          for back in [1, 2, 6] { compared += try check(recurrence, target, source, back, entry.name) }
        }
      }
    }
    XCTAssertGreaterThan(compared, 300)
  }

  func testRandomCells() throws {
    var compared = 0
    for seed in 0..<RandomCellCount.of(debug: 20, release: 100) {
      let text = RandomCellText.text(RandomCellMaker.make(seed: seed))
      let outcome = Parser.parse(Source(name: "test", text: text), mode: .file)
      guard case .cell(let definition) = outcome.statements.first?.form, case .items(let items) = definition.body else {
        return XCTFail(text)
      }
      let recurrence = try CellElaborator.elaborate(definition, items: items, environment: RandomCellCheck.environment)
      for target in recurrence.variables {
        for source in recurrence.states + recurrence.inputs {
          for back in [1, 4] { compared += try check(recurrence, target, source, back, text) }
        }
      }
    }
    XCTAssertGreaterThan(compared, 100)
  }

  /// The parts add up, near the start too; and a path's value is that of its expression.
  private func check(
    _ recurrence: Recurrence, _ target: SymbolID, _ source: SymbolID, _ back: Int, _ name: String
  ) throws -> Int {
    do {
      let derivation = try Derivation(recurrence, of: target, shift: 0, cut: Cut(symbol: source, shift: -back))
      let sum = try PathSum(derivation)
      let what = "∂\(recurrence.store[target].name)/∂\(recurrence.store[source].name) \(back) back"
      let (trajectory, end) = try RandomTrack.make(recurrence, steps: back, seed: UInt64(back))
      for time in Set([end, max(1, back - 1)]) {
        let right = try derivation.value(at: time, shapes: trajectory.shapes, along: trajectory.value)
        let values = try sum.values(at: time, shapes: trajectory.shapes, along: trajectory.value) ?? []
        guard right.values.allSatisfy(\.isFinite) else { continue }
        let total = values.reduce(Grid<Double>(rows: right.rows, columns: right.columns)) { $0.combined($1, +) }
        let size = values.reduce(right.norm) { max($0, $1.norm) }
        XCTAssertLessThanOrEqual(total.distance(to: right), max(1e-10 * size, 1e-14), "\(what) at \(time): \(name)")
        guard time == end else { continue }
        let evaluator = TangentEvaluator(
          NodeEvaluator(
            recurrence: recurrence, numbers: RealNumbers(), shapes: trajectory.shapes, read: trajectory.value),
          equations: AtomEquations(recurrence), time: time
        ) { _ in Grid<Double>(0) }
        for (part, value) in zip(sum.parts, values) {
          guard let expression = part.expression else { continue }
          let printed = value.combined(try evaluator.evaluate(expression)) { $1 }
          XCTAssertLessThanOrEqual(
            printed.distance(to: value), max(1e-10 * value.norm, 1e-14), "\(what), \(part.name): \(name)")
        }
      }
      return derivation.isZero ? 0 : 1
    } catch DerivativeFailure.threeIndices {
      return 0
    }
  }

  /// The work grows with the steps, not with the number of paths.
  func testManyStepsAreQuick() throws {
    let recurrence = try cell(CellTests.lstm)
    let sum = try PathSum(derivation(recurrence, "c", "c", back: 300))
    XCTAssertEqual(sum.parts.count, 3)
    XCTAssertGreaterThan(sum.pathCount, 1e100)
  }
}
