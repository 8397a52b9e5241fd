import Session
import XCTest

@testable import Prompt

final class ColorChoiceTests: XCTestCase {
  func testDecisions() {
    let rows: [(option: Bool?, variables: [String: String], terminal: Bool, depth: Session.ColorDepth)] = [
      (nil, ["TERM": "xterm"], true, .sixteen),
      (nil, ["TERM": "xterm"], false, .none),
      (nil, ["TERM": "xterm-256color"], true, .palette),
      (nil, ["TERM": "xterm-256color", "COLORTERM": "truecolor"], true, .full),
      (nil, ["TERM": "xterm-256color", "COLORTERM": "24bit"], true, .full),
      (nil, ["TERM": "xterm-256color", "COLORTERM": "yes"], true, .palette),
      (nil, ["TERM": "xterm-direct"], true, .full),
      (nil, ["TERM": "dumb", "COLORTERM": "truecolor"], true, .none),
      (nil, ["TERM": ""], true, .none),
      (nil, [:], true, .none),
      (nil, ["TERM": "xterm", "NO_COLOR": "1"], true, .none),
      (nil, ["TERM": "xterm", "NO_COLOR": ""], true, .sixteen),
      (nil, ["TERM": "xterm", "NO_COLOR": "1", "FORCE_COLOR": "1"], true, .none),
      (nil, ["TERM": "dumb", "FORCE_COLOR": "1"], false, .sixteen),
      (nil, ["TERM": "xterm-256color", "FORCE_COLOR": ""], false, .palette),
      (nil, ["TERM": "xterm", "FORCE_COLOR": "2"], false, .palette),
      (nil, ["FORCE_COLOR": "3"], false, .full),
      (nil, ["TERM": "xterm", "FORCE_COLOR": "0"], true, .none),
      (true, ["NO_COLOR": "1"], false, .sixteen),
      (true, ["TERM": "xterm-256color", "NO_COLOR": "1"], false, .palette),
      (false, ["TERM": "xterm", "FORCE_COLOR": "3"], true, .none),
    ]
    for row in rows {
      let choice = ColorChoice(option: row.option) { row.variables[$0] }
      XCTAssertEqual(choice.depth(isTerminal: row.terminal), row.depth, "\(row)")
    }
  }

  func testEscapesAreTakenOut() {
    XCTAssertEqual(withoutEscapes("\u{1B}[1;31merror:\u{1B}[0m σ \u{1B}[38;2;1;2;3m█\u{1B}[0m"), "error: σ █")
    XCTAssertEqual(withoutEscapes("plain"), "plain")
    XCTAssertEqual(withoutEscapes("cut \u{1B}["), "cut ")
  }
}
