import Runtime
import Syntax
import XCTest

@testable import Algebra
@testable import Elaboration

/// What is proved of where variables lie: the texts, and that no value of any net leaves its range.
final class BoundsTests: XCTestCase {
  struct Case {
    var cell: String
    var assumptions: [String: Interval] = [:]
    /// Of each variable in the order of the equations.
    var ranges: [String]
  }

  /// Neither too wide nor too narrow.
  static let cases: [Case] = [
    Case(cell: "RNN", ranges: ["(-1, 1)"]),
    Case(cell: "IRNN", ranges: ["[0, ∞)"]),
    Case(cell: "LSTM", ranges: ["(0, 1)", "(0, 1)", "(-1, 1)", "(0, 1)", "|c[t]| ≤ |c[0]| + t", "(-1, 1)"]),
    Case(
      cell: "LSTM", assumptions: ["f": Interval(0, 0.9)],
      ranges: ["(0, 0.9]", "(0, 1)", "(-1, 1)", "(0, 1)", "(-10, 10)", "(-1, 1)"]),
    Case(
      cell: "LSTM", assumptions: ["f": Interval(0, 0.5), "i": Interval(0, 0.25)],
      ranges: ["(0, 0.5]", "(0, 0.25]", "(-1, 1)", "(0, 1)", "(-0.5, 0.5)", "(-0.46212, 0.46212)"]),
    Case(
      cell: "LSTM", assumptions: ["c": Interval(-2, 3)],
      ranges: ["(0, 1)", "(0, 1)", "(-1, 1)", "(0, 1)", "[-2, 3]", "(-0.96403, 0.99506)"]),
    Case(cell: "CIFG", ranges: ["(0, 1)", "(0, 1)", "(-1, 1)", "(0, 1)", "(-1, 1)", "(-1, 1)"]),
    Case(cell: "PeepholeCIFG", ranges: ["(0, 1)", "(0, 1)", "(-1, 1)", "(0, 1)", "(-1, 1)", "(-1, 1)"]),
    Case(cell: "GRU", ranges: ["(0, 1)", "(0, 1)", "(-1, 1)", "(-1, 1)"]),
    Case(
      cell: "GRU", assumptions: ["h̃": Interval(-0.3, 0.7)], ranges: ["(0, 1)", "(0, 1)", "[-0.3, 0.7]", "(-0.3, 0.7)"]),
    Case(cell: "CoupledRHN", ranges: ["(-1, 1)", "(0, 1)", "(-1, 1)", "(-1, 1)", "(0, 1)", "(-1, 1)"]),
    Case(cell: "LEM", ranges: ["(0, 1)", "(0, 1)", "(-1, 1)", "(-1, 1)"]),
    Case(cell: "CFN", ranges: ["(0, 1)", "(0, 1)", "(-2, 2)"]),
    Case(cell: "LiGRU", ranges: ["(0, 1)", "[0, ∞)", "[0, ∞)"]),
    Case(cell: "AntisymmetricRNN", ranges: ["|h[t]| ≤ |h[0]| + 0.01·t"]),
    Case(
      cell: "minLSTM", assumptions: ["h̃": Interval(-2, 3)],
      ranges: ["(0, 1)", "(0, 1)", "[-2, 3]", "(0, 1)", "(0, 1)", "(-2, 3)"]),
    Case(
      cell: "sLSTM",
      ranges: [
        "(-1, 1)", "(-∞, ∞)", "(-∞, 0)", "(0, 1)", "(-∞, ∞)", "(0, 1]", "(0, 1]", "|c[t]| ≤ |c[0]| + t",
        "0 ≤ n[t] ≤ |n[0]| + t", "(-∞, ∞)",
      ]),
  ]

  func testRanges() throws {
    for item in BoundsTests.cases {
      let recurrence = try LibraryRunner.recurrence(of: LibraryFolder.cell(item.cell))
      let bounds = try Bounds(recurrence, assumptions: BoundsTests.symbols(item.assumptions, recurrence))
      XCTAssertEqual(bounds.entries.map(\.range), item.ranges, "\(item.cell) \(item.assumptions.keys)")
    }
  }

