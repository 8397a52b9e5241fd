import XCTest

@testable import Session

final class HelpTests: XCTestCase {
  /// Every example of the tables prints what its row says.
  func testExamples() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("carousel-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let before = FileManager.default.currentDirectoryPath
    _ = FileManager.default.changeCurrentDirectoryPath(folder.path)
    defer {
      _ = FileManager.default.changeCurrentDirectoryPath(before)
      try? FileManager.default.removeItem(at: folder)
    }
    for row in BuiltinTable.rows {
      XCTAssertEqual(Session().printed(row.example).joined(separator: "\n"), row.result, row.example)
    }
    for row in KeywordHelp.table where !row.example.isEmpty {
      XCTAssertEqual(Session().printed(row.example).joined(separator: "\n"), row.result, row.example)
    }
  }
}
