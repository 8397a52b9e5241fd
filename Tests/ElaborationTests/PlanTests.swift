import Algebra
import Foundation
import Kernels
import Syntax
import XCTest

@testable import Elaboration
@testable import Runtime

/// The plan against the plain evaluator: every variable at every time, sums over all times, and what is made of them.
final class PlanTests: XCTestCase {
  private static func width(_ name: String) -> Int { 2 + name.utf8.reduce(0) { $0 + Int($1) } % 4 }

  struct Comparison {
    var worst = 0.0
    var name = ""
    /// How far one rounding moves the values: of the parameters, or of each operation of the plain evaluator.
    var sensitivity = 1.0
  }

  /// Runs both over 20 steps, of which the last 7 are a second run if the cell can go on. Where not all values are kept
  /// the plan's chunks are short.
  static func compare<Scalar: KernelScalar>(
    _ cell: Recurrence, batch: Int, seed: UInt64, in type: Scalar.Type, kept: Set<SymbolID>? = nil,
    width: (String) -> Int
  ) throws -> Comparison? {
    var recurrence = cell
    for name in recurrence.shapes.openWidths { recurrence.widths.append((name, width(name))) }
    guard let settled = try? recurrence.solvedShapes() else { return nil }
    recurrence.shapes = settled
    let shapes = recurrence.shapes
    let steps = 20
    let plan: PlanEngine<Scalar>
    do {
      var machine = PlanMachine(Scalar.self)
      if kept != nil { (machine.rowsOfChunk, machine.rowsOfSum, machine.numbersOfChunk) = (4, 4, 0) }
      plan = try PlanEngine<Scalar>(
        recurrence, shapes: shapes, batch: batch, capacity: steps, kept: kept, machine: machine)
    } catch is PlanFailure { return nil }
    let judge = try ReferenceEngine<Double>(recurrence, shapes: shapes, batch: batch, capacity: steps)
    // Several, for in a cell that expands one may happen to move little.
    let moved = try (0..<4).map { _ in
      try ReferenceEngine<Double>(recurrence, shapes: shapes, batch: batch, capacity: steps)
    }
    let rounded = try ReferenceEngine<Scalar>(recurrence, shapes: shapes, batch: batch, capacity: steps)
    var chance = Chance(seed)
    func count(_ symbol: SymbolID) -> Int {
      (shapes.symbols[symbol] ?? .number).dimensions.reduce(1) { $0 * ($1.number ?? 1) }
    }
    var parameters: [SymbolID: [Double]] = [:]
    for symbol in recurrence.parameters {
      let bound = 1.2 / Double(count(symbol)).squareRoot()
      parameters[symbol] = (0..<count(symbol)).map { _ in Double(Scalar(chance.uniform(-bound, bound))) }
    }
    for (symbol, value) in recurrence.constants { parameters[symbol] = [value.value] }
    let rounding = Double(Scalar.ulpOfOne)
    plan.setParameters(parameters)
    judge.setParameters(parameters)
    rounded.setParameters(parameters)
    for engine in moved {
      engine.setParameters(
        parameters.mapValues { values in
          values.map { $0 * (1 + rounding * (chance.uniform(0, 1) < 0.5 ? 1 : -1)) }
        })
    }
    let others: [any Engine] = moved + [rounded]
    let engines: [any Engine] = [plan, judge] + others
    var states: [SymbolID: [Double]] = [:]
    for symbol in recurrence.states where chance.uniform(0, 1) < 0.7 {
      states[symbol] = (0..<count(symbol) * batch).map { _ in Double(Scalar(chance.uniform(-0.5, 0.5))) }
    }
    for engine in engines {
      for symbol in recurrence.states {
        for slot in 0..<engine.past {
          let start = engine.start(symbol, time: slot + 1 - engine.past) ?? [Double](repeating: 0, count: count(symbol))
          engine.write(symbol, slot: slot, (0..<batch).flatMap { _ in start }[...])
        }
        if let values = states[symbol] { engine.write(symbol, slot: engine.past - 1, values[...]) }
      }
    }
    var result = Comparison()
    let isCausal = try Schedule(recurrence).isCausal
    for (first, stretch) in isCausal ? [(1, 13), (14, 7)] : [(1, 20)] {
      for symbol in recurrence.inputs {
        let values = (0..<stretch * batch * count(symbol)).map { _ in Double(Scalar(chance.uniform(-1, 1))) }
        for engine in engines { engine.write(symbol, slot: engine.past, values[...]) }
      }
      for engine in engines {
        _ = engine.run(steps: stretch, firstTime: first, clamps: [], isInterrupted: { false })
      }
      func compare(_ symbol: SymbolID, _ values: (any Engine) -> [Double]) {
        let (a, b) = (values(plan), values(judge))
        let rest = others.map(values)
        if a.count != b.count { result = Comparison(worst: .infinity, name: "\(recurrence.store[symbol].name): count") }
        for (index, value) in b.enumerated() where index < a.count && value.isFinite && abs(value) < 1e6 {
          let moves = rest.map { abs($0[index] - value) }.max() ?? 0
          result.sensitivity = max(result.sensitivity, moves / max(1, abs(value)) / rounding)
          let error = abs(a[index] - value) / max(1, abs(value))
          if !(error <= result.worst) {
            result.worst = error.isNaN ? .infinity : error; result.name = recurrence.store[symbol].name
          }
        }
      }
      for symbol in recurrence.variables where kept?.contains(symbol) ?? true {
        compare(symbol) { engine in
          var values: [Double] = []
          engine.read(symbol, slots: engine.past..<engine.past + stretch, into: &values)
          return values
        }
      }
      let derived = recurrence.equations.flatMap(\.targets).filter { recurrence.store[$0].kind == .derivedParameter }
      for symbol in derived { compare(symbol) { $0.derived(symbol) } }
      for engine in engines { engine.advance(steps: stretch) }
    }
    return result
  }

