/// A line that is for the prompt and not for the language: `:save file`, `?LSTM`.
struct PromptCommand: Equatable {
  /// `:save`, or `?`.
  var name: String
  var argument: String

  /// Nil if a text is not such a line.
  init?(_ text: String) {
    let trimmed = text.drop { $0.isWhitespace }
    guard let first = trimmed.first, first == ":" || first == "?" else { return nil }
    let word = first == "?" ? trimmed.prefix(1) : trimmed.prefix { !$0.isWhitespace }
    name = String(word)
    argument = String(trimmed.dropFirst(word.count).drop { $0.isWhitespace })
    while argument.last?.isWhitespace ?? false { argument.removeLast() }
  }
}

extension PromptCommand {
  /// All of them, as they are listed when one is mistyped.
  static let table: [(name: String, usage: String, purpose: String)] = [
    ("?", "?name", "explains a name, an operator or a word of the language"),
    (":time", ":time expression", "says how long it takes"),
    (":edit", ":edit", "edits the last block in $VISUAL or $EDITOR, and runs it"),
    (":save", ":save file", "writes a transcript that runs and pastes back"),
    (":record", ":record file", "keeps the session from now on as .html, .md or .tex; :record stop ends it"),
    (":history", ":history [text]", "lists what was typed (and contains the text)"),
    (":reset", ":reset", "starts afresh, without any name"),
    (":quit", ":quit", "leaves; Ctrl-D does, too"),
  ]
}
