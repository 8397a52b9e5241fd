import Session
import Syntax

/// Running entries, and showing what comes of it.
extension Prompt {
  enum Outcome: Equatable {
    case done, failed, interrupted
    /// The session is over, with an exit status.
    case left(Int32)
  }

  /// Runs what was typed; answers an exit status if the session is over.
  func run(typed text: String) -> Int32? {
    let entry = plain(text)
    if isBlank(entry) { return nil }
    remember(entry)
    if case .left(let status) = run(entry: entry) { return status }
    return nil
  }

  /// Runs an entry. In one that was pasted a line may go on with the one before.
  func run(entry: String, isPasted: Bool = false) -> Outcome {
    if let command = PromptCommand(entry) { return run(command, entry) }
    lastEntry = entry
    return run(recordedAs: entry) { $0.evaluate(entry, name: isPasted ? "pasted" : "prompt") }
  }

  /// Runs what the session answers; the transcript shows it as `recorded` (nil: not at all).
  func run(recordedAs recorded: String?, _ body: (any PromptClient) -> Response) -> Outcome {
    isRecording = recorded != nil
    defer { isRecording = false }
    if let recorded { transcript.begin(recorded) }
    client.options.width = Terminal.columns()
    client.options.color = settings.color
    let outcome = show(body(client))
    if isRecording, outcome == .failed || outcome == .interrupted { transcript.fail() }
    return outcome
  }

  private func show(_ response: Response) -> Outcome {
    switch response.status {
    case .done: return .done
    case .quit(let status): return .left(status)
    case .interrupted:
      // The terminal has shown ^C at the start of the line.
      writer.write(part: "\r")
      show("interrupted")
      Interrupts.clear()
      return .interrupted
    case .failed(let diagnostic):
      let renderer = DiagnosticRenderer(
        width: client.options.width, isColored: settings.color != .none, isASCII: client.options.isASCII)
      for line in renderer.lines(diagnostic) { show(line) }
    case .incomplete(let expecting): complain("this ends too early: expecting \(expecting)")
    }
    return .failed
  }

  /// Shows a line that the session printed; never one that reads as a prompt.
  func show(_ text: String) {
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let shown = PromptText.output(line)
      writer.write(line: shown)
      if isRecording { transcript.record(shown) }
    }
  }

  /// Shows an image, if the terminal does; the transcript keeps it as lines.
  func show(_ image: Session.Image) -> Bool {
    writer.flush()
    guard let escape = imageWay?.escape(image.pixels) else { return false }
    writer.write(line: escape)
    guard isRecording else { return true }
    for line in image.lines { transcript.record(line) }
    return true
  }

  /// Tells what failed in a command of the prompt's own.
  func complain(_ message: String, hint: String? = nil) {
    let renderer = DiagnosticRenderer(width: Terminal.columns(), isColored: settings.color != .none)
    for line in renderer.lines(Diagnostic(message, at: nil, hint: hint)) { show(line) }
  }

  func remember(_ entry: String) {
    guard history.append(entry) else { return }
    reader.remember(entry)
    entries.append(entry)
    if let complaint = history.complaint, !hasComplained {
      hasComplained = true
      show("note: \(complaint)")
    }
  }
}
