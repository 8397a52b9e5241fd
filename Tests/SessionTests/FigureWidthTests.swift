import Typography
import XCTest

@testable import Session

/// Nothing that is shown is wider than the terminal, however it is spelled.
final class FigureWidthTests: XCTestCase {
  private let setup = """
    use LSTM
    net = LSTM(x: 2, h: 5, seed: 3); y = feed(net, [0.3, 0; 0.9, -1; -0.7, 2; 0.2, 0.1; 1, 1; -1.2, 0.4]);
    d = ∂c[t]/∂c[t-2];
    """

  private let shown = [
    "draw(LSTM)", "draw(net, t: 3)", "draw(d)", "draw(stack(enc: GRU(8), out: linear(2)))", "gates(LSTM)", "gates(net)",
    "heatmap(net.f, net.c)", "difference(net, clamp(net, f: 1, at: 2..3))", "plot(σ, tanh, σ', over: -6..6)",
    "plot(net.c)", "plot([1, 100, 1e4], log: \"y\", title: \"σ, ∂ and Δ of a long title that has to be broken\")",
    "flow(LSTM, steps: 20, h: 6)", "flow(LSTM, GRU, RNN, steps: 10, h: 4)", "compare(LSTM, GRU)", "bounds(LSTM)", "d",
    "expand(∂c[t]/∂c[t-1], ∞)", "paths(d)", "product(∂c[t]/∂c[t-3])", "∂h[t]/∂W_f",
    "plan(LSTM, h: 64, x: 32)", "net.c",
  ]

  /// On 40 columns these are as wide as their longest piece: text in quotes, a derivative in ASCII, a verdict.
  private let wide = [
    "show(LSTM)", "backward(GRU)", "steps(∂c[t]/∂c[t-1])", "check ∂c[t]/∂c[t-1] = f[t]", "latex(d)",
  ]

  private func session(width: Int, isASCII: Bool) -> Session {
    var options = librarySession().options
    (options.width, options.isASCII) = (width, isASCII)
    return Session(options: options)
  }

  func testEveryFigureAtEveryWidth() {
    for width in [40, 80, 200] {
      for isASCII in [false, true] {
        let session = session(width: width, isASCII: isASCII)
        XCTAssertEqual(session.printed(setup), [])
        for text in width == 40 ? shown : shown + wide {
          let lines = session.printed(text)
          XCTAssertFalse(lines.isEmpty, text)
          for line in lines {
            XCTAssertLessThanOrEqual(line.displayWidth, width, "\(text), ascii: \(isASCII): \(line)")
            if isASCII { XCTAssertTrue(line.utf8.allSatisfy { $0 < 0x80 }, "\(text): \(line)") }
          }
        }
      }
    }
  }

  /// Marks stand under what is new, also where its letters take more room.
  func testMarksInASCII() {
    let lines = session(width: 80, isASCII: true).printed("steps(∂c[t]/∂c[t-1] in LSTM)")
    for (line, marks) in zip(lines, lines.dropFirst()) {
      guard marks.contains("^"), marks.allSatisfy({ "^ ".contains($0) }) else { continue }
      let start = marks.prefix { $0 == " " }.count
      let text = line.dropFirst(start).prefix(marks.count - start)
      XCTAssertEqual(text.count, marks.count - start, line)
      XCTAssertFalse(text.hasPrefix(" ") || text.hasSuffix(" "), line)
      // Whole words are marked.
      XCTAssertTrue(start == 0 || line.dropFirst(start - 1).hasPrefix(" "), line)
    }
    XCTAssertTrue(lines.contains { $0.contains("\\partial ") })
    XCTAssertTrue(lines.contains { $0.contains("^^^^") })
  }
}
