/// What was typed and printed in this session, to be saved as text that runs and can be pasted back.
struct Transcript {
  struct Entry {
    var text: String
    var output: [String] = []
    var omitted = 0
    var failed = false
  }

  private(set) var entries: [Entry] = []
  /// Lines kept of one entry's output: a loop that prints for hours must not fill the memory.
  static let mostLines = 2_000

  mutating func begin(_ text: String) { entries.append(Entry(text: text)) }

  mutating func record(_ line: String) {
    guard let last = entries.indices.last else { return }
    if entries[last].output.count < Self.mostLines {
      entries[last].output.append(withoutEscapes(line))
    } else {
      entries[last].omitted += 1
    }
  }

  mutating func fail() {
    guard let last = entries.indices.last else { return }
    entries[last].failed = true
  }

  /// The whole transcript. An entry that failed is kept as a comment, with its error below: it changed nothing, and
  /// run as a script it would end the rest.
  var text: String {
    var lines: [String] = []
    for entry in entries {
      lines += entry.failed ? commented(entry.text) : PromptText.shown(entry.text)
      lines += entry.output
      if entry.omitted > 0 { lines.append("(\(entry.omitted) more lines)") }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private func commented(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { "> # " + $0 }
  }
}
