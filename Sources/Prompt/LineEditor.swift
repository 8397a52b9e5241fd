import CReadline
import Glibc
import Session

/// Lines and blocks edited with GNU readline; the terminal's side is in CReadline.
final class LineEditor: LineReader {
  /// What Enter inserts before the cursor's rest; nil if the text is to be run.
  var newline: (_ text: String, _ point: Int) -> String? = { _, _ in nil }
  var completions: (_ text: String, _ point: Int) -> Completions = { Completions(start: $1, items: []) }
  /// The history, asked for once, when the first prompt is shown already.
  var history: () -> [String] = { [] }

  private let colored: Bool

  /// `output` is the stream that shows the line.
  init(output: Int32, colored: Bool) {
    self.colored = colored
    var callbacks = carousel_line_callbacks()
    callbacks.context = Unmanaged.passUnretained(self).toOpaque()
    callbacks.newline = { context, text, point in
      guard let editor = LineEditor.from(context), let text else { return nil }
      return editor.newline(String(cString: text), Int(point)).flatMap { strdup($0) }
    }
    callbacks.complete = { context, text, point, repeated, start, listing in
      guard let editor = LineEditor.from(context), let text, let start, let listing else { return nil }
      let answer = editor.complete(String(cString: text), at: Int(point), showsAll: repeated != 0)
      start.pointee = Int32(clamping: answer.start)
      if let shown = answer.listing { listing.pointee = strdup(shown) }
      return answer.replacement.flatMap { strdup($0) }
    }
    carousel_line_open("carousel", output, callbacks)
    carousel_line_on_first_wait { context in
      guard let editor = LineEditor.from(context) else { return }
      for entry in editor.history() { editor.remember(entry) }
    }
  }

  private static func from(_ context: UnsafeMutableRawPointer?) -> LineEditor? {
    context.map { Unmanaged<LineEditor>.fromOpaque($0).takeUnretainedValue() }
  }

  func read(sign: String, initial: String) -> PromptInput {
    let result = carousel_line_read(prompt(sign), initial)
    defer { carousel_line_result_free(result) }
    let text = result.text.map { String(cString: $0) } ?? ""
    switch result.kind {
    case carousel_line_text: return .text(text)
    case carousel_line_pasted:
      return .pasted(
        before: text, result.pasted.map { String(cString: $0) } ?? "",
        after: result.rest.map { String(cString: $0) } ?? "")
    case carousel_line_edit: return .edit(text)
    case carousel_line_interrupted: return .interrupted(dropped: text)
    default: return .end
    }
  }

  /// Readline must know which part of a prompt takes no columns.
  private func prompt(_ text: String) -> String {
    colored ? "\u{1}\u{1B}[\(promptStyle)m\u{2}\(text)\u{1}\u{1B}[0m\u{2}" : text
  }

  func remember(_ entry: String) { carousel_history_add(entry) }

  private func complete(_ text: String, at point: Int, showsAll: Bool) -> CompletionAnswer {
    let before = text.utf8.prefix(point)
    if (before.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).last ?? before)
      .allSatisfy({ $0 == UInt8(ascii: " ") })
    {
      return CompletionAnswer(start: point, replacement: "  ", listing: nil)
    }
    return CompletionAnswer(
      completions(text, point), typed: text, point: point, width: Terminal.columns(), showsAll: showsAll)
  }
}
