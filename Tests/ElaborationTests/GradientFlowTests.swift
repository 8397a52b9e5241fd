import Syntax
import XCTest

@testable import Algebra
@testable import Elaboration
@testable import Runtime

/// Norms of derivatives going back in time: against the derivative itself, against finite differences of nets that are
/// run again, and their classes of paths against sums over paths.
final class GradientFlowTests: XCTestCase {
  /// A net that was fed random inputs.
  private func net(_ recurrence: Recurrence, time: Int, seed: UInt64, width: Int = 3) throws -> Net {
    // One by one, since a width may decide others; of different sizes where that goes.
    var known = recurrence
    while let open = try known.solvedShapes().openWidths.first {
      let sizes = [width + known.widths.count % 2, width, 2 * width, 1]
      let fitting = try XCTUnwrap(
        sizes.first { size in
          var tried = known
          tried.widths.append((open, size))
          return (try? tried.solvedShapes()) != nil
        }, "no width for \(open)")
      known.widths.append((open, fitting))
    }
    let widths = known.widths.map { (name: $0.name, value: $0.value) }.dropFirst(recurrence.widths.count)
    let net = try Net(recurrence, widths: Array(widths), seed: seed, type: .float64)
    var stream = RandomStream(seed: seed, stream: 5)
    for symbol in net.recurrence.parameters {
      net.setParameter(symbol, net.parameter(symbol).map { $0 + stream.uniform(-0.6, 0.6) })
    }
    var inputs: [SymbolID: [Double]] = [:]
    for symbol in net.recurrence.inputs {
      inputs[symbol] = (0..<time * net.count(symbol)).map { _ in stream.uniform(-0.9, 0.9) }
    }
    _ = try net.feed(inputs, steps: time, batch: 1)
    return net
  }

  private struct Matrices {
    var parts: [SymbolID: [Int: [(visited: UInt64, values: [Double])]]] = [:]
  }

  private func flow(_ net: Net, steps: Int) throws -> (GradientFlow, Matrices) {
    var matrices = Matrices()
    let flow = try GradientFlow(
      net, steps: steps,
      observe: { symbol, back, visited, values in
        matrices.parts[symbol, default: [:]][back, default: []].append((visited, values))
      })
    return (flow, matrices)
  }

  private func value(_ symbol: SymbolID, _ time: Int, _ net: Net) -> Grid<Double> {
    let sides = net.sides(symbol)
    let isTimed = [.input, .variable].contains(net.recurrence.store[symbol].kind)
    let values = isTimed ? (try? net.values(symbol, times: time...time)) ?? [] : net.parameter(symbol)
    return Grid<Double>(rows: sides.first ?? 1, columns: sides.count > 1 ? sides[1] : 1, values: values)
  }

