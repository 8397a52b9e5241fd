import Foundation
import XCTest

@testable import Session

/// Transcripts that lie beside the tests, one a session: errors with their whole text, how values look, help.
/// After a change that is meant, `CAROUSEL_REWRITE=1 swift test --filter TranscriptTests` writes what is printed now.
final class TranscriptTests: XCTestCase {
  func testTranscripts() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Transcripts")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".txt") }
      .sorted()
    XCTAssertGreaterThan(files.count, 4)
    for file in files { try TranscriptFile.check(folder.appendingPathComponent(file).path, make: librarySession) }
  }
}
