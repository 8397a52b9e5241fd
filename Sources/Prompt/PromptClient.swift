import Session
import Syntax

/// What the prompt and the script runner need of a session: text goes in, printed lines and a status come out.
///
/// The prompt never looks at values; tests drive it with a client of their own.
public protocol PromptClient: AnyObject {
  /// Where printed lines go.
  var output: (String) -> Void { get set }
  /// Polled while a statement runs.
  var isInterrupted: () -> Bool { get set }
  /// Told when a statement has dealt with an interrupt itself.
  var endInterrupt: () -> Void { get set }
  /// Shows a line in place of the one shown before; nil where there is no terminal.
  var status: ((String) -> Void)? { get set }
  var options: Session.Options { get set }
  /// Shows a figure as an image, and answers whether it did; nil where the terminal never does.
  var image: ((Session.Image) -> Bool)? { get set }
  /// Answers lessons and `ask`; nil if nobody does.
  var dialogue: (any Dialogue)? { get set }

  /// Reads and runs a text.
  func evaluate(_ text: String, name: String) -> Response

  /// Runs what is a command of the prompt, not of the language, and needs values: `?name`, `:time expression`.
  func command(_ line: String) -> Response

  /// What could stand at a UTF-8 offset.
  func completions(for line: String, at offset: Int) -> Completions

  /// What a text lacks to be whole statements; nil if it is whole, or wrong in a way that no further line mends.
  /// It runs nothing.
  func expectation(after text: String) -> String?

  /// The statements of a text, each with the comments before it, so that they can be run one by one.
  /// It runs nothing. A text with an error is one piece.
  func statements(of text: String) -> [String]

  /// Takes over from a session that is given up what is not its own: the recording of a handout.
  func goOn(from earlier: any PromptClient)
}
