import Foundation
import XCTest

/// A short run of the fuzzer; a long one is `Scripts/fuzz 1000000`.
final class FuzzTests: XCTestCase {
  func testWrongInputAnswersErrorsWithPlaces() throws {
    let program = try XCTUnwrap(FuzzTests.program, "the program Fuzz is not beside the tests")
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let process = Process()
    let pipe = Pipe()
    process.executableURL = program
    process.arguments = [root.path, "1000", "2"]
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    XCTAssertEqual(process.terminationStatus, 0, output)
    XCTAssertTrue(output.contains("1000 inputs"), output)
  }

  private static let program: URL? = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let beside = Bundle.allBundles.map(\.bundlePath) + [own] + CommandLine.arguments
    return beside.map { URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("Fuzz") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }()
}
