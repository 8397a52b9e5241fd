import CReadline
import Glibc
import Session

/// The person before the terminal, as lessons and `ask` see them; or, without a terminal, the lines of standard input.
public final class TerminalDialogue: Dialogue {
  public let isInteractive: Bool
  private let makeReader: () -> any LineReader
  private lazy var reader = makeReader()
  private let writer: LineWriter
  private let isColored: Bool

  /// Reads as the prompt does.
  init(reader: any LineReader, writer: LineWriter, isColored: Bool) {
    isInteractive = Terminal.isTerminal(STDIN_FILENO)
    makeReader = { reader }
    self.writer = writer
    self.isColored = isColored
  }

  /// For a script: line editing is set up when something is asked.
  public init(client: any PromptClient, writer: LineWriter, isColored: Bool) {
    let isInteractive = Terminal.isTerminal(STDIN_FILENO)
    self.isInteractive = isInteractive
    makeReader = { [weak client] in
      guard isInteractive, let shown = [STDOUT_FILENO, STDERR_FILENO].first(where: Terminal.isTerminal) else {
        return PlainReader()
      }
      let editor = LineEditor(output: shown, colored: isColored)
      editor.completions = { client?.completions(for: $0, at: $1) ?? Completions(start: $1, items: []) }
      return editor
    }
    self.writer = writer
    self.isColored = isColored
  }

  public func line(sign: String) -> DialogueLine {
    writer.flush()
    defer { Interrupts.clear() }
    switch reader.read(sign: sign, initial: "") {
    case .text(let text), .edit(let text): return .text(text)
    case .pasted(let before, let pasted, let after):
      // An answer is one line: what was pasted is read as if its lines were joined.
      let text = before + pasted.split(whereSeparator: \.isNewline).joined(separator: " ") + after
      writer.write(part: "\r\(sign)\(text)\n")
      return .text(text)
    case .interrupted: return .interrupted
    case .end: return .end
    }
  }

  public func key() -> DialogueKey { key(atMost: -1) ?? .leave }

  public func key(within milliseconds: Int) -> DialogueKey? { key(atMost: Int32(clamping: max(milliseconds, 0))) }

  /// For ever if `milliseconds` is below 0.
  private func key(atMost milliseconds: Int32) -> DialogueKey? {
    writer.flush()
    let shown = Terminal.isTerminal(STDOUT_FILENO) ? STDOUT_FILENO : STDERR_FILENO
    var bytes = [CChar](repeating: 0, count: 8)
    let count = Int(carousel_key_read(shown, &bytes, Int32(bytes.count), milliseconds))
    Interrupts.clear()
    if count == Int(carousel_key_none) { return nil }
    guard count > 0 else { return .leave }
    return Self.key(String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self))
  }

  public var screen: (rows: Int, columns: Int)? {
    isInteractive && writer.isImmediate ? (Terminal.rows(), Terminal.columns()) : nil
  }

  public func show(lines: [String], inPlaceOf count: Int?) {
    var text = count.map { $0 > 0 ? "\r\u{1B}[\($0)A" : "" } ?? "\u{1B}[2J\u{1B}[H"
    for line in lines { text += "\u{1B}[2K\(line)\n" }
    writer.write(part: text + "\u{1B}[J")
  }

  /// What the bytes of a key mean.
  static func key(_ bytes: String) -> DialogueKey {
    switch bytes {
    case "\n", "\r", " ", "\u{1B}[C", "\u{1B}OC", "\u{1B}[B", "\u{1B}OB", "\u{1B}[6": .next
    case "b", "B", "\u{1B}[D", "\u{1B}OD", "\u{1B}[A", "\u{1B}OA", "\u{1B}[5", "\u{7F}": .back
    case "q", "Q", "\u{4}", "\u{1B}": .leave
    default: .other(Character(bytes.prefix(1).lowercased()))
    }
  }

  public func show(typed statement: String) {
    let sign = isColored ? "\u{1B}[\(promptStyle)m\(statement.prefix(2))\u{1B}[0m" : "\(statement.prefix(2))"
    writer.write(line: sign + statement.dropFirst(2))
  }
}
