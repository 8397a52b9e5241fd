import Syntax
import XCTest

@testable import Algebra
@testable import Elaboration

/// Derivatives over several steps as products of state Jacobians: equal to the derivative itself.
final class StateJacobianTests: XCTestCase {
  /// Every state and output by every state and input, from one step to beyond the longest delay, near the start too.
  func testLibrary() throws {
    var compared = 0
    for entry in try LibraryFolder.index() {
      let recurrence = try LibraryRunner.recurrence(of: LibraryFolder.cell(entry.name))
      compared += try check(
        recurrence, targets: recurrence.states + recurrence.outputs, sources: recurrence.states + recurrence.inputs,
        entry.name)
    }
    XCTAssertGreaterThan(compared, 300)
  }

  func testRandomCells() throws {
    let count = RandomCellCount.of(debug: 15, release: 100)
    var compared = 0
    for seed in 0..<count {
      let text = RandomCellText.text(RandomCellMaker.make(seed: seed))
      guard let recurrence = try randomCell(text) else { return XCTFail(text) }
      compared += try check(recurrence, targets: recurrence.variables, text)
    }
    XCTAssertGreaterThan(compared, 50)
  }

  static let delayed: [String] = [
    "cell D(x) -> h { h[t] = tanh(U · h[t-1] + V · h[t-3] + W · x[t-2]) }",
    "cell D(x) -> y { h[t] = 0.5 * h[t-2] + tanh(W · x[t]); y[t] = σ(V · h[t-1]) * h[t-4] }",
    "cell D(x) -> h { f[t] = σ(W · [h[t-2], x[t-1]]); c[t] = f[t] * c[t-3] + (1 - f[t]) * x[t]; h[t] = tanh(c[t]) * c[t-1] }",
    "cell D(x) -> h { a[t] = tanh(U · b[t-1] + W · x[t]); b[t] = σ(V · a[t-2] + Q · a[t]); h[t] = a[t] * b[t-3] }",
  ]

  func testDelays() throws {
    for text in StateJacobianTests.delayed {
      let recurrence = try cell(text)
      XCTAssertGreaterThan(try check(recurrence, targets: recurrence.variables, text), 8)
    }
  }

  private func randomCell(_ text: String) throws -> Recurrence? {
    let outcome = Parser.parse(Source(name: "test", text: text), mode: .file)
    guard case .cell(let definition) = outcome.statements.first?.form, case .items(let items) = definition.body else {
      return nil
    }
    return try CellElaborator.elaborate(definition, items: items, environment: RandomCellCheck.environment)
  }

  /// How many derivatives were compared.
  private func check(
    _ recurrence: Recurrence, targets: [SymbolID], sources: [SymbolID]? = nil, _ name: String
  ) throws -> Int {
    var compared = 0
    for target in targets {
      for source in sources ?? recurrence.variables + recurrence.inputs {
        let holds = recurrence.states.first { $0 != target && $0 != source }
        for held in [[], holds.map { [$0] } ?? []] where held.isEmpty || compared % 3 == 0 {
          for back in [1, 2, recurrence.longestDelay + 2] {
            do {
              compared += try compare(recurrence, target, source, held, back, name)
            } catch DerivativeFailure.threeIndices {
              continue
            } catch DerivativeFailure.noProduct(.readsLater) {
              continue
            }
          }
        }
      }
    }
    return compared
  }

  private func compare(
    _ recurrence: Recurrence, _ target: SymbolID, _ source: SymbolID, _ held: [SymbolID], _ back: Int, _ name: String
  ) throws -> Int {
    let cut = Cut(symbol: source, shift: -back, held: held.map { Held(symbol: $0, shift: nil) })
    let derivation = try Derivation(recurrence, of: target, shift: 0, cut: cut)
    let jacobian = try StateJacobian(derivation)
    let what = "∂\(recurrence.store[target].name)/∂\(recurrence.store[source].name) \(back) back, \(held.count) held"
    let (trajectory, end) = try RandomTrack.make(recurrence, steps: back, seed: UInt64(back))
    for time in Set([end, max(1, back - 1)]) {
      let right = try derivation.value(at: time, shapes: trajectory.shapes, along: trajectory.value)
      guard right.values.allSatisfy(\.isFinite) else { continue }
      let track = StateJacobian.Track(jacobian, shapes: trajectory.shapes, read: trajectory.value)
      let product = try jacobian.product(at: time, steps: back, along: track)
      let distance = product?.distance(to: right) ?? .infinity
      XCTAssertLessThanOrEqual(distance, max(1e-10 * right.norm, 1e-15), "\(what) at \(time): \(name)")
    }
    return derivation.isZero ? 0 : 1
  }

  /// The product of one-step derivatives is not it, in an LSTM.
  func testProductOfOneStepDerivativesIsAnother() throws {
    let recurrence = try cell(CellTests.lstm)
    guard let c = recurrence.store.symbol(named: "c") else { return XCTFail() }
    let two = try Derivation(recurrence, of: c, shift: 0, cut: Cut(symbol: c, shift: -2))
    let one = try Derivation(recurrence, of: c, shift: 0, cut: Cut(symbol: c, shift: -1))
    let (trajectory, end) = try RandomTrack.make(recurrence, steps: 2, seed: 4)
    func value(_ derivation: Derivation, _ time: Int) throws -> Algebra.Matrix {
      try derivation.value(at: time, shapes: trajectory.shapes, along: trajectory.value)
    }
    let wrong = try value(one, end).times(value(one, end - 1))
    let right = try value(two, end)
    XCTAssertGreaterThan(wrong.distance(to: right), 1e-3 * right.norm)
  }

  /// The blocks of derivations.md.
  func testBlocksOfLSTM() throws {
    let recurrence = try cell(CellTests.lstm)
    guard let c = recurrence.store.symbol(named: "c") else { return XCTFail() }
    let derivation = try Derivation(recurrence, of: c, shift: 0, cut: Cut(symbol: c, shift: -3))
    let jacobian = try StateJacobian(derivation)
    var notation = TextNotation(recurrence.store)
    let texts = try jacobian.blocks.map { block in notation.derivative(try jacobian.opened(block.atom).expression) }
    XCTAssertEqual(
      texts,
      [
        "f[t]",
        "c[t-1] * f[t] * (1 - f[t]) * W_f[h] + g[t] * i[t] * (1 - i[t]) * W_i[h] + i[t] * (1 - g[t]^2) * W_g[h]",
        "o[t] * (1 - tanh(c[t])^2) * ∂c[t]/∂c[t-1]",
        "tanh(c[t]) * o[t] * (1 - o[t]) * W_o[h] + o[t] * (1 - tanh(c[t])^2) * ∂c[t]/∂h[t-1]",
      ])
  }

  func testRefusals() throws {
    let recurrence = try cell(CellTests.lstm)
    guard let c = recurrence.store.symbol(named: "c"), let h = recurrence.store.symbol(named: "h"),
      let w = recurrence.store.symbol(named: "W_f")
    else { return XCTFail() }
    for cut in [
      Cut(symbol: w, shift: 0), Cut(symbol: c, shift: 0), Cut(symbol: c, shift: -2, held: [Held(symbol: h, shift: -1)]),
    ] {
      let derivation = try Derivation(recurrence, of: h, shift: 0, cut: cut)
      XCTAssertThrowsError(try StateJacobian(derivation)) { error in
        guard case DerivativeFailure.noProduct = error else { return XCTFail("\(error)") }
      }
    }
  }
}
