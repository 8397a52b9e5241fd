import Foundation

@testable import Syntax

/// A block of LaTeX as some paper writes it, with the cell and the decisions that are expected, written by hand.
///
/// The files of `LaTeXBlocks` have a head of `key: value` lines, then parts that begin with `--- latex`, `--- cell`,
/// `--- decided`, `--- skipped` or `--- error`.
struct LaTeXBlock {
  var name: String
  var head: [String: String] = [:]
  var parts: [String: String] = [:]

  /// What the language knows, as far as papers use it.
  static let operators: Set<String> = [
    "σ", "sigmoid", "tanh", "relu", "exp", "log", "max", "min", "abs", "sqrt", "softmax", "LN", "sin", "cos", "diag",
    "sum", "mean",
  ]

  var inputs: [String] { words(head["inputs"] ?? "x") }
  var outputs: [String] { words(head["outputs"] ?? "h") }
  var functions: Set<String> { Self.operators.union(words(head["functions"] ?? "")) }
  func lines(_ part: String) -> [String] {
    (parts[part] ?? "").split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }

  private func words(_ text: String) -> [String] { text.split { $0 == "," || $0 == " " }.map(String.init) }

  init(name: String, text: String) {
    self.name = name
    var part: String?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("--- ") {
        let next = String(line.dropFirst(4)).trimmingCharacters(in: .whitespaces)
        parts[next] = ""
        part = next
      } else if let part {
        parts[part, default: ""] += line + "\n"
      } else if let colon = line.firstIndex(of: ":") {
        let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        head[String(line[..<colon])] = value
      }
    }
  }

  static func all() throws -> [LaTeXBlock] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("LaTeXBlocks")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    return try files.filter { $0.pathExtension == "txt" }.sorted { $0.path < $1.path }.map { file in
      LaTeXBlock(
        name: file.deletingPathExtension().lastPathComponent, text: try String(contentsOf: file, encoding: .utf8))
    }
  }

  func read() -> Result<LaTeXOutcome, Diagnostic> {
    let text = parts["latex"] ?? ""
    let source = Source(name: name, text: text)
    return Result { () throws(Diagnostic) in
      try LaTeXReader.read(
        source, range: 0..<source.bytes.count, inputs: inputs, outputs: outputs, knownFunctions: functions)
    }
  }
}

extension CellItem {
  /// The item as a line of a cell's braces.
  var written: String {
    switch form {
    case .equation(let target, let body, let purpose):
      let words = purpose.map { "  \"\($0)\"" } ?? ""
      return "\(LaTeXPhrase.cell(target)) = \(LaTeXPhrase.cell(body))\(words)"
    case .initial(let target, let body): return "init \(LaTeXPhrase.cell(target)) = \(LaTeXPhrase.cell(body))"
    case .parameter(let name, let dimensions):
      return "param \(name.name): \(dimensions.map(LaTeXPhrase.cell).joined(separator: " × "))"
    default: return "?"
    }
  }
}
