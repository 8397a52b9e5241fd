import Foundation
import XCTest

@testable import Prompt

final class HistoryFileTests: XCTestCase {
  func testEntriesComeBackAsTheyWere() throws {
    let folder = try TemporaryFolder()
    let entries = [
      "a = 1", "cell X {\n  b\n\n}", "#1700000000", "x = \"\\n \\\\\"", "latex \"\"\"\n\\sigma\n\\newline\n\"\"\"",
      "σ h̃",
      "tab\there", "\\", "n",
    ]
    let file = HistoryFile(path: folder.path + "/a/b/history")
    for entry in entries { XCTAssertTrue(file.append(entry)) }
    XCTAssertFalse(file.append("n"), "a repetition")
    XCTAssertNil(file.complaint)
    XCTAssertEqual(HistoryFile(path: folder.path + "/a/b/history").load(), entries)
    XCTAssertEqual(HistoryFile(path: folder.path + "/a/b/history").load(limit: 2), ["\\", "n"])
  }

  func testSeveralWriters() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/history"
    DispatchQueue.concurrentPerform(iterations: 4) { writer in
      let file = HistoryFile(path: path)
      for index in 0..<200 { file.append("writer \(writer)\nentry \(index)") }
    }
    let entries = HistoryFile(path: path).load()
    XCTAssertEqual(entries.count, 800)
    for writer in 0..<4 {
      XCTAssertEqual(
        entries.filter { $0.hasPrefix("writer \(writer)\n") }, (0..<200).map { "writer \(writer)\nentry \($0)" })
    }
  }

  func testARecordCutShortDoesNotSwallowTheNext() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/history"
    try "whole\ncut sho".write(toFile: path, atomically: true, encoding: .utf8)
    HistoryFile(path: path).append("next")
    XCTAssertEqual(HistoryFile(path: path).load(), ["whole", "cut sho", "next"])
  }

  func testALongFile() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/history"
    let lines = (0..<400_000).map { "entry number \($0)\n" }.joined()
    try lines.write(toFile: path, atomically: true, encoding: .utf8)
    let entries = HistoryFile(path: path).load()
    XCTAssertEqual(entries.count, 10_000)
    XCTAssertEqual(entries.first, "entry number 390000")
    XCTAssertEqual(entries.last, "entry number 399999")
  }

  func testPlacesThatCannotHoldIt() throws {
    let folder = try TemporaryFolder()
    XCTAssertEqual(HistoryFile(path: folder.path).load(), [], "a folder")
    let file = HistoryFile(path: folder.path)
    XCTAssertTrue(file.append("a"))
    XCTAssertEqual(file.complaint, "history is not kept: \(folder.path): Is a directory")
    let device = HistoryFile(path: "/dev/null")
    XCTAssertEqual(device.load(), [])
    XCTAssertTrue(device.append("a"))
    XCTAssertNil(device.complaint)
    let none = HistoryFile(path: nil)
    XCTAssertTrue(none.append("a"))
    XCTAssertNil(none.complaint)
  }

  func testWhereItLies() {
    let rows: [(variables: [String: String], path: String?)] = [
      (["CAROUSEL_HISTORY": "/x", "XDG_STATE_HOME": "/s", "HOME": "/h"], "/x"),
      (["CAROUSEL_HISTORY": "", "HOME": "/h"], nil),
      (["XDG_STATE_HOME": "/s", "HOME": "/h"], "/s/carousel/history"),
      (["XDG_STATE_HOME": "relative", "HOME": "/h"], "/h/.local/state/carousel/history"),
      (["HOME": "/h"], "/h/.local/state/carousel/history"),
      ([:], nil),
    ]
    for row in rows { XCTAssertEqual(HistoryFile.defaultPath { row.variables[$0] }, row.path, "\(row)") }
  }
}
