import Foundation
import XCTest

@testable import Session

/// What files become as values, and values as files.
final class FileValueTests: XCTestCase {
  private var folder = ""

  override func setUpWithError() throws {
    folder = NSTemporaryDirectory() + "values-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  override func tearDown() { try? FileManager.default.removeItem(atPath: folder) }

  func testValuesComeBack() {
    let session = Session()
    let cases: [(written: String, name: String, read: String)] = [
      ("[1, 2.5; -3, 4e20]", "a.csv", "[1, 2.5; -3, 4e20]"), ("[1, 2.5; -3, 4]", "a.dat", "[1, 2.5; -3, 4]"),
      ("[1, 2, 3]", "b.csv", "[1, 2, 3]"), ("[1, 2; 3, 4]", "c.npy", "[1, 2; 3, 4]"), ("2.5", "d.npy", "2.5"),
      ("{a: [1, 2], s: 0.5}", "e.npz", "{a: [1, 2], s: 0.5}"), ("\"σ\\n\"", "f.txt", "\"σ\\n\""),
    ]
    for (written, name, read) in cases {
      let path = folder + "/" + name
      XCTAssertEqual(session.printed("write(\"\(path)\", \(written)); read(\"\(path)\")"), [read], name)
    }
  }

  func testColumnsByTheirNames() throws {
    let path = folder + "/t.csv"
    try "Sun spots (mean),city\n1.5,Bern\n,Ulm\n".write(toFile: path, atomically: true, encoding: .utf8)
    let session = Session()
    XCTAssertEqual(
      session.printed("s = read(\"\(path)\")"),
      ["note: \(path): Sun spots (mean) has 1 cell without a number, read as NaN (first in line 3)"])
    XCTAssertEqual(session.printed("s.Sun_spots_mean[1]"), ["1.5"])
    XCTAssertEqual(session.printed("s.city[2]"), ["\"Ulm\""])
  }

  /// An error of a file is one of the statement: with its place, and nothing is assigned.
  func testErrorsOfFiles() throws {
    let path = folder + "/ragged.csv"
    try "a,b\n1,2\n3\n".write(toFile: path, atomically: true, encoding: .utf8)
    let session = Session()
    session.options.width = 1000
    let lines = session.printed("s = read(\"\(path)\")")
    XCTAssertEqual(lines.first, "error: \(path): line 3 has 1 cell, the lines before have 2")
    XCTAssertEqual(
      lines.last, "hint: a cell that holds the separator or a newline is written in quotes: \"a, b\"")
    XCTAssertEqual(session.printed("s").first, "error: s is not known here")
  }
}
