/// The person who sits before the session, for lessons and `ask`: asked for a key or a line. The session never sees a
/// terminal; a front end implements this, and tests do.
public protocol Dialogue: AnyObject {
  /// Somebody looks and types. Otherwise lines come from a file or a pipe, and no key is waited for.
  var isInteractive: Bool { get }

  /// Waits for a key.
  func key() -> DialogueKey

  /// Waits for a line behind a sign: `? `.
  func line(sign: String) -> DialogueLine

  /// Shows a statement as if it had been typed at the prompt.
  func show(typed statement: String)
}

public enum DialogueKey: Sendable, Equatable {
  /// Return, blank, right.
  case next
  /// `b`, left.
  case back
  /// `q`, Ctrl-C, Ctrl-D.
  case leave
  case other(Character)
}

public enum DialogueLine: Sendable, Equatable {
  case text(String)
  /// Ctrl-C.
  case interrupted
  /// Ctrl-D, or nothing more comes.
  case end
}
