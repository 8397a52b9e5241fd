import Algebra
import XCTest

@testable import Runtime

/// The update formulas: by numbers computed by hand from the papers, and by those that PyTorch 2.13 gives (Float64).
final class OptimizerTests: XCTestCase {
  /// θ = (1, −2), then gradients (0.5, −1), (0.25, 2), (−1, 0.125), with learning rate 0.1.
  private func run(_ change: (inout Optimizer) -> Void, _ method: Optimizer.Method) -> [Double] {
    var optimizer = Optimizer(method, rate: 0.1)
    change(&optimizer)
    let symbol = Store().add(Symbol(name: "W", kind: .parameter))
    var parameters = [symbol: [1.0, -2.0]]
    var memory = Optimizer.Memory()
    for gradient in [[0.5, -1], [0.25, 2], [-1, 0.125]] {
      optimizer.step(&parameters, [symbol: gradient], factor: 1, &memory)
    }
    XCTAssertEqual(memory.steps, 3)
    return parameters[symbol] ?? []
  }

  private func check(
    _ expected: [Double], _ method: Optimizer.Method, line: UInt = #line, _ change: (inout Optimizer) -> Void = { _ in }
  ) {
    let found = run(change, method)
    XCTAssertEqual(found.count, 2, line: line)
    for (a, b) in zip(found, expected) { XCTAssertEqual(a, b, accuracy: 1e-12, "\(method)", line: line) }
  }

  func testPlainSteps() {
    // 1 − 0.1 (0.5 + 0.25 − 1) and −2 − 0.1 (−1 + 2 + 0.125)
    check([1.025, -2.1125], .sgd)
  }

  func testMomentum() {
    // v: 0.5, 0.7, −0.37 and −1, 1.1, 1.115
    check([0.917, -2.1215], .sgd) { $0.momentum = 0.9 }
    // g + 0.9 v: 0.95, 0.88, −1.333 and −1.9, 2.99, 1.1285
    check([0.9503, -2.22185], .sgd) {
      $0.momentum = 0.9
      $0.isNesterov = true
    }
  }

  func testFirstStepOfAdamIsTheRate() {
    // m̂ = g and v̂ = g², so the first step is η g / (|g| + ε), whatever g.
    var optimizer = Optimizer(.adam, rate: 0.1)
    optimizer.epsilon = 0
    let symbol = Store().add(Symbol(name: "W", kind: .parameter))
    var parameters = [symbol: [1.0, 1.0]]
    var memory = Optimizer.Memory()
    optimizer.step(&parameters, [symbol: [1e-6, -300]], factor: 0.5, &memory)
    for (a, b) in zip(parameters[symbol] ?? [], [0.95, 1.05]) { XCTAssertEqual(a, b, accuracy: 1e-12) }
  }

  func testAsPyTorch() {
    check([0.759398, -1.798796], .sgd) {
      $0.momentum = 0.9
      $0.weightDecay = 0.3
    }
    check([0.4257266160713257, -1.9514738796461983], .rmsprop)
    check([0.5072964454204008, -1.893962672919034], .rmsprop) {
      $0.decay = 0.9
      $0.momentum = 0.5
    }
    check([0.8274177428854115, -1.9684337378859402], .adam)
    check([0.7945229427315352, -1.8948885367165484], .adam) {
      $0.beta1 = 0.8
      $0.beta2 = 0.99
      $0.weightDecay = 0.3
    }
    check([0.824713859842936, -1.962603025531469], .adamw)
    check([0.7491821469314531, -1.7986383853027075], .adamw) {
      $0.weightDecay = 0.3
      $0.epsilon = 1e-3
    }
  }

  func testClipping() {
    let store = Store()
    let (a, b) = (store.add(Symbol(name: "a", kind: .parameter)), store.add(Symbol(name: "b", kind: .parameter)))
    var gradients = [a: [3.0], b: [0.0, 4.0]]
    XCTAssertEqual(GradientClipping.norm(gradients), 5)
    GradientClipping.clip(&gradients, norm: 5, to: 10)
    XCTAssertEqual(gradients, [a: [3], b: [0, 4]])
    GradientClipping.clip(&gradients, norm: 5, to: 1)
    XCTAssertEqual(GradientClipping.norm(gradients), 1, accuracy: 1e-15)
    XCTAssertEqual(gradients[a]?[0] ?? 0, 0.6, accuracy: 1e-15)
  }

  func testSchedules() {
    func factors(_ schedule: RateSchedule, of total: Int) -> [Double] {
      (1...total).map { schedule.factor(step: $0, of: total) }
    }
    XCTAssertEqual(factors(RateSchedule(), of: 2), [1, 1])
    XCTAssertEqual(factors(RateSchedule(.stepped(every: 2, by: 0.5)), of: 5), [1, 1, 0.5, 0.5, 0.25])
    XCTAssertEqual(factors(RateSchedule(warmup: 4), of: 5), [0.25, 0.5, 0.75, 1, 1])
    let cosine = factors(RateSchedule(.cosine(to: 0.2), warmup: 2), of: 6)
    // s / S = 0, 1/4, 1/2, 3/4
    for (a, b) in zip(cosine, [0.5, 1, 1, 0.6 + 0.4 * 0.5.squareRoot(), 0.6, 0.6 - 0.4 * 0.5.squareRoot()]) {
      XCTAssertEqual(a, b, accuracy: 1e-15)
    }
  }
}
