import Foundation
import XCTest

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Whether a text is XML that a strict parser takes.
enum WellFormed {
  struct Problem: Error { let message: String }

  static func check(_ text: String) throws {
    let parser = XMLParser(data: Data(text.utf8))
    guard parser.parse() else { throw Problem(message: "\(String(describing: parser.parserError))") }
  }
}
