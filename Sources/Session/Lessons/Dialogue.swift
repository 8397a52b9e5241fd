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

  /// The rows and columns of a screen on which lines can be replaced; nil where there is none.
  var screen: (rows: Int, columns: Int)? { get }

  /// Shows lines in place of the last so many; nil: of all that is on the screen.
  func show(lines: [String], inPlaceOf count: Int?)

  /// Waits for a key, but not longer; nil if none came.
  func key(within milliseconds: Int) -> DialogueKey?
}

/// Who has no screen, as tests of lessons.
extension Dialogue {
  public var screen: (rows: Int, columns: Int)? { nil }
  public func show(lines: [String], inPlaceOf count: Int?) {}
  public func key(within milliseconds: Int) -> DialogueKey? { key() }
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
