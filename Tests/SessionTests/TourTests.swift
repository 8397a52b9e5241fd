import Foundation
import XCTest

@testable import Session

/// The tour's sessions print what the tour says.
final class TourTests: XCTestCase {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private static let tour = root.appendingPathComponent("Stdlib/tour")

  /// A session as one that was started in the project's folder, but what it writes goes elsewhere.
  private func inTemporaryFolder(_ body: () throws -> Void) throws {
    let manager = FileManager.default
    let folder = manager.temporaryDirectory.appendingPathComponent("carousel-tour-\(UUID().uuidString)")
    try manager.createDirectory(at: folder, withIntermediateDirectories: true)
    try manager.createSymbolicLink(
      at: folder.appendingPathComponent("Stdlib"), withDestinationURL: Self.root.appendingPathComponent("Stdlib"))
    let before = manager.currentDirectoryPath
    XCTAssertTrue(manager.changeCurrentDirectoryPath(folder.path))
    defer {
      _ = manager.changeCurrentDirectoryPath(before)
      try? manager.removeItem(at: folder)
    }
    try body()
  }

  private func newSession() -> Session {
    var options = Session.Options()
    options.libraryFolder = Self.root.appendingPathComponent("Stdlib").path
    return Session(options: options)
  }

  private func replay(_ chapter: String) throws {
    try inTemporaryFolder {
      try TranscriptFile.check(Self.tour.appendingPathComponent(chapter).path, make: newSession)
    }
  }

  /// The README opens with sessions, and they are as true as the tour's.
  func testReadme() throws {
    try inTemporaryFolder {
      try TranscriptFile.check(Self.root.appendingPathComponent("README.md").path, make: newSession)
    }
  }

  func testNumbers() throws { try replay("1-numbers.md") }
  func testFirstCell() throws { try replay("2-first-cell.md") }
  func testLookingInside() throws { try replay("3-looking-inside.md") }
  func testPapers() throws { try replay("4-papers.md") }
  func testCellsOfCells() throws { try replay("5-cells-of-cells.md") }
  func testDerivatives() throws { try replay("7-derivatives.md") }
  func testScripts() throws { try replay("6-scripts.md") }
}
