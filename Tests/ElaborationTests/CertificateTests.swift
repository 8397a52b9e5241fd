import Syntax
import XCTest

@testable import Algebra
@testable import Elaboration

/// Certificates at functions in pieces: what they check, and what they say they did not.
final class CertificateTests: XCTestCase {
  private static let twins = "u[t] = tanh(U · x[t]); v[t] = 1 * u[t]"

  private static let cases: [(body: String, question: String, isChecked: Bool)] = [
    ("h[t] = relu(W · [h[t-1], x[t]] + b)", "∂h[t]/∂h[t-3]", true),
    ("h[t] = W · [abs(h[t-1]), min(x[t], q)] + hardsigmoid(b * h[t-2])", "∂h[t]/∂h[t-2]", true),
    ("h[t] = max(W · x[t], p * h[t-1]) * max(h[t-2]) + elu(h[t-1] + q)", "∂h[t]/∂h[t-2]", true),
    // On a kink in every net: max takes u by convention, and a difference is half of each.
    ("\(twins); h[t] = max(u[t], v[t])", "D(h[t], v[t])", false),
    ("\(twins); h[t] = 1 * h[t-1] + max(v[t] - u[t])", "D(h[t], v[t])", false),
    ("\(twins); h[t] = abs(u[t-2] - v[t-2])", "∂h[t]/∂v[t-2]", false),
    // Of positive numbers only, and so steep that a step of a thousandth says nothing.
    ("h[t] = x[t]^0.5 * h[t-1] + log(x[t])", "∂h[t]/∂x[t]", true),
    ("h[t] = sin(200 * x[t-1]) + p * h[t-1]", "∂h[t]/∂x[t-1]", true),
    // Tied along the whole line, where the slopes are equal too.
    ("\(twins); h[t] = max(u[t], v[t])", "D(h[t], u[t])", true),
    // On a kink, but not on the way.
    ("\(twins); q[t] = max(u[t], v[t]); h[t] = tanh(v[t] + 0.5 * q[t-1])", "D(h[t], v[t])", true),
  ]

  func testNothingIsCheckedOnAKink() throws {
    for item in CertificateTests.cases {
      let recurrence = try LibraryRunner.recurrence(of: "cell A(x) -> h { \(item.body) }")
      let outcome = Parser.parse(Source(name: "test", text: item.question), mode: .file)
      guard case .expression(let expression)? = outcome.statements.first?.form,
        let asked = try DerivativeReader(recurrence).question(expression)
      else {
        XCTFail("not a question: \(item.question)")
        continue
      }
      let derivation = try Derivation(recurrence, of: asked.symbol, shift: asked.shift, cut: asked.cut)
      let certificate = try derivation.certificate(nets: 2)
      let name = "\(item.question) of \(item.body)"
      XCTAssertEqual(certificate.nets, item.isChecked ? 2 : 0, name)
      XCTAssertLessThan(certificate.worst, 1e-6, name)
      if !item.isChecked { XCTAssertTrue(certificate.text.hasPrefix("not checked"), certificate.text) }
    }
  }

  /// The table of kinks says where the slope, or the slope's slope, of every function of one number jumps.
  func testTheTableOfKinksIsWhole() {
    let step = 1e-4
    for row in OperatorTable.rows {
      guard case .unary(let function) = row.meaning else { continue }
      let kinks = (-16...16).map { Double($0) / 4 }.filter { point in
        /// The slope and the slope's slope on one side.
        func slopes(_ step: Double) -> [Double] {
          let values = [0, 1, 2].map { function(point + $0 * step) }
          return [(values[1] - values[0]) / step, (values[2] - 2 * values[1] + values[0]) / (step * step)]
        }
        let (left, right) = (slopes(-step), slopes(step))
        guard (left + right).allSatisfy(\.isFinite) else { return false }
        return zip(left, right).contains { abs($0 - $1) > 0.1 }
      }
      XCTAssertEqual(kinks, BranchSignature.kinks[row.name] ?? [], row.name)
    }
  }
}
