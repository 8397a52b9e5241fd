import Session

/// Pasted text, statement by statement, so that the screen reads as if it had been typed.
extension Prompt {
  struct PasteOutcome {
    /// The exit status, if the session is over.
    var status: Int32?
    /// What is not run yet: it waits in the line for the rest, or for Enter.
    var rest = ""
  }

  /// Runs what was pasted between what stood before and behind the cursor.
  ///
  /// In a transcript the entries are independent, as they were typed: a wrong one (many show an error on purpose) does
  /// not keep the next from being run. Other text is one piece: it ends at the first error.
  func run(pasted: String, before: String, after: String) -> PasteOutcome {
    // The cursor stands behind a prompt that was shown already.
    writer.write(part: "\r")
    let text = PromptText(pasted)
    guard text.isTranscript else { return run(pieces: before + pasted + after) }
    var (entries, lastIsClosed) = text.entries
    if let first = entries.first { entries[0] = before + first }
    let endsWithNewline = pasted.hasSuffix("\n")
    var rest = after
    if !lastIsClosed, !endsWithNewline, let last = entries.popLast() { rest = last + after }
    for (index, entry) in entries.enumerated() {
      if index == entries.count - 1, lacksMore(entry) { return PasteOutcome(rest: entry + "\n" + rest) }
      if isBlank(entry) { continue }
      switch run(shown: entry) {
      case .left(let status): return PasteOutcome(status: status)
      case .interrupted: return PasteOutcome()
      case .done, .failed: break
      }
    }
    return PasteOutcome(rest: rest)
  }

  /// Runs the statements of a text up to the first that fails; the last line waits if no newline ends it.
  func run(pieces text: String) -> PasteOutcome {
    var whole = text
    var rest = ""
    if !text.hasSuffix("\n") {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      rest = String(lines.last ?? "")
      whole = lines.dropLast().joined(separator: "\n")
    }
    var pieces = commandsApart(whole)
    if let last = pieces.last, lacksMore(last) {
      rest = last + "\n" + rest
      pieces.removeLast()
    }
    for (index, piece) in pieces.enumerated() where !isBlank(piece) {
      switch run(shown: piece) {
      case .done: continue
      case .left(let status): return PasteOutcome(status: status)
      case .failed, .interrupted: break
      }
      if index < pieces.count - 1 || !isBlank(rest) { show("note: what follows in the pasted text was not run") }
      return PasteOutcome()
    }
    return PasteOutcome(rest: rest)
  }

  /// The statements of a text, and lines that are commands of the prompt, in order.
  private func commandsApart(_ text: String) -> [String] {
    var pieces: [String] = []
    var lines: [Substring] = []
    func close() {
      let joined = lines.joined(separator: "\n")
      if !isBlank(joined) { pieces += client.statements(of: joined) }
      lines = []
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if PromptCommand(String(line)) != nil, !lacksMore(lines.joined(separator: "\n")) {
        close()
        pieces.append(String(line))
      } else {
        lines.append(line)
      }
    }
    close()
    return pieces
  }

  /// Shows an entry as if it had been typed, and runs it.
  func run(shown entry: String) -> Outcome {
    for line in PromptText.shown(entry) {
      let sign = settings.color == .none ? "\(line.prefix(2))" : "\u{1B}[\(promptStyle)m\(line.prefix(2))\u{1B}[0m"
      writer.write(line: sign + line.dropFirst(2))
    }
    remember(entry)
    return run(entry: entry, isPasted: true)
  }
}
