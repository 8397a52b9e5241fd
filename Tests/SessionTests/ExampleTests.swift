import Foundation
import XCTest

@testable import Session

/// The scripts of `Stdlib/examples` print what they should, from whatever folder they are run.
final class ExampleTests: XCTestCase {
  private static let library = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Stdlib")

  private func run(_ script: String, _ arguments: [String] = []) throws -> [String] {
    var options = Session.Options()
    options.libraryFolder = Self.library.path
    options.echoesValues = false
    options.arguments = arguments
    let path = Self.library.appendingPathComponent("examples/\(script)").path
    return Session(options: options).printed(try String(contentsOfFile: path, encoding: .utf8), name: path)
  }

  /// Question 1.3 of the quiz: its line, its verdicts, and the conclusion by numbers.
  func testQuizDerivation() throws {
    let text = try run("quiz-derivation.cell").joined(separator: "\n")
    let parts = [
      """
      ∂c[t]/∂c[t-1] = f[t] + ∂f[t]/∂c[t-1] * c[t-1] + ∂i[t]/∂c[t-1] * g[t]
        + i[t] * ∂g[t]/∂c[t-1]
        every path, also through h[t-1]; holding h[t-1] it is f[t]
        agrees with finite differences on 3 random nets to 1e-9
      """,
      """
      ✓ right

         And what students answer who stop too soon

      ✗ only if h[t-1] is held: c[t-1] also reaches c[t] through h[t-1]
      """,
      """
      back         RNN      LSTM  through_f  keeper  keeper_through_f
         1     0.89584    2.1048     1.9831  2.7704            2.7606
         5   0.0037896     1.075     0.5389  2.8112            2.5402
        10   6.5404e-6   0.62805     0.1249  3.3201            2.2266
        20  7.0531e-13   0.19217  0.0071456  3.6634            1.7426
        40  2.3832e-25  0.022748  2.9563e-6  7.8689            1.0901

      After 40 steps the plain RNN has 2.7e-25 of the gradient that it has after one;
      the keeper has 2.8 of it, and 0.39 of its forget gates' own path.
      """,
    ]
    for part in parts { XCTAssertTrue(text.contains(part), part + "\nis not in\n" + text) }
  }

  func testSunspots() throws {
    let expected = """
      cell GRU(x) -> h {
        z[t] = σ(W_z · [h[t-1], x[t]])
        r[t] = σ(W_r · [h[t-1], x[t]])
        h̃[t] = tanh(W · [r[t] * h[t-1], x[t]])
        h[t] = (1 - z[t]) * h[t-1] + z[t] * h̃[t]
      }
        W_z, W_r, W: h × (h + x)   in all 3·h·(h + x) numbers
      fed 309 years, 1700 to 2008; states [309, 2]
      net of GRU, x: 1, h: 2, f64, seed 0, at t = 309
        W_z, W_r, W: 2 × 3   in all 18 numbers
      year  spots       z_1         z_2       r_1      h_1       h_2
      1952   31.5   0.28826     0.71174    0.6111  0.50415  -0.42297
      1953   13.9   0.14487     0.85513   0.70842  0.36073  -0.77082
      1954    4.4  0.095706     0.90429   0.75453  0.26003  -0.92017
      1955     38   0.35848     0.64152   0.57224  0.11619  -0.76207
      1956  141.7   0.98958    0.010422  0.093074   0.9706  -0.74396
      1957  190.2   0.99905  0.00095286  0.029958  0.99818   -0.7423
      1958  184.8   0.99876   0.0012446  0.034098  0.99767  -0.74013
      1959    159   0.99555   0.0044516  0.062678  0.99216  -0.73243
      1960  112.3   0.95679    0.043214   0.17527  0.94051  -0.66233
      1961   53.9   0.55117     0.44883   0.47435  0.69752  -0.45858
      1962   37.6   0.35394     0.64606   0.57466   0.4859  -0.49261
      """
    XCTAssertEqual(try run("sunspots.cell").joined(separator: "\n"), expected)
    // The file may be named.
    let file = Self.library.appendingPathComponent("data/sunspots-yearly.csv").path
    XCTAssertEqual(try run("sunspots.cell", [file]).joined(separator: "\n"), expected)
  }

  /// Each cell of the library is found by its name, shown, and what is shown can be typed in again.
  func testTheLibrarysCellsAreShownAsTheyCanBeTyped() throws {
    var options = Session.Options()
    options.libraryFolder = Self.library.path
    let index = try String(contentsOf: Self.library.appendingPathComponent("cells/index.txt"), encoding: .utf8)
    let names = index.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { $0.split(separator: " ").first }
    XCTAssertGreaterThan(names.count, 45)
    let session = Session(options: options)
    for name in names {
      let shown = session.printed("show(\(name))")
      XCTAssertTrue(shown[0].hasPrefix("cell \(name)(x) -> h {"), shown.joined(separator: "\n"))
      let end = try XCTUnwrap(shown.firstIndex(of: "}"))
      let typed = Session(options: options)
      let answer = typed.printed(shown[...end].joined(separator: "\n"))
      XCTAssertEqual(answer.first, "note: this \(name) hides the library's; forget \(name) brings it back")
      XCTAssertFalse(answer.contains { $0.hasPrefix("error") }, answer.joined(separator: "\n"))
      XCTAssertEqual(typed.printed("show(\(name))").joined(separator: "\n"), shown.joined(separator: "\n"))
    }
  }
}