  /// Cells that are not in the library: gates coupled in every way, mixes of several states, other activations.
  static let written: [(body: String, ranges: [String])] = [
    ("z[t] = σ(W · x[t]); h[t] = h[t-1] + z[t] * (tanh(V · x[t]) - h[t-1])", ["(0, 1)", "(-1, 1)"]),
    (
      "z[t] = σ(W · x[t]); k[t] = 1 - z[t]; h[t] = k[t] * tanh(V · x[t]) + h[t-1] * z[t]",
      ["(0, 1)", "(0, 1)", "(-1, 1)"]
    ),
    (
      "z[t] = σ(W · x[t]); a[t] = z[t] * b[t-1] + (1 - z[t]) * tanh(V · x[t]); b[t] = (1 - z[t]) * a[t-1] + z[t] * a[t]; h[t] = a[t]",
      ["(0, 1)", "(-1, 1)", "(-1, 1)", "(-1, 1)"]
    ),
    (
      "z[t] = σ(W · x[t]); y[t] = σ(V · x[t]); h[t] = z[t] * y[t] * h[t-1] + (1 - z[t]) * h[t-2] + z[t] * (1 - y[t]) * tanh(U · x[t])",
      ["(0, 1)", "(0, 1)", "(-1, 1)"]
    ),
    ("z[t] = σ(W · x[t]); h[t] = z[t] * (1 - z[t])", ["(0, 1)", "(0, 0.25]"]),
    ("z[t] = σ(W · x[t]); h[t] = 4 * z[t] * (1 - z[t]) * tanh(V · x[t])", ["(0, 1)", "(-1, 1)"]),
    ("z[t] = tanh(W · x[t]); h[t] = 1 - z[t]^2", ["(-1, 1)", "(0, 1]"]),
    ("h[t] = 0.5 * h[t-1] + σ(W · x[t])", ["(0, 2)"]),
    ("h[t] = -0.5 * h[t-1] + σ(W · x[t])", ["(-0.66667, 1.3334)"]),
    ("h[t] = exp(-softplus(W · x[t]))", ["(0, 1)"]),
    ("h[t] = softmax(W · x[t])", ["(0, 1]"]),
    ("h[t] = h[t-1] * x[t]", ["{0}"]),
    ("h[t] = h[t-1] * x[t] + 1", ["(-∞, ∞)"]),
    ("h[t] = 2 * h[t-1] + σ(W · x[t])", ["(0, ∞)"]),
    ("h[t] = abs(tanh(W · x[t])) / (2 - σ(V · x[t]))", ["[0, 1)"]),
    ("h[t] = max(tanh(W · x[t]), 0.5)", ["[0.5, 1)"]),
    ("h[t] = σ(W · x[t]) + σ(W · x[t])", ["(0, 2)"]),
    ("h[t] = σ(W · x[t]) - σ(W · x[t])", ["{0}"]),
  ]

  func testWrittenCells() throws {
    for (body, ranges) in BoundsTests.written {
      let recurrence = try cell("cell C(x) -> h { \(body) }")
      XCTAssertEqual(try Bounds(recurrence).entries.map(\.range), ranges, body)
    }
  }

  func testContradictions() throws {
    let recurrence = try LibraryRunner.recurrence(of: LibraryFolder.cell("LSTM"))
    let assumptions = BoundsTests.symbols(["f": Interval(2, 3)], recurrence)
    XCTAssertThrowsError(try Bounds(recurrence, assumptions: assumptions)) { error in
      guard case Bounds.Failure.contradiction = error else { return XCTFail("\(error)") }
    }
  }

  private static func symbols(_ assumptions: [String: Interval], _ recurrence: Recurrence) -> [SymbolID: Interval] {
    assumptions.reduce(into: [:]) { result, entry in
      if let symbol = recurrence.store.symbol(named: entry.key) { result[symbol] = entry.value }
    }
  }

  // MARK: Soundness

