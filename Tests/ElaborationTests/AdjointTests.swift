import Algebra
import Foundation
import Syntax
import XCTest

@testable import Elaboration

/// Backpropagation through time: against central differences, and as a text.
final class AdjointTests: XCTestCase {
  private static func width(_ name: String) -> Int { 2 + name.utf8.reduce(0) { $0 + Int($1) } % 3 }

  private func check(_ recurrence: Recurrence, _ name: String, width: @escaping (String) -> Int = AdjointTests.width) {
    do {
      if let failure = try AdjointCheck.readBack(recurrence) { XCTFail("\(name): \(failure.message)") }
      // One step, and fewer than the longest delay, too.
      let delay = recurrence.longestDelay
      for (steps, batch) in [(6, 2), (1, 1)] + (delay > 2 ? [(delay - 1, 1)] : []) {
        var check = try AdjointCheck(recurrence, steps: steps, batch: batch, seed: 7, width: width)
        guard let (error, of) = try check.checked() else {
          XCTFail("\(name), \(steps) steps: no point lends itself to differences")
          continue
        }
        XCTAssertLessThan(error, 1e-6, "\(name), \(steps) steps, \(batch) sequences: by \(of)")
      }
    } catch {
      XCTFail("\(name): \(RandomCellCheck.message(error))")
    }
  }

  func testLibraryAgreesWithFiniteDifferences() throws {
    for entry in try LibraryFolder.index() {
      check(try LibraryRunner.recurrence(of: LibraryFolder.cell(entry.name)), entry.name)
    }
  }

  func testCellsBuiltOfCells() throws {
    let lstm = try LibraryRunner.recurrence(of: LibraryFolder.cell("LSTM"))
    let gru = try LibraryRunner.recurrence(of: LibraryFolder.cell("GRU"))
    check(try Composition.stack([("layer1", lstm), ("layer2", gru), ("layer3", lstm)]), "stack of 3")
    check(try Composition.bidirectional(gru), "bidirectional") { ["y": 5, "ahead.h": 3][$0] ?? 2 }
    check(try Composition.stack([("a", Composition.bidirectional(lstm)), ("b", gru)]), "on bidirectional") {
      ["a.y": 5, "a.ahead.c": 2][$0] ?? 3
    }
    check(try Composition.residual(gru), "residual") { _ in 3 }
  }

  /// Cells that have what the library has not.
  static let oddCells: [(name: String, text: String)] = [
    (
      "two outputs, a delay of 3", "cell A(x) -> h, s { h[t] = tanh(W · [h[t-1], h[t-3], x[t]]); s[t] = σ(h[t-2] * p) }"
    ),
    ("no loop", "cell A(x) -> y { y[t] = σ(W · x[t] + b) * x[t-2] }"),
    (
      "parameters of parameters",
      "cell A(x) -> h { A = U - Uᵀ - γ * I; param U: h × h; param γ: 1\n h[t] = h[t-1] + tanh(A · h[t-1] + V · x[t]) }"
    ),
    ("a split", "cell A(x) -> h { [u[t], v[t], w[t]] = W · [h[t-1], x[t]] + b; h[t] = σ(u[t]) * v[t] }"),
    (
      "softmax and LN",
      "cell A(x) -> h { p[t] = softmax(W · x[t] + U · h[t-1]); h[t] = LN(p[t] * h[t-1] + V · x[t]) * g }"
    ),
    (
      "sums and means",
      "cell A(x) -> h { s[t] = sum(h[t-1] * p); m[t] = mean(W · x[t]); param W: k × x; h[t] = tanh(V · x[t] * s[t] + m[t] + mean(h[t-1])) }"
    ),
    ("powers and quotients", "cell A(x) -> h { h[t] = x[t]^2 / (1 + h[t-1]^2) + (2 + tanh(W · x[t]))^p }"),
    ("a divisor that was", "cell A(x) -> h { n[t] = exp(W · x[t]); h[t] = tanh(V · x[t]) + h[t-1] / (n[t] * 3) }"),
    ("largest", "cell A(x) -> h { h[t] = max(W · x[t], U · h[t-1]) + max(h[t-1]) * q + relu(x[t-1]) }"),
    (
      "a matrix state",
      "cell A(x) -> h { k[t] = K · x[t]; v[t] = V · x[t]; f[t] = σ(F · x[t]); C[t] = f[t] * C[t-1] + v[t] · k[t]ᵀ; h[t] = tanh(C[t] · k[t]) }"
    ),
    (
      "a matrix state by a number",
      "cell A(x) -> h { param u: x; param K: k × x; f[t] = σ(u · x[t]); C[t] = f[t] * C[t-1] + (V · x[t]) · (K · x[t])ᵀ; h[t] = C[t] · (Q · x[t]) }"
    ),
    (
      "a matrix state with a learned start",
      "cell A(x) -> h { k[t] = K · x[t]; f[t] = σ(F · x[t]); C[t] = f[t] * C[t-1] + (V · x[t]) · k[t]ᵀ; h[t] = C[t] · (Q · x[t]); learn C[0] }"
    ),
    (
      "a loss of its own",
      "cell A(x, y) -> h { h[t] = tanh(W · [h[t-1], x[t]]); d[t] = V · h[t] - y[t]; L = total(sum(d[t]^2)) + 0.1 * sum(W * W) }"
    ),
    ("the time", "cell A(x) -> h { h[t] = tanh(W · h[t-1] / t + x[t-1] * t + x[t]) }"),
    ("shared weights", "cell A(x) -> h { g[t] = tanh(W · [h[t-1], x[t]]); h[t] = tanh(W · [g[t], x[t-1]]) }"),
    (
      "a transposed weight",
      "cell A(x) -> h { param W: k × h\n k[t] = tanh(W · h[t-1] + b); h[t] = tanh(Wᵀ · k[t] + x[t]) }"
    ),
    ("inner products", "cell A(x) -> h { s[t] = h[t-1] · x[t]; h[t] = tanh(s[t] * x[t] + p · h[t-1]) }"),
    (
      "a start of a parameter",
      "cell A(x) -> h { h[t] = tanh(W · [h[t-1], x[t]]) + c[t-2]; c[t] = h[t-1] * p; init h[0] = q * q; init c[-1] = r }"
    ),
    ("a learned start", "cell A(x) -> h { h[t] = tanh(W · [h[t-1], x[t]]); learn h[0] }"),
    ("constants", "cell A(x) -> h { const β = 0.5; h[t] = β * h[t-1] + tanh(W · x[t] - β) }"),
    ("a δ and an ε", "cell A(x) -> ε { δ[t] = σ(W · ε[t-1] + x[t]); ε[t] = δ[t] * ε[t-1] + x[t] }"),
    (
      "a part that is used twice",
      "cell A(x) -> h { h[t] = tanh(W · x[t] + h[t-1]) * (1 - tanh(W · x[t] + h[t-1])) + 2 * h[t-1] - h[t-1] }"
    ),
    ("the same part twice", "cell A(x) -> h { h[t] = tanh(W · [h[t-1], h[t-1], x[t], 1]) }"),
    ("nothing comes of an input", "cell A(x, y) -> h { h[t] = tanh(x[t] + sign(y[t]) * h[t-1] + sign(p)) }"),
    (
      "a vector and numbers",
      "cell A(x) -> h { const β = 2; h[t] = tanh(W · h[t-1]) * p + [β, s[t] * (U · x[t]), sign(x[t]), s[t-1]]; s[t] = tanh(h[t-1] · h[t-2]) }"
    ),
    ("a joined parameter", "cell A(x) -> h { q = [p, r]; param p: 1\n param r: 1\n h[t] = tanh(q * x[t] + h[t-1]) }"),
  ]

