import Algebra
import Syntax
import XCTest

@testable import Elaboration

final class DerivationTests: XCTestCase {
  func lines(_ cell: Recurrence, _ y: String, _ x: String, xShift: Int = -1, levels: Int = 1, held: [String] = []) throws -> [String] {
    let store = cell.store
    let target = try XCTUnwrap(store.symbol(named: y))
    let by = try XCTUnwrap(store.symbol(named: x))
    let cut = Cut(symbol: by, shift: xShift, held: held.compactMap { store.symbol(named: $0).map { Held(symbol: $0, shift: -1) } })
    var derivation = try Derivation(cell, of: target, shift: 0, cut: cut)
    try derivation.expand(levels: levels - 1)
    var notation = TextNotation(store)
    var result = [notation.derivative(derivation.expression)]
    for (atom, expression) in derivation.definitionExpressions {
      result.append("where " + notation.text(store.insert(.atom(atom))) + " = " + notation.derivative(expression))
    }
    return result
  }

  func testTheQuizAndItsRelatives() throws {
    let lstm = try cell(CellTests.lstm)
    for l in 1...3 { print(try lines(lstm, "c", "c", levels: l)) }
    print(try lines(lstm, "c", "c", held: ["h"]))
    print(try lines(lstm, "h", "c", xShift: 0))
    for l in 1...4 { print(try lines(lstm, "c", "c", xShift: -2, levels: l)) }
    print(try lines(lstm, "h", "W_f", xShift: 0, levels: 3))
    let gru = try cell("""
      cell GRU(x) -> h {
        z[t] = σ(W_z · [h[t-1], x[t]])
        r[t] = σ(W_r · [h[t-1], x[t]])
        h̃[t] = tanh(W · [r[t] * h[t-1], x[t]])
        h[t] = (1 - z[t]) * h[t-1] + z[t] * h̃[t]
      }
      """)
    for l in 1...3 { print(try lines(gru, "h", "h", levels: l)) }
    let rnn = try cell("cell RNN(x) -> h { h[t] = tanh(W · [h[t-1], x[t]] + b) }")
    print(try lines(rnn, "h", "h"))
    print(try lines(rnn, "h", "h", xShift: -2, levels: 2))
    let cifg = try cell("cell C(x) -> h { f_t = σ(W_f · [h_{t-1}, x_t]); g_t = tanh(W_g · [h_{t-1}, x_t]); o_t = σ(W_o · [h_{t-1}, x_t]); c_t = f_t * c_{t-1} + (1 - f_t) * g_t; h_t = o_t * tanh(c_t) }")
    for l in 1...3 { print(try lines(cifg, "c", "c", levels: l)) }
    let soft = try cell("cell S(x) -> y { a[t] = softmax(W · h[t]); h[t] = LN(U · h[t-1] + V · x[t]); y[t] = a[t] * max(h[t], p * h[t-1]) / (1 + abs(h[t-1])) }")
    for l in 1...3 { print(try lines(soft, "y", "h", levels: l)) }
  }
}