  func testLibraryStaysInItsRanges() throws {
    for (index, entry) in try LibraryFolder.index().enumerated() {
      let recurrence = try LibraryRunner.recurrence(of: LibraryFolder.cell(entry.name))
      try check(recurrence, [:], scale: index % 2 == 0 ? 0.3 : 3, seed: UInt64(index), entry.name)
    }
  }

  func testRandomCellsStayInTheirRanges() throws {
    let count = RandomCellCount.of(debug: 60, release: 400)
    var bounded = 0
    var all = 0
    for seed in 0..<count {
      let random = RandomCellMaker.make(seed: seed)
      let text = RandomCellText.text(random)
      let outcome = Parser.parse(Source(name: "test", text: text), mode: .file)
      guard case .cell(let definition) = outcome.statements.first?.form, case .items(let items) = definition.body else {
        return XCTFail(text)
      }
      let recurrence = try CellElaborator.elaborate(definition, items: items, environment: RandomCellCheck.environment)
      for entry in try check(
        recurrence, BoundsTests.widths(of: random, recurrence), scale: [0.5, 2, 8][Int(seed % 3)], seed: seed, text
      ).entries {
        all += 1
        if entry.interval.isBounded { bounded += 1 }
      }
    }
    // Ranges that hold because they say nothing would prove nothing.
    XCTAssertGreaterThan(Double(bounded), 0.5 * Double(all), "\(bounded) of \(all)")
  }

  private static func widths(of random: RandomCell, _ recurrence: Recurrence) -> [String: Int] {
    recurrence.shapes.openWidths.reduce(into: [:]) { result, name in
      guard let symbol = random.symbols.first(where: { $0.name == name }), case .vector(let form) = symbol.shape else {
        return result[name] = random.widths[name]
      }
      result[name] = form.number(random.widths)
    }
  }

  /// Runs a random net from the cell's starts and from others, and compares with what is proved of the cell, and of the
  /// cell with these inputs and parameters.
  @discardableResult
  private func check(
    _ recurrence: Recurrence, _ given: [String: Int], scale: Double, seed: UInt64, _ name: String
  ) throws -> Bounds {
    var chance = Chance(seed &* 31 &+ UInt64(scale * 10))
    let widths = recurrence.shapes.openWidths.map { (name: $0, value: given[$0] ?? 1 + chance.below(4)) }
    let net = try Net(recurrence, widths: widths, seed: seed, type: .float64)
    for symbol in recurrence.parameters + recurrence.learnedStarts {
      net.setParameter(symbol, (0..<net.count(symbol)).map { _ in chance.uniform(-scale, scale) })
    }
    let steps = 30
    var inputs: [SymbolID: [Double]] = [:]
    var known: [SymbolID: Interval] = [:]
    for input in recurrence.inputs {
      inputs[input] = (0..<steps * net.count(input)).map { _ in chance.uniform(-scale, scale) }
      known[input] = Interval(-scale, scale)
    }
    for symbol in recurrence.parameters {
      let values = net.parameter(symbol)
      known[symbol] = Interval(values.min() ?? 0, values.max() ?? 0)
    }
    let moved = net.copy()
    _ = try net.feed(inputs, steps: steps, batch: 1)
    let bounds = try Bounds(recurrence)
    try compare(net, bounds, name)
    try compare(net, Bounds(net.recurrence, assumptions: known, starts: starts(of: net)), name + " with its numbers")
    for state in recurrence.states {
      try moved.setState(state, time: 0, (0..<net.count(state)).map { _ in chance.uniform(-3, 3) })
    }
    _ = try moved.feed(inputs, steps: steps, batch: 1)
    try compareLaws(moved, bounds, name)
    try compare(moved, Bounds(recurrence, starts: starts(of: moved)), name + " from other starts")
    return bounds
  }

  private func starts(of net: Net) throws -> [SymbolID: Interval] {
    let earliest = 1 - max(net.recurrence.longestDelay, 1)
    return try net.recurrence.states.reduce(into: [:]) { result, state in
      let values = try net.values(state, times: earliest...0)
      result[state] = Interval(values.min() ?? 0, values.max() ?? 0)
    }
  }

