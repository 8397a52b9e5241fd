import Foundation
import XCTest

@testable import Session

/// The reference page is what the tables say, and its sessions replay. `Scripts/write-reference` writes it.
final class ReferenceTests: XCTestCase {
  private let path = URL(fileURLWithPath: libraryFolder).deletingLastPathComponent()
    .appendingPathComponent("Documentation/reference.md").path

  func testPage() throws {
    if let target = ProcessInfo.processInfo.environment["CAROUSEL_WRITE_REFERENCE"] {
      try Session.referencePage().write(toFile: target, atomically: true, encoding: .utf8)
    }
    let written = try String(contentsOfFile: path, encoding: .utf8)
    XCTAssertEqual(written, Session.referencePage(), "Scripts/write-reference brings the page up to date")
  }

  /// Every name of the tables stands on the page.
  func testNames() {
    let page = Session.referencePage()
    for row in BuiltinTable.rows { XCTAssertTrue(page.contains(row.signature), row.name) }
  }

  func testSignaturesAreUnique() {
    let names = BuiltinTable.rows.flatMap(\.names)
    XCTAssertEqual(names.count, Set(names).count)
  }
}
