import XCTest

@testable import Figures
@testable import Session

extension Session {
  /// Runs statements; the last is an expression that answers a picture.
  func picture<Kind: Picture>(
    _ text: String, as kind: Kind.Type = Kind.self, file: StaticString = #filePath, line: UInt = #line
  ) throws -> Kind {
    output = { _ in }
    var lines = text.split(separator: "\n").map(String.init)
    lines.append("figure = " + (lines.popLast() ?? ""))
    for statement in lines {
      let response = evaluate(statement)
      guard case .done = response.status else {
        XCTFail("\(statement): \(response.status)", file: file, line: line)
        throw CancellationError()
      }
    }
    guard case .figure(.picture(let picture))? = interpreter.value(of: "figure"), let found = picture as? Kind
    else {
      XCTFail("\(text): another figure", file: file, line: line)
      throw CancellationError()
    }
    return found
  }
}
