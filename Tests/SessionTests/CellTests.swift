import Foundation
import XCTest

@testable import Session

/// The folder of `Stdlib`, as it lies beside the tests.
let libraryFolder = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Stdlib")
  .path

func librarySession() -> Session {
  var options = Session.Options()
  options.libraryFolder = libraryFolder
  return Session(options: options)
}

final class CellTests: XCTestCase {
  func testFirstMinutes() {
    replay(
      """
      > cell Leaky(x) -> h {
      .   z[t] = σ(W_z · [h[t-1], x[t]] + b_z)      "how much of the old state stays"
      .   h[t] = z[t] * h[t-1] + (1 - z[t]) * x[t]  "a running mean of x"
      . }
      Leaky: input x, state and output h, as wide as x
        W_z: x × 2·x   b_z: x   in all 2·x² + x numbers
      > net = Leaky(x: 1)
      > net.W_z = 0; net.b_z = 0        # the gate is σ(0)
      > feed(net, [1; 1; 0; 0])
      [0.5; 0.75; 0.375; 0.1875]
      > net.z[3]
      [0.5]
      > held = clamp(net, z: 1, at: 3..4)
      > held.h[1..4]
      [0.5; 0.75; 0.75; 0.75]
      > feed(net, [1, 2; 3, 4])
      error: x is 1 wide, and this is 2 wide (2 steps of 2)
        1 | feed(net, [1, 2; 3, 4])
          |           ^^^^^^^^^^^^
      hint: four steps of width 1 are [1; 2; 3; 4]
      > net.t
      4
      > h[t]
      h[t] = z[t] * h[t-1] + (1 - z[t]) * x[t]
      """)
  }

  /// The net of the quiz's second session, evaluated independently.
  func testLSTM() {
    replay(
      """
      > net = LSTM(x: 1, h: 1, dtype: f64)
      > net.W_f = [0.5, 1]; net.W_i = [-0.3, 0.8]
      > net.W_g = [1.2, -0.5]; net.W_o = [0.7, 0.4]
      > feed(net, [1; -1; 2]);
      > net.f[3]
      [0.95203]
      > net.W_f[h]
      [[0.5]]
      > net.W_f[x] = 7; net.W_f
      [[0.5, 7]]
      > net.f[3, 1]
      0.95203
      > net.c[0]
      [0]
      > length(net.f)
      3
      > b = net.f; feed(net, 1); length(b)
      [-0.44716]
      3
      > rewind(net, 2); net.t
      2
      > net.f[3]
      error: the net has reached t = 2, so there is nothing at 3
        1 | net.f[3]
          | ^^^^^^^^
      """, in: librarySession())
  }

  func testPapers() {
    replay(
      #"""
      > cell GRU(x) -> h = latex """
      . $$z_{t} = \sigma (W_{z} \cdot [h_{t-1}, x_{t}])$$
      . $$r_{t} = \sigma (W_{r} \cdot [h_{t-1}, x_{t}])$$
      . $$\tilde{h}_{t} = \tanh (W \cdot [r_{t} * h_{t-1}, x_{t}])$$
      . $$h_{t} = (1 - z_{t}) * h_{t-1} + z_{t} * \tilde{h}_{t}$$
      . """
      note: this GRU hides the library's; forget GRU brings it back
      cell GRU(x) -> h {
        z[t] = σ(W_z · [h[t-1], x[t]])
        r[t] = σ(W_r · [h[t-1], x[t]])
        h̃[t] = tanh(W · [r[t] * h[t-1], x[t]])
        h[t] = (1 - z[t]) * h[t-1] + z[t] * h̃[t]
      }
        W_z, W_r, W: h × (h + x)   in all 3·h·(h + x) numbers
        decided: * is elementwise (3 times)
      > cell Gate(X) -> R = latex """
      . \mathbf{R}_t = \sigma(\mathbf{X}_t \mathbf{W}_{xr} + \mathbf{R}_{t-1} \mathbf{W}_{rr} + \mathbf{b}_r)
      . """
      cell Gate(X) -> R {
        R[t] = σ(W_xrᵀ · X[t] + W_rrᵀ · R[t-1] + b_r)
      }
        W_xr: X × R   W_rr: R × R   b_r: R   in all R·(R + X) + R numbers
        decided: row vectors: X_t W_xr is W_xrᵀ · X[t], R_{t-1} W_rr is W_rrᵀ · R[t-1]
      > cell W(x) -> c = latex """ \tilde{c}_t = \sigma_c(W_c x_t) """
      error: σ_c is not a function known here
        1 | cell W(x) -> c = latex """ \tilde{c}_t = \sigma_c(W_c x_t) """
          |                                          ^^^^^^^^
      hint: say what the paper means by it, e.g. fn σ_c(z) = tanh(z)
      """#, in: librarySession())
  }

  func testTypedWrong() {
    let session = Session()
    session.options.width = 90
    replay(
      """
      > cell N(x) -> h { h_t = tanh(W · x_t + U · h_t-1) }
      error: h_t-1 is h[t] minus 1
        1 | cell N(x) -> h { h_t = tanh(W · x_t + U · h_t-1) }
          |                                           ^^^^^
      hint: the earlier state is h[t-1] or h_{t-1}; for the difference write h_t - 1
      > cell N(x) -> h { z[t] = σ(W · x[t]); h[t] = z * h[t-1] + (1 - z[t]) * x[t] }
      error: z is a variable of N, so it needs its time
        1 | cell N(x) -> h { z[t] = σ(W · x[t]); h[t] = z * h[t-1] + (1 - z[t]) * x[t] }
          |                                             ^
      hint: z[t] or z[t-1]?
      > cell N(x) -> h { h[t] = tanh(U · r[t] * h[t-1]); r[t] = σ(W · x[t]) }
      error: U · r[t] * h[t-1] can be read in two ways
        1 | cell N(x) -> h { h[t] = tanh(U · r[t] * h[t-1]); r[t] = σ(W · x[t]) }
          |                              ^^^^^^^^^^^^^^^^^
      hint: U · (r[t] * h[t-1]) or (U · r[t]) * h[t-1]
      > t = 5
      error: t is time and cannot be assigned
        1 | t = 5
          | ^
      hint: use another name; a loop may use it: for t in 1..5 { … }
      """, in: session)
  }

  /// Every cell of the library is read, made a net of and fed.
  func testLibrary() {
    let session = librarySession()
    for name in session.interpreter.library.names {
      var call = "\(name)"
      session.interpreter.options = session.options
      guard let cell = try? session.interpreter.cell(named: name) else {
        XCTFail("\(name): \(session.printed(name))")
        continue
      }
      let widths = cell.recurrence.shapes.openWidths.map { "\($0): 2" }.joined(separator: ", ")
      call += "(\(widths), seed: 3)"
      let output = session.printed("shape(feed(\(call), uniform(0, 1, 5, 2)))")
      XCTAssertTrue(output.first?.hasPrefix("[5, ") ?? false, "\(name): \(output)")
    }
  }
}