  private func check(
    _ recurrence: Recurrence, _ name: String, seed: UInt64 = 3, isSingle: Bool = true,
    width: (String) -> Int = PlanTests.width
  ) {
    do {
      for batch in [1, 3] {
        for kept in [nil, Set(recurrence.outputs)] {
          guard
            let precise = try PlanTests.compare(
              recurrence, batch: batch, seed: seed, in: Double.self, kept: kept, width: width)
          else { return XCTFail("\(name) has no plan") }
          XCTAssertLessThan(
            precise.worst, 1e-12 * precise.sensitivity, "\(name), batch \(batch), Float64: \(precise.name)")
        }
        guard isSingle,
          let single = try PlanTests.compare(recurrence, batch: batch, seed: seed, in: Float.self, width: width)
        else { return }
        XCTAssertLessThan(single.worst, 1e-5 * single.sensitivity, "\(name), batch \(batch), Float32: \(single.name)")
      }
    } catch { XCTFail("\(name): \(RandomCellCheck.message(error))") }
  }

  func testLibrary() throws {
    for entry in try LibraryFolder.index() {
      check(try LibraryRunner.recurrence(of: LibraryFolder.cell(entry.name)), entry.name)
    }
  }

  func testBackwardOfLibrary() throws {
    for entry in try LibraryFolder.index() {
      let cell = try LibraryRunner.recurrence(of: LibraryFolder.cell(entry.name))
      check(try cell.adjoint().recurrence, "backward of \(entry.name)", isSingle: false)
    }
  }

  /// Forward and backward in one plan, of which most values live for a chunk of times only.
  func testGradientsOfLibrary() throws {
    for entry in try LibraryFolder.index() {
      var cell = try LibraryRunner.recurrence(of: LibraryFolder.cell(entry.name))
      for name in cell.shapes.openWidths { cell.widths.append((name, PlanTests.width(name))) }
      cell.shapes = try cell.solvedShapes()
      check(try GradientRecurrence(cell).recurrence, "gradients of \(entry.name)", isSingle: false)
    }
  }

  /// The width of a vector, as the derivative of its mean has it, is a number: only the loss itself is summed up.
  func testAMeansDerivativeNeedsNoVectorOfOnes() throws {
    var cell = try LibraryRunner.recurrence(of: LibraryFolder.cell("LSTM"))
    for name in cell.shapes.openWidths { cell.widths.append((name, 5)) }
    cell.shapes = try cell.solvedShapes()
    let objective = try Objective(cell, losses: [(cell.outputs[0], .meanSquare)])
    let training = try TrainingRecurrence(objective).recurrence
    let plan = try Plan(
      training, shapes: training.shapes, batch: 2, slots: 9, kept: [], machine: PlanMachine(Float.self))
    let items = plan.groups.flatMap(\.phases).flatMap(\.items)
    XCTAssertEqual(items.filter { if case .reduce = $0 { true } else { false } }.count, 1)
  }

  func testCellsBuiltOfCells() throws {
    let lstm = try LibraryRunner.recurrence(of: LibraryFolder.cell("LSTM"))
    let gru = try LibraryRunner.recurrence(of: LibraryFolder.cell("GRU"))
    check(try Composition.stack([("layer1", lstm), ("layer2", gru), ("layer3", lstm)]), "stack of 3")
    check(try Composition.bidirectional(gru), "bidirectional") { ["y": 5, "ahead.h": 3][$0] ?? 2 }
    check(try Composition.residual(gru), "residual") { _ in 3 }
  }

  func testOddCells() throws {
    for (name, text) in AdjointTests.oddCells {
      check(try LibraryRunner.recurrence(of: text), name) {
        name == "a vector and numbers" ? ["x": 2, "h": 6][$0] ?? 2 : PlanTests.width($0)
      }
    }
  }

