import Glibc
import Session

/// The prompt: reads what a person types, hands it to a session, and shows what comes back.
///
/// It knows terminals and no values. A text that is not whole yet is gone on with; Ctrl-C drops it.
public final class Prompt {
  public struct Settings: Sendable {
    public var color: Session.ColorDepth = .none
    /// The line that greets; nil for none.
    public var greeting: String?
    /// Where the history is kept; nil if nowhere.
    public var historyPath: String?

    public init() {}
  }

  var client: any PromptClient
  let settings: Settings
  let writer: LineWriter
  let reader: any LineReader
  let history: HistoryFile
  var transcript = Transcript()
  /// The last block that was run, for `:edit`.
  var lastEntry = ""
  /// Entries of earlier sessions and this one, for `:history`.
  var entries: [String] = []
  /// Answers lessons and `ask`.
  private let dialogue: TerminalDialogue
  private let makeClient: () -> any PromptClient
  /// How this terminal shows images: found out when there is one to show.
  lazy var imageWay = TerminalImages.way()
  private var interruptsInARow = 0
  /// What is shown belongs to an entry of the transcript.
  var isRecording = false
  /// The history's complaint has been told.
  var hasComplained = false

  /// `client` is the session to go on with; `makeClient` makes the fresh one of `:reset`.
  public init(
    client: (any PromptClient)? = nil, makeClient: @escaping () -> any PromptClient, settings: Settings,
    writer: LineWriter
  ) {
    self.settings = settings
    self.writer = writer
    self.makeClient = makeClient
    self.client = client ?? makeClient()
    history = HistoryFile(path: settings.historyPath)
    // The line is shown where a person sees it; values may go elsewhere (`carousel | tee log`).
    let shown = [STDOUT_FILENO, STDERR_FILENO].first(where: Terminal.isTerminal)
    let editor = shown.map { LineEditor(output: $0, colored: settings.color != .none) }
    reader = editor ?? PlainReader()
    dialogue = TerminalDialogue(reader: reader, writer: writer, isColored: settings.color != .none)
    connect()
    if let editor { connect(editor) }
  }

  private func connect() {
    client.output = { [weak self] in self?.show($0) }
    client.isInterrupted = { Interrupts.isPending }
    client.endInterrupt = { Interrupts.clear() }
    client.status = writer.status
    client.dialogue = dialogue
    client.image = nil
    if writer.isImmediate, settings.color != .none {
      client.image = { [weak self] in self?.show($0) ?? false }
    }
    client.options.echoesValues = true
  }

  private func connect(_ editor: LineEditor) {
    editor.newline = { [weak self] text, point in
      guard let self, isIncomplete(text) else { return nil }
      return "\n" + indentation(text, point: point)
    }
    editor.completions = { [weak self] text, point in
      self?.client.completions(for: text, at: point) ?? Completions(start: point, items: [])
    }
    editor.history = { [weak self] in
      guard let self else { return [] }
      entries = history.load() + entries
      return entries
    }
  }

  /// A fresh session in place of this one.
  func reset() {
    let earlier = client
    client = makeClient()
    client.goOn(from: earlier)
    connect()
    transcript = Transcript()
  }

  // MARK: the loop

  /// Reads and runs until Ctrl-D or `:quit`; answers the exit status.
  public func run() -> Int32 {
    if let greeting = settings.greeting { writer.write(line: greeting) }
    var block = ""
    var initial = ""
    while true {
      writer.flush()
      let input = reader.read(sign: block.isEmpty ? "> " : ". ", initial: initial)
      initial = ""
      switch input {
      case .text(let line):
        interruptsInARow = 0
        // A reader without blocks of its own hands them over line by line.
        let text = block.isEmpty ? line : block + "\n" + line
        block = isIncomplete(text) ? text : ""
        if block.isEmpty, let status = run(typed: text) { return status }
      case .pasted(let before, let pasted, let after):
        interruptsInARow = 0
        block = ""
        let outcome = run(pasted: pasted, before: before, after: after)
        if let status = outcome.status { return status }
        initial = outcome.rest
      case .edit(let text): initial = edited(text)
      case .interrupted(let dropped):
        interrupted(dropped: block + dropped)
        block = ""
      case .end:
        writer.write(line: "")
        return 0
      }
    }
  }

  private func isIncomplete(_ text: String) -> Bool {
    lacksMore(plain(text))
  }

  /// Whether a further line could make an entry whole.
  func lacksMore(_ entry: String) -> Bool {
    if isBlank(entry) { return false }
    guard let command = PromptCommand(entry) else { return client.expectation(after: entry) != nil }
    return command.name == ":time" && !isBlank(command.argument) && client.expectation(after: command.argument) != nil
  }

  /// What was typed, without a prompt of ours that came along.
  func plain(_ text: String) -> String {
    let pasted = PromptText(text)
    return pasted.startsWithPrompt ? pasted.entries.texts.joined(separator: "\n") : text
  }

  private func interrupted(dropped: String) {
    interruptsInARow = isBlank(dropped) ? interruptsInARow + 1 : 0
    if interruptsInARow == 2 { writer.write(line: "Ctrl-D leaves, :quit too") }
  }
}

func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }

/// The indentation of the line that Enter opens: that of the line before, and two more after an opening bracket.
func indentation(_ text: String, point: Int) -> String {
  let before = text.utf8.prefix(point)
  let line = before.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).last ?? before
  let blanks = line.prefix { $0 == UInt8(ascii: " ") }.count
  let last = line.last { $0 != UInt8(ascii: " ") }
  let opens = last.map { [UInt8(ascii: "{"), UInt8(ascii: "("), UInt8(ascii: "[")].contains($0) } ?? false
  return String(repeating: " ", count: min(blanks, 60) + (opens ? 2 : 0))
}
