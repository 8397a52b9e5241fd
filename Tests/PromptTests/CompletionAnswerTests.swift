import Session
import XCTest

@testable import Prompt

final class CompletionAnswerTests: XCTestCase {
  private func answer(_ typed: String, start: Int, _ items: [String], showsAll: Bool = false) -> CompletionAnswer {
    let completions = Completions(start: start, items: items.map { Completion(replacement: $0, display: $0) })
    return CompletionAnswer(completions, typed: typed, point: typed.utf8.count, width: 20, showsAll: showsAll)
  }

  func testWhatTabDoes() {
    XCTAssertEqual(answer("a \\sig", start: 2, ["σ"]), CompletionAnswer(start: 2, replacement: "σ", listing: nil))
    XCTAssertEqual(answer("ne", start: 0, ["net.f", "net.g"]).replacement, "net.")
    XCTAssertNil(answer("ne", start: 0, ["net.f", "net.g"]).listing)
    XCTAssertNil(answer("net.", start: 0, ["net.f", "net.g"]).replacement)
    XCTAssertEqual(answer("net.", start: 0, ["net.f", "net.g"]).listing, "net.f  net.g\n")
    XCTAssertEqual(answer("ne", start: 0, ["net.f", "net.g"], showsAll: true).listing, "net.f  net.g\n")
    XCTAssertNil(answer("xyz", start: 3, []).replacement)
    // What was typed is never taken away while several could be meant.
    XCTAssertNil(answer("\\si", start: 0, ["σ", "sin"]).replacement)
    XCTAssertEqual(answer("\\si", start: 0, ["σ", "sin"]).listing, "σ    sin\n")
    // A combining mark belongs to its letter, but names that differ by it agree on the letter.
    XCTAssertEqual(answer("net.", start: 0, ["net.h̃", "net.h̃2"]).replacement, "net.h̃")
    XCTAssertEqual(answer("a", start: 99, ["b"]).start, 1)
  }

  func testTheListIsInColumns() {
    XCTAssertEqual(
      CompletionAnswer.table(["h̃", "hh", "a", "bbb", "c"], width: 14), "h̃    bbb\nhh   c\na\n")
    XCTAssertEqual(CompletionAnswer.table(["a very long name", "b"], width: 5), "a very long name\nb\n")
    XCTAssertTrue(CompletionAnswer.table((0..<250).map { "n\($0)" }, width: 80).hasSuffix("(50 more)\n"))
    XCTAssertEqual(CompletionAnswer.table([], width: 5), "")
  }
}