  func testOddCells() throws {
    for (name, text) in AdjointTests.oddCells {
      do {
        check(try LibraryRunner.recurrence(of: text), name) {
          $0 == "h" && name.contains("numbers") ? 7 : AdjointTests.width($0)
        }
      } catch {
        XCTFail("\(name): \(RandomCellCheck.message(error))")
      }
    }
  }

  /// Twice the layers, twice the equations, and expressions that are no larger.
  func testGrowthIsLinearInLayers() throws {
    let lstm = try LibraryRunner.recurrence(of: LibraryFolder.cell("LSTM"))
    var sizes: [(equations: Int, nodes: Int)] = []
    for count in [2, 4, 8] {
      let stack = try Composition.stack((1...count).map { ("layer\($0)", lstm) })
      let adjoint = try stack.adjoint().recurrence
      sizes.append((adjoint.equations.count, adjoint.store.nodes.count))
    }
    XCTAssertEqual(sizes[2].equations - sizes[1].equations, 2 * (sizes[1].equations - sizes[0].equations))
    XCTAssertEqual(sizes[2].nodes - sizes[1].nodes, 2 * (sizes[1].nodes - sizes[0].nodes), "\(sizes)")
  }

  func testRandomCells() throws {
    let environment = ProcessInfo.processInfo.environment
    let count = RandomCellCount.of(debug: 40, release: 300)
    let first = environment["CAROUSEL_RANDOM_SEED"].flatMap { UInt64($0) } ?? 0
    var failures = 0
    var unchecked = 0
    for seed in first..<first + count {
      let cell = RandomCellMaker.make(seed: seed)
      do {
        let recurrence = try RandomCellCheck(cell).recurrence()
        var problem = try AdjointCheck.readBack(recurrence)?.message
        // Delays go up to 3: sequences shorter than that, too.
        let (steps, batch) = [(6, 1), (1, 1), (6, 2), (2, 1)][Int(seed % 4)]
        if problem == nil {
          var check = try AdjointCheck(recurrence, steps: steps, batch: batch, seed: seed) { name in
            cell.width(named: name)
          }
          let found = try check.checked()
          if found == nil { unchecked += 1 }
          if let (error, of) = found, error > 1e-6 {
            var writer = CellText(check.adjoint.recurrence)
            problem = "\(steps) steps, by \(of): \(error)\n\(writer.lines().joined(separator: "\n"))"
          }
        }
        guard let problem else { continue }
        failures += 1
        XCTFail("seed \(seed): \(problem)\n\(RandomCellCheck(cell).text)")
      } catch {
        failures += 1
        XCTFail("seed \(seed): \(RandomCellCheck.message(error))\n\(RandomCellCheck(cell).text)")
      }
      if failures >= 4 { return }
    }
    XCTAssertLessThan(Double(unchecked), 0.1 * Double(count), "too few points lend themselves to differences")
  }
}
