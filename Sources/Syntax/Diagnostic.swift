/// What is told to the user about a text: where, what, and what to do.
///
/// Each phase has its own enum of errors with facts and places; it becomes a `Diagnostic` once, at the edge
/// (`Explained.diagnostic`), and one renderer makes the lines that are read.
public struct Diagnostic: Error, Sendable {
  public enum Severity: String, Sendable { case error, note }

  public var severity: Severity
  /// One line, in the words of the person who typed it, without a full stop.
  public var message: String
  public var place: Place?
  /// Further places to underline, each with a few words: both operands with their shapes, the first definition.
  public var marks: [(place: Place, label: String)]
  /// What to do about it.
  public var hint: String?

  public init(
    _ message: String, at place: Place?, hint: String? = nil, marks: [(place: Place, label: String)] = [],
    severity: Severity = .error
  ) {
    self.severity = severity
    self.message = message
    self.place = place
    self.marks = marks
    self.hint = hint
  }
}

/// An error of some phase that can say itself to a user.
public protocol Explained: Error {
  var diagnostic: Diagnostic { get }
}

extension Diagnostic: Explained {
  public var diagnostic: Diagnostic { self }
}
