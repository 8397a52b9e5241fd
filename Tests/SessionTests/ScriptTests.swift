import Foundation
import XCTest

@testable import Session

final class ScriptTests: XCTestCase {
  private func script(_ text: String, arguments: [String] = []) -> [String] {
    let session = librarySession()
    session.options.echoesValues = false
    session.options.arguments = arguments
    return session.printed(text, name: "test.cell")
  }

  /// The fifth session: a net that runs over the sunspots, with the numbers of an independent evaluation.
  func testSunspots() {
    XCTAssertEqual(
      script(
        """
        #!/usr/bin/env carousel
        cell Leaky(x) -> h {
          z[t] = σ(W_z · [h[t-1], x[t]] + b_z)
          h[t] = z[t] * h[t-1] + (1 - z[t]) * x[t]
        }
        years = read(args[1])
        net = Leaky(x: 1, dtype: f64)
        net.W_z = 0
        feed(net, years.SUNACTIVITY)
        for t in 1955..1959 {
          print("{t}  {years.SUNACTIVITY[t - 1699]}  {net.h[t - 1699, 1]}")
        }
        """, arguments: [libraryFolder + "/data/sunspots-yearly.csv"]),
      [
        "1955  38  29.284", "1956  141.7  85.492", "1957  190.2  137.85", "1958  184.8  161.32",
        "1959  159  160.16",
      ])
  }

  /// In a script values are printed by print and show alone; tables print themselves.
  func testEcho() {
    XCTAssertEqual(
      script("1 + 1\nprint(2)\nshow([1, 2])\n\"prose\"\nfor i in 1..2 { i }\nmax = 3\nprint(max)"),
      ["2", "[1, 2]", "3"])
    XCTAssertEqual(script("table({a: [1, 2]})"), ["a", "1", "2"])
  }

  func testErrorsHaveFileAndLine() {
    XCTAssertEqual(
      script("x = 1\nfn f(a) = a + y\nf(2)"),
      [
        "test.cell:2:15: error: y is not known here", "  2 | fn f(a) = a + y", "    |               ^", "  3 | f(2)",
        "    | ---- where f was called",
      ])
  }

  private func withFiles(_ files: [String: String], _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("carousel-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
    try body(folder.path)
  }

  func testImport() throws {
    let files = [
      "a.cell": "import \"b.cell\"\nn = m + 1\nprint(\"a\")", "b.cell": "m = 41\n5\nprint(\"b\")",
      "one.cell": "import \"two.cell\"", "two.cell": "import \"one.cell\"", "broken.cell": "x = (1,\n",
      "self.cell": "import \"self.cell\"",
    ]
    try withFiles(files) { folder in
      let session = librarySession()
      XCTAssertEqual(session.printed("import \"\(folder)/a.cell\""), ["b", "a"])
      XCTAssertEqual(session.printed("n"), ["42"])
      XCTAssertEqual(session.printed("import \"\(folder)/b.cell\""), [])
      // A message is broken at the width of the terminal, wherever the folder's name lets it.
      func said(_ name: String) -> String {
        session.printed("import \"\(folder)/\(name)\"").map { $0.trimmingCharacters(in: .whitespaces) }
          .joined(separator: " ").replacingOccurrences(of: folder + "/", with: "")
      }
      let circle = "files import each other in a circle:"
      XCTAssertTrue(
        said("one.cell").hasPrefix("two.cell:1:8: error: \(circle) one.cell → two.cell → one.cell"), said("one.cell"))
      XCTAssertTrue(said("self.cell").hasPrefix("self.cell:1:8: error: \(circle) self.cell → self.cell"))
      XCTAssertTrue(said("broken.cell").contains("broken.cell:1:5: error"))
      XCTAssertEqual(session.printed("x"), ["error: x is not known here", "  1 | x", "    | ^"])
      XCTAssertTrue(said("none.cell").contains("there is no such file"))
    }
  }
}