  /// They lie the same way in memory, and are spread to a matrix differently.
  func testAVectorBesideItsTranspose() throws {
    let text = """
      cell Spread(x) -> c {
        c[t] = 0.5 * c[t-1] + x[t] * A - B * x[t]ᵀ
        param A: x × x
        param B: x × x
      }
      """
    check(try LibraryRunner.recurrence(of: text), "spread") { _ in 3 }
  }

  /// A row times a vector is one number, and is spread over the vector it is added to.
  func testARowTimesAVectorBesideAVector() throws {
    let text = """
      cell Gain(x) -> y {
        y[t] = tanh(u)ᵀ · (x[t] * v) + x[t] - W · y[t-1]
        param u: x
        param v: x
        param W: x × x
      }
      """
    check(try LibraryRunner.recurrence(of: text), "gain") { _ in 3 }
  }

  /// The sum cannot take the place of d, which is asked for, so the gate cannot take the sum's.
  func testAGateOfAKeptSumSpreadOverAMatrix() throws {
    let text = """
      cell Memory(x) -> m {
        d[t] = W · x[t]
        m[t] = σ(d[t] + x[t-1]) * m[t-2] + A
        param W: x × x
        param A: x × x
      }
      """
    check(try LibraryRunner.recurrence(of: text), "memory") { _ in 3 }
  }

  func testRandomCells() throws {
    let environment = ProcessInfo.processInfo.environment
    let first = environment["CAROUSEL_RANDOM_SEED"].flatMap { UInt64($0) } ?? 0
    var planned = 0
    let count = RandomCellCount.of(debug: 150, release: 2000)
    for seed in first..<first + count {
      let random = RandomCellCheck(RandomCellMaker.make(seed: seed))
      guard let cell = try? random.recurrence() else { continue }
      for batch in [1, 3] {
        guard
          let found = try PlanTests.compare(
            cell, batch: batch, seed: seed, in: Double.self, kept: batch == 1 ? nil : Set(cell.outputs),
            width: { _ in 2 + Int(seed % 3) })
        else { continue }
        planned += 1
        XCTAssertLessThan(
          found.worst, 1e-12 * found.sensitivity, "seed \(seed), batch \(batch): \(found.name) of\n\(random.text)")
      }
      let single = try PlanTests.compare(cell, batch: 1, seed: seed, in: Float.self, width: { _ in 2 + Int(seed % 3) })
      guard let single else { continue }
      XCTAssertLessThan(
        single.worst, 1e-5 * single.sensitivity, "seed \(seed), Float32: \(single.name) of\n\(random.text)")
    }
    XCTAssertGreaterThan(Double(planned), 1.9 * Double(count), "random cells with a plan")
  }

  /// What trains: the backward pass of a random cell, through the plan and through the plain evaluator.
  func testBackwardOfRandomCells() throws {
    let environment = ProcessInfo.processInfo.environment
    let first = environment["CAROUSEL_RANDOM_SEED"].flatMap { UInt64($0) } ?? 0
    var planned = 0
    let count = RandomCellCount.of(debug: 60, release: 1000)
    for seed in first..<first + count {
      let random = RandomCellCheck(RandomCellMaker.make(seed: seed))
      guard let cell = try? random.recurrence(), let backward = try? cell.adjoint().recurrence else { continue }
      guard
        let found = try PlanTests.compare(
          backward, batch: 1 + Int(seed % 3), seed: seed, in: Double.self, width: { _ in 2 + Int(seed % 3) })
      else { continue }
      planned += 1
      XCTAssertLessThan(
        found.worst, 1e-12 * found.sensitivity, "seed \(seed): \(found.name) of the backward pass of\n\(random.text)")
    }
    XCTAssertGreaterThan(Double(planned), 0.5 * Double(count), "backward passes with a plan")
  }

  func testGradientsOfRandomCells() throws {
    var planned = 0
    let count = RandomCellCount.of(debug: 30, release: 500)
    for seed in 0..<count {
      let random = RandomCellCheck(RandomCellMaker.make(seed: seed))
      guard var cell = try? random.recurrence() else { continue }
      for name in cell.shapes.openWidths { cell.widths.append((name, 2 + Int(seed % 3))) }
      guard let settled = try? cell.solvedShapes() else { continue }
      cell.shapes = settled
      guard let gradients = try? GradientRecurrence(cell).recurrence,
        let found = try PlanTests.compare(
          gradients, batch: 1 + Int(seed % 3), seed: seed, in: Double.self, kept: Set(gradients.outputs),
          width: { _ in 2 + Int(seed % 3) })
      else { continue }
      planned += 1
      XCTAssertLessThan(
        found.worst, 1e-12 * found.sensitivity, "seed \(seed): \(found.name) of the gradients of\n\(random.text)")
    }
    XCTAssertGreaterThan(Double(planned), 0.5 * Double(count), "gradients with a plan")
  }
}
