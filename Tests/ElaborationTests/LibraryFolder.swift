import Foundation

/// The library's folder, as it lies beside the tests.
enum LibraryFolder {
  struct Entry {
    var name: String
    var file: String
    var description: String
  }

  static let cells: URL = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Stdlib/cells")

  static func text(_ file: String) throws -> String {
    try String(contentsOf: cells.appendingPathComponent(file), encoding: .utf8)
  }

  static func files() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: cells.path).filter { $0.hasSuffix(".cell") }.sorted()
  }

  /// The lines of `index.txt`.
  static func index() throws -> [Entry] {
    try text("index.txt").split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true).map(String.init)
      return Entry(
        name: parts[0], file: parts[1], description: parts[2].trimmingCharacters(in: .whitespaces))
    }
  }

  /// The text of one cell: from its `cell` line to the brace that closes it at the start of a line.
  static func cell(_ name: String) throws -> String {
    guard let entry = try index().first(where: { $0.name == name }) else { throw CocoaError(.fileNoSuchFile) }
    var result: [Substring] = []
    for line in try text(entry.file).split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("cell \(name)(") || !result.isEmpty { result.append(line) }
      if line == "}", !result.isEmpty { break }
    }
    return result.joined(separator: "\n")
  }
}
