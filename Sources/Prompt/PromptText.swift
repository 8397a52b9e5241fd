/// Text in which our own prompts may stand: what was copied from a session and comes back, pasted or as a script.
///
/// Lines that begin with `> ` start an entry, lines that begin with `. ` go on with it; all others are output. A text
/// without a line that begins with `> ` is no transcript, but input as it stands.
public struct PromptText {
  public let lines: [Substring]

  public init(_ text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  private enum Kind { case first, continuation, output }

  private static func kind(_ line: Substring) -> Kind {
    if line.hasPrefix("> ") || line == ">" { return .first }
    if line.hasPrefix(". ") || line == "." { return .continuation }
    return .output
  }

  public var isTranscript: Bool { lines.contains { Self.kind($0) == .first } }

  /// Whether the text's first line that is not blank is a prompt: such a file is a transcript that was saved.
  public var startsWithPrompt: Bool {
    lines.first { line in line.contains { !$0.isWhitespace } }.map { Self.kind($0) == .first } ?? false
  }

  /// The entries of a transcript, and whether output follows the last one.
  ///
  /// A first line without a prompt is an entry too: whoever selects with the mouse often starts behind the prompt.
  public var entries: (texts: [String], lastIsClosed: Bool) {
    var texts: [String] = []
    var isClosed = false
    for (index, line) in lines.enumerated() {
      switch Self.kind(line) {
      case .first:
        texts.append(String(line.dropFirst(2)))
        isClosed = false
      case .continuation where !texts.isEmpty:
        texts[texts.count - 1] += "\n" + line.dropFirst(2)
        isClosed = false
      case .output where index == 0 && Self.couldBeEntry(line):
        texts.append(String(line))
        isClosed = false
      default:
        isClosed = true
      }
    }
    return (texts, isClosed)
  }

  private static func couldBeEntry(_ line: Substring) -> Bool {
    let isOutput = ["error:", "hint:", "note:", "$ ", " "].contains { line.hasPrefix($0) }
    return !isOutput && !line.isEmpty
  }

  /// The transcript as a script: prompts are blanks and output lines empty, so that places stay what they were.
  public var script: String {
    lines.map { Self.kind($0) == .output ? "" : "  " + $0.dropFirst(2) }.joined(separator: "\n")
  }

  /// The lines of an entry behind their prompts, as they are shown.
  public static func shown(_ entry: String) -> [String] {
    entry.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { index, line in
      (index == 0 ? "> " : ". ") + line
    }
  }

  /// A printed line, moved by a blank if it would read as a prompt.
  public static func output(_ line: Substring) -> String {
    kind(line) == .output ? String(line) : " " + line
  }
}
