import XCTest

@testable import Session

/// Ctrl-C ends whatever runs, soon, and leaves what whole statements did.
final class InterruptTests: XCTestCase {
  func testInterrupts() {
    let endless = [
      "while true { }", "n = 0; while true { n = n + 1 }", "for i in 1..1e15 { }",
      "fn f() { while true { } }; f()", "A = uniform(0, 1, 1500, 1500); while true { A = A · A }",
      "cell O(x) -> h { h[t] = W · x[t]; init W = orthogonal }; O(x: 1500, h: 1500)", "sort(uniform(0, 1, 2^22))",
      "uniform(0, 1, 2^25)", "map(sqrt, 1..1e7)",
      "X = zeros(2^24); while true { X = sin(X) + X * 2 - X / 3 }", "X = zeros(2^12, 2^11); while true { Y = X < X }",
      "X = zeros(2^12, 2^11); while true { v = mean(X, over: 1) + max(X, 1) }",
      "X = zeros(2^24); while true { X = -X }", "X = zeros(2^24); while true { s = sum(X) + deviation(X) + max(X) }",
      "set threads 2; net = LSTM(x: 64, h: 256); X = zeros(100, 64, 64); while true { feed(net, X); }",
      "net = LSTM(x: 1, h: 32); feed(net, zeros(1e6, 1))", "inverse(uniform(0, 1, 2000, 2000))",
      "use LSTM; expand(∂c[t]/∂c[t-1000], ∞)", "use LSTM; paths(∂c[t]/∂c[t-1000])",
      "flow(LSTM, GRU, steps: 10000, h: 64)", "experiment(LSTM, GRU, RNN)",
      "use LSTM; product(∂c[t]/∂c[t-900])", "use LSTM; check ∂c[t]/∂c[t-500] = f[t]",
      "s = stack(GRU, GRU, GRU, GRU, GRU, GRU); S = stack(s, s, s, s, s, s); T = stack(S, S, S, S, S, S); B = backward(T)",
    ]
    for text in endless {
      let session = librarySession()
      _ = session.printed("kept = 5")
      let clock = ContinuousClock()
      let start = clock.now
      session.isInterrupted = { clock.now - start > .milliseconds(100) }
      XCTAssertEqual(session.printed(text).last, "interrupted", text)
      // Generous: the machine may be busy.
      XCTAssertLessThan(clock.now - start, .seconds(4), text)
      session.isInterrupted = { false }
      XCTAssertEqual(session.printed("kept"), ["5"])
    }
  }

  /// Between two questions whether to end, a backward pass of many layers does little of its work.
  func testBackwardAsksOften() {
    func processorTime() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
    let session = librarySession()
    _ = session.printed("s = stack(LSTM, LSTM, LSTM, LSTM, LSTM, LSTM); S = stack(s, s, s, s, s)")
    let start = processorTime()
    var (last, longest) = (start, 0.0)
    session.isInterrupted = {
      let now = processorTime()
      longest = max(longest, now - last)
      last = now
      return false
    }
    _ = session.printed("B = backward(S);")
    let whole = processorTime() - start
    XCTAssertLessThan(longest, 0.1 * whole, "of \(whole) seconds")
  }

  /// The unit is a simple statement: earlier turns of a loop stand, an assignment is made whole or not at all.
  func testWhatStands() {
    let session = librarySession()
    XCTAssertEqual(session.printed("n = 0; for i in 1..10 { n = n + 1; if i == 5 { error(\"five\") } }").count, 3)
    XCTAssertEqual(session.printed("n"), ["5"])
    _ = session.printed("a = [1, 2]; b = 7; (b, a[3]) = (1, 2)")
    XCTAssertEqual(session.printed("(a, b)"), ["([1, 2], 7)"])
    _ = session.printed("x = 1; y = nothere; x = 2")
    XCTAssertEqual(session.printed("x"), ["1"])
    _ = session.printed("net = LSTM(x: 1, h: 2); feed(net, [1; 2])")
    _ = session.printed("net.W_f = zeros(7, 7)")
    _ = session.printed("feed(net, [1, 2, 3; 4, 5, 6])")
    XCTAssertEqual(session.printed("net.t"), ["2"])
  }
}