  private func compare(_ net: Net, _ bounds: Bounds, _ name: String) throws {
    for entry in bounds.entries {
      let (low, high) = (entry.interval.low, entry.interval.high)
      for value in try net.values(entry.symbol, times: 1...net.time) where value.isFinite {
        let slack = 1e-9 * max(1, abs(value))
        guard value < low - slack || value > high + slack else { continue }
        return XCTFail(
          "\(net.recurrence.store[entry.symbol].name) is \(value), not in \(entry.interval.text) (\(entry.reason)): \(name)"
        )
      }
    }
  }

  private func compareLaws(_ net: Net, _ bounds: Bounds, _ name: String) throws {
    let starts = try starts(of: net)
    for entry in bounds.entries {
      guard let law = entry.law else { continue }
      let start = law.members.compactMap { starts[$0]?.magnitude }.max() ?? 0
      for time in 1...net.time {
        for value in try net.values(entry.symbol, times: time...time) where value.isFinite {
          let limit = law.limit(at: time, start: start)
          guard abs(value) > limit + 1e-9 * max(1, limit) else { continue }
          return XCTFail(
            "\(net.recurrence.store[entry.symbol].name)[\(time)] is \(value), beyond \(limit) (\(entry.reason)): \(name)"
          )
        }
      }
    }
  }

  // MARK: Derivatives

  /// No norm is beyond its bound, no entry of a diagonal outside its range: one step and two, opened all the way.
  func testDerivativesStayInTheirBounds() throws {
    for (index, entry) in try LibraryFolder.index().enumerated() {
      let recurrence = try LibraryRunner.recurrence(of: LibraryFolder.cell(entry.name))
      var chance = Chance(UInt64(index))
      let net = try Net(
        recurrence, widths: recurrence.shapes.openWidths.map { (name: $0, value: 2 + chance.below(3)) }, type: .float64)
      for symbol in recurrence.parameters {
        net.setParameter(symbol, (0..<net.count(symbol)).map { _ in chance.uniform(-1.5, 1.5) })
      }
      let inputs = recurrence.inputs.reduce(into: [SymbolID: [Double]]()) { result, input in
        result[input] = (0..<8 * net.count(input)).map { _ in chance.uniform(-1, 1) }
      }
      _ = try net.feed(inputs, steps: 8, batch: 1)
      let proved = try Bounds(recurrence)
      for state in recurrence.states {
        for other in recurrence.states {
          for back in [1, 2] {
            guard
              var derivation = try? Derivation(
                recurrence, of: state, shift: 0, cut: Cut(symbol: other, shift: -back, held: []))
            else { continue }
            try derivation.expandAll()
            try checkNorm(derivation, proved, net, entry.name)
          }
        }
      }
    }
  }

  private func checkNorm(_ derivation: Derivation, _ proved: Bounds, _ net: Net, _ name: String) throws {
    let bounds = try DerivativeBounds(derivation, proved)
    for time in [7] {
      let evaluator = TangentEvaluator(
        NodeEvaluator(recurrence: derivation.recurrence, numbers: RealNumbers(), shapes: net.shapes) { symbol, at in
          BoundsTests.value(net, symbol, at)
        }, equations: AtomEquations(derivation.recurrence), time: time
      ) { _ in Grid<Double>(rows: 1, columns: 1, values: [0]) }
      func value(_ node: NodeID) throws -> Grid<Double> { try evaluator.evaluate(node) }
      for line in bounds.lines where time > -line.derivative.cut.shift {
        let jacobian = try value(derivation.recurrence.store.insert(.atom(line.derivative)))
        var failure: (any Error)?
        for isByRows in [true, false] {
          let limit = line.norm.value { part in
            do {
              switch part {
              case .norm(let node): return BoundsTests.norm(try value(node), isByRows: isByRows)
              case .size(let node): return try value(node).values.map(abs).max() ?? 0
              case .inverse(let node): return try value(node).values.map { 1 / abs($0) }.max() ?? 0
              default: return 0
              }
            } catch {
              failure = error
              return 0
            }
          }
          if let failure { throw failure }
          let norm = BoundsTests.norm(jacobian, isByRows: isByRows)
          XCTAssertLessThanOrEqual(norm, limit * (1 + 1e-9) + 1e-12, "\(name) at \(time): \(line.norm)")
        }
        guard let diagonal = line.diagonal else { continue }
        for index in 0..<jacobian.rows {
          let entry = jacobian.values[index * jacobian.columns + index]
          XCTAssertTrue(diagonal.low - 1e-9 <= entry && entry <= diagonal.high + 1e-9, "\(name): \(entry)")
        }
      }
    }
  }

