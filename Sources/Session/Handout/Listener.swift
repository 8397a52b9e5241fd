import Syntax

/// Hears what statements show, beside the lines that are printed: a handout is made of it.
protocol Listener: AnyObject {
  /// A value is shown. The interpreter knows the settings of its display.
  func shown(_ value: Value, _ interpreter: Interpreter)
  /// Something else is printed.
  func said(_ text: String)
  /// A question is put; what is printed for it is not heard.
  func asked(_ question: Question, _ interpreter: Interpreter)
}
