import Algebra
import Runtime
import XCTest

/// One rule, two maps: for every operation, ⟨E, L d⟩ by the tangent is ⟨Lᵀ E, d⟩ by the adjoint, to rounding.
final class AdjointRowTests: XCTestCase {
  /// A cell for each row of the table of operators: y[t] of x[t], with vectors that keep every function defined and
  /// away from its kinks.
  private static var operators: [(name: String, body: String)] {
    OperatorTable.rows.compactMap { row in
      switch (row.meaning, row.shape, row.arity) {
      case (.unary, _, _): (row.name, "y[t] = \(row.name)(p * x[t]^2 + 0.3)")
      case (_, _, 2): (row.name, "y[t] = \(row.name)(p * x[t], U · x[t])")
      case (_, .vector, _): (row.name, "y[t] = \(row.name)(U · x[t]) * x[t]")
      case (_, .reduction, _): (row.name, "s[t] = \(row.name)(p * x[t]); y[t] = s[t] * x[t] + s[t]")
      default: nil
      }
    }
  }

  private static let operations: [(name: String, body: String)] = [
    ("+ -", "y[t] = x[t] - p * x[t] + q - (x[t] + p)"), ("*", "y[t] = p * x[t] * q * x[t]"),
    ("· of a matrix", "param V: k × x; y[t] = U · (V · x[t])"),
    ("· of vectors", "param p: x; s[t] = x[t] · p + (U · x[t]) · x[t]; y[t] = s[t] * x[t]"),
    ("· of columns", "param V: k × x; y[t] = U · [x[t], V · x[t], 1]"),
    ("/", "y[t] = (U · x[t]) / (1 + x[t]^2)"), ("/ by a number", "y[t] = x[t] / (2 + sum(x[t]^2))"),
    ("^ whole", "y[t] = x[t]^3 + (U · x[t])^2"), ("^ not whole", "y[t] = (1 + x[t]^2)^0.7"),
    ("^ that varies", "y[t] = (1 + x[t]^2)^(p * x[t]) + e^(x[t] * q) + 2^x[t]"),
    ("joined", "y[t] = [x[t], p * x[t], sum(x[t])]"), ("split", "[u[t], y[t]] = U · x[t]; param U: 2·y × x"),
    ("a function in a function", "y[t] = σ(tanh(U · x[t]) * LN(x[t] * p)) * softmax(x[t])"),
  ]

  func testTheAdjointIsTheTransposedTangent() throws {
    for (name, body) in AdjointRowTests.operators + AdjointRowTests.operations {
      let recurrence = try LibraryRunner.recurrence(of: "cell A(x) -> y { \(body) }")
      try check(recurrence, name)
    }
  }

  private func check(_ recurrence: Recurrence, _ name: String) throws {
    var chance = Chance(5)
    let open = recurrence.shapes.openWidths
    let net = try Net(recurrence, widths: open.map { ($0, 3) }, type: .float64)
    for symbol in recurrence.parameters {
      net.setParameter(symbol, (0..<net.count(symbol)).map { _ in chance.uniform(0.2, 0.9) })
    }
    let (x, y) = (recurrence.inputs[0], recurrence.outputs[0])
    // Asymmetric, none near another, so that no maximum is near its kink.
    _ = try net.feed([x: [0.7, -0.4, 0.15]], steps: 1, batch: 1)
    let cotangent = (0..<net.count(y)).map { _ in chance.uniform(-1, 1) }
    let direction = (0..<3).map { _ in chance.uniform(-1, 1) }
    let gradients = try net.gradients([y: cotangent])
    let transposed = zip(gradients.inputs[0].values, direction).reduce(0) { $0 + $1.0 * $1.1 }
    let derivation = try Derivation(recurrence, of: y, shift: 0, cut: Cut(symbol: x, shift: 0))
    let jacobian = try derivation.value(at: 1, shapes: net.shapes) { symbol, time in
      let sides = net.sides(symbol)
      let isTimed = recurrence.inputs.contains(symbol) || recurrence.variables.contains(symbol)
      let values = isTimed ? (try? net.values(symbol, times: time...time)) ?? [] : net.parameter(symbol)
      return Algebra.Matrix(rows: sides.first ?? 1, columns: sides.count > 1 ? sides[1] : 1, values: values)
    }
    XCTAssertEqual(jacobian.columns, 3, name)
    var applied = 0.0
    for row in cotangent.indices {
      for column in 0..<3 { applied += cotangent[row] * jacobian.values[row * 3 + column] * direction[column] }
    }
    XCTAssertEqual(transposed, applied, accuracy: 1e-12 * max(1, abs(applied)), name)
    if !["sign", "step", "largest", "smallest"].contains(name) { XCTAssertNotEqual(applied, 0, name) }
  }
}