  /// The largest sum of absolute values of a row or column.
  private static func norm(_ matrix: Grid<Double>, isByRows: Bool) -> Double {
    var sums = [Double](repeating: 0, count: isByRows ? matrix.rows : matrix.columns)
    for row in 0..<matrix.rows {
      for column in 0..<matrix.columns {
        sums[isByRows ? row : column] += abs(matrix.values[row * matrix.columns + column])
      }
    }
    return sums.max() ?? 0
  }

  private static func value(_ net: Net, _ symbol: SymbolID, _ time: Int) -> Grid<Double> {
    let sides = net.sides(symbol)
    let (rows, columns) = (sides.first ?? 1, sides.count > 1 ? sides[1] : 1)
    let values: [Double]
    switch net.recurrence.store[symbol].kind {
    case .input, .variable: values = (try? net.values(symbol, times: time...time)) ?? []
    default: values = net.parameter(symbol)
    }
    let whole = values.count == rows * columns ? values : [Double](repeating: 0, count: rows * columns)
    return Grid<Double>(rows: rows, columns: columns, values: whole)
  }

  // MARK: Intervals

  /// Every operation holds the results of points of its operands.
  func testIntervalArithmeticIsOutward() {
    var chance = Chance(11)
    let ends: [Double] = [-3, -1, -0.1, 0, 0.1, 0.3, 1, 2.5, 1e-200, 1e200]
    for _ in 0..<20_000 {
      func interval() -> (Interval, Double) {
        let (a, b) = (chance.pick(ends), chance.pick(ends))
        let range = Interval(min(a, b), max(a, b))
        return (range, chance.happens(0.3) ? a : min(a, b) + (max(a, b) - min(a, b)) * chance.unit())
      }
      let ((a, x), (b, y)) = (interval(), interval())
      for (range, value) in [
        (a + b, x + y), (a - b, x - y), (a * b, x * y), (a / b, x / y), (a.raised(to: 3), x * x * x),
      ]
      where value.isFinite {
        XCTAssertTrue(range.low <= value && value <= range.high, "\(a.text) \(b.text): \(value) in \(range.text)")
      }
    }
    XCTAssertEqual((Interval(0, 0.1) + Interval(0, 0.2)).text, "[0, 0.3]")
    XCTAssertEqual((Interval(0.1, 1) / Interval(0, 2)).text, "[0.05, ∞)")
    XCTAssertEqual((Interval(-2, 1) * Interval(-3, 2)).text, "[-4, 6]")
    XCTAssertEqual(Interval(-2, 1).raised(to: 2).text, "[0, 4]")
  }

  /// The range rule of every row holds its values.
  func testRangeRulesHold() {
    var chance = Chance(5)
    for row in OperatorTable.rows {
      guard case .unary(let function) = row.meaning else { continue }
      for _ in 0..<400 {
        let (a, b) = (chance.uniform(-8, 8), chance.uniform(-8, 8))
        let range = Interval(min(a, b), max(a, b))
        let image = row.bounds.image(of: range, function)
        for _ in 0..<20 {
          let value = function(min(a, b) + abs(a - b) * chance.unit())
          guard value.isFinite else { continue }
          XCTAssertTrue(image.low <= value && value <= image.high, "\(row.name) of \(range.text): \(value)")
        }
      }
    }
  }
}