  /// The classes add up to the derivative as its own tangent equations have it, and the norm is that of the sum.
  private func check(_ recurrence: Recurrence, steps: Int, seed: UInt64, _ name: String) throws -> Int {
    let net = try net(recurrence, time: steps + recurrence.longestDelay + 1, seed: seed)
    let (flow, matrices) = try flow(net, steps: steps)
    var compared = 0
    for state in flow.states {
      for back in Set([0, 1, steps / 2, steps]) {
        let derivation = try Derivation(
          net.recurrence, of: state.symbol, shift: 0, cut: Cut(symbol: state.symbol, shift: -back))
        let right = try derivation.value(at: net.time, shapes: net.shapes) { self.value($0, $1, net) }
        guard right.values.allSatisfy(\.isFinite) else { continue }
        let parts = matrices.parts[state.symbol]?[back] ?? []
        let total = parts.reduce([Double](repeating: 0, count: right.values.count)) { zip($0, $1.values).map(+) }
        let size = parts.reduce(right.norm) { max($0, $1.values.reduce(0) { max($0, abs($1)) }) }
        let distance = zip(total, right.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
        XCTAssertLessThanOrEqual(distance, max(1e-10 * size, 1e-14), "\(state.name) \(back) back: \(name)")
        let norm = Self.norm(right)
        XCTAssertEqual(state.norms[back], norm, accuracy: 1e-7 * max(norm, size) + 1e-14, "\(state.name): \(name)")
        compared += norm > 0 ? 1 : 0
      }
    }
    return compared
  }

  /// The largest singular value, by Jacobi's turns of Aᵀ · A until nothing stands beside its diagonal.
  private static func norm(_ matrix: Grid<Double>) -> Double {
    var square = matrix.transposed.times(matrix)
    let size = square.rows
    for _ in 0..<60 {
      var beside = 0.0
      for p in 0..<size {
        for q in p + 1..<max(size, p + 1) where square[p, q] != 0 {
          beside = max(beside, abs(square[p, q]))
          let ratio = (square[q, q] - square[p, p]) / (2 * square[p, q])
          let tangent = (ratio < 0 ? -1 : 1) / (abs(ratio) + (ratio * ratio + 1).squareRoot())
          let cosine = 1 / (tangent * tangent + 1).squareRoot()
          let sine = tangent * cosine
          for k in 0..<size {
            (square[k, p], square[k, q]) = (
              cosine * square[k, p] - sine * square[k, q], sine * square[k, p] + cosine * square[k, q]
            )
          }
          for k in 0..<size {
            (square[p, k], square[q, k]) = (
              cosine * square[p, k] - sine * square[q, k], sine * square[p, k] + cosine * square[q, k]
            )
          }
        }
      }
      if beside == 0 { break }
    }
    return (0..<size).reduce(0) { max($0, square[$1, $1]) }.squareRoot()
  }

  func testLibrary() throws {
    var compared = 0
    for entry in try LibraryFolder.index() {
      let recurrence = try LibraryRunner.recurrence(of: LibraryFolder.cell(entry.name))
      do {
        compared += try check(recurrence, steps: 6, seed: 3, entry.name)
      } catch DerivativeFailure.threeIndices {
        continue
      } catch GradientFlow.Failure.noStates {
        continue
      } catch GradientFlow.Failure.matrixState {
        continue
      }
    }
    XCTAssertGreaterThan(compared, 100)
  }

  func testDelays() throws {
    for text in StateJacobianTests.delayed {
      XCTAssertGreaterThan(try check(try cell(text), steps: 8, seed: 5, text), 2, text)
    }
  }

  func testRandomCells() throws {
    var compared = 0
    for seed in 0..<RandomCellCount.of(debug: 25, release: 150) {
      let text = RandomCellText.text(RandomCellMaker.make(seed: UInt64(seed)))
      let outcome = Parser.parse(Source(name: "test", text: text), mode: .file)
      guard case .cell(let definition) = outcome.statements.first?.form, case .items(let items) = definition.body else {
        return XCTFail(text)
      }
      let recurrence = try CellElaborator.elaborate(definition, items: items, environment: RandomCellCheck.environment)
      do {
        compared += try check(recurrence, steps: 4, seed: UInt64(seed), text)
      } catch DerivativeFailure.threeIndices {
        continue
      } catch GradientFlow.Failure.noStates {
        continue
      } catch GradientFlow.Failure.matrixState {
        continue
      }
    }
    XCTAssertGreaterThan(compared, 50)
  }

  /// Classes are those of `paths(d)`, each with the same matrix, found there from the whole graph of all steps.
  func testClassesArePathSums() throws {
    for (text, states) in [(CellTests.lstm, ["c", "h"]), (DerivationTests.gru, ["h"])] {
      let recurrence = try cell(text)
      let net = try net(recurrence, time: 14, seed: 2)
      let (flow, matrices) = try flow(net, steps: 12)
      for name in states {
        let state = try XCTUnwrap(flow.states.first { $0.name == name })
        let derivation = try Derivation(
          net.recurrence, of: state.symbol, shift: 0, cut: Cut(symbol: state.symbol, shift: -12))
        let sum = try PathSum(derivation)
        XCTAssertTrue(sum.isByClasses)
        XCTAssertEqual(state.classes.map(\.name), sum.parts.map(\.name))
        let values = try XCTUnwrap(
          try sum.values(at: net.time, shapes: net.shapes) { self.value($0, $1, net) })
        for (part, value) in zip(state.classes, values) {
          let own = matrices.parts[state.symbol]?[12]?.first { $0.visited == part.visited }?.values ?? []
          let distance = zip(own, value.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
          XCTAssertLessThanOrEqual(distance, 1e-12 * value.norm, "\(name) \(part.name)")
          XCTAssertGreaterThan(value.norm, 0)
        }
      }
    }
  }

  /// Central differences of nets that are run again with a state held a little off at one time.
  func testFiniteDifferences() throws {
    let texts = [CellTests.lstm, DerivationTests.gru, StateJacobianTests.delayed[2]]
    for text in texts {
      let recurrence = try cell(text)
      let net = try net(recurrence, time: 12, seed: 7)
      let (flow, _) = try flow(net, steps: 9)
      for state in flow.states {
        for back in [1, 4, 9] {
          let at = net.time - back
          let point = try net.values(state.symbol, times: at...at)
          var matrix = Grid<Double>(rows: point.count, columns: point.count)
          for unit in point.indices {
            func end(_ step: Double) throws -> [Double] {
              var moved = point
              moved[unit] += step
              let held = try net.clamped([Clamp(symbol: state.symbol, times: at...at, values: moved)])
              return try held.values(state.symbol, times: net.time...net.time)
            }
            let step = 1e-4
            let (far, near) = (try zip(end(2 * step), end(-2 * step)).map(-), try zip(end(step), end(-step)).map(-))
            for row in point.indices { matrix[row, unit] = (8 * near[row] - far[row]) / (12 * step) }
          }
          let norm = Self.norm(matrix)
          XCTAssertEqual(state.norms[back], norm, accuracy: 1e-6 * max(norm, 1e-3), "\(state.name) \(back): \(text)")
        }
      }
    }
  }

  // MARK: Nets that are held, and batches

  /// Central differences: a state a little off at one time, in all else as the net is.
  private func difference(_ net: Net, _ state: SymbolID, back: Int, sequence: Int = 0) throws -> Grid<Double> {
    let at = net.time - back
    let width = net.count(state)
    let batch = net.batch ?? 1
    let point = try net.values(state, times: at...at)
    var matrix = Grid<Double>(rows: width, columns: width)
    for unit in 0..<width {
      func end(_ step: Double) throws -> ArraySlice<Double> {
        var moved = Array(point[sequence * width..<(sequence + 1) * width])
        moved[unit] += step
        let held = try net.clamped([Clamp(symbol: state, times: at...at, values: moved)])
        XCTAssertEqual(held.batch ?? 1, batch)
        return try held.values(state, times: net.time...net.time)[sequence * width..<(sequence + 1) * width]
      }
      let step = 1e-4
      let (far, near) = (try zip(end(2 * step), end(-2 * step)).map(-), try zip(end(step), end(-step)).map(-))
      for row in 0..<width { matrix[row, unit] = (8 * near[row] - far[row]) / (12 * step) }
    }
    return matrix
  }

  /// Against central differences entry by entry, and the norm is that of the classes' sum.
  private func compare(_ net: Net, steps: Int, at backs: [Int], _ name: String) throws -> Int {
    let (flow, matrices) = try flow(net, steps: steps)
    var compared = 0
    for state in flow.states {
      for back in backs {
        let right = try difference(net, state.symbol, back: back)
        let parts = matrices.parts[state.symbol]?[back] ?? []
        let total = parts.reduce([Double](repeating: 0, count: right.values.count)) { zip($0, $1.values).map(+) }
        let size = max(right.norm, 1e-3)
        let distance = zip(total, right.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
        XCTAssertLessThanOrEqual(distance, 1e-6 * size, "\(state.name) \(back) back: \(name)")
        let sum = Grid<Double>(rows: right.rows, columns: right.columns, values: total)
        XCTAssertEqual(state.norms[back], Self.norm(sum), accuracy: 1e-10 * max(Self.norm(sum), 1e-3), name)
        compared += right.norm > 0 ? 1 : 0
      }
    }
    return compared
  }

  func testHeldVariables() throws {
    var compared = 0
    let split = "cell S(x) -> h { [f[t], g[t]] = W · [h[t-1], x[t]]; h[t] = σ(f[t]) * h[t-1] + tanh(g[t]) }"
    let clamps: [(String, [(String, ClosedRange<Int>, Double)])] = [
      (CellTests.lstm, [("f", 1...40, 1)]), (CellTests.lstm, [("f", 5...8, 0.25), ("o", 7...40, 0.75)]),
      // States: nothing comes through a time at which both are held, and something past one of them.
      (CellTests.lstm, [("c", 6...7, 0.5)]), (CellTests.lstm, [("h", 6...7, -0.25)]),
      (CellTests.lstm, [("c", 6...6, 0.5), ("h", 6...6, 0.1)]), (CellTests.lstm, [("c", 12...12, 0.5)]),
      (DerivationTests.gru, [("z", 4...9, 0.5)]), (DerivationTests.gru, [("r", 1...40, 0)]),
      (StateJacobianTests.delayed[2], []), (split, [("f", 5...8, 0.5)]),
    ]
    for (text, held) in clamps {
      let recurrence = try cell(text)
      let net = try net(recurrence, time: 12, seed: 7).clamped(
        held.map { name, times, value in
          let symbol = try XCTUnwrap(recurrence.store.symbol(named: name))
          return Clamp(symbol: symbol, times: times, values: [value])
        })
      compared += try compare(net, steps: 9, at: [1, 3, 4, 5, 6, 9], "\(held) in \(text)")
    }
    XCTAssertGreaterThan(compared, 60)
  }

  func testNothingComesThroughWhatIsHeldWhole() throws {
    let recurrence = try cell(CellTests.lstm)
    let symbols = try ["c", "h"].map { try XCTUnwrap(recurrence.store.symbol(named: $0)) }
    let net = try net(recurrence, time: 12, seed: 7).clamped(
      symbols.map { Clamp(symbol: $0, times: 8...8, values: [0.5]) })
    for state in try flow(net, steps: 9).0.states {
      XCTAssert(state.norms[...3].allSatisfy { $0 > 0 }, "\(state.norms)")
      XCTAssert(state.norms[5...].allSatisfy { $0 == 0 }, "\(state.norms)")
    }
  }

  /// The first sequence: as if it had been fed alone.
  func testBatches() throws {
    for text in [CellTests.lstm, DerivationTests.gru, StateJacobianTests.delayed[2]] {
      let recurrence = try cell(text)
      let alone = try net(recurrence, time: 12, seed: 4)
      let (steps, batch) = (12, 3)
      let both = alone.copy()
      both.reset()
      var stream = RandomStream(seed: 8)
      var inputs: [SymbolID: [Double]] = [:]
      for symbol in alone.recurrence.inputs {
        let first = try alone.values(symbol, times: 1...steps)
        let width = alone.count(symbol)
        var numbers: [Double] = []
        for time in 0..<steps {
          numbers += first[time * width..<(time + 1) * width]
          for _ in 0..<width * (batch - 1) { numbers.append(stream.uniform(-2, 2)) }
        }
        inputs[symbol] = numbers
      }
      _ = try both.feed(inputs, steps: steps, batch: batch)
      XCTAssertGreaterThan(try compare(both, steps: 9, at: [1, 4, 9], text), 0)
      for (one, other) in zip(try flow(both, steps: 9).0.states, try flow(alone, steps: 9).0.states) {
        for (a, b) in zip(one.norms, other.norms) { XCTAssertEqual(a, b, accuracy: 1e-12 * max(b, 1e-3)) }
        XCTAssertEqual(one.classes.map(\.name), other.classes.map(\.name))
      }
    }
  }

  /// What was written in between belongs to no run.
  func testWhatIsNoRunIsRefused() throws {
    let recurrence = try cell(CellTests.lstm)
    let net = try net(recurrence, time: 6, seed: 4)
    let state = try XCTUnwrap(recurrence.store.symbol(named: "c"))
    try net.setState(state, time: 6, [0.5])
    XCTAssertThrowsError(try GradientFlow(net, steps: 3)) { error in
      guard case NetError.notOneRun = error else { return XCTFail("\(error)") }
    }
    _ = try net.feed(
      [net.recurrence.inputs[0]: [Double](repeating: 0.5, count: 6 * net.count(net.recurrence.inputs[0]))], steps: 6,
      batch: 1)
    XCTAssertNoThrow(try GradientFlow(net, steps: 5))
    XCTAssertThrowsError(try GradientFlow(net, steps: 6))
    let parameter = try XCTUnwrap(net.recurrence.parameters.first)
    net.setParameter(parameter, net.parameter(parameter).map { $0 / 2 })
    XCTAssertThrowsError(try GradientFlow(net, steps: 2))
  }

  /// A linear cell has the same Jacobian at every step: its eigenvalues are known.
  func testMeanRadius() throws {
    for (text, radius) in [
      ("cell L(x) -> h { param U: h × h; h[t] = U · h[t-1] + x[t] }", 0.9),
      ("cell L(x) -> h { param U: h × h; h[t] = U · h[t-2] + x[t] }", 0.9.squareRoot()),
    ] {
      let net = try Net(try cell(text), widths: [("h", 2)], type: .float64)
      // A turn by 1 radian, of length 0.9, seen askew.
      let (c, s) = (0.9 * 0.5403023058681398, 0.9 * 0.8414709848078965)
      net.setParameter(try XCTUnwrap(net.recurrence.store.symbol(named: "U")), [c, -4 * s, s / 4, c])
      _ = try net.feed([net.recurrence.inputs[0]: [Double](repeating: 0.5, count: 16)], steps: 8, batch: 1)
      XCTAssertEqual(try GradientFlow(net, steps: 6).meanRadius, radius, accuracy: 2e-3)
    }
  }

  func testSpectralNorm() {
    var stream = RandomStream(seed: 4)
    var solver = SpectralNorm()
    for (rows, columns) in [(1, 1), (1, 4), (5, 2), (3, 3), (40, 40), (17, 30)] {
      let values = (0..<rows * columns).map { _ in stream.uniform(-1, 1) }
      let matrix = Grid<Double>(rows: rows, columns: columns, values: values)
      XCTAssertEqual(
        solver.of(values, rows: rows, columns: columns), Self.norm(matrix), accuracy: 1e-7 * Self.norm(matrix))
      // Of any size.
      XCTAssertEqual(
        solver.of(values.map { $0 * 1e-200 }, rows: rows, columns: columns), Self.norm(matrix) * 1e-200,
        accuracy: 1e-207 * Self.norm(matrix))
    }
    // What the last vector is orthogonal to is seen: the largest axis changes.
    XCTAssertEqual(solver.of([3, 0, 0, 1], rows: 2, columns: 2), 3, accuracy: 1e-12)
    XCTAssertEqual(solver.of([1, 0, 0, 2], rows: 2, columns: 2), 2, accuracy: 1e-12)
    XCTAssertEqual(solver.of([0, 0, 0, 0], rows: 2, columns: 2), 0)
    XCTAssertTrue(solver.of([1, .nan, 0, 2], rows: 2, columns: 2).isNaN)
  }
}
